// Package index finds, among any number of rules, those that a page answers, without looking at the
// others.
//
// A rule is a program over terms, which package terms recognises. An [Index] files it under the
// rarest of the terms that it cannot do without, so that [Index.Match] verifies only the rules filed
// under a term that occurs, on the places of their terms. That a query is filed under one of its
// words is the idea of SIFT (Yan and Garcia-Molina, ACM TODS 24(4), 1999).
//
// An Index never changes; any number of goroutines may match with one.
package index

import (
	"slices"

	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/terms"
)

// MaxHits bounds the hits of a match: more marks than anybody looks at.
const MaxHits = 64

// Hit is one place in a document that answers a word or phrase of a rule. Start and End are byte
// offsets into the UTF-8 of the field, half-open.
type Hit struct {
	Field      string
	Start, End int
	Word       string // the word or phrase that it answers, as written in the rule
}

// Index is a number of rules, numbered from 0.
type Index struct {
	terms   *terms.Table
	filedAt []uint32 // of each term, and one more: where its entries begin in filed
	filed   []uint32 // entries of one word, or two; see filing
	code    []uint32 // programs, one a rule
	start   []uint32 // of each rule: where its program begins
}

// matching is what matching one page needs to remember. It is kept with the page.
type matching struct {
	*terms.Findings
	page     *page.Page
	found    []terms.Found // a stack of lists
	lists    [][]terms.Found
	openings []int32       // of passages
	places   []terms.Place // of the rule in hand
	matched  []matched
	answers  []Answer
}

// matchingOf returns what is kept with a page, empty.
func matchingOf(p *page.Page) *matching {
	m, ok := p.Work.(*matching)
	if !ok {
		m = &matching{Findings: terms.NewFindings(), page: p}
		p.Work = m
	}
	m.Reset()
	clear(m.answers) // hits belong to whoever has them
	m.matched, m.answers = m.matched[:0], m.answers[:0]
	return m
}

// Answer is a rule that a page answers, and the places by which it does: at least one and at most
// [MaxHits], in order of field and place, without overlap; of two that would overlap the one that
// begins first stays, then the longer. The hits are not to be changed.
type Answer struct {
	Rule uint32
	Hits []Hit
}

// Match returns the rules that the page answers, in order of their numbers. The list, but not the hits
// in it, is overwritten by the next Match of the page.
func (x *Index) Match(p *page.Page) []Answer {
	m := matchingOf(p)
	x.terms.Recognise(p, m.Findings)
	x.decide(m)
	if len(m.matched) == 0 {
		return nil
	}
	slices.Sort(m.matched)
	m.matched = slices.Compact(m.matched)
	hits := make([]Hit, 0, len(m.matched)+len(m.matched)/2+1)
	for _, found := range m.matched {
		first := len(hits)
		hits = x.appendHits(m, found, hits)
		m.answers = append(m.answers, Answer{found.rule(), hits[first:len(hits):len(hits)]})
	}
	return m.answers
}

// matched is a rule that holds and, if the rule is nothing but a term, that term plus one.
type matched uint64

func (m matched) rule() uint32 { return uint32(m >> 32) }

func (m matched) term() (term uint32, ok bool) { return uint32(m) - 1, uint32(m) != 0 }

// decide verifies the rules that are filed under the terms of the page.
func (x *Index) decide(m *matching) {
	for _, t := range m.Seen {
		entries := x.filed[x.filedAt[t.Term]:x.filedAt[t.Term+1]]
		for k := 0; k < len(entries); k++ {
			rule, holds, sole := entries[k]>>filingBits, false, uint32(0)
			switch filing(entries[k] & filingMask) {
			case filedSole:
				holds, sole = t.InBody, t.Term+1
			case filedAlone:
				holds = t.InBody
			case filedBeside:
				k++
				holds = m.Find(entries[k]) != nil && x.answers(m, rule)
			case filedFirst:
				holds = x.answers(m, rule)
			}
			if holds {
				m.matched = append(m.matched, matched(rule)<<32|matched(sole))
			}
		}
	}
}

// appendHits appends the hits of a rule that holds.
func (x *Index) appendHits(m *matching, found matched, hits []Hit) []Hit {
	m.places = m.places[:0]
	if term, ok := found.term(); ok && !x.terms.IsRegexp(term) {
		x.collectTerm(m, term, query.Anywhere)
	} else {
		x.collect(m, x.start[found.rule()], query.Anywhere)
	}
	if len(m.places) > 1 {
		slices.SortFunc(m.places, byPlace)
	}
	field, end := query.Anywhere, uint32(0)
	room := len(hits) + MaxHits
	for _, at := range m.places {
		if at.Field == field && at.Start < end || len(hits) == room {
			continue
		}
		field, end = at.Field, at.End
		hits = append(hits, Hit{at.Field.String(), int(at.Start), int(at.End), x.terms.Text(at.Term)})
	}
	return hits
}
