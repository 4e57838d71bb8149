package discord_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
	"github.com/tensionwatch/tensionwatch/story"
)

// clerk answers as the test says.
type clerk struct {
	people
	do      func(ctx context.Context, c bot.Call) bot.Reply
	suggest func(c bot.Call) []bot.Choice
	opens   bool
}

func (h *clerk) Do(ctx context.Context, c bot.Call) bot.Reply {
	h.people.Do(ctx, c)
	return h.do(ctx, c)
}

func (h *clerk) Suggest(_ context.Context, c bot.Call) []bot.Choice { return h.suggest(c) }

func (h *clerk) Opens(bot.Call) bool { return h.opens }

// last is the latest call.
func (h *clerk) last() bot.Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls[len(h.calls)-1]
}

func say(line string, open bool) bot.Reply {
	return bot.Reply{Open: open, Message: bot.Message{Kind: bot.KindReply, Lines: bot.Plains(line)}}
}

// both runs a test in both modes.
func both(t *testing.T, h *clerk, test func(t *testing.T, o *office)) {
	for _, mode := range []string{"gateway", "http"} {
		t.Run(mode, func(t *testing.T) {
			o := openOffice(t, mode, h)
			o.serve(h)
			test(t, o)
		})
	}
}

// TestArguments asserts that a command comes taken apart and as it would be typed.
func TestArguments(t *testing.T) {
	h := &clerk{do: func(context.Context, bot.Call) bot.Reply { return say("done", false) }}
	both(t, h, func(t *testing.T, o *office) {
		o.anna.Types(o.news, "/tension feed add url:https://news.example/rss")
		c := h.last()
		if c.Command != "feed add" || c.Args["url"] != "https://news.example/rss" ||
			c.Text != "feed add https://news.example/rss" {
			t.Errorf("%+v", c)
		}
		if c.Caller.Owner != "discord:"+o.guild.ID || c.Caller.Name != "Anna" || c.Caller.User != o.anna.ID {
			t.Errorf("%+v", c.Caller)
		}
		if err := o.platform.Permit(t.Context(), c.Caller, c.Channel); err != nil {
			t.Errorf("Anna may not: %v", err)
		}
	})
}

func TestSuggestions(t *testing.T) {
	h := &clerk{suggest: func(c bot.Call) []bot.Choice {
		if c.Command != "list" || c.Args["what"] != "?" || c.Text != "om" {
			return nil
		}
		return []bot.Choice{{Label: "Oman", Value: "oman-talks"}, {Label: "", Value: "x"}}
	}}
	both(t, h, func(t *testing.T, o *office) {
		got := o.anna.Completes(o.news, "/tension list what:om")
		if len(got) != 1 || got[0].Value != "oman-talks" {
			t.Errorf("%+v", got)
		}
	})
}

// TestWhy asserts that the command on a message asks why, about that message.
func TestWhy(t *testing.T) {
	h := &clerk{do: func(_ context.Context, c bot.Call) bot.Reply { return say("because of "+c.Post.ID, false) }}
	both(t, h, func(t *testing.T, o *office) {
		r, err := o.platform.Post(t.Context(), o.Channel(), bot.Message{Title: "Talks"})
		if err != nil {
			t.Fatal(err)
		}
		d := o.anna.MessageCommand(o.news.Messages()[0], "Why this alert?")
		if c := h.last(); !d.Acked() || c.Text != "why" || c.Post != r {
			t.Errorf("%+v", c)
		}
	})
}

// TestLate asserts that an answer which takes long is promised, and given to whom it is for.
func TestLate(t *testing.T) {
	hold := make(chan bot.Reply)
	h := &clerk{do: func(context.Context, bot.Call) bot.Reply { return <-hold }}
	both(t, h, func(t *testing.T, o *office) {
		for _, open := range []bool{false, true} {
			if !o.Types("list") {
				t.Errorf("not acknowledged in time: %v", o.last.Took())
			}
			before := len(o.Posts())
			hold <- say("It is done.", open)
			o.Until("an answer", func() bool {
				if open {
					return len(o.Posts()) == before+1
				}
				return told(o, "It is done.")
			})
		}
		o.Until("the promise of the other to go away", func() bool { return len(o.news.Ephemeral(o.anna)) == 1 })
	})
}

