package slacktest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// try posts to a channel, and waits shortly for an answer.
func try(t *testing.T, s *Server, channel string) (status int, retryAfter string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	values := url.Values{"token": {s.Workspace("T1").BotToken()}, "channel": {channel}, "text": {"x"}}
	to := s.APIURL() + "chat.postMessage?" + values.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	_ = resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Retry-After"), nil
}

// TestFaults asserts what the bot is answered, and whether its message is kept.
func TestFaults(t *testing.T) {
	for _, row := range []struct {
		name   string
		fault  Fault
		status int // 0: no answer
		wait   string
		kept   bool
	}{
		{"429 with seconds", RateLimited("7"), 429, "7", false},
		{"429 with a fraction", RateLimited("0.5"), 429, "0.5", false},
		{"429 without a header", RateLimited(""), 429, "", false},
		{"429 inside of a 200", RateLimitedOK(), 200, "", false},
		{"429 of HTML", RateLimitedHTML(), 429, "", false},
		{"500", Answer(500, "x"), 500, "", false},
		{"503", Answer(503, "x"), 503, "", false},
		{"500 after it was done", Fault{Status: 500, Accept: true}, 500, "", true},
		{"timeout before", Swallowed(), 0, "", false},
		{"timeout after", AnswerLost(), 0, "", true},
		{"reset before", ResetBefore(), 0, "", false},
		{"reset after", ResetAfter(), 0, "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			ws := s.Workspace("T1")
			news, other := ws.Channel("C1", "news"), ws.Channel("C2", "other")
			s.Fail("chat.postMessage", row.fault.In(news), 1)
			if status, _, err := try(t, s, other.ID); status != 200 {
				t.Errorf("another channel: %d, %v", status, err)
			}
			status, wait, err := try(t, s, news.ID)
			if status != row.status || wait != row.wait || (err != nil) != (row.status == 0) {
				t.Errorf("%d, Retry-After %q, %v", status, wait, err)
			}
			if row.fault.Silent != errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("it ended with %v", err)
			}
			s.Wait(t, "the call", func() bool { return len(s.Calls("chat.postMessage")) == 2 })
			if kept := len(news.Messages()) == 1; kept != row.kept {
				t.Errorf("kept: %v", kept)
			}
			if status, _, err := try(t, s, news.ID); status != 200 {
				t.Errorf("after the fault: %d, %v", status, err)
			}
			if s.Provoked429() != 0 {
				t.Error("a fault counts as provoked")
			}
		})
	}
}

// TestFaultsByChance asserts that a seed gives the same faults each time.
func TestFaultsByChance(t *testing.T) {
	run := func() (lost []int) {
		s := NewWith(t, Options{Rates: Rates{Off: true}})
		s.Workspace("T1").Channel("C1", "news")
		s.Fail("chat.postMessage", ResetAfter().Likely(.2), -1)
		for i := range 50 {
			if _, _, err := try(t, s, "C1"); err != nil {
				lost = append(lost, i)
			}
		}
		s.Heal()
		if _, _, err := try(t, s, "C1"); err != nil {
			t.Error(err)
		}
		return lost
	}
	first, second := run(), run()
	if len(first) < 3 || len(first) > 20 || len(first) != len(second) || first[0] != second[0] {
		t.Errorf("%v and %v", first, second)
	}
}
