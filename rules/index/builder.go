package index

import (
	"slices"

	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/terms"
)

// Builder makes an [Index], rule by rule. It belongs to one goroutine.
type Builder struct {
	x      *Index
	terms  *terms.Builder
	wanted []uint32 // of each term: how many leaves ask for it
}

// mostRoom bounds the room made beforehand: many rules share their terms.
const mostRoom = 1 << 16

// NewBuilder returns a builder of an index for the pages of a reader. It makes room for some rules.
func NewBuilder(r *page.Reader, rules int) *Builder {
	room := min(2*rules, mostRoom)
	return &Builder{
		x: &Index{
			code:  make([]uint32, 0, 2*rules),
			start: make([]uint32, 0, rules),
		},
		terms:  terms.NewBuilder(r, room),
		wanted: make([]uint32, 0, room),
	}
}

// Add adds a rule, given as a node that can hold only where something is found. The rules are
// numbered from 0.
func (b *Builder) Add(root query.Node) {
	b.x.start = append(b.x.start, uint32(len(b.x.code)))
	b.encode(root, query.Anywhere)
}

// encode appends the program of a node that is looked at in a field.
func (b *Builder) encode(n query.Node, in query.Field) {
	switch n := n.(type) {
	case *query.Term:
		b.leaf(opTerm, b.terms.Term(n, in))
	case query.Regexp:
		b.leaf(opRegexp, b.terms.Regexp(n.Re))
	case query.Not:
		b.emit(opNot, 0)
		b.encode(n.Kid, in)
	case query.In:
		b.encodeIn(n)
	case query.And:
		b.encodeList(opAnd, n, in, nil)
	case query.Or:
		b.encodeList(opOr, n, in, nil)
	case query.Run:
		b.encodeList(opRun, n, in, nil)
	case query.Near:
		b.encodeList(opNear, n.Kids, in, n.Within)
	}
}

func (b *Builder) emit(o op, operand uint32) {
	b.x.code = append(b.x.code, uint32(o)|operand<<opBits)
}

// encodeList appends a list with its operands.
func (b *Builder) encodeList(o op, kids []query.Node, in query.Field, operands []int) {
	pc := len(b.x.code)
	b.emit(o, 0)
	for _, n := range operands {
		b.x.code = append(b.x.code, uint32(n))
	}
	for _, kid := range kids {
		b.encode(kid, in)
	}
	count := 0
	if o == opNear { // to know where its operands end; of the others nobody asks
		count = len(kids)
	}
	b.close(pc, count)
}

// close completes the header of a list.
func (b *Builder) close(pc, count int) {
	length := len(b.x.code) - pc
	b.x.code[pc] |= uint32(count)<<opBits | uint32(length)<<(opBits+countBits)
}

// encodeIn appends a condition on a field. Languages are compared as a whole, not found.
func (b *Builder) encodeIn(n query.In) {
	if n.Field != query.Lang {
		b.emit(opIn, uint32(n.Field))
		b.encode(n.Kid, n.Field)
		return
	}
	pc := len(b.x.code)
	b.emit(opLang, 0)
	for _, code := range languageCodes(n.Kid) {
		b.x.code = append(b.x.code, codeOf(code))
	}
	b.close(pc, 0)
}

// languageCodes returns the alternatives of a condition on the language.
func languageCodes(n query.Node) (codes []string) {
	if t, ok := n.(*query.Term); ok {
		return []string{t.Words[0].Folded}
	}
	for _, kid := range query.Parts(n) {
		codes = append(codes, languageCodes(kid)...)
	}
	return codes
}

// leaf appends a term and counts who asks for it.
func (b *Builder) leaf(o op, term uint32) {
	if int(term) == len(b.wanted) {
		b.wanted = append(b.wanted, 0)
	}
	b.wanted[term]++
	b.emit(o, term)
}

// Index returns the index of what was added. The builder is of no use after it.
func (b *Builder) Index() *Index {
	b.x.code, b.x.start = slices.Clip(b.x.code), slices.Clip(b.x.start)
	b.file()
	b.x.terms = b.terms.Table()
	return b.x
}