func told(o *office, text string) bool {
	for _, p := range o.Answers() {
		if strings.Contains(p.Text, text) {
			return true
		}
	}
	return false
}

// TestButtons asserts that a button which asks first does nothing before it is answered, that one
// press is one call, and that an answer can take the place of the one before.
func TestButtons(t *testing.T) {
	h := &clerk{do: func(_ context.Context, c bot.Call) bot.Reply {
		r := say("You said: "+c.Text, false)
		r.Replace = c.Text == "list 2"
		r.Message.Buttons = []bot.Button{
			{Label: "Next", Says: "list 2"}, {Label: "Delete", Says: "unwatch oman", Confirm: "Really?"},
		}
		return r
	}}
	both(t, h, func(t *testing.T, o *office) {
		o.Types("list")
		o.Presses("Next")
		if n := len(o.Answers()); n != 1 || !told(o, "You said: list 2") {
			t.Errorf("%d answers: %+v", n, o.Answers())
		}
		calls := len(h.calls)
		o.Presses("Delete")
		if !told(o, "Are you sure?") || len(h.calls) != calls {
			t.Errorf("not asked: %+v", o.Answers())
		}
		asked := o.news.Ephemeral(o.anna)
		for range 2 {
			o.noted(o.anna.Clicks(asked[len(asked)-1], "Do it"))
		}
		if h.last().Text != "unwatch oman" || len(h.calls) != calls+1 {
			t.Errorf("%d calls, the last %+v", len(h.calls)-calls, h.last())
		}
	})
}

// TestForms asserts that a form which comes late, or carries much, is filled in all the same, and that
// what was written is there when it is opened again.
func TestForms(t *testing.T) {
	long := strings.Repeat("a long rule ", 20)
	form := func(c bot.Call, wrong string) bot.Reply {
		return bot.Reply{Form: &bot.Form{Title: "Edit", Command: "edit", Args: map[string]string{"old": long},
			Channel: c.Channel, Fields: []bot.Field{{Name: "rule", Label: "Rule", Value: c.Args["rule"], Error: wrong}}}}
	}
	h := &clerk{opens: true, do: func(_ context.Context, c bot.Call) bot.Reply {
		switch {
		case c.Command == "edit" && c.Args["rule"] == "Oman talks" && c.Args["old"] == long:
			return say("saved", false)
		case c.Command == "edit" && c.Args["rule"] != "":
			return form(c, "Write Oman talks.")
		case c.Command == "slow":
			<-time.After(600 * time.Millisecond) // longer than an answer is waited for
		}
		return form(c, "")
	}}
	both(t, h, func(t *testing.T, o *office) {
		for _, command := range []string{"edit", "slow"} {
			o.anna.Types(o.news, "/tension "+command)
			o.anna.Submits(o.anna.WaitWindow(t), map[string]string{"rule": "Oman"})
			if !told(o, "Write Oman talks.") {
				t.Errorf("nothing is wrong: %+v", o.Answers())
			}
			o.Presses("Correct it")
			if got := o.anna.WaitWindow(t); got.Values()["rule"] != "Oman" || !strings.Contains(string(got.Components), "Write Oman talks.") {
				t.Errorf("the form is %s", got.Components)
			}
			o.Fills("rule", "Oman talks")
			if !told(o, "saved") || told(o, "Write Oman talks.") {
				t.Errorf("%+v", o.Answers())
			}
		}
	})
}

