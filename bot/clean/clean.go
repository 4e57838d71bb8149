// Package clean makes text of somebody else's safe and short enough to show in a line of our own.
//
// Nothing of it can begin a line, hide, or turn the letters beside it around. What it means to the
// markup of a platform is that platform's to see to.
package clean

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/tensionwatch/tensionwatch/bot"
)

// maxMarks is how many combining marks may follow each other: no language needs so many, and
// heaps of them are drawn over the lines above.
const maxMarks = 8

// cleaner makes text safe to print. It goes from span to span: a blank at the end of one and
// another at the beginning of the next are one.
type cleaner struct {
	inWord bool // the last character written is not a blank
	marks  int  // combining marks just written
}

// Text returns the text on one line, without what a terminal could act on: control characters go,
// and so does what turns text around until some later sign, because a line may be broken before
// that sign. Any run of blanks becomes one; text in which nothing can be seen becomes none.
func Text(t bot.Text) bot.Text {
	var c cleaner
	out := make(bot.Text, 0, len(t))
	seen := false
	for _, span := range t {
		span.Text = c.clean(span.Text)
		c.inWord = c.inWord || named(span)
		seen = seen || named(span) || strings.ContainsFunc(span.Text, visible)
		out = append(out, span)
	}
	if !seen {
		return nil
	}
	return trimEnd(out)
}

// String cleans text that has no marks.
func String(s string) string { return Text(bot.Text{{Text: s}}).String() }

// named says whether a platform shows something in place of a span's text.
func named(s bot.Span) bool { return !s.When.IsZero() || s.Channel != "" }

// visible says whether a character leaves ink by itself.
func visible(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Number, unicode.Punct, unicode.Symbol)
}

// trimEnd takes the blank off the end of a text, in whichever span it is.
func trimEnd(t bot.Text) bot.Text {
	for i := len(t) - 1; i >= 0; i-- {
		t[i].Text = strings.TrimRightFunc(t[i].Text, unicode.IsSpace)
		if t[i].Text != "" || named(t[i]) {
			return t[:i+1]
		}
	}
	return nil
}

// clean makes the next span safe.
func (c *cleaner) clean(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if c.inWord {
				out.WriteRune(blank(r))
			}
			c.inWord = false
		case Dangerous(r) || c.tooMany(r):
		default:
			out.WriteRune(r)
			c.inWord = true
		}
	}
	return out.String()
}

// tooMany counts combining marks and says when there are enough.
func (c *cleaner) tooMany(r rune) bool {
	if !unicode.IsMark(r) {
		c.marks = 0
		return false
	}
	c.marks++
	return c.marks > maxMarks
}

// blank keeps a blank that holds the words beside it together, as in "10 000".
func blank(r rune) rune {
	if r == '\u00a0' || r == '\u202f' {
		return r
	}
	return ' '
}

// Typed returns text that is shown as it was typed, a rule with a mark below its mistake say: lines
// and blanks stay, what is dangerous goes.
func Typed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case Dangerous(r):
			return -1
		}
		return r
	}, s)
}

// Dangerous says whether a character is invisible and not needed to read the text.
func Dangerous(r rune) bool {
	if harmless(r) || unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

// harmless says whether an invisible character acts on its neighbours only and is needed to read:
// Persian and emoji are joined by such, Arabic and Hebrew set punctuation by such.
func harmless(r rune) bool {
	switch r {
	case '\u200c', '\u200d', '\u200e', '\u200f', '\u061c':
		return true
	}
	return false
}

// Link writes an address in visible ASCII; what is not is percent-encoded. So it can be
// copied or clicked, and no letter in it looks like another.
func Link(link string) string {
	var out strings.Builder
	for _, b := range []byte(link) {
		if b <= ' ' || b >= 0x7f {
			fmt.Fprintf(&out, "%%%02X", b)
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}
