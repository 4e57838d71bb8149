package clean

import (
	"net/url"
	"strings"

	"golang.org/x/text/unicode/bidi"

	"github.com/tensionwatch/tensionwatch/bot"
)

// Unicode's signs around text that goes another way than what stands beside it (UAX #9, 2.4.2), and
// for the way that a line goes (2.6).
const (
	isolate     = "\u2068"
	endIsolate  = "\u2069"
	rightToLeft = "\u200f"

	// LeftToRight at the beginning of a line lets it go from left to right, whatever it holds.
	LeftToRight = "\u200e"
)

// signs is how many of them may be added to a text.
const signs = 3

// Line is what others wrote, clean, of at most so many units and isolated where letters of it go
// from right to left, for a line of its own.
func Line(t bot.Text, most int) bot.Text {
	t = CutText(Text(t), most-signs)
	some, first := Direction(t.String())
	if !some {
		return t
	}
	before := isolate
	if first {
		// What finds out the way of a line may skip isolated text: this says it before.
		before = rightToLeft + isolate
	}
	out := make(bot.Text, 0, len(t)+2)
	out = append(out, bot.Span{Text: before})
	return append(append(out, t...), bot.Span{Text: endIsolate})
}

// Aside is what others wrote, clean, of at most so many units and isolated where letters of it go
// from right to left, for the middle of a line.
func Aside(s string, most int) string {
	s = Cut(String(s), most-signs)
	if some, _ := Direction(s); some {
		return isolate + s + endIsolate
	}
	return s
}

// LeftFirst keeps a line of ours from going the way of a name at its beginning.
func LeftFirst(s string) string {
	if strings.HasPrefix(s, isolate) {
		return LeftToRight + s
	}
	return s
}

// Direction says whether any letter of a text goes from right to left, and whether its first letter
// does. Text with such letters is to be isolated from what stands beside it.
func Direction(text string) (some, first bool) {
	leftFirst := false
	for _, r := range text {
		switch properties, _ := bidi.LookupRune(r); properties.Class() {
		case bidi.R, bidi.AL:
			return true, !leftFirst
		case bidi.L:
			leftFirst = true
		}
	}
	return false, false
}

// WebLink is an address in visible ASCII that a browser opens, or empty. One that names a user
// before its host wants to be taken for another one.
func WebLink(link string) string {
	link = Link(link)
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.Scheme + link[len(u.Scheme):]
}
