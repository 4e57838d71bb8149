package discord_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
	"github.com/tensionwatch/tensionwatch/bot/platformtest"
)

// back is the time within which a bot that was sent away is there again.
const back = 10 * time.Second

// people answers, and keeps what it was told.
type people struct {
	mu    sync.Mutex
	calls []bot.Call
	moves []bot.Move
}

func (h *people) Do(_ context.Context, c bot.Call) bot.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, c)
	return bot.Reply{Message: bot.Message{Kind: bot.KindReply, Lines: bot.Plains("You said: " + c.Text)}}
}

func (h *people) Suggest(context.Context, bot.Call) []bot.Choice { return nil }

func (h *people) Home(context.Context, bot.Caller) bot.Message { return bot.Message{} }

func (h *people) Moved(_ context.Context, m bot.Move) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.moves = append(h.moves, m)
	return nil
}

// moved are the moves of a channel, the latest last.
func (h *people) moved(c bot.Channel) (found []bot.Move) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.moves {
		if m.Channel == c {
			found = append(found, m)
		}
	}
	return found
}

// away is why the bot is not in a channel, as the handler was told last.
func (h *people) away(c bot.Channel) string {
	if moves := h.moved(c); len(moves) > 0 {
		return moves[len(moves)-1].Away
	}
	return "nobody said"
}

// postFault is something that befalls the first of three alerts.
type postFault struct {
	name  string
	fault discordtest.Fault
	want  time.Duration // until the second attempt, at least
	why   string        // part of what the ledger says
}

var postFaults = []postFault{
	{"429, bucket", discordtest.RateLimited(7 * time.Second), 7 * time.Second, "429"},
	{"429, a fraction", discordtest.RateLimited(337 * time.Millisecond), 300 * time.Millisecond, "429"},
	{"429, global", discordtest.RateLimitedGlobally(200 * time.Millisecond), 200 * time.Millisecond, "global"},
	{"429, shared", discordtest.RateLimitedShared(3 * time.Second), 3 * time.Second, "shared"},
	{"429, HTML of the edge", discordtest.RateLimitedHTML("0.2"), 200 * time.Millisecond, "edge"},
	{"500", discordtest.Unavailable(500), time.Second, "500"},
	{"500 after it was posted", discordtest.Unavailable(500).After(), time.Second, "500"},
	{"502", discordtest.Unavailable(502), time.Second, "502"},
	{"502 after it was posted", discordtest.Unavailable(502).After(), time.Second, "502"},
	{"503", discordtest.Unavailable(503), time.Second, "503"},
	{"timeout before", discordtest.Swallowed(), time.Second, "lost"},
	{"timeout after", discordtest.AnswerLost(), time.Second, "lost"},
	{"reset before", discordtest.ResetBefore(), time.Second, "lost"},
	{"reset after", discordtest.ResetAfter(), time.Second, "lost"},
	{"50035 Invalid Form Body", discordtest.Refused(400, 50035, "Invalid Form Body"), 0, ""},
	{"unknown component in a reply", discordtest.Answer(200,
		`{"id":"1","components":[{"type":99,"components":[{"type":98}]}]}`).After(), 0, ""},
}

// results is what the faults come to, for people to read.
type results struct {
	mu   sync.Mutex
	rows map[int]string // in the order of the faults
}

func (r *results) add(at int, fault, outcome, sees string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows == nil {
		r.rows = make(map[int]string)
	}
	r.rows[at] = fault + "\t" + outcome + "\t" + sees
}

func (r *results) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "\nfault\toutcome\twhat people see")
	for _, at := range slices.Sorted(maps.Keys(r.rows)) {
		fmt.Fprintln(w, r.rows[at])
	}
	_ = w.Flush()
	return b.String()
}

