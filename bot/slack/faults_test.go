package slack_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/platformtest"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
)

// postFault is something that befalls the first of three alerts.
type postFault struct {
	name  string
	fault slacktest.Fault
	want  time.Duration // until the second attempt, at least
	why   string        // part of what the ledger says
}

var postFaults = []postFault{
	{"429, Retry-After 7", slacktest.RateLimited("7"), 7 * time.Second, "429"},
	{"429, no Retry-After", slacktest.RateLimited(""), 10 * time.Second, "429"},
	{"429, Retry-After 0.5", slacktest.RateLimited("0.5"), 500 * time.Millisecond, "429"},
	{"200 ratelimited", slacktest.RateLimitedOK(), 10 * time.Second, "429"},
	{"429, HTML", slacktest.RateLimitedHTML(), 10 * time.Second, "429"},
	{"500", slacktest.Answer(500, "oops"), time.Second, "500"},
	{"500 after it was posted", slacktest.Fault{Accept: true, Status: 500}, time.Second, "500"},
	{"503", slacktest.Answer(503, ""), time.Second, "503"},
	{"timeout before", slacktest.Swallowed(), time.Second, "lost"},
	{"timeout after", slacktest.AnswerLost(), time.Second, "lost"},
	{"reset before", slacktest.ResetBefore(), time.Second, "lost"},
	{"reset after", slacktest.ResetAfter(), time.Second, "lost"},
	{"internal_error", slacktest.Refused("internal_error"), time.Second, "internal_error"},
	{"invalid_blocks", slacktest.Refused("invalid_blocks"), 0, ""},
}

// table is what the faults come to, for people to read.
type table struct {
	mu   sync.Mutex
	rows []string
}

func (tb *table) add(fault, outcome, sees string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.rows = append(tb.rows, fault+"\t"+outcome+"\t"+sees)
}

func (tb *table) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\nfault\toutcome\twhat people see")
	for _, row := range tb.rows {
		fmt.Fprintln(w, row)
	}
	_ = w.Flush()
	return b.String()
}

// TestFaults lets everything go wrong that can. Nothing is lost and nothing comes twice.
func TestFaults(t *testing.T) {
	var told table
	for _, f := range postFaults {
		t.Run(f.name, func(t *testing.T) { befall(t, f, &told) })
	}
	for _, f := range []struct {
		name string
		run  func(t *testing.T, tell func(outcome, sees string))
	}{
		{"token revoked mid-run", revokedPosting},
		{"token revoked, one workspace", revokedServing},
		{"channel archived", archived},
		{"history not permitted", unsearchable},
		{"disconnect warning", disconnected("warning")},
		{"disconnect refresh_requested", disconnected("refresh_requested")},
		{"disconnect link_disabled", disconnected("link_disabled")},
		{"disconnect too_many_websockets", disconnected("too_many_websockets")},
		{"silent socket", silent},
		{"duplicate envelope", duplicate},
		{"late ack", lateAck},
		{"clock skew", badlySigned(slacktest.Signing{Skew: -6 * time.Minute})},
		{"clock skew, the other way", badlySigned(slacktest.Signing{Skew: 6 * time.Minute})},
		{"wrong signature", badlySigned(slacktest.Signing{Damaged: true})},
		{"no signature", badlySigned(slacktest.Signing{Missing: true})},
		{"replay", replayed},
		{"sixth response_url", sixth},
		{"response_url is elsewhere", elsewhere},
	} {
		t.Run(f.name, func(t *testing.T) {
			f.run(t, func(outcome, sees string) { told.add(f.name, outcome, sees) })
		})
	}
	t.Log(told.String())
}

var headlines = []string{"Talks begin", "Talks go on", "Talks end"}

// shown returns the headlines in the channel, in order.
func (o *office) shown() (found []string) {
	for _, m := range o.news.Messages() {
		for _, headline := range headlines {
			if strings.Contains(m.Text, headline) {
				found = append(found, headline)
			}
		}
	}
	return found
}

func (o *office) mustShowAll(t *testing.T) {
	t.Helper()
	if got := o.shown(); !slices.Equal(got, headlines) {
		t.Errorf("the channel shows %q, want each once and in order", got)
	}
}

