// Package wording tells whether new words say something new.
//
// [Substantive] compares two headlines of one article, [Retold] two texts; [Same] tells whether a
// reader would see two texts as one. All are pure, work in any script, and in doubt say that
// something is new: what is let pass as cosmetic nobody hears of, while what is taken for news
// changes a post in place. They store nothing.
package wording

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Damage counts the characters of a text that were destroyed on its way to us.
func Damage(text string) int { return strings.Count(text, "\ufffd") }

// Same reports whether two texts are the same words in the same order, where destroyed characters
// may stand for any, and the last few words of a longer text that breaks off are left out, as in
// [Retold].
func Same(a, b string) bool {
	x, y := cut(a), cut(b)
	n := min(len(x), len(y))
	if n >= long && max(len(x), len(y))-n < last && breaksOff(a) && breaksOff(b) {
		x, y = x[:n-last], y[:n-last]
	}
	return slices.EqualFunc(x, y, func(v, w word) bool {
		return v.text == w.text || (v.damaged || w.damaged) && mended(v.text, w.text)
	})
}

// Many feeds cut texts off at some number of bytes, so that in a long one the last words come and
// go with any change.
const (
	long = 20
	last = 3
)

// breaksOff reports whether a text ends otherwise than sentences do.
func breaksOff(text string) bool {
	text = strings.TrimRight(text, " \t\n\"'”’»)]")
	if strings.HasSuffix(text, "..") {
		return true
	}
	end, _ := utf8.DecodeLastRuneInString(text)
	return !unicode.Is(unicode.Sentence_Terminal, end)
}

// Substantive reports whether a headline says something that the old one did not: another number,
// a new name, names in another order, a "not" more or less. In scripts without capitals names
// cannot be told from other words, so any new word counts; elsewhere a single new word that is no
// name is a matter of style. Case, punctuation, a slip of the pen, destroyed characters and marks
// such as LIVE never count.
func Substantive(old, now string) bool { return compare(cut(old), cut(now), 0) }

// Retold is [Substantive] for texts, which many feeds cut off at some length: the last words of a
// longer one that breaks off say nothing.
func Retold(old, now string) bool {
	before, after := cut(old), cut(now)
	before, after = before[:min(len(before), longest)], after[:min(len(after), longest)]
	if len(before) < long || len(after) < long || !breaksOff(old) || !breaksOff(now) {
		return compare(before, after, 0)
	}
	return compare(before, after, last)
}

// longest is how many words of a text are compared, so that none can be made to take long.
const longest = 2000

// compare is [Substantive] for words, the last few of which say nothing by themselves.
func compare(old, now []word, ignored int) bool {
	had, has := vocabulary(old), vocabulary(now)
	modest := 0
	for _, w := range now[:len(now)-ignored] {
		switch {
		case stop[w.text] && !negation[w.text] || had.holds(w):
		case w.weighty():
			return true
		default:
			if modest++; modest > 1 {
				return true
			}
		}
	}
	for _, w := range old[:len(old)-ignored] {
		if (w.number || negation[w.text]) && !has.holds(w) {
			return true
		}
	}
	return ignored == 0 && reordered(old, now)
}

// reordered reports whether two texts hold the same names in another order: who hits whom.
func reordered(old, now []word) bool {
	before, after := names(old), names(now)
	if len(before) != len(after) || slices.Equal(before, after) {
		return false
	}
	slices.Sort(before)
	slices.Sort(after)
	return slices.Equal(before, after)
}

func names(words []word) (out []string) {
	for _, w := range words {
		if w.capital && !stop[w.text] && !slices.Contains(out, w.text) {
			out = append(out, w.text)
		}
	}
	return out
}

// weighty reports whether a new word counts by itself.
func (w word) weighty() bool {
	return w.number || w.capital || !w.cased || negation[w.text] || counting[w.text]
}

// words is what a text holds.
type words struct {
	all     map[string]bool
	damaged []word // those with destroyed characters
	list    []word
}

func vocabulary(list []word) words {
	v := words{all: make(map[string]bool, len(list)), list: list}
	for _, w := range list {
		v.all[w.text] = true
		if w.damaged {
			v.damaged = append(v.damaged, w)
		}
	}
	return v
}

// holds reports whether the text has the word, perhaps misspelt or damaged.
func (v words) holds(w word) bool {
	if v.all[w.text] {
		return true
	}
	among := v.damaged
	if w.damaged || !w.number {
		among = v.list
	}
	return slices.ContainsFunc(among, func(other word) bool {
		if w.damaged || other.damaged {
			return mended(w.text, other.text)
		}
		return !other.number && slip(w.text, other.text)
	})
}

// mended reports whether two words may be the same, where characters of either are destroyed. How
// many marks stand for one character depends on who destroyed it, so a run of them is any few.
func mended(a, b string) bool {
	if strings.Contains(b, "\ufffd") && !strings.Contains(a, "\ufffd") {
		a, b = b, a
	}
	head, rest, _ := strings.Cut(a, "\ufffd")
	tail := rest
	if i := strings.LastIndex(rest, "\ufffd"); i >= 0 {
		tail = rest[i+len("\ufffd"):]
	}
	if i := strings.Index(b, "\ufffd"); i >= 0 { // both: what is left of them must agree
		last := b[strings.LastIndex(b, "\ufffd")+len("\ufffd"):]
		first := b[:i]
		return (strings.HasPrefix(first, head) || strings.HasPrefix(head, first)) &&
			(strings.HasSuffix(last, tail) || strings.HasSuffix(tail, last))
	}
	return strings.HasPrefix(b, head) && strings.HasSuffix(b[len(head):], tail)
}

// slip reports whether two words differ by one letter that was left out, added, exchanged with its
// neighbour, or is another vowel. Another consonant makes another word: Iran and Iraq. So does
// anything at the front of a word or in a short one.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y) < 5 || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch {
	case i == 0:
		return false
	case len(x) < len(y):
		return slices.Equal(x[i:], y[i+1:])
	case i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i]:
		return slices.Equal(x[i+2:], y[i+2:])
	}
	return i < len(x) && vowel(x[i]) && vowel(y[i]) && slices.Equal(x[i+1:], y[i+1:])
}

func vowel(r rune) bool {
	return strings.ContainsRune("aeiouyаеиоуыэюяії", r) || unicode.IsMark(r)
}
