package feeds

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
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
func tagged(tag, hash string) fetch.Answer {
	return fetch.Answer{Status: 200, Header: http.Header{"Etag": {tag}}, Hash: hash}
}

func TestNextAfterSuccess(t *testing.T) {
	before := State{
		ETag: `"1"`, LastModified: "then", BodyHash: "h1", BodyAt: noon.Add(-time.Hour),
		Polled: noon.Add(-time.Hour), Failures: 3, FailingSince: noon.Add(-time.Minute),
		LastError: "it failed", RetryAfter: noon,
	}
	for _, c := range []struct {
		name string
		a    fetch.Answer
		etag string
		hash string
		at   time.Time
	}{
		{"a new body", tagged(`"2"`, "h2"), `"2"`, "h2", noon},
		{"another tag", tagged(`"2"`, "h1"), `"2"`, "h1", before.BodyAt},
		{"not modified", fetch.Answer{Status: 304}, `"1"`, "h1", before.BodyAt},
	} {
		f := Feed{Source: Source{URL: "https://news.example/feed"}, State: before}
		got := next(f, result{Answer: c.a}, clock(t), noon)
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
	refusal := func(code int, after string) error { return &fetch.StatusError{Code: code, RetryAfter: after} }
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
			err = &fetch.StatusError{Code: code, RetryAfter: rapid.String().Draw(t, "retry-after")}
		}
		got := next(f, result{Answer: tagged("", ""), err: err}, c, now)
		if got.Due.Before(c.Schedule.Next(now)) || got.Due.After(now.Add(24*time.Hour)) {
			t.Fatalf("due %v after %v", got.Due, now)
		}
		again := next(f, result{Answer: tagged("", ""), err: err}, c, now)
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
		due[next(f, result{Answer: tagged("", "")}, c, noon).Due] = true
	}
	if len(due) < 90 {
		t.Errorf("100 feeds are due at %d times", len(due))
	}
}

// TestDue: what is asked of us only skips ticks, for an hour at most; news and gaps end that.
func TestDue(t *testing.T) {
	const minute, hour = time.Minute, time.Hour
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	lately := manners.Pulse{News: noon.Add(-10 * minute), Every: 10 * minute}
	daily := manners.Pulse{News: noon.Add(-10 * hour), Every: 24 * hour}
	hourly := syndication.Rhythm{Period: hour}
	for _, c := range []struct {
		name    string
		header  http.Header
		state   State
		reading *reading // nil: unchanged
		least   time.Duration
		most    time.Duration
	}{
		{"nothing asked", nil, State{Pulse: lately}, nil, 5 * minute, 6 * minute},
		{"max-age", header("Cache-Control", "max-age=1200"), State{Pulse: lately}, nil,
			20 * minute, 26 * minute},
		{"max-age, with news", header("Cache-Control", "max-age=1200"), State{Pulse: lately},
			&reading{fresh: 1}, 20 * minute, 26 * minute},
		{"a year", header("Cache-Control", "max-age=31536000"), State{Pulse: lately}, nil,
			55 * minute, hour},
		{"no-cache", header("Cache-Control", "no-cache, max-age=1200"), State{Pulse: lately}, nil,
			5 * minute, 6 * minute},
		{"a daily feed", nil, State{Pulse: daily}, nil, 55 * minute, hour},
		{"a daily feed with news", nil, State{Pulse: daily}, &reading{fresh: 1}, 5 * minute, 6 * minute},
		{"hourly, and so it is", nil, State{Pulse: daily, Rhythm: hourly}, nil, 55 * minute, hour},
		{"hourly, but it has news", nil, State{Pulse: lately, Rhythm: hourly}, nil, 5 * minute, 6 * minute},
		{"half an hour", nil, State{Pulse: manners.Pulse{News: noon.Add(-hour)},
			Rhythm: syndication.Rhythm{TTL: 30 * minute}}, nil, 30 * minute, 36 * minute},
		{"hours without news", nil, State{Pulse: lately,
			Rhythm: syndication.Rhythm{SkipHours: []int{12}}}, nil, 55 * minute, hour},
		{"a gap", header("Cache-Control", "max-age=1200"), State{Pulse: daily, Rhythm: hourly},
			&reading{gap: true, rhythm: hourly}, 5 * minute, 6 * minute},
		{"a gap not long ago", nil, State{Pulse: daily, GapAt: noon.Add(-23 * hour)}, nil,
			5 * minute, 6 * minute},
		{"a gap long ago", nil, State{Pulse: daily, GapAt: noon.Add(-25 * hour)}, nil, 55 * minute, hour},
	} {
		f := Feed{State: c.state}
		f.URL, f.Polled, f.BodyHash = "https://news.example/feed", noon.Add(-5*minute), "same"
		a := fetch.Answer{Status: 200, Header: c.header, Hash: "same"}
		r := result{Answer: a}
		if c.reading != nil {
			r.Hash, r.reading = "other", *c.reading
		}
		if wait := next(f, r, clock(t), noon).Due.Sub(noon); wait < c.least || wait > c.most {
			t.Errorf("%s: after %v, want %v to %v", c.name, wait, c.least, c.most)
		}
	}
}

