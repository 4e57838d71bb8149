package feeds

import (
	"fmt"
	"net/http"
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

// pageOf is a page that declares feeds at the addresses.
func pageOf(addresses ...string) string {
	page := "<!doctype html><html><head>"
	for _, a := range addresses {
		page += `<link rel="alternate" type="application/rss+xml" href="` + a + `">`
	}
	return page + "</head><body>Hello</body></html>"
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

// TestUnreadIsNotLearnt: an address that leads to what cannot be read is asked again itself.
func TestUnreadIsNotLearnt(t *testing.T) {
	url := serve(t, paths{"/": permanent(301, "/html"), "/html": body("<html><body>moved</body></html>")})
	store := newMemory(url + "/")
	p, _ := poller(t, store)
	runPass(t, p, 1)
	if f := store.feed(1); f.Moved != "" || f.Failures != 1 {
		t.Errorf("%+v", f.State)
	}
}

// TestFind: a feed is itself, a page is its feed under the feed's name.
func TestFind(t *testing.T) {
	url := serve(t, paths{"/feed": body(oneItem), "/page": body(pageOf("/feed"))})
	p, _ := poller(t, nil)
	for _, path := range []string{"/feed", "/page"} {
		f := feedAt(url + path)
		f.Name, f.ETag = "News", "old"
		found, doc, err := p.Find(t.Context(), f)
		if err != nil || found.URL != url+"/feed" || found.Name != "News" || found.ETag != "" ||
			len(doc.Entries) != 1 {
			t.Errorf("%s: %+v, %+v, %v", path, found, doc, err)
		}
		if doc, err := p.Fetch(t.Context(), f); err != nil || len(doc.Entries) != 1 {
			t.Errorf("%s: %+v, %v", path, doc, err)
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
