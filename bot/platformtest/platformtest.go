// Package platformtest is the test that every platform passes.
//
// A platform's own test brings a [Harness] around it: the platform, and what it posts to. What the
// surroundings can do besides – fail as the real ones do, or have people in them – is asked by
// assertion: a harness that is also [Faulty] or [Social] is asked more.
package platformtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// Harness is a platform with its surroundings. Each is used for one test only.
type Harness interface {
	Platform() bot.Platform

	// Channel is a place to which the platform can post.
	Channel() bot.Channel

	// Posts is what everybody sees in the channel, in order, as it is now.
	Posts() []Post
}

// Post is a message as a reader sees it.
type Post struct {
	ID       string // as the receipt has it; empty where posts have no names
	Text     string // all of it
	Thread   string // the ID of the post to which it is a reply
	Mentions []string
}

// Faulty is a [Harness] whose surroundings can fail.
type Faulty interface {
	Harness

	Limit(after time.Duration) // the next post is refused: there are too many
	Break()                    // the next post meets a server that is out of order, and does not arrive
	Lose()                     // the next post arrives, and its answer does not
	Remove()                   // the channel is closed to the platform
}

// Social is a [Harness] with a person in its channel.
type Social interface {
	Harness

	// Each of these reports whether the platform took notice in time.
	Types(text string) bool        // gives a command
	Presses(label string) bool     // presses a button of the latest message that the person sees
	Fills(name, value string) bool // fills in a field of the open form and submits it
	Visits() bool                  // opens the bot's home

	Again() // the platform is told once more of what the person did last

	Answers() []Post // what the person alone sees in the channel
	Form() string    // the open form as it reads, with what is wrong with it; empty: none is open
	Home() string    // the bot's home as it reads

	// Until waits until the condition holds.
	Until(what string, cond func() bool)
}

// patience is how long a platform may take to notice that it is to end.
const patience = 10 * time.Second

// Run tests a platform. The harness is made anew for each test, with who answers the calls.
func Run(t *testing.T, open func(t *testing.T, h bot.Handler) Harness) {
	plain := map[string]func(*testing.T, Harness){
		"posts":         posts,
		"posts by name": names,
		"edits":         edits,
		"threads":       threads,
		"hostile text":  hostile,
		"long text":     long,
		"ends":          ends,
	}
	for name, test := range plain {
		t.Run(name, func(t *testing.T) { test(t, open(t, newHandler())) })
	}
	faulty := map[string]func(*testing.T, Faulty){
		"limited":      limited,
		"out of order": broken,
		"lost answer":  lost,
		"gone":         gone,
	}
	for name, test := range faulty {
		t.Run(name, func(t *testing.T) {
			h, ok := open(t, newHandler()).(Faulty)
			if !ok {
				t.Log("the surroundings of this platform do not fail")
				return
			}
			test(t, h)
		})
	}
	social := map[string]func(*testing.T, Social, *handler){
		"commands":     commands,
		"told twice":   twice,
		"buttons":      buttons,
		"forms":        forms,
		"home":         home,
		"slow handler": slow,
	}
	for name, test := range social {
		t.Run(name, func(t *testing.T) {
			h := newHandler()
			s, ok := open(t, h).(Social)
			if !ok {
				t.Log("there is nobody to use this platform")
				return
			}
			serve(t, s.Platform(), h)
			test(t, s, h)
		})
	}
}

// serve runs the platform until the test ends.
func serve(t *testing.T, p bot.Platform, h bot.Handler) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

// message is one that any platform can show, with an ID of a delivery.
func message(id, headline string) bot.Message {
	return bot.Message{Delivery: id, Kind: bot.KindAlert, Cards: []bot.Card{{
		Story: "s1", Revision: 1, Headline: bot.Plain(headline),
		Summary: bot.Plain("What became known since."), Links: []string{"https://news.example/1"},
		Publishers: []string{"Gazette"}, Severity: story.SeverityHigh,
		Began:  time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC),
		Latest: time.Date(2026, 2, 6, 8, 5, 0, 0, time.UTC),
	}}}
}

func mustPost(t *testing.T, h Harness, m bot.Message) bot.Receipt {
	t.Helper()
	r, err := h.Platform().Post(t.Context(), h.Channel(), m)
	if err != nil {
		t.Fatalf("Post: %v", err)
	}
	return r
}

