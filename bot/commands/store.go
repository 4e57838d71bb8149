package commands

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// What the memory tells; package answer writes it for people.
type (
	Watch     = answer.Watch
	Following = answer.Following
	Trace     = answer.Trace
	Verdict   = answer.Verdict
	Telling   = answer.Telling
	Standing  = answer.Standing
	Done      = answer.Done
)

// Rulebook is what there is to follow.
type Rulebook interface {
	// Watches returns the watches that an owner may follow, its own and the config's, by name.
	Watches(ctx context.Context, owner string) ([]Watch, error)

	// Followed returns what a channel follows, by name.
	Followed(ctx context.Context, c bot.Channel) ([]Following, error)

	// Aliases returns the spellings that an owner's rules go by: its own and the config's.
	Aliases(ctx context.Context, owner string) ([]rules.Alias, error)
}

// Feedbook is the feeds that are read.
type Feedbook interface {
	// Feeds returns every feed that is not retired, with its state.
	Feeds(ctx context.Context) ([]feeds.Feed, error)
}

// Change is what a command asks to be changed, all of it or nothing.
type Change struct {
	Call   bot.Call // who, where and in which words: for the audit log
	Edits  []Edit
	Before string // what it was, for the audit log; empty if it was not there
	After  string // what it is now; empty if it is no more
}

// Edit is one part of a [Change]: one of the types below.
type Edit interface{ edit() }

type (
	// SetWatch adds a watch or gives it another rule. Expect is the version that the caller has
	// seen, 0 if there was none: if it is another one by now, nothing changes ([ErrChanged]).
	SetWatch struct {
		Watch  rules.Watch
		Expect int64
	}

	// EndWatch retires a watch and whatever follows it.
	EndWatch struct {
		ID     string
		Expect int64
	}

	// Follow makes a channel follow a watch from now on, unless it does already. It begins paused
	// with the reason given, if any.
	Follow struct {
		Channel bot.Channel
		Watch   string // ID
		Paused  string
	}

	// Unfollow ends that.
	Unfollow struct {
		Channel bot.Channel
		Watch   string // ID
	}

	// Prefer sets how a channel hears of a watch, over what the config says.
	Prefer struct {
		Channel bot.Channel
		Watch   string // ID; empty: of every watch that the channel follows, now and later
		Set     Preference
	}

	// MuteStory ends what a channel hears of a story.
	MuteStory struct {
		Channel bot.Channel
		Story   story.ID
	}

	// Judge notes that a story is not what a channel's watches were meant for. It mutes it too.
	Judge struct {
		Channel bot.Channel
		Story   story.ID
	}

	// AddFeed begins to read a feed; RemoveFeed ends that. A feed of the config stays
	// ([ErrFromConfig]).
	AddFeed    struct{ Source feeds.Source }
	RemoveFeed struct{ URL string }

	// AddAlias gives a name more spellings, for the rules of its owner; RemoveAlias takes back the
	// alias that holds this spelling. One of the config stays ([ErrFromConfig]).
	AddAlias    struct{ Alias rules.Alias }
	RemoveAlias struct{ Owner, Name string }
)

func (SetWatch) edit()    {}
func (EndWatch) edit()    {}
func (Follow) edit()      {}
func (Unfollow) edit()    {}
func (Prefer) edit()      {}
func (MuteStory) edit()   {}
func (Judge) edit()       {}
func (AddFeed) edit()     {}
func (RemoveFeed) edit()  {}
func (AddAlias) edit()    {}
func (RemoveAlias) edit() {}

// Preference is how a channel wants to hear. What is nil stays as it is.
type Preference struct {
	Policy        *string // "instant" or "digest"
	Digest        *string // cron
	Quiet         *string // "22:00-07:00", or empty for never
	Zone          *string // IANA name for Digest and Quiet
	MinPublishers *int
	MinSeverity   *story.Severity
	MutedUntil    *time.Time // zero: not muted
	Paused        *string    // why, or empty: not paused
}

var (
	// ErrDone says that this very call has changed things before: it must not do so again.
	ErrDone = errors.New("this was done before")

	// ErrChanged says that somebody else changed it meanwhile.
	ErrChanged = errors.New("somebody else changed it meanwhile")

	// ErrFromConfig says that it came from the config, and can only be changed there.
	ErrFromConfig = errors.New("it comes from the config file")

	// ErrUnknown says that there is no such thing.
	ErrUnknown = errors.New("there is no such thing")
)

// Ledger carries changes out and remembers them.
type Ledger interface {
	// Change does all of a change, and writes it into the audit log, in one transaction. The error
	// is one of those above, or the store's.
	Change(ctx context.Context, c Change) error

	// Audit returns the latest n changes of an owner, the latest first.
	Audit(ctx context.Context, owner string, n int) ([]Done, error)
}

// Archive is the items that are stored.
type Archive interface {
	// Count tells how many items came after since.
	Count(ctx context.Context, since time.Time) (int, error)

	// Items yields every step-th of them, the oldest first. Feed names are in no item: rules see
	// what they see when it is sifted.
	Items(ctx context.Context, since time.Time, step int) iter.Seq2[feeds.Item, error]

	// Traces finds what became of the items with this address or, if it is none, of those that
	// hold all the words, the latest first; of tellings it has those to the channel.
	Traces(ctx context.Context, linkOrWords string, c bot.Channel, n int) ([]Trace, error)
}

// Newsstand is the stories that are stored.
type Newsstand interface {
	// Stories returns up to n of those that answer any of the watches and have news since then,
	// the latest first.
	Stories(ctx context.Context, watchIDs []string, since time.Time, n int) ([]story.Story, error)

	// Told finds the story that a post of a channel is about, by the post's receipt.
	Told(ctx context.Context, c bot.Channel, post bot.Receipt) ([]story.Story, error)

	// Standing counts what is going on, since a time.
	Standing(ctx context.Context, owner string, since time.Time) (Standing, error)
}
