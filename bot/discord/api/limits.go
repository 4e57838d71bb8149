package api

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

const (
	// globalRate is how many requests may leave in a second: 50 by Discord's documents, less some
	// for clocks that differ.
	globalRate = 45

	// patience is how long a request waits for its turn. One that would wait longer is told when.
	patience = 6 * time.Second

	// breakAt is how many requests may come to nothing in breakSpan. At ten thousand Discord bans
	// the address for a day.
	breakAt   = 1_000
	breakSpan = 10 * time.Minute

	// maxRoutes bounds how many limits are remembered.
	maxRoutes = 20_000
)

// route is what a limit of Discord's is about: what is asked, and where.
type route struct {
	what  string // the method and the path without IDs
	where string // the channel, guild or webhook
	free  bool   // answers to interactions are under no global limit
}

var snowflake = regexp.MustCompile(`^\d{15,20}$`)

// routeOf takes a path apart. The first ID is where; it stands behind "channels", "guilds" or
// "webhooks", where the token of an answer belongs to it.
func routeOf(method, path string) route {
	r := route{what: method}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		switch {
		case i == 1 && !snowflake.MatchString(part) && parts[0] != "applications":
			r.where = part
			part = ":where"
		case snowflake.MatchString(part) && r.where == "":
			r.where = part
			part = ":where"
		case snowflake.MatchString(part):
			part = ":id"
		case i == 2 && (parts[0] == "webhooks" || parts[0] == "interactions"):
			r.where += "/" + part
			part = ":token"
		}
		r.what += " " + part
	}
	r.free = parts[0] == "webhooks" || parts[0] == "interactions"
	return r
}

// bucket is a limit that Discord told of.
type bucket struct {
	limit     int
	remaining int
	window    time.Duration // the longest that it took to be full again
	reset     time.Time     // when it is
}

// limits are what Discord allows, as far as it has told.
type limits struct {
	now func() time.Time

	mu      sync.Mutex
	names   map[string]string  // of the bucket, by what is asked
	buckets map[string]*bucket // by name and where
	until   time.Time          // nothing is sent before
	recent  []time.Time        // requests of the last second
	invalid []time.Time        // requests that came to nothing
	refused *Refused           // no token of ours is taken any more
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, names: make(map[string]string), buckets: make(map[string]*bucket)}
}

// enter waits until a request may be sent. It does not wait long, and not beyond ctx.
func (l *limits) enter(ctx context.Context, r route) error {
	for {
		pause, err := l.try(r)
		if err != nil || pause <= 0 {
			return err
		}
		if deadline, ok := ctx.Deadline(); pause > patience || ok && time.Until(deadline) < pause {
			return &bot.RetryError{After: pause, Err: ErrBucket}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return &bot.RetryError{After: pause, Err: ErrBucket}
		}
	}
}

// try takes a turn, or says how long until there may be one.
func (l *limits) try(r route) (pause time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.invalid = since(l.invalid, now.Add(-breakSpan))
	if len(l.invalid) >= breakAt {
		after := l.invalid[len(l.invalid)-breakAt].Add(breakSpan).Sub(now)
		return 0, &bot.RetryError{After: after, Err: ErrBreaker}
	}
	if l.refused != nil && !r.free {
		return 0, &bot.RetryError{After: MendAfter, Err: l.refused}
	}
	b := l.bucket(r)
	if b != nil && now.After(b.reset) {
		b.remaining, b.reset = b.limit, now.Add(b.window)
	}
	if b != nil && b.remaining <= 0 {
		return b.reset.Sub(now) + time.Millisecond, nil
	}
	if !r.free {
		if pause := l.until.Sub(now); pause > 0 {
			return pause, nil
		}
		l.recent = since(l.recent, now.Add(-time.Second))
		if len(l.recent) >= globalRate {
			return l.recent[len(l.recent)-globalRate].Add(time.Second).Sub(now) + time.Millisecond, nil
		}
		l.recent = append(l.recent, now)
	}
	if b != nil {
		b.remaining--
	}
	return 0, nil
}

// since drops the times before one.
func since(times []time.Time, start time.Time) []time.Time {
	for len(times) > 0 && times[0].Before(start) {
		times = times[1:]
	}
	return times
}

// giveBack returns the turn of a request that did not leave.
func (l *limits) giveBack(r route) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.bucket(r); b != nil {
		b.remaining++
	}
}

// bucket is the limit of a route, or nil when none is known.
func (l *limits) bucket(r route) *bucket {
	name, known := l.names[r.what]
	if !known {
		return nil
	}
	return l.buckets[name+" "+r.where]
}

// learn takes in what an answer says of limits.
func (l *limits) learn(r route, h http.Header, s Status) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if s.Code != http.StatusTooManyRequests {
		l.note(r, h, now)
	}
	switch s.Code {
	case http.StatusTooManyRequests:
		// Who asked is told to wait, and knows how long. Only what holds for everything has to be
		// kept from others as well.
		if s.Scope == scopeGlobal || s.Scope == scopeEdge {
			l.until = later(l.until, now.Add(cmp.Or(s.After, unsaidAfter)))
		}
		if s.Scope != scopeShared {
			l.invalid = append(l.invalid, now)
		}
	case http.StatusForbidden:
		l.invalid = append(l.invalid, now)
	case http.StatusUnauthorized:
		l.invalid = append(l.invalid, now)
		if !r.free {
			l.refused = errToken()
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// note reads the headers of a bucket. Answers that overtake each other do not give turns back.
func (l *limits) note(r route, h http.Header, now time.Time) {
	name := h.Get("X-RateLimit-Bucket")
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	if name == "" || err != nil || limit <= 0 {
		return
	}
	remaining, _ := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, _ := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	l.names[r.what] = name
	if len(l.buckets) > maxRoutes {
		clear(l.buckets)
	}
	key := name + " " + r.where
	b := l.buckets[key]
	reset := now.Add(seconds(after))
	if b == nil {
		b = &bucket{remaining: remaining}
		l.buckets[key] = b
	}
	if fresh := b.reset.IsZero() || now.After(b.reset); fresh {
		b.remaining = remaining
	}
	b.limit, b.remaining, b.reset = limit, min(b.remaining, remaining), reset
	b.window = max(b.window, seconds(after))
}

// known is the limit of a route, and how long until something of it is left.
func (l *limits) known(r route) (limit int, window, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(r)
	if b == nil {
		return 0, 0, 0
	}
	if now := l.now(); b.remaining <= 0 && b.reset.After(now) {
		wait = b.reset.Sub(now)
	}
	return b.limit, b.window, wait
}
