package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// answerTime is how long one request may take, whatever the caller's context says.
	answerTime = 30 * time.Second

	maxAnswer = 16 << 20

	// longestWait bounds what a server may ask for.
	longestWait = 24 * time.Hour
)

// Status is an answer that is not what was asked for, and what it said of when to ask again.
type Status struct {
	Code  int
	After time.Duration // zero: it did not say
	Scope string        // of a 429: "user", "global", "shared"
}

func (s *Status) Error() string {
	if s.Scope != "" {
		return fmt.Sprintf("Discord answered %d %s (%s)", s.Code, http.StatusText(s.Code), s.Scope)
	}
	return fmt.Sprintf("Discord answered %d %s", s.Code, http.StatusText(s.Code))
}

// unsent is why a request never left.
type unsent struct{ err error }

func (e *unsent) Error() string { return fmt.Sprintf("Discord cannot be reached: %v", e.err) }
func (e *unsent) Unwrap() error { return e.err }

// lost is why the answer to a request that left did not come.
type lost struct{ err error }

func (e *lost) Error() string { return fmt.Sprintf("Discord's answer was lost: %v", e.err) }
func (e *lost) Unwrap() error { return e.err }

// newHTTPClient returns the client for everything that goes to Discord. It takes no proxy from the
// environment and follows no redirects.
func newHTTPClient(base *url.URL, l *limits) *http.Client {
	inner := &http.Transport{
		ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
	return &http.Client{
		Transport: &transport{inner, base, l},
		Timeout:   answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// transport sends a request where the settings say, once there is room for it, and says of each
// failure whether it had left. It reads limits itself, and takes their headers away: the library
// would wait because of them without looking at the context.
type transport struct {
	inner  http.RoundTripper
	base   *url.URL
	limits *limits
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	path := versioned.ReplaceAllString(r.URL.Path, "")
	route := routeOf(r.Method, path)
	if err := t.limits.enter(r.Context(), route); err != nil {
		return nil, &unsent{err}
	}
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	out := r.Clone(httptrace.WithClientTrace(r.Context(), trace))
	out.URL.Scheme, out.URL.Host, out.Host = t.base.Scheme, t.base.Host, t.base.Host
	out.URL.Path, out.URL.RawPath = strings.TrimSuffix(t.base.Path, "/")+path, ""
	resp, err := t.inner.RoundTrip(out)
	if err != nil && !sent.Load() {
		t.limits.giveBack(route)
		return nil, &unsent{err}
	}
	if err != nil {
		return nil, &lost{err}
	}
	return t.read(route, resp)
}

// versioned is what the library puts before each path.
var versioned = regexp.MustCompile(`^/api/v\d+`)

// read takes an answer in. What is not Discord's own is an error.
func (t *transport) read(route route, resp *http.Response) (*http.Response, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	status := statusOf(resp, body, time.Now())
	t.limits.learn(route, resp.Header, status)
	switch {
	case status.Code == http.StatusTooManyRequests,
		status.Code >= http.StatusInternalServerError,
		status.Code >= http.StatusMultipleChoices && !json.Valid(body):
		return nil, &status
	case err != nil:
		return nil, &lost{err}
	}
	for name := range resp.Header {
		if strings.HasPrefix(name, "X-Ratelimit") {
			delete(resp.Header, name)
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// statusOf reads when to ask again: from the body, where it is exact, else from a header.
func statusOf(resp *http.Response, body []byte, now time.Time) Status {
	s := Status{Code: resp.StatusCode, After: retryAfter(resp.Header, now)}
	if s.Code != http.StatusTooManyRequests {
		return s
	}
	var said struct {
		After  *float64 `json:"retry_after"`
		Global bool     `json:"global"`
	}
	s.Scope = resp.Header.Get("X-RateLimit-Scope")
	switch err := json.Unmarshal(body, &said); {
	case err != nil:
		s.Scope = scopeEdge
	case said.After != nil:
		s.After = seconds(*said.After)
	}
	if said.Global || resp.Header.Get("X-RateLimit-Global") != "" {
		s.Scope = scopeGlobal
	}
	return s
}

// The scopes of a 429. That of the edge is what stands before Discord: it holds for everything.
const (
	scopeGlobal = "global"
	scopeShared = "shared"
	scopeEdge   = "edge"
)

// seconds is a duration as Discord writes it, none that makes no sense.
func seconds(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	return time.Duration(min(s, longestWait.Seconds()) * float64(time.Second))
}

// retryAfter is how long an answer asks to wait: in seconds, whole or not, or until a time.
func retryAfter(h http.Header, now time.Time) time.Duration {
	said := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(said, 64); err == nil {
		return seconds(s)
	}
	at, err := http.ParseTime(said)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // the clock that the other time was read from
	}
	return min(max(at.Sub(now), 0), longestWait)
}
