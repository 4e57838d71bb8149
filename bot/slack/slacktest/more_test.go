package slacktest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestPeople asserts what the Web API tells of people, groups and the workspace.
func TestPeople(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal := ws.User("U1", "amal", Admin)
	ws.User("U2", "guest", Guest)
	ws.UserGroup("S1", "editors", amal)
	for _, row := range []struct {
		method, arg, value string
		want               []string
	}{
		{"users.info", "user", "U1", []string{`"is_admin":true`, `"is_restricted":false`}},
		{"users.info", "user", "U2", []string{`"is_admin":false`, `"is_restricted":true`}},
		{"users.info", "user", "U9", []string{`"user_not_found"`}},
		{"users.info", "user", ws.BotUser(), []string{`"is_bot":true`}},
		{"usergroups.list", "include_users", "true", []string{`"handle":"editors"`, `"users":["U1"]`}},
		{"usergroups.users.list", "usergroup", "S1", []string{`"users":["U1"]`}},
		{"usergroups.users.list", "usergroup", "S9", []string{`"no_such_subteam"`}},
		{"team.info", "", "", []string{`"id":"T1"`}},
		{"conversations.open", "users", "U1", []string{`"id":"DU1"`}},
		{"conversations.open", "users", "U9", []string{`"user_not_found"`}},
	} {
		resp, err := http.PostForm(s.APIURL()+row.method, url.Values{"token": {ws.BotToken()}, row.arg: {row.value}})
		if err != nil {
			t.Fatal(err)
		}
		var got json.RawMessage
		if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		for _, want := range row.want {
			if !strings.Contains(string(got), want) {
				t.Errorf("%s %s: %s lacks %s", row.method, row.value, got, want)
			}
		}
	}
}

// TestTranscripts asserts who sees what of a channel, and how a thread stands.
func TestTranscripts(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, omar := ws.User("U1", "amal"), ws.User("U2", "omar")
	news, other := ws.Channel("C1", "news"), ws.Channel("C2", "other")
	connect(t, s, func(frame) any { return map[string]string{"text": "Only you."} })
	post := func(args ...string) string {
		t.Helper()
		a := form(t, s, ws.BotToken(), "chat.postMessage", args...)
		if !a.OK {
			t.Fatal(a.Error)
		}
		return a.TS
	}
	ts := post("channel", other.ID, "text", "elsewhere")
	if link := form(t, s, ws.BotToken(), "chat.getPermalink", "channel", "C2", "message_ts", ts); !link.OK {
		t.Error(link.Error)
	}
	ts = post("channel", news.ID, "text", "Talks in Oman")
	reply := post("channel", news.ID, "text", "One more\npublisher", "thread_ts", ts)
	if a := form(t, s, ws.BotToken(), "chat.postMessage", "channel", "C1", "text", "x", "thread_ts", reply); a.Error != "cannot_reply_to_message" {
		t.Errorf("a reply to a reply: %q", a.Error)
	}
	amal.Types(news, "/tension")
	news.WaitEphemeral(t, amal, 1)
	const channel = `tensionwatch → #news: Talks in Oman
    ↳ tensionwatch → #news:
        One more
        publisher
amal → #news: /tension
tensionwatch (only amal sees it): Only you.
`
	if got := news.Transcript(); got != channel {
		t.Errorf("the channel:\n%s", got)
	}
	if got := omar.Transcript(); strings.Contains(got, "Only you.") || !strings.Contains(got, "elsewhere") {
		t.Errorf("omar sees:\n%s", got)
	}
	if got := len(news.Thread(news.Messages()[0])); got != 2 {
		t.Errorf("%d are in the thread", got)
	}
}

// TestSubmission asserts what an answer to a submission does.
func TestSubmission(t *testing.T) {
	save := `,"submit":{"type":"plain_text","text":"Save"}`
	field := input(`{"type":"plain_text_input","action_id":"rule"}`)
	for _, row := range []struct {
		answer, failure string
		titles          []string // of the windows that are left, newest first
	}{
		{`null`, "", nil},
		{`{"response_action":"clear"}`, "", nil},
		{`{"response_action":"update","view":` + modal(2, "", "[]") + `}`, "", []string{"xx"}},
		{`{"response_action":"push","view":` + modal(3, "", "[]") + `}`, "", []string{"xxx", "x"}},
		{`{"response_action":"update","view":` + modal(25, "", "[]") + `}`, "invalid_arguments; " + tooLong(24, "/view/title/text"), []string{"x"}},
		{`{"response_action":"errors","errors":{"other":"wrong"}}`, "invalid_block_id: other", []string{"x"}},
		{`{"response_action":"shout"}`, "invalid_response_action", []string{"x"}},
	} {
		s := New(t)
		ws := s.Workspace("T1")
		amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
		connect(t, s, func(f frame) any {
			if f.Type == "interactive" {
				return json.RawMessage(row.answer)
			}
			return nil
		})
		d := amal.Types(news, "/tension")
		form(t, s, ws.BotToken(), "views.open", "trigger_id", d.TriggerID, "view", modal(1, save, field))
		if got := amal.Submits(amal.WaitWindow(t), map[string]string{"rule": "oman"}).Failure(); got != row.failure {
			t.Errorf("%s: %q", row.answer, got)
		}
		var titles []string
		for v := amal.Window(); v != nil; v = amal.Window() {
			titles = append(titles, v.shape().Title.Text)
			amal.Closes(v)
		}
		if !slices.Equal(titles, row.titles) {
			t.Errorf("%s: left are %q", row.answer, titles)
		}
	}
}

// TestLinkDisabled asserts that Socket Mode can be switched off and on.
func TestLinkDisabled(t *testing.T) {
	s := New(t)
	s.Disconnect("link_disabled")
	if open(t, s) != "" {
		t.Error("a socket can be opened")
	}
	s.EnableLink()
	if open(t, s) == "" {
		t.Error("no socket can be opened")
	}
}
