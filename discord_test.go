package main

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
	"github.com/tensionwatch/tensionwatch/web"
)

// TestDiscord runs the conversations of testdata/discord through both modes of the real program,
// against a Discord that refuses what Discord refuses. What people see must be the same in both.
func TestDiscord(t *testing.T) {
	for _, mode := range []string{"gateway", "http"} {
		t.Run(mode, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir:   "testdata/discord",
				Setup: func(e *testscript.Env) error { return setUpDiscord(e, mode) },
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"await":      await,
					"expand":     expand,
					"shown":      shown,
					"discord":    discordDoes,
					"transcript": discordTranscript,
				},
				UpdateScripts: *update,
			})
		})
	}
}

// hall is the Discord of a script: amal and noor may manage channels, zed may not. The bot may not
// post in #ops.
type hall struct {
	*discordtest.Server
	guild *discordtest.Guild
	users map[string]*discordtest.Member
	rooms map[string]*discordtest.Channel
	seen  int // how much of the transcript the script has looked at
	mode  string
}

type hallKey struct{}

func setUpDiscord(e *testscript.Env, mode string) error {
	if err := setUpScript(e); err != nil {
		return err
	}
	server, err := discordtest.Start(discordtest.Options{})
	if err != nil {
		return err
	}
	e.Defer(server.Close)
	h := &hall{Server: server, guild: server.Guild("G1", "Desk"), mode: mode}
	h.users = map[string]*discordtest.Member{
		"amal": h.guild.Member("amal", discordtest.ManageChannels),
		"noor": h.guild.Member("noor", discordtest.ManageChannels),
		"zed":  h.guild.Member("zed"),
	}
	h.rooms = map[string]*discordtest.Channel{
		"#news": h.guild.Channel("news"), "#ops": h.guild.Channel("ops"),
	}
	h.rooms["#ops"].Forbid(discordtest.SendMessages)
	e.Values[hallKey{}] = h
	for name, value := range map[string]string{
		"DISCORD_MODE":  mode,
		"DISCORD_API":   server.APIURL(),
		"DISCORD_TOKEN": server.Token(),
		"DISCORD_KEY":   server.PublicKey(),
	} {
		e.Setenv(name, value)
	}
	if mode == "http" {
		server.SendTo("http://" + e.Getenv("LISTEN") + "/discord/interactions")
	}
	return nil
}

// discordDoes makes a person of the script do something, or a channel have something happen to it:
//
//	discord amal #news types '/tension list'
//	discord amal #news clicks 'Mute story'      the last post that has such a button
//	discord amal #news picks 'Snooze watch' '1 hour'
//	discord amal #news asks 'Why this alert?'   a command on the last post
//	discord amal window submits rule 'Oman talks'
//	discord #news delete | forbid | permit | rename NAME
//	discord server removes | invites
//	discord sees 'a text'                       waits until somebody sees it
//	discord ready                               waits until the bot hears
//	discord settled                             waits until the bot knows what was posted
func discordDoes(ts *testscript.TestScript, neg bool, args []string) {
	h := ts.Value(hallKey{}).(*hall)
	if neg || len(args) == 0 {
		ts.Fatalf("usage: see discordDoes")
	}
	switch user, room := h.users[args[0]], h.rooms[args[0]]; {
	case args[0] == "ready":
		h.ready(ts)
	case args[0] == "settled":
		settled(ts)
	case args[0] == "sees":
		h.await(ts, args[1])
	case args[0] == "server":
		h.happens(ts, nil, args[1:])
	case room != nil:
		h.happens(ts, room, args[1:])
	case user != nil && args[1] == "window":
		h.atWindow(ts, user, args[2:])
	case user != nil && len(args) > 3 && h.rooms[args[1]] != nil:
		h.inRoom(ts, user, h.rooms[args[1]], args[2:])
	default:
		ts.Fatalf("nobody can do %q", args)
	}
}

