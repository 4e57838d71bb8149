package rules

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// TestOracle compares the matcher with the oracle on documents and rules that are made up.
func TestOracle(t *testing.T) {
	n := 1500
	if raceDetector || testing.Short() {
		n /= 10
	}
	a := newAuthor(1)
	for range n {
		a.library = append(a.library, a.document())
	}
	a.compare(t, 1000)
}

// TestOracleOnNews compares them on a year of news and rules that use its words.
func TestOracleOnNews(t *testing.T) {
	n := 5000
	if raceDetector || testing.Short() {
		n /= 10
	}
	a := newAuthor(2)
	a.library = a.news(t, n)
	a.compare(t, 2000)
}

// compare has the library matched by rules, of which a third knows the names that ship.
func (a *author) compare(t *testing.T, rules int) {
	plain := a.newTrial(t, rules*2/3, nil)
	named := a.newTrial(t, rules/3, NewNames(aliases))
	tally := &tally{}
	o := newOracle()
	for _, d := range a.library {
		o.reading = read(d)
		plain.check(t, o, tally)
		named.check(t, o, tally)
	}
	if !t.Failed() {
		tally.check(t)
	}
}

// trial is watches in sets that were made in several ways.
type trial struct {
	names    *Names
	watches  []Watch // by ID
	roots    []query.Node
	sets     []made
	reported map[string]bool // rules
}

// made is a set and the way that it was made.
type made struct {
	how   string
	set   *Set
	lacks map[string]bool // IDs
}

