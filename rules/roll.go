package rules

import (
	"encoding/binary"
	"sort"
)

// roll is watches in order of their IDs, written into two texts. A million of them are four objects
// without a pointer, which the garbage collector does not walk through.
type roll struct {
	ids    string   // one after another: most are only asked for their IDs
	idAt   []uint32 // of each watch, and one more: where its ID begins
	rest   string   // of each watch: name and owner, each behind its length, and the rule
	restAt []uint32 // of each watch, and one more
}

// newRoll writes down watches, which are in order of ID.
func newRoll(watches []Watch) roll {
	idBytes, restBytes := 0, 0
	for _, w := range watches {
		idBytes += len(w.ID)
		restBytes += 2*binary.MaxVarintLen16 + len(w.Name) + len(w.Owner) + len(w.Rule)
	}
	ids, rest := make([]byte, 0, idBytes), make([]byte, 0, restBytes)
	r := roll{idAt: make([]uint32, 1, len(watches)+1), restAt: make([]uint32, 1, len(watches)+1)}
	for _, w := range watches {
		ids = append(ids, w.ID...)
		rest = append(binary.AppendUvarint(rest, uint64(len(w.Name))), w.Name...)
		rest = append(binary.AppendUvarint(rest, uint64(len(w.Owner))), w.Owner...)
		rest = append(rest, w.Rule...)
		r.idAt = append(r.idAt, uint32(len(ids)))
		r.restAt = append(r.restAt, uint32(len(rest)))
	}
	r.ids, r.rest = string(ids), string(rest)
	return r
}

// len returns how many watches there are.
func (r *roll) len() int { return len(r.idAt) - 1 }

// id returns the ID of the watch at a place.
func (r *roll) id(at uint32) string { return r.ids[r.idAt[at]:r.idAt[at+1]] }

// watch returns the watch at a place.
func (r *roll) watch(at uint32) Watch {
	rest := r.rest[r.restAt[at]:r.restAt[at+1]]
	w := Watch{ID: r.id(at)}
	w.Name, rest = cutCounted(rest)
	w.Owner, w.Rule = cutCounted(rest)
	return w
}

// cutCounted cuts a text that stands behind its length from the front of another.
func cutCounted(text string) (first, rest string) {
	n, shift, i := 0, 0, 0
	for ; text[i] >= 0x80; i++ {
		n |= int(text[i]&0x7f) << shift
		shift += 7
	}
	n |= int(text[i]) << shift
	text = text[i+1:]
	return text[:n], text[n:]
}

// search returns the place of the watch with an ID.
func (r *roll) search(id string) (at uint32, ok bool) {
	i, ok := sort.Find(r.len(), func(i int) int {
		other := r.id(uint32(i))
		switch {
		case id < other:
			return -1
		case id > other:
			return 1
		}
		return 0
	})
	return uint32(i), ok
}