// await waits until the part of the transcript that was not looked at yet holds a text.
func (h *hall) await(ts *testscript.TestScript, text string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if !h.WaitContext(ctx, func() bool { return strings.Contains(h.Transcript()[h.seen:], text) }) {
		ts.Fatalf("nobody sees %q; since the last time:\n%s", text, h.Transcript()[h.seen:])
	}
	at := strings.Index(h.Transcript()[h.seen:], text)
	h.seen += at + len(text)
}

// ready waits until the bot hears, and its commands can be typed.
func (h *hall) ready(ts *testscript.TestScript) {
	waitFor(ts, "the bot is ready", func() error {
		return web.Check(context.Background(), "http://"+ts.Getenv("LISTEN"))
	})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	heard := func() bool {
		return len(h.Commands(nil)) > 0 && (h.mode == "http" || h.Listening() == 1)
	}
	if !h.WaitContext(ctx, heard) {
		ts.Fatalf("the bot does not hear")
	}
	feedsRead(ts)
}

// done fails the script unless the bot answered in time.
func (h *hall) done(ts *testscript.TestScript, d *discordtest.Delivery) {
	if d.Wait(); d.Failure() != "" {
		ts.Fatalf("Discord shows %s", d.Failure())
	}
	if took := d.Took(); took > 500*time.Millisecond {
		ts.Logf("acknowledged after %v", took)
	}
}

func (h *hall) happens(ts *testscript.TestScript, room *discordtest.Channel, what []string) {
	switch what[0] {
	case "delete":
		room.Delete()
	case "forbid":
		room.Forbid(discordtest.SendMessages)
	case "permit":
		room.Permit(discordtest.SendMessages)
	case "rename":
		room.Rename(what[1])
	case "removes":
		h.guild.Remove()
	case "invites":
		h.guild.Invite()
	default:
		ts.Fatalf("nothing like %q happens", what[0])
	}
}

func (h *hall) atWindow(ts *testscript.TestScript, u *discordtest.Member, what []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !h.WaitContext(ctx, func() bool { return u.Window() != nil }) {
		ts.Fatalf("no window is open")
	}
	values := make(map[string]string)
	for i := 1; i+1 < len(what); i += 2 {
		values[what[i]] = what[i+1]
	}
	h.done(ts, u.Submits(u.Window(), values))
}

func (h *hall) inRoom(ts *testscript.TestScript, u *discordtest.Member, room *discordtest.Channel,
	what []string) {
	switch what[0] {
	case "types":
		h.done(ts, u.Types(room, what[1]))
	case "clicks":
		h.done(ts, u.Clicks(h.last(ts, u, room, what[1]), what[1]))
	case "picks":
		h.done(ts, u.Picks(h.last(ts, u, room, what[1]), what[1], what[2]))
	case "asks":
		posts := room.Messages()
		h.done(ts, u.MessageCommand(posts[len(posts)-1], what[1]))
	default:
		ts.Fatalf("nobody can %q in a channel", what)
	}
}

// last is the latest message in a channel, or of those that only one person sees, that shows a label.
func (h *hall) last(ts *testscript.TestScript, u *discordtest.Member, room *discordtest.Channel,
	label string) *discordtest.Message {
	for _, messages := range [][]*discordtest.Message{room.Ephemeral(u), room.Messages()} {
		for i := len(messages) - 1; i >= 0; i-- {
			if strings.Contains(string(messages[i].Components), `"`+label+`"`) {
				return messages[i]
			}
		}
	}
	ts.Fatalf("no message shows %q", label)
	return nil
}

// idsAndTimes are what is another one at each run.
var idsAndTimes = regexp.MustCompile(`<t:\d+:\w>|\b\d{17,20}\b|\btw=\w+`)

// discordTranscript writes what everybody saw into a file.
func discordTranscript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: transcript FILE")
	}
	h := ts.Value(hallKey{}).(*hall)
	seen := idsAndTimes.ReplaceAllString(dates.ReplaceAllString(h.Transcript(), "(some time)"), "(…)")
	seen = strings.ReplaceAll(seen, ts.Getenv("FEEDS"), "https://feeds.example")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(seen), 0o644))
}
