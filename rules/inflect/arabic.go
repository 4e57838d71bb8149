package inflect

import (
	"strings"
	"unicode/utf8"
)

// arabic cuts the article with what is attached before it, and plurals, duals and pronouns behind.
// The adjective in -ي and its -ية stay: they are other words. The idea is that of light stemming
// (Larkey, Ballesteros and Connell, SIGIR 2002), cut down to what inflects.
func arabic(word string) string {
	return arabicNumber(arabicBare(word))
}

var arabicForms = forms("ar", arabicList)

// arabicBare returns a word without conjunction, preposition and article. A single letter is cut
// only before words of the list, as roots may begin with it; و, the commonest by far, is cut before
// all but those.
func arabicBare(word string) string {
	for !isArabicForm(word) && !isArabicForm(arabicNumber(word)) {
		rest, ok := strings.CutPrefix(word, "و")
		if !ok || letters(rest) < 3 {
			break
		}
		word = rest
	}
	if isArabicForm(word) {
		return word
	}
	for _, prefix := range [...]string{"ل", "ب", "ف", "ك"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok && isArabicForm(rest) {
			return rest
		}
	}
	if rest, ok := strings.CutPrefix(word, "لل"); ok && isArabicForm("ال"+rest) {
		return "ال" + rest // to it, the article loses its alef
	}
	for _, prefix := range [...]string{"فال", "بال", "كال", "ال"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok && letters(rest) > 2 {
			return rest
		}
	}
	if rest, ok := strings.CutPrefix(word, "لل"); ok && letters(rest) > 2 {
		return rest
	}
	return word
}

func isArabicForm(word string) bool {
	_, ok := arabicForms[word]
	return ok
}

// arabicNumber returns the singular of a word without prefixes.
func arabicNumber(word string) string {
	if base, ok := arabicForms[word]; ok {
		return base
	}
	word, _ = replaced(word, arabicPronouns)
	if base, ok := arabicForms[word]; ok {
		return base
	}
	if base, ok := strings.CutSuffix(word, "ات"); ok && letters(base) > 1 {
		return arabicFeminine(base + "ه")
	}
	if base, ok := replaced(word, arabicEndings); ok {
		return base
	}
	base, ok := strings.CutSuffix(word, "ا") // the adverb, صاروخا
	if ok && letters(base) > 3 && !strings.HasSuffix(base, "ي") {
		return base
	}
	return arabicFeminine(word)
}

var (
	arabicPronouns = []ending{
		{"اتها", "ات", 1}, {"اتهم", "ات", 1}, {"تها", "ه", 2}, {"تهم", "ه", 3},
		{"ها", "", 3}, {"هم", "", 4},
	}
	arabicEndings = []ending{{"تان", "ه", 3}, {"تين", "ه", 4}, {"ون", "", 3}, {"ين", "", 3}}
)

// arabicFeminine drops the ه of a word whose plural in -ات is shared by words without one: verbal
// nouns (قرار, اجتماع, تصريح), as told by their pattern.
func arabicFeminine(word string) string {
	base, ok := strings.CutSuffix(word, "ه")
	if !ok {
		return word
	}
	r := []rune(base)
	n := len(r)
	switch {
	case n == 4 && r[2] == 'ا',
		n >= 5 && n <= 7 && r[0] == 'ا' && r[n-2] == 'ا',
		n == 5 && r[0] == 'ت' && r[3] == 'ي':
		return base
	}
	return word
}

func letters(word string) int { return utf8.RuneCountInString(word) }
