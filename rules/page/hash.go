package page

import (
	"hash/maphash"
	"math/bits"
)

// hasher hashes words as they are written. It is the mixing step of wyhash (Wang Yi, 2019) with
// secret secrets, over at most sixteen bytes and without a branch on their number: of a loop over
// the words of a text a processor then does several turns at once.
type hasher struct {
	seed          maphash.Seed
	first, second uint64
}

func newHasher() hasher {
	seed := maphash.MakeSeed()
	return hasher{seed, maphash.String(seed, "first") | 1, maphash.String(seed, "second") | 1}
}

// shortWord is the length of words that are hashed the fast way.
const shortWord = 16

// sum hashes text[start:end].
func (h *hasher) sum(text string, start, end uint32) uint64 {
	n := end - start
	if n > shortWord || int(start)+shortWord > len(text) {
		return maphash.String(h.seed, text[start:end])
	}
	w := text[start : start+shortWord]
	low := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
		uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
	high := uint64(w[8]) | uint64(w[9])<<8 | uint64(w[10])<<16 | uint64(w[11])<<24 |
		uint64(w[12])<<32 | uint64(w[13])<<40 | uint64(w[14])<<48 | uint64(w[15])<<56
	low &= ones(8 * n)
	high &= ones(8*max(n, 8) - 64)
	a, b := bits.Mul64(low^h.first, high^h.second^uint64(n))
	return a ^ b
}

// ones returns n ones, at most 64.
func ones(n uint32) uint64 { return 1<<n - 1 }