func TestNextOfTruncated(t *testing.T) {
	f := feedAt("https://news.example/feed")
	f.State = State{ETag: `"1"`, BodyHash: "h1", BodyAt: noon.Add(-time.Hour), Held: 9,
		Polled: noon.Add(-time.Hour)}
	r := result{Answer: tagged(`"2"`, "h2"), reading: reading{truncated: true, items: make([]Item, 3)}}
	got := next(f, r, clock(t), noon)
	if !got.Truncated || got.ETag != f.ETag || got.BodyHash != f.BodyHash || got.Held != 9 ||
		!got.BodyAt.Equal(f.BodyAt) || !got.Polled.Equal(noon) || got.Failures != 0 {
		t.Errorf("cut off: %+v", got)
	}
	f.State, r.truncated = got, false
	if got = next(f, r, clock(t), noon); got.Truncated || got.ETag != `"2"` || got.Held != 3 {
		t.Errorf("whole: %+v", got)
	}
}

// TestMoved: an address that was learnt is asked until it fails for long, or says that it is gone.
func TestMoved(t *testing.T) {
	moved := func(failing time.Duration) Feed {
		f := feedAt("https://news.example/feed")
		f.State = State{Moved: "https://new.example/feed", ETag: "e", Failures: 5,
			FailingSince: noon.Add(-failing), Polled: noon.Add(-failing)}
		return f
	}
	for _, c := range []struct {
		name    string
		failing time.Duration
		err     error
		kept    bool
	}{
		{"a while", 59 * time.Minute, errors.New("x"), true},
		{"for long", time.Hour, errors.New("x"), false},
		{"gone", 0, &fetch.StatusError{Code: 410}, false},
	} {
		got := next(moved(c.failing), result{err: c.err}, clock(t), noon)
		if (got.Moved != "") != c.kept || (got.ETag != "") != c.kept || got.Gone {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestNextOfEmpty: a body without items, as servers send them on bad days, does not make us forget
// what the one before it held.
func TestNextOfEmpty(t *testing.T) {
	f := feedAt("https://news.example/feed")
	f.State = State{Polled: noon.Add(-time.Hour), BodyAt: noon.Add(-time.Hour), Held: 9}
	got := next(f, result{Answer: tagged(`"2"`, "h2")}, clock(t), noon)
	if !got.BodyAt.Equal(f.BodyAt) || got.Held != 9 || got.BodyHash != "h2" || !got.Polled.Equal(noon) {
		t.Errorf("%+v", got)
	}
	f.State = got
	all := reading{items: edition("g", "https://a.example/", 50, 53)}
	all.recall(f, remember(t, f, edition("g", "https://a.example/", 0, 9), all.items), false)
	if !all.gap {
		t.Error("items that came and went meanwhile are not missed")
	}
}
