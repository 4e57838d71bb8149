package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// pageOf is a page that declares feeds at the addresses.
func pageOf(addresses ...string) string {
	page := "<!doctype html><html><head>"
	for _, a := range addresses {
		page += `<link rel="alternate" type="application/rss+xml" href="` + a + `">`
	}
	return page + "</head><body>Hello</body></html>"
}

// TestFind: a feed is itself, a page is its feed.
func TestFind(t *testing.T) {
	url := serve(t, paths{
		"/feed":      body(oneItem),
		"/plain":     body(pageOf("/feed")),
		"/packed":    gzipped(packed(t, pageOf("/feed"))),
		"/old":       redirect("/sub/page"),
		"/sub/page":  body(pageOf("../feed", "other")),
		"/second":    body(pageOf("/404", "/feed")),
		"/third":     body(pageOf("/404", "/plain", "/feed")),
		"/moved":     body(pageOf("/away")),
		"/away":      redirect("/feed"),
		"/linked":    body(`<html><body><a href="/feed">RSS</a></body></html>`),
		"/404":       status(404),
		"/none":      body(pageOf()),
		"/itself":    body(pageOf("/itself")),
		"/fourth":    body(pageOf("/404", "/404?2", "/404?3", "/feed")),
		"/pages":     body(pageOf("/none")),
		"/metadata":  body(pageOf("http://169.254.169.254/feed")),
		"/secret":    body(pageOf("/404?token=hunter2")),
		"/large":     body(pageOf("/large.rss")),
		"/large.rss": body(oneItem + strings.Repeat(" ", 2<<20)),
	})
	c := client(t, func(s *Settings) { s.MaxBody = 1 << 20 })
	for path, want := range map[string]string{
		"/feed": "/feed", "/plain": "/feed", "/packed": "/feed", "/old": "/feed", "/second": "/feed",
		"/third": "/feed", "/moved": "/away", "/linked": "/feed",
	} {
		found, doc, err := c.Find(t.Context(), Request{URL: url + path})
		if err != nil || found != url+want || len(doc.Entries) != 1 {
			t.Errorf("%s: %s, %+v, %v, want %s", path, found, doc, err, want)
		}
	}
	for path, want := range map[string]string{
		"/none":     "an HTML page, not a feed: give the feed's own address",
		"/itself":   "an HTML page, not a feed: give the feed's own address",
		"/fourth":   "give its feed's own address (it names " + url + "/404: the server answers 404",
		"/pages":    "/none: the address answers with an HTML page",
		"/metadata": "always refused",
		"/secret":   "/404?token=***",
		"/large":    "max_body",
		"/404":      "check the address",
	} {
		found, doc, err := c.Find(t.Context(), Request{URL: url + path})
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > MaxReason {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		if found != url+path || doc.Entries != nil {
			t.Errorf("%s: an error, and yet %s %+v", path, found, doc)
		}
	}
}

// TestDiscoverAnswer: what came of asking for the found feed is all there, to be remembered.
func TestDiscoverAnswer(t *testing.T) {
	url := serve(t, paths{"/": body(pageOf("/feed")), "/feed": body(oneItem)})
	c := client(t)
	page, err := c.Get(t.Context(), Request{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	found, doc, a, err := c.discover(t.Context(), Request{URL: url}, page)
	if err != nil || found != url+"/feed" || len(doc.Entries) != 1 || a.Base != found ||
		a.Moved != found || a.Hash == "" {
		t.Errorf("%s, %+v, %+v, %v", found, doc, a, err)
	}
}

// TestFindKeepsSecrets: a page's user and headers go to no address that only the page names.
func TestFindKeepsSecrets(t *testing.T) {
	var told http.Header
	url := serve(t, paths{
		"/": body(pageOf("/feed")),
		"/feed": func(w http.ResponseWriter, r *http.Request) {
			told = r.Header.Clone()
			fmt.Fprint(w, oneItem)
		},
	})
	address := strings.Replace(url, "://", "://user:hunter2@", 1) + "/?key=hunter2"
	r := Request{URL: address, Headers: map[string]string{"X-Key": "hunter2"}}
	found, _, err := client(t).Find(t.Context(), r)
	if err != nil || found != url+"/feed" {
		t.Errorf("%s, %v", found, err)
	}
	if said := fmt.Sprint(told); strings.Contains(said, "hunter2") || told.Get("Authorization") != "" {
		t.Errorf("the found address learnt %s", said)
	}
}

// TestFindEnds: when the time is up in the middle, no more is asked.
func TestFindEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	asked := 0
	slow := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked++
		mu.Unlock()
		cancel()
		<-r.Context().Done()
	}
	url := serve(t, paths{"/": body(pageOf("/1", "/2", "/3")), "/1": slow, "/2": slow, "/3": slow})
	if _, _, err := client(t).Find(ctx, Request{URL: url}); err == nil {
		t.Error("a feed was found")
	}
	mu.Lock()
	defer mu.Unlock()
	if asked != 1 {
		t.Errorf("%d addresses were asked", asked)
	}
}