func (a *author) newTrial(t *testing.T, n int, names *Names) *trial {
	tr := &trial{names: names, watches: a.watches(n), reported: map[string]bool{}}
	for _, w := range tr.watches {
		r, err := Parse(w.Rule)
		if err != nil {
			t.Fatal(err)
		}
		root, _ := names.spell(r.Root, w.Owner)
		tr.roots = append(tr.roots, root)
	}
	shuffled := slices.Clone(tr.watches)
	a.Shuffle(n, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	compiled, err := Compile(shuffled, names)
	if err != nil {
		t.Fatal(err)
	}
	thinned, lacks := compiled, map[string]bool{}
	for _, w := range shuffled[:n/3] {
		thinned, lacks[w.ID] = thinned.Without(w.ID), true
	}
	renamed, err := Compile(shuffled, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr.sets = []made{
		{"compiled", compiled, nil}, {"grown", a.grow(t, shuffled, names), nil},
		{"thinned", thinned, lacks}, {"renamed", renamed.WithNames(names), nil},
	}
	return tr
}

// grow adds watches one by one, some more than once and some first with another rule.
func (a *author) grow(t *testing.T, watches []Watch, names *Names) *Set {
	set, err := Compile(nil, names)
	with := func(w Watch) {
		if set, err = set.With(w); err != nil {
			t.Fatal(err)
		}
	}
	for i, w := range watches {
		if a.chance(20) {
			with(Watch{ID: w.ID, Owner: w.Owner, Rule: pick(a, watches).Rule})
		}
		with(w)
		if again := watches[a.IntN(i+1)]; a.chance(20) {
			set = set.Without(again.ID)
			with(again)
		}
	}
	return set
}

// check compares the sets with the oracle on the document that it has read.
func (tr *trial) check(t *testing.T, o *oracle, seen *tally) {
	want := map[string][]spot{}
	for i, w := range tr.watches {
		hits, ok := o.match(tr.roots[i])
		seen.add(o, ok)
		if ok {
			want[w.ID] = hits
		}
	}
	for _, m := range tr.sets {
		matches := m.set.Match(o.doc)
		byWatch := func(a, b Match) int { return cmp.Compare(a.Watch, b.Watch) }
		if !slices.IsSortedFunc(matches, byWatch) {
			t.Errorf("the matches of the %s set are not ordered by ID: %v", m.how, matches)
		}
		got := map[string][]Hit{}
		for _, match := range matches {
			got[match.Watch] = match.Hits
		}
		if len(got) < len(matches) {
			t.Errorf("a watch of the %s set matches twice: %v", m.how, matches)
		}
		for i, w := range tr.watches {
			hits := want[w.ID]
			if m.lacks[w.ID] {
				hits = nil
			}
			if !sameHits(got[w.ID], hits) {
				tr.report(t, i, m, o.doc)
			}
		}
	}
}

// sameHits compares hits. Where several parts of a rule answer one place, the word of any will do.
func sameHits(got []Hit, want []spot) bool {
	return slices.EqualFunc(got, want, func(h Hit, s spot) bool {
		if slices.Contains(s.ties, h.Word) {
			h.Word = s.Word
		}
		return h == s.Hit
	})
}

// mostReports is how many rules that differ are told of.
const mostReports = 20

// report tells what the matcher and the oracle make of as little of a document as they differ on.
func (tr *trial) report(t *testing.T, i int, m made, d Document) {
	w := tr.watches[i]
	if tr.reported[w.Rule] || len(tr.reported) == mostReports {
		return
	}
	tr.reported[w.Rule] = true
	o := newOracle()
	both := func(set *Set, d Document) (got []Hit, want []spot) {
		for _, match := range set.Match(d) {
			if match.Watch == w.ID {
				got = match.Hits
			}
		}
		o.reading = read(d)
		want, _ = o.match(tr.roots[i])
		return got, want
	}
	set, how := m.set, m.how
	differs := func(d Document) bool {
		got, want := both(set, d)
		return !sameHits(got, want)
	}
	if alone, err := Compile([]Watch{w}, tr.names); err != nil {
		t.Fatal(err)
	} else if got, want := both(alone, d); !sameHits(got, want) {
		set, how = alone, "smallest"
	}
	d = shrunk(d, differs)
	got, want := both(set, d)
	t.Errorf("the %s set: %s\nwhich means %s\non %.500q\n got%s\nwant%s", how, w.Rule,
		tr.roots[i], d, told(got), told(hitsOf(want)))
}

func told(hits []Hit) string {
	var b strings.Builder
	for _, h := range hits {
		fmt.Fprintf(&b, " %s[%d:%d]=%s", h.Field, h.Start, h.End, h.Word)
	}
	return cmp.Or(b.String(), " nothing")
}

func hitsOf(spots []spot) (hits []Hit) {
	for _, s := range spots {
		hits = append(hits, s.Hit)
	}
	return hits
}

// shrunk leaves out of a document what it can while the rest does as the whole does.
func shrunk(d Document, does func(Document) bool) Document {
	for _, field := range []*string{&d.Title, &d.Text, &d.Source, &d.Lang} {
		whole := *field
		if *field = ""; does(d) {
			continue
		}
		*field = whole
		for size := len(words.Cut(whole)); size > 0; size /= 2 {
			shrinkBy(size, field, func() bool { return does(d) })
		}
	}
	for i := 0; i < len(d.Categories); {
		less := d
		less.Categories = slices.Delete(slices.Clone(d.Categories), i, i+1)
		if does(less) {
			d = less
		} else {
			i++
		}
	}
	return d
}

// shrinkBy leaves out of a text what it can, so many words at a time.
func shrinkBy(size int, text *string, does func() bool) {
	for i := 0; ; {
		whole := *text
		cut := words.Cut(whole)
		if i+size > len(cut) {
			return
		}
		end := len(whole)
		if i+size < len(cut) {
			end = cut[i+size].Start
		}
		if *text = whole[:cut[i].Start] + whole[end:]; !does() {
			*text = whole
			i += size
		}
	}
}

// operators are ways to ask for something, as bits.
type operators uint32

const (
	usesWord operators = 1 << iota
	usesPhrase
	usesCompound
	usesRun
	usesAnd
	usesOr
	usesNot
	usesNear
	usesChain
	usesAlternatives
	usesPrefix
	usesPhrasePrefix
	usesExact
	usesAlike
	usesAlikePhrase
	usesCapitals
	usesTitle
	usesSource
	usesCategory
	usesLang
	usesGroup
	usesRegexp
	usesTitleRegexp
	usesBare
	usesEdges
	usesCaseless
	usesSpelling
	usesInflection
	usesSound
	usesMostHits
)

var operatorNames = strings.Fields(`word phrase compound run AND OR NOT NEAR chain
 NEAR-of-alternatives prefix prefix-in-phrase = ~ ~phrase capitals title source category lang
 field-of-group regexp title-of-regexp regexp-without-letters regexp-with-edge regexp-without-case
 another-spelling another-form sound too-many-hits`)

var usesField = [...]operators{query.Title: usesTitle, query.Source: usesSource,
	query.Category: usesCategory, query.Lang: usesLang}

// operatorsOf returns what a part of a rule uses by itself.
func operatorsOf(n query.Node) operators {
	switch n := n.(type) {
	case *query.Term:
		return operatorsOfTerm(n)
	case query.Regexp:
		return chosen(usesRegexp, usesBare, slices.Contains(bare, n.Re)) |
			chosen(0, usesEdges, strings.HasPrefix(n.Re, `\b`) || strings.HasSuffix(n.Re, `\b`)) |
			chosen(0, usesCaseless, strings.HasPrefix(n.Re, "(?i"))
	case query.Run:
		return usesRun
	case query.And:
		return usesAnd
	case query.Or:
		return usesOr
	case query.Not:
		return usesNot
	case query.Near:
		hasOr := slices.ContainsFunc(n.Kids, func(kid query.Node) bool {
			_, ok := kid.(query.Or)
			return ok
		})
		return chosen(usesNear, usesChain, len(n.Kids) > 2) | chosen(0, usesAlternatives, hasOr)
	case query.In:
		_, isTerm := n.Kid.(*query.Term)
		_, isRegexp := n.Kid.(query.Regexp)
		return chosen(chosen(usesField[n.Field], usesTitleRegexp, isRegexp), usesGroup,
			!isTerm && !isRegexp)
	}
	return 0
}

// chosen returns operators, with more if so.
func chosen(always, more operators, so bool) operators {
	if so {
		return always | more
	}
	return always
}

func operatorsOfTerm(t *query.Term) operators {
	used, single := usesWord, len(t.Words) == 1
	if !single {
		used = chosen(usesPhrase, usesCompound, !strings.Contains(t.Text, " "))
	}
	for _, w := range t.Words {
		used |= chosen(0, usesCapitals, w.Capitals)
		used |= chosen(0, chosen(usesPrefix, usesPhrasePrefix, !single), w.Prefix)
	}
	if t.Alike {
		used |= chosen(usesAlike, usesAlikePhrase, !single)
	}
	isOther := !slices.EqualFunc(t.Words, words.Cut(t.Text), func(w query.Word, cut Word) bool {
		return w.Folded == cut.Folded
	})
	return used | chosen(0, usesExact, t.Exact) | chosen(0, usesSpelling, isOther)
}

// tally counts for each operator in how many matches it did hold and in how many misses it did not.
type tally struct{ matches, misses [32]int }

func (c *tally) add(o *oracle, matched bool) {
	counts, bits := &c.misses, o.failed
	if matched {
		counts, bits = &c.matches, o.took
	}
	for i := range operatorNames {
		counts[i] += int(bits >> i & 1)
	}
}

// check demands that all operators took part, without which nothing would have been compared.
func (c *tally) check(t *testing.T) {
	for i, name := range operatorNames {
		t.Logf("%-24s %8d %8d", name, c.matches[i], c.misses[i])
		if c.matches[i] == 0 || c.misses[i] == 0 {
			t.Errorf("%s held in %d matches and failed in %d misses: nothing is compared", name,
				c.matches[i], c.misses[i])
		}
	}
}

// news returns n items of the news of 2023 at most, of each language as many as of another as long
// as there are. Some go on in a language that is not theirs.
func (a *author) news(t *testing.T, n int) []Document {
	files, err := filepath.Glob("../../shared/data/news-2023/*.jsonl.gz")
	if err != nil || len(files) == 0 {
		t.Skip("no news-2023 beside the checkout")
	}
	if raceDetector || testing.Short() {
		files = files[:1]
	}
	byLanguage := map[string][]Document{}
	for _, file := range files {
		readNews(t, file, byLanguage)
	}
	var drawn []Document
	languages := slices.SortedFunc(maps.Keys(byLanguage), func(a, b string) int {
		return cmp.Compare(len(byLanguage[a]), len(byLanguage[b]))
	})
	for i, language := range languages {
		items := byLanguage[language]
		a.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		share := min(len(items), (n-len(drawn))/(len(languages)-i))
		for _, d := range items[:share] {
			if a.chance(20) {
				d.Text += " " + a.text(a.tongue(), 1+a.IntN(20), false)
			}
			drawn = append(drawn, a.dress(d))
		}
	}
	return drawn
}

func readNews(t *testing.T, file string, byLanguage map[string][]Document) {
	packed, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var item struct{ Title, Description, Source, Link, Language string }
		if err := json.Unmarshal(lines.Bytes(), &item); err != nil {
			t.Fatal(err)
		}
		feed, _ := url.Parse(item.Source)
		link, _ := url.Parse(item.Link)
		if feed == nil || link == nil {
			continue
		}
		byLanguage[item.Language] = append(byLanguage[item.Language], Document{
			Title: item.Title, Text: item.Description, Lang: item.Language,
			Source: fmt.Sprintf("The %s %s %s", strings.Split(link.Host, ".")[0], feed.Host, link.Host),
		})
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
}