// TestFaults lets everything go wrong that can. Nothing is lost and nothing comes twice.
func TestFaults(t *testing.T) {
	var told results
	for i, f := range postFaults {
		t.Run(f.name, func(t *testing.T) {
			befall(t, f, func(outcome, sees string) { told.add(i, f.name, outcome, sees) })
		})
	}
	type scene = func(t *testing.T, tell func(outcome, sees string))
	scenes := []struct {
		name string
		run  scene
	}{
		{"lost, and the nonce forgotten", forgotten},
		{"lost, the reply of an update", lostReply},
		{"history not permitted", unsearchable},
		{"silent before HELLO", badGateway(discordtest.SilentBeforeHello)},
		{"silent after HELLO", badGateway(discordtest.SilentAfterHello)},
		{"READY lost", badGateway(discordtest.LostReady)},
		{"silent after RESUME", silentResume},
		{"op 7", interrupted(func(_ *discordtest.Server, k *discordtest.Socket) { k.Reconnect() }, true)},
		{"op 9, resumable", interrupted(func(_ *discordtest.Server, k *discordtest.Socket) { k.InvalidSession(true) }, true)},
		{"op 9, not resumable", interrupted(func(_ *discordtest.Server, k *discordtest.Socket) { k.InvalidSession(false) }, false)},
		{"connection dropped", interrupted(func(_ *discordtest.Server, k *discordtest.Socket) { k.Drop() }, true)},
		{"session forgotten", interrupted(func(s *discordtest.Server, k *discordtest.Socket) {
			s.ForgetSessions()
			k.Drop()
		}, false)},
		{"zombie: no heartbeat acknowledged", zombie(func(k *discordtest.Socket) { k.Deafen() })},
		{"zombie: nothing comes", zombie(func(k *discordtest.Socket) { k.Silence() })},
		{"server removed, invited again", removed},
		{"channel deleted", deleted},
		{"permissions lost, given back", forbidden},
		{"token reset", tokenReset},
		{"unknown component in a gateway message", unknownComponent},
	}
	for _, code := range []int{4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009} {
		scenes = append(scenes, struct {
			name string
			run  scene
		}{fmt.Sprint("close ", code), interrupted(func(_ *discordtest.Server, k *discordtest.Socket) {
			k.Close(code)
		}, !slices.Contains([]int{4003, 4005, 4007, 4009}, code))})
	}
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		scenes = append(scenes, struct {
			name string
			run  scene
		}{fmt.Sprint("close ", code), fatal(code)})
	}
	// Most of them wait for some seconds: they do so side by side.
	t.Run("scenes", func(t *testing.T) {
		for i, f := range scenes {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				f.run(t, func(outcome, sees string) {
					told.add(len(postFaults)+i, f.name, outcome, sees)
				})
			})
		}
	})
	t.Log(told.String())
}

var headlines = []string{"Talks begin", "Talks go on", "Talks end"}

func (o *office) mustShowAll(t *testing.T) {
	t.Helper()
	var found []string
	for _, m := range o.news.Messages() {
		for _, headline := range headlines {
			if strings.Contains(m.Rendered(), headline) {
				found = append(found, headline)
			}
		}
	}
	if !slices.Equal(found, headlines) {
		t.Errorf("the channel shows %q, want each once and in order", found)
	}
}

func befall(t *testing.T, f postFault, tell func(outcome, sees string)) {
	o := openOffice(t, "gateway", nil)
	o.discord.Fail(discordtest.PostMessage, f.fault, 1)
	out := platformtest.NewOutbox(o.Channel(), headlines...)
	out.Passes(t, o.platform, 10)
	o.mustShowAll(t)
	outcome := "posted at once"
	if f.why != "" {
		if len(out.Whys) != 1 || out.Waits[0] < f.want || !strings.Contains(out.Whys[0], f.why) {
			t.Fatalf("waited %v for %q, want once at least %v for %q", out.Waits, out.Whys, f.want, f.why)
		}
		outcome = fmt.Sprintf("again after %v: %s", f.want, strings.Split(out.Whys[0], " (again")[0])
	} else if len(o.discord.Calls(discordtest.PostMessage)) > len(headlines) {
		outcome += ", as plain text"
	}
	looked := len(o.discord.Calls(discordtest.ListMessages))
	if n := len(o.discord.Calls(discordtest.PostMessage)); looked == 0 && n > len(headlines)+1 {
		t.Errorf("%d posts were sent", n)
	}
	if looked > 0 {
		outcome = "looked for in the channel, " + outcome
	}
	tell(outcome, "three alerts, once each, in order")
}

