package names

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/tensionwatch/tensionwatch/rules/words"
)

func TestShippedCounts(t *testing.T) {
	counts := map[string]int{}
	ids := map[string]bool{}
	for _, s := range Shipped() {
		counts[s.Kind]++
		if ids[s.ID] {
			t.Errorf("the id %q is taken twice", s.ID)
		}
		ids[s.ID] = true
	}
	t.Logf("people, places, bodies: %d, %d, %d", counts[Person], counts[Place], counts[Body])
	if counts[Person] < 150 || counts[Place] < 120 || counts[Body] < 80 {
		t.Errorf("too few: %v", counts)
	}
}

func TestShippedSpellingsBelongToOneSet(t *testing.T) {
	owner := map[string]string{}
	for _, set := range Shipped() {
		for _, s := range set.Spellings {
			key := folded(s.Text)
			if other, taken := owner[key]; taken && other != set.ID {
				t.Errorf("%q is a spelling of %s and of %s", s.Text, other, set.ID)
			}
			owner[key] = set.ID
		}
	}
}

// TestShippedScripts demands of each set a spelling in Latin letters, one in Russian and one in a
// language of its region.
func TestShippedScripts(t *testing.T) {
	native := map[string]string{
		"caucasus": "az hy ka", "east-asia": "zh ja ko", "gulf": "ar am", "iran": "fa",
		"levant": "ar he", "ukraine-russia": "ru uk be", "world": "ar fa",
	}
	for region, langs := range native {
		for _, set := range shippedOf(t, region) {
			if !isSpelt(set, "en") || !isSpelt(set, "ru") {
				t.Errorf("%s has no Latin or no Russian spelling", set.ID)
			}
			if !isSpelt(set, strings.Fields(langs)...) {
				t.Errorf("%s has no spelling in %s", set.ID, langs)
			}
		}
	}
}

func shippedOf(t *testing.T, region string) []Set {
	path := "aliases/" + region + ".toml"
	text, err := files.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := Parse(path, text)
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

func isSpelt(set Set, langs ...string) bool {
	return slices.ContainsFunc(set.Spellings, func(s Spelling) bool {
		return slices.Contains(langs, s.Lang)
	})
}

// TestShippedSoundAlike holds every spelling in another script to sound like a Latin one of its
// set or to be marked, and every mark to be needed. It prints the share and, with -v, each mark.
func TestShippedSoundAlike(t *testing.T) {
	total, marked := map[string]int{}, map[string][]string{}
	for _, set := range Shipped() {
		for _, s := range set.Spellings {
			if isLatin(s.Text) {
				if s.Exonym {
					t.Errorf("%s: %q is Latin; unmark it", set.ID, s.Text)
				}
				continue
			}
			total[set.Kind]++
			alike := soundsLatin(set, s.Text)
			if s.Exonym {
				marked[set.Kind] = append(marked[set.Kind], s.Text)
			}
			if !alike && !s.Exonym {
				t.Errorf("%s: %q sounds like none in Latin; set exonym = true", set.ID, s.Text)
			}
			if alike && s.Exonym {
				t.Errorf("%s: %q sounds like a Latin spelling; unmark it", set.ID, s.Text)
			}
		}
	}
	for _, kind := range []string{Person, Place, Body} {
		share := 1 - float64(len(marked[kind]))/float64(total[kind])
		t.Logf("%s: %.0f %% of %d sound alike; marked: %s", kind, 100*share, total[kind],
			strings.Join(marked[kind], ", "))
		if kind == Person && share < 0.85 {
			t.Errorf("only %.2f of the people's spellings sound alike", share)
		}
	}
}

// soundsLatin reports whether a spelling sounds like a Latin one of its set.
func soundsLatin(set Set, text string) bool {
	return slices.ContainsFunc(set.Spellings, func(s Spelling) bool {
		return isLatin(s.Text) && AlikeNames(s.Text, text)
	})
}

func isLatin(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

func folded(text string) string {
	var all []string
	for _, w := range words.Cut(text) {
		all = append(all, w.Folded)
	}
	return strings.Join(all, " ")
}

func TestParseMistakes(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no header", `id = "a"`, "f.toml:1:1: a set begins with [[person]], [[place]]"},
		{"table", "[person]", "f.toml:1:2: a set begins with"},
		{"kind", "[[people]]", "f.toml:1:3: a set begins with"},
		{"dotted", "[[place]]\nid.x = 1", "f.toml:2:1: a key here is one word"},
		{"no id", "[[place]]\nen = [\"Oman\"]", "f.toml:1:3: this place has no id"},
		{"id", "[[place]]\nid = 3", "f.toml:1:3: the id must be text"},
		{"same id", "[[place]]\nid = 'a'\nen = ['b']\n[[place]]\nid = 'a'",
			`f.toml:5:6: another set has the id "a"`},
		{"empty", "\n[[body]]\nid = 'a'", `f.toml:2:3: body "a" has no spellings`},
		{"language", "[[body]]\nid = 'a'\nenglish = ['b']",
			`f.toml:3:1: "english" is not a language`},
		{"list", "[[body]]\nid = 'a'\nen = 'b'", "f.toml:3:1: the spellings must be a list"},
		{"letters", "[[body]]\nid = 'a'\nen = ['b', '…']",
			"f.toml:3:12: a spelling must have a letter"},
		{"number", "[[body]]\nid = 'a'\nen = [1]",
			"f.toml:3:7: a spelling must have a letter"},
		{"mark", "[[body]]\nid = 'a'\nen = [{text = 'b', exonim = true}]",
			"f.toml:3:20: a spelling has text, exonym = true, ambiguous = true, not this exonim"},
		{"mark's kind", "[[body]]\nid = 'a'\nen = [{text = 'b', exonym = 1}]",
			"f.toml:3:20: a spelling has"},
		{"TOML", "[[body]]\nid = ", "f.toml:2:"},
	}
	for _, test := range tests {
		sets, err := Parse("f.toml", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) || sets != nil {
			t.Errorf("%s:\n got %v\nwant %s", test.name, err, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	sets, err := Parse("f.toml", []byte(`
# A comment.
[[place]]
id = "georgia"
en = [{text = "Georgia", ambiguous = true}, "Sakartvelo"]
ru = [ # Russian
  {text = "Грузия", exonym = true, ambiguous = false},
]`))
	want := `[{georgia place [{Georgia en false true} {Sakartvelo en false false} ` +
		`{Грузия ru true false}]}]`
	if got := fmt.Sprint(sets); err != nil || got != want {
		t.Errorf("%v\n got %s\nwant %s", err, got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[[person]]\nid = 'a'\nen = ['b', {text = 'c', exonym = true}]")
	f.Add("[[place]]\nen = [[{}]]\n[a.b]\nid = \"")
	f.Fuzz(func(t *testing.T, text string) {
		sets, err := Parse("f.toml", []byte(text))
		for _, s := range sets {
			if err != nil || s.ID == "" || s.Kind == "" || len(s.Spellings) == 0 {
				t.Fatalf("%+v, %v", sets, err)
			}
		}
	})
}
