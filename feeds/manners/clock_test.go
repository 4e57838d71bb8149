package manners

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/schedule"
)

var noon = time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC) // a Friday

func clock(tb testing.TB, expr string) Clock {
	tb.Helper()
	s, err := schedule.Parse(expr, "UTC")
	if err != nil {
		tb.Fatal(err)
	}
	return Clock{Schedule: s, Key: "https://news.example/feed", Most: time.Hour}
}

func TestSkip(t *testing.T) {
	const minute = time.Minute
	for _, c := range []struct {
		name, expr  string
		until       time.Duration
		least, most time.Duration
	}{
		{"nothing asked", "*/5 * * * *", 0, 5 * minute, 6 * minute},
		{"less than a tick", "*/5 * * * *", 2 * minute, 5 * minute, 6 * minute},
		{"a quarter", "*/5 * * * *", 15 * minute, 15 * minute, 21 * minute},
		{"the limit", "*/5 * * * *", time.Hour, 55 * minute, time.Hour},
		{"beyond the limit", "*/5 * * * *", 100 * time.Hour, 55 * minute, time.Hour},
		{"ticks that do not fit the limit", "*/45 * * * *", 50 * minute, 45 * minute, 55 * minute},
		{"a schedule slower than the limit", "0 8 * * *", time.Hour, 20 * time.Hour, 21 * time.Hour},
	} {
		cl := clock(t, c.expr)
		wait := cl.Skip(noon, noon.Add(c.until)).Sub(noon)
		if wait < c.least || wait > c.most {
			t.Errorf("%s: after %v, want %v to %v", c.name, wait, c.least, c.most)
		}
	}
}

// TestSkipLaws: whatever is asked, no tick is brought forward, none is skipped for longer than the
// limit, and what is asked within the limit is granted.
func TestSkipLaws(t *testing.T) {
	cl := clock(t, "*/7 * * * *")
	rapid.Check(t, func(t *rapid.T) {
		now := noon.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "now")))
		until := now.Add(time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(t, "until")))
		due, tick := cl.Skip(now, until), cl.Tick(now)
		switch {
		case due.Before(tick):
			t.Fatalf("due %v before the tick %v", due, tick)
		case due.After(tick) && due.Sub(now) > cl.Most:
			t.Fatalf("due after %v", due.Sub(now))
		case until.Sub(now) < 50*time.Minute && due.Before(until):
			t.Fatalf("due %v before %v", due, until)
		}
	})
}

func TestOpen(t *testing.T) {
	hours := func(skip ...int) syndication.Rhythm { return syndication.Rhythm{SkipHours: skip} }
	all := make([]int, 24)
	for i := range all {
		all[i] = i
	}
	for _, c := range []struct {
		name string
		r    syndication.Rhythm
		want time.Time
	}{
		{"always", syndication.Rhythm{}, noon.Add(time.Minute)},
		{"another hour", hours(3, 13), noon.Add(time.Minute)},
		{"this hour and the next", hours(12, 13), noon.Add(2 * time.Hour)},
		{"today", syndication.Rhythm{SkipDays: []time.Weekday{time.Friday}}, noon.Add(12 * time.Hour)},
		{"never", hours(all...), noon.Add(time.Minute)},
	} {
		if got := Open(c.r, noon.Add(time.Minute)); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
