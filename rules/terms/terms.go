// Package terms recognises on a page the terms of any number of rules: words in any form, phrases,
// beginnings of words, names that sound alike, and regular expressions.
//
// A [Table] looks up each word of a page by its keys, whatever the number of terms. A phrase is
// looked for only where the rarest of its words stands, a regular expression only where three bytes
// stand that it cannot do without. Words that mean nothing to it, as nearly all do, it remembers as
// they are written: they are not even looked up again. Otherwise a Table never changes; any number of
// goroutines may use one, each with [Findings] of its own.
package terms

import (
	"strings"

	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// Table is a number of terms, numbered from 0.
type Table struct {
	texts    string   // of the terms, one after another, as the rules have them
	textAt   []uint32 // of each term, and one more: where its text begins
	domains  uint8    // of keys that are looked up at all, a bit each
	dull     dull
	filter   filter
	words    dictionary
	uses     []use
	phrases  []phrase
	order    []uint32 // of patterns in phrases
	patterns []pattern
	begins   []string // of patterns
	prefixes prefixes
	alikes   alikes
	regexps  regexps
}

// use is what a key means to a term: that it occurs, or that a phrase of it may stand around the
// word.
type use struct {
	term   uint32
	phrase uint32 // plus one; zero for none
	at     uint16 // the word's place in the phrase
	groups uint8  // of languages in which the key is the term's
	plain  bool   // the word must be its own form
	beside int8   // which neighbour must have near as the low half of its key: -1, 1, or 0 for none
	exact  bool   // the key of that neighbour as the very word
	near   uint32
}

// domain says which key of a word it is.
type domain uint8

const (
	byForm domain = iota
	byExact
	byCapitals
)

// phrase is words that follow one another: the patterns named by order[from:to].
type phrase struct{ from, to uint32 }

// pattern is what a word of a phrase must be.
type pattern struct {
	keys     [page.Groups]uint64 // equal to the word's key, by the language of the page
	domain   domain
	begins   uint32 // plus one: the word begins with begins[…], and the keys mean nothing; or zero
	capitals bool   // with a prefix: and it is an abbreviation in capitals
	acronym  uint64 // of byCapitals: equal to the word's key as an abbreviation
	exact    uint64 // not zero: and it is the very word
}

// isStrict reports whether a word may be found by a key and not be what the pattern asks for.
func (want *pattern) isStrict() bool { return want.capitals || want.exact != 0 }

// Text returns how hits name a term: as the rules have it.
func (t *Table) Text(term uint32) string { return t.texts[t.textAt[term]:t.textAt[term+1]] }

// Recognise notes the terms of a page.
func (t *Table) Recognise(p *page.Page, f *Findings) {
	f.page = p
	here, loud := uint8(1)<<p.Group, p.Loud()
	for i, name := range p.Names {
		if int32(i) >= loud && t.dull.has(name) {
			continue
		}
		if !t.recogniseWord(f, int32(i), here) && int32(i) >= loud {
			t.dull.add(name)
		}
	}
	t.recognisePrefixes(f)
	t.recogniseAlike(f)
	t.recogniseExpressions(f)
}

// recogniseWord notes what the word at place i means. It reports whether it means anything.
func (t *Table) recogniseWord(f *Findings, i int32, here uint8) (known bool) {
	p := f.page
	key := p.Key(i)
	if t.filter.mayHold(key.Form()) {
		known = t.look(f, key.Form(), i, here)
	}
	if key.Inflected() && t.domains&(1<<byExact) != 0 {
		known = t.look(f, p.Exact(i), i, here) || known
	}
	if t.domains&(1<<byCapitals) != 0 && (key.Capitals() || p.IsLoud(i)) {
		known = t.lookCapitals(f, i, here) || known
	}
	return known
}

// lookCapitals notes what the word at place i, which is in capitals, means: as an abbreviation or, in a
// title that is all in capitals, by its form.
func (t *Table) lookCapitals(f *Findings, i int32, here uint8) (known bool) {
	if f.page.IsLoud(i) {
		return t.look(f, page.LoudKey(f.page.Key(i).Form()), i, here)
	}
	return t.look(f, f.page.Capitals(i), i, here)
}

// look notes what the key of the word at place i means. It reports whether it means anything.
func (t *Table) look(f *Findings, key uint64, i int32, here uint8) (known bool) {
	found := t.words.find(key)
	if found == nil {
		return false
	}
	if found.n&alone != 0 {
		if uint8(found.n)&here != 0 && (found.n&plain == 0 || !f.page.Key(i).Inflected()) {
			f.note(found.ref, page.Span{From: i, To: i + 1})
		}
		return true
	}
	for _, u := range t.uses[found.ref : found.ref+found.n] {
		if u.groups&here != 0 && (!u.plain || !f.page.Key(i).Inflected()) {
			t.apply(f, u, i)
		}
	}
	return true
}

// apply notes a term if the word at place i answers this use of it.
func (t *Table) apply(f *Findings, u use, i int32) {
	if u.phrase == 0 {
		f.note(u.term, page.Span{From: i, To: i + 1})
		return
	}
	if u.beside != 0 && !u.hasNeighbour(f.page, i+int32(u.beside)) {
		return
	}
	ph := t.phrases[u.phrase-1]
	from := i - int32(u.at)
	to := from + int32(ph.to-ph.from)
	if from >= 0 && int(to) <= len(f.page.Spans) && t.reads(f.page, ph, from, i) {
		f.note(u.term, page.Span{From: from, To: to})
	}
}

// hasNeighbour reports whether the word at place i may be the one that a phrase has there. It spares a
// look at the phrase, which is likely far from everything else that is looked at.
func (u *use) hasNeighbour(p *page.Page, i int32) bool {
	switch {
	case i < 0 || int(i) >= len(p.Spans):
		return false
	case u.exact:
		return uint32(p.Exact(i)) == u.near
	}
	return uint32(p.Key(i).Form()) == u.near
}

// reads reports whether the words from a place on are those of a phrase. The one at known has the key
// of its own.
func (t *Table) reads(p *page.Page, ph phrase, from, known int32) bool {
	for k, want := range t.order[ph.from:ph.to] {
		i := from + int32(k)
		if k > 0 && p.Opens(i) {
			return false
		}
		if w := &t.patterns[want]; (i != known || w.isStrict()) && !t.fits(p, i, w) {
			return false
		}
	}
	return true
}

// fits reports whether the word at place i is what a pattern asks for.
func (t *Table) fits(p *page.Page, i int32, want *pattern) bool {
	switch {
	case want.begins != 0:
		_, abbreviated := words.Acronym(p.Raw(i))
		return strings.HasPrefix(p.Folded(i), t.begins[want.begins-1]) &&
			(abbreviated || !want.capitals || p.IsLoud(i))
	case want.exact != 0 && p.Exact(i) != want.exact:
		return false
	case want.domain == byForm || want.domain == byCapitals && p.IsLoud(i):
		return p.Key(i).Form() == want.keys[p.Group]
	case want.domain == byExact:
		return p.Exact(i) == want.keys[0]
	}
	return p.Capitals(i) == want.acronym
}
