package words

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which two spellings of one word are equal. It is NFKC with full case
// folding; a possessive 's and the dots of initials are off, and so are diacritics on Latin
// letters, vowel signs and hamza on Arabic ones and niqqud on Hebrew ones. On other scripts marks
// make letters (й is not и) and stay, save the dots of ё, which Russian mostly leaves out. Arabic
// and Persian letters and digits that look alike are one, and joiners, tatweel and every other
// invisible character are gone.
func Fold(word string) string {
	if plain, upper := isPlain(word); plain && upper {
		return strings.ToLower(word)
	} else if plain {
		return word
	}
	word = withoutPossessive(foldRunes(strings.ToValidUTF8(word, "")))
	if isInitials(word) {
		word = strings.ReplaceAll(word, ".", "")
	}
	return word
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
	word = cases.Fold().String(norm.NFKD.String(word))
	// Lower case settles Cherokee, whose small and capital letters cases.Fold exchanges.
	word = norm.NFKD.String(strings.ToLower(word))
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
			markless = r == 'е' || unicode.In(r, unicode.Latin, unicode.Arabic, unicode.Hebrew)
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
