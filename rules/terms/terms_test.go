package terms

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestDictionary finds every key that was put, and no other.
func TestDictionary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 100, 5000} {
		var uses []keyedUse
		f := newFilter(n)
		for i := range n {
			u := keyedUse{random.Uint64() | 1, use{term: uint32(i)}}
			uses = append(uses, u)
			f.add(u.key)
		}
		d, _ := filed(slices.Clone(uses))
		for _, u := range uses {
			if s := d.find(u.key); s == nil || s.ref != u.term || !f.mayHold(u.key) {
				t.Fatalf("of %d keys, %x is not found", n, u.key)
			}
		}
		passed := 0
		for range 10_000 {
			key := random.Uint64() &^ 1
			if d.find(key) != nil {
				t.Fatalf("of %d keys, %x is found and was not put", n, key)
			}
			if f.mayHold(key) {
				passed++
			}
		}
		if n > 100 && passed > 2500 {
			t.Errorf("the filter for %d keys lets %d of 10,000 others pass", n, passed)
		}
	}
}

// TestPrefixes compares the search with trying every beginning.
func TestPrefixes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(most int) string {
		var b strings.Builder
		for range 2 + random.IntN(most) {
			b.WriteByte("abc"[random.IntN(3)])
		}
		return b.String()
	}
	var list []prefixUse
	for i := range 200 {
		list = append(list, prefixUse{text: word(5), uses: []use{{term: uint32(i)}}})
	}
	p := newPrefixes(slices.Clone(list))
	for range 5000 {
		w := word(8)
		var got, want []string
		for at := p.longest(w); at >= 0; at = p.list[at].shorter {
			for _, u := range p.list[at].uses {
				got = append(got, fmt.Sprint(u.term))
			}
		}
		for _, u := range list {
			if strings.HasPrefix(w, u.text) {
				want = append(want, fmt.Sprint(u.uses[0].term))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%s begins with %v, want %v", w, got, want)
		}
	}
}

// TestRequired asserts what each match of an expression is known to hold.
func TestRequired(t *testing.T) {
	for re, want := range map[string]string{
		`mis+iles?`:         "ile",
		`(?i)IRAN nuclear`:  "IRAN NUCLEAR",
		`(?i)tankers`:       "TAN",
		`drone|missile`:     "",
		`(killed)+ \d+`:     "killed",
		`(shot){2,3} down`:  " down",
		`(north)? ?gaza`:    "gaza",
		`\d{3}`:             "",
		`شمخانی\b`:          "شمخانی",
		`[Aa]li Shamkhani$`: "li Shamkhani",
	} {
		c := newCompiled(strings.TrimSuffix(re, `\b`), 0)
		if got := c.required(); !strings.EqualFold(got, want) {
			t.Errorf("%s: %q, want %q", re, got, want)
		}
	}
}