func befall(t *testing.T, f postFault, told *table) {
	o := openOffice(t, "socket", nil)
	o.slack.Fail("chat.postMessage", f.fault, 1)
	out := platformtest.NewOutbox("slack:C1", headlines...)
	out.Passes(t, o.platform, 10)
	o.mustShowAll(t)
	outcome := "posted at once, as plain text"
	if f.why != "" {
		if len(out.Whys) != 1 || out.Waits[0] < f.want || !strings.Contains(out.Whys[0], f.why) {
			t.Fatalf("waited %v for %q, want once at least %v for %q", out.Waits, out.Whys, f.want, f.why)
		}
		outcome = fmt.Sprintf("again after %v: %s", f.want, strings.Split(out.Whys[0], " (again")[0])
		if n := len(o.slack.Calls("conversations.history")); n > 0 {
			outcome = "looked for in the history, " + outcome
		}
	}
	told.add(f.name, outcome, "three alerts, once each, in order")
}

func revokedPosting(t *testing.T, tell func(string, string)) {
	o := openOffice(t, "socket", nil)
	platformtest.NewOutbox("slack:C1", headlines...).Passes(t, o.platform, 5)
	o.ws.Revoke()
	more := platformtest.NewOutbox("slack:C1", "Talks resume")
	more.Passes(t, o.platform, 2)
	if !strings.Contains(o.standing.reason(), "token_revoked") {
		t.Errorf("the standing is %q", o.standing.reason())
	}
	if more.Waits[0] < 5*time.Minute {
		t.Errorf("tried again after %v", more.Waits)
	}
	refused := o.standing.reason()
	o.ws.Die("")
	more.Passes(t, o.platform, 5)
	if o.standing.reason() != "" || !slices.Equal(more.States(), []bot.State{bot.StateSent}) {
		t.Errorf("after the token was mended: %q, %v", o.standing.reason(), more.States())
	}
	tell("kept, tried every 5 minutes; /readyz: "+refused, "the alert, once the token is mended")
}

// When the only workspace refuses our token, Serve ends and says what to do.
func revokedServing(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "socket", h)
	ended := make(chan error, 1)
	go func() { ended <- o.platform.Serve(t.Context(), h) }()
	o.hears()
	o.ws.Revoke()
	_, _ = o.platform.Post(t.Context(), "slack:C1", bot.Message{Lines: bot.Plains("x")})
	err := <-ended
	if err == nil || !strings.Contains(err.Error(), "token_revoked") {
		t.Fatalf("Serve: %v", err)
	}
	if strings.Contains(err.Error(), o.ws.BotToken()) {
		t.Error("the error holds the token")
	}
	tell("Serve ends: "+err.Error(), "/readyz is red and says why")
}

func archived(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "socket", h)
	o.serve(h)
	o.news.Archive().Wait()
	out := platformtest.NewOutbox("slack:C1", "Talks begin")
	out.Passes(t, o.platform, 3)
	if out.Owed[0].State != bot.StateDead || !out.Owed[0].Gone {
		t.Errorf("the delivery is %s, gone %v", out.Owed[0].State, out.Owed[0].Gone)
	}
	o.news.Unarchive().Wait()
	want := []bot.Move{{Channel: "slack:C1", Away: "the channel is archived"}, {Channel: "slack:C1"}}
	if got := h.moved(); !slices.Equal(got, want) {
		t.Errorf("moves %+v, want %+v", got, want)
	}
	again := platformtest.NewOutbox("slack:C1", headlines...)
	again.Passes(t, o.platform, 5)
	o.mustShowAll(t)
	tell("dead, the channel paused: "+out.Whys[0], "alerts go on when it is brought back")
}

func unsearchable(t *testing.T, tell func(string, string)) {
	o := openOffice(t, "socket", nil)
	o.ws.Scopes("chat:write")
	o.slack.Fail("chat.postMessage", slacktest.Answer(500, ""), 1)
	out := platformtest.NewOutbox("slack:C1", "Talks begin")
	out.Passes(t, o.platform, 5)
	if !out.Owed[0].Repeat || out.Owed[0].State != bot.StateSent {
		t.Errorf("repeat %v, %s", out.Owed[0].Repeat, out.Owed[0].State)
	}
	tell("sent again, marked as a possible repeat", "the alert, maybe twice")
}

