package discordtest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// TestBucket is the row "REST per route" with its headers, and "429" of a bucket.
func TestBucket(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now})
	g := s.Guild("G1", "Desk")
	route := "POST /channels/" + g.Channel("news").ID + "/messages"
	for i := range 5 {
		c.Advance(500 * time.Millisecond)
		a := send(t, s, route, o("content", "x"))
		want := fmt.Sprint(4 - i)
		if a.status != 200 || a.header.Get("X-RateLimit-Limit") != "5" || a.header.Get("X-RateLimit-Remaining") != want {
			t.Fatalf("post %d: %d %v", i, a.status, a.header)
		}
	}
	a := send(t, s, route, o("content", "x"))
	if a.status != 429 || a.body["global"] != false || a.body["retry_after"] != 3.0 || a.body["message"] == nil {
		t.Errorf("the sixth: %d %s", a.status, a.text)
	}
	for name, want := range map[string]string{
		"Retry-After": "3", "X-RateLimit-Scope": "user", "X-RateLimit-Remaining": "0",
		"X-RateLimit-Reset-After": "3.000", "X-RateLimit-Global": "",
		"X-RateLimit-Reset": fmt.Sprintf("%d.500", c.Now().Unix()+3),
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	other := send(t, s, "POST /channels/"+g.Channel("other").ID+"/messages", o("content", "x"))
	if other.status != 200 || other.header.Get("X-RateLimit-Bucket") != a.header.Get("X-RateLimit-Bucket") {
		t.Errorf("another channel: %d %v", other.status, other.header)
	}
	c.Advance(3 * time.Second)
	if a := send(t, s, route, o("content", "x")); a.status != 200 {
		t.Errorf("after the reset: %d", a.status)
	}
	if s.Provoked429() != 1 || s.InvalidRequests() != 1 {
		t.Errorf("provoked %d, %d invalid", s.Provoked429(), s.InvalidRequests())
	}
}

// TestGlobal is the row "REST global": 50/s, and answers to interactions are exempt.
func TestGlobal(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now})
	g := s.Guild("G1", "Desk")
	post := func(i int) reply {
		return send(t, s, "POST /channels/"+g.Channel(fmt.Sprint("c", i/5)).ID+"/messages", o("content", "x"))
	}
	for i := range 50 {
		if a := post(i); a.status != 200 {
			t.Fatalf("post %d: %d %s", i, a.status, a.text)
		}
	}
	c.Advance(400 * time.Millisecond)
	a := post(50)
	if a.status != 429 || a.body["global"] != true || a.body["retry_after"] != 0.6 {
		t.Errorf("the 51st: %d %s", a.status, a.text)
	}
	for name := range a.header {
		if strings.HasPrefix(name, "X-Ratelimit-") && name != "X-Ratelimit-Global" && name != "X-Ratelimit-Scope" {
			t.Errorf("it has the header %s", name)
		}
	}
	if a.header.Get("Retry-After") != "1" || a.header.Get("X-RateLimit-Global") != "true" || a.header.Get("X-RateLimit-Scope") != "global" {
		t.Errorf("headers %v", a.header)
	}
	if a := open(t, s, "POST /interactions/1/x/callback", says("x", 0)); a.code() != limits.UnknownInteraction {
		t.Errorf("an answer to an interaction: %d %s", a.status, a.text)
	}
	if a := open(t, s, "POST /webhooks/"+s.AppID()+"/x", o("content", "x")); a.code() != limits.UnknownWebhook {
		t.Errorf("a follow-up: %d %s", a.status, a.text)
	}
	c.Advance(600 * time.Millisecond)
	if a := post(50); a.status != 200 {
		t.Errorf("a second later: %d", a.status)
	}
}

// TestInvalidRequests is the row "invalid requests".
func TestInvalidRequests(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now})
	news := s.Guild("G1", "Desk").Channel("news")
	route := "POST /channels/" + news.ID + "/messages"
	sendAs(t, s, "Bot wrong", "application/json", route, o("content", "x")) // 401
	news.Forbid(SendMessages)
	send(t, s, route, o("content", "x")) // 403
	news.Permit(SendMessages)
	send(t, s, route, o("content", "")) // 400: counts not
	s.Fail(PostMessage, RateLimitedShared(time.Second), 1)
	send(t, s, route, o("content", "x")) // shared: counts not
	s.Fail(PostMessage, RateLimitedGlobally(time.Second), 1)
	send(t, s, route, o("content", "x"))
	if n := s.InvalidRequests(); n != 3 {
		t.Errorf("%d invalid requests", n)
	}
	c.Advance(10 * time.Minute)
	if n := s.InvalidRequests(); n != 0 {
		t.Errorf("%d after ten minutes", n)
	}
}

