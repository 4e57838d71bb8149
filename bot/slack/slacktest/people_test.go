package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTyping asserts that a bot hears what is typed at once only where it asked for that, with all that
// the window holds.
func TestTyping(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	heard := make(chan string, 9)
	connect(t, s, func(f frame) any {
		var p struct {
			Type string
			View struct {
				State struct {
					Values map[string]map[string]struct{ Value string }
				}
			}
		}
		_ = json.Unmarshal(f.Payload, &p)
		heard <- fmt.Sprintf("%s %s", p.Type, p.View.State.Values["b"]["rule"].Value)
		return nil
	})
	open := func(more, config string) *View {
		blocks := fmt.Sprintf(`[{"type":"input","block_id":"b"%s,"label":{"type":"plain_text","text":"Rule"},
			"element":{"type":"plain_text_input","action_id":"rule","min_length":3,"max_length":10%s}}]`, more, config)
		d := amal.Types(news, "/tension")
		<-heard
		a := form(t, s, ws.BotToken(), "views.open", "trigger_id", d.TriggerID, "view",
			modal(1, `,"submit":{"type":"plain_text","text":"Save"},"notify_on_close":true`, blocks))
		if !a.OK {
			t.Fatal(a.Error, a.Metadata.Messages)
		}
		return amal.Window()
	}
	character := `,"dispatch_action_config":{"trigger_actions_on":["on_character_entered"]}`
	for _, row := range []struct{ more, config, text, want string }{
		{`,"dispatch_action":true`, character, "oman", "block_actions oman"},
		{`,"dispatch_action":true`, "", "oman\n", "block_actions oman"},
		{`,"dispatch_action":true`, "", "oman", ""},
		{"", "", "oman\n", ""},
	} {
		v := open(row.more, row.config)
		amal.TypesInto(v, "rule", row.text)
		if row.want != "" {
			if got := <-heard; got != row.want {
				t.Errorf("%s%s: heard %q", row.more, row.config, got)
			}
		}
		amal.Submits(v, nil)
		if got := <-heard; got != "view_submission oman" {
			t.Errorf("%s%s: submitted %q", row.more, row.config, got)
		}
	}
	amal.Closes(open("", ""))
	if got := <-heard; !strings.HasPrefix(got, "view_closed") || amal.Window() != nil {
		t.Errorf("closed: %q", got)
	}
}

// TestIncomplete asserts that nobody can submit what Slack's own window refuses.
func TestIncomplete(t *testing.T) {
	for _, typed := range []string{"", "ab", text(11)} {
		s, err := Start(Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		ws := s.Workspace("T1")
		amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
		connect(t, s, func(frame) any { return nil })
		d := amal.Types(news, "/tension")
		form(t, s, ws.BotToken(), "views.open", "trigger_id", d.TriggerID, "view", modal(1, `,"submit":{"type":"plain_text","text":"Save"}`,
			input(`{"type":"plain_text_input","action_id":"rule","min_length":3,"max_length":10}`)))
		if d := amal.Submits(amal.Window(), map[string]string{"rule": typed}); d.Failure() == "" {
			t.Errorf("%q can be submitted", typed)
		}
	}
}

// TestAnswers asserts what becomes of an answer that Slack refuses.
func TestAnswers(t *testing.T) {
	for answer, failure := range map[string]string{
		`null`: "", `{"text":"x"}`: "", `{"response_type":"in_channel","text":"x"}`: "",
		`{"blocks":[{"type":"banner"}]}`: "invalid_blocks; [ERROR] unsupported type: banner [json-pointer:/blocks/0/type]",
		`[]`:                             "invalid_response",
	} {
		s := New(t)
		amal, news := s.Workspace("T1").User("U1", "amal"), s.Workspace("T1").Channel("C1", "news")
		connect(t, s, func(frame) any { return json.RawMessage(answer) })
		if got := amal.Types(news, "/tension").Failure(); got != failure {
			t.Errorf("%s: %q", answer, got)
		}
		if all := len(news.Messages()); (all == 1) != strings.Contains(answer, "in_channel") {
			t.Errorf("%s: all see %d", answer, all)
		}
	}
}

// TestTalk asserts that a bot hears only what is said to it.
func TestTalk(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	heard := make(chan string, 9)
	connect(t, s, func(f frame) any {
		var p struct{ Event struct{ Type, Text string } }
		_ = json.Unmarshal(f.Payload, &p)
		heard <- p.Event.Type + " " + p.Event.Text
		return nil
	})
	amal.Types(news, "hello all")
	amal.Types(news, "hello <@"+ws.BotUser()+">")
	amal.Types(ws.DM(amal), "hello you")
	if got := <-heard; got != "app_mention hello <@UBOTT1>" {
		t.Errorf("heard %q", got)
	}
	if got := <-heard; got != "message hello you" {
		t.Errorf("heard %q", got)
	}
}

// TestMessageIsRead asserts that all of a message is looked at for mentions and links.
func TestMessageIsRead(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	news := ws.Channel("C1", "news")
	form(t, s, ws.BotToken(), "chat.postMessage", "channel", "C1", "text", "<!here> hello", "blocks",
		"["+section("<@U1> *bold* <https://a.example|a>")+`,{"type":"actions","elements":[`+
			button(1, `,"url":"https://b.example"`)+"]}]")
	m := news.Messages()[0]
	if got := m.Mentions(); !slices.Equal(got, []string{"<!here>", "<@U1>"}) {
		t.Errorf("mentions %q", got)
	}
	if got := m.Links(); !slices.Equal(got, []Link{{URL: "https://a.example", Text: "a"}, {URL: "https://b.example", Text: "x"}}) {
		t.Errorf("links %q", got)
	}
	if got := m.Formatting(); !slices.Equal(got, []string{"*bold*"}) {
		t.Errorf("formatting %q", got)
	}
}
