package slack_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/platformtest"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
)

// ackTime is the time within which everything is acknowledged.
const ackTime = 500 * time.Millisecond

// office is a platform in a fake Slack with one workspace, a channel and a person.
type office struct {
	t        *testing.T
	slack    *slacktest.Server
	ws       *slacktest.Workspace
	news     *slacktest.Channel
	anna     *slacktest.User
	platform *slack.Platform
	standing *standing
	log      *syncBuffer
	last     *slacktest.Delivery
}

// settings suit a fake Slack.
func settings(s *slacktest.Server, ws *slacktest.Workspace) slack.Settings {
	set := slack.DefaultSettings()
	set.BotToken, set.AppToken, set.SigningSecret = ws.BotToken(), s.AppToken(), s.SigningSecret()
	set.APIURL = strings.TrimSuffix(s.APIURL(), "/")
	set.ResponseHosts = []string{strings.TrimPrefix(s.URL(), "http://")}
	return set
}

// openOffice starts a Slack with a platform in it. With a handler in mode "http" Slack calls it there.
func openOffice(t *testing.T, mode string, h bot.Handler, change ...func(*slack.Settings)) *office {
	t.Helper()
	s := slacktest.NewWith(t, slacktest.Options{Rates: slacktest.Rates{Off: true}})
	keepsToTheDescription(t, s)
	o := &office{t: t, slack: s, standing: &standing{}, log: &syncBuffer{}}
	o.ws = s.Workspace("T1")
	o.ws.Scopes(readManifest(t, mode).OAuth.Scopes.Bot...)
	o.news, o.anna = o.ws.Channel("C1", "news"), o.ws.User("U1", "Anna")
	set := settings(s, o.ws)
	set.Mode = mode
	for _, c := range change {
		c(&set)
	}
	log := slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p, err := slack.New(set, o.standing, log)
	if err != nil {
		t.Fatal(err)
	}
	o.platform = p
	if path, hook := p.Webhook(h); hook != nil {
		mux := http.NewServeMux()
		mux.Handle(path, hook)
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		s.SendTo(server.URL + path)
	}
	t.Cleanup(func() { o.keepsSecrets() })
	return o
}

// serve runs the platform until the test ends, and waits until it hears.
func (o *office) serve(h bot.Handler) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.platform.Serve(ctx, h) }()
	o.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			o.t.Errorf("Serve: %v", err)
		}
	})
	o.hears()
}

// hears waits until the platform can be told something.
func (o *office) hears() {
	o.slack.Wait(o.t, "the platform to hear", func() bool {
		if path, _ := o.platform.Webhook(nil); path != "" {
			return len(o.slack.Calls("auth.test")) > 0
		}
		return len(o.slack.Sockets()) == 2 && len(o.slack.Calls("auth.test")) > 0
	})
}

