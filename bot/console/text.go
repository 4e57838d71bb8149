package console

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	// publishersNamed is how many publishers of a story are named; the others are counted.
	publishersNamed = 5

	// indent of what belongs to the heading above.
	indent = "  "
)

// renderText writes a message for people, ended by an empty line.
func renderText(m bot.Message, look Options) []byte {
	p := newPage(look, m.Repeat)
	p.title(m.Title)
	for _, line := range m.Lines {
		var text paragraph
		text.quote(line.String(), plain)
		p.print(indent, text)
	}
	p.stories(m)
	p.note("")
	p.WriteByte('\n')
	return p.Bytes()
}

// title prints what a digest or notice is about.
func (p *page) title(s string) {
	var title paragraph
	title.quote(s, bold)
	p.heading("", title)
}

// stories writes the cards; under a title they are numbered.
func (p *page) stories(m bot.Message) {
	digits := 0
	if m.Title != "" {
		digits = len(strconv.Itoa(len(m.Cards) + len(m.Rest)))
	}
	for i, c := range m.Cards {
		p.card(number(i, digits), c, m.Kind)
	}
	for i, c := range m.Rest {
		line := headline(c, m.Kind, plain)
		line.say(" ", plain)
		line.link(c.Link())
		p.heading(number(len(m.Cards)+i, digits), line)
	}
}

// number is the label of the story at index i, right-aligned; without digits there is none.
func number(i, digits int) string {
	if digits == 0 {
		return ""
	}
	return fmt.Sprintf("%*d. ", digits, i+1)
}

// card tells a story in full: what happened, who says so, when, where to read it, and why it is
// told.
func (p *page) card(label string, c bot.Card, kind bot.Kind) {
	p.heading(label, headline(c, kind, bold))
	in := strings.Repeat(" ", len(label)) + indent
	var summary, link paragraph
	summary.quoteText(c.Summary, plain)
	link.link(c.Link())
	p.print(in, summary)
	p.print(in, sources(c.Publishers))
	p.print(in, times(c.Began, c.Latest, p.look.Zone))
	p.print(in, link)
	for _, w := range c.Why {
		p.print(in, reason(w))
	}
}

// headline is a story's headline behind what must be seen first.
func headline(c bot.Card, kind bot.Kind, as style) (p paragraph) {
	if c.Severity != "" && c.Severity != story.SeverityNone {
		p.say("["+string(c.Severity)+"]", severityStyle(c.Severity))
		p.say(" ", plain)
	}
	switch kind {
	case bot.KindUpdate:
		p.say("[update] ", plain)
	case bot.KindEscalation:
		p.say("[more severe] ", plain)
	}
	p.quoteText(c.Headline, as)
	return p
}

func severityStyle(s story.Severity) style {
	switch s {
	case story.SeverityNotable:
		return yellow
	case story.SeverityHigh:
		return red
	case story.SeverityCritical:
		return boldRed
	}
	return plain
}

// sources says who reports a story.
func sources(publishers []string) (p paragraph) {
	for i, name := range publishers[:min(len(publishers), publishersNamed)] {
		if i > 0 {
			p.say(", ", dim)
		}
		p.quote(name, dim)
	}
	if more := len(publishers) - publishersNamed; more > 0 {
		p.say(fmt.Sprintf(" and %d more", more), dim)
	}
	if n := len(publishers); n > 1 {
		p.say(fmt.Sprintf(" · %d independent publishers", n), dim)
	}
	return p
}

// times says when a story's latest report is from, and its first one if that is another minute.
func times(began, latest time.Time, zone *time.Location) (p paragraph) {
	if latest.IsZero() {
		return nil
	}
	const minute, hours, day = "Mon 2 Jan 2006 15:04 MST", "15:04", "Mon 2 Jan 2006"
	began, latest = began.In(zone), latest.In(zone)
	p.say(latest.Format(minute), dim)
	switch {
	case began.IsZero() || began.Format(minute) == latest.Format(minute):
	case began.Format(day) == latest.Format(day):
		p.say(", since "+began.Format(hours), dim)
	default:
		p.say(", since "+began.Format(minute), dim)
	}
	return p
}

// reason says which watch asked for a story, and for which of its words.
func reason(w story.Why) (p paragraph) {
	p.say("watch ", dim)
	p.quote(watchName(w), dim)
	for i, word := range w.Words {
		if i == 0 {
			p.say(": ", dim)
		} else {
			p.say(", ", dim)
		}
		p.quote(word, dim)
	}
	return p
}

// watchName is how people call a watch.
func watchName(w story.Why) string { return cmp.Or(w.Name, w.Watch) }
