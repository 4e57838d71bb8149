package names

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/rules/inflect"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

var update = flag.Bool("update", false, "write the list of names that are known to package inflect")

// TestNamesAreKnownToInflect gathers the names that look as if they were inflected, or before which a
// letter may be attached, and compares them with the list that package inflect holds: without it
// Hamas would be a plural of Hama, and בלבנון nothing in particular.
func TestNamesAreKnownToInflect(t *testing.T) {
	const file = "../inflect/forms/names.txt"
	var b strings.Builder
	b.WriteString("# Names that ship, gathered by TestNamesAreKnownToInflect of package names with\n" +
		"# -update: a language, and words that are each their own key in it.\n")
	for _, lang := range []string{"latin", "ru", "ar", "fa", "he"} {
		known := map[string]bool{}
		for _, set := range Shipped() {
			for _, s := range set.Spellings {
				gatherNames(known, set, s, lang)
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", lang, strings.Join(slices.Sorted(maps.Keys(known)), " "))
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := os.ReadFile(file); err != nil || string(list) != b.String() {
		t.Errorf("%s is not what the aliases ask for (%v): run this test with -update", file, err)
	}
}

// gatherNames adds the words of a spelling that package inflect must know in a language, or in all
// that are written in Latin letters.
func gatherNames(known map[string]bool, set Set, s Spelling, lang string) {
	cut := words.Cut(s.Text)
	languages := inflect.Languages(cut[0].Folded)
	if utf8.RuneCountInString(cut[0].Folded) < 3 || len(languages) == 0 {
		return
	}
	first, isWhole := cut[0].Folded, len(cut) == 1
	switch {
	case lang == "latin":
		known[first] = known[first] || isWhole && languages[0] == "en"
	case s.Lang != lang:
		return
	case lang == "ru":
		known[first] = known[first] || isWhole && !declines(first, set.Kind)
	case lang == "he" && set.Kind == Body && strings.HasPrefix(first, "ה"):
		return // an article
	default: // in Arabic and Hebrew the first word of a name takes what is attached before it
		known[first] = known[first] || isWhole || set.Kind == Person
	}
	if !known[first] {
		delete(known, first)
	}
}

// declines reports whether a Russian name has an ending that changes with its case. One that ends in
// a consonant has none, and one in a vowel that no case has, or a person's in -и, never gets one.
func declines(name, kind string) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	switch last {
	case 'а', 'я', 'ь', 'й', 'ы', 'о', 'е':
		return true
	case 'и':
		return kind != Person
	}
	return false
}
