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
	if n > shortWord {
		return maphash.String(h.seed, text[start:end])
	}
	if int(start)+shortWord > len(text) { // near the end there is nothing behind the word to read
		var padded [shortWord]byte
		copy(padded[:], text[start:end])
		return h.mix(eight(padded[:8]), eight(padded[8:]), n)
	}
	return h.mix(eight(text[start:start+8]), eight(text[start+8:start+shortWord]), n)
}

// mix hashes the first n of sixteen bytes.
func (h *hasher) mix(low, high uint64, n uint32) uint64 {
	low &= ones(8 * n)
	high &= ones(8*max(n, 8) - 64)
	a, b := bits.Mul64(low^h.first, high^h.second^uint64(n))
	return a ^ b
}

// eight returns eight bytes as a number.
func eight[T string | []byte](b T) uint64 {
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// ones returns n ones, at most 64.
func ones(n uint32) uint64 { return 1<<n - 1 }
