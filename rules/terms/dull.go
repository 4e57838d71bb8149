package terms

import (
	"math/bits"
	"sync/atomic"
)

const (
	// maxDullBits bounds what a table remembers: the words that make nine tenths of the news.
	maxDullBits = 16

	// dullPerTerm is how much a smaller table remembers, as a power of two. It is made in microseconds,
	// as small tables come and go with each change of a rule.
	dullPerTerm = 7

	// fewTerms is up to how many terms a table remembers nothing: it will be replaced soon.
	fewTerms = 64
)

// dull remembers the names of words that mean nothing to a table, wherever they stand. A name is
// written over by another that has the same place. It is safe for concurrent use.
type dull struct {
	names []atomic.Uint64
	shift uint8 // leaves of a name its place
}

// newDull returns what a table of n terms remembers.
func newDull(n int) dull {
	if n <= fewTerms {
		return dull{}
	}
	size := min(bits.Len(uint(n))+dullPerTerm, maxDullBits)
	return dull{make([]atomic.Uint64, 1<<size), uint8(64 - size)}
}

// has reports whether a name is remembered. That of a word is zero but once in 2^64.
func (d *dull) has(name uint64) bool {
	return len(d.names) != 0 && d.names[name>>d.shift].Load() == name
}

func (d *dull) add(name uint64) {
	if len(d.names) != 0 {
		d.names[name>>d.shift].Store(name)
	}
}
