package answer

import (
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Watch is a watch of the rulebook.
type Watch struct {
	rules.Watch
	Version  int64         // of its latest change: see commands.SetWatch
	Channels []bot.Channel // that follow it, in order of name
}

// FromConfig reports whether the watch came from the config, and so cannot be changed from chat.
func (w Watch) FromConfig() bool { return w.Owner == rules.Everyone }

// Following is a watch as one channel follows it.
type Following struct {
	Watch        rules.Watch
	Subscription bot.Subscription // as it is in force: what was set in chat before what the config says
	Chosen       bool             // some of it was set in chat
	Paused       string           // why nothing is told, or empty
	MutedUntil   time.Time
	Alerts       int // stories told in the last seven days
	Irrelevant   int // of those, how many were marked as not relevant
	LastAlert    time.Time
}

// Trace is what became of an item.
type Trace struct {
	Item     feeds.Item
	Feed     string // its name for people
	Outcome  story.Outcome
	Sifted   time.Time // zero: not yet
	Matched  []string  // IDs of the watches that it answered
	Earlier  []Verdict // what became of it before its words changed, the oldest first
	Story    *story.Story
	Tellings []Telling // of the story, by revision
}

// Verdict is an outcome that holds no more.
type Verdict struct {
	Outcome story.Outcome
	Until   time.Time
}

// Telling is what became of one revision of a story in a channel.
type Telling struct {
	Revision int
	Kind     bot.Kind // of the delivery, if there is one
	State    bot.State
	Why      string
	At       time.Time // settled, or else owed
}

// Standing is the numbers of `status`.
type Standing struct {
	Items      int // that came
	Outcomes   map[story.Outcome]int
	States     map[bot.State]int // of the channels of the owner
	Owed       int               // posts that wait now, in the owner's channels
	OldestOwed time.Time
	Watches    int
	Channels   int
}

// Done is a change as the audit log has it.
type Done struct {
	At      time.Time
	Owner   string
	Channel bot.Channel
	User    string // ID at the platform
	Command string // as it was given
	Before  string
	After   string
}
