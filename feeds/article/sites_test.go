package article

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// world answers without a network, so that days pass in no time.
type world struct {
	mu     sync.Mutex
	robots func(n int) (int, string, error) // the nth time a robots.txt is asked for
	asked  int
	pages  []time.Time
}

func (w *world) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	status, text := http.StatusOK, story
	if req.URL.Path == "/robots.txt" {
		w.asked++
		var err error
		if status, text, err = w.robots(w.asked); err != nil {
			return nil, err
		}
	} else {
		w.pages = append(w.pages, time.Now())
	}
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"text/html"}, "Location": {text}},
		Body:       io.NopCloser(strings.NewReader(text)),
		Request:    req,
	}, nil
}

func always(status int, text string) func(int) (int, string, error) {
	return func(int) (int, string, error) { return status, text, nil }
}

func TestRobotsStatus(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(int) (int, string, error)
		want   string // in the error; empty: allowed
	}{
		{"closed", always(200, "User-agent: *\nDisallow: /"), "does not allow"},
		{"none", always(404, ""), ""},
		{"forbidden", always(403, "User-agent: *\nDisallow: /"), ""},
		{"too often", always(429, ""), "429 Too Many Requests"},
		{"broken", always(503, ""), "503 Service Unavailable"},
		{"no status of its kind", always(304, ""), "304 Not Modified"},
		{"circle", always(301, "/robots.txt"), ""},
		{"elsewhere", func(n int) (int, string, error) {
			if n <= maxHops {
				return 302, "https://other.example/robots.txt", nil
			}
			return 200, "User-agent: *\nDisallow: /", nil
		}, "does not allow"},
		{"unreachable", func(int) (int, string, error) {
			return 0, "", errors.New("the address leads to 10.0.0.1, a private network")
		}, "a private network"},
		{"no such name", func(int) (int, string, error) {
			return 0, "", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "news.example"}}
		}, "the host name news.example leads nowhere"},
		{"refused", func(int) (int, string, error) {
			return 0, "", &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}, "is read: connection refused"},
	} {
		r := New(&world{robots: c.answer}, Settings{})
		_, err := r.Text(t.Context(), "https://news.example/a")
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestRobotsAreKept: a robots.txt is asked for once a day; one that could not be read, every ten
// minutes, and until then what it said before holds.
func TestRobotsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := []func(int) (int, string, error){
			always(503, ""), always(200, "User-agent: *\nDisallow: /b"), always(500, ""),
			always(200, "User-agent: *\nDisallow: /a"),
		}
		w := &world{robots: func(n int) (int, string, error) { return answers[n-1](n) }}
		r := New(w, Settings{})
		for i, step := range []struct {
			after time.Duration
			path  string
			open  bool
			asked int
		}{
			{0, "/a", false, 1},
			{stale / 2, "/a", false, 1},
			{stale, "/a", true, 2},
			{fresh / 2, "/b", false, 2},
			{fresh, "/a", true, 3}, // 500: the old one still holds
			{0, "/b", false, 3},
			{2 * stale, "/a", false, 4},
			{0, "/b", true, 4},
		} {
			time.Sleep(step.after)
			_, err := r.Text(t.Context(), "https://news.example"+step.path)
			if (err == nil) != step.open || w.asked != step.asked {
				t.Errorf("step %d: %v, asked %d times, want %+v", i, err, w.asked, step)
			}
		}
	})
}

// TestOwnEndTeachesNothing: a caller that gives up while robots.txt is read leaves no trace.
func TestOwnEndTeachesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := &world{robots: func(n int) (int, string, error) {
		if n == 1 {
			cancel()
			return 0, "", context.Canceled
		}
		return 404, "", nil
	}}
	r := New(w, Settings{})
	if _, err := r.Text(ctx, "https://news.example/a"); err == nil {
		t.Error("no error")
	}
	if _, err := r.Text(t.Context(), "https://news.example/a"); err != nil {
		t.Error(err)
	}
}

// TestPace: pages of one host are asked for as far apart as it wants; whoever would have to wait
// too long does not wait at all.
func TestPace(t *testing.T) {
	for _, c := range []struct {
		robots string
		gap    time.Duration
		want   int // of 8 pages within 20 s
	}{
		{"User-agent: *\nCrawl-delay: 7", 7 * time.Second, 3},
		{"User-agent: *\nCrawl-delay: 0.1", time.Second, 8},
		{"User-agent: *\nCrawl-delay: 3600", time.Hour, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{robots: always(200, c.robots)}
			r := New(w, Settings{Timeout: 20 * time.Second})
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() { _, _ = r.Text(t.Context(), "https://news.example/a") })
			}
			group.Wait()
			if w.asked != 1 || len(w.pages) != c.want {
				t.Errorf("%s: asked %d times, %d pages", c.robots, w.asked, len(w.pages))
			}
			for i := 1; i < len(w.pages); i++ {
				if gap := w.pages[i].Sub(w.pages[i-1]); gap != c.gap {
					t.Errorf("%s: a gap of %v", c.robots, gap)
				}
			}
		})
	}
}

// TestWaitsEnd: a wait for a turn ends with its caller.
func TestWaitsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(&world{robots: always(200, "User-agent: *\nCrawl-delay: 15")}, Settings{})
		began := time.Now()
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			time.AfterFunc(5*time.Second, cancel)
			_, _ = r.Text(ctx, "https://news.example/a")
		}
		if waited := time.Since(began); waited != 5*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

// TestSitesAreForgotten: neither many hosts nor long files fill the memory.
func TestSitesAreForgotten(t *testing.T) {
	var s sites
	host := func(i int) *url.URL {
		return &url.URL{Scheme: "https", Host: fmt.Sprintf("h%d.example", i)}
	}
	first := s.of(host(0))
	for i := range maxSites + 10 {
		s.of(host(i))
	}
	if s.recent.Len() != maxSites || len(s.at) != maxSites || s.of(host(0)) == first {
		t.Errorf("%d sites", s.recent.Len())
	}
	if one := s.of(host(500)); one != s.of(&url.URL{Scheme: "https", Host: "H500.example"}) {
		t.Error("hosts are told apart by case")
	}
	for i := range 100 {
		s.weigh(s.of(host(i)), maxWeight/10)
	}
	if s.weight > maxWeight || s.recent.Len() > 11 {
		t.Errorf("%d sites, %d bytes", s.recent.Len(), s.weight)
	}
	s.weigh(first, maxWeight) // forgotten long ago
	if s.weight > maxWeight {
		t.Errorf("%d bytes", s.weight)
	}
}
