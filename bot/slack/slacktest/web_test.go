package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestAuthorisation asserts how a token is refused that may not.
func TestAuthorisation(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	ws.Channel("C1", "news")
	post := func(token string) answer {
		return form(t, s, token, "chat.postMessage", "channel", "C1", "text", "x")
	}
	if got := post("").Error; got != "not_authed" {
		t.Errorf("no token: %q", got)
	}
	if got := post("xoxb-other").Error; got != "invalid_auth" {
		t.Errorf("another token: %q", got)
	}
	ws.Scopes("channels:read", "channels:history")
	if got := post(ws.BotToken()); got.Error != "missing_scope" {
		t.Errorf("without the scope: %q", got.Error)
	}
	ws.Scopes("chat:write")
	if got := form(t, s, ws.BotToken(), "conversations.history", "channel", "C1").Error; got != "missing_scope" {
		t.Errorf("history without the scope: %q", got)
	}
	for _, code := range []string{"token_revoked", "account_inactive", "invalid_auth"} {
		ws.Die(code)
		if got := post(ws.BotToken()).Error; got != code {
			t.Errorf("%s: %q", code, got)
		}
	}
	ws.Die("")
	if a := post(ws.BotToken()); !a.OK {
		t.Errorf("alive again: %s", a.Error)
	}
	if got := form(t, s, ws.BotToken(), "chat.shout").Error; got != "unknown_method" {
		t.Errorf("an unknown method: %q", got)
	}
}

// TestMissingScopeIsNamed asserts that the answer says which scope is needed and which there are.
func TestMissingScopeIsNamed(t *testing.T) {
	s := New(t)
	s.Workspace("T1").Scopes("team:read", "users:read")
	s.Workspace("T1").Channel("C1", "news")
	a := form(t, s, s.Workspace("T1").BotToken(), "chat.postMessage", "channel", "C1", "text", "x")
	if a.Needed != "chat:write" || a.Provided != "team:read,users:read" {
		t.Errorf("needed %q, provided %q", a.Needed, a.Provided)
	}
}

