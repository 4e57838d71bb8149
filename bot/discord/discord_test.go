package discord_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/spec"
	"github.com/tensionwatch/tensionwatch/bot/platformtest"
)

// ackTime is the time within which everything is acknowledged.
const ackTime = 500 * time.Millisecond

// office is a platform in a fake Discord with one server, a channel and a person.
type office struct {
	t        *testing.T
	discord  *discordtest.Server
	guild    *discordtest.Guild
	news     *discordtest.Channel
	anna     *discordtest.Member
	platform *discord.Platform
	standing *standing
	log      *syncBuffer
	last     *discordtest.Delivery
	served   error
	ended    chan struct{}
	stop     context.CancelFunc
}

// table is the commands that platformtest gives.
func table() typed.Table {
	return typed.Table{
		{Name: "list", Short: "lists", Args: []typed.Arg{{Name: "what", Kind: typed.Rest, Optional: true}}},
		{Name: "press", Short: "has a button"},
		{Name: "edit", Short: "asks with a form"},
		{Name: "slow", Short: "takes a while"},
		{Name: "status", Short: "says how it is"},
		{Name: "feed add", Short: "adds a feed", Args: []typed.Arg{{Name: "url", Kind: typed.URL}}},
	}
}

// openOffice starts a Discord with a platform in it. With mode "http" Discord calls h there.
func openOffice(t *testing.T, mode string, h bot.Handler, change ...func(*discord.Settings)) *office {
	t.Helper()
	return openStrict(t, mode, h, discordtest.Options{}, change...)
}

func openStrict(t *testing.T, mode string, h bot.Handler, how discordtest.Options,
	change ...func(*discord.Settings)) *office {
	t.Helper()
	s := discordtest.NewWith(t, how)
	o := &office{t: t, discord: s, standing: &standing{}, log: &syncBuffer{}}
	o.guild = s.Guild("G1", "Desk")
	o.news, o.anna = o.guild.Channel("news"), o.guild.Member("Anna", discordtest.ManageChannels)
	set := discord.DefaultSettings()
	set.Mode, set.Token, set.PublicKey, set.APIURL = mode, s.Token(), s.PublicKey(), s.APIURL()
	for _, c := range change {
		c(&set)
	}
	p, err := discord.New(set, table(), o.standing, o.logger())
	if err != nil {
		t.Fatal(err)
	}
	o.platform = p
	if path, hook := p.Webhook(h); hook != nil {
		mux := http.NewServeMux()
		mux.Handle(path, hook)
		s.SendTo(serveAt(t, mux) + path)
	}
	t.Cleanup(func() {
		o.keepsSecrets()
		o.keepsToTheDocument()
	})
	return o
}

