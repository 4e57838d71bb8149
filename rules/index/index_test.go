package index

import (
	"testing"

	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
)

// TestFiledUnderTheRarest asserts under which words a rule is looked for: not under those that all
// news is full of, nor those that more rules ask for.
func TestFiledUnderTheRarest(t *testing.T) {
	b := NewBuilder(page.NewReader(), 4)
	for _, rule := range []string{
		"the talks", "talks missile", "talks AND (Oman OR the)", `lang:fa -x "of Hormuz" government`,
	} {
		r, err := query.Parse(rule)
		if err != nil {
			t.Fatal(err)
		}
		b.Add(r.Root)
	}
	x := b.Index()
	want := map[string]int{"talks": 2, "missile": 1, "of Hormuz": 1}
	for term := range uint32(len(x.filedAt) - 1) {
		name, entries := x.terms.Text(term), 0
		for at := x.filedAt[term]; at < x.filedAt[term+1]; at++ {
			if filing(x.filed[at]&filingMask) == filedBeside {
				at++
			}
			entries++
		}
		if entries != want[name] {
			t.Errorf("%d rules are filed under %s, want %d", entries, name, want[name])
		}
	}
}

func TestGap(t *testing.T) {
	for _, test := range []struct {
		a, b page.Span
		want int32
	}{
		{page.Span{From: 0, To: 1}, page.Span{From: 1, To: 2}, 1},
		{page.Span{From: 5, To: 6}, page.Span{From: 0, To: 1}, 5},
		{page.Span{From: 0, To: 3}, page.Span{From: 4, To: 5}, 2},
		{page.Span{From: 0, To: 3}, page.Span{From: 1, To: 2}, 0},
		{page.Span{From: 1, To: 2}, page.Span{From: 1, To: 2}, 0},
	} {
		if got := gap(test.a, test.b); got != test.want || gap(test.b, test.a) != test.want {
			t.Errorf("%v and %v: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
