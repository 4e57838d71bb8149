package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// answerTime is how long one request may take, whatever the caller's context says.
const answerTime = 30 * time.Second

// maxAnswer bounds the body of an answer; a page of a channel's history is the largest.
const maxAnswer = 16 << 20

// NewHTTPClient returns the client for everything that goes to Slack. It takes no proxy from the
// environment, follows no redirects, and its errors are the ones that [Meaning] knows.
func NewHTTPClient() *http.Client {
	base := &http.Transport{
		ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second,
	}
	return &http.Client{
		Transport: transport{base},
		Timeout:   answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// NewClient returns slack-go's client over c.
func NewClient(c *http.Client, botToken, appToken, baseURL string) *slack.Client {
	return slack.New(botToken, slack.OptionHTTPClient(c), slack.OptionAPIURL(baseURL),
		slack.OptionAppLevelToken(appToken))
}

// Status is an answer that is not what was asked for, and what it said of when to ask again.
type Status struct {
	Code  int
	After time.Duration // zero: it did not say
}

func (s *Status) Error() string {
	return fmt.Sprintf("Slack answered %d %s", s.Code, http.StatusText(s.Code))
}

// unsent is why a request never left.
type unsent struct{ err error }

func (e *unsent) Error() string { return fmt.Sprintf("Slack cannot be reached: %v", e.err) }
func (e *unsent) Unwrap() error { return e.err }

// lost is why the answer to a request that left did not come. [bot.ErrUncertain] says the rest.
type lost struct{ err error }

func (e *lost) Error() string { return e.err.Error() }
func (e *lost) Unwrap() error { return e.err }

// transport says of each failure whether the request had left. It reads the status and Retry-After
// itself: slack-go takes whole seconds only, and returns neither for a page of HTML.
type transport struct{ base http.RoundTripper }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	resp, err := t.base.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && !sent.Load() {
		return nil, &unsent{err}
	}
	if err != nil {
		return nil, &lost{err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	after := retryAfter(resp.Header, time.Now())
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, &Status{resp.StatusCode, after}
	case err != nil:
		return nil, &lost{err}
	case limited(body):
		return nil, &Status{http.StatusTooManyRequests, after}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// limited reports whether a 200 is a 429 after all.
func limited(body []byte) bool {
	var answer struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.OK == nil || *answer.OK {
		return false
	}
	return answer.Error == "ratelimited" || answer.Error == "rate_limited"
}

// longestWait bounds what a server may ask for.
const longestWait = 24 * time.Hour

// retryAfter is how long an answer asks to wait: in seconds, whole or not, or until a time. It is
// zero when it does not say, or nothing that can be read.
func retryAfter(h http.Header, now time.Time) time.Duration {
	said := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(said, 64); err == nil {
		if !(seconds > 0) {
			return 0
		}
		return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
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
