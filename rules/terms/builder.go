package terms

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"

	"github.com/tensionwatch/tensionwatch/rules/names"
	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// Builder makes a [Table], term by term. It belongs to one goroutine.
type Builder struct {
	t        *Table
	texts    []byte // for the table
	reader   *page.Reader
	numbers  map[string]uint32 // of terms, by what is looked for and how it is called
	rare     []bool            // of each term: much is gained by looking under it
	patterns map[string]uint32
	uses     []keyedUse
	sounds   []keyedUse
	prefixes []prefixUse
	name     []byte // scratch: the name of a term or pattern
}

// keyedUse is a use before its key has a slot.
type keyedUse struct {
	key uint64
	use
}

// NewBuilder returns a builder of a table for the pages of a reader. It makes room for some terms.
func NewBuilder(r *page.Reader, room int) *Builder {
	return &Builder{
		t:        &Table{textAt: make([]uint32, 1, room+1), patterns: make([]pattern, 0, room)},
		reader:   r,
		numbers:  make(map[string]uint32, room),
		rare:     make([]bool, 0, room),
		patterns: make(map[string]uint32, room),
		uses:     make([]keyedUse, 0, 2*room),
	}
}

// Term returns the number of a term that is looked at in a field. Of sources the very words are
// compared: Time is not The Times; and outside title and text nobody minds capitals.
func (b *Builder) Term(t *query.Term, in query.Field) uint32 {
	exact := t.Exact || in == query.Source
	small := in == query.Source || in == query.Category
	b.name = append(b.name[:0], flags(exact, small, t.Alike))
	b.name = append(append(b.name, t.Text...), flags())
	for _, w := range t.Words {
		b.name = append(append(b.name, w.Folded...), flags(w.Prefix, w.Capitals))
	}
	if known, ok := b.numbers[string(b.name)]; ok {
		return known
	}
	number := b.add(string(b.name), t.Text)
	b.addTerm(number, t, exact, small)
	return number
}

// Regexp returns the number of the term that is a regular expression.
func (b *Builder) Regexp(re string) uint32 {
	name := string([]byte{flags(true, true, true)}) + re
	if known, ok := b.numbers[name]; ok {
		return known
	}
	number := b.add(name, "/"+re+"/")
	b.t.regexps.list = append(b.t.regexps.list, newCompiled(re, number))
	return number
}

// TryRegexp makes a regular expression one that is recognised by itself, and not only asked for.
func (b *Builder) TryRegexp(number uint32) { b.t.regexps.file(b.t.regexps.number(number)) }

// Len returns how many terms there are.
func (b *Builder) Len() int { return len(b.t.textAt) - 1 }

// IsRare reports whether few pages have the term, as far as its words tell.
func (b *Builder) IsRare(number uint32) bool { return b.rare[number] }

// flags are a byte that no text holds.
func flags(list ...bool) byte {
	f := byte(0xF8)
	for i, set := range list {
		if set {
			f |= 1 << i
		}
	}
	return f
}

// add gives a new term a number.
func (b *Builder) add(name, text string) uint32 {
	number := uint32(b.Len())
	b.numbers[name] = number
	b.texts = append(b.texts, text...)
	b.t.textAt = append(b.t.textAt, uint32(len(b.texts)))
	b.rare = append(b.rare, false)
	return number
}

// addTerm says how a term is recognised.
func (b *Builder) addTerm(number uint32, t *query.Term, exact, small bool) {
	list := make([]uint32, len(t.Words))
	for i, w := range t.Words {
		w.Capitals = w.Capitals && !small
		list[i] = b.pattern(w, exact)
	}
	at := rarest(t.Words)
	b.rare[number] = !words.Common(t.Words[at].Folded) && !t.Words[at].Prefix
	u := use{term: number, at: uint16(at)}
	if len(list) > 1 || b.t.patterns[list[0]].isStrict() {
		first := uint32(len(b.t.order))
		b.t.order = append(b.t.order, list...)
		b.t.phrases = append(b.t.phrases, phrase{first, uint32(len(b.t.order))})
		u.phrase = uint32(len(b.t.phrases))
	}
	b.addUse(u, t.Words[at].Folded, &b.t.patterns[list[at]])
	if t.Alike {
		b.addAlike(number, t.Text)
	}
}

// rarest returns the place of the word by which a phrase is looked for: a longer word is rarer, and
// most of all one that does not join others.
func rarest(list []query.Word) int {
	best, most := 0, -1
	for i, w := range list {
		worth := len(w.Folded)
		if !words.Common(w.Folded) {
			worth += 100
		}
		if !w.Prefix {
			worth += 1000
		}
		if worth > most {
			best, most = i, worth
		}
	}
	return best
}