// TestNonce is the row "enforce_nonce".
func TestNonce(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now})
	g := s.Guild("G1", "Desk")
	news, other := g.Channel("news"), g.Channel("other")
	post := func(ch *Channel, content string, enforce bool) reply {
		return send(t, s, "POST /channels/"+ch.ID+"/messages", o("content", content, "nonce", "n", "enforce_nonce", enforce))
	}
	first := post(news, "a", true)
	c.Advance(3*time.Minute - time.Millisecond)
	if a := post(news, "b", true); a.id() != first.id() || a.body["content"] != "a" || a.body["nonce"] != "n" {
		t.Errorf("the same nonce: %s", a.text)
	}
	if a := post(other, "b", true); a.id() != first.id() {
		t.Errorf("in another channel: %s", a.text)
	}
	if a := post(news, "c", false); a.id() == first.id() {
		t.Error("it is enforced though nobody asks for that")
	}
	c.Advance(3 * time.Minute)
	if a := post(news, "d", true); a.body["content"] != "d" {
		t.Errorf("minutes later: %s", a.text)
	}
	if n := len(news.Messages()); n != 3 {
		t.Errorf("%d messages", n)
	}
}

// TestFaults asserts what each fault looks like to the bot, and whether the message stands there.
func TestFaults(t *testing.T) {
	for _, row := range []struct {
		name   string
		fault  Fault
		status int // 0 for none
		posted int
		header string
		has    string
	}{
		{"429 of a bucket", RateLimited(1500 * time.Millisecond), 429, 0, "X-RateLimit-Reset-After", `"retry_after":1.5`},
		{"429 of all", RateLimitedGlobally(2 * time.Second), 429, 0, "X-RateLimit-Global", `"global":true`},
		{"429 shared", RateLimitedShared(2 * time.Second), 429, 0, "X-RateLimit-Bucket", `resource`},
		{"429 as HTML", RateLimitedHTML("7"), 429, 0, "Retry-After", "<html>"},
		{"429 as HTML, with no header", RateLimitedHTML(""), 429, 0, "", "<html>"},
		{"500", Unavailable(500), 500, 0, "", ""},
		{"502", Unavailable(502), 502, 0, "", ""},
		{"502 after it was posted", Unavailable(502).After(), 502, 1, "", ""},
		{"503", Unavailable(503), 503, 0, "", ""},
		{"refused", Refused(403, 50013, "Missing Permissions"), 403, 0, "", "50013"},
		{"timeout before", Swallowed(), 0, 0, "", ""},
		{"timeout after", AnswerLost(), 0, 1, "", ""},
		{"reset before", ResetBefore(), 0, 0, "", ""},
		{"reset after", ResetAfter(), 0, 1, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			g := s.Guild("G1", "Desk")
			news, other := g.Channel("news"), g.Channel("other")
			s.Fail(PostMessage, row.fault.In(news), 1)
			if a := send(t, s, "POST /channels/"+other.ID+"/messages", o("content", "x")); a.status != 200 {
				t.Errorf("another channel: %d", a.status)
			}
			status, header, text := try(t, s, news)
			if status != row.status || !strings.Contains(text, row.has) || (row.header != "" && header.Get(row.header) == "") {
				t.Errorf("%d %v %s", status, header, text)
			}
			if n := len(news.Messages()); n != row.posted {
				t.Errorf("%d messages stand there", n)
			}
			if status, _, text := try(t, s, news); status != 200 {
				t.Errorf("the next: %d %s", status, text)
			}
		})
	}
}

// try posts with a short patience, and returns status 0 when there is no answer.
func try(t *testing.T, s *Server, c *Channel) (int, http.Header, string) {
	t.Helper()
	patience := 5 * time.Second
	s.mu.Lock()
	for _, f := range s.faults {
		if f.Silent && f.left > 0 {
			patience = 50 * time.Millisecond
		}
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.APIURL()+"/channels/"+c.ID+"/messages", strings.NewReader(`{"content":"x"}`))
	r.Header = http.Header{"Authorization": {"Bot " + s.Token()}, "User-Agent": {"DiscordBot (x, 1)"}, "Content-Type": {"application/json"}}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, ""
	}
	defer response.Body.Close()
	var b strings.Builder
	_ = response.Write(&b)
	return response.StatusCode, response.Header, b.String()
}

// TestChance asserts that a fault by chance happens to some, the same ones with the same seed.
func TestChance(t *testing.T) {
	happened := func(seed uint64) (statuses string) {
		s := NewWith(t, Options{Seed: seed, Rates: Rates{Off: true}})
		news := s.Guild("G1", "Desk").Channel("news")
		s.Fail(PostMessage, Unavailable(500).Likely(0.5), -1)
		for range 40 {
			statuses += fmt.Sprint(send(t, s, "POST /channels/"+news.ID+"/messages", o("content", "x")).status, " ")
		}
		return statuses
	}
	a := happened(1)
	if n := strings.Count(a, "500"); n < 8 || n > 32 {
		t.Errorf("%d of 40 failed", n)
	}
	if a != happened(1) || a == happened(2) {
		t.Error("the seed does not decide")
	}
}
