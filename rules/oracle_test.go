package rules

import (
	"cmp"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/rules/inflect"
	"github.com/tensionwatch/tensionwatch/rules/names"
	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// What the package promises, said a second time so that a change of the matcher's is noticed.
const (
	passageWords = 30
	mostHits     = 64
	regexpBytes  = 64 << 10 // of title and text together
)

// An oracle matches as the package comment says and in the slowest way: it tries every place for
// every word, every passage for every run and every operand of a NEAR with every other. It shares
// nothing with the matcher but the parsed rules, the spelling of their names and what the packages
// beneath say of single words.
//
// A rule is looked at with the document read last. Took and failed gather what of it did hold and
// what did not.
type oracle struct {
	reading
	wants        map[*query.Term]*want
	patterns     map[string]*pattern
	took, failed operators
}

func newOracle() *oracle {
	return &oracle{
		wants:    map[*query.Term]*want{},
		patterns: map[string]*pattern{},
	}
}

// reading is a document in words.
type reading struct {
	doc     Document
	lang    string
	shouted bool    // the title is all capitals
	words   []token // of title, text, source and each category in turn
	ends    [query.Lang]int
}

// token is a word of a document and what rules compare of it.
type token struct {
	words.Word
	field   query.Field
	section int // a number that title, text, source and each category have of their own
	stem    string
	acronym string
	sound   names.Sound
}

func read(d Document) reading {
	r := reading{doc: d, lang: words.Language(d.Lang, d.Title, d.Text), shouted: isShouted(d.Title)}
	r.add(query.Title, d.Title, 0)
	r.add(query.Text, d.Text, 0)
	r.add(query.Source, d.Source, 0)
	offset := 0
	for _, category := range d.Categories {
		r.add(query.Category, category, offset)
		offset += len(category) + len(", ")
	}
	r.ends[query.Category] = len(r.words)
	return r
}

func (r *reading) add(f query.Field, text string, offset int) {
	section := len(r.words) // no two sections with words begin at the same one
	for _, w := range words.Cut(text) {
		raw := text[w.Start:w.End]
		t := token{Word: w, field: f, section: section, sound: names.SoundOf(raw)}
		t.stem = inflect.Stem(r.lang, w.Folded)
		t.acronym, _ = words.Acronym(raw)
		t.Start, t.End = w.Start+offset, w.End+offset
		r.words = append(r.words, t)
	}
	r.ends[f] = len(r.words)
}

func isShouted(title string) bool {
	return strings.ContainsFunc(title, unicode.IsUpper) &&
		!strings.ContainsFunc(title, unicode.IsLower)
}

// scope returns the words of a field: words[from:to].
func (r *reading) scope(f query.Field) (from, to int) {
	switch f {
	case query.Anywhere:
		return 0, r.ends[query.Text]
	case query.Title:
		return 0, r.ends[query.Title]
	}
	return r.ends[f-1], r.ends[f]
}

// spot is a place that answers a part of a rule: words[from:to], or for a regular expression none.
type spot struct {
	from, to int
	Hit
	ties []string // what other parts of the rule answer the very place
}

func hit(f query.Field, start, end int, word string) Hit {
	return Hit{Field: f.String(), Start: start, End: end, Word: word}
}

// match returns the hits of a rule in the document, and whether it matches.
func (o *oracle) match(root query.Node) ([]spot, bool) {
	o.took, o.failed = 0, usesMostHits
	spots, ok := o.look(root, query.Anywhere)
	if !ok {
		return nil, false
	}
	fields := []string{FieldTitle, FieldText, FieldSource, FieldCategory}
	slices.SortStableFunc(spots, func(a, b spot) int {
		return cmp.Or(cmp.Compare(slices.Index(fields, a.Field), slices.Index(fields, b.Field)),
			cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var hits []spot
	for _, s := range spots {
		n := len(hits)
		if n > 0 && hits[n-1].Field == s.Field && s.Start < hits[n-1].End {
			if s.Start == hits[n-1].Start && s.End == hits[n-1].End {
				hits[n-1].ties = append(hits[n-1].ties, s.Word)
			}
			continue
		}
		hits = append(hits, s)
	}
	if len(hits) > mostHits {
		hits = hits[:mostHits]
		o.took |= usesMostHits
	}
	return hits, true
}

// look tells whether a part of a rule holds in a field, and where.
func (o *oracle) look(n query.Node, f query.Field) (spots []spot, ok bool) {
	switch n := n.(type) {
	case *query.Term:
		return o.lookTerm(n, f)
	case query.Regexp:
		spots = o.lookRegexp(n, f)
		ok = len(spots) > 0
	case query.Run:
		spots, ok = o.lookRun(n, f)
	case query.Near:
		spots = o.lookNear(n, f)
		ok = len(spots) > 0
	case query.And:
		spots, ok = o.lookAnd(n, f)
	case query.Or:
		for _, kid := range n {
			if some, holds := o.look(kid, f); holds {
				spots, ok = append(spots, some...), true
			}
		}
	case query.Not:
		_, held := o.look(n.Kid, f)
		ok = !held
	case query.In:
		if n.Field == query.Lang {
			ok = o.speaks(n.Kid)
			break
		}
		spots, ok = o.look(n.Kid, n.Field)
	}
	o.note(operatorsOf(n), ok)
	return spots, ok
}

func (o *oracle) note(used operators, held bool) {
	if held {
		o.took |= used
	} else {
		o.failed |= used
	}
}

func (o *oracle) lookAnd(n query.And, f query.Field) (all []spot, ok bool) {
	for _, kid := range n {
		spots, ok := o.look(kid, f)
		if !ok {
			return nil, false
		}
		all = append(all, spots...)
	}
	return all, true
}

// speaks compares the language that the document declares, or else is in.
func (o *oracle) speaks(n query.Node) bool {
	if t, ok := n.(*query.Term); ok {
		return t.Words[0].Folded == cmp.Or(words.Primary(o.doc.Lang), o.lang)
	}
	return slices.ContainsFunc(query.Parts(n), o.speaks)
}

// lookRun tries every passage. Of what stands in it only the places in passages that hold something
// of each count; whatever is no place is a condition.
func (o *oracle) lookRun(n query.Run, f query.Field) (all []spot, ok bool) {
	var members [][]spot
	for _, kid := range n {
		spots, ok := o.look(kid, f)
		if !ok {
			return nil, false
		}
		if query.Positional(kid) {
			members = append(members, spots)
		} else {
			all = append(all, spots...)
		}
	}
	if len(members) == 0 {
		return all, true
	}
	inside := map[[2]int]bool{} // member, spot
	from, to := o.scope(f)
	for start := from; start < to; start++ {
		some := passage(members, start)
		if slices.ContainsFunc(some, func(spots []int) bool { return spots == nil }) {
			continue
		}
		for m, spots := range some {
			for _, s := range spots {
				inside[[2]int{m, s}] = true
			}
		}
	}
	for m, spots := range members {
		for i, s := range spots {
			if inside[[2]int{m, i}] {
				all = append(all, s)
			}
		}
	}
	return all, len(inside) > 0
}

// passage returns which spots of each member lie in the passage that starts at a word.
func passage(members [][]spot, start int) [][]int {
	some := make([][]int, len(members))
	for m, spots := range members {
		for i, s := range spots {
			if start <= s.from && s.to <= start+passageWords {
				some[m] = append(some[m], i)
			}
		}
	}
	return some
}

// lookNear returns the spots of each operand that are on a chain from the first to the last.
func (o *oracle) lookNear(n query.Near, f query.Field) (all []spot) {
	operands := make([][]spot, len(n.Kids))
	for i, kid := range n.Kids {
		operands[i], _ = o.look(kid, f)
		if i > 0 {
			operands[i] = within(n.Within[i-1], operands[i], operands[i-1])
		}
	}
	for i := len(operands) - 2; i >= 0; i-- {
		operands[i] = within(n.Within[i], operands[i], operands[i+1])
	}
	return slices.Concat(operands...)
}

// within returns those spots that lie within n words of one of the others.
func within(n int, spots, others []spot) (near []spot) {
	for _, s := range spots {
		if slices.ContainsFunc(others, func(o spot) bool { return distance(s, o) <= n }) {
			near = append(near, s)
		}
	}
	return near
}

// distance counts the words from the nearer ends of two spots: neighbours are 1 apart.
func distance(a, b spot) int { return max(a.from-(b.to-1), b.from-(a.to-1)) }

// pattern is a regular expression, compiled.
type pattern struct {
	*regexp.Regexp
	opens, closes bool // with a \b
}

func (o *oracle) patternOf(re string) *pattern {
	if p := o.patterns[re]; p != nil {
		return p
	}
	p := &pattern{Regexp: regexp.MustCompile(re)}
	o.patterns[re] = p
	if parsed, err := syntax.Parse(re, syntax.Perl); err == nil && parsed.Op == syntax.OpConcat {
		p.opens = parsed.Sub[0].Op == syntax.OpWordBoundary
		p.closes = parsed.Sub[len(parsed.Sub)-1].Op == syntax.OpWordBoundary
	}
	return p
}

// lookRegexp finds an expression in the title and in what of the text the bytes suffice for.
func (o *oracle) lookRegexp(n query.Regexp, f query.Field) (spots []spot) {
	p, left := o.patternOf(n.Re), regexpBytes
	for _, field := range []query.Field{query.Title, query.Text} {
		text := head(o.doc.Field(field.String()), left)
		left -= len(text)
		if f != query.Anywhere && f != field {
			continue
		}
		for _, at := range p.FindAllStringIndex(text, -1) {
			before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
			after, _ := utf8.DecodeRuneInString(text[at[1]:])
			if at[0] == at[1] || p.opens && goesOn(before) || p.closes && goesOn(after) {
				continue
			}
			spots = append(spots, spot{Hit: hit(field, at[0], at[1], n.String())})
		}
	}
	return spots
}

// head returns the whole characters in the first n bytes of a text.
func head(text string, n int) string {
	for n < len(text) && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:min(n, len(text))]
}

// goesOn reports whether a word goes on with a character, of which \b knows the ASCII ones only.
func goesOn(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// want is a term, with what does not depend on the document worked out.
type want struct {
	*query.Term
	used  operators
	stems map[string][]string // by language, of each word
	name  []names.Sound       // if it is to be heard: without particles, unless it has nothing else
}

func (o *oracle) wantOf(t *query.Term) *want {
	w := o.wants[t]
	if w == nil {
		w = &want{Term: t, used: operatorsOf(t), stems: map[string][]string{}}
		if t.Alike {
			name := read(Document{Text: t.Text}).words
			if others := significant(name); len(others) > 0 {
				name = others
			}
			for _, word := range name {
				w.name = append(w.name, word.sound)
			}
		}
		o.wants[t] = w
	}
	if w.stems[o.lang] == nil {
		for _, word := range t.Words {
			w.stems[o.lang] = append(w.stems[o.lang], inflect.Stem(o.lang, word.Folded))
		}
	}
	return w
}

// lookTerm tries a word or phrase at each word of a field.
func (o *oracle) lookTerm(t *query.Term, f query.Field) (spots []spot, ok bool) {
	w := o.wantOf(t)
	stems := w.stems[o.lang]
	from, to := o.scope(f)
	for i := from; i < to; i++ {
		if o.spells(w, stems, i) {
			spots = append(spots, o.spotAt(i, i+len(t.Words), t))
			if first := t.Words[0]; !first.Prefix && !first.Capitals && first.Folded != o.words[i].Folded {
				o.took |= usesInflection
			}
		}
		if !t.Alike {
			continue
		}
		for j := i + 1; j <= to && o.mayEcho(w.name, i, j); j++ {
			if sounds(w.name, o.words[i:j]) {
				spots = append(spots, o.spotAt(i, j, t))
				o.took |= usesSound
			}
		}
	}
	o.note(w.used, len(spots) > 0)
	if len(spots) == 0 {
		o.failed |= chosen(usesInflection, usesSound, t.Alike)
	}
	return spots, len(spots) > 0
}

func (o *oracle) spotAt(from, to int, t *query.Term) spot {
	first, last := &o.words[from], &o.words[to-1]
	return spot{from: from, to: to, Hit: hit(first.field, first.Start, last.End, t.Text)}
}

// spells reports whether the words of a term stand in a row from a word on, in one section.
func (o *oracle) spells(w *want, stems []string, at int) bool {
	for k := range w.Words {
		if at+k == len(o.words) || o.words[at+k].section != o.words[at].section ||
			!o.meets(w.Words[k], stems[k], w.Exact, &o.words[at+k]) {
			return false
		}
	}
	return true
}

// meets compares a word of a rule with one of the document.
func (o *oracle) meets(word query.Word, stem string, exact bool, t *token) bool {
	inCapitals := word.Capitals && t.field <= query.Text && !(o.shouted && t.field == query.Title)
	switch {
	case inCapitals && t.acronym == "":
		return false
	case word.Prefix:
		return strings.HasPrefix(t.Folded, word.Folded)
	case exact || t.field == query.Source:
		return t.Folded == word.Folded
	case inCapitals:
		return t.acronym == word.Folded
	}
	return t.stem == stem
}

// significant returns the words of a name that are no particles.
func significant(name []token) []token {
	return slices.DeleteFunc(slices.Clone(name), func(t token) bool {
		return names.IsParticle(t.Folded)
	})
}

// mayEcho reports whether words[i:j], or more words from i on, may sound like a name.
func (o *oracle) mayEcho(name []names.Sound, i, j int) bool {
	return o.words[j-1].section == o.words[i].section && name[0].Echoes(o.words[i].sound) &&
		len(significant(o.words[i:j-1])) < len(name)
}

// sounds reports whether a stretch of the text sounds like a name word by word, particles passed
// over, and begins and ends with words that do. One of them must have sounds enough to be known by,
// and the first of the name's that has must be met by such a one.
func sounds(name []names.Sound, stretch []token) bool {
	heard := significant(stretch)
	if len(heard) != len(name) || heard[0].Start != stretch[0].Start ||
		heard[len(heard)-1].Start != stretch[len(stretch)-1].Start {
		return false
	}
	alike, isKnown := false, false
	for i, a := range name {
		b := heard[i].sound
		hasKeys := len(a.Keys()) > 0
		if !a.Echoes(b) || hasKeys && !isKnown && !sharesKey(a, b) {
			return false
		}
		alike, isKnown = alike || a.Alike(b), isKnown || hasKeys
	}
	return alike && isKnown
}

func sharesKey(a, b names.Sound) bool {
	keys := b.Keys()
	return slices.ContainsFunc(a.Keys(), func(key string) bool { return slices.Contains(keys, key) })
}
