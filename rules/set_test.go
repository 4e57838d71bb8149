package rules

import (
	"slices"
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
