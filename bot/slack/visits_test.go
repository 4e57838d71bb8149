package slack_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
)

func says(line string, buttons ...bot.Button) bot.Message {
	return bot.Message{Kind: bot.KindReply, Lines: bot.Plains(line), Buttons: buttons}
}

// inBothModes runs a test with sockets and over HTTP.
func inBothModes(t *testing.T, test func(t *testing.T, o *office, h *people)) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			h := &people{}
			o := openOffice(t, mode, h)
			o.serve(h)
			test(t, o, h)
		})
	}
}

func TestShortcut(t *testing.T) {
	inBothModes(t, func(t *testing.T, o *office, h *people) {
		r, err := o.platform.Post(t.Context(), "slack:C1", bot.Message{Delivery: "d", Lines: bot.Plains("News")})
		if err != nil {
			t.Fatal(err)
		}
		o.noted(o.anna.Shortcut(o.news.Messages()[0], "why-this-alert"))
		o.Until("an answer", func() bool { return len(o.Answers()) == 1 })
		if c := h.got()[0]; c.Text != "why" || c.Post != r || c.Channel != "slack:C1" {
			t.Errorf("the call is %+v", c)
		}
	})
}

// An answer for everybody is one; an answer that replaces another takes its place; a command without
// words asks for help; Slack's escaping is undone.
func TestAnswers(t *testing.T) {
	inBothModes(t, func(t *testing.T, o *office, h *people) {
		h.answers(func(c bot.Call) bot.Reply {
			more := bot.Button{Label: "More", Says: "page 2"}
			switch c.Text {
			case "page 2":
				return bot.Reply{Message: says("Page two."), Replace: true}
			case "open":
				return bot.Reply{Message: says("Everybody sees this."), Open: true}
			}
			return bot.Reply{Message: says("Page one: "+c.Text, more)}
		})
		o.Types("")
		o.Until("page one", func() bool { return len(o.Answers()) == 1 })
		o.Presses("More")
		o.Until("page two", func() bool {
			a := o.Answers()
			return len(a) == 1 && strings.Contains(a[0].Text, "Page two.")
		})
		o.Types("open")
		o.Until("an open answer", func() bool { return len(o.Posts()) == 1 })
		o.Types("watch A &amp; B in <#C9|desk>")
		o.Until("an answer", func() bool { return len(h.texts()) == 4 })
		want := []string{"help", "page 2", "open", "watch A & B in #desk"}
		if got := h.texts(); !slices.Equal(got, want) {
			t.Errorf("the handler got %q, want %q", got, want)
		}
	})
}

// Who presses twice at once means once; two buttons are two, and so is another time.
func TestDoubleClick(t *testing.T) {
	inBothModes(t, func(t *testing.T, o *office, h *people) {
		begun := time.Now()
		var later atomic.Int64
		o.platform.SetClock(func() time.Time { return begun.Add(time.Duration(later.Load())) })
		h.answers(func(bot.Call) bot.Reply {
			return bot.Reply{Message: says("Press.", bot.Button{Label: "A", Says: "a"},
				bot.Button{Label: "B", Says: "b"})}
		})
		o.Types("list")
		o.Until("buttons", func() bool { return len(o.Answers()) == 1 })
		m := o.news.Ephemeral(o.anna)[0]
		o.noted(o.anna.Clicks(m, "A"))
		o.noted(o.anna.Clicks(m, "A"))
		o.noted(o.anna.Clicks(m, "B"))
		o.Until("answers", func() bool { return len(o.Answers()) == 3 })
		later.Add(int64(2 * time.Second))
		o.noted(o.anna.Clicks(m, "A"))
		o.Until("another answer", func() bool { return len(o.Answers()) == 4 })
		got := h.texts()
		slices.Sort(got)
		if want := []string{"a", "a", "b", "list"}; !slices.Equal(got, want) {
			t.Errorf("the handler got %q, want %q", got, want)
		}
	})
}

