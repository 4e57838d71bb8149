package schedule_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/schedule"
)

func FuzzParse(f *testing.F) {
	for _, expr := range []string{
		"*/5 * * * *", "0 1,2,3 * * *", "0 0 29 2 *", "0 0 30 2 *", "@every 1d12h", "@hourly",
		"TZ=", "CRON_TZ=UTC 0 9 * * *", "1-2-3 * * * *", "0 */6 ? jan-dec sun,mon",
	} {
		f.Add(expr, "Asia/Beirut", int64(1774735200))
	}
	f.Add("0 9 * * *", "../../etc/passwd", int64(0))
	f.Fuzz(func(t *testing.T, expr, zone string, at int64) {
		s, err := schedule.Parse(expr, zone)
		if err != nil {
			checkError(t, err)
			return
		}
		after := time.Unix(at%(1<<36), 0) // within some two thousand years of 1970
		first := s.Next(after)
		if second := s.Next(first); !first.After(after) || !second.After(first) {
			t.Errorf("%s: after %v come %v and %v", s, after, first, second)
		}
	})
}

func FuzzParseQuiet(f *testing.F) {
	for _, span := range []string{"22:00-07:00", "00:00-24:00", "22:00–7:00", "", "-", "1-2"} {
		f.Add(span, "Asia/Beirut", int64(1774735200))
	}
	f.Fuzz(func(t *testing.T, span, zone string, at int64) {
		q, err := schedule.ParseQuiet(span, zone)
		if err != nil {
			checkError(t, err)
			return
		}
		after := time.Unix(at%(1<<36), 0)
		if end := q.End(after); q.Contains(end) || end.Before(after) {
			t.Errorf("%q: the quiet of %v ends at %v", span, after, end)
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"30d", "1d12h", "1.5w", "-5m", "30", "", ".", "5µs", "1e9s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := schedule.ParseDuration(text)
		if err != nil {
			checkError(t, err)
			return
		}
		if d < 0 {
			t.Errorf("%q is %v", text, d)
		}
		if std, err := time.ParseDuration(text); err == nil && std != d {
			t.Errorf("%q is %v, to the standard library %v", text, d, std)
		}
	})
}

// checkError makes sure that an error can stand in a log line.
func checkError(t *testing.T, err error) {
	t.Helper()
	for _, r := range err.Error() {
		if r < ' ' || r == utf8.RuneError {
			t.Errorf("the error holds %q: %q", r, err)
		}
	}
}
