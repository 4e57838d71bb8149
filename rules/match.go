package rules

import (
	"cmp"
	"iter"
	"slices"
)

const (
	passageWords = 30 // how far apart a reader still takes two words for one statement
	maxHits      = 64 // of a match: more marks than anybody looks at
)

// found is a place that answers a term.
type found struct {
	span
	term *term
}

// A term holds where it stands at least once.
func (t *term) find(p *page, s span) ([]found, bool) {
	places := p.occurrences(t, s)
	return places, len(places) > 0
}

func (n and) find(p *page, s span) ([]found, bool) {
	var all []found
	for _, kid := range n {
		places, ok := kid.find(p, s)
		if !ok {
			return nil, false
		}
		all = append(all, places...)
	}
	return all, true
}

// Every alternative is looked at, also after one that holds: all of them are marked.
func (n or) find(p *page, s span) (all []found, ok bool) {
	for _, kid := range n {
		places, holds := kid.find(p, s)
		all = append(all, places...)
		ok = ok || holds
	}
	return all, ok
}

// What a negation finds is what must not be there, so it gives no places.
func (n not) find(p *page, s span) ([]found, bool) {
	_, ok := n.kid.find(p, s)
	return nil, !ok
}

// A field turns from the stretch in hand to one of its own. A language gives no places, for it is
// nowhere to be seen.
func (n in) find(p *page, _ span) ([]found, bool) {
	places, ok := n.kid.find(p, p.fields[n.field])
	if n.field == fieldLang {
		return nil, ok
	}
	return places, ok
}

// A run holds when the conditions hold and one passage has all that is positional.
func (n run) find(p *page, s span) ([]found, bool) {
	var all []found
	var lists [][]found
	for _, kid := range n {
		places, ok := kid.find(p, s)
		if !ok {
			return nil, false
		}
		if positional(kid) {
			slices.SortFunc(places, byPlace)
			lists = append(lists, places)
		} else {
			all = append(all, places...)
		}
	}
	if len(lists) == 0 {
		return all, true
	}
	near := inPassages(lists)
	return append(all, near...), len(near) > 0
}

// inPassages returns those places of each list that share a passage with one of every other list.
// The lists are in order of place.
func inPassages(lists [][]found) []found {
	openings := passageOpenings(lists)
	var near []found
	for _, list := range lists {
		for _, f := range list {
			// Of the passages that begin early enough the last one reaches furthest.
			after, _ := slices.BinarySearch(openings, f.from+1)
			if after > 0 && f.to <= openings[after-1]+passageWords {
				near = append(near, f)
			}
		}
	}
	return near
}

// passageOpenings returns the places, in order, where a passage begins that has something of every
// list. Every passage that there is can be moved on to begin with a place of some list.
func passageOpenings(lists [][]found) []int {
	var places []int
	for _, list := range lists {
		for _, f := range list {
			places = append(places, f.from)
		}
	}
	slices.Sort(places)
	return slices.DeleteFunc(slices.Compact(places), func(from int) bool {
		return !opensPassage(lists, from)
	})
}

// opensPassage reports whether the passage that begins at from has something of every list.
func opensPassage(lists [][]found, from int) bool {
	end := from + passageWords
	for _, list := range lists {
		i, _ := slices.BinarySearchFunc(list, from, func(f found, from int) int {
			return cmp.Compare(f.from, from)
		})
		for i < len(list) && list[i].from < end && list[i].to > end {
			i++
		}
		if i == len(list) || list[i].from >= end {
			return false
		}
	}
	return true
}

// occurrences returns where a term stands in a stretch of the page, in order.
func (p *page) occurrences(t *term, s span) []found {
	var places []found
	for i := range p.candidates(t.words[0], s) {
		if end := i + len(t.words); end <= s.to && p.reads(t.words, i) {
			places = append(places, found{span{i, end}, t})
		}
	}
	return places
}

// candidates yields the places in s where a term beginning with first may stand, in order.
func (p *page) candidates(first pattern, s span) iter.Seq[int] {
	return func(yield func(int) bool) {
		if first.prefix {
			for i := s.from; i < s.to && yield(i); i++ {
			}
			return
		}
		for i := p.firstOf(first.folded); i != none && i < s.to; i = int(p.words[i].next) {
			if i >= s.from && !yield(i) {
				return
			}
		}
	}
}

// reads reports whether the words from place i on are those of a phrase.
func (p *page) reads(phrase []pattern, i int) bool {
	for k, want := range phrase {
		if k > 0 && p.words[i+k].opens || !p.answers(i+k, want) {
			return false
		}
	}
	return true
}

// hits makes hits of places: in order, without overlap, and not too many.
func (p *page) hits(places []found) []Hit {
	slices.SortFunc(places, byPlace)
	hits := make([]Hit, 0, min(len(places), maxHits))
	end := 0
	for _, f := range places {
		if f.from < end || len(hits) == maxHits {
			continue
		}
		end = f.to
		first, last := p.words[f.from], p.words[f.to-1]
		hits = append(hits, Hit{first.field.String(), first.Start, last.End, f.term.text})
	}
	return hits
}

// byPlace orders places by where they begin, the longer first.
func byPlace(a, b found) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
}