// Home shows what the handler says; what is pressed there is answered in a window, and Home is shown
// anew. What is pressed in that window changes it.
func TestHome(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			h := &homely{people: &people{}}
			o := openOffice(t, mode, h)
			o.serve(h)
			visitHome(t, o, h)
		})
	}
}

func visitHome(t *testing.T, o *office, h *homely) {
	if !o.Visits() {
		t.Error("not acknowledged")
	}
	o.Until("Home", func() bool { return strings.Contains(o.Home(), "Welcome") })
	h.answers(func(c bot.Call) bot.Reply {
		if c.Channel != "" {
			t.Errorf("the call came from %s", c.Channel)
		}
		return bot.Reply{Message: says("Answer to "+c.Text, bot.Button{Label: "Next", Says: "next"})}
	})
	if !o.noted(o.anna.Clicks(o.anna.Home(), "Pause")) {
		t.Error("not acknowledged")
	}
	o.Until("a window", func() bool { return strings.Contains(o.Form(), "Answer to pause") })
	o.Until("Home anew", func() bool { return len(o.slack.Calls("views.publish")) == 2 })
	o.noted(o.anna.Clicks(o.anna.Window(), "Next"))
	o.Until("another answer", func() bool { return strings.Contains(o.Form(), "Answer to next") })
}

type homely struct{ *people }

func (*homely) Home(context.Context, bot.Caller) bot.Message {
	return says("Welcome.", bot.Button{Label: "Pause", Says: "pause"})
}

func form(c bot.Call, f bot.Field) bot.Reply {
	f.Name, f.Label = "rule", "Rule"
	f.Live = true
	return bot.Reply{Form: &bot.Form{
		Title: "Edit", Submit: "Save", Command: "edit", Channel: c.Channel, Fields: []bot.Field{f},
	}}
}

// What is typed into a live field is judged at once, and nothing is done.
func TestDraft(t *testing.T) {
	inBothModes(t, func(t *testing.T, o *office, h *people) {
		h.answers(func(c bot.Call) bot.Reply {
			if c.Draft {
				return form(c, bot.Field{Value: c.Args["rule"], Note: bot.Plain("Matches " + c.Args["rule"])})
			}
			return form(c, bot.Field{})
		})
		o.Types("edit oman")
		o.Until("a form", func() bool { return o.Form() != "" })
		if !o.noted(o.anna.TypesInto(o.anna.Window(), "rule", "Oman")) {
			t.Error("not acknowledged in time")
		}
		o.Until("a judgement", func() bool { return strings.Contains(o.Form(), "Matches Oman") })
		if c := h.got()[1]; !c.Draft || c.Command != "edit" || c.Channel != "slack:C1" {
			t.Errorf("the call is %+v", c)
		}
	})
}

// A form that takes long is promised by a window; without that promise a button opens it.
func TestSlowForm(t *testing.T) {
	t.Run("expected", func(t *testing.T) {
		h := &opener{people: &people{failing: make(chan struct{})}}
		o := openOffice(t, "socket", h)
		o.serve(h)
		h.answers(func(c bot.Call) bot.Reply {
			<-h.failing
			return form(c, bot.Field{})
		})
		o.Types("edit oman")
		o.Until("a promise", func() bool { return strings.Contains(o.Form(), "One moment") })
		close(h.failing)
		o.Until("the form", func() bool { return strings.Contains(o.Form(), "Rule") })
	})
	t.Run("unexpected", func(t *testing.T) {
		h := &people{}
		o := openOffice(t, "socket", h)
		o.serve(h)
		h.answers(func(c bot.Call) bot.Reply { return form(c, bot.Field{}) })
		o.slack.Fail("views.open", slacktest.Refused("expired_trigger_id"), 1)
		o.Types("edit oman")
		o.Until("a button", func() bool { return len(o.Answers()) == 1 })
		o.Presses("Open the form")
		o.Until("the form", func() bool { return strings.Contains(o.Form(), "Rule") })
	})
}

type opener struct{ *people }

func (*opener) Opens(bot.Call) bool { return true }

