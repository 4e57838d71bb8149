package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tensionwatch/tensionwatch/feeds/bench/news"
)

// site is the feeds of all hosts, in the edition that is on show. Feed n is on host n modulo the
// number of hosts.
type site struct {
	press news.Press
	port  int
	hosts int
	feeds int
	shown atomic.Pointer[edition]
	count counts
}

// edition is what all feeds answer at a time. Its bodies are packed beforehand, so that packing
// takes no time from who asks.
type edition struct {
	number     int
	validators bool // whether an answer can be asked for conditionally
	packed     [][]byte
}

// counts is what was answered since the edition was put on show.
type counts struct{ full, notModified, other atomic.Int64 }

func newSite(feeds, port, hosts int, press news.Press) *site {
	return &site{press: press, port: port, hosts: hosts, feeds: feeds}
}

// home is the address of a feed's site.
func (s *site) home(feed int) string {
	return fmt.Sprintf("http://%s:%d/%d/", host(feed%s.hosts), s.port, feed)
}

// addresses lists those of the feeds.
func (s *site) addresses() []string {
	list := make([]string, s.feeds)
	for i := range list {
		list[i] = s.home(i) + "feed"
	}
	return list
}

// print puts an edition on show.
func (s *site) print(number int, validators bool) {
	next := &edition{number: number, validators: validators}
	if last := s.shown.Load(); last != nil && last.number == number {
		next.packed = last.packed
	} else {
		next.packed = s.pack(number)
	}
	s.count.full.Store(0)
	s.count.notModified.Store(0)
	s.count.other.Store(0)
	s.shown.Store(next)
}

// pack prints and packs an edition of all feeds.
func (s *site) pack(number int) [][]byte {
	packed := make([][]byte, s.feeds)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < s.feeds; i = int(next.Add(1)) - 1 {
				packed[i] = gzipped(s.press.Document(i, s.home(i), number))
			}
		})
	}
	workers.Wait()
	return packed
}

func gzipped(text []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(text) // to memory: cannot fail
	z.Close()
	return bytes.Clone(b.Bytes())
}

// control is what the measuring program asks: POST /show?edition=N&validators=BOOL puts an edition
// on show, GET /count tells what was answered since.
func (s *site) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /show", func(w http.ResponseWriter, r *http.Request) {
		number, err := strconv.Atoi(r.FormValue("edition"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.print(number, r.FormValue("validators") == "true")
	})
	mux.HandleFunc("GET /count", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]int64{
			"full": s.count.full.Load(), "not_modified": s.count.notModified.Load(),
			"other": s.count.other.Load(),
		})
	})
	return mux
}

// ServeHTTP answers for a feed; and for its site, where some programs look for an icon.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	feed, err := strconv.Atoi(number)
	switch {
	case number == "favicon.ico":
		s.count.other.Add(1)
		w.Header().Set("Content-Type", "image/png")
		w.Write(icon)
	case err != nil || feed < 0 || feed >= s.feeds:
		s.count.other.Add(1)
		http.NotFound(w, r)
	case path == "feed":
		s.feed(w, r, feed)
	default:
		s.count.other.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!doctype html><title>The Daily Record</title>")
	}
}

// feed answers for a feed.
func (s *site) feed(w http.ResponseWriter, r *http.Request, feed int) {
	e := s.shown.Load()
	h := w.Header()
	if e.validators {
		tag := fmt.Sprintf(`"edition-%d"`, e.number)
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			s.count.notModified.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	s.count.full.Add(1)
	h.Set("Content-Type", "application/rss+xml; charset=utf-8")
	body := e.packed[feed]
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
	} else {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err == nil {
			body, err = io.ReadAll(z)
		}
		if err != nil {
			panic(err) // we packed it
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

// icon is a picture of one pixel.
var icon, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4" +
	"2mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
