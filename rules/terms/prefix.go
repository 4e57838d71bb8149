package terms

import (
	"cmp"
	"slices"
	"strings"
)

// prefixes are the beginnings of words that rules ask for, sorted. Those that begin a word are
// found by one search: the last that is not after the word, and the shorter ones that begin it.
type prefixes struct {
	list   []prefixUse
	firsts []uint64 // which pairs of first bytes there are, by 15 bits of them
}

// prefixUse is a beginning and what it means.
type prefixUse struct {
	text    string
	shorter int32 // place of the longest of the others that begins it, or none
	uses    []use
}

// newPrefixes sorts beginnings, which may come more than once.
func newPrefixes(list []prefixUse) (p prefixes) {
	if len(list) == 0 {
		return p
	}
	p.firsts = make([]uint64, 1<<15/64)
	slices.SortStableFunc(list, func(a, b prefixUse) int { return cmp.Compare(a.text, b.text) })
	for _, next := range list {
		if last := len(p.list) - 1; last >= 0 && p.list[last].text == next.text {
			p.list[last].uses = append(p.list[last].uses, next.uses...)
			continue
		}
		next.shorter = p.longest(next.text)
		p.list = append(p.list, next)
		if bit := firstsOf(next.text); bit >= 0 {
			p.firsts[bit>>6] |= 1 << (bit & 63)
		}
	}
	return p
}

// firstsOf returns the bit of a text's first two bytes, or -1 if it is shorter.
func firstsOf(text string) int {
	if len(text) < 2 {
		return -1
	}
	return int(text[0]&0x7f)<<8 | int(text[1])
}

// longest returns the place of the longest beginning of a word, or none.
func (p *prefixes) longest(word string) int32 {
	i, equal := slices.BinarySearchFunc(p.list, word, func(u prefixUse, word string) int {
		return cmp.Compare(u.text, word)
	})
	if !equal {
		i--
	}
	at := int32(i)
	for at >= 0 && !strings.HasPrefix(word, p.list[at].text) {
		at = p.list[at].shorter
	}
	return at
}

// recognisePrefixes notes the terms of which the words of the page have the beginning.
func (t *Table) recognisePrefixes(f *Findings) {
	if len(t.prefixes.list) == 0 {
		return
	}
	for i := range f.page.Spans {
		word := f.page.Folded(int32(i))
		bit := firstsOf(word)
		if bit < 0 || t.prefixes.firsts[bit>>6]&(1<<(bit&63)) == 0 {
			continue
		}
		for at := t.prefixes.longest(word); at >= 0; at = t.prefixes.list[at].shorter {
			for _, u := range t.prefixes.list[at].uses {
				t.apply(f, u, int32(i))
			}
		}
	}
}
