package rules

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Word is one word of a text. Start and End are byte offsets into the text, half-open; the
// possessive 's lies outside, the last dot of "U.S." inside. Folded is Fold(text[Start:End]).
type Word struct {
	Folded     string
	Start, End int
}

// Words cuts a text into its words by the rules of Unicode (UAX #29). Beyond them, words also end
// at an underscore, a colon and at a dot between letters, so that "Oman.The", "#Oman_talks" and
// "bbc.co.uk" read as people read them; initials ("U.S.") and numbers ("3.5bn") stay whole.
// Chinese and Japanese give a word for each character.
func Words(text string) []Word {
	cut := make([]Word, 0, len(text)/6)
	for segments := words.FromString(text); segments.Next(); {
		start, end := segments.Start(), segments.End()
		for start < end {
			stop := start + joint(text[start:end])
			if w, ok := newWord(text, start, stop); ok {
				cut = append(cut, w)
			}
			_, width := utf8.DecodeRuneInString(text[stop:])
			start = stop + width
		}
	}
	return cut
}

// joint returns where a segment has the first joint that parts two words, or its length.
func joint(segment string) int {
	for i, r := range segment {
		switch r {
		case '_', ':', '：':
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

// newWord makes a word of text[start:end], unless there is nothing in it to read.
func newWord(text string, start, end int) (Word, bool) {
	raw := text[start:end]
	if !strings.ContainsFunc(raw, readable) {
		return Word{}, false
	}
	trimmed := strings.TrimLeftFunc(raw, invisible)
	start += len(raw) - len(trimmed)
	trimmed = withoutPossessive(strings.TrimRightFunc(trimmed, invisible))
	end = start + len(trimmed)
	if isInitials(trimmed) && strings.HasPrefix(text[end:], ".") {
		end++
	}
	folded := Fold(text[start:end])
	return Word{folded, start, end}, folded != ""
}

// readable reports whether a character makes a word worth looking for.
func readable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// invisible reports whether a character only steers layout: joiners, direction marks, soft hyphens.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

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

// capitals counts the letters of a word in capitals, dots aside. A word that holds anything else
// has none.
func capitals(word string) int {
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

// Fold returns the form in which two spellings of one word are equal. It is NFKC with full case
// folding; a possessive 's and the dots of initials are off, and so are diacritics on Latin
// letters, vowel signs and hamza on Arabic ones and niqqud on Hebrew ones. On other scripts marks
// make letters (й is not и) and stay. Arabic and Persian letters and digits that look alike are
// one, and joiners, tatweel and every other invisible character are gone.
func Fold(word string) string {
	if plain, upper := isPlain(word); plain && upper {
		return strings.ToLower(word)
	} else if plain {
		return word
	}
	if isInitials(word) {
		word = strings.ReplaceAll(word, ".", "")
	}
	return withoutPossessive(foldRunes(word))
}

// isPlain reports whether a word is nothing but ASCII letters and digits, as most words are, and
// whether one of them is a capital.
func isPlain(word string) (plain, upper bool) {
	for i := range len(word) {
		switch c := word[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case 'A' <= c && c <= 'Z':
			upper = true
		default:
			return false, false
		}
	}
	return true, upper
}

// foldRunes takes the word apart, so that letters and marks are runes of their own, and puts
// together what stays.
func foldRunes(word string) string {
	word = norm.NFKD.String(cases.Fold().String(norm.NFKD.String(word)))
	var kept strings.Builder
	markless := false // whether the last letter goes without its marks
	for _, r := range word {
		switch {
		case invisible(r) || r == tatweel:
		case unicode.Is(unicode.Mn, r):
			if !markless {
				kept.WriteRune(r)
			}
		default:
			markless = unicode.In(r, unicode.Latin, unicode.Arabic, unicode.Hebrew)
			kept.WriteRune(cmp.Or(alike[r], r))
		}
	}
	return norm.NFC.String(kept.String())
}

const tatweel = 'ـ'

// alike holds letters, signs and digits that writers and keyboards use for one another and that
// Unicode does not decompose, with the one to keep. Hamza on alef, waw and yeh is a mark.
var alike = map[rune]rune{
	'ى': 'ي', 'ی': 'ي', 'ک': 'ك', 'ة': 'ه', 'ە': 'ه', 'ہ': 'ه', 'ھ': 'ه', 'ٱ': 'ا',
	'’': '\'', '‘': '\'', 'ʼ': '\'', '׳': '\'', '”': '"', '“': '"', '״': '"',
	'ı': 'i', 'ø': 'o', 'ł': 'l', 'đ': 'd',
	'٠': '0', '١': '1', '٢': '2', '٣': '3', '٤': '4', '٥': '5', '٦': '6', '٧': '7', '٨': '8',
	'٩': '9', '۰': '0', '۱': '1', '۲': '2', '۳': '3', '۴': '4', '۵': '5', '۶': '6', '۷': '7',
	'۸': '8', '۹': '9',
}
