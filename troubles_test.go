package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

// TestFeedInTrouble lets a feed that has brought news fail for half a day and come back: the channel
// hears of it once each time, and of nothing before it has failed for long.
func TestFeedInTrouble(t *testing.T) {
	var broken atomic.Bool
	var newest atomic.Int64
	var now atomic.Value
	newest.Store(1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		b := bulletin{"g", "https://b.example/", 40, int(newest.Load()), time.Minute, false}
		fmt.Fprint(w, b.write(now.Load().(time.Time)))
	}))
	defer server.Close()
	file := deluge{feeds: 1}.config(t, server.URL)
	begin := time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC)
	notices := func(hour int) (n int) {
		// Passes lie a little more than an hour apart, so that six hours are over after six of
		// them, however slow the first one was.
		now.Store(begin.Add(time.Duration(hour) * (time.Hour + time.Second)))
		for _, p := range runPass(t, file, now.Load().(time.Time)).posts {
			if p.Kind == bot.KindNotice {
				n++
			}
		}
		return n
	}
	notices(0) // the welcome
	newest.Add(1)
	if n := notices(1); n != 0 {
		t.Errorf("while the feed works: %d notices", n)
	}
	broken.Store(true)
	heard := map[int]int{8: 1} // it failed first at 2
	for hour := 2; hour <= 14; hour++ {
		if n := notices(hour); n != heard[hour] {
			t.Errorf("hour %d: %d notices, want %d", hour, n, heard[hour])
		}
	}
	broken.Store(false)
	if n := notices(15); n != 1 {
		t.Errorf("back: %d notices, want 1", n)
	}
	if n := notices(16); n != 0 {
		t.Errorf("after that: %d notices", n)
	}
}
