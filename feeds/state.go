package feeds

import (
	"errors"
	"net/http"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
)

const (
	// movedPatience is how long the address that a feed moved to may fail before the one in the
	// config is asked again.
	movedPatience = time.Hour

	// gapMemory is how long after a gap every tick is used, whatever asks us to skip some.
	gapMemory = 24 * time.Hour
)

// result is what came of asking a feed.
type result struct {
	fetch.Answer
	reading        // empty when the body is unchanged or could not be read
	err     error  // why it failed
	reason  string // its wording for people
	took    time.Duration
}

// next decides what is kept about a feed after a poll, and when it is asked again. It is pure.
//
// A success is followed by a tick of the schedule, after a failure the wait doubles from a minute
// up to six hours; see [manners]. But a feed is never asked earlier than its schedule says or its
// server allows, and never given up: only 410 marks it gone. What the server sent to recognise a
// body by moves only with a body whose items were read, all of them.
func next(f Feed, r result, c manners.Clock, now time.Time) State {
	st := f.State
	st.RetryAfter = time.Time{}
	if r.err != nil {
		st.Due = c.Tick(now)
		return failed(f, st, r, now)
	}
	st.Took = smooth(st.Took, r.took)
	st.Polled, st.Failures, st.FailingSince, st.LastError = now, 0, time.Time{}, ""
	st.Gone = false
	if r.Moved != "" {
		st.Moved = r.Moved
	}
	if !r.Unchanged(f.BodyHash) {
		st.learn(r.reading, now)
	}
	if r.Status == http.StatusOK && !st.Truncated {
		st.ETag, st.LastModified = r.Header.Get("ETag"), r.Header.Get("Last-Modified")
		st.BodyHash = r.Hash
	}
	st.Due = st.due(r.Header, f.Polled.IsZero(), c, now)
	return st
}

// learn takes over what a body says. One that is cut off, or that holds nothing, says nothing of what
// is not in it: what an earlier body held must stay known, and the whole one be told from it when it
// comes.
func (st *State) learn(r reading, now time.Time) {
	st.Truncated = r.truncated
	if r.gap {
		st.GapAt = now
	}
	if st.Pulse.News.IsZero() {
		st.Pulse = r.pulse
	}
	st.Pulse = st.Pulse.Beat(now, r.fresh)
	if r.truncated || len(r.items) == 0 && st.Held > 0 {
		return
	}
	st.BodyAt, st.Rhythm, st.Held = now, r.rhythm, len(r.items)
}

// due is when a feed is asked again after a good answer. A gap makes us forget whatever is not an
// outright request. News proves a document wrong that names a period too long for it (the software
// of many sites says "hourly" of every feed): its period counts again after one without news.
func (st *State) due(h http.Header, first bool, c manners.Clock, now time.Time) time.Time {
	if now.Sub(st.GapAt) < gapMemory {
		return c.Tick(now)
	}
	until := manners.Later(manners.Fresh(h, now), now.Add(st.Pulse.Wait(now)))
	if period := manners.Period(st.Rhythm); first || now.Sub(st.Pulse.News) >= period {
		until = manners.Later(until, now.Add(period))
	}
	due := c.Skip(now, until)
	if open := manners.Open(st.Rhythm, due); open.After(due) {
		due = c.Skip(now, open)
	}
	return due
}

// smooth moves an average by a quarter of what is new.
func smooth(average, seen time.Duration) time.Duration {
	if average == 0 {
		return seen
	}
	return average + (seen-average)/4
}

// failed adds a failure to a state whose Due is what the schedule says.
func failed(f Feed, st State, r result, now time.Time) State {
	st.Failures++
	st.LastError = r.reason
	if st.FailingSince.IsZero() {
		st.FailingSince = now
	}
	st.Due = manners.Later(st.Due, now.Add(manners.Backoff(f.URL, st.Failures)))
	var refused *fetch.StatusError
	if errors.As(r.err, &refused) {
		st.RetryAfter = manners.RetryAfter(refused.RetryAfter, now)
		st.Due = manners.Later(st.Due, st.RetryAfter)
		st.Gone = refused.Code == http.StatusGone
	}
	if st.Moved != "" && (st.Gone || now.Sub(st.FailingSince) >= movedPatience) {
		// What was learnt there says nothing of the address in the config.
		st.Moved, st.ETag, st.LastModified, st.Gone = "", "", "", false
	}
	return st
}
