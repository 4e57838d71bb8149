package discordtest

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// scene is a guild with somebody and a channel, and a bot that answers as the test says. What the bot is
// told is on in.
type scene struct {
	*Server
	amal *Member
	news *Channel
	in   chan map[string]any
}

// newScene has a bot that answers nothing by itself when answer is nil.
func newScene(t *testing.T, opts Options, answer func(map[string]any) any) *scene {
	t.Helper()
	s := NewWith(t, opts)
	g := s.Guild("G1", "Desk")
	x := &scene{s, g.Member("amal", ManageChannels), g.Channel("news"), make(chan map[string]any, 16)}
	register(t, s, tension)
	register(t, s, o("name", "Why this alert?", "type", 3))
	listen(t, s, func(in map[string]any) any {
		x.in <- in
		if answer == nil {
			return nil
		}
		return answer(in)
	})
	return x
}

// later types a command and returns at once, with what the bot is told.
func (x *scene) later(t *testing.T) (in map[string]any, typed <-chan *Delivery) {
	t.Helper()
	done := make(chan *Delivery, 1)
	go func() { done <- x.amal.Types(x.news, "/tension watch rule:oman") }()
	select {
	case in := <-x.in:
		return in, done
	case <-time.After(5 * time.Second):
		t.Fatal("the bot was told nothing")
		return nil, nil
	}
}

func (x *scene) answer(t *testing.T, in map[string]any, body any) reply {
	t.Helper()
	return sendAs(t, x.Server, "", "application/json", callbackOf(in), body)
}

func (x *scene) webhook(in map[string]any) string {
	return "/webhooks/" + x.AppID() + "/" + in["token"].(string)
}

// open sends a request that needs no token of the bot.
func open(t *testing.T, s *Server, route string, body any) reply {
	t.Helper()
	return sendAs(t, s, "", "application/json", route, body)
}

// TestFirstAnswerInTime is the row "interaction: first answer 3 s".
func TestFirstAnswerInTime(t *testing.T) {
	c := newClock()
	x := newScene(t, Options{Now: c.Now}, nil)
	in, typed := x.later(t)
	c.Advance(3 * time.Second)
	if a := x.answer(t, in, says("x", 0)); a.status != 204 {
		t.Errorf("after 3 s: %d %s", a.status, a.text)
	}
	if d := <-typed; !d.Acked() {
		t.Error(d.Failure())
	}
	in, _ = x.later(t)
	c.Advance(3*time.Second + time.Millisecond)
	if a := x.answer(t, in, says("x", 0)); a.status != 404 || a.code() != limits.UnknownInteraction {
		t.Errorf("later: %d %s", a.status, a.text)
	}
	if a := open(t, x.Server, "POST "+x.webhook(in), o("content", "x")); a.code() != limits.UnknownWebhook {
		t.Errorf("a follow-up of it: %d %s", a.status, a.text)
	}
}

// TestNoAnswer asserts that somebody is told when the bot says nothing, by the real clock.
func TestNoAnswer(t *testing.T) {
	x := newScene(t, Options{AckTimeout: 30 * time.Millisecond}, nil)
	in, typed := x.later(t)
	if d := <-typed; d.Acked() || d.Failure() == "" {
		t.Error("the person was told nothing")
	}
	if a := x.answer(t, in, says("x", 0)); a.code() != limits.UnknownInteraction {
		t.Errorf("too late: %d %s", a.status, a.text)
	}
	if !strings.Contains(x.Transcript(), "amal is told: The application did not respond") {
		t.Error(x.Transcript())
	}
}

// TestTokenAge is the row "interaction: token 15 min".
func TestTokenAge(t *testing.T) {
	c := newClock()
	x := newScene(t, Options{Now: c.Now}, nil)
	in, _ := x.later(t)
	if a := open(t, x.Server, "POST "+x.webhook(in), o("content", "x")); a.code() != limits.UnknownWebhook {
		t.Errorf("before the first answer: %d %s", a.status, a.text)
	}
	x.answer(t, in, o("type", answerThinking, "data", o("flags", 64)))
	c.Advance(15 * time.Minute)
	if a := open(t, x.Server, "PATCH "+x.webhook(in)+"/messages/@original", o("content", "x")); a.status != 200 {
		t.Errorf("after 15 min: %d %s", a.status, a.text)
	}
	c.Advance(time.Millisecond)
	if a := open(t, x.Server, "POST "+x.webhook(in), o("content", "x")); a.status != 401 || a.code() != limits.InvalidToken {
		t.Errorf("later: %d %s", a.status, a.text)
	}
}