// forgotten: what was posted long ago is found by its mark.
func forgotten(t *testing.T, tell func(string, string)) {
	o := openStrict(t, "gateway", nil, discordtest.Options{NonceWindow: time.Nanosecond})
	o.discord.Fail(discordtest.PostMessage, discordtest.AnswerLost(), 1)
	platformtest.NewOutbox(o.Channel(), headlines...).Passes(t, o.platform, 10)
	o.mustShowAll(t)
	tell("found by the mark in the embed's address", "three alerts, once each, in order")
}

// lostReply: an update changes a post and tells the news in a reply. That the post was changed does
// not mean that the reply is there.
func lostReply(t *testing.T, tell func(string, string)) {
	o := openStrict(t, "gateway", nil, discordtest.Options{NonceWindow: time.Nanosecond})
	first := platformtest.NewOutbox(o.Channel(), "Talks begin")
	first.Passes(t, o.platform, 2)
	update := platformtest.NewOutbox(o.Channel(), "Talks go on")
	d := &update.Owed[0]
	d.ID, d.Kind, d.News = "u1", bot.KindUpdate, true
	d.Prior, d.Root = first.Owed[0].Receipt, first.Owed[0].Receipt
	o.discord.Fail(discordtest.PostMessage, discordtest.Unavailable(502), 1)
	update.Passes(t, o.platform, 5)
	if all := o.news.Messages(); len(all) != 2 || all[1].ReplyTo != all[0].ID || update.Owed[0].State != bot.StateSent {
		t.Errorf("%d posts, the update is %s", len(all), update.Owed[0].State)
	}
	tell("looked for, not found, sent again", "the changed alert, and one reply")
}

func unsearchable(t *testing.T, tell func(string, string)) {
	o := openOffice(t, "gateway", nil)
	o.news.Forbid(discordtest.ReadMessageHistory)
	mustPost(t, o, "Something else")
	o.discord.Fail(discordtest.PostMessage, discordtest.Unavailable(500), 1)
	out := platformtest.NewOutbox(o.Channel(), "Talks begin")
	out.Passes(t, o.platform, 5)
	if !out.Owed[0].Repeat || out.Owed[0].State != bot.StateSent {
		t.Errorf("repeat %v, %s", out.Owed[0].Repeat, out.Owed[0].State)
	}
	tell("sent again, marked as a possible repeat; the nonce refuses a second one for minutes",
		"the alert; twice at most, and only after minutes")
}

func mustPost(t *testing.T, o *office, line string) {
	t.Helper()
	m := bot.Message{Kind: bot.KindNotice, Delivery: "n" + line[:4], Lines: bot.Plains(line)}
	if _, err := o.platform.Post(t.Context(), o.Channel(), m); err != nil {
		t.Fatal(err)
	}
}

// answers reports whether a command is answered.
func (o *office) answers(t *testing.T) {
	t.Helper()
	n := len(o.Answers())
	if !o.Types("list") {
		t.Errorf("not acknowledged in time: %q after %v", o.last.Failure(), o.last.Took())
	}
	o.Until("an answer", func() bool { return len(o.Answers()) > n })
}

// badGateway: the first connection comes to nothing.
func badGateway(how discordtest.GatewayFault) func(*testing.T, func(string, string)) {
	return func(t *testing.T, tell func(string, string)) {
		h := &people{}
		o := openOffice(t, "gateway", h)
		o.discord.FailGateway(how, 1)
		begun := time.Now()
		o.serve(h)
		if took := time.Since(begun); took > back {
			t.Errorf("listening after %v", took)
		}
		o.answers(t)
		tell("connected anew within 10s", "the answer to a command")
	}
}

