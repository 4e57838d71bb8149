package feeds

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
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
	if it.Key == "" || len(it.Key) > 512 {
		tb.Errorf("key of %d bytes: %q", len(it.Key), it.Key)
	}
	if len(it.Title) > 2<<10 || len(it.Text) > 64<<10 {
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

// TestPublisher: each case takes away the name that the case before it was decided by.
func TestPublisher(t *testing.T) {
	d := syndication.Document{Title: "Title", Link: "https://www.site.example/news"}
	e := syndication.Entry{Publisher: "Agency", Link: "https://entry.example/1"}
	f := Feed{Source: Source{URL: "https://feed.example:8443/rss", Publisher: "Config & Co"}}
	for _, c := range []struct {
		want   string
		forget *string
	}{
		{"Agency", &e.Publisher},
		{"Config & Co", &f.Publisher},
		{"Title", &d.Title},
		{"site.example", &d.Link},
		{"entry.example", &e.Link},
		{"feed.example:8443", &f.URL},
		{"", &f.URL},
	} {
		if got := publisher(d, e, f); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		*c.forget = ""
	}
}

// FuzzItems asserts what [Item] promises, whatever the bytes, and that no two share a key.
func FuzzItems(f *testing.F) {
	for _, seed := range []struct{ body, contentType string }{
		{wrap("<title>&amp;lt;b&gt;\u202e</title><link>/a?ü</link>"), "text/xml; charset=koi8-r"},
		{wrap("<guid>a#1</guid></item><item><guid>a#1</guid>"), ""},
		{`{"version":"https://jsonfeed.org/version/1","items":[{"url":"http://a/\u0000",` +
			`"title":"\ud800"}]}`, "application/json"},
	} {
		f.Add([]byte(seed.body), seed.contentType)
	}
	now := time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := syndication.Read(body, contentType, "https://news.example/feed")
		if err != nil {
			return
		}
		keys := map[string]bool{}
		for _, it := range Items(doc, Feed{}, now, DefaultSettings()) {
			checkItem(t, it, now)
			if keys[it.Key] {
				t.Errorf("two items with key %q", it.Key)
			}
			keys[it.Key] = true
		}
	})
}

// wrap makes a feed of one item.
func wrap(item string) string {
	return "<rss><channel><item>" + item + "</item></channel></rss>"
}
