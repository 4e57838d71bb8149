package article

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// paper answers for pages by their path without a network, each after a second, and has no
// robots.txt.
type paper struct {
	pages map[string]string

	mu            sync.Mutex
	asked         []string
	running, peak int
	robots        int // how often robots.txt was asked for
}

func (s *paper) RoundTrip(req *http.Request) (*http.Response, error) {
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

func (s *paper) begin(path string) {
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

func (s *paper) end() {
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

// linked returns a teaser that is too short.
func linked(path string) Teaser {
	return Teaser{Link: "https://news.example" + path, Title: "Oman to host new round of talks",
		Text: "The fifth round is on Friday."}
}

func TestExpand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &paper{pages: map[string]string{
			"/good":    articleOf(lead, rest),
			"/consent": articleOf(strings.Repeat("Choose what we may keep about you. ", 9), "Thanks."),
			"/brief":   articleOf(lead),
		}}
		teasers := []Teaser{linked("/good"), linked("/gone"), linked("/consent"), linked("/good"),
			linked("/brief"), {Title: "No link"}}
		teasers[3].Text = strings.Repeat("The feed itself holds the article. ", 20)
		teasers[4].Text = lead + " " + rest[:80]
		before := slices.Clone(teasers)
		New(s, Settings{}).Expand(t.Context(), teasers)
		refused := 0
		for i, it := range teasers {
			want := before[i].Text
			if i == 0 {
				want = lead + " " + rest
			}
			if it.Text != want {
				t.Errorf("teaser %d: %q, want %q", i, it.Text, want)
			}
			if it.Err != nil {
				refused++
			}
		}
		slices.Sort(s.asked)
		if got := strings.Join(s.asked, " "); got != "/brief /consent /gone /good" || s.robots != 1 {
			t.Errorf("asked for %s, and %d times for robots.txt", got, s.robots)
		}
		if refused != 3 {
			t.Errorf("%d articles were not taken: %+v", refused, teasers)
		}
	})
}

// TestExpandIsBounded: few requests at a time, and none after the end of the context.
func TestExpandIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &paper{pages: map[string]string{}}
		var teasers []Teaser
		for i := range 50 {
			path := fmt.Sprintf("/%d", i)
			it := linked(path)
			it.Link = fmt.Sprintf("https://%d.example%s", i, path)
			teasers = append(teasers, it)
			s.pages[path] = articleOf(lead, rest)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10500*time.Millisecond)
		defer cancel()
		began := time.Now()
		New(s, Settings{}).Expand(ctx, teasers)
		taken := 0
		for _, it := range teasers {
			if it.Text == lead+" "+rest {
				taken++
			}
		}
		if s.peak != atOnce || taken != 5*atOnce {
			t.Errorf("%d at once, %d taken", s.peak, taken)
		}
		if time.Since(began) > 11*time.Second {
			t.Errorf("took %v", time.Since(began))
		}
	})
}
