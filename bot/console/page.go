package console

import (
	"bytes"
	"cmp"
	"strings"
	"time"
)

const (
	// usualWidth is that of what does not say how wide it is.
	usualWidth = 80

	// minWidth keeps lines readable where a terminal is hardly there.
	minWidth = 20

	// maxWidth is as long as a line can be before eyes lose the next one.
	maxWidth = 100
)

// page is a post while it is written.
type page struct {
	bytes.Buffer
	look   Options
	repeat bool // still to be said
}

func newPage(look Options, repeat bool) *page {
	look.Width = max(minWidth, min(cmp.Or(look.Width, usualWidth), maxWidth))
	look.Zone = cmp.Or(look.Zone, time.Local)
	return &page{look: look, repeat: repeat}
}

// heading prints what stands out, and below the first one that it may have been read before.
func (p *page) heading(label string, text paragraph) {
	if len(text) > 0 {
		p.print(label, text)
		p.note(strings.Repeat(" ", len(label)) + indent)
	}
}

// note says once that the post may be a repetition, if it may.
func (p *page) note(in string) {
	if p.repeat {
		var note paragraph
		note.say("(may have been posted before)", dim)
		p.print(in, note)
		p.repeat = false
	}
}

// print writes a paragraph, its first line behind the label and the others below its first word.
func (p *page) print(label string, text paragraph) {
	var open *quote
	for _, line := range wrap(text, p.look.Width-len(label)) {
		p.WriteString(label)
		open = p.line(line, open)
		label = strings.Repeat(" ", len(label))
	}
}

// Unicode's signs around a quote (UAX #9, 2.4.2) and for the way that it goes (2.6).
const (
	isolate     = "\u2068"
	endIsolate  = "\u2069"
	leftToRight = "\u200e"
	rightToLeft = "\u200f"
)

// line writes cells as a line and returns the quote in which it ends. Each line stands alone for a
// terminal: isolation ends with it and begins again on the next one, which goes the way of the
// quote as a whole, whatever its own first letter is.
func (p *page) line(cells []cell, open *quote) *quote {
	var in *quote
	var look style
	for i, c := range cells {
		if c.quote != in {
			p.leave(in)
			p.enter(c.quote, i == 0 && c.quote == open)
			in = c.quote
		}
		if c.style != look {
			p.paint(look, c.style)
			look = c.style
		}
		p.WriteString(c.text)
	}
	p.paint(look, plain)
	p.leave(in)
	p.WriteByte('\n')
	return in
}

func (p *page) leave(q *quote) {
	if q != nil {
		p.WriteString(endIsolate)
	}
}

func (p *page) enter(q *quote, again bool) {
	switch {
	case q == nil:
	case !again:
		p.WriteString(isolate)
	case q.rightToLeft:
		p.WriteString(isolate + rightToLeft)
	default:
		p.WriteString(isolate + leftToRight)
	}
}
