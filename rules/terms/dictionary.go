package terms

import "math/bits"

// dictionary maps the keys of words to their uses. It is an open-addressing table: a key stands in
// the first free slot from the one that its low bits name.
type dictionary struct {
	slots []slot
	mask  uint64
}

// slot holds a key with its uses, which are uses[ref:ref+n]. Most words have one use that asks for
// nothing further; it stands in the slot itself: n is then alone plus the groups of languages in
// which it holds, and ref is its term.
type slot struct {
	key    uint64
	ref, n uint32
}

const (
	alone = 1 << 31
	plain = 1 << 30 // and the word must be its own form
)

// filter tells most keys that a dictionary does not have, without a look at it.
type filter struct {
	bits []uint64
	mask uint64
}

// filterShift leaves the bits by which a dictionary finds a slot to it.
const filterShift = 32

// newFilter returns a filter for n keys.
func newFilter(n int) filter {
	size := 1 << max(bits.Len(uint(n))-2, 0) // of 64 keys: one in 8 to 16 others passes
	return filter{make([]uint64, size), uint64(size - 1)}
}

func (f *filter) add(key uint64) {
	f.bits[key>>filterShift&f.mask] |= 1 << (key >> 58)
}

func (f *filter) mayHold(key uint64) bool {
	return f.bits[key>>filterShift&f.mask]&(1<<(key>>58)) != 0
}

// newDictionary returns a dictionary for n keys.
func newDictionary(n int) dictionary {
	if n == 0 {
		return dictionary{}
	}
	size := 1 << bits.Len(uint(n+n/2))
	return dictionary{make([]slot, size), uint64(size - 1)}
}

// find returns the slot of a key, or nil. A key is never zero.
func (d *dictionary) find(key uint64) *slot {
	if len(d.slots) == 0 {
		return nil
	}
	for i := key & d.mask; ; i = (i + 1) & d.mask {
		s := &d.slots[i&uint64(len(d.slots)-1)]
		if s.key == key {
			return s
		}
		if s.n == 0 {
			return nil
		}
	}
}

// put returns the slot of a key, which is empty if the key is new.
func (d *dictionary) put(key uint64) *slot {
	for i := key & d.mask; ; i = (i + 1) & d.mask {
		s := &d.slots[i]
		if s.key == key && s.n != 0 || s.n == 0 {
			s.key = key
			return s
		}
	}
}
