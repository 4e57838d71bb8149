package engine

import (
	ahocorasick "github.com/BobuSumisu/aho-corasick"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// AhoCorasick finds the words of all rules in one pass and then tests those rules whose rarest word
// was found. It allocates next to nothing.
//
// Its automaton was the fastest of those written in Go at any number of rules: it has a row of 256
// states for each state. It knows single words only. With the phrases in it, which would then need
// no test, that of a million rules takes nearly five times the memory, and the scan gets slower by
// more than the tests cost.
type AhoCorasick struct {
	trie *ahocorasick.Trie
	index
	hit ahocorasick.WalkFn // the method see, bound once, for binding it allocates

	page  page
	turn  uint32  // of the document in hand
	next  int     // the first word of the page that the scan has not reached
	at    []int32 // for each word of the page its literal, or none
	prior []int32 // for each word of the page the place of the same before it, or none
	seen  []int32 // the literals of the document
	found []int32
}

// NewAhoCorasick makes an engine of rules. Count says how often the news has a word.
func NewAhoCorasick(drawn []corpus.Rule, count func(word string) int) *AhoCorasick {
	e := &AhoCorasick{index: newIndex(drawn, count), page: newPage()}
	e.trie = ahocorasick.NewTrieBuilder().AddStrings(e.patterns).Build()
	e.hit = e.see
	return e
}

// Match implements [Engine].
func (e *AhoCorasick) Match(d rules.Document) int {
	e.scan(d)
	e.found = e.found[:0]
	for _, literal := range e.seen {
		e.found = append(e.found, e.singles.of(literal)...)
		for _, p := range e.either.of(literal) {
			e.found = append(e.found, p.rule)
		}
		for _, p := range e.pairs.of(literal) {
			if e.together(literal, p.other) {
				e.found = append(e.found, p.rule)
			}
		}
		for _, p := range e.unless.of(literal) {
			if !e.has(p.other) {
				e.found = append(e.found, p.rule)
			}
		}
		phrases := e.phrases.of(literal)
		for i := range phrases {
			if p := &phrases[i]; e.phraseAt(p, e.sights[literal].last) != none {
				e.found = append(e.found, p.rule)
			}
		}
	}
	return len(e.found)
}

// scan finds the literals of a document.
func (e *AhoCorasick) scan(d rules.Document) {
	e.page.read(d)
	e.turn++
	e.next = 0
	e.at, e.prior = blank(e.at, e.page.len()), blank(e.prior, e.page.len())
	e.seen = e.seen[:0]
	e.trie.Walk(e.page.text, e.hit)
}

// Found implements [Engine].
func (e *AhoCorasick) Found() []int32 { return e.found }

// blank returns n places of no word, in the memory of s if that suffices.
func blank(s []int32, n int) []int32 {
	s = s[:0]
	for range n {
		s = append(s, none)
	}
	return s
}

// see takes note of a literal whose closing space is at an offset of the page's text. They come in
// order.
func (e *AhoCorasick) see(end, _, literal int64) bool {
	for e.next < e.page.len() && int64(e.page.starts[e.next]) < end {
		e.next++
	}
	place := int32(e.next - 1)
	e.at[place] = int32(literal)
	s := &e.sights[literal]
	if s.turn == e.turn {
		e.prior[place] = s.last
	} else {
		s.turn = e.turn
		e.seen = append(e.seen, int32(literal))
	}
	s.last = place
	return true
}

// has reports whether the document has a literal.
func (e *AhoCorasick) has(literal int32) bool { return e.sights[literal].turn == e.turn }

// together reports whether a literal of the document shares a passage with another.
func (e *AhoCorasick) together(literal, other int32) bool {
	return e.has(other) && near(e.prior, e.sights[literal].last, e.sights[other].last)
}

// phraseAt returns the last of the places, from that of its anchor back, at which a phrase has its
// anchor, or none.
func (e *AhoCorasick) phraseAt(p *phrase, anchor int32) int32 {
	for ; anchor != none; anchor = e.prior[anchor] {
		first, n := int(anchor)-int(p.anchor), int(p.length)
		if !e.page.holds(first, n) {
			continue
		}
		i := 0
		for i < n && e.at[first+i] == p.words[i] {
			i++
		}
		if i == n {
			return anchor
		}
	}
	return none
}