// disconnected: whatever the reason, the next command is answered.
func disconnected(reason string) func(*testing.T, func(string, string)) {
	return func(t *testing.T, tell func(string, string)) {
		h := &people{}
		o := openOffice(t, "socket", h)
		o.serve(h)
		o.slack.Sockets()[0].Disconnect(reason)
		if !o.noted(o.anna.Types(o.news, "/tension list")) {
			t.Errorf("not acknowledged at once: %s", o.last.Failure())
		}
		o.Until("an answer", func() bool { return len(o.Answers()) == 1 })
		if reason == "link_disabled" {
			o.slack.Disconnect(reason)
			o.Until("a reason", func() bool { return strings.Contains(o.standing.reason(), "Socket Mode") })
			o.slack.EnableLink()
		}
		o.Until("two sockets, and all well", func() bool {
			n := len(o.slack.Sockets())
			return (n == 2 || n == 1 && reason == "too_many_websockets") && o.standing.reason() == ""
		})
		tell("the other socket takes over, this one is replaced", "the answer to a command, at once")
	}
}

func silent(t *testing.T, tell func(string, string)) {
	s := slacktest.NewWith(t, slacktest.Options{
		Ping: 50 * time.Millisecond, Rates: slacktest.Rates{Off: true},
	})
	ws := s.Workspace("T1")
	set := settings(s, ws)
	set.PingInterval = 300 * time.Millisecond
	p, err := slack.New(set, &standing{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h := &people{}
	o := &office{t: t, slack: s, ws: ws, platform: p, standing: &standing{}}
	o.news, o.anna = ws.Channel("C1", "news"), ws.User("U1", "Anna")
	o.serve(h)
	for _, k := range s.Sockets() {
		k.Silence()
	}
	o.Until("new sockets", func() bool { return len(s.Calls("apps.connections.open")) >= 4 })
	o.hears()
	if !o.noted(o.anna.Types(o.news, "/tension list")) {
		t.Errorf("not acknowledged: %s", o.last.Failure())
	}
	tell("replaced after ping_interval", "the answer to the next command")
}

func duplicate(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "socket", h)
	o.serve(h)
	o.Types("list")
	for range 3 {
		o.Again()
	}
	o.Types("status")
	o.Until("both answers", func() bool { return len(o.Answers()) == 2 })
	if got := h.texts(); len(got) != 2 {
		t.Errorf("the handler got %q", got)
	}
	tell("acknowledged each time, done once", "one answer")
}

// lateAck: an event whose acknowledgement waits for the store is acknowledged on another socket.
func lateAck(t *testing.T, tell func(string, string)) {
	h := &people{failing: make(chan struct{}), tried: make(chan struct{}, 1)}
	o := openOffice(t, "socket", h)
	o.serve(h)
	d := o.news.Rename("world")
	<-h.tried
	for _, k := range o.slack.Sockets() {
		k.Disconnect("refresh_requested")
	}
	close(h.failing)
	if !d.Wait() {
		t.Errorf("not acknowledged: %s", d.Failure())
	}
	moves := h.moved()
	if last := moves[len(moves)-1]; last.Name != "world" {
		t.Errorf("moves %+v", moves)
	}
	tell("acknowledged on the next socket, once the store has it", "nothing")
}

func badlySigned(how slacktest.Signing) func(*testing.T, func(string, string)) {
	return func(t *testing.T, tell func(string, string)) {
		h := &people{}
		o := openOffice(t, "http", h)
		o.serve(h)
		o.slack.Sign(how)
		for range 3 {
			d := o.anna.Types(o.news, "/tension list")
			if d.Status() != http.StatusUnauthorized || len(d.Answer()) > 0 {
				t.Errorf("status %d, %q", d.Status(), d.Answer())
			}
		}
		if n := strings.Count(o.log.String(), "was refused"); n != 1 {
			t.Errorf("%d lines in the log, want one", n)
		}
		if got := h.texts(); len(got) > 0 {
			t.Errorf("the handler got %q", got)
		}
		o.slack.Sign(slacktest.Signing{})
		if !o.noted(o.anna.Types(o.news, "/tension list")) {
			t.Error("a good one is refused after bad ones")
		}
		tell("401 without a word; one line in the log", "Slack says that the app did not respond")
	}
}

func replayed(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "http", h)
	o.serve(h)
	o.Types("list")
	for range 3 {
		if status := o.last.Again(); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	o.Types("status")
	o.Until("both answers", func() bool { return len(o.Answers()) == 2 })
	if got := h.texts(); len(got) != 2 {
		t.Errorf("the handler got %q", got)
	}
	tell("200, done once", "one answer")
}

func sixth(t *testing.T, tell func(string, string)) {
	h := &people{failing: make(chan struct{})}
	o := openOffice(t, "socket", h)
	o.serve(h)
	o.Types("slow")
	for range 5 {
		resp, err := http.Post(o.last.ResponseURL, "application/json", strings.NewReader(`{"text":"used"}`))
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("using it up: %v", err)
		}
		_ = resp.Body.Close()
	}
	close(h.failing)
	o.Until("an answer", func() bool { return len(o.slack.Calls("chat.postEphemeral")) == 1 })
	o.Until("the answer", func() bool {
		answers := o.Answers()
		return strings.Contains(answers[len(answers)-1].Text, "slow")
	})
	tell("the address is used up: chat.postEphemeral", "the answer, alone")
}

