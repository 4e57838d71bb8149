// Package inflect makes the inflected forms of one word equal, in the languages of the news.
//
// [Stem] is a pure function that takes any bytes, fails on none and may be called from any number of
// goroutines. Words come folded, as package words folds them.
package inflect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestStemmed is the length in bytes up to which a word may be one of a language.
const longestStemmed = 100

// Stem returns the key of a word in a language: two words of one language are forms of one word if
// and only if their keys are equal. Folded is a word as [Fold] returns it, language a code as
// [Language] does. A key is for comparing only; it is often no word and may not be its own key.
//
// Forms are plurals, cases, verb endings, genders of adjectives and attached articles, prepositions
// and pronouns. Words derived from others are not: Israel and Israeli, nation and national stay
// apart. Where an ending may be either, or a name may only look inflected, the word keeps it: a
// missed form is mended by an alias, a wrong one by nothing. In other languages than those with
// rules of their own the key is the word.
func Stem(language, folded string) string {
	inflect := stemmers[language]
	if inflect == nil || len(folded) > longestStemmed {
		return folded
	}
	if stem := inflect(folded); stem != "" {
		return stem
	}
	return folded
}

var stemmers = map[string]func(string) string{
	"en": english, "fr": french, "tr": turkish, "ru": russian,
	"ar": arabic, "fa": persian, "he": hebrew,
}

// Languages returns those languages with rules of inflection that a word may belong to, by its
// script. A word without letters may belong to any of the Latin ones: F-35s, les 35s.
func Languages(folded string) []string {
	for _, r := range folded {
		switch {
		case unicode.Is(unicode.Latin, r):
			return []string{"en", "fr", "tr"}
		case unicode.Is(unicode.Arabic, r):
			return []string{"ar", "fa"}
		case unicode.Is(unicode.Cyrillic, r):
			return []string{"ru"}
		case unicode.Is(unicode.Hebrew, r):
			return []string{"he"}
		case unicode.IsLetter(r):
			return nil
		}
	}
	return []string{"en", "fr", "tr"}
}

// ending is a rule of inflection: a word loses cut and gains put, if least characters stay.
type ending struct {
	cut, put string
	least    int
}

// replaced applies the first of the endings that fits.
func replaced(word string, endings []ending) (string, bool) {
	for _, e := range endings {
		rest, ok := strings.CutSuffix(word, e.cut)
		if ok && utf8.RuneCountInString(rest) >= e.least {
			return rest + e.put, true
		}
	}
	return word, false
}

// cuts makes rules that cut each of the endings, which are parted by spaces, longest first.
func cuts(least int, put, list string) []ending {
	var endings []ending
	for cut := range strings.FieldsSeq(list) {
		endings = append(endings, ending{cut, put, least})
	}
	return endings
}

// set makes a set of words parted by white space.
func set(list string) map[string]bool {
	members := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		members[word] = true
	}
	return members
}

// hasAnySuffix reports whether a word ends in one of the endings, which are parted by spaces.
func hasAnySuffix(word, list string) bool {
	for suffix := range strings.FieldsSeq(list) {
		if strings.HasSuffix(word, suffix) {
			return true
		}
	}
	return false
}