// TestJSON asserts that a body of JSON is taken where Slack takes it, with the token in the header.
func TestJSON(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	news := ws.Channel("C1", "news")
	for _, row := range []struct{ method, kind, body, err string }{
		{"chat.postMessage", "application/json; charset=utf-8", `{"channel":"C1","text":"x","blocks":[{"type":"divider"}]}`, ""},
		{"chat.postMessage", "application/json", `{"channel":`, "invalid_json"},
		{"chat.postMessage", "application/json", `[]`, "json_not_object"},
		{"chat.postMessage", "text/xml", `<a/>`, "invalid_post_type"},
		{"chat.postMessage", "", `x`, "missing_post_type"},
		{"conversations.info", "application/json", `{"channel":"C1"}`, "invalid_arguments"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+row.method, strings.NewReader(row.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+ws.BotToken())
		if row.kind != "" {
			req.Header.Set("Content-Type", row.kind)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if a := read(t, resp); a.Error != row.err {
			t.Errorf("%s %s: %q", row.method, row.body, a.Error)
		}
	}
	if got := len(news.Messages()); got != 1 {
		t.Errorf("%d messages", got)
	}
}

// TestChannels asserts where the bot may post.
func TestChannels(t *testing.T) {
	s := NewWith(t, Options{Rates: Rates{Off: true}})
	ws := s.Workspace("T1")
	news, secret := ws.Channel("C1", "news"), ws.PrivateChannel("C2", "secret")
	ws.User("U1", "amal")
	post := func(channel string) string {
		return form(t, s, ws.BotToken(), "chat.postMessage", "channel", channel, "text", "x").Error
	}
	for _, step := range []struct {
		do          func() *Delivery
		channel, is string
	}{
		{news.Archive, "C1", "is_archived"},
		{news.Unarchive, "C1", ""},
		{news.Kick, "C1", "not_in_channel"},
		{news.Invite, "C1", ""},
		{secret.Kick, "C2", "channel_not_found"},
		{secret.Invite, "C2", ""},
	} {
		step.do()
		if got := post(step.channel); got != step.is {
			t.Errorf("%s: got %q, want %q", step.channel, got, step.is)
		}
	}
	if got := post("U1"); got != "" || len(ws.DM(ws.User("U1", "")).Messages()) != 1 {
		t.Errorf("to a person: %q", got)
	}
}

// TestEdit asserts what of a message stays when it is changed.
func TestEdit(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	news, amal := ws.Channel("C1", "news"), ws.User("U1", "amal")
	call := func(method string, args ...string) answer {
		return form(t, s, ws.BotToken(), method, append([]string{"channel", "C1"}, args...)...)
	}
	posted := call("chat.postMessage", "text", "one", "blocks", `[{"type":"divider"}]`, "metadata", `{"event_type":"a","event_payload":{}}`)
	call("chat.update", "ts", posted.TS, "blocks", "["+section("two")+"]")
	if m := news.Messages()[0]; m.Text != "one" || !strings.Contains(string(m.Blocks), "two") {
		t.Errorf("blocks alone: %+v", m)
	}
	call("chat.update", "ts", posted.TS, "text", "three")
	m := news.Messages()[0]
	if m.Text != "three" || len(m.Blocks) != 0 || len(m.Metadata) == 0 || len(m.Edits) != 2 {
		t.Errorf("text alone: %+v", m)
	}
	amal.Types(news, "hello")
	for _, row := range []struct{ method, ts, err string }{
		{"chat.update", "1.2", "message_not_found"},
		{"chat.update", news.Messages()[1].TS, "cant_update_message"},
		{"chat.delete", news.Messages()[1].TS, "cant_delete_message"},
		{"chat.delete", posted.TS, ""},
		{"chat.update", posted.TS, "message_not_found"},
	} {
		if a := call(row.method, "ts", row.ts, "text", "x"); a.Error != row.err {
			t.Errorf("%s: got %q, want %q", row.method, a.Error, row.err)
		}
	}
}

// TestHistory asserts what is in a history, in which order and by which pages.
func TestHistory(t *testing.T) {
	s := NewWith(t, Options{Rates: Rates{Off: true}})
	ws := s.Workspace("T1")
	ws.Channel("C1", "news")
	call := func(method string, args ...string) answer {
		t.Helper()
		a := form(t, s, ws.BotToken(), method, append([]string{"channel", "C1"}, args...)...)
		if !a.OK {
			t.Fatalf("%s: %s", method, a.Error)
		}
		return a
	}
	var ts []string
	for i := range 5 {
		ts = append(ts, call("chat.postMessage", "text", fmt.Sprint(i), "metadata", `{"event_type":"a","event_payload":{"n":1}}`).TS)
	}
	call("chat.postMessage", "text", "reply", "thread_ts", ts[1])
	texts := func(a answer) (all []string) {
		for _, m := range a.Messages {
			all = append(all, m.Text)
		}
		return all
	}
	for _, row := range []struct {
		method string
		args   []string
		want   []string
	}{
		{"conversations.history", nil, []string{"4", "3", "2", "1", "0"}},
		{"conversations.history", []string{"limit", "2"}, []string{"4", "3"}},
		{"conversations.history", []string{"oldest", ts[3]}, []string{"4"}},
		{"conversations.history", []string{"oldest", ts[3], "inclusive", "true"}, []string{"4", "3"}},
		{"conversations.history", []string{"latest", ts[1]}, []string{"0"}},
		{"conversations.replies", []string{"ts", ts[1]}, []string{"1", "reply"}},
	} {
		if got := texts(call(row.method, row.args...)); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s %v: %v", row.method, row.args, got)
		}
	}
	first := call("conversations.history", "limit", "3")
	rest := call("conversations.history", "limit", "3", "cursor", first.Metadata.NextCursor)
	if got := texts(rest); !reflect.DeepEqual(got, []string{"1", "0"}) || rest.Metadata.NextCursor != "" {
		t.Errorf("the second page: %v", got)
	}
	if m := call("conversations.history").Messages[0]; m.Metadata != nil {
		t.Error("metadata comes unasked")
	}
	if m := call("conversations.history", "include_all_metadata", "true").Messages[0]; !strings.Contains(string(m.Metadata), `"n":1`) {
		t.Errorf("metadata: %s", m.Metadata)
	}
}

// TestRetries asserts that an event is sent again over HTTP, with its number and the reason.
func TestRetries(t *testing.T) {
	s := quick(t)
	var seen atomic.Int32
	var headers [4]http.Header
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := seen.Add(1) - 1
		headers[n] = r.Header.Clone()
		switch n {
		case 0:
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done() // too late
		case 1, 2:
			w.WriteHeader(500)
		}
	}))
	t.Cleanup(bot.Close)
	s.SendTo(bot.URL)
	d := s.Workspace("T1").Channel("C1", "news").Archive()
	if !d.Wait() || d.Attempts() != 4 {
		t.Fatalf("%d attempts, %s", d.Attempts(), d.Failure())
	}
	for i, reason := range []string{"", "http_timeout", "http_error", "http_error"} {
		num := fmt.Sprint(i)
		if i == 0 {
			num = ""
		}
		if h := headers[i]; h.Get("X-Slack-Retry-Reason") != reason || h.Get("X-Slack-Retry-Num") != num {
			t.Errorf("attempt %d: %v", i, h)
		}
	}
}

