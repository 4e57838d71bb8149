package inflect

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/rules/words"
)

// TestStem reads testdata as somebody would who learns what is taken for a form. The name of an
// archive is a language; each line of a section "forms" is words that meet, and of "others" words
// that stay apart; on one of "limits" words meet though they should not. A section ends at the
// first empty line; the rest is prose.
func TestStem(t *testing.T) {
	least := map[string]int{"en": 60, "fr": 40, "tr": 40, "ru": 40, "ar": 40, "fa": 40, "he": 40}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) != len(least) {
		t.Fatalf("testdata: %v, %v", files, err)
	}
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(lang, func(t *testing.T) {
			forms, others := checkGold(t, lang, file)
			t.Logf("%d pairs meet, %d stay apart", forms, others)
			if forms < least[lang] || others < least[lang] {
				t.Errorf("%d forms and %d others are too few to tell", forms, others)
			}
		})
	}
}

// checkGold returns how many pairs of forms and of other words a file of gold has.
func checkGold(t *testing.T, lang, file string) (forms, others int) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range archive.Files {
		said, _, _ := strings.Cut(string(section.Data), "\n\n")
		for line := range strings.Lines(said) {
			list := slices.Collect(keysOf(lang, line))
			for i, w := range list {
				for _, v := range list[:i] {
					if (w.key == v.key) == (section.Name == "others") {
						t.Errorf("%s: %v and %v", section.Name, v, w)
					}
				}
			}
			switch section.Name {
			case "forms":
				forms += len(list) - 1
			case "others":
				others += len(list) * (len(list) - 1) / 2
			}
		}
	}
	return forms, others
}

type keyed struct{ word, key string }

// keysOf yields the words of a line with the key of their last part: F-35 goes by its number.
func keysOf(lang, line string) func(yield func(keyed) bool) {
	return func(yield func(keyed) bool) {
		for word := range strings.FieldsSeq(line) {
			cut := words.Cut(word)
			if !yield(keyed{word, Stem(lang, cut[len(cut)-1].Folded)}) {
				return
			}
		}
	}
}

func TestStemElsewhere(t *testing.T) {
	for _, lang := range []string{"", "de", "zh", "xx"} {
		if got := Stem(lang, "talks"); got != "talks" {
			t.Errorf("Stem(%q, talks) = %q", lang, got)
		}
	}
	if long := strings.Repeat("missiles", 20); Stem("en", long) != long {
		t.Error("no word is that long")
	}
}

func TestLanguages(t *testing.T) {
	tests := map[string]string{
		"talks": "en fr tr", "موشك": "ar fa", "ракета": "ru", "טיל": "he", "35s": "en fr tr",
		"北": "", "αθηνα": "", "": "en fr tr",
	}
	for word, want := range tests {
		if got := strings.Join(Languages(word), " "); got != want {
			t.Errorf("Languages(%q) = %q, want %q", word, got, want)
		}
	}
}

// FuzzStem proves that any word has a key in any language, and valid text a valid one.
func FuzzStem(f *testing.F) {
	for _, seed := range []string{
		"s", "ing", "bing", "ied", "ies", "'s", "l'", "l'l'",
		"lar", "ами", "ия", "вал", "و", "وووو", "للل",
		"ات", "ها", "ו", "וווו", "הות", "לים", "aaaa",
		"sses", "qued", "yyying", "\xff", "35s", "ыись",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		for lang := range stemmers {
			stem := Stem(lang, word)
			if stem == "" && word != "" {
				t.Fatalf("%s: %q has no key", lang, word)
			}
			if utf8.ValidString(word) && !utf8.ValidString(stem) {
				t.Fatalf("%s: %q has key %q", lang, word, stem)
			}
			if len(stem) > len(word)+4 {
				t.Fatalf("%s: %q grew to %q", lang, word, stem)
			}
		}
	})
}