func silentResume(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "gateway", h)
	o.serve(h)
	o.discord.FailGateway(discordtest.SilentAfterResume, 1)
	begun := time.Now()
	o.discord.Sockets()[0].Drop()
	o.returns(t, begun)
	tell("resumed on another connection within 10s", "the answer to a command")
}

// returns waits until the platform listens again, and answers.
func (o *office) returns(t *testing.T, begun time.Time) {
	t.Helper()
	o.Until("a new connection", func() bool { return o.discord.Listening() == 1 })
	if took := time.Since(begun); took > back {
		t.Errorf("back after %v", took)
	}
	o.answers(t)
	if reason := o.standing.reason(); reason != "" {
		t.Errorf("the standing is %q", reason)
	}
}

// interrupted: whatever ends the connection, it comes back; with the session, if that is kept. What
// somebody did meanwhile is heard after a resume.
func interrupted(end func(*discordtest.Server, *discordtest.Socket), resumes bool) func(*testing.T, func(string, string)) {
	return func(t *testing.T, tell func(string, string)) {
		h := &people{}
		o := openOffice(t, "gateway", h)
		o.serve(h)
		o.answers(t)
		k := o.discord.Sockets()[0]
		begun := time.Now()
		end(o.discord, k)
		o.Until("another connection", func() bool {
			all := o.discord.Sockets()
			return len(all) == 1 && all[0] != k && o.discord.Listening() == 1
		})
		o.returns(t, begun)
		identified, outcome := 2, "a new session"
		if resumes {
			identified, outcome = 1, "resumed"
		}
		if n := o.discord.Identified(); n != identified {
			t.Errorf("%d sessions began, want %d", n, identified)
		}
		if code := k.ClosedWith(); code == 1000 || code == 1001 {
			t.Errorf("closed with %d, which ends the session", code)
		}
		tell(outcome+" within 10s", "the answer to a command")
	}
}

// zombie: a connection that is dead without saying so is replaced within two intervals.
func zombie(die func(*discordtest.Socket)) func(*testing.T, func(string, string)) {
	return func(t *testing.T, tell func(string, string)) {
		const interval = 400 * time.Millisecond
		h := &people{}
		o := openStrict(t, "gateway", h, discordtest.Options{Heartbeat: interval})
		o.serve(h)
		k := o.discord.Sockets()[0]
		o.Until("a heartbeat", func() bool { return k.Heartbeats() > 1 })
		begun := time.Now()
		die(k)
		o.Until("the end of it", func() bool { return !slices.Contains(o.discord.Sockets(), k) })
		if took := time.Since(begun); took > 2*interval+200*time.Millisecond {
			t.Errorf("noticed after %v", took)
		}
		o.returns(t, begun)
		if n := o.discord.Identified(); n != 1 {
			t.Errorf("%d sessions began, want it resumed", n)
		}
		tell("noticed within two intervals, resumed", "the answer to a command")
	}
}

// fatal: Discord will not change its mind. Serve ends and says what to do.
func fatal(code int) func(*testing.T, func(string, string)) {
	return func(t *testing.T, tell func(string, string)) {
		h := &people{}
		o := openOffice(t, "gateway", h)
		o.discord.RefuseIdentify(code, -1)
		err := o.platform.Serve(t.Context(), h)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprint(code)) {
			t.Fatalf("Serve: %v", err)
		}
		if n := len(o.discord.Calls("GET /gateway/bot")); n > 2 {
			t.Errorf("asked for the gateway %d times", n)
		}
		// What Discord still takes does not make us listen again.
		if _, err := o.platform.Post(t.Context(), o.Channel(), bot.Message{Title: "Talks"}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(o.standing.reason(), fmt.Sprint(code)) {
			t.Errorf("the standing is %q", o.standing.reason())
		}
		tell("Serve ends: "+err.Error(), "/readyz is red and says why")
	}
}

