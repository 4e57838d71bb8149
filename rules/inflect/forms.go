package inflect

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

// nameList holds, a line for each language and one for all in Latin letters, names that only look inflected: the names of the region
// that ship with the program, gathered by a test of package names.
//
//go:embed forms/names.txt
var nameList string

// forms reads the list of a language into a table from words to their keys.
func forms(language, list string) map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(nameList) {
		of, names, ok := strings.Cut(line, ": ")
		if ok && (of == language || of == "latin" && strings.Contains("en fr tr", language)) {
			for name := range strings.FieldsSeq(names) {
				table[name] = name
			}
		}
	}
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
