package manners

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/schedule"
)

const (
	firstBackoff  = time.Minute
	maxBackoff    = 6 * time.Hour
	maxRetryAfter = 24 * time.Hour // a server that asks for more gets a day
)

// Backoff returns the wait after the n-th failure in a row: it doubles from a minute to six hours.
// The jitter only shortens it, so that six hours are the most and feeds that failed together do
// not come back together.
func Backoff(key string, n int) time.Duration {
	wait := maxBackoff
	if n < 10 { // the tenth doubling would pass the limit
		wait = min(firstBackoff<<max(n-1, 0), maxBackoff)
	}
	return wait - schedule.Jitter(key, wait)
}

// RetryAfter reads a Retry-After header, which is seconds or a date (RFC 9110, section 10.2.3). It
// returns zero when the header is absent, unreadable or past.
func RetryAfter(header string, now time.Time) time.Time {
	until := now
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		until = now.Add(time.Duration(seconds) * time.Second)
	} else if date, err := http.ParseTime(header); err == nil {
		until = date.UTC()
	}
	until = Earlier(until, now.Add(maxRetryAfter))
	if !until.After(now) {
		return time.Time{}
	}
	return until
}

// Fresh returns until when an answer is good by its own headers (RFC 9111, section 4.2): until then
// a cache between us and the server would give us the same again. It goes by max-age, else by
// Expires, less the time that the answer has already spent in caches. It returns zero when the
// headers say nothing, or that the answer is to be asked for each time.
func Fresh(h http.Header, now time.Time) time.Time {
	lifetime, said := maxAge(h)
	if !said {
		lifetime = expires(h, now)
	}
	if age, err := strconv.ParseUint(strings.TrimSpace(h.Get("Age")), 10, 31); err == nil {
		lifetime -= time.Duration(age) * time.Second
	}
	if lifetime <= 0 {
		return time.Time{}
	}
	return now.Add(lifetime)
}

// maxAge reads Cache-Control. said is false when it leaves the word to Expires.
func maxAge(h http.Header) (age time.Duration, said bool) {
	for _, directive := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch strings.TrimSpace(name) {
		case "no-store", "no-cache":
			return 0, true
		case "max-age":
			value = strings.Trim(value, `" `)
			if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
				age, said = time.Duration(seconds)*time.Second, true
			}
		}
	}
	return age, said
}

// expires reads Expires as a span from the server's own Date, so that its clock need not be right.
func expires(h http.Header, now time.Time) time.Duration {
	until, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return until.Sub(now)
}