// pattern returns the number of what a word of a rule asks for.
func (b *Builder) pattern(w query.Word, exact bool) uint32 {
	b.name = append(append(b.name[:0], w.Folded...), flags(exact, w.Prefix, w.Capitals))
	if known, ok := b.patterns[string(b.name)]; ok {
		return known
	}
	var p pattern
	switch {
	case w.Prefix:
		b.t.begins = append(b.t.begins, w.Folded)
		p.begins, p.capitals = uint32(len(b.t.begins)), w.Capitals
	case w.Capitals:
		p.domain, p.acronym = byCapitals, b.reader.CapitalsKey(w.Folded)
		p.keys = b.reader.FormKeys(w.Folded)
		if exact {
			p.exact = b.reader.ExactKey(w.Folded)
		}
	case exact:
		p.domain, p.keys[0] = byExact, b.reader.ExactKey(w.Folded)
	default:
		p.keys = b.reader.FormKeys(w.Folded)
	}
	number := uint32(len(b.t.patterns))
	b.patterns[string(b.name)] = number
	b.t.patterns = append(b.t.patterns, p)
	return number
}

// addUse files a use under what the word at its place asks for.
func (b *Builder) addUse(u use, word string, p *pattern) {
	u.groups = 1<<page.Groups - 1
	switch {
	case p.begins != 0:
		b.prefixes = append(b.prefixes, prefixUse{text: word, uses: []use{u}})
	case p.domain == byForm:
		for key, groups := range forms(p) {
			u.groups = groups
			b.keep(key, b.besides(u), byForm)
		}
	case p.domain == byExact: // a word that is its own form has no other key
		u = b.besides(u)
		b.keep(p.keys[0], u, byExact)
		u.plain = true
		b.keep(b.reader.PlainKey(word), u, byForm)
	default:
		b.keep(p.acronym, u, byCapitals)
		for key, groups := range forms(p) {
			u.groups = groups
			b.keep(page.LoudKey(key), u, byCapitals)
		}
	}
}

// forms yields the keys of a word with the groups of languages in which each is its key.
func forms(p *pattern) iter.Seq2[uint64, uint8] {
	return func(yield func(uint64, uint8) bool) {
		for g, key := range p.keys {
			groups := uint8(0)
			for h, other := range p.keys {
				if other == key {
					groups |= 1 << h
				}
			}
			if first := bits.TrailingZeros8(groups); first == g && !yield(key, groups) {
				return
			}
		}
	}
}

// besides adds to a use of a phrase the key of a neighbour, if it is one in all languages of the use.
func (b *Builder) besides(u use) use {
	if u.phrase == 0 {
		return u
	}
	ph := b.t.phrases[u.phrase-1]
	if ph.to-ph.from == 1 {
		return u
	}
	side := int8(1)
	if uint32(u.at) == ph.to-ph.from-1 {
		side = -1
	}
	neighbour := &b.t.patterns[b.t.order[int(ph.from)+int(u.at)+int(side)]]
	switch {
	case neighbour.domain == byExact && neighbour.begins == 0:
		u.beside, u.exact, u.near = side, true, uint32(neighbour.keys[0])
		return u
	case neighbour.domain != byForm || neighbour.begins != 0:
		return u
	}
	u.near = uint32(neighbour.keys[bits.TrailingZeros8(u.groups)])
	for g, key := range neighbour.keys {
		if u.groups&(1<<g) != 0 && uint32(key) != u.near {
			return u
		}
	}
	u.beside = side
	return u
}

func (b *Builder) keep(key uint64, u use, d domain) {
	b.t.domains |= 1 << d
	b.uses = append(b.uses, keyedUse{key, u})
}

// addAlike files a name under the sounds of its first word that has some.
func (b *Builder) addAlike(number uint32, text string) {
	name := soundsOf(text)
	at := slices.IndexFunc(name, func(s names.Sound) bool { return len(s.Keys()) > 0 })
	if at < 0 {
		return
	}
	b.t.alikes.names = append(b.t.alikes.names, name)
	u := use{term: number, phrase: uint32(len(b.t.alikes.names)), at: uint16(at)}
	for _, key := range name[at].Keys() {
		b.sounds = append(b.sounds, keyedUse{b.reader.SoundKey(key), u})
	}
}

// Table returns the table of what was added. The builder is of no use after it.
func (b *Builder) Table() *Table {
	b.t.texts = string(b.texts)
	b.t.textAt, b.t.patterns = slices.Clip(b.t.textAt), slices.Clip(b.t.patterns)
	b.t.dull = newDull(b.Len())
	b.t.filter = newFilter(len(b.uses))
	for _, u := range b.uses {
		b.t.filter.add(u.key)
	}
	b.t.words, b.t.uses = filed(b.uses)
	b.t.alikes.words, b.t.alikes.uses = filed(b.sounds)
	b.t.prefixes = newPrefixes(b.prefixes)
	return b.t
}

// filed makes a dictionary of uses.
func filed(keyed []keyedUse) (d dictionary, uses []use) {
	slices.SortFunc(keyed, func(a, b keyedUse) int { return cmp.Compare(a.key, b.key) })
	d = newDictionary(len(keyed))
	for i := 0; i < len(keyed); {
		n := i
		for n < len(keyed) && keyed[n].key == keyed[i].key {
			n++
		}
		s := d.put(keyed[i].key)
		if u := keyed[i].use; n == i+1 && u.phrase == 0 {
			s.ref, s.n = u.term, alone|uint32(u.groups)
			if u.plain {
				s.n |= plain
			}
		} else {
			s.ref, s.n = uint32(len(uses)), uint32(n-i)
			for _, k := range keyed[i:n] {
				uses = append(uses, k.use)
			}
		}
		i = n
	}
	return d, slices.Clip(uses)
}
