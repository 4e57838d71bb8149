package rules

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A lookout is the oracle: it tries every passage and every place, in words that are cut at spaces
// and folded to lower case. It shares nothing with the matcher but the parsed rule.
type lookout struct {
	words    []string
	sections []string // of each word: the field, for a category also which
	lang     string
}

func newLookout(d Document) *lookout {
	l := &lookout{lang: d.Lang}
	l.add("title", d.Title)
	l.add("text", d.Text)
	l.add("source", d.Source)
	for i, c := range d.Categories {
		l.add("category"+string(rune('0'+i)), c)
	}
	return l
}

func (l *lookout) add(section, text string) {
	for _, w := range strings.Fields(text) {
		l.words = append(l.words, w)
		l.sections = append(l.sections, section)
	}
}

type places map[found]bool

// look tells whether n holds among the words of some sections, and where.
func (l *lookout) look(n node, sections string) (places, bool) {
	switch n := n.(type) {
	case *term:
		at := l.spell(n, sections)
		return at, len(at) > 0
	case not:
		_, ok := l.look(n.kid, sections)
		return nil, !ok
	case in:
		if n.field == fieldLang {
			return nil, l.speaks(n.kid)
		}
		return l.look(n.kid, n.field.String())
	case run:
		return l.walk(n, sections)
	}
	all, count := places{}, 0
	for _, kid := range parts(n) {
		if at, ok := l.look(kid, sections); ok {
			count++
			for f := range at {
				all[f] = true
			}
		}
	}
	if _, ok := n.(or); ok {
		return all, count > 0
	}
	return all, count == len(parts(n))
}

func (l *lookout) speaks(n node) bool {
	if t, ok := n.(*term); ok {
		return strings.EqualFold(t.text, l.lang)
	}
	return slices.ContainsFunc(parts(n), l.speaks)
}

func (l *lookout) spell(t *term, sections string) places {
	at := places{}
	for i := range l.words {
		if l.spells(t, i, sections) {
			at[found{span{i, i + len(t.words)}, t}] = true
		}
	}
	return at
}

func (l *lookout) spells(t *term, i int, sections string) bool {
	for k, want := range t.words {
		if i+k == len(l.words) || l.sections[i+k] != l.sections[i] ||
			!strings.Contains(sections, strings.TrimRight(l.sections[i], "0123456789")) {
			return false
		}
		word := l.words[i+k]
		strict := want.capitals && strings.Contains("title text", l.sections[i])
		if strict && word != strings.ToUpper(word) {
			return false
		}
		word = strings.ToLower(word)
		if word != want.folded && !(want.prefix && strings.HasPrefix(word, want.folded)) {
			return false
		}
	}
	return true
}

// walk slides a passage over the words.
func (l *lookout) walk(n run, sections string) (places, bool) {
	all, passages, near := places{}, 0, 0
	for _, kid := range n {
		at, ok := l.look(kid, sections)
		if !ok {
			return nil, false
		}
		if positional(kid) {
			near++
			continue
		}
		for f := range at {
			all[f] = true
		}
	}
	for start := range l.words {
		inside, kids := places{}, 0
		for _, kid := range n {
			at, _ := l.look(kid, sections)
			some := false
			for f := range at {
				if positional(kid) && start <= f.from && f.to <= start+passageWords {
					inside[f], some = true, true
				}
			}
			if some {
				kids++
			}
		}
		if kids == near {
			passages++
			for f := range inside {
				all[f] = true
			}
		}
	}
	return all, near == 0 || passages > 0
}

var vocabulary = []string{"a", "ab", "b", "c", "ca", "US", "us"}

func documents() *rapid.Generator[Document] {
	filler := slices.Repeat([]string{"x"}, 40)
	text := func(least, most int) *rapid.Generator[string] {
		words := rapid.SliceOfN(rapid.SampledFrom(append(filler, vocabulary...)), least, most)
		return rapid.Map(words, func(w []string) string { return strings.Join(w, " ") })
	}
	return rapid.Custom(func(t *rapid.T) Document {
		return Document{
			Title:      text(0, 8).Draw(t, "title"),
			Text:       text(60, 120).Draw(t, "text"),
			Source:     text(0, 6).Draw(t, "source"),
			Lang:       rapid.SampledFrom([]string{"", "en", "fa"}).Draw(t, "lang"),
			Categories: rapid.SliceOfN(text(0, 6), 0, 2).Draw(t, "categories"),
		}
	})
}

