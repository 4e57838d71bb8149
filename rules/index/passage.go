package index

import (
	"cmp"
	"slices"

	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/terms"
)

// passageWords is how far apart a reader still takes words for one statement.
const passageWords = 30

// inPassage reports whether one passage holds all that is positional in the run at pc, and collects,
// if asked to, each place that shares a passage with one of every other list.
func (x *Index) inPassage(m *matching, pc uint32, in query.Field, collect bool) bool {
	bottom := len(m.found)
	defer func() { m.found = m.found[:bottom] }()
	lists := x.lists(m, pc, in)
	if len(lists) == 0 {
		return true
	}
	if !collect {
		return opensAny(lists)
	}
	m.openings = appendOpenings(m.openings[:0], lists)
	for _, list := range lists {
		for _, f := range list {
			// Of the passages that begin early enough the last one reaches furthest.
			after, _ := slices.BinarySearch(m.openings, f.From+1)
			if after > 0 && f.To <= m.openings[after-1]+passageWords {
				m.places = append(m.places, m.PlaceOf(f))
			}
		}
	}
	return len(m.openings) > 0
}

// opensAny reports whether some passage has something of every list. Every passage that there is
// can be moved on to begin with a place of some list.
func opensAny(lists [][]terms.Found) bool {
	for _, list := range lists {
		for _, f := range list {
			if opensPassage(lists, f.From) {
				return true
			}
		}
	}
	return false
}

// appendOpenings appends the places, in order, where a passage begins that has something of every
// list.
func appendOpenings(places []int32, lists [][]terms.Found) []int32 {
	for _, list := range lists {
		for _, f := range list {
			if opensPassage(lists, f.From) {
				places = append(places, f.From)
			}
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// opensPassage reports whether the passage that begins at from has something of every list.
func opensPassage(lists [][]terms.Found, from int32) bool {
	end := from + passageWords
	for _, list := range lists {
		i := firstFrom(list, from)
		for i < len(list) && list[i].From < end && list[i].To > end {
			i++
		}
		if i == len(list) || list[i].From >= end {
			return false
		}
	}
	return true
}

// firstFrom returns the index of the first place of a list that begins at from or later.
func firstFrom(list []terms.Found, from int32) int {
	low, high := 0, len(list)
	for low < high {
		if middle := (low + high) / 2; list[middle].From < from {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// inReach reports whether the operands of the NEAR at pc stand in reach of each other, each of the
// one before it, and collects, if asked to, each place of such a row.
func (x *Index) inReach(m *matching, pc uint32, in query.Field, collect bool) bool {
	bottom := len(m.found)
	defer func() { m.found = m.found[:bottom] }()
	lists := x.lists(m, pc, in)
	distances := x.code[pc+1 : x.kids(pc)]
	for i, n := range distances {
		lists[i+1] = reached(lists[i], lists[i+1], int32(n))
	}
	last := len(lists) - 1
	if !collect || len(lists[last]) == 0 {
		return len(lists[last]) > 0
	}
	for i := last; i > 0; i-- {
		lists[i-1] = reached(lists[i], lists[i-1], int32(distances[i-1]))
	}
	for _, list := range lists {
		for _, f := range list {
			m.places = append(m.places, m.PlaceOf(f))
		}
	}
	return true
}

// reached returns, in the place of the second list, those of its places that stand within n words
// of one of the first.
func reached(from, list []terms.Found, n int32) []terms.Found {
	longest := int32(0)
	for _, g := range from {
		longest = max(longest, g.To-g.From)
	}
	kept := list[:0]
	for _, f := range list {
		for i := firstFrom(from, f.From-longest-n); i < len(from) && from[i].From <= f.To+n; i++ {
			if gap(from[i].Span, f.Span) <= n {
				kept = append(kept, f)
				break
			}
		}
	}
	return kept
}

// gap returns how many words on one place begins after another ends: 1 for neighbours.
func gap(a, b page.Span) int32 {
	return max(a.From-b.To, b.From-a.To, -1) + 1
}

// lists returns for each kid of the list at pc that is positional its places, in order. They stand
// on the stack of the scratch.
func (x *Index) lists(m *matching, pc uint32, in query.Field) [][]terms.Found {
	lists := m.lists[:0]
	for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
		if !x.positional(kid) {
			continue
		}
		first := len(m.found)
		x.pushPlaces(m, kid, m.page.Span(in))
		list := m.found[first:]
		if !slices.IsSortedFunc(list, byWord) {
			slices.SortFunc(list, byWord)
		}
		lists = append(lists, list)
	}
	m.lists = lists
	return lists
}

// pushPlaces puts the places of a term, or of alternatives of terms, on the stack.
func (x *Index) pushPlaces(m *matching, pc uint32, in page.Span) {
	h := header(x.code[pc])
	if h.op() == opOr {
		for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
			x.pushPlaces(m, kid, in)
		}
		return
	}
	m.found = m.AppendFound(m.found, h.operand(), in)
}

func byWord(a, b terms.Found) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To))
}
