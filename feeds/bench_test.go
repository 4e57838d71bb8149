package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// page is a feed of 25 items and some 34 kB, the usual size.
func page() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>` +
		`<link>https://news.example/</link><language>en</language>`)
	for i := range 25 {
		fmt.Fprintf(&b, `<item><title>Talks in Muscat, round %d &amp;amp; after</title>`+
			`<link>https://news.example/%d?utm_source=rss</link>`+
			`<guid isPermaLink="false">news-%d</guid><pubDate>Fri, 06 Feb 2026 08:%02d:00 GMT</pubDate><category>World</category>`+
			`<description><![CDATA[<p>%s</p>]]></description></item>`,
			i, i, i, i, strings.Repeat("The delegations met for <b>two hours</b> and left. ", 21))
	}
	return b.String() + `</channel></rss>`
}

func BenchmarkReadItems(b *testing.B) {
	text := []byte(page())
	set := DefaultSettings()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		doc, err := syndication.Read(text, "application/rss+xml", "https://news.example/feed")
		if err != nil || len(Items(doc, Feed{}, noon, set)) != 25 {
			b.Fatal(err)
		}
	}
}

// benchmarkPoll polls one feed again and again; its first poll is not measured.
func benchmarkPoll(b *testing.B, h http.HandlerFunc, want PollResult) {
	store := newMemory(serve(b, paths{"/": h}) + "/feed")
	p, _ := poller(b, store)
	if _, err := p.Poll(b.Context()); err != nil {
		b.Fatal(err)
	}
	var last Poll
	p.Polled = func(o Poll) { last = o }
	b.ReportAllocs()
	for b.Loop() {
		store.advance(time.Hour)
		if n, err := p.Poll(b.Context()); n != 1 || err != nil || last.Result != want {
			b.Fatal(n, err, last.Result)
		}
	}
}

func BenchmarkPoll304(b *testing.B) {
	text := page()
	benchmarkPoll(b, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, text)
	}, PollUnchanged)
}

func BenchmarkPollUnchangedBody(b *testing.B) {
	benchmarkPoll(b, gzipped(packed(b, page())), PollUnchanged)
}