func elsewhere(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "socket", h, func(s *slack.Settings) { s.ResponseHosts = []string{"hooks.slack.com"} })
	o.serve(h)
	o.Types("list")
	o.Until("an answer", func() bool { return len(o.Answers()) == 1 })
	if n := len(o.slack.Calls("response_url")); n > 0 {
		t.Errorf("%d answers went to a host that is not allowed", n)
	}
	tell("not used: chat.postEphemeral", "the answer, alone")
}

// people is a handler that says what it was asked, and hears where the bot is.
type people struct {
	failing chan struct{} // "slow" waits for it to be closed, and until then no move is kept
	tried   chan struct{} // is told when a move came

	mu    sync.Mutex
	calls []bot.Call
	moves []bot.Move
	backs []bot.Move // that a workspace takes our token
	reply func(bot.Call) bot.Reply
}

func (h *people) Do(ctx context.Context, c bot.Call) bot.Reply {
	h.mu.Lock()
	h.calls = append(h.calls, c)
	reply := h.reply
	h.mu.Unlock()
	if reply != nil {
		return reply(c)
	}
	if c.Text == "slow" {
		select {
		case <-h.failing:
		case <-ctx.Done():
		}
	}
	return bot.Reply{Message: bot.Message{Kind: bot.KindReply, Lines: bot.Plains("You said: " + c.Text)}}
}

func (*people) Suggest(context.Context, bot.Call) []bot.Choice { return nil }

func (*people) Home(context.Context, bot.Caller) bot.Message {
	return bot.Message{Kind: bot.KindReply, Lines: bot.Plains("Welcome home.")}
}

var errStore = errors.New("the store fails")

func (h *people) Moved(_ context.Context, m bot.Move) error {
	h.mu.Lock()
	if m.Was != "" {
		h.backs = append(h.backs, m)
		h.mu.Unlock()
		return nil
	}
	h.moves = append(h.moves, m)
	h.mu.Unlock()
	if h.failing == nil {
		return nil
	}
	select {
	case h.tried <- struct{}{}:
	default:
	}
	select {
	case <-h.failing:
		return nil
	default:
		return errStore
	}
}

func (h *people) got() []bot.Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

func (h *people) texts() (texts []string) {
	for _, c := range h.got() {
		texts = append(texts, c.Text)
	}
	return texts
}

// answers has the handler answer with a function.
func (h *people) answers(reply func(bot.Call) bot.Reply) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reply = reply
}

func (h *people) moved() []bot.Move {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.moves)
}
