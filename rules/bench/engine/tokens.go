package engine

import (
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// none is the place of no word.
const none = -1

// Tokens looks up the words of every rule in a map of the document's: naive, with care. It
// allocates one string for each document.
type Tokens struct {
	rules []corpus.Rule
	page  page
	last  map[string]int32 // the last place of each word
	prior []int32          // for each place that of the same word before it, or none
	found []int32
}

// NewTokens makes an engine of rules.
func NewTokens(drawn []corpus.Rule) *Tokens {
	return &Tokens{rules: drawn, page: newPage(), last: map[string]int32{}}
}

// Match implements [Engine].
func (t *Tokens) Match(d rules.Document) int {
	t.read(d)
	t.found = t.found[:0]
	for i := range t.rules {
		if t.answers(&t.rules[i]) {
			t.found = append(t.found, int32(i))
		}
	}
	return len(t.found)
}

// Found implements [Engine].
func (t *Tokens) Found() []int32 { return t.found }

// read fills the map with the words of a document.
func (t *Tokens) read(d rules.Document) {
	t.page.read(d)
	text := string(t.page.text)
	clear(t.last)
	t.prior = t.prior[:0]
	for i := range t.page.len() {
		start, end := t.page.span(i)
		word := text[start:end]
		prior, ok := t.last[word]
		if !ok {
			prior = none
		}
		t.prior = append(t.prior, prior)
		t.last[word] = int32(i)
	}
}

func (t *Tokens) answers(r *corpus.Rule) bool {
	a, ok := t.last[r.A[0]]
	switch r.Kind {
	case corpus.Word:
		return ok
	case corpus.Phrase:
		return ok && t.reads(r.A, a)
	}
	if !ok && r.Kind != corpus.Or {
		return false
	}
	b, also := t.last[r.B]
	switch r.Kind {
	case corpus.Or:
		return ok || also
	case corpus.Not:
		return !also
	}
	return also && near(t.prior, a, b)
}

// reads reports whether the phrase begins at one of the places of its first word.
func (t *Tokens) reads(phrase []string, first int32) bool {
	for ; first != none; first = t.prior[first] {
		if t.page.holds(int(first), len(phrase)) && t.follow(phrase[1:], first+1) {
			return true
		}
	}
	return false
}

// follow reports whether words stand from a place on.
func (t *Tokens) follow(phrase []string, at int32) bool {
	for i, word := range phrase {
		place, ok := t.last[word]
		for ok && place > at+int32(i) {
			place = t.prior[place]
		}
		if !ok || place != at+int32(i) {
			return false
		}
	}
	return true
}

// near reports whether one of the places that end with a shares a passage with one of those that
// end with b.
func near(prior []int32, a, b int32) bool {
	for a != none && b != none {
		if a > b {
			a, b = b, a
		}
		if b-a < passageWords {
			return true
		}
		b = prior[b] // a is as near to b as the first chain comes from this side
	}
	return false
}
