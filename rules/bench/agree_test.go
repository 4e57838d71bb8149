package bench

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
	"github.com/tensionwatch/tensionwatch/rules/bench/engine"
)

// TestEnginesAgree asserts that the exact engines find the same watches in the news, so that the
// times they take can be compared.
func TestEnginesAgree(t *testing.T) {
	c := load(t, 2_000)
	product := build(t, c, "product")
	rivals := []string{"ahocorasick", "ahocorasick-hits", "tokens"}
	var engines []engine.Engine
	for _, name := range rivals {
		engines = append(engines, build(t, c, name))
	}
	total := 0
	for _, d := range c.Documents[:300] {
		want := ids(product, d)
		total += len(want)
		for i, e := range engines {
			if got := ids(e, d); !slices.Equal(got, want) {
				t.Errorf("%s finds %v in %q, the product %v", rivals[i], got, d, want)
			}
		}
	}
	if t.Logf("%d matches", total); total < 300 {
		t.Error("so few prove nothing")
	}
}

// TestHitsAgree asserts that the product and the rival that reports as it does find the same
// places: two ways of finding them that share nothing but where words end.
func TestHitsAgree(t *testing.T) {
	c := load(t, 20_000)
	product := build(t, c, "product").(*engine.Product)
	reporter := build(t, c, "ahocorasick-hits").(*engine.Reporter)
	total := 0
	for _, d := range c.Documents[:1_000] {
		total += product.Match(d)
		reporter.Match(d)
		want, got := product.Matches(), reporter.Matches()
		slices.SortFunc(got, func(a, b rules.Match) int { return strings.Compare(a.Watch, b.Watch) })
		if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Fatalf("the rival finds %v in %q, the product %v", got, d, want)
		}
	}
	t.Logf("%d matches", total)
}

// build builds an entrant with all rules of a contest.
func build(t *testing.T, c *Contest, name string) engine.Engine {
	t.Helper()
	for _, e := range c.Entrants() {
		if e.Name == name {
			built, err := e.Prepare(c.Rules)()
			if err != nil {
				t.Fatal(err)
			}
			return built
		}
	}
	t.Fatalf("there is no %s", name)
	return nil
}

// ids returns the IDs of the watches that an engine finds, in order.
func ids(e engine.Engine, d rules.Document) []string {
	e.Match(d)
	var all []string
	for _, number := range e.Found() {
		all = append(all, corpus.ID(int(number)))
	}
	slices.Sort(all)
	return all
}