// TestSecondAnswer is the row "interaction: second answer 40060".
func TestSecondAnswer(t *testing.T) {
	x := newScene(t, Options{}, nil)
	in, _ := x.later(t)
	a := open(t, x.Server, callbackOf(in)+"?with_response=true", says("x", 64))
	if m := object(raw(object(raw(a.body["resource"]))["message"])); a.status != 200 || m["content"] != "x" {
		t.Errorf("the first: %d %s", a.status, a.text)
	}
	if a := x.answer(t, in, says("y", 64)); a.status != 400 || a.code() != limits.Acknowledged {
		t.Errorf("the second: %d %s", a.status, a.text)
	}
	if got := x.news.Ephemeral(x.amal); len(got) != 1 || len(x.news.Messages()) != 0 {
		t.Errorf("amal sees %d messages, the channel %d", len(got), len(x.news.Messages()))
	}
}

// TestAnswers asserts which answers an interaction takes, and what they may hold.
func TestAnswers(t *testing.T) {
	input := o("type", 4, "custom_id", "rule", "label", "Rule", "style", 1)
	modal := func(title int, pairs ...any) any {
		changed := o("type", 4, "custom_id", "rule", "label", "Rule", "style", 1)
		for name, v := range o(pairs...) {
			changed[name] = v
		}
		return o("type", answerModal, "data", o("custom_id", "w", "title", text(title), "components", []any{row(changed)}))
	}
	for _, r := range []limitRow{
		{"a message", says("x", 0), says(text(2001), 0), badForm, "data/content", "2000"},
		{"an empty one", says("x", 0), says("", 0), limits.EmptyMessage, "", ""},
		{"kinds", says("x", 0), o("type", 99), badForm, "type", "BASE_TYPE_CHOICES"},
		{"updates are for buttons", o("type", answerThinking), o("type", answerUpdate, "data", o("content", "x")), badForm, "type", ""},
		{"choices are for completing", says("x", 0), o("type", answerChoices, "data", o("choices", []any{})), badForm, "type", ""},
		{"modal title", modal(45), modal(46), badForm, "data/title", "Must be between 1 and 45"},
		{"modal has a title", modal(1), modal(0), badForm, "data/title", "BASE_TYPE_REQUIRED"},
		{"modal label", modal(1, "label", text(45)), modal(1, "label", text(46)), badForm, "data/components/0/components/0/label", "45"},
		{"modal custom_id", modal(1, "custom_id", text(100)), modal(1, "custom_id", text(101)), badForm, "data/components/0/components/0/custom_id", "100"},
		{"modal value", modal(1, "value", text(4000)), modal(1, "value", text(4001)), badForm, "data/components/0/components/0/value", "4000"},
		{"modal placeholder", modal(1, "placeholder", text(100)), modal(1, "placeholder", text(101)), badForm, "data/components/0/components/0/placeholder", "100"},
		{"modal max_length", modal(1, "max_length", 4000), modal(1, "max_length", 4001), badForm, "data/components/0/components/0/max_length", "4000"},
		{"modal rows", modal(1), o("type", answerModal, "data", o("custom_id", "w", "title", "x", "components", times(6, row(input)))), badForm, "data/components", "between 1 and 5"},
		{"modal holds inputs", modal(1), o("type", answerModal, "data", o("custom_id", "w", "title", "x", "components", []any{row(button("a"))})), badForm, "data/components/0/components/0/type", ""},
	} {
		t.Run(r.name, func(t *testing.T) {
			x := newScene(t, Options{}, nil)
			in, _ := x.later(t)
			a := x.answer(t, in, r.violating)
			if a.status != 400 || a.code() != r.code || (r.at != "" && !strings.Contains(a.nested(r.at), r.word)) {
				t.Errorf("answered %d %s, want %d %q at %s", a.status, a.text, r.code, r.word, r.at)
			}
			if a := x.answer(t, in, r.permitted); a.status != 204 {
				t.Errorf("what is permitted is refused: %d %s", a.status, a.text)
			}
		})
	}
}

// TestChoices is the row of what completes an option.
func TestChoices(t *testing.T) {
	x := newScene(t, Options{}, nil)
	offered := make(chan []Choice, 1)
	go func() { offered <- x.amal.Completes(x.news, "/tension unwatch name:om") }()
	in := <-x.in
	answer := func(n, name int) any {
		return o("type", answerChoices, "data", o("choices", times(n, o("name", text(name), "value", "7"))))
	}
	for _, bad := range []any{answer(26, 1), answer(1, 101), says("x", 0)} {
		if a := x.answer(t, in, bad); a.code() != badForm {
			t.Errorf("%d %s", a.status, a.text)
		}
	}
	if a := x.answer(t, in, answer(25, 100)); a.status != 204 {
		t.Errorf("%d %s", a.status, a.text)
	}
	if got := <-offered; len(got) != 25 {
		t.Errorf("offered %d", len(got))
	}
	focused := object(raw(object(raw(object(raw(in["data"]))["options"].([]any)[0]))["options"].([]any)[0]))
	if focused["focused"] != true || focused["value"] != "om" {
		t.Errorf("the bot was told %v", focused)
	}
}

