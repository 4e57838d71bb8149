package article

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fits says why the text of a page should not stand in place of what the feed itself gives of an
// item, nil when it may. It is pure.
func Fits(text, title, given string) error {
	switch {
	case len(text) <= len(given):
		return errors.New("the page says no more than the feed")
	case !tells(text, title):
		return errors.New("the page speaks of something else than the item's title")
	}
	return nil
}

// tells reports whether a text holds at least a quarter of the longer words of a title, by their
// beginnings, so that inflection does not matter. A page that was put in the article's place holds
// hardly any. A title of few words proves nothing.
func tells(text, title string) bool {
	const long, begins, few = 4, 5, 3 // letters, letters, words
	text = strings.ToLower(text)
	words, found := 0, 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(title), partsWords) {
		if utf8.RuneCountInString(word) < long {
			continue
		}
		words++
		if letters := []rune(word); len(letters) > begins {
			word = string(letters[:begins])
		}
		if strings.Contains(text, word) {
			found++
		}
	}
	return words < few || found*4 >= words
}

func partsWords(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}
