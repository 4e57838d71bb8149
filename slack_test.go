package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
	"github.com/tensionwatch/tensionwatch/web"
)

// TestSlack runs the conversations of testdata/slack through both modes of the real program, against
// a Slack that refuses what Slack refuses. What people see must be the same in both.
func TestSlack(t *testing.T) {
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir:   "testdata/slack",
				Setup: func(e *testscript.Env) error { return setUpSlack(e, mode) },
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"await":      await,
					"expand":     expand,
					"shown":      shown,
					"slack":      slackDoes,
					"transcript": transcript,
				},
				UpdateScripts: *update,
			})
		})
	}
}

// workplace is the Slack of a script: amal and noor are members, zed is a guest; #news has the bot in
// it, #ops does not.
type workplace struct {
	*slacktest.Server
	team  *slacktest.Workspace
	users map[string]*slacktest.User
	rooms map[string]*slacktest.Channel
	seen  int // how much of the transcript the script has looked at
	mode  string
}

type workplaceKey struct{}

func setUpSlack(e *testscript.Env, mode string) error {
	if err := setUpScript(e); err != nil {
		return err
	}
	server, err := slacktest.Start(slacktest.Options{})
	if err != nil {
		return err
	}
	e.Defer(server.Close)
	w := &workplace{Server: server, team: server.Workspace("T1"), mode: mode}
	w.users = map[string]*slacktest.User{
		"amal": w.team.User("U1", "amal"),
		"noor": w.team.User("U2", "noor"),
		"zed":  w.team.User("U3", "zed", slacktest.Guest),
	}
	w.rooms = map[string]*slacktest.Channel{
		"#news": w.team.Channel("C1", "news"),
		"#ops":  w.team.Channel("C2", "ops"),
	}
	w.rooms["#ops"].Kick()
	e.Values[workplaceKey{}] = w
	for name, value := range map[string]string{
		"SLACK_MODE":           mode,
		"SLACK_API":            server.APIURL(),
		"SLACK_HOST":           strings.TrimPrefix(server.URL(), "http://"),
		"SLACK_BOT_TOKEN":      w.team.BotToken(),
		"SLACK_APP_TOKEN":      server.AppToken(),
		"SLACK_SIGNING_SECRET": server.SigningSecret(),
	} {
		e.Setenv(name, value)
	}
	if mode == "http" {
		server.SendTo("http://" + e.Getenv("LISTEN") + "/slack/events")
	}
	return nil
}

// slackDoes makes a person of the script do something, or a channel have something happen to it:
//
//	slack amal #news types '/tension list'
//	slack amal #news clicks 'Mute story'        the last post that has such a button
//	slack amal #news picks 'Snooze watch' '1 hour'
//	slack amal #news asks why-this-alert        a shortcut on the last post
//	slack amal home                             opens the app's Home
//	slack amal home clicks Edit
//	slack amal window types rule 'Oman talks'
//	slack amal window submits rule 'Oman talks'
//	slack #news archive | unarchive | kick | invite | rename NAME
//	slack sees 'a text'                         waits until somebody sees it
//	slack ready                                 waits until the bot hears
//	slack settled                               waits until the bot knows what was posted
func slackDoes(ts *testscript.TestScript, neg bool, args []string) {
	w := ts.Value(workplaceKey{}).(*workplace)
	if neg || len(args) == 0 {
		ts.Fatalf("usage: see slackDoes")
	}
	switch user, room := w.users[args[0]], w.rooms[args[0]]; {
	case args[0] == "ready":
		w.ready(ts)
	case args[0] == "settled":
		settled(ts)
	case args[0] == "sees":
		w.await(ts, args[1])
	case room != nil:
		w.happens(ts, room, args[1:])
	case user != nil && args[1] == "home":
		w.atHome(ts, user, args[2:])
	case user != nil && args[1] == "window":
		w.atWindow(ts, user, args[2:])
	case user != nil && len(args) > 3 && w.rooms[args[1]] != nil:
		w.inRoom(ts, user, w.rooms[args[1]], args[2:])
	default:
		ts.Fatalf("nobody can do %q", args)
	}
}

// await waits until the part of the transcript that was not looked at yet holds a text.
func (w *workplace) await(ts *testscript.TestScript, text string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if !w.WaitContext(ctx, func() bool { return strings.Contains(w.Transcript()[w.seen:], text) }) {
		ts.Fatalf("nobody sees %q; since the last time:\n%s", text, w.Transcript()[w.seen:])
	}
	at := strings.Index(w.Transcript()[w.seen:], text)
	w.seen += at + len(text)
}

// ready waits until the bot hears: on the path, or through its sockets.
func (w *workplace) ready(ts *testscript.TestScript) {
	waitFor(ts, "the bot is ready", func() error {
		return web.Check(context.Background(), "http://"+ts.Getenv("LISTEN"))
	})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	heard := func() bool { return len(w.Sockets()) == 2 }
	if w.mode == "socket" && !w.WaitContext(ctx, heard) {
		ts.Fatalf("the bot opened %d sockets", len(w.Sockets()))
	}
	feedsRead(ts)
}

