package clean

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"

	"github.com/tensionwatch/tensionwatch/bot"
)

// ellipsis says that text was cut.
const ellipsis = "…"

// Units counts a string in UTF-16 units. Chat platforms do not say what a character is to them;
// nothing that they may mean counts more.
func Units(s string) (n int) {
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// Cut shortens text to so many units: at the end of a sentence, else of a word, never inside a
// character as a reader sees it.
func Cut(s string, most int) string {
	if Units(s) <= most {
		return s
	}
	room := fitting(s, most-Units(ellipsis)-1) // a blank may come before the ellipsis
	if end := lastEnd(s, room, sentences.FromString(s)); end > 0 && end >= room/2 {
		return s[:end] + " " + ellipsis
	}
	if end := lastEnd(s, room, words.FromString(s)); end > room/2 {
		return s[:end] + ellipsis
	}
	return s[:whole(s, len(strings.TrimRightFunc(s[:room], unicode.IsSpace)))] + ellipsis
}

// CutText shortens text with marks.
func CutText(t bot.Text, most int) bot.Text {
	whole := t.String()
	short := Cut(whole, most)
	if short == whole {
		return t
	}
	kept, mark := short, ""
	for !strings.HasPrefix(whole, kept) {
		_, width := utf8.DecodeLastRuneInString(kept)
		kept, mark = kept[:len(kept)-width], kept[len(kept)-width:]+mark
	}
	var out bot.Text
	for _, span := range t {
		if n := min(len(span.Text), len(kept)); n > 0 || len(kept) > 0 {
			span.Text, kept = span.Text[:n], kept[n:]
			out = append(out, span)
		}
	}
	return append(out, bot.Span{Text: mark})
}

// fitting is how many bytes of a string are whole characters within so many units.
func fitting(s string, most int) (end int) {
	n := 0
	for g := graphemes.FromString(s); g.Next(); end = g.End() {
		if n += Units(g.Value()); n > most {
			break
		}
	}
	return end
}

// pieces are the sentences or words of a text.
type pieces interface {
	Next() bool
	End() int
}

// lastEnd is where the last of the pieces ends that is within so many bytes, blanks aside.
func lastEnd(s string, room int, all pieces) (end int) {
	for all.Next() {
		next := len(strings.TrimRightFunc(s[:all.End()], unicode.IsSpace))
		if next > room {
			break
		}
		end = next
	}
	return whole(s, end)
}

// whole is the last place that is not behind end and not inside a character: a blank may be part of
// the one before it.
func whole(s string, end int) (last int) {
	for g := graphemes.FromString(s); g.Next() && g.End() <= end; last = g.End() {
	}
	return last
}
