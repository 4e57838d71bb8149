package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/schedule"
)

func TestJitterSpreadsEvenly(t *testing.T) {
	const keys, buckets = 1000, 20
	for _, test := range []struct{ interval, below time.Duration }{
		{5 * time.Minute, time.Minute},
		{24 * time.Hour, 5 * time.Minute},
	} {
		var counts [buckets]int
		seconds := map[time.Duration]int{}
		for i := range keys {
			d := schedule.Jitter(fmt.Sprintf("https://example.org/feed/%d.xml", i), test.interval)
			if d < 0 || d >= test.below {
				t.Fatalf("jitter of %v is %v, want below %v", test.interval, d, test.below)
			}
			counts[d*buckets/test.below]++
			seconds[d/time.Second]++
		}
		for i, n := range counts { // 50 expected, standard deviation 7
			if n < 25 || n > 75 {
				t.Errorf("%v: part %d of %d has %d of %d keys", test.interval, i, buckets, n, keys)
			}
		}
		for s, n := range seconds {
			if n > keys/20 {
				t.Errorf("%v: %d of %d keys fall in second %d", test.interval, n, keys, s)
			}
		}
	}
}

func TestJitterIsTheSameInEveryProcess(t *testing.T) {
	got := schedule.Jitter("https://example.org/rss", 5*time.Minute)
	if want := 23613301163 * time.Nanosecond; got != want {
		t.Errorf("jitter is %d, want %d", got, want)
	}
}

func TestJitterOfNoInterval(t *testing.T) {
	for _, interval := range []time.Duration{-time.Hour, 0, 4} {
		if got := schedule.Jitter("key", interval); got != 0 {
			t.Errorf("jitter of %v is %v", interval, got)
		}
	}
}