// settled waits until the program's memory knows of no post that is still to be made or answered.
func settled(ts *testscript.TestScript) {
	counts(ts, "posts are on their way", `select count(*) from deliveries where state in ('pending', 'posting')`)
}

// feedsRead waits until what the feeds hold is known.
func feedsRead(ts *testscript.TestScript) {
	counts(ts, "feeds are not read yet", `select count(*) from feeds where polled = 0`)
	counts(ts, "items are not sifted yet", `select count(*) from items where unsifted`)
}

// counts waits until a count in the program's memory is zero.
func counts(ts *testscript.TestScript, what, query string) {
	memory, err := sql.Open("sqlite", "file:"+ts.MkAbs("tw.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	ts.Check(err)
	defer memory.Close()
	waitFor(ts, "0 "+what, func() error {
		var n int
		err := memory.QueryRow(query).Scan(&n)
		if err == nil && n > 0 {
			err = fmt.Errorf("%d %s", n, what)
		}
		return err
	})
}

// done fails the script unless the bot acknowledged in time.
func (w *workplace) done(ts *testscript.TestScript, d *slacktest.Delivery) {
	if d.Wait(); d.Failure() != "" {
		ts.Fatalf("Slack shows %s", d.Failure())
	}
	if took := d.Took(); took > 500*time.Millisecond {
		ts.Logf("acknowledged after %v", took)
	}
}

func (w *workplace) happens(ts *testscript.TestScript, room *slacktest.Channel, what []string) {
	switch what[0] {
	case "archive":
		w.done(ts, room.Archive())
	case "unarchive":
		w.done(ts, room.Unarchive())
	case "kick":
		w.done(ts, room.Kick())
	case "invite":
		w.done(ts, room.Invite())
	case "rename":
		w.done(ts, room.Rename(what[1]))
	default:
		ts.Fatalf("nothing like %q happens to a channel", what[0])
	}
}

func (w *workplace) atHome(ts *testscript.TestScript, u *slacktest.User, what []string) {
	switch {
	case len(what) == 0:
		w.done(ts, u.OpensHome())
	case what[0] == "clicks":
		w.done(ts, u.Clicks(u.Home(), what[1]))
	default:
		ts.Fatalf("nobody can %q at Home", what)
	}
}

func (w *workplace) atWindow(ts *testscript.TestScript, u *slacktest.User, what []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !w.WaitContext(ctx, func() bool { return u.Window() != nil }) {
		ts.Fatalf("no window is open")
	}
	switch what[0] {
	case "types":
		w.done(ts, u.TypesInto(u.Window(), what[1], what[2]))
	case "submits":
		values := make(map[string]string)
		for i := 1; i+1 < len(what); i += 2 {
			values[what[i]] = what[i+1]
		}
		w.done(ts, u.Submits(u.Window(), values))
	default:
		ts.Fatalf("nobody can %q in a window", what)
	}
}

func (w *workplace) inRoom(ts *testscript.TestScript, u *slacktest.User, room *slacktest.Channel,
	what []string) {
	switch what[0] {
	case "types":
		w.done(ts, u.Types(room, what[1]))
	case "clicks":
		w.done(ts, u.Clicks(w.last(ts, u, room, what[1]), what[1]))
	case "picks":
		w.done(ts, u.Picks(w.last(ts, u, room, what[1]), what[1], what[2]))
	case "asks":
		posts := room.Messages()
		w.done(ts, u.Shortcut(posts[len(posts)-1], what[1]))
	default:
		ts.Fatalf("nobody can %q in a channel", what)
	}
}

// last is the latest message in a channel, or of those that only one person sees, that shows a label.
func (w *workplace) last(ts *testscript.TestScript, u *slacktest.User, room *slacktest.Channel,
	label string) *slacktest.Message {
	for _, messages := range [][]*slacktest.Message{room.Ephemeral(u), room.Messages()} {
		for i := len(messages) - 1; i >= 0; i-- {
			if strings.Contains(messages[i].Rendered(), "["+label) {
				return messages[i]
			}
		}
	}
	ts.Fatalf("no message shows %q", label)
	return nil
}

// dates are what is another one at each run.
var dates = regexp.MustCompile(`\b(20\d\d-\d\d-\d\d \d\d:\d\d|\w{3} \d+ \w{3} (20\d\d )?\d\d:\d\d|\d+ \w{3} (20\d\d )?\d\d:\d\d)( UTC)?`)

// days are those of a look back.
var days = regexp.MustCompile(`\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) +\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b`)

// transcript writes what everybody saw into a file.
func transcript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: transcript FILE")
	}
	w := ts.Value(workplaceKey{}).(*workplace)
	seen := dates.ReplaceAllString(w.Transcript(), "(some time)")
	seen = days.ReplaceAllString(seen, "(some day)")
	seen = strings.ReplaceAll(seen, "    It is quiet now, until (some time).\n", "") // it depends on the hour
	seen = strings.ReplaceAll(seen, ", since (some time) ·", " ·")                   // a minute may end between two reports
	seen = strings.ReplaceAll(seen, ts.Getenv("FEEDS"), "https://feeds.example")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(seen), 0o644))
}
