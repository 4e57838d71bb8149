package rules

import (
	"unicode"

	"github.com/tensionwatch/tensionwatch/rules/words"
)

// Word is one word of a text: its place, and the form in which it is compared.
type Word = words.Word

// Words cuts a text as the matcher does. See [words.Cut].
func Words(text string) []Word { return words.Cut(text) }

// Fold returns the form in which two spellings of one word are equal. See [words.Fold].
func Fold(word string) string { return words.Fold(word) }

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

// readable reports whether a character is part of what a word says.
func readable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
