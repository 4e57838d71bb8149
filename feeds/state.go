package feeds

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tensionwatch/tensionwatch/schedule"
)

const (
	firstBackoff  = time.Minute
	maxBackoff    = 6 * time.Hour
	maxRetryAfter = 24 * time.Hour // a server that asks for more gets a day
)

// answer is a good answer of a feed's server.
type answer struct {
	status       int // 200 or 304
	etag         string
	lastModified string
	contentType  string
	hash         string // of packed
	packed       []byte // the body as it came
	gzipped      bool
	base         string // the address after redirects
}

// unchanged reports whether an answer says, or shows, that nothing changed since the last good
// body.
func (a answer) unchanged(f Feed) bool {
	return a.status == http.StatusNotModified || a.hash == f.BodyHash
}

// next decides what is kept about a feed after a poll, and when it is asked again. It is pure; err
// is why the poll failed, and reason is its wording for people.
//
// A success is followed by the next time of the schedule, spread by a jitter that is the feed's
// own. After a failure the wait doubles from a minute up to six hours, but a feed is never asked
// earlier than its schedule says or its server allows, and never given up: only 410 marks it gone.
// What the server sent to recognise a body by moves only with a body whose items were read.
func next(
	f Feed, a answer, err error, reason string, s *schedule.Schedule, now time.Time,
) State {
	st := f.State
	st.Due = s.Next(now).Add(schedule.Jitter(f.URL, s.Interval(now)))
	if s.Next(now).IsZero() {
		st.Due = now.Add(maxBackoff)
	}
	st.RetryAfter = time.Time{}
	if err != nil {
		return failed(st, f.URL, err, reason, now)
	}
	if !a.unchanged(f) {
		st.BodyAt = now
	}
	if a.status == http.StatusOK {
		st.ETag, st.LastModified, st.BodyHash = a.etag, a.lastModified, a.hash
	}
	st.Polled, st.Failures, st.FailingSince, st.LastError = now, 0, time.Time{}, ""
	st.Gone = false
	return st
}

// failed adds a failure to a state whose Due is what the schedule says.
func failed(st State, url string, err error, reason string, now time.Time) State {
	st.Failures++
	st.LastError = reason
	if st.FailingSince.IsZero() {
		st.FailingSince = now
	}
	st.Due = later(st.Due, now.Add(backoff(url, st.Failures)))
	var refused *statusError
	if !errors.As(err, &refused) {
		return st
	}
	switch refused.code {
	case http.StatusGone:
		st.Gone = true
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		st.RetryAfter = retryAfter(refused.retryAfter, now)
		st.Due = later(st.Due, st.RetryAfter)
	}
	return st
}

// backoff returns the wait after the n-th failure in a row. The jitter only shortens it, so that
// six hours are the most and feeds that failed together do not come back together.
func backoff(key string, n int) time.Duration {
	wait := maxBackoff
	if n < 10 { // the tenth doubling would pass the limit
		wait = min(firstBackoff<<(n-1), maxBackoff)
	}
	return wait - schedule.Jitter(key, wait)
}

// retryAfter reads a Retry-After header, which is seconds or a date (RFC 9110, section 10.2.3). It
// returns zero when the header is absent, unreadable or past.
func retryAfter(header string, now time.Time) time.Time {
	until := now
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		until = now.Add(time.Duration(seconds) * time.Second)
	} else if date, err := http.ParseTime(header); err == nil {
		until = date.UTC()
	}
	if limit := now.Add(maxRetryAfter); until.After(limit) {
		until = limit
	}
	if !until.After(now) {
		return time.Time{}
	}
	return until
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
