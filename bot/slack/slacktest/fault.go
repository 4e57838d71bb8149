package slacktest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"
)

// Fault is what happens to a request instead of, or after, what it asks for.
type Fault struct {
	Accept  bool        // whether what it asks for is done nevertheless
	Silent  bool        // nothing is answered until the client gives up
	Reset   bool        // the connection is reset
	Status  int         // what is answered; if zero, 200
	Header  http.Header // more headers of the answer
	Body    string      // of the answer
	Channel string      // if not empty, only requests for this channel
	Chance  float64     // if not zero, how likely it happens to a request; drawn from [Options.Seed]
}

type fault struct {
	Fault
	method string
	left   int // how often yet; negative: for ever
}

// RateLimited is the 429 that asks to wait. An empty retryAfter leaves the header out.
func RateLimited(retryAfter string) Fault {
	f := Answer(http.StatusTooManyRequests, `{"ok":false,"error":"ratelimited"}`)
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// RateLimitedOK is the request to wait inside of a 200.
func RateLimitedOK() Fault { return Refused("ratelimited") }

// RateLimitedHTML is the 429 of something that stands before Slack.
func RateLimitedHTML() Fault {
	f := Answer(http.StatusTooManyRequests, "<html><body><h1>Too Many Requests</h1></body></html>")
	f.Header.Set("Content-Type", "text/html")
	return f
}

// Refused is a 200 with an error.
func Refused(code string) Fault {
	return Answer(http.StatusOK, fmt.Sprintf(`{"ok":false,"error":%q}`, code))
}

// Answer is an answer that nothing was done for.
func Answer(status int, body string) Fault {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	return Fault{Status: status, Header: header, Body: body}
}

// Swallowed is a request that never arrives; the client waits until it gives up.
func Swallowed() Fault { return Fault{Silent: true} }

// AnswerLost is a request that is done and whose answer never comes.
func AnswerLost() Fault { return Fault{Silent: true, Accept: true} }

// ResetBefore is a connection reset before anything was done.
func ResetBefore() Fault { return Fault{Reset: true} }

// ResetAfter is a connection reset after it was done.
func ResetAfter() Fault { return Fault{Reset: true, Accept: true} }

// In restricts a fault to a channel.
func (f Fault) In(c *Channel) Fault {
	f.Channel = c.ID
	return f
}

// Likely makes a fault happen by chance.
func (f Fault) Likely(chance float64) Fault {
	f.Chance = chance
	return f
}

// Fail makes the next requests of a method fail, as often as times says; a negative number is for
// ever. The method "response_url" is a post to a response URL. Faults are used up in the order given.
func (s *Server) Fail(method string, f Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{f, method, times})
}

// Heal ends all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// faultOf returns the fault that a request meets, if any, and uses it up. The lock is held.
func (s *Server) faultOf(method, channel string) *fault {
	i := slices.IndexFunc(s.faults, func(f *fault) bool {
		return f.method == method && f.left != 0 && (f.Channel == "" || f.Channel == channel)
	})
	if i < 0 || (s.faults[i].Chance > 0 && s.chance.Float64() >= s.faults[i].Chance) {
		return nil
	}
	s.faults[i].left--
	return s.faults[i]
}

// suffer answers a request, number at, with a fault.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, at int, f *fault) {
	s.mu.Lock()
	if at >= 0 && !f.Silent && !f.Reset {
		s.calls[at].Status = or(f.Status, http.StatusOK)
		s.calls[at].Error = "fault"
	}
	s.happened()
	s.mu.Unlock()
	switch {
	case f.Silent:
		// The body is read so that the server notices when the client hangs up.
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-s.ended:
		}
		panic(http.ErrAbortHandler)
	case f.Reset:
		reset(w)
	default:
		for name, values := range f.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(or(f.Status, http.StatusOK))
		_, _ = io.WriteString(w, f.Body)
	}
}

// reset ends a connection so that the client reads an error and not an end.
func reset(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// Rates are how often the app may call. The zero value is Slack's.
type Rates struct {
	Off       bool          // no limits at all
	PostEvery time.Duration // between two posts to a channel, in the long run; if zero, 1 s
	PostBurst int           // posts to a channel at once; if zero, 3
	Workspace int           // posts a minute to all channels of a workspace; if zero, 300
	Tiers     [5]int        // calls a minute of a method of tier 1 to 4; if zero, 1, 20, 50 and 100
}

func (r Rates) orSlacks() Rates {
	r.PostEvery = or(r.PostEvery, time.Second)
	r.PostBurst = or(r.PostBurst, 3)
	r.Workspace = or(r.Workspace, 300)
	for tier, perMinute := range [5]int{0, 1, 20, 50, 100} {
		r.Tiers[tier] = or(r.Tiers[tier], perMinute)
	}
	return r
}

// bucket holds what may be used at once, and fills by one every so often.
type bucket struct {
	left float64
	at   time.Time
}

// take takes one out of the bucket of a name, or returns how long until there is one. The lock is held.
func (s *Server) take(name string, size int, every time.Duration, now time.Time) time.Duration {
	b := s.buckets[name]
	if b == nil {
		b = &bucket{left: float64(size), at: now}
		s.buckets[name] = b
	}
	b.left = min(float64(size), b.left+float64(now.Sub(b.at))/float64(every))
	b.at = now
	if b.left < 1 {
		return max(time.Duration((1-b.left)*float64(every)), 1)
	}
	b.left--
	return 0
}

// limited returns how long the caller has to wait, or zero.
func (c *call) limited(tier int) (wait time.Duration) {
	r, now := c.s.opts.Rates, c.s.opts.Now()
	switch {
	case r.Off:
	case c.Method == "chat.postMessage":
		wait = c.s.take("post "+c.ws.ID+c.Channel, r.PostBurst, r.PostEvery, now)
		if wait == 0 {
			wait = c.s.take("posts "+c.ws.ID, r.Workspace, time.Minute/time.Duration(r.Workspace), now)
		}
	case tier > 0:
		n := r.Tiers[tier]
		wait = c.s.take(c.Method+" "+c.ws.ID, n, time.Minute/time.Duration(n), now)
	}
	if wait > 0 {
		c.s.provoked++
	}
	return wait
}

// Provoked429 returns how many requests were refused because the app called too often. Faults do not
// count.
func (s *Server) Provoked429() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.provoked
}
