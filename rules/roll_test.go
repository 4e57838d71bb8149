package rules

import (
	"strings"
	"testing"
)

// TestRoll writes watches down and reads them back, those with empty and with long names too.
func TestRoll(t *testing.T) {
	long := strings.Repeat("ن", 10_000)
	watches := []Watch{
		{ID: "a"},
		{ID: "b", Name: "b", Owner: "config", Rule: "Oman talks"},
		{ID: "c", Name: long, Owner: long[:254], Rule: long},
		{ID: "d", Name: strings.Repeat("n", 127), Owner: strings.Repeat("o", 128), Rule: "x"},
	}
	r := newRoll(watches)
	if r.len() != len(watches) {
		t.Fatalf("%d watches, want %d", r.len(), len(watches))
	}
	for i, want := range watches {
		at, ok := r.search(want.ID)
		if !ok || int(at) != i || r.watch(at) != want {
			t.Errorf("%s: place %d, %t: %.80v", want.ID, at, ok, r.watch(at))
		}
	}
	for _, id := range []string{"", "aa", "e"} {
		if at, ok := r.search(id); ok {
			t.Errorf("%q is found at %d", id, at)
		}
	}
}
