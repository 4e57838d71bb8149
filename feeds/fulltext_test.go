package feeds

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

const (
	lead = "Oman will host a fifth round of talks between Iran and the United States on Friday, its " +
		"foreign minister said, a day after both sides signalled that they were ready to return."
	rest = "Officials said that three questions would be discussed first, among them inspections " +
		"and the order in which sanctions would be lifted; nobody expects a signature this week."
)

func articleOf(paragraphs ...string) string {
	return "<html><body><article><p>" + strings.Join(paragraphs, "</p><p>") +
		"</p></article></body></html>"
}

// withFullText is a feed that wants articles.
func withFullText() Feed {
	f := feedAt("https://news.example/rss")
	f.FullText = true
	return f
}

// linked returns a fresh item with a description that is too short.
func linked(path string) Item {
	return Item{Link: "https://news.example" + path, Title: "Oman to host new round of talks",
		Text: "The fifth round is on Friday.", Arrival: Fresh}
}

// TestFullText: what is new has its article's text, if its feed wants articles.
func TestFullText(t *testing.T) {
	asked := 0
	url := serve(t, paths{"/robots.txt": status(http.StatusNotFound),
		"/a": func(w http.ResponseWriter, _ *http.Request) {
			asked++
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, articleOf(lead, rest))
		}})
	p, _ := poller(t, nil)
	news := func() []*Item {
		r := reading{unknown: []int{0, 1, 2, 3}}
		for _, a := range []Arrival{Fresh, Baseline, Expired, Reissued} {
			it := linked("/a")
			it.Link, it.Arrival = url+"/a", a
			r.items = append(r.items, it)
		}
		return r.news()
	}
	told := news()
	p.expand(t.Context(), withFullText(), told)
	if len(told) != 1 || told[0].Text != lead+" "+rest || asked != 1 {
		t.Errorf("%d told: %q, asked %d times", len(told), told[0].Text, asked)
	}
	plain := withFullText()
	plain.FullText = false
	p.expand(t.Context(), plain, news())
	if asked != 1 {
		t.Error("a feed without full_text makes requests")
	}
}

// TestFullTextIsGuarded: a feed cannot make us ask an address inside.
func TestFullTextIsGuarded(t *testing.T) {
	asked := false
	url := serve(t, paths{"/": func(http.ResponseWriter, *http.Request) { asked = true }})
	var log bytes.Buffer
	debug := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	items := []Item{linked("/a")}
	items[0].Link = url + "/a?token=sesame"
	p, err := NewPoller(nil, DefaultSettings(), debug)
	if err != nil {
		t.Fatal(err)
	}
	p.expand(t.Context(), withFullText(), []*Item{&items[0]})
	if asked || !strings.Contains(log.String(), "a private network") {
		t.Errorf("asked: %v; %s", asked, log.String())
	}
	if strings.Contains(log.String(), "sesame") {
		t.Errorf("a secret in the log: %s", log.String())
	}
}