// TestReplay asserts that the very same request can be sent again later, with its old time.
func TestReplay(t *testing.T) {
	s, clock := clocked(t, Options{})
	ws := s.Workspace("T1")
	var stamps []string
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		stamps = append(stamps, r.Header.Get("X-Slack-Request-Timestamp")+r.Header.Get("X-Slack-Signature")+string(body))
		_, _ = io.WriteString(w, "done")
	}))
	t.Cleanup(bot.Close)
	s.SendTo(bot.URL)
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	d := amal.Types(news, "/tension list")
	clock.advance(time.Hour)
	if status := d.Again(); status != 200 || len(stamps) != 2 || stamps[0] != stamps[1] {
		t.Errorf("%d: %q", status, stamps)
	}
	if got := news.Ephemeral(amal); len(got) != 1 || got[0].Text != "done" {
		t.Errorf("amal sees %v", got)
	}
}

// TestEvents asserts what a bot hears of a channel.
func TestEvents(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	news, secret := ws.Channel("C1", "news"), ws.PrivateChannel("C2", "secret")
	heard := make(chan string, 20)
	connect(t, s, func(f frame) any {
		var p struct {
			Event map[string]any `json:"event"`
		}
		_ = json.Unmarshal(f.Payload, &p)
		heard <- p.Event["type"].(string)
		return nil
	})
	for _, d := range []*Delivery{
		news.Archive(), news.Unarchive(), news.Rename("world"), news.Kick(), news.Invite(),
		secret.Archive(), secret.Kick(), secret.Rename("hidden"),
	} {
		d.Wait()
	}
	for _, d := range ws.Uninstall() {
		d.Wait()
	}
	for _, want := range []string{
		"channel_archive", "channel_unarchive", "channel_rename", "channel_left",
		"member_joined_channel", "group_archive", "group_left", "group_rename", "tokens_revoked",
		"app_uninstalled",
	} {
		if got := <-heard; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if a := form(t, s, ws.BotToken(), "auth.test"); a.Error != "account_inactive" {
		t.Errorf("after it was removed: %q", a.Error)
	}
}

// TestMenus asserts what the bot hears of a menu, and that nobody can pick what is not offered.
func TestMenus(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	heard := make(chan json.RawMessage, 1)
	connect(t, s, func(f frame) any { heard <- f.Payload; return nil })
	menu := `{"type":"static_select","action_id":"snooze","placeholder":{"type":"plain_text","text":"Snooze watch"},
		"options":[{"text":{"type":"plain_text","text":"1 hour"},"value":"1h"},{"text":{"type":"plain_text","text":"8 hours"},"value":"8h"}]}`
	form(t, s, ws.BotToken(), "chat.postMessage", "channel", "C1", "text", "x", "blocks", actions("["+menu+"]"))
	m := news.Messages()[0]
	if d := amal.Picks(m, "Snooze watch", "8 hours"); !d.Acked() {
		t.Fatal(d.Failure())
	}
	var p struct {
		Type    string
		Actions []struct {
			ActionID string                 `json:"action_id"`
			Selected struct{ Value string } `json:"selected_option"`
		}
		Container struct{ Type string }
		Response  string `json:"response_url"`
	}
	if err := json.Unmarshal(<-heard, &p); err != nil {
		t.Fatal(err)
	}
	if p.Type != "block_actions" || p.Actions[0].ActionID != "snooze" || p.Actions[0].Selected.Value != "8h" ||
		p.Container.Type != "message" || p.Response == "" {
		t.Errorf("%+v", p)
	}
	if d := amal.Picks(m, "snooze", "1 year"); d.Failure() == "" {
		t.Error("what is not offered can be picked")
	}
	const want = `tensionwatch → #news: [Snooze watch ▾ 1 hour | 8 hours]
amal picks [8 hours] from [Snooze watch]
`
	if got := s.Transcript(); got != want {
		t.Errorf("got:\n%s", got)
	}
}
