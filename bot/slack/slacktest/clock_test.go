package slacktest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// clocked starts a Slack whose time a test moves.
func clocked(t *testing.T, o Options) (*Server, *clock) {
	t.Helper()
	c := &clock{now: time.Unix(1700000000, 0)}
	o.Now = c.Now
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, c
}

// TestPostingRate asserts one post a second to a channel, with a short burst, and the limit of the
// workspace.
func TestPostingRate(t *testing.T) {
	s, clock := clocked(t, Options{Rates: Rates{Workspace: 6}})
	ws := s.Workspace("T1")
	for i := range 3 {
		ws.Channel(fmt.Sprintf("C%d", i), "news")
	}
	post := func(channel, wait string) {
		t.Helper()
		a := form(t, s, ws.BotToken(), "chat.postMessage", "channel", channel, "text", "x")
		if wait == "" && !a.OK {
			t.Errorf("%s: %s", channel, a.Error)
		}
		if wait != "" && (a.status != 429 || a.Error != "ratelimited" || a.header.Get("Retry-After") != wait) {
			t.Errorf("%s: %d %s, Retry-After %q", channel, a.status, a.Error, a.header.Get("Retry-After"))
		}
	}
	post("C0", "")
	post("C0", "")
	post("C0", "")
	post("C0", "1")
	post("C1", "")
	post("C1", "")
	clock.advance(time.Second)
	post("C0", "")
	post("C2", "9") // the workspace has 6 a minute, one every 10 s, of which one second is over
	clock.advance(9 * time.Second)
	post("C2", "")
	if got := s.Provoked429(); got != 2 {
		t.Errorf("%d were provoked", got)
	}
}

// TestTiers asserts how often the other methods may be called in a minute.
func TestTiers(t *testing.T) {
	for method, most := range map[string]int{
		"conversations.list": 20, "usergroups.list": 20, "conversations.info": 50, "users.info": 100,
	} {
		s, clock := clocked(t, Options{})
		token := s.Workspace("T1").BotToken()
		s.Workspace("T1").Channel("C1", "news")
		s.Workspace("T1").User("U1", "amal")
		for range most {
			if a := form(t, s, token, method, "channel", "C1", "user", "U1"); !a.OK {
				t.Fatalf("%s: %s", method, a.Error)
			}
		}
		if a := form(t, s, token, method, "channel", "C1", "user", "U1"); a.status != 429 {
			t.Errorf("%s: call %d is answered %d", method, most+1, a.status)
		}
		clock.advance(time.Minute)
		if a := form(t, s, token, method, "channel", "C1", "user", "U1"); !a.OK {
			t.Errorf("%s after a minute: %s", method, a.Error)
		}
		if other := s.Workspace("T2"); form(t, s, other.BotToken(), method).status == 429 {
			t.Errorf("%s: another workspace is limited too", method)
		}
	}
}

