package rules

import (
	"slices"
	"strings"
)

// field is a part of a document that a rule can name or a hit can lie in.
type field int

const (
	fieldNone field = iota // the title and the text, read as one
	fieldTitle
	fieldText
	fieldSource
	fieldCategory
	fieldLang
	fieldCount
)

var fieldNames = [fieldCount]string{
	"", FieldTitle, FieldText, FieldSource, FieldCategory, "lang",
}

// ruleFields are those that a rule can name.
var ruleFields = [...]field{fieldTitle, fieldSource, fieldLang, fieldCategory}

// String returns the name by which rules and hits call the field.
func (f field) String() string { return fieldNames[f] }

// page is a document cut and folded, once for all rules. Its words stand in one sequence, field
// after field in the order of the constants.
type page struct {
	words  []pageWord
	first  map[string]int32 // place of the first occurrence of a folded word
	fields [fieldCount]span
}

type pageWord struct {
	Word
	next     int32 // place of the next occurrence of the same folded word, or none
	field    field
	opens    bool // it begins a field or a category: no phrase leads to it
	capitals bool // every letter is one
}

// none is the place of no word.
const none = -1

// span is a stretch of a page's words, from inclusive, to exclusive.
type span struct{ from, to int }

func newPage(d Document) *page {
	p := &page{}
	p.add(fieldTitle, d.Title, 0)
	p.add(fieldText, d.Text, 0)
	p.add(fieldSource, d.Source, 0)
	offset := 0
	for _, category := range d.Categories {
		p.add(fieldCategory, category, offset)
		offset += len(category) + len(categoryGap)
	}
	primary, _, _ := strings.Cut(d.Lang, "-") // fa of fa-IR: rules name languages, not regions
	p.add(fieldLang, primary, 0)
	p.fields[fieldNone] = span{p.fields[fieldTitle].from, p.fields[fieldText].to}
	p.chain()
	return p
}

// add reads a text into a field. The text begins at the given offset of the field's own.
func (p *page) add(f field, text string, offset int) {
	start := len(p.words)
	for i, w := range Words(text) {
		caps := capitals(text[w.Start:w.End]) > 0
		w.Start, w.End = w.Start+offset, w.End+offset
		p.words = append(p.words, pageWord{w, none, f, i == 0, caps})
	}
	if p.fields[f].to == 0 {
		p.fields[f].from = start
	}
	p.fields[f].to = len(p.words)
}

// chain links the occurrences of each word, back to front so that they are met front to back.
func (p *page) chain() {
	p.first = make(map[string]int32, len(p.words))
	for i, w := range slices.Backward(p.words) {
		if next, ok := p.first[w.Folded]; ok {
			p.words[i].next = next
		}
		p.first[w.Folded] = int32(i)
	}
}

// firstOf returns the first place of a folded word, or none.
func (p *page) firstOf(folded string) int {
	if i, ok := p.first[folded]; ok {
		return int(i)
	}
	return none
}

// answers reports whether the word at place i is what a pattern asks for. Outside title and text
// nobody minds their capitals.
func (p *page) answers(i int, want pattern) bool {
	w := &p.words[i]
	if want.capitals && !w.capitals && w.field <= fieldText {
		return false
	}
	return w.Folded == want.folded || want.prefix && strings.HasPrefix(w.Folded, want.folded)
}
