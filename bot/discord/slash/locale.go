package slash

import (
	_ "embed"
	"strings"
)

// locales are the languages of the columns in locale.txt, behind English. Discord has none for
// Arabic, Persian and Hebrew.
var locales = [...]string{"ru", "tr", "fr", "uk", "es-ES"}

//go:embed locale.txt
var localeText string

// translations are a text in the other languages; nil if there are none.
func translations(english string) map[string]string { return column(english, "") }

// names are the name of a command or an option in the other languages. Names have lines of their own:
// Discord takes no capitals and no blanks in them.
func names(english string) map[string]string { return column(english, "name ") }

// column finds the line of a text.
func column(english, prefix string) map[string]string {
	for line := range strings.Lines(localeText) {
		cells := strings.Split(strings.TrimRight(line, "\n"), " | ")
		if cells[0] != prefix+english || len(cells) != len(locales)+1 {
			continue
		}
		found := make(map[string]string, len(locales))
		for i, locale := range locales {
			found[locale] = cells[i+1]
		}
		return found
	}
	return nil
}