// TestSignatures asserts that over HTTP nobody is heard but Discord, now, and once.
func TestSignatures(t *testing.T) {
	h := &clerk{do: func(context.Context, bot.Call) bot.Reply { return say("done", false) }}
	o := openOffice(t, "http", h)
	path, hook := o.platform.Webhook(h)
	mux := http.NewServeMux()
	mux.Handle(path, hook)
	url := serveAt(t, mux) + path
	o.discord.SendTo(url)
	o.serve(h)
	if err := o.discord.VerifyURL(url); err != nil {
		t.Error(err)
	}
	for name, how := range map[string]discordtest.Signing{
		"damaged": {Damaged: true}, "missing": {Missing: true},
		"old": {Skew: -6 * time.Minute}, "early": {Skew: 6 * time.Minute},
	} {
		o.discord.Sign(how)
		d := o.anna.Types(o.news, "/tension list")
		if d.Status() != http.StatusUnauthorized || len(h.calls) > 0 {
			t.Errorf("%s: %d, %d calls", name, d.Status(), len(h.calls))
		}
	}
	o.discord.Sign(discordtest.Signing{})
	o.Types("list")
	if status := o.last.Again(); status != http.StatusConflict || len(h.calls) != 1 {
		t.Errorf("once more: %d, %d calls", status, len(h.calls))
	}
	resp, err := http.Get(url)
	if err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("%v, %v", resp, err)
	}
	_ = resp.Body.Close()
}

// TestRegistered asserts that the commands are set up once, and again only when they are others.
func TestRegistered(t *testing.T) {
	const put = "PUT /applications/{application_id}/commands"
	h := &people{}
	o := openOffice(t, "gateway", h)
	o.serve(h)
	for range 2 {
		set := discord.DefaultSettings()
		set.Token, set.APIURL = o.discord.Token(), o.discord.APIURL()
		before := len(o.discord.Calls("GET /applications/{application_id}/commands"))
		p, err := discord.New(set, table(), nil, o.logger())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Serve(ctx, h) }()
		o.Until("it to look", func() bool {
			return len(o.discord.Calls("GET /applications/{application_id}/commands")) > before
		})
		cancel()
		<-ended
	}
	if n := len(o.discord.Calls(put)); n != 1 {
		t.Errorf("set up %d times", n)
	}
}

// TestOneServer asserts that the commands can be set up for one server alone.
func TestOneServer(t *testing.T) {
	t.Parallel()
	s := discordtest.New(t)
	g := s.Guild("G1", "Desk")
	set := discord.DefaultSettings()
	set.Token, set.APIURL, set.GuildID = s.Token(), s.APIURL(), g.ID
	for range 2 {
		p, err := discord.New(set, table(), nil, (&office{log: &syncBuffer{}}).logger())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Serve(ctx, &people{}) }()
		s.Wait(t, "commands", func() bool { return len(s.Commands(g)) == 2 && s.Listening() == 1 })
		cancel()
		<-ended
	}
	if n := len(s.Calls("PUT /applications/{application_id}/guilds/{guild_id}/commands")); n != 1 {
		t.Errorf("set up %d times", n)
	}
}

// TestPermit asserts who may change things.
func TestPermit(t *testing.T) {
	o := openOffice(t, "gateway", nil)
	set := discord.DefaultSettings()
	set.Token, set.Editors = "t", []string{"77", "5"}
	narrow, err := discord.New(set, table(), nil, o.logger())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		user, rights string
		wide, narrow bool
	}{
		{"1", "16 ", true, false}, {"1", "8 ", true, false}, {"1", "2048 3,4", false, false},
		{"77", "0 ", false, true}, {"1", "0 4,5", false, true}, {"1", "", false, false},
	} {
		c := bot.Caller{User: test.user, Rights: test.rights}
		for p, may := range map[*discord.Platform]bool{o.platform: test.wide, narrow: test.narrow} {
			var refusal *bot.Refusal
			if err := p.Permit(t.Context(), c, ""); (err == nil) != may || err != nil && !errors.As(err, &refusal) {
				t.Errorf("%+v: %v", c, err)
			}
		}
	}
}

// TestForum asserts that a forum gets one post a story, and that what comes later stands in it.
func TestForum(t *testing.T) {
	o := openOffice(t, "gateway", nil)
	forum := o.guild.Forum("desk")
	c := bot.Channel("discord:" + forum.ID)
	m := bot.Message{Delivery: "d1", Kind: bot.KindAlert, Cards: []bot.Card{{
		Headline: bot.Plain("Talks begin"), Severity: story.SeverityHigh,
	}}}
	root, err := o.platform.Post(t.Context(), c, m)
	if err != nil {
		t.Fatal(err)
	}
	reply := m
	reply.Delivery, reply.Kind, reply.Thread, reply.Loud = "d2", bot.KindEscalation, root, true
	r, err := o.platform.Post(t.Context(), c, reply)
	if err != nil || r == root {
		t.Fatal(r, err)
	}
	if err := o.platform.Edit(t.Context(), c, r, m); err != nil {
		t.Error(err)
	}
	threads := forum.Threads()
	if len(threads) != 1 || threads[0].Name() != "Talks begin" || len(threads[0].Messages()) != 2 {
		t.Errorf("%d posts", len(threads))
	}
}

