package index

import "math"

// filing is how a rule is filed under a term, in the low bits of an entry; the others are the rule.
type filing uint32

const (
	filedSole   filing = iota // the rule is the term
	filedAlone                // the rule holds wherever the term stands in title or text
	filedBeside               // it needs another term too, which is the next word
	filedFirst                // it is to be verified
)

const (
	filingBits = 2
	filingMask = 1<<filingBits - 1
)

// Costs of looking under a term, beside the number of leaves that ask for it: what many rules ask
// for is common in the news as well.
const (
	costCommon = 1 << 20 // and of a regular expression
	costNever  = math.MaxInt64 / 256
)

// filer files the rules of a builder.
type filer struct {
	*Builder
	entries []filedEntry
}

type filedEntry struct {
	term, entry, other uint32
}

// file files each rule under terms of which one must stand on each page that answers it.
func (b *Builder) file() {
	f := filer{Builder: b, entries: make([]filedEntry, 0, len(b.x.start))}
	for rule, pc := range b.x.start {
		f.put(pc, uint32(rule), filedSole, 0)
	}
	b.x.filedAt = make([]uint32, b.terms.Len()+1)
	for _, e := range f.entries {
		b.x.filedAt[e.term+1] += e.size()
	}
	for i := range b.terms.Len() {
		b.x.filedAt[i+1] += b.x.filedAt[i]
	}
	b.x.filed = make([]uint32, b.x.filedAt[b.terms.Len()])
	next := append([]uint32(nil), b.x.filedAt...)
	for _, e := range f.entries {
		at := next[e.term]
		b.x.filed[at] = e.entry
		if e.size() > 1 {
			b.x.filed[at+1] = e.other
		}
		next[e.term] += e.size()
	}
}

// size returns how many words an entry takes.
func (e filedEntry) size() uint32 {
	if filing(e.entry&filingMask) == filedBeside {
		return 2
	}
	return 1
}

// put files a rule under the terms of the node at pc. Other is a term that it needs as well, where
// how says so.
func (f *filer) put(pc, rule uint32, how filing, other uint32) {
	x := f.x
	h := header(x.code[pc])
	switch h.op() {
	case opTerm:
		f.entries = append(f.entries, filedEntry{h.operand(), rule<<filingBits | uint32(how), other})
	case opRegexp:
		f.terms.TryRegexp(h.operand())
		f.entries = append(f.entries, filedEntry{h.operand(), rule<<filingBits | uint32(how), other})
	case opIn:
		f.put(pc+1, rule, max(how, filedFirst), other)
	case opOr:
		for kid := x.kids(pc); kid < x.end(pc); kid = x.end(kid) {
			f.put(kid, rule, max(how, filedAlone), other)
		}
	case opAnd, opRun, opNear:
		best := f.cheapest(pc, math.MaxUint32)
		how, other = filedFirst, 0
		if next := f.cheapest(pc, best); next != math.MaxUint32 && f.isTerm(next) {
			how, other = filedBeside, header(x.code[next]).operand()
		}
		f.put(best, rule, how, other)
	}
}

func (f *filer) isTerm(pc uint32) bool { return header(f.x.code[pc]).op() == opTerm }

// cheapest returns the kid of the list at pc under which the rule is best filed, save one, or
// [math.MaxUint32].
func (f *filer) cheapest(pc, save uint32) uint32 {
	best, least := uint32(math.MaxUint32), int64(costNever)
	for kid := f.x.kids(pc); kid < f.x.end(pc); kid = f.x.end(kid) {
		if cost := f.cost(kid); kid != save && cost < least {
			best, least = kid, cost
		}
	}
	return best
}

// cost estimates how often a page calls for the rules filed under the node at pc.
func (f *filer) cost(pc uint32) int64 {
	h := header(f.x.code[pc])
	switch h.op() {
	case opTerm:
		cost := int64(f.wanted[h.operand()])
		if !f.terms.IsRare(h.operand()) {
			cost += costCommon
		}
		return cost
	case opRegexp:
		return 2 * costCommon
	case opIn:
		return f.cost(pc + 1)
	case opOr:
		sum := int64(0)
		for kid := f.x.kids(pc); kid < f.x.end(pc); kid = f.x.end(kid) {
			sum = min(sum+f.cost(kid), costNever)
		}
		return sum
	case opAnd, opRun, opNear:
		if best := f.cheapest(pc, math.MaxUint32); best != math.MaxUint32 {
			return f.cost(best)
		}
	}
	return costNever
}