// respondWith posts to a response URL.
func respondWith(t *testing.T, to, body string) answer {
	t.Helper()
	resp, err := http.Post(to, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode == 200 {
		_ = resp.Body.Close()
		return answer{OK: true, status: 200}
	}
	return read(t, resp)
}

// TestResponseURL asserts five uses within thirty minutes.
func TestResponseURL(t *testing.T) {
	s, clock := clocked(t, Options{})
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	connect(t, s, func(frame) any { return nil })
	d := amal.Types(news, "/tension")
	for i := range 5 {
		if a := respondWith(t, d.ResponseURL, fmt.Sprintf(`{"text":"%d"}`, i)); !a.OK {
			t.Fatalf("use %d: %d %s", i+1, a.status, a.Error)
		}
	}
	if a := respondWith(t, d.ResponseURL, `{"text":"6"}`); a.status != 404 || a.Error != "used_url" {
		t.Errorf("use 6: %d %s", a.status, a.Error)
	}
	if got := len(news.Ephemeral(amal)); got != 5 || len(news.Messages()) != 0 {
		t.Errorf("amal sees %d, all see %d", got, len(news.Messages()))
	}
	for _, row := range []struct {
		later time.Duration
		body  string
		err   string
	}{
		{30 * time.Minute, `{"text":"x"}`, ""},
		{31 * time.Minute, `{"text":"x"}`, "expired_url"},
		{0, `{}`, "no_text"},
		{0, blocks(1, `{"type":"banner"}`), "invalid_payload"},
		{0, `{"blocks":[{"type":"banner"}]}`, "invalid_blocks"},
		{0, `{"text":"x","response_type":"in_channel"}`, ""},
	} {
		d := amal.Types(news, "/tension")
		clock.advance(row.later)
		if a := respondWith(t, d.ResponseURL, row.body); a.Error != row.err {
			t.Errorf("%s after %v: %q", row.body, row.later, a.Error)
		}
	}
	if got := len(news.Messages()); got != 1 {
		t.Errorf("all see %d", got)
	}
}

// TestResponseToMessage asserts that a click may replace and delete what was clicked on.
func TestResponseToMessage(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	connect(t, s, func(frame) any { return nil })
	form(t, s, ws.BotToken(), "chat.postMessage", "channel", "C1", "text", "x", "blocks", actions("["+button(3, "")+"]"))
	m := news.Messages()[0]
	d := amal.Clicks(m, "xxx")
	if respondWith(t, d.ResponseURL, `{"text":"muted","replace_original":true}`); news.Messages()[0].Text != "muted" {
		t.Errorf("it says %q", news.Messages()[0].Text)
	}
	if len(news.Messages()[0].Edits) != 1 || len(m.Edits) != 0 {
		t.Error("the edit is not kept, or changed a copy")
	}
	if respondWith(t, d.ResponseURL, `{"delete_original":true}`); len(news.Messages()) != 0 {
		t.Error("it is not deleted")
	}
}

// TestTrigger asserts that a trigger opens one window within three seconds.
func TestTrigger(t *testing.T) {
	s, clock := clocked(t, Options{})
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	connect(t, s, func(frame) any { return nil })
	open := func(trigger string) string {
		return form(t, s, ws.BotToken(), "views.open", "trigger_id", trigger, "view", modal(1, "", "[]")).Error
	}
	d := amal.Types(news, "/tension")
	clock.advance(3 * time.Second)
	if got := open(d.TriggerID); got != "" {
		t.Errorf("after three seconds: %s", got)
	}
	if got := open(d.TriggerID); got != "exchanged_trigger_id" {
		t.Errorf("the second time: %s", got)
	}
	if got := open("1.2.3"); got != "invalid_trigger_id" {
		t.Errorf("one that was never given: %s", got)
	}
	d = amal.Types(news, "/tension")
	clock.advance(3*time.Second + 1)
	if got := open(d.TriggerID); got != "expired_trigger_id" {
		t.Errorf("after more than three seconds: %s", got)
	}
}

// TestViewHash asserts that an update of what changed meanwhile is refused, and that external ids are
// unique.
func TestViewHash(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	connect(t, s, func(frame) any { return nil })
	call := func(method string, args ...string) answer { return form(t, s, ws.BotToken(), method, args...) }
	first := call("views.open", "trigger_id", amal.Types(news, "/tension").TriggerID, "view", modal(1, `,"external_id":"a"`, "[]"))
	again := call("views.open", "trigger_id", amal.Types(news, "/tension").TriggerID, "view", modal(1, `,"external_id":"a"`, "[]"))
	if again.Error != "duplicate_external_id" {
		t.Errorf("the same external id: %q", again.Error)
	}
	update := func(hash string) string {
		return call("views.update", "view_id", first.View.ID, "hash", hash, "view", modal(2, "", "[]")).Error
	}
	if got := update(first.View.Hash); got != "" {
		t.Errorf("with its hash: %s", got)
	}
	if got := update(first.View.Hash); got != "hash_conflict" {
		t.Errorf("with an old hash: %q", got)
	}
	home := call("views.publish", "user_id", "U1", "view", `{"type":"home","blocks":[]}`)
	call("views.publish", "user_id", "U1", "view", `{"type":"home","blocks":[]}`)
	if got := call("views.publish", "user_id", "U1", "hash", home.View.Hash, "view", `{"type":"home","blocks":[]}`); got.Error != "hash_conflict" {
		t.Errorf("Home with an old hash: %q", got.Error)
	}
}
