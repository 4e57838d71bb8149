package feeds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// site answers for pages by their path without a network, each after a second, and has no
// robots.txt.
type site struct {
	pages map[string]string

	mu            sync.Mutex
	asked         []string
	running, peak int
	robots        int // how often robots.txt was asked for
}

func (s *site) RoundTrip(req *http.Request) (*http.Response, error) {
	path := req.URL.Path
	s.begin(path)
	defer s.end()
	select {
	case <-time.After(time.Second):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	text, ok := s.pages[path]
	code := http.StatusOK
	if !ok {
		code = http.StatusNotFound
	}
	return &http.Response{
		StatusCode: code,
		Header:     http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:       io.NopCloser(strings.NewReader(text)),
		Request:    req,
	}, nil
}

func (s *site) begin(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if path == "/robots.txt" {
		s.robots++
	} else {
		s.asked = append(s.asked, path)
	}
	s.running++
	s.peak = max(s.peak, s.running)
}

func (s *site) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
}

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

func TestFullText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{pages: map[string]string{
			"/good":    articleOf(lead, rest),
			"/consent": articleOf(strings.Repeat("Choose what we may keep about you. ", 9), "Thanks."),
			"/brief":   articleOf(lead),
		}}
		items := []Item{linked("/good"), linked("/gone"), linked("/consent"), linked("/good"),
			linked("/good"), linked("/good"), linked("/brief"), {Title: "No link", Arrival: Fresh}}
		items[3].Text = strings.Repeat("The feed itself holds the article. ", 20)
		items[4].Arrival, items[5].Arrival = Baseline, Expired
		items[6].Text = lead + " " + rest[:80]
		before := slices.Clone(items)
		var log bytes.Buffer
		debug := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		text := newFullText(s, DefaultSettings(), debug)
		text.enrich(t.Context(), withFullText(), items)
		for i, it := range items {
			want := before[i].Text
			if i == 0 {
				want = lead + " " + rest
			}
			if it.Text != want {
				t.Errorf("item %d: %q, want %q", i, it.Text, want)
			}
		}
		slices.Sort(s.asked)
		if got := strings.Join(s.asked, " "); got != "/brief /consent /gone /good" || s.robots != 1 {
			t.Errorf("asked for %s, and %d times for robots.txt", got, s.robots)
		}
		if n := strings.Count(log.String(), "\n"); n != 3 {
			t.Errorf("%d log lines: %s", n, log.String())
		}

		plain := withFullText()
		plain.FullText = false
		text.enrich(t.Context(), plain, before)
		if len(s.asked) != 4 {
			t.Error("a feed without full_text makes requests")
		}
	})
}

// TestFullTextIsBounded: few requests at a time, and none after the end of the context.
func TestFullTextIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{pages: map[string]string{}}
		var items []Item
		for i := range 50 {
			path := fmt.Sprintf("/%d", i)
			it := linked(path)
			it.Link = fmt.Sprintf("https://%d.example%s", i, path)
			items = append(items, it)
			s.pages[path] = articleOf(lead, rest)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10500*time.Millisecond)
		defer cancel()
		began := time.Now()
		text := newFullText(s, DefaultSettings(), slog.New(slog.DiscardHandler))
		text.enrich(ctx, withFullText(), items)
		taken := 0
		for _, it := range items {
			if it.Text == lead+" "+rest {
				taken++
			}
		}
		if s.peak != articlesAtOnce || taken != 5*articlesAtOnce {
			t.Errorf("%d at once, %d taken", s.peak, taken)
		}
		if time.Since(began) > 11*time.Second {
			t.Errorf("took %v", time.Since(began))
		}
	})
}

// TestFullTextIsGuarded: a feed cannot make us ask an address inside.
func TestFullTextIsGuarded(t *testing.T) {
	asked := false
	url := serve(t, paths{"/": func(http.ResponseWriter, *http.Request) { asked = true }})
	client, err := fetch.New(DefaultSettings().Settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	debug := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	items := []Item{linked("/a")}
	items[0].Link = url + "/a?token=sesame"
	newFullText(client.Transport(), DefaultSettings(), debug).enrich(t.Context(), withFullText(), items)
	if asked || !strings.Contains(log.String(), "a private network") {
		t.Errorf("asked: %v; %s", asked, log.String())
	}
	if strings.Contains(log.String(), "sesame") {
		t.Errorf("a secret in the log: %s", log.String())
	}
}
