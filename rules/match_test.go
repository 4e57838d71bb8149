package rules

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

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
	if n := len(matches[0].Hits); n != MaxHits {
		t.Errorf("%d hits, want %d", n, MaxHits)
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
	f.Add("Oman NEAR/5 (talks OR ~Muscat) NEAR/2 x", "Oman Maskat", "x talks", "al-Muscat")
	f.Add(`/(?i)mis+ile\b/ -title:/x.y/ UA*`, "MISSILE", "missiles UAVs é", "")
	f.Add("IRGC Ali Shamkhani =US", "سپاه", "علی شمخانی U.S. US", "")
	names := NewNames(nil)
	f.Fuzz(func(t *testing.T, rule, title, text, other string) {
		set, err := Compile([]Watch{{ID: "w", Rule: rule}}, names)
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
	if len(hits) == 0 || len(hits) > MaxHits {
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
