package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

// ask sends a request to a server that answers so, and returns the error and how often it was asked.
func ask(t *testing.T, answer http.HandlerFunc) (asked int32, err error) {
	t.Helper()
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		answer(w, r)
	}))
	defer s.Close()
	c, err := NewClient(s.URL+"/api/v10", "secret", func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	err = c.Do(ctx, http.MethodPost, "https://discord.com/api/v9/channels/123456789012345678/messages",
		map[string]string{"content": "Oman"}, new(struct{ ID string }))
	return n.Load(), err
}

func say(status int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for line := range strings.SplitSeq(header, ";") {
			if name, value, ok := strings.Cut(line, "="); ok {
				w.Header().Set(name, value)
			}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func coded(status, code int) http.HandlerFunc {
	return say(status, "Content-Type=application/json", fmt.Sprintf(`{"code":%d,"message":"said"}`, code))
}

// TestMeaning asserts that each answer means the right thing, and that nothing is sent twice.
func TestMeaning(t *testing.T) {
	const html = "<html>error code: 1015</html>"
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		is     error
		after  time.Duration // -1: it is no *bot.RetryError
	}{
		"done":              {say(200, "", `{"id":"1"}`), nil, -1},
		"nothing to read":   {say(200, "", `not JSON`), bot.ErrUncertain, -1},
		"unknown channel":   {coded(404, 10003), bot.ErrGone, -1},
		"missing access":    {coded(403, 50001), bot.ErrGone, -1},
		"may not":           {coded(403, 50013), bot.ErrGone, -1},
		"form":              {coded(400, 50035), ErrForm, -1},
		"empty":             {coded(400, 50006), ErrForm, -1},
		"no history":        {coded(403, 160002), ErrReply, -1},
		"forum":             {coded(400, 50024), ErrKind, -1},
		"token":             {say(401, "", `{"message":"401: Unauthorized","code":0}`), new(Refused), MendAfter},
		"bucket":            {say(429, "X-RateLimit-Scope=user", `{"retry_after":1.337,"global":false}`), bot.ErrLimited, 1337 * time.Millisecond},
		"shared":            {say(429, "X-RateLimit-Scope=shared", `{"retry_after":2.5,"global":false}`), bot.ErrLimited, 2500 * time.Millisecond},
		"global":            {say(429, "X-RateLimit-Global=true;Retry-After=1", `{"retry_after":0.25,"global":true}`), bot.ErrLimited, 250 * time.Millisecond},
		"edge":              {say(429, "Retry-After=30;Content-Type=text/html", html), bot.ErrLimited, 30 * time.Second},
		"edge, unsaid":      {say(429, "Content-Type=text/html", html), bot.ErrLimited, unsaidAfter},
		"503":               {say(503, "", html), nil, 0},
		"500":               {say(500, "", html), bot.ErrUncertain, -1},
		"502":               {say(502, "", html), bot.ErrUncertain, -1},
		"a page before it":  {say(403, "", html), nil, 0},
		"moved":             {say(302, "Location=/elsewhere", ""), nil, 0},
		"slow channel":      {coded(400, 20016), bot.ErrLimited, 0},
		"something else":    {coded(400, 12345), nil, -2},
		"no answer":         {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, bot.ErrUncertain, -1},
		"connection closed": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, bot.ErrUncertain, -1},
	} {
		t.Run(name, func(t *testing.T) {
			asked, err := ask(t, test.answer)
			if asked != 1 {
				t.Errorf("asked %d times, want once", asked)
			}
			checkMeaning(t, err, test.is, test.after)
		})
	}
}

func checkMeaning(t *testing.T, err, is error, after time.Duration) {
	t.Helper()
	if _, refusal := is.(*Refused); refusal {
		if is = nil; !errors.As(err, new(*Refused)) {
			t.Errorf("%v is no refusal", err)
		}
	}
	if is != nil && !errors.Is(err, is) {
		t.Errorf("%v, want %v", err, is)
	}
	var retry *bot.RetryError
	switch retries := errors.As(err, &retry); {
	case retries != (after >= 0):
		t.Errorf("%v is a RetryError: %v", err, retries)
	case retries && retry.After != after:
		t.Errorf("after %v, want %v", retry.After, after)
	case after == -2 && err == nil:
		t.Error("no error")
	}
	if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1")) {
		t.Errorf("%v tells too much", err)
	}
}

// TestUnsent asserts that what never left can be sent again without asking whether it arrived.
func TestUnsent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	c, err := NewClient("http://"+l.Addr().String(), "secret", func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Do(t.Context(), http.MethodGet, "https://discord.com/api/v9/users/@me", nil, nil)
	var retry *bot.RetryError
	if !errors.As(err, &retry) || errors.Is(err, bot.ErrUncertain) {
		t.Errorf("%v", err)
	}
}