func removed(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "gateway", h)
	o.serve(h)
	o.Until("the channel", func() bool { return h.away(o.Channel()) == "" })
	o.guild.Remove()
	o.Until("a reason", func() bool { return strings.Contains(h.away(o.Channel()), "removed from the server") })
	out := platformtest.NewOutbox(o.Channel(), "Talks begin")
	out.Passes(t, o.platform, 3)
	if out.Owed[0].State != bot.StateDead || !out.Owed[0].Gone {
		t.Errorf("the delivery is %s, gone %v", out.Owed[0].State, out.Owed[0].Gone)
	}
	o.guild.Invite()
	o.Until("the channel again", func() bool { return h.away(o.Channel()) == "" })
	platformtest.NewOutbox(o.Channel(), headlines...).Passes(t, o.platform, 5)
	o.mustShowAll(t)
	tell("dead, its channels paused: "+out.Whys[0], "alerts go on when it is invited again")
}

func deleted(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "gateway", h)
	o.serve(h)
	o.news.Delete()
	o.Until("a reason", func() bool { return strings.Contains(h.away(o.Channel()), "deleted") })
	out := platformtest.NewOutbox(o.Channel(), "Talks begin")
	out.Passes(t, o.platform, 3)
	if out.Owed[0].State != bot.StateDead || !out.Owed[0].Gone || len(out.Whys) != 1 {
		t.Errorf("the delivery is %s, gone %v, %q", out.Owed[0].State, out.Owed[0].Gone, out.Whys)
	}
	tell("dead, the channel paused: "+out.Whys[0], "nothing more there")
}

func forbidden(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "gateway", h)
	o.serve(h)
	o.news.Forbid(discordtest.SendMessages)
	o.Until("a reason", func() bool { return strings.Contains(h.away(o.Channel()), "may not post") })
	out := platformtest.NewOutbox(o.Channel(), "Talks begin")
	out.Passes(t, o.platform, 3)
	if out.Owed[0].State != bot.StateDead || !out.Owed[0].Gone || !strings.Contains(out.Whys[0], "Send Messages") {
		t.Errorf("the delivery is %s, gone %v, %q", out.Owed[0].State, out.Owed[0].Gone, out.Whys)
	}
	o.news.Permit(discordtest.SendMessages)
	o.Until("the channel again", func() bool { return h.away(o.Channel()) == "" })
	platformtest.NewOutbox(o.Channel(), headlines...).Passes(t, o.platform, 5)
	o.mustShowAll(t)
	tell("dead, the channel paused: "+out.Whys[0], "alerts go on when it may post again")
}

func tokenReset(t *testing.T, tell func(string, string)) {
	h := &people{}
	o := openOffice(t, "gateway", h)
	o.start(h)
	o.hears()
	token := o.discord.Token()
	o.discord.ResetToken()
	out := platformtest.NewOutbox(o.Channel(), "Talks begin")
	out.Passes(t, o.platform, 4)
	if out.Owed[0].State != bot.StatePending || out.Waits[0] < 5*time.Minute {
		t.Errorf("the delivery is %s after %v", out.Owed[0].State, out.Waits)
	}
	<-o.ended
	if o.served == nil || !strings.Contains(o.served.Error(), "token is not valid") || strings.Contains(o.served.Error(), token) {
		t.Errorf("Serve: %v", o.served)
	}
	if n := o.discord.InvalidRequests(); n > 2 {
		t.Errorf("%d invalid requests", n)
	}
	if !strings.Contains(o.standing.reason(), "token is not valid") {
		t.Errorf("the standing is %q", o.standing.reason())
	}
	tell("kept, asked once only; Serve ends: "+o.served.Error(), "/readyz is red; the alert comes with the new token")
}

// unknownComponent: a message with what we do not know can be pressed all the same.
func unknownComponent(t *testing.T, tell func(string, string)) {
	v, err := visit.Read([]byte(`{"id":"1","type":3,"data":{"custom_id":"list 2","component_type":2},` +
		`"message":{"id":"2","components":[{"type":99,"components":[{"type":98}]}]}}`))
	if err != nil || v.Says != "list 2" || v.Post != "2" {
		t.Errorf("%+v, %v", v, err)
	}
	tell("read as far as it is needed", "what was asked for")
}

var _ platformtest.Social = (*office)(nil)
