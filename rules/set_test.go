package rules

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

func ids(s *Set) []string {
	var ids []string
	for _, m := range s.Match(Document{Text: "one two three"}) {
		ids = append(ids, m.Watch)
	}
	return ids
}

func TestWithAndWithout(t *testing.T) {
	var none *Set
	two, err := none.With(Watch{ID: "two", Rule: "two"})
	if err != nil {
		t.Fatal(err)
	}
	both, err := two.With(Watch{ID: "one", Rule: "one"})
	if err != nil {
		t.Fatal(err)
	}
	replaced, err := both.With(Watch{ID: "two", Rule: "four"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := both.With(Watch{ID: "bad", Rule: "("}); err == nil {
		t.Error("With took a rule that cannot be read")
	}
	tests := []struct {
		name string
		set  *Set
		len  int
		want []string
	}{
		{"none", none, 0, nil},
		{"two", two, 1, []string{"two"}},
		{"both", both, 2, []string{"one", "two"}},
		{"replaced", replaced, 2, []string{"one"}},
		{"one less", both.Without("one"), 1, []string{"two"}},
		{"as many", both.Without("three"), 2, []string{"one", "two"}},
		{"none less", none.Without("one"), 0, nil},
	}
	for _, test := range tests {
		got, n := ids(test.set), test.set.Len()
		if !slices.Equal(got, test.want) || n != test.len {
			t.Errorf("%s: %v of %d, want %v of %d", test.name, got, n, test.want, test.len)
		}
	}
	if w, ok := replaced.Watch("two"); !ok || w.Rule != "four" {
		t.Errorf("Watch(two) = %+v, %t", w, ok)
	}
	if _, ok := none.Watch("two"); ok {
		t.Error("nothing has a watch")
	}
}

func TestMatchesAreOrderedByID(t *testing.T) {
	got := ids(compileRules(t, "two", "three", "one"))
	if want := []string{"one", "three", "two"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestMatchWhileChanging is for the race detector.
func TestMatchWhileChanging(t *testing.T) {
	set := compileRules(t, "one", "two")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 100 {
				if got := ids(set); !slices.Equal(got, []string{"one", "two"}) {
					t.Errorf("%v", got)
				}
			}
		})
		group.Go(func() {
			for range 100 {
				_, err := set.Without("one").With(Watch{ID: "three", Rule: "three"})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// TestSetIsWhatWasAsked changes a set at random and compares it, now and then, with one that is
// compiled of what it should hold.
func TestSetIsWhatWasAsked(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	set, err := Compile(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]Watch{}
	d := Document{Text: "one two three four five six seven eight nine"}
	for i := range 4000 {
		w := Watch{ID: fmt.Sprint(random.IntN(700)), Rule: oneOf(random, "one", "two", "ten", "six -one",
			`"two three"`, "one OR ten", "NEAR/2")}
		if w.Rule == "NEAR/2" {
			set = set.Without(w.ID)
			delete(held, w.ID)
		} else if set, err = set.With(w); err != nil {
			t.Fatal(err)
		} else {
			held[w.ID] = w
		}
		if i%200 == 0 {
			compareSets(t, set, held, d)
		}
	}
}

func oneOf(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }

func compareSets(t *testing.T, got *Set, held map[string]Watch, d Document) {
	t.Helper()
	want, err := Compile(slices.Collect(maps.Values(held)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Len() != want.Len() || !reflect.DeepEqual(got.Match(d), want.Match(d)) ||
		!slices.Equal(slices.Collect(got.Watches()), slices.Collect(want.Watches())) {
		t.Fatalf("the set holds %d watches, wanted are %d, or they match otherwise",
			got.Len(), want.Len())
	}
}

func TestEqualRulesShareAnEntry(t *testing.T) {
	names := NewNames([]Alias{
		{Owner: "slack:T1", Names: []string{"Shamkhani", "Zorblax"}},
		{Owner: "slack:T2", Names: []string{"Muscat", "Quux"}},
	})
	set, err := Compile([]Watch{
		{ID: "a", Owner: "config", Rule: "Shamkhani"},
		{ID: "b", Owner: "slack:T1", Rule: "Shamkhani"}, // has a spelling of its own
		{ID: "c", Owner: "slack:T2", Rule: "(Shamkhani)"},
		{ID: "d", Owner: "slack:T3", Rule: "Shamkhani"},
	}, names)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(set.layers[0].heads) - 1; n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
	for text, want := range map[string]int{"Shamkhani": 4, "شمخانی": 4, "Zorblax": 1} {
		if got := len(set.Match(Document{Text: text})); got != want {
			t.Errorf("%s: %d watches, want %d", text, got, want)
		}
	}
}

// TestExpressionsRead64KiB asserts where a regular expression stops reading.
func TestExpressionsRead64KiB(t *testing.T) {
	set := compileRules(t, "/need+le/")
	title := strings.Repeat("a ", 1000)
	for _, test := range []struct {
		hay  int
		want bool
	}{{0, true}, {62 << 10, true}, {64 << 10, false}} {
		d := Document{Title: title, Text: strings.Repeat("é", test.hay/2) + " needle"}
		if got := len(set.Match(d)) > 0; got != test.want {
			t.Errorf("after %d bytes: %t", test.hay, got)
		}
	}
}

// TestLayersStayFew asserts that additions and removals do not leave layers behind.
func TestLayersStayFew(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var set *Set
	for i := range 5000 {
		id := fmt.Sprint(random.IntN(2000))
		if i%3 == 0 {
			set = set.Without(id)
		} else {
			var err error
			if set, err = set.With(Watch{ID: id, Rule: "one"}); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(set.layers); n > maxSmall+8 {
			t.Fatalf("%d layers for %d watches after %d changes", n, set.Len(), i)
		}
	}
}

// TestManySpellings compiles a rule with a name of more spellings than a rule has terms.
func TestManySpellings(t *testing.T) {
	alias := Alias{Owner: Everyone}
	for i := range 600 {
		alias.Names = append(alias.Names, fmt.Sprintf("name%dx", i))
	}
	alias.Names = append(alias.Names, "a*")
	set, err := Compile([]Watch{{ID: "w", Owner: Everyone, Rule: "name1x talks"}},
		NewNames([]Alias{alias}))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"name599x talks": 1, "name5x": 0, "alpha talks": 0} {
		if got := len(set.Match(Document{Text: text})); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestZeroSet(t *testing.T) {
	set, err := new(Set).With(Watch{ID: "w", Rule: "one"})
	if err != nil || len(set.Match(Document{Title: "one"})) != 1 {
		t.Errorf("%v", err)
	}
}
