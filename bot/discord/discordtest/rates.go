package discordtest

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// Rate is how many requests are answered in a time.
type Rate struct {
	Limit int
	Per   time.Duration
}

// Rates are how often the bot may call. The zero value is strict: Discord tells its limits in headers
// only, and they must not be relied on.
type Rates struct {
	Off      bool // no limits at all
	Post     Rate // messages to a channel; if zero, 5 in 5 s
	Edit     Rate // edits of messages of a channel; if zero, 5 in 5 s
	Followup Rate // of one interaction, and edits of its messages; if zero, 5 in 2 s
	Other    Rate // of each other route, in a channel or guild; if zero, 30 in 10 s
	Global   int  // requests in a second; if zero, 50
}

func (r Rates) orDiscords() Rates {
	r.Post = or(r.Post, Rate{5, 5 * time.Second})
	r.Edit = or(r.Edit, Rate{5, 5 * time.Second})
	r.Followup = or(r.Followup, Rate{5, 2 * time.Second})
	r.Other = or(r.Other, Rate{30, 10 * time.Second})
	r.Global = or(r.Global, 50)
	return r
}

// bucket is what was used of a rate since a time.
type bucket struct {
	used  int
	since time.Time
}

// take uses one, or returns how long until there is one.
func (b *bucket) take(r Rate, now time.Time) (left int, reset time.Duration, free bool) {
	if now.Sub(b.since) >= r.Per {
		*b = bucket{since: now}
	}
	reset = b.since.Add(r.Per).Sub(now)
	if b.used >= r.Limit {
		return 0, reset, false
	}
	b.used++
	return r.Limit - b.used, reset, true
}

// rateOf returns the rate of a route.
func (r Rates) rateOf(route string, open bool) Rate {
	switch {
	case open && strings.Contains(route, "/webhooks/"):
		return r.Followup
	case route == PostMessage:
		return r.Post
	case route == EditMessage:
		return r.Edit
	}
	return r.Other
}

// limited answers a call that comes too soon, and writes the headers of its bucket otherwise. Answers to
// interactions are not under the global limit. The lock is held.
func (s *Server) limited(w http.ResponseWriter, c *call, of route) bool {
	now, rates := s.opts.Now(), s.opts.Rates
	if rates.Off || strings.HasPrefix(c.Path, "/interactions/") {
		return false
	}
	if !of.open {
		if _, wait, free := s.global.take(Rate{rates.Global, time.Second}, now); !free {
			s.provoked++
			s.countInvalid(http.StatusTooManyRequests)
			writeLimited(w, wait, globalScope)
			return true
		}
	}
	major := c.Channel + c.r.PathValue("guild_id") + c.token()
	b := s.buckets[c.Route+" "+major]
	if b == nil {
		b = &bucket{}
		s.buckets[c.Route+" "+major] = b
	}
	rate := rates.rateOf(c.Route, of.open)
	left, reset, free := b.take(rate, now)
	writeBucket(w.Header(), c.Route, rate, left, reset, now)
	if free {
		return false
	}
	s.provoked++
	s.countInvalid(http.StatusTooManyRequests)
	writeLimited(w, reset, userScope)
	return true
}

func seconds(d time.Duration) float64 { return math.Ceil(d.Seconds()*1000) / 1000 }

// writeBucket writes the headers of a bucket.
func writeBucket(h http.Header, route string, r Rate, left int, reset time.Duration, now time.Time) {
	sum := sha256.Sum256([]byte(route))
	at := float64(now.Add(reset).UnixMilli()) / 1000
	h.Set("X-RateLimit-Limit", strconv.Itoa(r.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(at, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(seconds(reset), 'f', 3, 64))
	h.Set("X-RateLimit-Bucket", hex.EncodeToString(sum[:8]))
}

// The scopes of a limit.
const (
	userScope   = "user"
	globalScope = "global"
	sharedScope = "shared"
)

// writeLimited answers 429.
func writeLimited(w http.ResponseWriter, wait time.Duration, scope string) {
	header, body := limitedAnswer(wait, scope)
	for name, values := range header {
		w.Header()[name] = values
	}
	writeJSON(w, http.StatusTooManyRequests, body)
}

func limitedAnswer(wait time.Duration, scope string) (http.Header, result) {
	h := make(http.Header)
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	h.Set("X-RateLimit-Scope", scope)
	message := "You are being rate limited."
	switch scope {
	case globalScope:
		h.Set("X-RateLimit-Global", "true")
	case sharedScope:
		message = "The resource is being rate limited."
	}
	return h, result{"message": message, "retry_after": seconds(wait), "global": scope == globalScope}
}

// countInvalid counts an answer that brings the ban nearer. The lock is held.
func (s *Server) countInvalid(status int) {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		s.invalid = append(s.invalid, s.opts.Now())
	}
}

// Provoked429 returns how many requests were refused because the bot called too often. Faults do not
// count.
func (s *Server) Provoked429() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.provoked
}

// InvalidRequests returns how many requests of the last ten minutes were answered 401, 403 or 429, other
// than for a shared resource. Faults count. At 10,000 Discord bans the address.
func (s *Server) InvalidRequests() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range s.invalid {
		if s.opts.Now().Sub(at) < 10*time.Minute {
			n++
		}
	}
	return n
}

// dailyCreates is how many commands may be made in a day in one place.
const dailyCreates = 200

// countCreated counts a command that is made, or refuses it. The lock is held.
func (s *Server) countCreated(guild string) *limits.Error {
	now := s.opts.Now()
	fresh := 0
	for _, at := range s.created[guild] {
		if now.Sub(at) < 24*time.Hour {
			fresh++
		}
	}
	if fresh >= dailyCreates {
		return limits.Refuse(limits.TooManyCreated)
	}
	s.created[guild] = append(s.created[guild], now)
	return nil
}