// TestThinking asserts that a promised answer is filled in by the first follow-up, keeps its audience, and
// that others can be changed and deleted.
func TestThinking(t *testing.T) {
	x := newScene(t, Options{}, nil)
	in, typed := x.later(t)
	x.answer(t, in, o("type", answerThinking, "data", o("flags", 64)))
	if m := (<-typed).Original(); !m.Thinking || m.To != x.amal.ID {
		t.Errorf("thinking %v, to %q", m.Thinking, m.To)
	}
	hook := x.webhook(in)
	first := open(t, x.Server, "POST "+hook, o("content", "done"))
	second := open(t, x.Server, "POST "+hook, o("content", "more", "flags", 64))
	public := open(t, x.Server, "POST "+hook, o("content", "all"))
	if a := open(t, x.Server, "GET "+hook+"/messages/@original", nil); a.id() != first.id() || a.body["content"] != "done" {
		t.Errorf("the original: %s", a.text)
	}
	open(t, x.Server, "PATCH "+hook+"/messages/"+second.id(), o("content", "changed"))
	if a := open(t, x.Server, "DELETE "+hook+"/messages/"+public.id(), nil); a.status != 204 {
		t.Errorf("deleting: %d %s", a.status, a.text)
	}
	if a := open(t, x.Server, "PATCH "+hook+"/messages/1", o("content", "x")); a.code() != limits.UnknownMessage {
		t.Errorf("no such message: %d %s", a.status, a.text)
	}
	got := x.news.Ephemeral(x.amal)
	if len(got) != 2 || got[0].Content != "done" || got[1].Content != "changed" || len(x.news.Messages()) != 0 {
		t.Error(x.Transcript())
	}
	if a := send(t, x.Server, "PATCH /channels/"+x.news.ID+"/messages/"+first.id(), o("content", "x")); a.code() != limits.UnknownMessage {
		t.Errorf("as a message of the channel: %d %s", a.status, a.text)
	}
}

// TestFollowUps is the row "follow-ups: 5 per interaction only for user-installed apps".
func TestFollowUps(t *testing.T) {
	for name, foreign := range map[string]bool{"installed in the guild": false, "installed by a person": true} {
		t.Run(name, func(t *testing.T) {
			x := newScene(t, Options{UserInstalled: true, Rates: Rates{Off: true}}, nil)
			if foreign {
				x.Guild("G1", "").Remove()
			}
			in, _ := x.later(t)
			x.answer(t, in, says("x", 0))
			for range 5 {
				if a := open(t, x.Server, "POST "+x.webhook(in), o("content", "x")); a.status != 200 {
					t.Fatalf("%d %s", a.status, a.text)
				}
			}
			if a := open(t, x.Server, "POST "+x.webhook(in), o("content", "x")); (a.code() == limits.TooManyFollowUps) != foreign {
				t.Errorf("the sixth: %d %s", a.status, a.text)
			}
		})
	}
}

// TestPayloads asserts the fields of what the bot is told that bots rely on.
func TestPayloads(t *testing.T) {
	x := newScene(t, Options{}, func(in map[string]any) any { return says("ok", 64) })
	x.amal.Speaks("ru").Gets(x.Guild("G1", "").Role("editors", ManageGuild))
	x.amal.Types(x.news, "/tension watch rule:Oman talks lang:Arabic level:3")
	in := <-x.in
	member := object(raw(in["member"]))
	wantPerms := (common | ManageChannels | ManageGuild).String()
	if in["locale"] != "ru" || in["guild_locale"] != "en-US" || in["channel_id"] != x.news.ID || in["version"] != 1.0 {
		t.Errorf("told %v", in)
	}
	if member["permissions"] != wantPerms || len(member["roles"].([]any)) != 1 || in["user"] != nil {
		t.Errorf("the member is %v", member)
	}
	options := string(raw(object(raw(object(raw(in["data"]))["options"].([]any)[0]))["options"]))
	if options != `[{"name":"rule","type":3,"value":"Oman talks"},{"name":"lang","type":3,"value":"ar"},{"name":"level","type":4,"value":3}]` {
		t.Errorf("options %s", options)
	}
	x.amal.Fills(x.news, "/tension watch", map[string]string{"rule": "lang:ar level:9"})
	if in := <-x.in; !strings.Contains(string(raw(in["data"])), `"options":[{"name":"rule","type":3,"value":"lang:ar level:9"}]`) {
		t.Errorf("filled in: %v", in["data"])
	}
	x.amal.Types(x.amal.DM(), "/tension watch rule:x")
	if in := <-x.in; in["member"] != nil || object(raw(in["user"]))["id"] != x.amal.ID || in["guild_id"] != nil {
		t.Errorf("told directly: %v", in)
	}
	id := send(t, x.Server, "POST /channels/"+x.news.ID+"/messages", o("content", "Talks")).id()
	x.amal.MessageCommand(x.news.Messages()[0], "Why this alert?")
	data := object(raw((<-x.in)["data"]))
	if data["target_id"] != id || object(raw(object(raw(data["resolved"]))["messages"]))[id] == nil {
		t.Errorf("a message command: %v", data)
	}
}
