// Package bot tells stories to channels, each once.
//
// [Courier.Deliver] makes one pass. Every revision of a story that is not told yet is owed to the
// channels whose subscriptions see it; then what is owed is claimed, rendered and posted, one post
// of a channel at a time and in order. What becomes of each revision in each channel is one
// [State], kept by whoever implements [Newsroom] and [Outbox]. A refused post is a row with a next
// time to try; only the store failing is an error.
package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/story"
)

// Channel is a place in a platform, "slack:C0123" or "console:".
type Channel string

// Platform is the part of the channel's name that says where it is: "slack", "console".
func (c Channel) Platform() string {
	platform, _, _ := strings.Cut(string(c), ":")
	return platform
}

// Subscription says that a channel follows a watch, and how loudly.
type Subscription struct {
	Channel       Channel
	Watch         string // ID
	MinPublishers int    // below this many, a revision is not told
	MinSeverity   story.Severity
	GroupWait     time.Duration // how long a first alert waits for more publishers
	Policy        string        // "instant" or "digest"
	Digest        string        // cron: when a digest is sent
	Quiet         string        // hours of silence, "22:00-07:00"
	Zone          string        // IANA name for Digest and Quiet; if empty, UTC
	Since         time.Time     // revisions made before it are not owed
	MutedUntil    time.Time     // nothing is told before it
}

// Settings is the [bot] section of the config.
type Settings struct {
	Fold      int    // more alerts than this waiting for one channel go as one message; 0: never
	Ops       string // channel that hears when the program itself is in trouble
	Heartbeat string // cron: when to say on a quiet day that we are watching
	SecretKey string // encrypts what must be kept secret in the store
}

// DefaultSettings are the settings of a config that says nothing.
func DefaultSettings() Settings { return Settings{Fold: 5} }

// Kind says what a post is for.
type Kind string

const (
	KindAlert      Kind = "alert"      // the channel hears of a story for the first time
	KindUpdate     Kind = "update"     // a story that the channel has been told of has news
	KindEscalation Kind = "escalation" // such a story has become more severe
	KindDigest     Kind = "digest"     // many stories in one post
	KindNotice     Kind = "notice"     // about the bot itself
	KindReply      Kind = "reply"      // the answer to a command
)

// State is what became of a story's revision in a channel.
type State string

const (
	StatePending   State = "pending"   // owed, waiting for its time
	StatePosting   State = "posting"   // on its way
	StateSent      State = "sent"      // the platform took it
	StateUncertain State = "uncertain" // on its way when we died, or its answer was lost
	StateHeld      State = "held"      // waiting for quiet hours or a digest
	StateDead      State = "dead"      // cannot be told; the reason is kept
	StateMuted     State = "muted"     // the channel asked for silence
	StateBelow     State = "below"     // not loud enough for the channel's policy
	StateBurst     State = "burst"     // told as one line of a message about many
)

// States lists every state in the order of the ledger.
var States = [...]State{
	StatePending, StatePosting, StateSent, StateUncertain, StateHeld, StateDead, StateMuted,
	StateBelow, StateBurst,
}

// Pair is one revision of a story as a delivery tells it.
type Pair struct {
	Story    story.Story // as it stands now
	Revision int
	Watches  []string // IDs of the channel's watches that it answers
	State    State    // only when it is told otherwise than the delivery: burst, or dead
}

// Delivery is one post owed to a channel. What is to be told stands in Pairs, or, for a notice, in
// Notice.
type Delivery struct {
	ID       string // at most 25 characters: platforms use it to refuse a second copy
	Channel  Channel
	Kind     Kind
	State    State
	Pairs    []Pair
	Notice   *Notice
	Due      time.Time // not before
	Attempts int       // posts tried so far, this one included
	Repeat   bool      // it may have been posted before: we died before the answer came
	Tried    time.Time // when it was first on its way; zero: not yet
	Held     bool      // it waited for quiet hours to end or for its digest
	Prior    Receipt   // of the channel's alert about this story alone, not of a digest
	Root     Receipt   // of the post that told the channel of this story first, digest or not
	News     bool      // the story's words are others than the channel was told
	Receipt  Receipt
	Why      string // of the state, for people
	Gone     bool   // the channel does not exist any more

	Waiting []Delivery // other alerts that are due for this channel, in order; set by Claim
	Absorbs []string   // IDs of the deliveries that this one tells as well; read by Settle

	Claimed time.Time // the store's clock at the claim
	Lease   time.Time // when the channel's lease ends
	Epoch   int64     // of the lease; Settle refuses an outdated one
}

