package terms

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
)

// maxExpressionText is how many bytes of title and text together a regular expression reads.
const maxExpressionText = 64 << 10

// mostFound bounds the places of an expression in a text: to find the next one, the rest of the text
// may have to be read again.
const mostFound = 256

// regexps are the regular expressions that rules ask for. Those under which rules are filed are
// tried only on a text that has three bytes in a row that each of their matches has, or always if
// there are none such.
type regexps struct {
	list   []compiled
	filed  []uint32           // those tried always
	chunks map[chunk][]uint32 // and those tried for three bytes of a text
	first  []uint64           // which chunks there are, by their hash
}

// compiled is a regular expression and the term that it is.
type compiled struct {
	re          *regexp.Regexp
	term        uint32
	filed       bool // it is tried for its own sake
	opens, ends bool // it asks for the edge of a word where it begins and ends
}

// chunk is three bytes of a text, its ASCII letters small.
type chunk uint32

const chunkBits = 12

func (c chunk) hash() uint32 { return uint32(c) * 0x9e3779b1 >> (32 - chunkBits) }

// newCompiled compiles an expression, which the parser has found to be good.
func newCompiled(re string, term uint32) compiled {
	c := compiled{re: regexp.MustCompile(re), term: term}
	tree, err := syntax.Parse(re, syntax.Perl)
	if err == nil && tree.Op == syntax.OpConcat {
		c.opens = tree.Sub[0].Op == syntax.OpWordBoundary
		c.ends = tree.Sub[len(tree.Sub)-1].Op == syntax.OpWordBoundary
	}
	return c
}

// file makes an expression one that is tried for its own sake.
func (r *regexps) file(i uint32) {
	if r.list[i].filed {
		return
	}
	r.list[i].filed = true
	literal := r.list[i].required()
	if len(literal) < 3 {
		r.filed = append(r.filed, i)
		return
	}
	if r.chunks == nil {
		r.chunks = make(map[chunk][]uint32)
		r.first = make([]uint64, 1<<chunkBits/64)
	}
	c := r.rarest(literal)
	r.chunks[c] = append(r.chunks[c], i)
	r.first[c.hash()>>6] |= 1 << (c.hash() & 63)
}

// rarest returns the chunk of a literal under which the fewest expressions are filed.
func (r *regexps) rarest(literal string) chunk {
	best := chunkAt(literal, 0)
	for i := 1; i+3 <= len(literal); i++ {
		if c := chunkAt(literal, i); len(r.chunks[c]) < len(r.chunks[best]) {
			best = c
		}
	}
	return best
}

func chunkAt(text string, i int) chunk {
	return chunk(small(text[i]))<<16 | chunk(small(text[i+1]))<<8 | chunk(small(text[i+2]))
}

// small returns an ASCII letter small, and every other byte as it is.
func small(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// required returns a text that every match holds, in ASCII letters of either case.
func (c *compiled) required() string {
	tree, err := syntax.Parse(c.re.String(), syntax.Perl)
	if err != nil {
		return ""
	}
	return required(tree)
}

// required returns the longest text found that every match of an expression holds, in ASCII letters
// of either case.
func required(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return longestASCII(re.Rune)
		}
		return string(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		best := ""
		for _, sub := range re.Sub {
			if literal := required(sub); len(literal) > len(best) {
				best = literal
			}
		}
		return best
	}
	return ""
}

// longestASCII returns the longest run of characters that have no other case than ASCII has: k and
// s have, the signs for kelvin and the long s.
func longestASCII(literal []rune) string {
	best := ""
	for part := range strings.FieldsFuncSeq(string(literal), func(r rune) bool {
		return r > unicode.MaxASCII || strings.ContainsRune("kKsS", r)
	}) {
		if len(part) > len(best) {
			best = part
		}
	}
	return best
}

// recogniseExpressions notes the expressions under which rules are filed and that the page answers.
func (t *Table) recogniseExpressions(f *Findings) {
	for _, i := range t.regexps.filed {
		t.noteExpression(f, i)
	}
	if len(t.regexps.chunks) == 0 {
		return
	}
	for _, field := range [...]query.Field{query.Title, query.Text} {
		text := readable(f.page, field)
		for i := 0; i+3 <= len(text); i++ {
			c := chunkAt(text, i)
			if t.regexps.first[c.hash()>>6]&(1<<(c.hash()&63)) == 0 {
				continue
			}
			for _, e := range t.regexps.chunks[c] {
				t.noteExpression(f, e)
			}
		}
	}
}

func (t *Table) noteExpression(f *Findings, i uint32) {
	if len(t.expression(f, i)) > 0 {
		f.seenTerm(t.regexps.list[i].term).InBody = true
	}
}

// expression is what a regular expression finds on a page.
type expression struct {
	index  uint32
	places []Place
}

// Places returns the places where a term that is a regular expression is found in the title, or in
// title and text.
func (t *Table) Places(f *Findings, term uint32, in query.Field) []Place {
	all := t.expression(f, t.regexps.number(term))
	if in == query.Title {
		n := slices.IndexFunc(all, func(at Place) bool { return at.Field != query.Title })
		if n >= 0 {
			return all[:n]
		}
	}
	return all
}

// IsRegexp reports whether a term is a regular expression.
func (t *Table) IsRegexp(term uint32) bool {
	i := t.regexps.number(term)
	return int(i) < len(t.regexps.list) && t.regexps.list[i].term == term
}

// number returns the place in the list of the expression that is a term.
func (r *regexps) number(term uint32) uint32 {
	i, _ := slices.BinarySearchFunc(r.list, term, func(c compiled, term uint32) int {
		return cmp.Compare(c.term, term)
	})
	return uint32(i)
}

// expression returns the places of title and text that a regular expression finds. Each is run once
// for a page.
func (t *Table) expression(f *Findings, i uint32) []Place {
	for len(f.ran) <= int(i) {
		f.ran = append(f.ran, 0)
	}
	if at := f.ran[i]; at > 0 {
		return f.expressions[at-1].places
	}
	e := expression{index: i}
	for _, field := range [...]query.Field{query.Title, query.Text} {
		e.places = t.regexps.list[i].appendPlaces(e.places, field, readable(f.page, field))
	}
	f.expressions = append(f.expressions, e)
	f.ran[i] = int32(len(f.expressions))
	return e.places
}

// readable returns what regular expressions read of the title or the text.
func readable(p *page.Page, f query.Field) string {
	text, room := p.Text(f), maxExpressionText
	if f == query.Text {
		room -= min(len(p.Text(query.Title)), maxExpressionText)
	}
	for room < len(text) && room > 0 && !utf8.RuneStart(text[room]) {
		room--
	}
	return text[:min(len(text), room)]
}

// appendPlaces appends the places where the expression is found in a text of a field.
func (c *compiled) appendPlaces(places []Place, f query.Field, text string) []Place {
	for _, at := range c.re.FindAllStringIndex(text, mostFound) {
		if at[0] < at[1] && c.standsFree(text, at[0], at[1]) {
			places = append(places, Place{f, uint32(at[0]), uint32(at[1]), c.term})
		}
	}
	return places
}

// standsFree reports whether the edges that the expression asks for are edges of words to people
// too: to it, é is no letter.
func (c *compiled) standsFree(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !(c.opens && isLetter(before)) && !(c.ends && isLetter(after))
}

func isLetter(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}