// serveAt serves over HTTP until the test ends.
func serveAt(t *testing.T, h http.Handler) (url string) {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func (o *office) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// serve runs the platform until the test ends, and waits until it hears.
func (o *office) serve(h bot.Handler) {
	o.t.Helper()
	o.start(h)
	o.hears()
}

// start runs the platform until the test ends.
func (o *office) start(h bot.Handler) {
	ctx, cancel := context.WithCancel(o.t.Context())
	o.ended, o.stop = make(chan struct{}), cancel
	go func() {
		o.served = o.platform.Serve(ctx, h)
		close(o.ended)
	}()
	o.t.Cleanup(func() {
		cancel()
		<-o.ended
	})
}

// hears waits until the platform can be told something, and its commands can be typed.
func (o *office) hears() {
	o.discord.Wait(o.t, "the platform to hear", func() bool {
		if path, _ := o.platform.Webhook(nil); path == "" && o.discord.Listening() == 0 {
			return false
		}
		return len(o.discord.Commands(nil)) > 0 || len(o.discord.Commands(o.guild)) > 0
	})
}

// keepsSecrets fails the test if a log holds a secret.
func (o *office) keepsSecrets() {
	log := o.log.String()
	for _, secret := range []string{o.discord.Token(), "aW50ZXJhY3Rpb246"} {
		if strings.Contains(log, secret) {
			o.t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if o.t.Failed() {
		o.t.Log(log)
	}
}

// sharedData is where Discord's own description is kept, beside the checkout.
const sharedData = "../../../shared/data"

// document is Discord's description, or nil where it is not.
var document = sync.OnceValue(func() *spec.Document {
	text, err := exec.Command("tar", "-xJOf", sharedData+"/api-specs.tar.xz", "api-specs/discord-openapi.json").Output()
	if err != nil {
		return nil
	}
	d, err := spec.Read(text)
	if err != nil {
		return nil
	}
	return d
})

// keepsToTheDocument fails the test if anything that was sent is not as Discord describes it.
func (o *office) keepsToTheDocument() {
	d := document()
	if d == nil {
		return
	}
	for _, c := range o.discord.Calls("") {
		method, _, _ := strings.Cut(c.Route, " ")
		if len(c.Body) == 0 {
			continue
		}
		if err := d.Check(method, c.Path, c.Body); err != nil {
			o.t.Errorf("%s is sent\n%s\nand %v", c.Route, c.Body, err)
		}
	}
}

// standing keeps what a platform says of its token.
type standing struct {
	mu      sync.Mutex
	refused string
}

func (s *standing) Refused(_, reason string) { s.set(reason) }
func (s *standing) Accepted(string)          { s.set("") }

func (s *standing) set(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = reason
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

func (o *office) Channel() bot.Channel { return bot.Channel("discord:" + o.news.ID) }

func (o *office) Posts() (posts []platformtest.Post) { return shown(o.news.Messages()) }

func shown(messages []*discordtest.Message) (posts []platformtest.Post) {
	for _, m := range messages {
		if m.Thinking {
			continue
		}
		posts = append(posts, platformtest.Post{
			ID: m.ID, Text: m.Rendered(), Thread: m.ReplyTo, Mentions: m.Mentions(),
		})
	}
	return posts
}

func (o *office) Limit(after time.Duration) {
	o.discord.Fail(discordtest.PostMessage, discordtest.RateLimited(after), 1)
}

func (o *office) Break() {
	o.discord.Fail(discordtest.PostMessage, discordtest.Unavailable(http.StatusInternalServerError), 1)
}

func (o *office) Lose() { o.discord.Fail(discordtest.PostMessage, discordtest.AnswerLost(), 1) }

func (o *office) Remove() { o.news.Delete() }

// noted waits until what was done is acknowledged, and reports whether that was in time.
func (o *office) noted(d *discordtest.Delivery) bool {
	o.last = d
	return d.Wait() && d.Failure() == "" && d.Took() < ackTime
}

// Types gives a command as Discord has people give it.
func (o *office) Types(text string) bool {
	o.hears()
	command, rest, _ := strings.Cut(text, " ")
	if rest != "" {
		command += " what:" + rest
	}
	return o.noted(o.anna.Types(o.news, "/tension "+command))
}

func (o *office) Presses(label string) bool {
	answers := o.news.Ephemeral(o.anna)
	return o.noted(o.anna.Clicks(answers[len(answers)-1], label))
}

// Fills opens the form first where something was wrong with it: Discord closes it all the same.
func (o *office) Fills(name, value string) bool {
	if o.anna.Window() == nil && !o.Presses("Correct it") {
		return false
	}
	return o.noted(o.anna.Submits(o.anna.WaitWindow(o.t), map[string]string{name: value}))
}

func (o *office) Visits() bool { return false }

func (o *office) Again() { o.last.Again() }

func (o *office) Answers() []platformtest.Post { return shown(o.news.Ephemeral(o.anna)) }

// Form is the window, or the message that opens it again.
func (o *office) Form() string {
	if w := o.anna.Window(); w != nil {
		return w.Rendered()
	}
	for _, m := range o.news.Ephemeral(o.anna) {
		if strings.Contains(string(m.Components), "Correct it") {
			return m.Rendered()
		}
	}
	return ""
}

func (o *office) Home() string { return "" }

// Until waits for what Discord or the handler sees: the latter changes without Discord's noticing.
func (o *office) Until(what string, cond func() bool) {
	o.t.Helper()
	for begun := time.Now(); time.Since(begun) < 2*back; {
		ctx, cancel := context.WithTimeout(o.t.Context(), 20*time.Millisecond)
		met := o.discord.WaitContext(ctx, cond)
		cancel()
		if met {
			return
		}
	}
	o.t.Fatalf("waited in vain for %s; so far:\n%s", what, o.discord.Transcript())
}

func TestPlatform(t *testing.T) {
	for _, mode := range []string{"gateway", "http"} {
		t.Run(mode, func(t *testing.T) {
			platformtest.Run(t, func(t *testing.T, h bot.Handler) platformtest.Harness {
				return openOffice(t, mode, h)
			})
		})
	}
}