// TestRefusedOnce asserts that a token which was refused is not tried again and again.
func TestRefusedOnce(t *testing.T) {
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"message":"401: Unauthorized","code":0}`)
	}))
	defer s.Close()
	c, _ := NewClient(s.URL, "secret", func(error) {})
	for range 5 {
		err := c.Do(t.Context(), http.MethodGet, "https://discord.com/api/v9/users/@me", nil, nil)
		checkMeaning(t, err, new(Refused), MendAfter)
	}
	if n.Load() != 1 {
		t.Errorf("asked %d times", n.Load())
	}
}

var posts = routeOf("POST", "/channels/123456789012345678/messages")

func headers(limit, remaining int, reset string) http.Header {
	h := http.Header{}
	h.Set("X-RateLimit-Bucket", "b1")
	h.Set("X-RateLimit-Limit", fmt.Sprint(limit))
	h.Set("X-RateLimit-Remaining", fmt.Sprint(remaining))
	h.Set("X-RateLimit-Reset-After", reset)
	return h
}

// TestBuckets asserts that a limit is kept once Discord has told of it, and that only its own
// channel waits.
func TestBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(time.Now)
		l.learn(posts, headers(5, 0, "3.5"), Status{Code: 200})
		other := routeOf("POST", "/channels/223456789012345678/messages")
		if err := l.enter(t.Context(), other); err != nil {
			t.Error(err)
		}
		begun := time.Now()
		if err := l.enter(t.Context(), posts); err != nil {
			t.Error(err)
		}
		if waited := time.Since(begun); waited < 3500*time.Millisecond || waited > 3600*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
		l.learn(posts, headers(5, 0, "3600"), Status{Code: 200})
		var retry *bot.RetryError
		if err := l.enter(t.Context(), posts); !errors.As(err, &retry) || retry.After < 59*time.Minute {
			t.Errorf("%v, want to be asked again in an hour", err)
		}
		if limit, window, wait := l.known(posts); limit != 5 || window != time.Hour || wait < 59*time.Minute {
			t.Errorf("%d in %v, %v left", limit, window, wait)
		}
	})
}

// TestGlobal asserts that a global limit holds back everything but answers.
func TestGlobal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(time.Now)
		l.learn(posts, http.Header{}, Status{Code: 429, After: 2 * time.Second, Scope: scopeGlobal})
		begun := time.Now()
		callback := routeOf("POST", "/interactions/123456789012345678/token/callback")
		if err := l.enter(t.Context(), callback); err != nil || time.Since(begun) > 0 {
			t.Errorf("an answer waited %v, %v", time.Since(begun), err)
		}
		if err := l.enter(t.Context(), routeOf("GET", "/gateway/bot")); err != nil || time.Since(begun) < 2*time.Second {
			t.Errorf("waited %v, %v", time.Since(begun), err)
		}
		begun = time.Now()
		for range 2 * globalRate {
			if err := l.enter(t.Context(), posts); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took < time.Second || took > 3*time.Second {
			t.Errorf("%d requests took %v", 2*globalRate, took)
		}
	})
}

// TestContext asserts that nobody waits longer than they have time.
func TestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(time.Now)
		l.learn(posts, headers(5, 0, "4"), Status{Code: 200})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if err := l.enter(ctx, posts); !errors.Is(err, ErrBucket) || time.Since(begun) > time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

// TestBreaker asserts that nothing is sent any more long before Discord would ban us, and that a
// shared limit does not count.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(time.Now)
		for range 20 * breakAt {
			l.learn(posts, http.Header{}, Status{Code: 429, Scope: scopeShared})
		}
		if err := l.enter(t.Context(), posts); err != nil {
			t.Errorf("shared limits count: %v", err)
		}
		sent := 0
		for ; l.enter(t.Context(), posts) == nil; sent++ {
			l.learn(posts, http.Header{}, Status{Code: 403})
		}
		if sent != breakAt {
			t.Errorf("%d requests came to nothing", sent)
		}
		time.Sleep(breakSpan + time.Minute)
		if err := l.enter(t.Context(), posts); err != nil {
			t.Errorf("later: %v", err)
		}
	})
}

func TestRoutes(t *testing.T) {
	const id = "123456789012345678"
	for path, want := range map[string]route{
		"/channels/" + id + "/messages/" + id: {"GET channels :where messages :id", id, false},
		"/webhooks/" + id + "/tok/messages":   {"GET webhooks :where :token messages", id + "/tok", true},
		"/gateway/bot":                        {"GET gateway :where", "bot", false},
		"/channels/1/messages":                {"GET channels :where messages", "1", false},
	} {
		if got := routeOf("GET", path); got != want {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
}

func TestNonce(t *testing.T) {
	long := strings.Repeat("d", 40)
	if Nonce("d1") != "d1" || len(Nonce(long)) != 24 || Nonce(long) == Nonce(long+"1") {
		t.Errorf("%q %q", Nonce("d1"), Nonce(long))
	}
}

// TestPath asserts that requests go where the settings say, in the version that they say.
func TestPath(t *testing.T) {
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Method + " " + r.URL.String() + " " + r.Header.Get("Authorization")
		_ = json.NewEncoder(w).Encode(map[string]string{"id": "1"})
	}))
	defer s.Close()
	c, _ := NewClient(s.URL+"/proxy/api/v10", "secret", func(error) {})
	err := c.Do(t.Context(), http.MethodGet, "https://discord.com/api/v9/users/@me?a=1", nil, nil)
	if want := "GET /proxy/api/v10/users/@me?a=1 Bot secret"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
}
