package inflect

import "strings"

// hebrew cuts plurals and the letters that write and, that, in, to, from, as and the before a word.
// A root may begin with the same letters: of the words of the field those are known.
func hebrew(word string) string {
	stem, known := hebrewSingular(word)
	for _, prefixes := range [...]string{"ו", "כש ש", "מ ב ל כ", "ה"} {
		if known {
			return stem
		}
		for prefix := range strings.FieldsSeq(prefixes) {
			rest, ok := strings.CutPrefix(word, prefix)
			if ok && letters(rest) > 2 {
				word = rest
				stem, known = hebrewSingular(word)
				break
			}
		}
	}
	return stem
}

var hebrewForms = forms("he", hebrewList)

// hebrewSingular returns the singular of a plural, with its last letter in the form inside a word,
// and whether it is on the list.
func hebrewSingular(word string) (stem string, known bool) {
	if base, ok := hebrewForms[word]; ok {
		return base, true
	}
	word, _ = replaced(word, hebrewPlurals)
	word, _ = replaced(word, hebrewFinals)
	if base, ok := hebrewForms[word]; ok {
		return base, true
	}
	return word, false
}

// A feminine in -ית is an adjective or a language and stays: רוסית is not רוסיה.
var (
	hebrewPlurals = []ending{{"ות", "ה", 2}, {"ים", "", 2}, {"ית", "ית", 0}, {"ת", "ה", 3}}
	hebrewFinals  = []ending{
		{"ם", "מ", 2}, {"ן", "נ", 2}, {"ץ", "צ", 2}, {"ף", "פ", 2}, {"ך", "כ", 2},
	}
)
