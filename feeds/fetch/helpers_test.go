package fetch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

const oneItem = `<rss version="2.0"><channel><title>T</title>` +
	`<item><guid>1</guid><title>One</title></item></channel></rss>`

// client returns a client that may reach test servers.
func client(tb testing.TB, change ...func(*Settings)) *Client {
	tb.Helper()
	set := DefaultSettings()
	set.AllowPrivateNetworks = true
	for _, f := range change {
		f(&set)
	}
	c, err := New(set, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// paths says how a server answers.
type paths map[string]http.HandlerFunc

// serve starts a server and returns its address.
func serve(tb testing.TB, at paths) string {
	tb.Helper()
	mux := http.NewServeMux()
	for path, h := range at {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	tb.Cleanup(s.Close)
	return s.URL
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

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

func permanent(code int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(code)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
