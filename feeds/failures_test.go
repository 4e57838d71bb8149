package feeds

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// packed compresses a text.
func packed(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
		_, _ = w.Write(body) // who hangs up early does so on purpose
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

// announce answers with a header that the body does not keep to.
func announce(name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(name, value)
		fmt.Fprint(w, oneItem)
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// TestFailures polls everything that can go wrong in one pass: each feed gets its reason and a
// next time, and the good feed among them its item.
func TestFailures(t *testing.T) {
	var sent atomic.Int64
	endless := func(w http.ResponseWriter, _ *http.Request) {
		for chunk := make([]byte, 64<<10); sent.Load() < 10<<30; {
			n, err := w.Write(chunk)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}
	bomb := bytes.Repeat(packed(t, strings.Repeat(" ", 1<<20)), 500)
	page := "<!doctype html><html><body>Hello</body></html>"
	laughs := `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + oneItem
	cases := []struct {
		path, want string
		h          http.HandlerFunc
	}{
		{"/endless", "max_body", endless},
		{"/bomb", "max_body", gzipped(bomb)},
		{"/announced", "max_body", announce("Content-Length", "99999999")},
		{"/metadata", "always refused", redirect("http://169.254.169.254/latest/meta-data/")},
		{"/loop", "redirects more than 5 times", redirect("/loop")},
		{"/file", "neither http nor https", redirect("file:///etc/passwd")},
		{"/html", "not a feed: give the feed's own address", body(page)},
		{"/empty", "answers with nothing", body("")},
		{"/truncated", "cut off", body(oneItem[:80])},
		{"/truncated.gz", "cut off", gzipped(packed(t, oneItem)[:60])},
		{"/notgzip", "unpacking", gzipped([]byte(oneItem))},
		{"/brotli", "did not ask for", announce("Content-Encoding", "br")},
		{"/laughs", "DTD", body(laughs)},
		{"/401", "401 Unauthorized", status(401)},
		{"/404", "check the address", status(404)},
		{"/410", "has ended", status(410)},
		{"/500", "500 Internal Server Error", status(500)},
		{"/304", "304 Not Modified", status(304)},
		{"/hangup", "closed the connection", hangUp},
		{"/cut", "cut off", announce("Content-Length", "1000")},
	}
	at := paths{"/good": body(oneItem)}
	for _, c := range cases {
		at[c.path] = c.h
	}
	url := serve(t, at)
	store := newMemory(url + "/good")
	for _, c := range cases {
		store.add(url + c.path)
	}
	p, _ := poller(t, store, func(s *Settings) { s.MaxBody = 1 << 20 })
	runPass(t, p, len(cases)+1)
	for i, c := range cases {
		f := store.feed(int64(i + 2))
		if !strings.Contains(f.LastError, c.want) || len(f.LastError) > fetch.MaxReason {
			t.Errorf("%s: %q, want %q", c.path, f.LastError, c.want)
		}
		if f.Failures != 1 || !f.Due.After(noon) || f.Gone != (c.path == "/410") {
			t.Errorf("%s: %+v", c.path, f.State)
		}
	}
	if len(store.items) != 1 {
		t.Errorf("%d items", len(store.items))
	}
	if n := sent.Load(); n > 64<<20 {
		t.Errorf("%d bytes of the endless body were taken", n)
	}
}
