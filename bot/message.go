package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/story"
)

// Message is a post, or an answer to a command, as every platform understands it. Its text is
// plain: a platform escapes it for its own markup. Which parts are set depends on Kind; what is set
// is shown in the order of the fields.
type Message struct {
	Delivery string // the delivery's ID, empty for an answer
	Kind     Kind
	Repeat   bool    // it may have been posted before
	Sample   bool    // it shows what an alert looks like, and must say so
	Thread   Receipt // the post to which it is a reply, if any
	Loud     bool    // a reply that the whole channel is to see and to be notified of

	Title   string   // of a digest, notice or answer
	Lines   []Text   // paragraphs of a notice or answer
	Cards   []Card   // the stories told in full: one for an alert, the strongest for a digest
	Rest    []Card   // the other stories of a digest, one line each
	Entries []Entry  // of a list
	Foot    Text     // small print
	Buttons []Button // below everything
}

// Card is a story as a message shows it.
type Card struct {
	Story      story.ID
	Revision   int
	Headline   Text
	Summary    Text
	Links      []string // absolute http(s) addresses of the reports, the headline's first
	Publishers []string
	Began      time.Time
	Latest     time.Time
	Severity   story.Severity
	Tension    float64
	Why        []story.Why
}

// Link is the headline's, or empty.
func (c Card) Link() string {
	if len(c.Links) == 0 {
		return ""
	}
	return c.Links[0]
}

// sourcesNamed is how many publishers of a story are named; the others are counted.
const sourcesNamed = 5

// Sources says who reports a story: some by name, written as the platform wants it, and how many they
// are. A name that is written as nothing is left out.
func (c Card) Sources(written func(name string) string) string {
	var names []string
	for _, name := range c.Publishers[:min(len(c.Publishers), sourcesNamed)] {
		if name = written(name); name != "" {
			names = append(names, name)
		}
	}
	out := strings.Join(names, ", ")
	if more := len(c.Publishers) - sourcesNamed; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	if n := len(c.Publishers); n > 1 {
		out += fmt.Sprintf(" · %d publishers", n)
	}
	return out
}

// Entry is one thing of a list: a watch, a feed, an item.
type Entry struct {
	Mark    Mark
	Title   Text
	Lines   []Text
	Buttons []Button // at most two
}

// Mark says at a glance how a thing is. Platforms show it with a sign and a word, never by colour
// alone.
type Mark string

const (
	MarkNone Mark = ""
	MarkGood Mark = "good" // it works
	MarkWait Mark = "wait" // it rests: paused, muted, not asked yet
	MarkBad  Mark = "bad"  // somebody should look
)

// Shown is a mark as a sign and a word, both empty for [MarkNone].
func (m Mark) Shown() (sign, word string) {
	switch m {
	case MarkGood:
		return "🟢", "OK"
	case MarkWait:
		return "⚪", "resting"
	case MarkBad:
		return "⚠️", "needs a look"
	}
	return "", ""
}

// Button is something to press. Pressing it gives a command as if it had been typed: the platform
// makes a [Call] with Says as its Text.
type Button struct {
	Label   string // at most 40 characters
	Says    string // "mute-story abc"; at most 100 characters
	Choices []Choice
	Style   ButtonStyle
	Confirm string // asked before, if set; at most 200 characters
}

// ButtonStyle says how a button draws the eye.
type ButtonStyle string

const (
	ButtonPlain  ButtonStyle = ""
	ButtonMain   ButtonStyle = "main"
	ButtonDanger ButtonStyle = "danger"
)

// Choice is one of several things to pick. Where a [Button] has choices it is a menu, and Value is
// what picking says; where one is suggested, Value is the argument.
type Choice struct {
	Label string // at most 75 characters
	Value string // at most 100 characters
}

// Text is plain text cut where its look changes.
type Text []Span

// Span is a piece of a [Text]. At most one of the fields beside Text is set.
type Span struct {
	Text    string
	Hit     bool      // a word that a watch asked for
	Code    bool      // to be typed as it is: a rule, a command; of several lines, a block
	Link    string    // an absolute http(s) address
	When    time.Time // shown in the reader's zone; Text is for platforms that cannot
	Channel Channel   // shown by its name where the platform knows it
}

// Plain is text without any marks.
func Plain(text string) Text { return Text(nil).plain(text) }

// Plains is paragraphs without any marks.
func Plains(lines ...string) []Text {
	texts := make([]Text, len(lines))
	for i, line := range lines {
		texts[i] = Plain(line)
	}
	return texts
}

// String is the text without its marks.
func (t Text) String() string {
	var s string
	for _, span := range t {
		s += span.Text
	}
	return s
}

// plain adds a piece without a mark.
func (t Text) plain(text string) Text {
	if text == "" {
		return t
	}
	return append(t, Span{Text: text})
}