// TestQuietReplies asserts that a reply notifies nobody unless it is loud.
func TestQuietReplies(t *testing.T) {
	t.Parallel()
	const suppressed = 1 << 12
	o := openOffice(t, "gateway", nil)
	root, err := o.platform.Post(t.Context(), o.Channel(), bot.Message{Title: "Talks", Delivery: "d1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, loud := range []bool{false, true} {
		m := bot.Message{Title: "More", Thread: root, Loud: loud}
		if _, err := o.platform.Post(t.Context(), o.Channel(), m); err != nil {
			t.Fatal(err)
		}
		all := o.news.Messages()
		if last := all[len(all)-1]; (last.Flags&suppressed == 0) != loud || last.ReplyTo != root.ID {
			t.Errorf("loud %v: flags %d, reply to %q", loud, last.Flags, last.ReplyTo)
		}
	}
	// A reply to what was deleted, or cannot be replied to, is told all the same.
	o.news.Forbid(discordtest.ReadMessageHistory)
	if _, err := o.platform.Post(t.Context(), o.Channel(), bot.Message{Title: "More", Thread: root}); err != nil {
		t.Error(err)
	}
	o.news.Permit(discordtest.ReadMessageHistory)
	gone := bot.Receipt{ID: "1"}
	if _, err := o.platform.Post(t.Context(), o.Channel(), bot.Message{Title: "More", Thread: gone}); err != nil {
		t.Error(err)
	}
}

// TestTwice asserts that a delivery which is posted twice within minutes is there once.
func TestTwice(t *testing.T) {
	o := openOffice(t, "gateway", nil)
	m := bot.Message{Title: "Talks", Delivery: "d1"}
	first, err := o.platform.Post(t.Context(), o.Channel(), m)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := o.platform.Post(t.Context(), o.Channel(), m); err != nil || second != first || len(o.Posts()) != 1 {
		t.Errorf("%v, %v: %d posts", second, err, len(o.Posts()))
	}
}

// TestPace asserts that the pace of a channel is what Discord told of it, and that it is kept.
func TestPace(t *testing.T) {
	t.Parallel()
	o := openOffice(t, "gateway", nil)
	for i := range 8 {
		m := bot.Message{Title: "Talks", Delivery: "d" + string(rune('1'+i))}
		if _, err := o.platform.Post(t.Context(), o.Channel(), m); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.discord.Provoked429(); n > 0 {
		t.Errorf("%d requests were refused", n)
	}
	pace := o.platform.Pace(o.Channel(), false)
	if pace.Burst != 5 || pace.Every > time.Second || pace.Name == o.platform.Pace(o.Channel(), true).Name {
		t.Errorf("%+v", pace)
	}
}

func TestInvite(t *testing.T) {
	text := discord.Manifest("123")
	want := "https://discord.com/oauth2/authorize?client_id=123&permissions=274878024704&scope=bot+applications.commands"
	if !strings.HasPrefix(text, want+"\n") || !strings.Contains(text, "Embed Links: ") {
		t.Errorf("%s", text)
	}
}

// TestSettings asserts that what is missing is said with what to do.
func TestSettings(t *testing.T) {
	for want, change := range map[string]func(*discord.Settings){
		"token":      func(s *discord.Settings) { s.Token = "" },
		"public_key": func(s *discord.Settings) { s.Mode = "http" },
		"Public Key": func(s *discord.Settings) { s.Mode, s.PublicKey = "http", "zz" },
		"api_url":    func(s *discord.Settings) { s.APIURL = "::" },
	} {
		set := discord.DefaultSettings()
		set.Token = "secret"
		change(&set)
		if _, err := discord.New(set, typed.Table{}, nil, nil); err == nil || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", want, err)
		}
	}
}
