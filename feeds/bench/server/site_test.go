package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/bench/news"
)

// TestSite asserts what is answered in each mode, and that it is counted.
func TestSite(t *testing.T) {
	s := newSite(2, 80, 1, news.Press{Seed: 1, At: time.Now()})
	s.print(0, true)
	control := s.control()
	ask := func(h http.Handler, method, address string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, address, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	first := ask(s, "GET", "/1/feed", "Accept-Encoding", "gzip")
	tag := first.Header().Get("ETag")
	if first.Code != 200 || tag == "" || first.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%d %v", first.Code, first.Header())
	}
	if w := ask(s, "GET", "/1/feed", "If-None-Match", tag); w.Code != 304 {
		t.Errorf("unchanged: %d", w.Code)
	}
	if w := ask(control, "POST", "/show?edition=0&validators=false"); w.Code != 200 {
		t.Fatalf("show: %d", w.Code)
	}
	plain := ask(s, "GET", "/1/feed", "If-None-Match", tag)
	if plain.Code != 200 || !strings.Contains(plain.Body.String(), "record-1-24") {
		t.Errorf("without validators: %d", plain.Code)
	}
	ask(control, "POST", "/show?edition=1&validators=true")
	fresh := ask(s, "GET", "/1/feed", "If-None-Match", tag)
	if fresh.Code != 200 || !strings.Contains(fresh.Body.String(), "record-1-29") {
		t.Errorf("a new edition: %d", fresh.Code)
	}
	ask(s, "GET", "/1/")
	ask(s, "GET", "/2/feed")
	var got map[string]int
	if err := json.Unmarshal(ask(control, "GET", "/count").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got["full"] != 1 || got["not_modified"] != 0 || got["other"] != 2 {
		t.Errorf("counted %v", got)
	}
}

// TestHosts asserts that hosts have addresses of their own.
func TestHosts(t *testing.T) {
	seen := map[string]bool{}
	for i := range 1000 {
		seen[host(i)] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d addresses", len(seen))
	}
}
