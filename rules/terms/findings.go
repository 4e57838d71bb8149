package terms

import (
	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
)

// Findings are the terms that occur on a page. They serve one page after another, so that nothing is
// allocated in steady state.
type Findings struct {
	// Seen lists the terms that occur, in order of discovery.
	Seen []Seen

	page        *page.Page
	slots       []uint32 // place in Seen, plus one, by term
	occurs      []occurrence
	expressions []expression
	ran         []int32 // of each regular expression: its place in expressions, plus one
}

// Seen is a term that occurs.
type Seen struct {
	Term   uint32
	InBody bool // in title or text

	slot        uint32
	first, last int32 // occurrences, or none
}

// occurrence is a place of a term; next is the following one, or none.
type occurrence struct {
	page.Span
	next int32
}

const none = -1

// Place is a place of bytes that answers a term.
type Place struct {
	Field      query.Field
	Start, End uint32
	Term       uint32
}

// NewFindings returns findings without any.
func NewFindings() *Findings { return &Findings{slots: make([]uint32, 1<<10)} }

// Reset forgets all findings.
func (f *Findings) Reset() {
	for i := range f.Seen {
		f.slots[f.Seen[i].slot] = 0
	}
	for _, e := range f.expressions {
		f.ran[e.index] = 0
	}
	f.Seen, f.occurs, f.expressions = f.Seen[:0], f.occurs[:0], f.expressions[:0]
}

// slotOf returns where a term stands among the slots, or would.
func (f *Findings) slotOf(term uint32) uint32 {
	mask := uint32(len(f.slots) - 1)
	for i := term * 0x9e3779b1 >> 7 & mask; ; i = (i + 1) & mask {
		if at := f.slots[i]; at == 0 || f.Seen[at-1].Term == term {
			return i
		}
	}
}

// Find returns a term that occurs, or nil.
func (f *Findings) Find(term uint32) *Seen {
	if at := f.slots[f.slotOf(term)]; at > 0 {
		return &f.Seen[at-1]
	}
	return nil
}

// seenTerm notes that a term occurs.
func (f *Findings) seenTerm(term uint32) *Seen {
	slot := f.slotOf(term)
	if f.slots[slot] == 0 {
		if 2*len(f.Seen) >= len(f.slots) {
			f.grow()
			slot = f.slotOf(term)
		}
		f.Seen = append(f.Seen, Seen{Term: term, slot: slot, first: none, last: none})
		f.slots[slot] = uint32(len(f.Seen))
	}
	return &f.Seen[f.slots[slot]-1]
}

// grow makes room for more terms.
func (f *Findings) grow() {
	f.slots = make([]uint32, 2*len(f.slots))
	for i := range f.Seen {
		f.Seen[i].slot = f.slotOf(f.Seen[i].Term)
		f.slots[f.Seen[i].slot] = uint32(i + 1)
	}
}

// note notes a place of a term.
func (f *Findings) note(term uint32, at page.Span) {
	s := f.seenTerm(term)
	next := int32(len(f.occurs))
	f.occurs = append(f.occurs, occurrence{at, none})
	if s.first == none {
		s.first = next
	} else {
		f.occurs[s.last].next = next
	}
	s.last = next
	s.InBody = s.InBody || at.From < f.page.Span(query.Anywhere).To
}

// OccursIn reports whether a term occurs in a stretch of the page.
func (f *Findings) OccursIn(term uint32, in page.Span) bool {
	s := f.Find(term)
	if s == nil {
		return false
	}
	for i := s.first; i != none; i = f.occurs[i].next {
		if in.Holds(f.occurs[i].Span) {
			return true
		}
	}
	return false
}

// Found is a place of words that answers a term.
type Found struct {
	page.Span
	Term uint32
}

// AppendFound appends the places of a term in a stretch of the page.
func (f *Findings) AppendFound(list []Found, term uint32, in page.Span) []Found {
	if s := f.Find(term); s != nil {
		for i := s.first; i != none; i = f.occurs[i].next {
			if at := f.occurs[i].Span; in.Holds(at) {
				list = append(list, Found{at, term})
			}
		}
	}
	return list
}

// PlaceOf turns a place of words into one of bytes.
func (f *Findings) PlaceOf(at Found) Place {
	first, last := f.page.Spans[at.From], f.page.Spans[at.To-1]
	return Place{f.page.Field(at.From), first.Start, last.End, at.Term}
}
