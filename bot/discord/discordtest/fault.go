package discordtest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Routes that faults are often scripted for. Any other is written in the same way.
const (
	PostMessage   = "POST /channels/{channel_id}/messages"
	EditMessage   = "PATCH /channels/{channel_id}/messages/{message_id}"
	DeleteMessage = "DELETE /channels/{channel_id}/messages/{message_id}"
	ListMessages  = "GET /channels/{channel_id}/messages"
	Callback      = "POST /interactions/{interaction_id}/{interaction_token}/callback"
	Followup      = "POST /webhooks/{webhook_id}/{webhook_token}"
	EditOriginal  = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
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
	route string
	left  int // how often yet; negative: for ever
}

// RateLimited is the 429 of a bucket, with all its headers.
func RateLimited(wait time.Duration) Fault {
	f := limitedFault(wait, userScope)
	writeBucket(f.Header, PostMessage, Rate{5, wait}, 0, wait, time.Now())
	return f
}

// RateLimitedGlobally is the 429 of all requests, which has no headers of a bucket.
func RateLimitedGlobally(wait time.Duration) Fault { return limitedFault(wait, globalScope) }

// RateLimitedShared is the 429 of something that others use also. It does not count as an invalid
// request.
func RateLimitedShared(wait time.Duration) Fault {
	f := limitedFault(wait, sharedScope)
	writeBucket(f.Header, PostMessage, Rate{10, wait}, 9, wait, time.Now())
	return f
}

func limitedFault(wait time.Duration, scope string) Fault {
	header, body := limitedAnswer(wait, scope)
	f := Answer(http.StatusTooManyRequests, string(raw(body)))
	for name, values := range header {
		f.Header[name] = values
	}
	return f
}

// RateLimitedHTML is the 429 of what stands before Discord. An empty retryAfter leaves the header out.
func RateLimitedHTML(retryAfter string) Fault {
	f := Answer(http.StatusTooManyRequests, "<html><body><h1>error code: 1015</h1></body></html>")
	f.Header.Set("Content-Type", "text/html")
	if retryAfter != "" {
		f.Header.Set("Retry-After", retryAfter)
	}
	return f
}

// Refused is a refusal with an error of Discord.
func Refused(status, code int, message string) Fault {
	return Answer(status, fmt.Sprintf(`{"message":%q,"code":%d}`, message, code))
}

// Unavailable is the answer of a server that is away: 500, 502 or 503.
func Unavailable(status int) Fault {
	f := Answer(status, fmt.Sprintf("<html><body><h1>%d %s</h1></body></html>", status, http.StatusText(status)))
	f.Header.Set("Content-Type", "text/html")
	return f
}

// Answer is an answer that nothing was done for.
func Answer(status int, body string) Fault {
	return Fault{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
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

// After makes what is asked for be done although the answer says otherwise.
func (f Fault) After() Fault {
	f.Accept = true
	return f
}

// Fail makes the next requests to a route fail, as often as times says; a negative number is for ever.
// An empty route is every route. Faults are used up in the order given.
func (s *Server) Fail(route string, f Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{f, route, times})
}

// Heal ends all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.gwFaults = nil, nil
}

// faultOf returns the fault that a request meets, if any, and uses it up. The lock is held.
func (s *Server) faultOf(route, channel string) *fault {
	i := slices.IndexFunc(s.faults, func(f *fault) bool {
		return (f.route == "" || f.route == route) && f.left != 0 && (f.Channel == "" || f.Channel == channel)
	})
	if i < 0 || (s.faults[i].Chance > 0 && s.chance.Float64() >= s.faults[i].Chance) {
		return nil
	}
	s.faults[i].left--
	return s.faults[i]
}

// suffer answers a request, number at, with a fault.
func (s *Server) suffer(w http.ResponseWriter, r *http.Request, at int, f *fault) {
	status := or(f.Status, http.StatusOK)
	s.mu.Lock()
	s.calls[at].Fault = true
	if !f.Silent && !f.Reset {
		s.calls[at].Status = status
		if f.Header.Get("X-RateLimit-Scope") != sharedScope {
			s.countInvalid(status)
		}
	}
	s.happened()
	s.mu.Unlock()
	switch {
	case f.Silent:
		// The body was read, so that the server notices when the client hangs up.
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
		w.WriteHeader(status)
		_, _ = io.Copy(w, strings.NewReader(f.Body))
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