// mustShow returns the post that holds a text, which must be the only one.
func mustShow(t *testing.T, h Harness, text string) Post {
	t.Helper()
	var found []Post
	for _, p := range h.Posts() {
		if strings.Contains(p.Text, text) {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d posts hold %q, want one: %+v", len(found), text, h.Posts())
	}
	return found[0]
}

func posts(t *testing.T, h Harness) {
	r := mustPost(t, h, message("d1", "Talks begin"))
	if p := mustShow(t, h, "Talks begin"); p.ID != "" && p.ID != r.ID {
		t.Errorf("the receipt is %q, the post %q", r.ID, p.ID)
	}
	if r.ID == "" {
		t.Error("the receipt names no post")
	}
}

func names(t *testing.T, h Harness) {
	first := mustPost(t, h, message("d1", "Talks begin"))
	second := mustPost(t, h, message("d2", "Talks end"))
	if first.ID == second.ID {
		t.Errorf("two posts are called %q", first.ID)
	}
}

func edits(t *testing.T, h Harness) {
	e, ok := h.Platform().(bot.Editor)
	if !ok {
		t.Log("this platform changes no posts")
		return
	}
	r := mustPost(t, h, message("d1", "Talks begin"))
	for range 2 { // once more does no harm
		if err := e.Edit(t.Context(), h.Channel(), r, message("d2", "Talks go on")); err != nil {
			t.Fatal(err)
		}
	}
	mustShow(t, h, "Talks go on")
	if n := len(h.Posts()); n != 1 {
		t.Errorf("%d posts, want the one that was changed", n)
	}
	var retry *bot.RetryError
	err := e.Edit(t.Context(), h.Channel(), bot.Receipt{ID: "1.000001"}, message("d3", "Nothing"))
	if err == nil || errors.As(err, &retry) {
		t.Errorf("changing what is not there: %v, want an error for good", err)
	}
}

func threads(t *testing.T, h Harness) {
	root := mustPost(t, h, message("d1", "Talks begin"))
	reply := message("d2", "Shots are fired")
	reply.Kind, reply.Thread = bot.KindEscalation, root
	mustPost(t, h, reply)
	if p := mustShow(t, h, "Shots are fired"); p.ID != "" && p.Thread != root.ID {
		t.Errorf("it replies to %q, want %q", p.Thread, root.ID)
	}
}

func hostile(t *testing.T, h Harness) {
	for i, text := range []string{
		"@everyone @here <!channel> <!here> <@U1> <@&1> <#C1> </mute:1>", "*bold* _it_ ~no~ `code` > q",
		"[x](https://evil.example) <https://evil.example|x>", "\u202eesrever\u202c",
		"line one\nline two\r\n\x00\x1b[31m", "🇮🇷🧑‍🧑‍🧒‍🧒 e\u0301",
	} {
		m := message("d"+string(rune('a'+i)), text)
		m.Cards[0].Publishers = []string{text}
		m.Cards[0].Summary = bot.Plain(text)
		mustPost(t, h, m)
	}
	for _, p := range h.Posts() {
		if len(p.Mentions) > 0 {
			t.Errorf("mentions %q in %q", p.Mentions, p.Text)
		}
	}
}

func long(t *testing.T, h Harness) {
	m := message("d1", strings.Repeat("Talks and more talks ", 2000))
	m.Cards[0].Summary = bot.Plain(strings.Repeat("They talk. ", 5000))
	for range 200 {
		m.Rest = append(m.Rest, m.Cards[0])
	}
	m.Kind, m.Title = bot.KindDigest, strings.Repeat("Digest ", 100)
	mustPost(t, h, m)
	if p := mustShow(t, h, "Talks and more talks"); !strings.Contains(p.Text, "…") &&
		len(p.Text) < 40_000 {
		t.Error("it was cut without a sign")
	}
}

func ends(t *testing.T, h Harness) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Platform().Serve(ctx, newHandler()) }()
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("Serve: %v", err)
		}
	case <-time.After(patience):
		t.Error("Serve goes on without its context")
	}
}

func limited(t *testing.T, h Faulty) {
	h.Limit(7 * time.Second)
	_, err := h.Platform().Post(t.Context(), h.Channel(), message("d1", "Talks begin"))
	var retry *bot.RetryError
	if !errors.As(err, &retry) || retry.After != 7*time.Second {
		t.Errorf("%v, want to be asked again in 7s", err)
	}
	if !errors.Is(err, bot.ErrLimited) {
		t.Errorf("%v does not say that there are too many posts", err)
	}
	mustPost(t, h, message("d1", "Talks begin"))
	mustShow(t, h, "Talks begin")
}

func broken(t *testing.T, h Faulty) {
	h.Break()
	_, err := h.Platform().Post(t.Context(), h.Channel(), message("d1", "Talks begin"))
	var retry *bot.RetryError
	if !errors.As(err, &retry) && !errors.Is(err, bot.ErrUncertain) {
		t.Errorf("%v, want to be asked again", err)
	}
	mustPost(t, h, message("d1", "Talks begin"))
	mustShow(t, h, "Talks begin")
}

func lost(t *testing.T, h Faulty) {
	f, ok := h.Platform().(bot.Finder)
	if !ok {
		t.Log("this platform finds no posts")
		return
	}
	now := time.Now()
	d := bot.Delivery{
		ID: "d1", Channel: h.Channel(), Kind: bot.KindAlert, Claimed: now, Tried: now,
		Pairs: []bot.Pair{{Story: story.Story{ID: "s1", Revision: 1, Headline: "Talks begin"}}},
	}
	if _, ok, err := f.Find(t.Context(), h.Channel(), d); ok || err != nil {
		t.Errorf("before it was posted: found %v, %v", ok, err)
	}
	mustPost(t, h, message("d0", "Something else"))
	h.Lose()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := h.Platform().Post(ctx, h.Channel(), message("d1", "Talks begin"))
	if !errors.Is(err, bot.ErrUncertain) {
		t.Fatalf("%v, want ErrUncertain", err)
	}
	r, ok, err := f.Find(t.Context(), h.Channel(), d)
	if err != nil || !ok {
		t.Fatalf("found %v, %v", ok, err)
	}
	if p := mustShow(t, h, "Talks begin"); p.ID != r.ID {
		t.Errorf("found %q, want %q", r.ID, p.ID)
	}
}

func gone(t *testing.T, h Faulty) {
	h.Remove()
	_, err := h.Platform().Post(t.Context(), h.Channel(), message("d1", "Talks begin"))
	if !errors.Is(err, bot.ErrGone) {
		t.Errorf("%v, want ErrGone", err)
	}
}
