package manners

import (
	"net/http"
	"testing"
	"time"
)

func TestFresh(t *testing.T) {
	for _, c := range []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"nothing", http.Header{}, 0},
		{"max-age", http.Header{"Cache-Control": {"public, max-age=600"}}, 10 * time.Minute},
		{"in capitals and quotes", http.Header{"Cache-Control": {`Max-Age="60"`}}, time.Minute},
		{"two lines", http.Header{"Cache-Control": {"public", "max-age=60"}}, time.Minute},
		{"less its age", http.Header{"Cache-Control": {"max-age=600"}, "Age": {"120"}}, 8 * time.Minute},
		{"older than good", http.Header{"Cache-Control": {"max-age=60"}, "Age": {"120"}}, 0},
		{"not to be kept", http.Header{"Cache-Control": {"max-age=600, no-store"}}, 0},
		{"to be asked again", http.Header{"Cache-Control": {"no-cache"},
			"Expires": {"Fri, 06 Feb 2026 13:00:00 GMT"}}, 0},
		{"zero wins over Expires", http.Header{"Cache-Control": {"max-age=0"},
			"Expires": {"Fri, 06 Feb 2026 13:00:00 GMT"}}, 0},
		{"nonsense", http.Header{"Cache-Control": {"max-age=soon"}}, 0},
		{"negative", http.Header{"Cache-Control": {"max-age=-5"}}, 0},
		{"for shared caches only", http.Header{"Cache-Control": {"s-maxage=600"}}, 0},
		{"Expires", http.Header{"Expires": {"Fri, 06 Feb 2026 12:30:00 GMT"}}, 30 * time.Minute},
		{"Expires by the server's clock", http.Header{"Date": {"Fri, 06 Feb 2026 15:00:00 GMT"},
			"Expires": {"Fri, 06 Feb 2026 15:10:00 GMT"}}, 10 * time.Minute},
		{"expired", http.Header{"Expires": {"0"}}, 0},
	} {
		var want time.Time
		if c.want > 0 {
			want = noon.Add(c.want)
		}
		if got := Fresh(c.header, noon); !got.Equal(want) {
			t.Errorf("%s: until %v, want %v", c.name, got, want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "0": 0, "120": 2 * time.Minute, " 120 ": 2 * time.Minute,
		"Fri, 06 Feb 2026 13:00:00 GMT": time.Hour, "Fri, 06 Feb 2026 11:00:00 GMT": 0,
		"99999999": 24 * time.Hour, "Fri, 06 Feb 2036 13:00:00 GMT": 24 * time.Hour,
	} {
		until := time.Time{}
		if want > 0 {
			until = noon.Add(want)
		}
		if got := RetryAfter(header, noon); !got.Equal(until) {
			t.Errorf("%q: %v, want %v", header, got, until)
		}
	}
}

func TestBackoff(t *testing.T) {
	last := time.Duration(0)
	for n := 1; n < 2000; n++ {
		wait := Backoff("a", n)
		if wait < last*4/5 || wait <= 0 || wait > maxBackoff {
			t.Fatalf("failure %d: %v after %v", n, wait, last)
		}
		last = wait
	}
	if last < maxBackoff*4/5 {
		t.Errorf("after all: %v", last)
	}
}