// A form whose values take long to check says so in its window, and then what came of it.
func TestSlowSubmission(t *testing.T) {
	inBothModes(t, func(t *testing.T, o *office, h *people) {
		h.failing = make(chan struct{})
		h.answers(func(c bot.Call) bot.Reply {
			if c.Command == "" {
				return form(c, bot.Field{})
			}
			<-h.failing
			return bot.Reply{Message: says("Saved " + c.Args["rule"])}
		})
		o.Types("edit")
		o.Until("a form", func() bool { return o.Form() != "" })
		d := o.anna.Submits(o.anna.Window(), map[string]string{"rule": "Oman"})
		if !d.Wait() || d.Failure() != "" {
			t.Errorf("not acknowledged: %s", d.Failure())
		}
		o.Until("a promise", func() bool { return strings.Contains(o.Form(), "One moment") })
		close(h.failing)
		o.Until("the outcome", func() bool { return strings.Contains(o.Form(), "Saved Oman") })
	})
}

// The same values submitted twice are one call, by its ID.
func TestSubmittedTwice(t *testing.T) {
	h := &people{}
	o := openOffice(t, "socket", h)
	o.serve(h)
	h.answers(func(c bot.Call) bot.Reply { return form(c, bot.Field{Error: errorOf(c)}) })
	o.Types("edit")
	o.Until("a form", func() bool { return o.Form() != "" })
	for _, rule := range []string{"Oman", "Oman", "Iran"} {
		o.Fills("rule", rule)
	}
	var ids []string
	for _, c := range h.got() {
		if c.Command != "" && !c.Draft {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) != 3 || ids[0] != ids[1] || ids[1] == ids[2] {
		t.Errorf("the IDs are %q", ids)
	}
}

func errorOf(c bot.Call) string {
	if c.Command == "" {
		return ""
	}
	return "Try again."
}

// When too much is asked at once, who asks more is told, and nobody waits for an acknowledgement.
func TestBusy(t *testing.T) {
	h := &people{failing: make(chan struct{})}
	o := openOffice(t, "socket", h)
	o.serve(h)
	for range 65 {
		if o.Types("slow"); o.last.Failure() != "" {
			t.Fatalf("not acknowledged: %s", o.last.Failure())
		}
	}
	o.Until("an answer", func() bool { return len(o.Answers()) == 1 })
	if text := o.Answers()[0].Text; !strings.Contains(text, "busy") {
		t.Errorf("told %q", text)
	}
	close(h.failing)
	o.Until("all answers", func() bool { return len(o.Answers()) == 65 })
}

// What happens to the bot reaches the handler, in order, and whatever it was busy with.
func TestMoves(t *testing.T) {
	inBothModes(t, func(t *testing.T, o *office, h *people) {
		private := o.ws.PrivateChannel("G1", "desk")
		for _, d := range []*slacktest.Delivery{
			o.news.Kick(), o.news.Invite(), o.news.Archive(), o.news.Unarchive(), o.news.Rename("world"),
			private.Kick(), private.Invite(), private.Archive(), private.Unarchive(), private.Rename("den"),
		} {
			if !d.Wait() || d.Took() > ackTime {
				t.Errorf("not acknowledged in time: %s after %v", d.Failure(), d.Took())
			}
		}
		const removed, closed = "I was removed from the channel", "the channel is archived"
		want := []bot.Move{
			{Channel: "slack:C1", Away: removed}, {Channel: "slack:C1"},
			{Channel: "slack:C1", Away: closed}, {Channel: "slack:C1"}, {Channel: "slack:C1", Name: "world"},
			{Channel: "slack:G1", Away: removed}, {Channel: "slack:G1"},
			{Channel: "slack:G1", Away: closed}, {Channel: "slack:G1"}, {Channel: "slack:G1", Name: "den"},
		}
		got := h.moved()
		for _, m := range want {
			if !slices.Contains(got, m) {
				t.Errorf("no move %+v among %+v", m, got)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d moves, want %d: %+v", len(got), len(want), got)
		}
	})
}

// A removed app pauses everything, turns readiness red, and ends Serve.
func TestUninstall(t *testing.T) {
	h := &people{}
	o := openOffice(t, "socket", h)
	ended := make(chan error, 1)
	go func() { ended <- o.platform.Serve(t.Context(), h) }()
	o.hears()
	o.ws.Uninstall()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "refuses our token") {
		t.Errorf("Serve: %v", err)
	}
	if m := h.moved(); len(m) == 0 || m[0].Channel != "slack:" || !m[0].Every || m[0].Away == "" {
		t.Errorf("moves %+v", m)
	}
	if o.standing.reason() == "" {
		t.Error("all is well")
	}
}

// A workspace that takes our token again says so to nobody. What was paused goes on when we begin.
func TestReinstall(t *testing.T) {
	h := &people{}
	o := openOffice(t, "socket", h)
	o.serve(h)
	o.Until("a move", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return slices.Contains(h.backs, bot.Move{Channel: "slack:", Every: true,
			Was: "the app's token was revoked"}) && slices.Contains(h.backs, bot.Move{
			Channel: "slack:", Every: true, Was: "the app was removed from the workspace"})
	})
}

