package feeds

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func permanent(code int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(code)
	}
}

// TestRedirectsAreLearnt: the end of permanent redirects is asked from then on, and nothing else.
func TestRedirectsAreLearnt(t *testing.T) {
	secure := httptest.NewTLSServer(body(oneItem))
	defer secure.Close()
	url := serve(t, paths{
		"/end": body(oneItem), "/301": permanent(301, "/end"), "/308": permanent(308, "/end"),
		"/twice": permanent(301, "/308"), "/302": permanent(302, "/end"), "/307": permanent(307, "/end"),
		"/mixed": permanent(301, "/302"), "/up": permanent(301, secure.URL+"/feed#top"),
		"/page": permanent(301, "/html"), "/html": body("<html><body>moved</body></html>"),
	})
	for path, want := range map[string]string{
		"/end": "", "/301": url + "/end", "/308": url + "/end", "/twice": url + "/end", "/302": "",
		"/307": "", "/mixed": "", "/up": secure.URL + "/feed", "/page": "",
	} {
		store := newMemory(url + path)
		p, _ := poller(t, store)
		p.transport.TLSClientConfig = secure.Client().Transport.(*http.Transport).TLSClientConfig
		runPass(t, p, 1)
		if got := store.feed(1).Moved; got != want {
			t.Errorf("%s: learnt %q, want %q", path, got, want)
		}
	}
	store := newMemory(strings.Replace(url, "://", "://user:pass@", 1) + "/301")
	p, _ := poller(t, store)
	runPass(t, p, 1)
	if got := store.feed(1).Moved; got != "" {
		t.Errorf("an address with a user moved to %q", got)
	}
}

// TestMovedIsAsked: at once at its new address, with no secret of the old one.
func TestMovedIsAsked(t *testing.T) {
	var old atomic.Int32
	var last http.Header
	there := serve(t, paths{"/": func(w http.ResponseWriter, r *http.Request) {
		last = r.Header.Clone()
		fmt.Fprint(w, oneItem)
	}})
	here := serve(t, paths{"/": func(w http.ResponseWriter, r *http.Request) {
		old.Add(1)
		permanent(301, there+"/feed")(w, r)
	}})
	store := newMemory(here + "/feed")
	p, polls := poller(t, store)
	p.Headers = map[string]map[string]string{here + "/feed": {"X-Key": "hunter2"}}
	runPass(t, p, 1)
	store.advance(2 * time.Hour)
	runPass(t, p, 1)
	if o := (*polls)[1]; old.Load() != 1 || o.Result != PollUnchanged || last.Get("X-Key") != "" {
		t.Errorf("the old address was asked %d times; %+v; sent %v", old.Load(), o, last)
	}
}

// TestTrail: nothing is learnt that leads out of TLS, or out of the internet into a private network.
func TestTrail(t *testing.T) {
	for _, c := range []struct {
		name, from, to  string
		public, private bool
		learnt          bool
	}{
		{"on the internet", "https://a.example/", "https://b.example/", true, false, true},
		{"into TLS", "http://a.example/", "https://a.example/", true, false, true},
		{"out of TLS", "https://a.example/", "http://a.example/", true, false, false},
		{"inside", "http://10.0.0.1/", "http://10.0.0.2/", false, true, true},
		{"from outside to inside", "http://a.example/", "http://b.example/", true, true, false},
		{"to itself", "http://a.example/", "http://a.example/", true, false, false},
		{"too long", "http://a.example/", "http://a.example/" + strings.Repeat("a", maxAddress), true,
			false, false},
	} {
		from, _ := url.Parse(c.from)
		to, _ := url.Parse(c.to)
		tr := &trail{feed: from, public: c.public, private: c.private}
		tr.hop(&http.Request{URL: to, Response: &http.Response{StatusCode: 301,
			Request: &http.Request{URL: from}}})
		if got := tr.end(); (got != "") != c.learnt {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestPageIsReadAsItsFeed: a page that is given as a feed is asked once, its feed from then on; a
// feed that answers with a page fails, and is looked for there only after a while.
func TestPageIsReadAsItsFeed(t *testing.T) {
	var pages, ill atomic.Int32
	url := serve(t, paths{
		"/page": func(w http.ResponseWriter, _ *http.Request) {
			pages.Add(1)
			fmt.Fprint(w, pageOf("/feed"))
		},
		"/feed": func(w http.ResponseWriter, _ *http.Request) {
			if ill.Load() > 0 {
				fmt.Fprint(w, pageOf("/other"))
				return
			}
			fmt.Fprint(w, oneItem)
		},
		"/other": body(oneItem),
	})
	store := newMemory(url + "/page")
	p, polls := poller(t, store)
	runPass(t, p, 1)
	if o := (*polls)[0]; o.Result != PollOK || o.Fetched != 1 || o.Feed.Moved != url+"/feed" {
		t.Errorf("the page: %+v", o)
	}
	store.advance(2 * time.Hour)
	runPass(t, p, 1)
	if o := (*polls)[1]; o.Result != PollUnchanged || pages.Load() != 1 {
		t.Errorf("its feed: %+v, the page was asked %d times", o, pages.Load())
	}
	ill.Store(1)
	store.advance(2 * time.Hour)
	runPass(t, p, 1)
	if o := (*polls)[2]; o.Result != PollFailed || o.Feed.Moved != url+"/feed" {
		t.Errorf("a bad moment: %+v", o)
	}
	store.advance(2 * time.Hour)
	runPass(t, p, 1)
	if o := (*polls)[3]; o.Result == PollFailed || o.Feed.Moved != url+"/other" {
		t.Errorf("hours later: %+v", o)
	}
}