// Notice is what the bot says of itself to a channel.
type Notice struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

// Receipt names a post at its platform.
type Receipt struct {
	ID string
}

// Platform posts messages somewhere and hears people there. Post returns a *[RetryError] to be asked
// again later, [ErrGone] when the channel is no more or we are not in it, [ErrUncertain] when the
// answer was lost; any other error means that this message can never be posted.
type Platform interface {
	Name() string
	Post(ctx context.Context, c Channel, m Message) (Receipt, error)

	// Serve hands calls to h until ctx ends. It returns early only when the platform refuses our
	// token, with an error that says what to do.
	Serve(ctx context.Context, h Handler) error
}

// Editor is a [Platform] that can change a post in place. An edit never notifies anybody.
type Editor interface {
	Edit(ctx context.Context, c Channel, r Receipt, m Message) error
}

// Finder is a [Platform] that can tell whether a delivery was really posted.
//
// Errors are those of Post. A Finder that cannot look in this channel after all, for want of a
// permission say, returns [errors.ErrUnsupported]: the delivery is posted again, marked as a
// repeat.
type Finder interface {
	Find(ctx context.Context, c Channel, d Delivery) (Receipt, bool, error)
}

// Newsroom knows the stories and who follows them.
type Newsroom interface {
	// Untold returns up to n stories whose latest revision is not owed to anybody yet, the
	// oldest revision first.
	Untold(ctx context.Context, n int) ([]story.Story, error)

	// Followers returns the subscriptions to any of the watches, without those that are paused.
	Followers(ctx context.Context, watchIDs []string) ([]Subscription, error)

	// Owe records that the story's revision is owed as the deliveries say and marks it told, in
	// one transaction. Where a post about the story still waits for the channel, the revision
	// becomes part of it; where the channel has been told of the story, the delivery is an
	// update, or an escalation if the story is more severe than it was told. A channel that has
	// muted the story is owed nothing.
	Owe(ctx context.Context, s story.Story, owed []Delivery) error
}

// Outbox is the queue of what is owed.
type Outbox interface {
	// Claim leases up to n channels that have something due and returns the next delivery of
	// each, already marked posting. One that was posting when its lease ended comes back first,
	// as uncertain; updates, which notify nobody, come last.
	Claim(ctx context.Context, n int) ([]Delivery, error)

	// Settle writes what became of a delivery and, unless it is still posting, ends its
	// channel's lease. Nothing else is posted to the channel before Due; an update that must
	// wait holds back only itself.
	Settle(ctx context.Context, d Delivery) error
}

// Pace is how fast a bot may do one thing at its platform, wherever there it does it.
type Pace struct {
	Name  string        // "slack:T0123 post"
	Every time.Duration // from one to the next
	Burst int           // how many may follow at once after a rest; at least one
}

// Pacer is a [Platform] that must not be asked too often.
type Pacer interface {
	// Pace is that of posts, or of edits, in the channel and those that share its limit.
	Pace(c Channel, edit bool) Pace

	// Rest is how long a channel is left alone after a post.
	Rest(c Channel) time.Duration
}

// Limiter hands out turns. It is shared by all processes and outlives them.
type Limiter interface {
	// Turn returns how long it is until the next turn, and takes it if that is within patience.
	Turn(ctx context.Context, p Pace, patience time.Duration) (time.Duration, error)

	// Hold says that the platform asked for peace: there is no turn during the pause, and for a
	// long time after it they come more slowly.
	Hold(ctx context.Context, p Pace, pause time.Duration) error
}

// RetryError asks to try again, not before After has passed. Without an After the courier waits
// longer with each attempt.
type RetryError struct {
	After time.Duration
	Err   error
}

func (e *RetryError) Error() string {
	return fmt.Sprintf("%v (again in %v)", e.Err, e.After)
}

func (e *RetryError) Unwrap() error { return e.Err }

var (
	// ErrGone says that a channel does not exist any more or that we were put out of it.
	ErrGone = errors.New("the channel is gone")

	// ErrUncertain says that a post may or may not have arrived.
	ErrUncertain = errors.New("the answer was lost")

	// ErrLimited, in a *[RetryError], says that the platform wants fewer posts: what has the same
	// [Pace] must wait as well, whatever its channel.
	ErrLimited = errors.New("the platform asks us to wait")
)
