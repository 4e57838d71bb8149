package syndication

import (
	"strings"
	"testing"
	"time"
)

// TestKeySurvives: the title and the date are no part of the key, whatever it is made from.
func TestKeySurvives(t *testing.T) {
	for name, e := range map[string]Entry{
		"guid":      {GUID: "g1", Link: "https://news.example/1"},
		"link":      {Link: "https://news.example/1?utm_source=rss"},
		"long guid": {GUID: strings.Repeat("g", 10_000)},
	} {
		e.Title, e.Published = "Before", time.Unix(1e9, 0)
		before := e.Key()
		e.Title, e.Published = "After", time.Unix(1e9+60, 0)
		if after := e.Key(); before != after || len(before) > maxKey {
			t.Errorf("%s: %q became %q", name, before, after)
		}
	}
	if (Entry{Title: "One"}).Key() == (Entry{Title: "Other"}).Key() {
		t.Error("entries without guid and link share a key")
	}
}
