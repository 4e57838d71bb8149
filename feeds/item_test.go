package feeds

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// checkItem asserts what [Item] promises of every item, whatever it was made from.
func checkItem(tb testing.TB, it Item, now time.Time) {
	tb.Helper()
	texts := append([]string{it.Key, it.Link, it.Canonical, it.Title, it.Text, it.Publisher,
		it.Lang}, it.Categories...)
	for _, s := range texts {
		if !utf8.ValidString(s) {
			tb.Errorf("not UTF-8: %q", s)
		}
		if i := strings.IndexFunc(s, forbidden); i >= 0 {
			tb.Errorf("a control or hidden character at byte %d of %q", i, s)
		}
		if s != strings.TrimSpace(s) || strings.Contains(s, "  ") {
			tb.Errorf("white space is not folded: %q", s)
		}
	}
	if it.Key == "" || len(it.Key) > maxKey {
		tb.Errorf("key of %d bytes: %q", len(it.Key), it.Key)
	}
	if len(it.Title) > maxTitle || len(it.Text) > maxText {
		tb.Errorf("title of %d bytes, text of %d", len(it.Title), len(it.Text))
	}
	if it.Link != "" && !webLink.MatchString(it.Link) {
		tb.Errorf("link %q", it.Link)
	}
	at := it.Published
	if !at.IsZero() && (at.Year() < 1990 || at.After(now.Add(time.Hour))) {
		tb.Errorf("published %v", at)
	}
}

var webLink = regexp.MustCompile(`^https?://[^/]`)

// forbidden tells the characters that no text of an item may hold.
func forbidden(r rune) bool {
	return unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' ||
		r >= '\u2028' && r <= '\u202e' || r >= '\u2060' && r <= '\u206f' ||
		r >= 0xe0000 && r <= 0xe007f
}

func TestArrival(t *testing.T) {
	polled := State{Polled: noon}
	for _, c := range []struct {
		name     string
		state    State
		age      time.Duration // negative: ahead of now
		undated  bool
		backfill time.Duration
		want     Arrival
	}{
		{"first poll", State{}, time.Minute, false, 0, Baseline},
		{"first poll, ahead of now", State{}, -time.Minute, false, 0, Baseline},
		{"first poll, within backfill", State{}, time.Hour, false, time.Hour, Fresh},
		{"first poll, before backfill", State{}, time.Hour + 1, false, time.Hour, Baseline},
		{"first poll, undated", State{}, 0, true, time.Hour, Baseline},
		{"first poll, older than the limit", State{}, 1000 * time.Hour, false, time.Hour, Baseline},
		{"new", polled, time.Hour, false, 0, Fresh},
		{"new, at the limit", polled, 72 * time.Hour, false, 0, Fresh},
		{"new, older than the limit", polled, 72*time.Hour + 1, false, 0, Expired},
		{"new, undated", polled, 0, true, 0, Fresh},
	} {
		set := DefaultSettings()
		set.Backfill = c.backfill
		it := Item{Published: noon.Add(-c.age)}
		if c.undated {
			it.Published = time.Time{}
		}
		if got := arrival(it, Feed{State: c.state}, noon, set); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestKeySurvives: the title and the date are no part of the key, whatever it is made from.
func TestKeySurvives(t *testing.T) {
	for name, e := range map[string]Entry{
		"guid":      {GUID: "g1", Link: "https://news.example/1"},
		"link":      {Link: "https://news.example/1?utm_source=rss"},
		"long guid": {GUID: strings.Repeat("g", 10_000)},
	} {
		e.Title, e.Published = "Before", noon
		before := e.key(e.item(noon))
		e.Title, e.Published = "After", noon.Add(time.Minute)
		if after := e.key(e.item(noon)); before != after || len(before) > maxKey {
			t.Errorf("%s: %q became %q", name, before, after)
		}
	}
	one, other := Entry{Title: "One"}, Entry{Title: "Other"}
	if one.key(one.item(noon)) == other.key(other.item(noon)) {
		t.Error("entries without guid and link share a key")
	}
}

func TestTag(t *testing.T) {
	for declared, want := range map[string]string{
		"en": "en", "EN-us": "en-US", "fa_IR": "fa-IR", " ar ": "ar", "iw": "he",
		"zh-hant-tw": "zh-Hant-TW", "": "", "english": "", "und": "", "<b>": "",
	} {
		if got := tag(declared); got != want {
			t.Errorf("tag(%q) = %q, want %q", declared, got, want)
		}
	}
}