// An app token that is not one ends Serve.
func TestWrongAppToken(t *testing.T) {
	h := &people{}
	o := openOffice(t, "socket", h, func(s *slack.Settings) { s.AppToken = "xapp-hunter2" })
	err := o.platform.Serve(t.Context(), h)
	if err == nil || !strings.Contains(err.Error(), "invalid_auth") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Serve: %v", err)
	}
}

func TestPermit(t *testing.T) {
	permit := func(o *office, user string) error {
		return o.platform.Permit(t.Context(), bot.Caller{Owner: "slack:T1", User: user}, "slack:C1")
	}
	people := func(o *office) {
		o.ws.User("UADMIN", "Ada", slacktest.Admin)
		o.ws.User("UGUEST", "Gus", slacktest.Guest)
		o.ws.User("UEXTERN", "Eve", slacktest.External)
		o.ws.UserGroup("S1", "desk", o.ws.User("UDESK", "Dee"))
	}
	for _, test := range []struct {
		editors []string
		may     []string
	}{
		{nil, []string{"U1", "UADMIN", "UDESK"}},
		{[]string{"admins"}, []string{"UADMIN"}},
		{[]string{"S1"}, []string{"UDESK"}},
		{[]string{"U1", "S1", "S404"}, []string{"U1", "UDESK"}},
		{[]string{"UGUEST", "UEXTERN"}, nil},
	} {
		o := openOffice(t, "socket", nil, func(s *slack.Settings) { s.Editors = test.editors })
		people(o)
		for _, user := range []string{"U1", "UADMIN", "UDESK", "UGUEST", "UEXTERN", "UNOBODY"} {
			err := permit(o, user)
			var refusal *bot.Refusal
			if may := slices.Contains(test.may, user); may != (err == nil) || !may && !errors.As(err, &refusal) {
				t.Errorf("editors %q: %s: %v", test.editors, user, err)
			}
		}
		asked := len(o.slack.Calls("users.info"))
		_ = permit(o, "U1")
		if len(o.slack.Calls("users.info")) != asked {
			t.Error("what Slack said a moment ago is asked again")
		}
	}
	o := openOffice(t, "socket", nil)
	o.slack.Fail("users.info", slacktest.Answer(503, ""), 1)
	var refusal *bot.Refusal
	if err := permit(o, "U1"); err == nil || errors.As(err, &refusal) {
		t.Errorf("Slack cannot be asked: %v, want an error that is no refusal", err)
	}
	if err := permit(o, "U1"); err != nil {
		t.Errorf("then it can: %v", err)
	}
	o.slack.Fail("users.info", slacktest.RateLimited("0.05"), 2)
	if err := permit(o, "U2"); !errors.As(err, &refusal) {
		t.Errorf("Slack wants to be asked a moment later: %v", err)
	}
	if got := o.platform.Invitation("slack:C1"); got != "/invite @tensionwatch" {
		t.Errorf("the invitation is %q", got)
	}
}

