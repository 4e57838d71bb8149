package feeds

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/schedule"
)

var noon = time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)

func everyFive(tb testing.TB) *schedule.Schedule {
	tb.Helper()
	s, err := schedule.Parse("*/5 * * * *", "UTC")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// clock is that of a feed on the usual schedule.
func clock(tb testing.TB) manners.Clock {
	return manners.Clock{Schedule: everyFive(tb), Key: "https://news.example/feed", Most: time.Hour}
}

// tagged is an answer with an ETag.
func tagged(tag, hash string) answer {
	return answer{status: 200, header: http.Header{"Etag": {tag}}, hash: hash}
}

func TestNextAfterSuccess(t *testing.T) {
	before := State{
		ETag: `"1"`, LastModified: "then", BodyHash: "h1", BodyAt: noon.Add(-time.Hour),
		Polled: noon.Add(-time.Hour), Failures: 3, FailingSince: noon.Add(-time.Minute),
		LastError: "it failed", RetryAfter: noon,
	}
	for _, c := range []struct {
		name string
		a    answer
		etag string
		hash string
		at   time.Time
	}{
		{"a new body", tagged(`"2"`, "h2"), `"2"`, "h2", noon},
		{"another tag", tagged(`"2"`, "h1"), `"2"`, "h1", before.BodyAt},
		{"not modified", answer{status: 304}, `"1"`, "h1", before.BodyAt},
	} {
		f := Feed{Source: Source{URL: "https://news.example/feed"}, State: before}
		got := next(f, result{answer: c.a}, clock(t), noon)
		if got.ETag != c.etag || got.BodyHash != c.hash || !got.BodyAt.Equal(c.at) {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got.Failures != 0 || !got.FailingSince.IsZero() || got.LastError != "" ||
			!got.RetryAfter.IsZero() || !got.Polled.Equal(noon) {
			t.Errorf("%s: the failures are not forgotten: %+v", c.name, got)
		}
		if wait := got.Due.Sub(noon); wait < 5*time.Minute || wait >= 6*time.Minute {
			t.Errorf("%s: due after %v", c.name, wait)
		}
	}
}

func TestNextAfterFailure(t *testing.T) {
	before := State{ETag: `"1"`, BodyHash: "h1", Polled: noon.Add(-time.Hour)}
	refusal := func(code int, after string) error { return &statusError{code, after} }
	const day, hour, minute = 24 * time.Hour, time.Hour, time.Minute
	for _, c := range []struct {
		name     string
		err      error
		failures int
		least    time.Duration
		most     time.Duration
		retry    time.Duration // zero: no RetryAfter
		gone     bool
	}{
		{"the first", errors.New("x"), 0, 5 * minute, 6 * minute, 0, false},
		{"the sixth", errors.New("x"), 5, 27 * minute, 32 * minute, 0, false},
		{"the thousandth", errors.New("x"), 999, 5 * hour, 6 * hour, 0, false},
		{"gone", refusal(410, ""), 0, 5 * minute, 6 * minute, 0, true},
		{"seconds", refusal(429, "7200"), 0, 2 * hour, 2 * hour, 2 * hour, false},
		{"date", refusal(503, "Fri, 06 Feb 2026 13:00:00 GMT"), 0, hour, hour, hour, false},
		{"too long", refusal(429, "99999999"), 0, day, day, day, false},
		{"past", refusal(429, "Fri, 06 Feb 2026 11:00:00 GMT"), 0,
			5 * minute, 6 * minute, 0, false},
		{"nonsense", refusal(503, "soon"), 0, 5 * minute, 6 * minute, 0, false},
		{"of any refusal", refusal(403, "7200"), 0, 2 * hour, 2 * hour, 2 * hour, false},
	} {
		f := Feed{Source: Source{URL: "https://news.example/feed"}, State: before}
		f.Failures = c.failures
		got := next(f, result{err: c.err, reason: "it failed"}, clock(t), noon)
		if wait := got.Due.Sub(noon); wait < c.least || wait > c.most {
			t.Errorf("%s: due after %v, want %v to %v", c.name, wait, c.least, c.most)
		}
		var retry time.Time
		if c.retry > 0 {
			retry = noon.Add(c.retry)
		}
		if !got.RetryAfter.Equal(retry) {
			t.Errorf("%s: retry after %v", c.name, got.RetryAfter)
		}
		if got.Failures != c.failures+1 || got.FailingSince != noon ||
			got.LastError != "it failed" || got.Gone != c.gone {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got.ETag != `"1"` || got.BodyHash != "h1" || got.Polled != before.Polled {
			t.Errorf("%s: what is known of the last good body was lost: %+v", c.name, got)
		}
	}
}

// TestNextNeverEarly holds of every answer: a feed is asked again after now, not before its
// schedule, and within a day.
func TestNextNeverEarly(t *testing.T) {
	c := clock(t)
	rapid.Check(t, func(t *rapid.T) {
		now := noon.Add(time.Duration(rapid.Int64Range(0, int64(24*time.Hour)).Draw(t, "now")))
		f := feedAt(rapid.String().Draw(t, "url"))
		f.Failures = rapid.IntRange(0, 1<<20).Draw(t, "failures")
		var err error
		if code := rapid.SampledFrom([]int{0, 404, 410, 429, 503}).Draw(t, "code"); code != 0 {
			err = &statusError{code, rapid.String().Draw(t, "retry-after")}
		}
		got := next(f, result{answer: tagged("", ""), err: err}, c, now)
		if got.Due.Before(c.Schedule.Next(now)) || got.Due.After(now.Add(24*time.Hour)) {
			t.Fatalf("due %v after %v", got.Due, now)
		}
		again := next(f, result{answer: tagged("", ""), err: err}, c, now)
		if again.Due != got.Due {
			t.Fatal("the jitter is not stable")
		}
	})
}

func TestJitterSpreads(t *testing.T) {
	due := map[time.Time]bool{}
	for i := range 100 {
		f := feedAt("https://news.example/" + string(rune('a'+i)))
		c := clock(t)
		c.Key = f.URL
		due[next(f, result{answer: tagged("", "")}, c, noon).Due] = true
	}
	if len(due) < 90 {
		t.Errorf("100 feeds are due at %d times", len(due))
	}
}