func TestOracle(t *testing.T) {
	holds, fails := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r, err := Parse(ruleText(vocabulary).Draw(t, "rule"))
		if err != nil {
			return
		}
		for _, d := range rapid.SliceOfN(documents(), 12, 12).Draw(t, "documents") {
			p := newPage(d)
			got, ok := r.root.find(p, p.fields[fieldNone])
			want, wantOK := newLookout(d).look(r.root, "title text")
			if ok != wantOK || ok && !sameFound(got, want) {
				t.Fatalf("%s on %+v\n got %t %v\nwant %t %v", r, d, ok, got, wantOK, want)
			}
			if ok {
				holds++
			} else {
				fails++
			}
		}
	})
	if holds == 0 || fails == 0 {
		t.Errorf("%d documents match and %d do not: the test compares nothing", holds, fails)
	}
}

func sameFound(got []found, want places) bool {
	set := places{}
	for _, f := range got {
		set[f] = true
	}
	if len(set) != len(want) {
		return false
	}
	for f := range want {
		if !set[f] {
			return false
		}
	}
	return true
}

func TestHits(t *testing.T) {
	set := compileRules(t, `"Strait of Hormuz" AND Hormuz AND Straße AND source:bbc AND `+
		`category:"middle east"`)
	d := Document{
		Title:      "Straße von Hormuz, Hormuz",
		Text:       "The strait of Hormuz",
		Source:     "BBC www.bbc.co.uk",
		Categories: []string{"World", "Middle East"},
	}
	matches := set.Match(d)
	if len(matches) != 1 {
		t.Fatalf("matches: %+v", matches)
	}
	var got []string
	for _, h := range matches[0].Hits {
		got = append(got, h.Field+":"+d.Field(h.Field)[h.Start:h.End]+"="+h.Word)
	}
	want := []string{
		"title:Straße=Straße", "title:Hormuz=Hormuz", "title:Hormuz=Hormuz",
		"text:strait of Hormuz=Strait of Hormuz",
		"source:BBC=bbc", "source:bbc=bbc",
		"category:Middle East=middle east",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestHitsAreCapped(t *testing.T) {
	matches := compileRules(t, "a").Match(Document{Text: strings.Repeat("a ", 100)})
	if n := len(matches[0].Hits); n != maxHits {
		t.Errorf("%d hits, want %d", n, maxHits)
	}
}

// compileRules makes a set whose watch IDs are the rules.
func compileRules(t testing.TB, rules ...string) *Set {
	t.Helper()
	var watches []Watch
	for _, r := range rules {
		watches = append(watches, Watch{ID: r, Rule: r})
	}
	set, err := Compile(watches, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func FuzzMatch(f *testing.F) {
	f.Add("Oman talks", "Talks", "in Oman’s capital", "BBC")
	f.Add(`"a b" OR c*`, "a\xff", "a b ca", "")
	f.Add("US -title:us category:شمخانی", "us", "U.S.", "«شمخاني»")
	f.Add("a a a (a OR \"a a\")", strings.Repeat("a ", 80), "", "")
	f.Fuzz(func(t *testing.T, rule, title, text, other string) {
		set, err := Compile([]Watch{{ID: "w", Rule: rule}}, nil)
		if err != nil {
			return
		}
		d := Document{title, text, other, other, []string{other, title}}
		for _, m := range set.Match(d) {
			checkHits(t, d, m.Hits)
		}
	})
}

func checkHits(t *testing.T, d Document, hits []Hit) {
	if len(hits) == 0 || len(hits) > maxHits {
		t.Fatalf("%d hits", len(hits))
	}
	var last Hit
	for _, h := range hits {
		field := d.Field(h.Field)
		if h.Field == last.Field && h.Start < last.End || h.Start >= h.End || h.End > len(field) {
			t.Fatalf("%+v after %+v", h, last)
		}
		if utf8.ValidString(field) && !utf8.ValidString(field[h.Start:h.End]) {
			t.Fatalf("%+v cuts a character of %q", h, field)
		}
		last = h
	}
}

func TestCompileReportsEveryMistake(t *testing.T) {
	_, err := Compile([]Watch{
		{ID: "good", Rule: "Oman"},
		{ID: "open", Rule: "(Oman"},
		{ID: "good", Rule: "Muscat"},
		{ID: "empty", Rule: ""},
	}, nil)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("error: %v", err)
	}
	var got []string
	for _, err := range joined.Unwrap() {
		var mistake *WatchError
		if !errors.As(err, &mistake) {
			t.Fatalf("error: %v", err)
		}
		got = append(got, mistake.Watch.ID+mistake.Watch.Rule)
	}
	if want := []string{"open(Oman", "goodMuscat", "empty"}; !slices.Equal(got, want) {
		t.Errorf("mistakes of %q, want %q", got, want)
	}
}