// Several workspaces, one of them the one of bot_token: each hears and tells its own.
func TestWorkspaces(t *testing.T) {
	s := slacktest.New(t)
	one, two := s.Workspace("T1"), s.Workspace("T2")
	set := settings(s, one)
	set.Workspaces = []slack.Workspace{{Team: "T2", BotToken: two.BotToken()}}
	said := &standing{}
	p, err := slack.New(set, said, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h := &people{}
	o := &office{t: t, slack: s, ws: one, platform: p, standing: said, log: &syncBuffer{}}
	o.serve(h)
	for _, ws := range []*slacktest.Workspace{one, two} {
		c, u := ws.Channel("C"+ws.ID, "news"), ws.User("U"+ws.ID, "Anna")
		if d := u.Types(c, "/tension list"); !d.Acked() {
			t.Errorf("%s: %s", ws.ID, d.Failure())
		}
		s.Wait(t, "an answer", func() bool { return len(c.Ephemeral(u)) == 1 })
		c.Kick().Wait()
		c.Invite().Wait()
		name := bot.Channel("slack:" + ws.ID + "/C" + ws.ID)
		if _, err := p.Post(t.Context(), name, bot.Message{Lines: bot.Plains("News")}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		calls, moves := h.got(), h.moved()
		call := calls[len(calls)-1]
		if call.Caller.Owner != "slack:"+ws.ID || call.Channel != name || moves[len(moves)-1].Channel != name {
			t.Errorf("the call is %+v, the moves %+v", call, moves)
		}
	}
	var retry *bot.RetryError
	for _, name := range []bot.Channel{"slack:T3/C1", "slack:C1"} {
		if _, err := p.Post(t.Context(), name, bot.Message{}); !errors.As(err, &retry) {
			t.Errorf("%s: %v, want to be asked again", name, err)
		}
	}
	// One that refuses our token is told, and the other goes on.
	two.Revoke()
	_, _ = p.Post(t.Context(), "slack:T2/CT2", bot.Message{Lines: bot.Plains("News")})
	_, err = p.Post(t.Context(), "slack:T1/CT1", bot.Message{Lines: bot.Plains("News")})
	if err != nil || !strings.HasPrefix(said.reason(), "T2: token_revoked") {
		t.Errorf("%v; the standing is %q", err, said.reason())
	}
}

// Over HTTP Slack's own checks pass, and nobody else gets anywhere.
func TestHTTP(t *testing.T) {
	h := &people{}
	o := openOffice(t, "http", h)
	path, hook := o.platform.Webhook(h)
	server := httptest.NewServer(hook)
	t.Cleanup(server.Close)
	if err := o.slack.VerifyURL(server.URL + path); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		method, body string
		want         int
	}{
		{"GET", "", http.StatusMethodNotAllowed},
		{"POST", "", http.StatusUnauthorized},
		{"POST", `{"type":"url_verification","challenge":"x"}`, http.StatusUnauthorized},
		{"POST", strings.Repeat("x", 2<<20), http.StatusRequestEntityTooLarge},
	} {
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, httptest.NewRequest(test.method, path, strings.NewReader(test.body)))
		if w.Code != test.want || w.Body.Len() > 0 {
			t.Errorf("%s of %d bytes: %d %q, want %d", test.method, len(test.body), w.Code, w.Body, test.want)
		}
	}
	// Before Serve nothing is taken: what people do is not lost silently.
	if d := o.anna.Types(o.news, "/tension list"); d.Failure() != "dispatch_failed" {
		t.Errorf("before Serve: %q", d.Failure())
	}
}

// An event that the store does not take is told again over HTTP.
func TestEventsAreKept(t *testing.T) {
	h := &people{failing: make(chan struct{}), tried: make(chan struct{}, 1)}
	o := openOffice(t, "http", h)
	o.serve(h)
	d := o.news.Rename("world")
	<-h.tried
	close(h.failing)
	if !d.Wait() {
		t.Errorf("not acknowledged: %s", d.Failure())
	}
}

