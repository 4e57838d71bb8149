package bot

import (
	"context"
	"net/http"
)

// Caller is somebody who uses the bot through a platform.
type Caller struct {
	Platform string // "slack"
	Owner    string // the workspace or guild, "slack:T0123", "discord:4711": whose watches these are
	User     string // the person's ID there
	Name     string // for people; it is hostile text
	Rights   string // what the platform said with the call of what this person may do
}

// Call is a command as somebody gave it: typed, picked from a list, by a button or with a form.
type Call struct {
	// ID is the same whenever the platform delivers this call again: it acts once.
	ID      string
	Caller  Caller
	Channel Channel // where it was given; empty in a place that is no channel

	// Text is the command as it was typed, without "/tension" and with the platform's own escaping
	// undone, or what a button says.
	Text string

	// Command and Args are set instead of Text where the platform took the command apart by the
	// table, and for a form: "feed add", {"url": "…"}.
	Command string
	Args    map[string]string

	// Post is the message whose button or shortcut was used, if any.
	Post Receipt

	// Draft says that the form is still being filled in: nothing is to be done, the answer is the
	// form with what is to be said of its values.
	Draft bool
}

// Reply answers a [Call].
type Reply struct {
	Message Message
	Open    bool  // everybody in the channel sees it; else only who asked
	Replace bool  // it takes the place of the answer whose button was pressed
	Form    *Form // to be filled in, instead of a message
}

// Form asks for several values at once. Filled in, it is a [Call] with Command, and with Args and
// the values of the fields by name. The reply to that is the form again while a value is wrong.
type Form struct {
	Title   string // at most 24 characters
	Submit  string // what the button says; at most 24 characters
	Command string
	Args    map[string]string // given back as they are; together at most 2,000 characters
	Channel Channel           // of the call that asked for it
	Lines   []Text            // shown above the fields
	Fields  []Field
}

// Field is one value of a [Form].
type Field struct {
	Name  string
	Label string // at most 45 characters
	Hint  string // at most 150 characters
	Value string
	Long  bool   // of several lines
	Empty bool   // it may be left empty
	Live  bool   // asked about as it is typed, see [Call.Draft]
	Error string // what is wrong with the value, and what to write
	Note  Text   // what is to be said of a value that is right
}

// Handler does what people ask for. It never fails: what goes wrong is told in the answer. It is
// safe for concurrent use.
type Handler interface {
	Do(ctx context.Context, c Call) Reply

	// Suggest returns at most 25 choices for the argument of the call's Args that is "?". Text is
	// what is typed of it so far.
	Suggest(ctx context.Context, c Call) []Choice

	// Home is what a person sees of the bot outside of any channel.
	Home(ctx context.Context, c Caller) Message
}

// Opener is a [Handler] that can tell at once that a call is going to be answered with a form. A
// platform that has only a moment to open one shows something meanwhile.
type Opener interface {
	Opens(c Call) bool
}

// Move says that the bot cannot post somewhere any more, or can again, or that a channel has
// another name.
type Move struct {
	// Channel is where. With Every it is what all names of the channels begin with: "slack:T0123/".
	Channel Channel
	Every   bool

	Away string // why we cannot post there; empty if we can
	Was  string // if set, only where we could not for this reason, we can again
	Name string // what the channel is called from now on: then that is all; it is hostile text
}

// Presence is a [Handler] that wants to know where the bot is. An error is the store's: the platform
// should hand the event in again.
type Presence interface {
	Moved(ctx context.Context, m Move) error
}

// Webhook is a [Platform] that may be called over HTTP. The path is empty when it is not.
type Webhook interface {
	Webhook(h Handler) (path string, handler http.Handler)
}

// Gatekeeper is a [Platform] that knows who may change things.
type Gatekeeper interface {
	// Permit returns nil, or a *[Refusal], or another error when that cannot be told now.
	Permit(ctx context.Context, c Caller, where Channel) error
}

// Refusal says that somebody may not change things.
type Refusal struct {
	Needs string // a sentence: what is needed
}

func (r *Refusal) Error() string { return r.Needs }

// Standing hears whether a platform takes our token. What is said of a refusal is shown to
// whoever asks, and must not hold the token.
type Standing interface {
	Refused(platform, reason string)
	Accepted(platform string)
}

// Guest is a [Platform] that must be let into a channel before it can post there.
type Guest interface {
	// Invitation is the one step that lets the bot in: a command to type, "/invite @tensionwatch",
	// or what to do, without a full stop.
	Invitation(c Channel) string
}
