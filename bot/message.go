package bot

import (
	"time"

	"github.com/tensionwatch/tensionwatch/story"
)

// Message is a post as every platform understands it. Its text is plain: a platform escapes it for
// its own markup. Which parts are set depends on Kind.
type Message struct {
	Delivery string // the delivery's ID
	Kind     Kind
	Repeat   bool     // it may have been posted before
	Title    string   // of a digest or notice
	Lines    []string // paragraphs of a notice
	Cards    []Card   // the stories told in full: one for an alert, the strongest for a digest
	Rest     []Card   // the other stories of a digest, one line each
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

// Text is plain text cut where the words that matched begin and end.
type Text []Span

// Span is a piece of a [Text].
type Span struct {
	Text string
	Hit  bool // a word that a watch asked for
}

// String is the text without its marks.
func (t Text) String() string {
	var s string
	for _, span := range t {
		s += span.Text
	}
	return s
}