func TestNew(t *testing.T) {
	for want, change := range map[string]func(*slack.Settings){
		"no bot_token":      func(s *slack.Settings) { s.BotToken = "" },
		"no app_token":      func(s *slack.Settings) { s.AppToken = "" },
		"no signing_secret": func(s *slack.Settings) { s.Mode, s.SigningSecret = "http", "" },
		"T2 has no bot_token": func(s *slack.Settings) {
			s.BotToken, s.Workspaces = "", []slack.Workspace{{Team: "T2"}}
		},
	} {
		set := slack.DefaultSettings()
		set.BotToken, set.AppToken, set.SigningSecret = "xoxb", "xapp", "secret"
		change(&set)
		_, err := slack.New(set, nil, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A reply to what cannot be replied to is posted beside it; a loud one is seen in the channel as well;
// and each is found again wherever it is.
func TestThreads(t *testing.T) {
	o := openOffice(t, "socket", nil)
	post := func(id string, root bot.Receipt, loud bool) bot.Receipt {
		r, err := o.platform.Post(t.Context(), "slack:C1", bot.Message{
			Delivery: id, Kind: bot.KindEscalation, Thread: root, Loud: loud, Lines: bot.Plains(id),
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	root := post("d1", bot.Receipt{}, false)
	want := map[string]bot.Receipt{"d1": root, "d2": post("d2", root, false), "d3": post("d3", root, true)}
	o.slack.Fail("chat.postMessage", slacktest.Refused("cannot_reply_to_message"), 1)
	want["d4"] = post("d4", root, true)
	for _, m := range o.news.Messages()[1:] {
		if inThread := m.ThreadTS == root.ID; inThread != (m.TS != want["d4"].ID) {
			t.Errorf("%s replies to %q", m.Text, m.ThreadTS)
		}
		if m.Broadcast != (m.TS == want["d3"].ID) {
			t.Errorf("%s: broadcast %v", m.Text, m.Broadcast)
		}
	}
	for id, r := range want {
		d := bot.Delivery{
			ID: id, Kind: bot.KindEscalation, Root: root, Claimed: time.Now(), Tried: time.Now(),
			Pairs: []bot.Pair{{Revision: 1}},
		}
		if got, ok, err := o.platform.Find(t.Context(), "slack:C1", d); !ok || err != nil || got != r {
			t.Errorf("%s: found %v %v %v, want %v", id, got, ok, err, r)
		}
	}
}

// When Serve returns, nothing that it began goes on; who was waiting for an answer has one.
func TestServeEndsAll(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		h := &people{}
		o := openOffice(t, mode, h)
		h.answers(func(bot.Call) bot.Reply {
			<-h.failing
			return bot.Reply{Message: says("Done.")}
		})
		h.failing = make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.platform.Serve(ctx, h) }()
		o.Types("list")
		cancel()
		close(h.failing)
		if err := <-ended; err != nil {
			t.Errorf("%s: Serve: %v", mode, err)
		}
		if len(o.Answers()) != 1 {
			t.Errorf("%s: %d answers, want one", mode, len(o.Answers()))
		}
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		for _, stack := range strings.Split(string(stacks), "\n\n") {
			for _, ours := range []string{"slack.(*Platform)", "slack/socket.", "slack/team.", "slack.(*standing)"} {
				if strings.Contains(stack, ours) && !strings.Contains(stack, "slack_test.") {
					t.Errorf("%s: it goes on:\n%s", mode, stack)
				}
			}
		}
	}
}

// TestDeaf: once Serve has ended, nobody is heard until a restart, although our token may be good again.
func TestDeaf(t *testing.T) {
	h := &people{}
	o := openOffice(t, "http", h)
	ended := make(chan error, 1)
	go func() { ended <- o.platform.Serve(t.Context(), h) }()
	o.hears()
	o.ws.Die("org_login_required")
	post := func() error {
		_, err := o.platform.Post(t.Context(), "slack:C1", bot.Message{Lines: bot.Plains("x")})
		return err
	}
	_ = post()
	<-ended
	o.ws.Die("")
	if err := post(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(o.standing.reason(), "restart") {
		t.Errorf("nobody is heard, and the standing is %q", o.standing.reason())
	}
}