// keepsSecrets fails the test if a log holds a secret.
func (o *office) keepsSecrets() {
	log := o.log.String()
	for _, secret := range []string{
		o.ws.BotToken(), o.slack.AppToken(), o.slack.SigningSecret(), "/response/", "ticket",
	} {
		if strings.Contains(log, secret) {
			o.t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}

// standing keeps what a platform says of its tokens.
type standing struct {
	mu      sync.Mutex
	refused string
	said    []string
}

func (s *standing) Refused(_, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = reason
	s.said = append(s.said, reason)
}

func (s *standing) Accepted(string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = ""
	s.said = append(s.said, "")
}

func (s *standing) reason() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

type syncBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// The office is a harness: it can fail, and Anna is in it.

func (o *office) Platform() bot.Platform { return o.platform }

func (o *office) Channel() bot.Channel { return "slack:C1" }

func (o *office) Posts() (posts []platformtest.Post) { return seen(o.news.Messages()) }

func seen(messages []*slacktest.Message) (posts []platformtest.Post) {
	for _, m := range messages {
		posts = append(posts, platformtest.Post{
			ID: m.TS, Text: m.Rendered(), Thread: m.ThreadTS, Mentions: m.Mentions(),
		})
	}
	return posts
}

func (o *office) Limit(after time.Duration) {
	o.slack.Fail("chat.postMessage", slacktest.RateLimited(fmt.Sprint(int(after.Seconds()))), 1)
}

func (o *office) Break() {
	o.slack.Fail("chat.postMessage", slacktest.Answer(http.StatusInternalServerError, "oops"), 1)
}

func (o *office) Lose() { o.slack.Fail("chat.postMessage", slacktest.AnswerLost(), 1) }

func (o *office) Remove() { o.news.Archive() }

// noted waits until what was done is acknowledged, and reports whether that was in time.
func (o *office) noted(d *slacktest.Delivery) bool {
	o.last = d
	return d.Wait() && d.Failure() == "" && d.Took() < ackTime
}

func (o *office) Types(text string) bool {
	o.hears()
	return o.noted(o.anna.Types(o.news, "/tension "+text))
}

func (o *office) Presses(label string) bool {
	answers := o.news.Ephemeral(o.anna)
	return o.noted(o.anna.Clicks(answers[len(answers)-1], label))
}

func (o *office) Fills(name, value string) bool {
	return o.noted(o.anna.Submits(o.anna.Window(), map[string]string{name: value}))
}

func (o *office) Visits() bool {
	o.hears()
	return o.noted(o.anna.OpensHome())
}

func (o *office) Again() { o.last.Again() }

func (o *office) Answers() []platformtest.Post { return seen(o.news.Ephemeral(o.anna)) }

func (o *office) Form() string {
	if v := o.anna.Window(); v != nil {
		return v.Rendered()
	}
	return ""
}

func (o *office) Home() string {
	if v := o.anna.Home(); v != nil {
		return v.Rendered()
	}
	return ""
}

func (o *office) Until(what string, cond func() bool) { o.slack.Wait(o.t, what, cond) }

func TestPlatform(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			platformtest.Run(t, func(t *testing.T, h bot.Handler) platformtest.Harness {
				return openOffice(t, mode, h)
			})
		})
	}
}

// TestLostReply: an update changes the story's post and tells the news in its thread. The changed
// post is no proof that the reply was posted.
func TestLostReply(t *testing.T) {
	o := openOffice(t, "socket", nil)
	out := platformtest.NewOutbox("slack:C1", "Talks begin")
	out.Passes(t, o.platform, 1)
	root := out.Owed[0].Receipt
	more := platformtest.NewOutbox("slack:C1", "Talks collapse")
	more.Owed[0].ID, more.Owed[0].Kind, more.Owed[0].News = "d-update", bot.KindUpdate, true
	more.Owed[0].Prior, more.Owed[0].Root = root, root
	o.slack.Fail("chat.postMessage", slacktest.Answer(500, ""), 1)
	more.Passes(t, o.platform, 5)
	if d := more.Owed[0]; d.State != bot.StateSent || d.Receipt == root {
		t.Errorf("the update is %s as %v; the post that it changed is %v", d.State, d.Receipt, root)
	}
	if n := len(o.news.Messages()); n != 2 {
		t.Errorf("%d messages, want the alert and the reply", n)
	}
}

// TestLostAnswerToAPerson: people are written to by their ID, and have no history by it. What may have
// been written is written again, marked, and they are not taken for gone.
func TestLostAnswerToAPerson(t *testing.T) {
	o := openOffice(t, "socket", nil)
	out := platformtest.NewOutbox("slack:U1", "Talks begin")
	o.slack.Fail("chat.postMessage", slacktest.Answer(500, ""), 1)
	out.Passes(t, o.platform, 5)
	if d := out.Owed[0]; d.State != bot.StateSent || d.Gone || !d.Repeat {
		t.Errorf("it is %s, gone %v, a repeat %v: %s", d.State, d.Gone, d.Repeat, d.Why)
	}
}
