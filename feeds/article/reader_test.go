package article

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func said(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, text)
	}
}

func code(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) }
}

func to(link string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", link)
		w.WriteHeader(http.StatusFound)
	}
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
		_, _ = w.Write(body)
	}
}

func host(link string) string { return strings.TrimPrefix(link, "http://") }

// paths says how a server answers.
type paths map[string]http.HandlerFunc

// serve starts a server and returns its address.
func serve(t *testing.T, at paths) string {
	t.Helper()
	mux := http.NewServeMux()
	if at["/robots.txt"] == nil {
		mux.HandleFunc("/robots.txt", code(http.StatusNotFound))
	}
	for path, h := range at {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// reader returns a reader that does not dawdle.
func reader(t *testing.T, change ...func(*Settings)) *Reader {
	t.Helper()
	set := Settings{UserAgent: "tensionwatch (+test)", Timeout: 10 * time.Second, Gap: 1}
	for _, f := range change {
		f(&set)
	}
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return New(transport, set)
}

func TestPages(t *testing.T) {
	asked := make(chan http.Header, 1)
	url := serve(t, paths{
		"/good":    said(story),
		"/gzip":    gzipped(packed(t, story)),
		"/moved":   to("/good"),
		"/a/moved": to("../moved"),
		"/asked": func(w http.ResponseWriter, r *http.Request) {
			asked <- r.Header.Clone()
			said(story)(w, r)
		},
	})
	r := reader(t)
	for _, path := range []string{"/good", "/gzip", "/moved", "/a/moved", "/asked", "/good#part"} {
		text, err := r.Text(t.Context(), url+path)
		if err != nil || !strings.HasPrefix(text, "Oman will host") {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	h := <-asked
	if h.Get("User-Agent") != "tensionwatch (+test)" || h.Get("Referer") != "" {
		t.Errorf("headers: %v", h)
	}
}

// TestUserIsNotSent: a link of a feed cannot log us in anywhere.
func TestUserIsNotSent(t *testing.T) {
	var sent atomic.Bool
	url := serve(t, paths{"/": func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			sent.Store(true)
		}
		said(story)(w, r)
	}})
	link := strings.Replace(url, "http://", "http://joe:secret@", 1) + "/a"
	if _, err := reader(t).Text(t.Context(), link); err != nil || sent.Load() {
		t.Errorf("%v, sent %v", err, sent.Load())
	}
}

func TestFailures(t *testing.T) {
	hangUp := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	typed := func(contentType string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			fmt.Fprint(w, story)
		}
	}
	brotli := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		fmt.Fprint(w, story)
	}
	deep := "<html><body>" + strings.Repeat("<div>", 3000) + story
	many := "<html><body>" + strings.Repeat("<p>Oman will host talks, says Iran.</p>", maxElements+1)
	other := serve(t, paths{"/robots.txt": said("User-agent: *\nDisallow: /"), "/": said(story)})
	cases := []struct {
		path, want string
		h          http.HandlerFunc
	}{
		{"/404", "answers 404 Not Found", code(404)},
		{"/500", "answers 500", code(500)},
		{"/304", "answers 304", code(304)},
		{"/closed", "robots.txt of 127.0.0.1", said(story)},
		{"/hop", "robots.txt of 127.0.0.1", to("/closed")},
		{"/hop/other", "robots.txt of " + host(other), to(other + "/a?token=sesame")},
		{"/loop", "more than 5 times", to("/loop")},
		{"/file", "neither http nor https", to("file:///etc/passwd")},
		{"/nowhere", "nowhere", to("http://[::1/token")},
		{"/home", "front page", to("/")},
		{"/hangup", "closed the connection", hangUp},
		{"/cut", "closed the connection", gzipped(packed(t, story)[:80])},
		{"/notgzip", "receiving", gzipped([]byte(story))},
		{"/br", "did not ask for", brotli},
		{"/pdf", "not HTML", typed("application/pdf")},
		{"/text", "not HTML", typed("text/plain")},
		{"/empty", "no article text", said("")},
		{"/deep", "no article text", said(deep)},
		{"/many", "no article text", said(many)},
	}
	at := paths{"/{$}": said(story), "/robots.txt": said("User-agent: *\nDisallow: /closed")}
	for _, c := range cases {
		at[c.path] = c.h
	}
	url := serve(t, at)
	r := reader(t)
	for _, c := range cases {
		text, err := r.Text(t.Context(), url+c.path+"?token=sesame")
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > maxError {
			t.Errorf("%s: %q, %v, want %q", c.path, text, err, c.want)
			continue
		}
		if strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: a secret in %q", c.path, err)
		}
	}
	for _, link := range []string{"", "ftp://a.example/", "/a", "http://", "a@b", "http://[::1"} {
		_, err := r.Text(t.Context(), link)
		if err == nil || !strings.Contains(err.Error(), "no link") {
			t.Errorf("%q: %v", link, err)
		}
	}
}

// TestSlow: neither a page nor a robots.txt that trickles in is waited for.
func TestSlow(t *testing.T) {
	trickle := func(w http.ResponseWriter, r *http.Request) {
		said("<html><body><p>Oman will")(w, r)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	for _, at := range []paths{{"/a": trickle}, {"/robots.txt": trickle, "/a": said(story)}} {
		r := reader(t, func(s *Settings) { s.Timeout = 200 * time.Millisecond })
		_, err := r.Text(t.Context(), serve(t, at)+"/a")
		if err == nil || !strings.Contains(err.Error(), "within") {
			t.Errorf("%v", err)
		}
	}
}

// TestLimits: a page is read no further than the limit, packed or not, and what stands before it is
// enough.
func TestLimits(t *testing.T) {
	var sent atomic.Int64
	endless := func(w http.ResponseWriter, r *http.Request) {
		said(story[:len(story)-len("</article></body></html>")])(w, r)
		for chunk := bytes.Repeat([]byte("<!-- -->"), 8<<10); sent.Load() < 1<<30; {
			n, err := w.Write(chunk)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}
	bomb := packed(t, story+strings.Repeat(" ", 64<<20))
	url := serve(t, paths{"/endless": endless, "/bomb": gzipped(bomb)})
	r := reader(t)
	for _, path := range []string{"/endless", "/bomb"} {
		if text, err := r.Text(t.Context(), url+path); err != nil || !strings.HasPrefix(text, "Oman") {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d bytes were sent", n)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := serve(t, paths{"/": func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}})
	if _, err := reader(t).Text(ctx, url+"/a"); err == nil {
		t.Error("no error")
	}
}

// TestParsersAreFew: a page waits for its turn to be parsed, no longer than its caller does.
func TestParsersAreFew(t *testing.T) {
	r := reader(t)
	for range maxParsing {
		r.parsing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.extract(ctx, page{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-r.parsing
	pg := page{[]byte(story), "text/html", at(t, "/a"), false}
	if _, err := r.extract(t.Context(), pg); err != nil {
		t.Error(err)
	}
}

func TestWanted(t *testing.T) {
	if !Wanted("") || !Wanted(strings.Repeat("خ", short-1)) || Wanted(strings.Repeat("a", short)) {
		t.Error("what is short is counted in characters")
	}
}
