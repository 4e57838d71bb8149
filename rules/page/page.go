// Package page reads a document once for all rules: it cuts it into words and says what each is
// compared by.
//
// A [Reader] remembers what it made of words as they are written, so that in steady state neither
// folding nor inflection is done again and nothing is allocated a word. Words are compared by 62-bit
// hashes with a secret seed: of a million words that rules ask for and a billion that are read, one
// is taken for another once in some 4,600 such worlds.
package page

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// CategoryGap stands between two categories in the text of their field.
const CategoryGap = ", "

// Text is a document as rules see it. Lang is BCP 47 or near it. Where it is empty the letters of the
// text decide. They decide how words inflect also where it is plainly wrong.
type Text struct {
	Title, Text, Source, Lang string
	Categories                []string
}

// Page is a document cut and folded, for all rules. Its words stand in one sequence, field after
// field in the order of [query.Field]. It belongs to one goroutine and is given back with
// [Page.Free].
type Page struct {
	Names    []uint64     // of the words as they are written, in the language of the page
	Spans    []words.Span // of the words: bytes of their fields
	Language string       // by which rules may choose
	Group    Group        // of the language that it is written in
	Work     any          // what a matcher keeps with a page from one document to the next

	keys   []Key    // of the words; zero until somebody asks
	loud   bool     // the title is all in capitals
	opens  []uint64 // a bit for each word: it begins a field or a category
	fields [query.Lang + 1]Span
	texts  [query.Lang + 1]string
	reader *Reader
}

// Span is a stretch of a page's words, from inclusive, to exclusive.
type Span struct{ From, To int32 }

// Holds reports whether another span lies inside.
func (s Span) Holds(other Span) bool { return s.From <= other.From && other.To <= s.To }

// Span returns where a field stands. What names no field is title and text, read as one.
func (p *Page) Span(f query.Field) Span {
	if f == query.Anywhere {
		return Span{p.fields[query.Title].From, p.fields[query.Text].To}
	}
	return p.fields[f]
}

// Text returns the text of a field.
func (p *Page) Text(f query.Field) string { return p.texts[f] }

// Field returns the field in which the word at place i stands.
func (p *Page) Field(i int32) query.Field {
	f := query.Title
	for f < query.Category && i >= p.fields[f].To {
		f++
	}
	return f
}

// Opens reports whether the word at place i begins a field or a category: no phrase leads to it.
func (p *Page) Opens(i int32) bool { return p.opens[i/64]&(1<<(i%64)) != 0 }

// Raw returns the word at place i as it is written.
func (p *Page) Raw(i int32) string {
	s := p.Spans[i]
	return p.texts[p.Field(i)][s.Start:s.End]
}

// Key returns what the word at place i is compared by.
func (p *Page) Key(i int32) Key {
	if k := p.keys[i]; k != 0 {
		return k
	}
	name := p.Names[i]
	k, ok := p.reader.recall(name)
	if !ok {
		k = p.reader.remember(name, p.reader.keyOf(p.Raw(i), p.Group))
	}
	p.keys[i] = k
	return k
}

// Exact returns the hash of the very word at place i.
func (p *Page) Exact(i int32) uint64 {
	if k := p.Key(i); !k.Inflected() {
		return k.Form() ^ saltExact
	}
	name := p.Names[i] + saltExact
	k, ok := p.reader.recall(name)
	if !ok {
		k = p.reader.remember(name, Key(p.reader.ExactKey(words.Fold(p.Raw(i)))))
	}
	return uint64(k)
}

// Capitals returns the hash of the word at place i as an abbreviation, zero if it is none.
func (p *Page) Capitals(i int32) uint64 {
	if !p.Key(i).Capitals() {
		return 0
	}
	name := p.Names[i] + saltCapitals
	k, ok := p.reader.recall(name)
	if !ok {
		acronym, _ := words.Acronym(p.Raw(i))
		k = p.reader.remember(name, Key(p.reader.CapitalsKey(acronym)))
	}
	return uint64(k)
}

// Loud returns the place before which all words are loud; see [Page.IsLoud].
func (p *Page) Loud() int32 {
	if !p.loud {
		return 0
	}
	return p.fields[query.Title].To
}

// IsLoud reports whether the word at place i stands in a title that is all in capitals: there they
// prove nothing.
func (p *Page) IsLoud(i int32) bool { return i < p.Loud() }

// isLoud reports whether all letters of a title are capitals.
func isLoud(title string) bool {
	return strings.ContainsFunc(title, unicode.IsUpper) && !strings.ContainsFunc(title, unicode.IsLower)
}

// read fills a page.
func (p *Page) read(t Text) {
	p.loud = isLoud(t.Title)
	written := words.Language(t.Lang, t.Title, t.Text)
	p.Group = groupOf(written)
	p.Language = cmp.Or(words.Primary(t.Lang), written)
	p.add(query.Title, t.Title)
	p.add(query.Text, t.Text)
	p.add(query.Source, t.Source)
	p.addCategories(t.Categories)
}

// add reads a text into a field.
func (p *Page) add(f query.Field, text string) {
	first := int32(len(p.Spans))
	p.texts[f] = text
	p.cut(text)
	p.fields[f] = Span{first, int32(len(p.Spans))}
}

// cut appends the words of a text and returns them.
func (p *Page) cut(text string) []words.Span {
	first := len(p.Spans)
	p.Spans = words.AppendSpans(p.Spans, text)
	more := len(p.Spans) - first
	p.keys = slices.Grow(p.keys, more)[:len(p.Spans)]
	p.Names = slices.Grow(p.Names, more)[:len(p.Spans)]
	clear(p.keys[first:])
	named, added, salt := p.Names[first:], p.Spans[first:], saltGroup*uint64(p.Group)
	for i, s := range added {
		named[i] = p.reader.sum(text, s.Start, s.End) + salt
	}
	for len(p.opens)*64 <= len(p.Spans) {
		p.opens = append(p.opens, 0)
	}
	p.opens[first/64] |= 1 << (first % 64)
	return added
}

func (p *Page) addCategories(categories []string) {
	first := int32(len(p.Spans))
	p.texts[query.Category] = strings.Join(categories, CategoryGap)
	offset := 0
	for _, c := range categories {
		added := p.cut(c)
		for i := range added {
			added[i].Start += uint32(offset)
			added[i].End += uint32(offset)
		}
		offset += len(c) + len(CategoryGap)
	}
	p.fields[query.Category] = Span{first, int32(len(p.Spans))}
}

// Folded returns the word at place i folded.
func (p *Page) Folded(i int32) string {
	raw := p.Raw(i)
	for k := range len(raw) {
		if c := raw[k]; c < 'a' || 'z' < c {
			return p.reader.folded(raw)
		}
	}
	return raw
}

// mostKept is how many words a page may have had to be used again: a giant's memory is let go.
const mostKept = 1 << 16

// Free gives the page back to its reader.
func (p *Page) Free() {
	r := p.reader
	p.reader = nil // what is kept keeps nothing else
	if len(p.keys) > mostKept {
		return
	}
	p.Names, p.keys = p.Names[:0], p.keys[:0]
	p.Spans, p.opens = p.Spans[:0], p.opens[:0]
	p.texts = [query.Lang + 1]string{}
	r.pages.Put(p)
}
