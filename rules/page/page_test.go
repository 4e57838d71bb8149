package page

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

var text = Text{
	Title: "U.S.-Iran talks in Oman", Lang: "en",
	Text:       "UAVs and missiles. " + strings.Repeat("Шамхани شمخانی said a longer-than-sixteen-letters-word. ", 3),
	Source:     "BBC www.bbc.co.uk",
	Categories: []string{"World", "", "Middle East"},
}

// TestKeys holds the keys of a page to what they are made of.
func TestKeys(t *testing.T) {
	r := NewReader()
	for range 2 { // as they are made, and as they are remembered
		p := r.Read(text)
		for i := range p.Spans {
			raw, at := p.Raw(int32(i)), int32(i)
			folded := words.Fold(raw)
			if p.Exact(at) != r.ExactKey(folded) || p.Key(at).Form() != r.FormKeys(folded)[p.Group] {
				t.Errorf("%q has other keys than its letters", raw)
			}
			acronym, ok := words.Acronym(raw)
			if got := p.Capitals(at); ok && got != r.CapitalsKey(acronym) || !ok && got != 0 {
				t.Errorf("%q: capitals %x", raw, got)
			}
			if p.Folded(at) != folded {
				t.Errorf("%q folds to %q", raw, p.Folded(at))
			}
		}
		p.Free()
	}
}

// TestFields asserts where fields and categories begin and end.
func TestFields(t *testing.T) {
	p := NewReader().Read(text)
	var opens []string
	for i := range p.Spans {
		if at := int32(i); p.Opens(at) {
			opens = append(opens, p.Field(at).String()+":"+p.Raw(at))
		}
	}
	want := []string{"title:U.S.", "text:UAVs", "source:BBC", "category:World", "category:Middle"}
	if !slices.Equal(opens, want) {
		t.Errorf("got %q, want %q", opens, want)
	}
	if p.Text(query.Category) != "World, , Middle East" || p.Language != "en" {
		t.Errorf("categories %q, language %q", p.Text(query.Category), p.Language)
	}
}

// TestSumGoesByTheWord asserts that nothing around a word changes its hash, and any letter of it does.
func TestSumGoesByTheWord(t *testing.T) {
	h := newHasher()
	long := strings.Repeat("abcdefgh", 4)
	seen := map[uint64]string{}
	for n := 1; n <= len(long); n++ {
		word := long[:n]
		sum := h.sum(word, 0, uint32(n))
		if other, ok := seen[sum]; ok {
			t.Errorf("%q and %q have one hash", word, other)
		}
		seen[sum] = word
		for _, around := range []string{word + " x", "éé " + word, "a " + word + strings.Repeat("z", 20)} {
			at := uint32(strings.LastIndex(around, word))
			if h.sum(around, at, at+uint32(n)) != sum {
				t.Errorf("%q has another hash in %q", word, around)
			}
		}
	}
}

func TestLoud(t *testing.T) {
	for title, want := range map[string]bool{
		"IRAN TELLS US": true, "US": true, "МИД": true, "IRAN tells US": false, "عمان": false, "2023": false,
	} {
		p := NewReader().Read(Text{Title: title, Text: "US"})
		if got := p.IsLoud(0); got != want {
			t.Errorf("%q: %t", title, got)
		}
		if last := int32(len(p.Spans) - 1); p.IsLoud(last) {
			t.Errorf("%q: the text is loud", title)
		}
	}
}

// TestReadAllocates asserts that in steady state reading costs no memory a word. The race detector has
// pools lose a page now and then, which is then made anew.
func TestReadAllocates(t *testing.T) {
	r := NewReader()
	plain := Text{Title: text.Title, Text: strings.Repeat(text.Text, 100), Source: text.Source, Lang: "en"}
	r.Read(plain).Free()
	if n := testing.AllocsPerRun(100, func() { r.Read(plain).Free() }); n > 20 {
		t.Errorf("reading allocates %v times", n)
	}
}

// TestReadAtOnce is for the race detector.
func TestReadAtOnce(t *testing.T) {
	r := NewReader()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				p := r.Read(text)
				p.Voice(3)
				if p.Raw(1) != "Iran" {
					t.Errorf("%q", p.Raw(1))
				}
				p.Free()
			}
		})
	}
	group.Wait()
}

func BenchmarkRead(b *testing.B) {
	r := NewReader()
	b.ReportAllocs()
	for b.Loop() {
		r.Read(text).Free()
	}
}
