package engine

import (
	"slices"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// exactTest is a document and the rules of TestExactEngines that it answers.
type exactTest struct {
	name        string
	title, text string
	want        []int32
}

func exactTests() []exactTest {
	return []exactTest{
		{"nothing", "", "", nil},
		{"inside another", "", "A woman in Romania", nil},
		{"title", "Oman", "", []int32{0, 5, 6}},
		{"both", "Oman", "hosts talks", []int32{0, 1, 2, 5}},
		{"twice", "Talks in Oman, talks of talks", "Oman, Oman", []int32{0, 1, 2, 5}},
		{"last of a passage", "Oman" + strings.Repeat(" a", 28), "talks", []int32{0, 1, 2, 5}},
		{"beyond it", "Oman" + strings.Repeat(" a", 29), "talks", []int32{0, 5}},
		{"beyond it, then near", "Talks" + strings.Repeat(" a", 40), "Oman is for talks",
			[]int32{0, 1, 2, 5}},
		{"only the other", "", "TALKS", []int32{5}},
		{"phrase", "", "In the Strait of Hormuz.", []int32{3, 4}},
		{"phrase twice begun", "", "strait of strait of Hormuz", []int32{3, 4}},
		{"phrase across fields", "The strait", "of Hormuz", []int32{4}},
		{"phrase cut off", "strait of", "Strait of", nil},
	}
}

// TestExactEngines asserts which rules the engines that must agree find, where news is not at hand.
func TestExactEngines(t *testing.T) {
	word := func(s string) []string { return strings.Fields(s) }
	drawn := []corpus.Rule{
		{Kind: corpus.Word, A: word("oman")},
		{Kind: corpus.Run, A: word("oman"), B: "talks"},
		{Kind: corpus.Run, A: word("talks"), B: "oman"},
		{Kind: corpus.Phrase, A: word("strait of hormuz")},
		{Kind: corpus.Phrase, A: word("of hormuz")},
		{Kind: corpus.Or, A: word("oman"), B: "talks"},
		{Kind: corpus.Not, A: word("oman"), B: "talks"},
	}
	product, err := NewProduct(corpus.Watches(drawn, true))
	if err != nil {
		t.Fatal(err)
	}
	count := func(word string) int { return len(word) }
	engines := map[string]Engine{
		"product":     product,
		"ahocorasick": NewAhoCorasick(drawn, count),
		"reporter":    NewReporter(drawn, count),
		"tokens":      NewTokens(drawn),
	}
	for name, e := range engines {
		for _, test := range exactTests() {
			e.Match(rules.Document{Title: test.title, Text: test.text, Lang: "en"})
			if got := slices.Sorted(slices.Values(e.Found())); !slices.Equal(got, test.want) {
				t.Errorf("%s: %s: %v, want %v", name, test.name, got, test.want)
			}
		}
	}
}

// TestNaiveEngines asserts what the others find of the same.
func TestNaiveEngines(t *testing.T) {
	drawn := []corpus.Rule{
		{Kind: corpus.Word, A: []string{"oman"}},
		{Kind: corpus.Run, A: []string{"oman"}, B: "talks"},
		{Kind: corpus.Phrase, A: []string{"gulf", "of", "oman"}},
		{Kind: corpus.Or, A: []string{"iran"}, B: "oman"},
		{Kind: corpus.Not, A: []string{"oman"}, B: "football"},
	}
	d := rules.Document{Title: "Talks in the Gulf of Oman", Text: "A woman"}
	for name, e := range map[string]Engine{
		"contains": NewContains(drawn), "regexp": NewRegexp(drawn),
	} {
		if n := e.Match(d); n != len(drawn) {
			t.Errorf("%s finds %v", name, e.Found())
		}
	}
}
