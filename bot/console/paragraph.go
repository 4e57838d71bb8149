package console

import (
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/width"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// cell is what is never torn apart: a character as a reader sees it, or a whole link.
type cell struct {
	text  string
	width int // columns
	style style
	quote *quote
}

// quote is text of somebody else's in which some letters go from right to left. The cells of a
// quote are isolated from what stands beside them.
type quote struct {
	rightToLeft bool // as a whole: so its first letter goes
}

// paragraph is text to be broken into lines.
type paragraph []cell

// say adds words of our own.
func (p *paragraph) say(s string, as style) {
	*p = append(*p, cells(bot.Text{{Text: s}}, as, nil)...)
}

// quote adds words of somebody else's.
func (p *paragraph) quote(s string, as style) { p.quoteText(bot.Text{{Text: s}}, as) }

// quoteText adds words of somebody else's, with those marked that matched.
func (p *paragraph) quoteText(t bot.Text, as style) {
	t = clean.Text(t)
	*p = append(*p, cells(t, as, quoteOf(t.String()))...)
}

// link adds an address that is not broken.
func (p *paragraph) link(link string) {
	if link != "" {
		link = clean.Link(link)
		*p = append(*p, cell{text: link, width: len(link)})
	}
}

// cells cuts text into characters as a reader sees them (UAX #29). One that begins in a marked
// word is marked.
func cells(t bot.Text, as style, q *quote) (out []cell) {
	var all string
	var styles []style // of each byte
	for _, span := range t {
		all += span.Text
		look := as
		if span.Hit {
			look = as.marked()
		}
		for range len(span.Text) {
			styles = append(styles, look)
		}
	}
	for g := graphemes.FromString(all); g.Next(); {
		text := g.Value()
		out = append(out, cell{text, columns(text), styles[g.Start()], q})
	}
	return out
}

// columns is how many columns of a terminal a character takes: the sum of its code points', at
// most two. That counts flags, families and syllables right, or one too many, never too few.
func columns(character string) int {
	n := 0
	for _, r := range character {
		n += codePointColumns(r)
	}
	return min(n, 2)
}

func codePointColumns(r rune) int {
	const emojiStyle = '\ufe0f' // asks for the wide picture of a sign
	switch {
	case r == emojiStyle:
		return 2
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// quoteOf returns nil for text whose letters all go from left to right: it needs no isolation.
func quoteOf(text string) *quote {
	if some, first := clean.Direction(text); some {
		return &quote{rightToLeft: first}
	}
	return nil
}
