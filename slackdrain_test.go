package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
	"github.com/tensionwatch/tensionwatch/web"
)

var (
	drainStories = flag.Int("drainstories", 200, "how many stories TestSlackDrain owes each channel")
	drainFold    = flag.Int("drainfold", 5, "from how many alerts on TestSlackDrain folds them")
)

const (
	drainRooms = 50
	drainPause = 3 * time.Second // what Slack asks for once
)

// TestSlackDrain owes ten thousand alerts to fifty channels while Slack is down, and asserts that they
// are told as fast as Slack allows and no faster, folded into one post a channel, and that a Slack that
// asks for peace once is left in peace by all channels.
func TestSlackDrain(t *testing.T) {
	t.Parallel() // it waits for Slack nearly all the time
	w := newDrain(t, drainRooms, *drainStories, *drainFold)
	w.slack.Fail("chat.postMessage", slacktest.Answer(503, "down"), -1)
	outage, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	w.deliver(outage, t)
	w.slack.Heal()
	w.slack.Fail("chat.postMessage", slacktest.RateLimited("3"), 1)
	before := len(w.slack.Calls("chat.postMessage"))
	began := time.Now()
	for again := time.Tick(100 * time.Millisecond); w.owed(t) > 0; <-again {
		w.deliver(t.Context(), t)
	}
	calls := w.slack.Calls("chat.postMessage")[before:]
	t.Logf("%d alerts drained in %v with %d requests", drainRooms**drainStories,
		time.Since(began).Round(time.Second/10), len(calls))
	if n := w.slack.Provoked429(); n != 0 {
		t.Errorf("Slack was asked too often %d times", n)
	}
	assertPeace(t, calls)
	w.assertDrained(t)
}

// TestSlackChannelRests asserts that alerts which are not folded follow each other in a channel as
// slowly as Slack wants.
func TestSlackChannelRests(t *testing.T) {
	t.Parallel()
	w := newDrain(t, 1, 6, 0)
	w.deliver(t.Context(), t)
	for again := time.Tick(100 * time.Millisecond); w.owed(t) > 0; <-again {
		w.deliver(t.Context(), t)
	}
	if n := w.slack.Provoked429(); n != 0 {
		t.Errorf("Slack was asked too often %d times", n)
	}
	w.assertDrained(t)
}

// assertPeace asserts that after the request that was answered with 429 nothing was posted anywhere for
// as long as was asked for.
func assertPeace(t *testing.T, calls []slacktest.Call) {
	t.Helper()
	for i, c := range calls {
		if c.Status != 429 {
			continue
		}
		if i+1 == len(calls) {
			t.Fatal("nothing was posted after the pause")
		}
		if pause := calls[i+1].At.Sub(c.At); pause < drainPause {
			t.Errorf("request %d came %v after Slack asked for %v", i+2, pause, drainPause)
		}
		return
	}
	t.Error("Slack never asked for peace")
}

// drain is a store that owes much to the channels of a Slack.
type drain struct {
	stories int // owed to each channel
	fold    int
	slack   *slacktest.Server
	rooms   []*slacktest.Channel
	db      *store.DB
	courier *bot.Courier
}

func newDrain(t *testing.T, rooms, stories, fold int) *drain {
	t.Helper()
	w := &drain{stories: stories, fold: fold, slack: slacktest.New(t)}
	team := w.slack.Workspace("T1")
	watch := rules.Watch{ID: "oman", Name: "oman", Owner: "config", Rule: "Oman"}
	roster := store.Roster{Watches: []rules.Watch{watch}}
	for i := range rooms {
		room := team.Channel(fmt.Sprint("C", i), fmt.Sprint("room-", i))
		w.rooms = append(w.rooms, room)
		roster.Subscriptions = append(roster.Subscriptions, bot.Subscription{
			Channel: bot.Channel("slack:" + room.ID), Watch: watch.ID, Policy: "instant",
			MinPublishers: 1, MinSeverity: story.SeverityNone,
		})
	}
	var err error
	if w.db, err = store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tw.db"), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.db.Close() })
	if err := w.db.Adopt(t.Context(), roster, welcome); err != nil {
		t.Fatal(err)
	}
	w.file(t)
	w.connect(t, team)
	return w
}

// connect makes the courier.
func (w *drain) connect(t *testing.T, team *slacktest.Workspace) {
	t.Helper()
	set := slack.DefaultSettings()
	set.BotToken, set.AppToken, set.APIURL = team.BotToken(), w.slack.AppToken(), w.slack.APIURL()
	log := slog.New(slog.DiscardHandler)
	p, err := slack.New(set, new(web.Health), log)
	if err != nil {
		t.Fatal(err)
	}
	w.courier = bot.NewCourier(w.db, w.db, []bot.Platform{p}, bot.Settings{Fold: w.fold}, log)
	w.courier.Limits = w.db
}

// file makes the stories, each a second after the last.
func (w *drain) file(t *testing.T) {
	t.Helper()
	var batch []story.Filing
	for i := range w.stories {
		at := time.Now().Add(time.Duration(i-w.stories) * time.Second)
		batch = append(batch, story.Filing{Story: &story.Story{
			ID: story.ID(fmt.Sprintf("story%04d", i)), Revision: 1,
			Headline: fmt.Sprintf("Oman reports event %d", i), Publishers: []string{"Gulf Post"},
			Severity: story.SeverityNone, Class: story.ClassNeutral, Began: at, Latest: at,
			Why: []story.Why{{Watch: "oman", Name: "oman", Words: []string{"Oman"}}},
		}})
	}
	if err := w.db.File(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

func (w *drain) deliver(ctx context.Context, t *testing.T) {
	t.Helper()
	if _, err := w.courier.Deliver(ctx); err != nil {
		t.Fatal(err)
	}
}

// owed counts what is not told yet.
func (w *drain) owed(t *testing.T) int {
	t.Helper()
	l, err := w.db.Ledger(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return l.Deliveries[bot.StatePending] + l.Deliveries[bot.StatePosting] + l.Deliveries[bot.StateUncertain]
}

// assertDrained asserts that every alert was told, by one post a channel where they are folded.
func (w *drain) assertDrained(t *testing.T) {
	t.Helper()
	l, err := w.db.Ledger(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("deliveries %v", l.Deliveries)
	if told := l.Deliveries[bot.StateSent] + l.Deliveries[bot.StateBurst]; told != len(w.rooms)*w.stories {
		t.Errorf("%d of %d were told", told, len(w.rooms)*w.stories)
	}
	want := w.stories
	if w.fold > 0 && w.stories > w.fold {
		want = 1
	}
	for _, room := range w.rooms {
		alerts := 0
		for _, m := range room.Messages() {
			if deliveryOf(t, m) != "" {
				alerts++
			}
		}
		if alerts != want {
			t.Errorf("%s: %d posts, want %d", room.ID, alerts, want)
		}
	}
}
