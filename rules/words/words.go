// Package words cuts texts into words and folds them, so that two spellings of one word are equal.
//
// [AppendSpans] finds the words, [Fold] makes spellings of one word equal, and [Language] says by
// which language's rules a text inflects. All of them are pure functions that take any bytes, fail on
// none and may be called at the same time.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// Word is one word of a text. Start and End are byte offsets into the text, half-open; the
// possessive 's lies outside, the last dot of "U.S." inside. Folded is Fold(text[Start:End]).
type Word struct {
	Folded     string
	Start, End int
}

// Cut returns the words of a text in order.
func Cut(text string) []Word {
	spans := AppendSpans(nil, text)
	cut := make([]Word, len(spans))
	for i, s := range spans {
		start, end := int(s.Start), int(s.End)
		cut[i] = Word{Fold(text[start:end]), start, end}
	}
	return cut
}

// Span is where a word stands: byte offsets into its text, half-open.
type Span struct{ Start, End uint32 }

// AppendSpans appends the place of each word of a text, in order. The text must be shorter than
// 4 GiB.
//
// Words end by the rules of Unicode (UAX #29, https://unicode.org/reports/tr29). Beyond them they
// also end at an underscore, a colon and at a dot between letters, so that "Oman.The",
// "#Oman_talks" and "bbc.co.uk" read as people read them; initials ("U.S.") and numbers ("3.5bn")
// stay whole. Chinese and Japanese give a word for each character.
func AppendSpans(spans []Span, text string) []Span {
	for at := 0; at < len(text); {
		spans, at = appendPlain(spans, text, at)
		if at == len(text) {
			break
		}
		end, next, ok := plainWord(text, at)
		if ok {
			if end > at {
				spans = append(spans, Span{uint32(at), uint32(end)})
			}
			at = next
			continue
		}
		segments := words.FromString(text[at:])
		segments.Next()
		spans = appendParts(spans, text, at, at+segments.End())
		at += segments.End()
	}
	return spans
}

// appendParts appends the words of text[start:end], which is one segment of UAX #29.
func appendParts(spans []Span, text string, start, end int) []Span {
	for start < end {
		stop := start + joint(text[start:end])
		if from, to, ok := trimmed(text, start, stop); ok {
			spans = append(spans, Span{uint32(from), uint32(to)})
		}
		_, width := utf8.DecodeRuneInString(text[stop:])
		start = stop + width
	}
	return spans
}

// joint returns where a segment has the first joint that parts two words, or its length.
func joint(segment string) int {
	for i, r := range segment {
		switch r {
		case '_', ':', '：', utf8.RuneError: // damaged bytes are in no word
			return i
		case '.':
			if !dotJoins(segment[:i], segment[i+1:]) {
				return i
			}
		}
	}
	return len(segment)
}

// dotJoins reports whether a dot belongs to a number or stands between two initials.
func dotJoins(before, after string) bool {
	last, width := utf8.DecodeLastRuneInString(before)
	if unicode.IsNumber(last) {
		return true
	}
	previous, _ := utf8.DecodeLastRuneInString(before[:len(before)-width])
	_, width = utf8.DecodeRuneInString(after)
	next, _ := utf8.DecodeRuneInString(after[width:])
	return !unicode.IsLetter(previous) && !unicode.IsLetter(next)
}

// trimmed returns the span of the word in text[start:end], unless there is nothing in it to read.
func trimmed(text string, start, end int) (from, to int, ok bool) {
	raw := text[start:end]
	if !strings.ContainsFunc(raw, readable) {
		return 0, 0, false
	}
	word := strings.TrimLeftFunc(raw, invisible)
	from = end - len(word)
	word = withoutPossessive(strings.TrimRightFunc(word, invisible))
	to = from + len(word)
	if isInitials(word) && strings.HasPrefix(text[to:], ".") {
		to++
	}
	return from, to, true
}

// readable reports whether a character makes a word worth looking for.
func readable(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsNumber(r)) && !unicode.Is(vowelSigns, r)
}

// vowelSigns are letters by their category and nothing but vowel signs to a reader: the tatweel and
// the presentation forms of Arabic marks.
var vowelSigns = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: tatweel, Hi: tatweel, Stride: 1},
	{Lo: 0xFC5E, Hi: 0xFC63, Stride: 1},
	{Lo: 0xFCF2, Hi: 0xFCF4, Stride: 1},
	{Lo: 0xFE70, Hi: 0xFE7F, Stride: 1},
}}

// invisible reports whether a character only steers layout: joiners, direction marks, soft hyphens.
func invisible(r rune) bool { return r >= 0x80 && unicode.Is(unicode.Cf, r) }

// withoutPossessive cuts off 's, also more than one, so that folding a second time changes nothing.
func withoutPossessive(word string) string {
	for _, suffix := range [...]string{"'s", "’s", "'S", "’S"} {
		if bare, ok := strings.CutSuffix(word, suffix); ok && bare != "" {
			return withoutPossessive(bare)
		}
	}
	return word
}

// isInitials reports whether a word is single letters with a dot between each: "U.S", "I.A.E.A.".
func isInitials(word string) bool {
	word = strings.TrimSuffix(word, ".")
	if !strings.Contains(word, ".") {
		return false
	}
	for letter := range strings.SplitSeq(word, ".") {
		r, width := utf8.DecodeRuneInString(letter)
		if width != len(letter) || !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// Capitals counts the letters of a word in capitals, dots aside. A word that holds anything else
// has none.
func Capitals(word string) int {
	n := 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			n++
		} else if r != '.' {
			return 0
		}
	}
	return n
}

// Acronym returns the folded letters of a word that is an abbreviation in capitals, if it is one of
// two letters or more: of "U.S.", "UAVs", "l'ONU", "ABD'den" and "МИДа". The ending of an inflected
// one and an elided article are written small.
func Acronym(word string) (folded string, ok bool) {
	if article, rest, cut := cutApostrophe(word); cut && Capitals(article) < 2 && rest != "" {
		word = rest
	} else if cut {
		word = article
	}
	core := strings.TrimRightFunc(word, unicode.IsLower)
	if !endsAcronym(word[len(core):]) || Capitals(core) < 2 {
		return "", false
	}
	return Fold(core), true
}

// endsAcronym reports whether small letters after an abbreviation are an ending: UAVs, МИДом.
func endsAcronym(ending string) bool {
	first, _ := utf8.DecodeRuneInString(ending)
	return ending == "" || ending == "s" ||
		unicode.Is(unicode.Cyrillic, first) && utf8.RuneCountInString(ending) <= 2
}

// cutApostrophe cuts a word at its first apostrophe.
func cutApostrophe(word string) (before, after string, ok bool) {
	i := strings.IndexAny(word, "'’")
	if i < 0 {
		return word, "", false
	}
	_, width := utf8.DecodeRuneInString(word[i:])
	return word[:i], word[i+width:], true
}
