package words

import (
	_ "embed"
	"strings"
)

// The lists of forms, one for each language, as their first lines say.
var (
	//go:embed forms/en.txt
	englishList string
	//go:embed forms/fr.txt
	frenchList string
	//go:embed forms/tr.txt
	turkishList string
	//go:embed forms/ru.txt
	russianList string
	//go:embed forms/ar.txt
	arabicList string
	//go:embed forms/fa.txt
	persianList string
	//go:embed forms/he.txt
	hebrewList string
)

// forms reads a list into a table from words to their keys.
func forms(list string) map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		whole, isWhole := strings.CutPrefix(line, "=")
		words := strings.Fields(whole)
		for _, word := range words {
			table[word] = words[0]
			if isWhole {
				table[word] = word
			}
		}
	}
	return table
}
