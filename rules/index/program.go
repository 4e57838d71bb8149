package index

import (
	"cmp"
	"slices"

	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/terms"
)

// op is what a word of a program does. A program is a rule in prefix notation: a header, for a list
// with the length of the whole, its operands, and its kids.
type op uint32

const (
	opTerm   op = iota // header: the term
	opRegexp           // header: the term
	opLang             // header: list; operands: languages
	opNot              // kid
	opIn               // header: the field; kid
	opAnd              // header: list; kids
	opOr
	opRun
	opNear // operands: the distances, one fewer than kids
)

// The parts of a header, from its low bits.
const (
	opBits    = 4
	countBits = 8 // of the kids of a NEAR; a rule has at most 64 terms
)

// header is the first word of an instruction.
type header uint32

func (h header) op() op          { return op(h & (1<<opBits - 1)) }
func (h header) operand() uint32 { return uint32(h >> opBits) }
func (h header) count() int      { return int(h >> opBits & (1<<countBits - 1)) }
func (h header) length() uint32  { return uint32(h >> (opBits + countBits)) }

// end returns where the program that begins at pc ends.
func (x *Index) end(pc uint32) uint32 {
	switch h := header(x.code[pc]); h.op() {
	case opTerm, opRegexp:
		return pc + 1
	case opNot, opIn:
		return x.end(pc + 1)
	default:
		return pc + h.length()
	}
}

// kids returns where the first kid of the list at pc begins.
func (x *Index) kids(pc uint32) uint32 {
	h := header(x.code[pc])
	switch h.op() {
	case opNear:
		return pc + uint32(h.count())
	case opLang:
		return pc + h.length()
	}
	return pc + 1
}

// answers reports whether the page answers a rule.
func (x *Index) answers(m *matching, rule uint32) bool {
	return x.holds(m, x.start[rule], query.Anywhere)
}

// holds reports whether the node at pc holds in a stretch of the page.
func (x *Index) holds(m *matching, pc uint32, in query.Field) bool {
	h := header(x.code[pc])
	switch h.op() {
	case opTerm:
		return m.OccursIn(h.operand(), m.page.Span(in))
	case opRegexp:
		return len(x.terms.Places(m.Findings, h.operand(), in)) > 0
	case opLang:
		return slices.Contains(x.code[pc+1:pc+h.length()], codeOf(m.page.Language))
	case opNot:
		return !x.holds(m, pc+1, in)
	case opIn:
		return x.holds(m, pc+1, query.Field(h.operand()))
	case opOr:
		return x.holdsAny(m, pc, in)
	case opRun:
		return x.holdsAll(m, pc, in) && x.inPassage(m, pc, in, false)
	case opNear:
		return x.inReach(m, pc, in, false)
	}
	return x.holdsAll(m, pc, in)
}

func (x *Index) holdsAny(m *matching, pc uint32, in query.Field) bool {
	for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
		if x.holds(m, kid, in) {
			return true
		}
	}
	return false
}

func (x *Index) holdsAll(m *matching, pc uint32, in query.Field) bool {
	for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
		if !x.holds(m, kid, in) {
			return false
		}
	}
	return true
}

// collect adds the places by which the node at pc, which holds, does so.
func (x *Index) collect(m *matching, pc uint32, in query.Field) {
	h := header(x.code[pc])
	switch h.op() {
	case opTerm:
		x.collectTerm(m, h.operand(), in)
	case opRegexp:
		m.places = append(m.places, x.terms.Places(m.Findings, h.operand(), in)...)
	case opIn:
		x.collect(m, pc+1, query.Field(h.operand()))
	case opNear:
		x.inReach(m, pc, in, true)
	case opRun:
		x.inPassage(m, pc, in, true)
		x.collectKids(m, pc, in, x.positional)
	case opAnd, opOr:
		x.collectKids(m, pc, in, nil)
	}
}

// collectKids collects the kids that hold, save those to be left out.
func (x *Index) collectKids(m *matching, pc uint32, in query.Field, leave func(pc uint32) bool) {
	for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
		if (leave == nil || !leave(kid)) && x.holds(m, kid, in) {
			x.collect(m, kid, in)
		}
	}
}

func (x *Index) collectTerm(m *matching, term uint32, in query.Field) {
	bottom := len(m.found)
	m.found = m.AppendFound(m.found, term, m.page.Span(in))
	for _, at := range m.found[bottom:] {
		m.places = append(m.places, m.PlaceOf(at))
	}
	m.found = m.found[:bottom]
}

// positional reports whether the node at pc names places that a passage can hold.
func (x *Index) positional(pc uint32) bool {
	switch header(x.code[pc]).op() {
	case opTerm:
		return true
	case opOr:
		for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
			if !x.positional(kid) {
				return false
			}
		}
		return true
	}
	return false
}

// codeOf returns a code of up to four letters as a number.
func codeOf(language string) uint32 {
	code := uint32(0)
	for i := range min(len(language), 4) {
		code = code<<8 | uint32(language[i])
	}
	return code
}

// byPlace orders places by where they begin, the longer first.
func byPlace(a, b terms.Place) int {
	return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Start, b.Start),
		cmp.Compare(b.End, a.End))
}
