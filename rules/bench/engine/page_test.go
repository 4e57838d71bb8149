package engine

import (
	"errors"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// TestPage asserts that the short cuts of a page cut and fold as the product does.
func TestPage(t *testing.T) {
	for _, text := range []string{
		"", " ", "Oman", "Oman hosts  talks.", "Oman's talks, Iran’s “answer”",
		"3.5bn, 1,000 and 1, 000", "U.S.-Iran talks; the U.S. said: no.",
		"It ended.The next (one) began", "café, CAFÉ. Çelik",
		"it's theirs' 2023's 'Avatar' ’s", "a_b c:d e: f/g -h", "x, \u0301y", "word\u00adword end's",
	} {
		testPage(t, rules.Document{Title: text, Text: text})
	}
}

// TestPageOnNews asserts the same for all the news.
func TestPageOnNews(t *testing.T) {
	documents, err := corpus.Documents("../../../../shared/data")
	if errors.Is(err, corpus.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		testPage(t, d)
	}
}

func testPage(t *testing.T, d rules.Document) {
	t.Helper()
	p := newPage()
	p.placed = true
	p.read(d)
	var want strings.Builder
	n := 0
	for _, text := range []string{d.Title, d.Text} {
		for _, w := range rules.Words(text) {
			want.WriteString(" " + w.Folded)
			if n < p.len() && p.places[n] != (place{int32(w.Start), int32(w.End)}) {
				t.Errorf("%q is at %v in %q, want %v", w.Folded, p.places[n], text, w)
			}
			n++
		}
	}
	if got := string(p.text); got != want.String()+" " {
		t.Errorf("%q: %q, want %q", d, got, want.String()+" ")
	}
	if title := len(rules.Words(d.Title)); p.title != title {
		t.Errorf("%q: %d words are of the title, want %d", d, p.title, title)
	}
}
