// Package manners decides when a feed may be asked.
//
// The ticks of the feed's schedule are the most often it is asked. What its server's caches say
// ([Fresh]), what the feed says of itself ([Open], [Period]) and how often it really has news
// ([Pulse]) only skip ticks, and never for longer than a limit. A server that asks for peace
// ([RetryAfter]) gets it; one that fails is asked ever less ([Backoff]), a busy one at its own
// speed ([Pace]). When most hosts fail at once it is we who are cut off ([Weather]).
//
// Nothing here has a clock or touches the world; nothing is stored but what its callers keep.
package manners

import (
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/schedule"
)

// never is how long a feed waits whose schedule has no next time.
const never = 6 * time.Hour

// Clock is when one feed may be asked.
type Clock struct {
	Schedule *schedule.Schedule
	Key      string        // names the feed: its jitter is its own
	Most     time.Duration // ticks are skipped for no longer; if zero, none are
}

// Tick returns the next time of the schedule after now, spread by the feed's jitter.
func (c Clock) Tick(now time.Time) time.Time {
	next := c.Schedule.Next(now)
	if next.IsZero() {
		return now.Add(never)
	}
	return next.Add(c.jitter(now))
}

// Skip returns the first tick that is not before until, yet within the limit. The tick after now
// is never brought forward, not by the limit either.
func (c Clock) Skip(now, until time.Time) time.Time {
	first := c.Tick(now)
	until = Earlier(until, now.Add(c.Most))
	if !until.After(first) {
		return first
	}
	due := c.notBefore(now, until)
	if due.After(now.Add(c.Most)) { // the last one within the limit, if there is one
		due = c.notBefore(now, until.Add(-c.Schedule.Interval(now)))
	}
	if due.After(now.Add(c.Most)) || due.Before(first) {
		return first
	}
	return due
}

// notBefore returns the first tick, jitter included, that is not before t.
func (c Clock) notBefore(now, t time.Time) time.Time {
	jitter := c.jitter(now)
	next := c.Schedule.Next(t.Add(-jitter - time.Nanosecond))
	if next.IsZero() {
		return now.Add(never)
	}
	return next.Add(jitter)
}

func (c Clock) jitter(now time.Time) time.Duration {
	return schedule.Jitter(c.Key, c.Schedule.Interval(now))
}

// Period is how long a document says that a copy of it is good for: the longer of its <ttl> and
// its update period.
func Period(r syndication.Rhythm) time.Duration { return max(r.TTL, r.Period) }

// Open returns t or, when it lies in hours or days that the document says are without news, the
// first hour after it that does not. A document that rules out the whole week is not believed.
func Open(r syndication.Rhythm, t time.Time) time.Time {
	const week = 7 * 24
	at := t.UTC()
	for range week {
		if !skipped(r, at) {
			return Later(t, at)
		}
		at = at.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

func skipped(r syndication.Rhythm, at time.Time) bool {
	for _, hour := range r.SkipHours {
		if hour == at.Hour() {
			return true
		}
	}
	for _, day := range r.SkipDays {
		if day == at.Weekday() {
			return true
		}
	}
	return false
}

// Later returns the later of two times.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Earlier returns the earlier of two times.
func Earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
