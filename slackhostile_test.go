package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/bot/platformtest"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
	"github.com/tensionwatch/tensionwatch/web"
)

// TestSlackNaughty has strings that break programs stand in headlines, summaries, names of publishers
// and watches, rules and typed commands. Slack takes every message as it is, and no string mentions
// anybody, leads anywhere or is formatted.
func TestSlackNaughty(t *testing.T) {
	naughty := naughtyStrings(t)
	s := slacktest.NewWith(t, slacktest.Options{Rates: slacktest.Rates{Off: true}})
	team := s.Workspace("T1")
	room, amal := team.Channel("C1", "news"), team.User("U1", "amal <!here>")
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tw.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := naughtySlack(t, s, team)
	t.Run("alerts", func(t *testing.T) {
		tellNaughty(t, db, p, naughty)
		if got := len(room.Messages()); got != len(naughty) {
			t.Errorf("%d messages, want %d", got, len(naughty))
		}
	})
	t.Run("commands", func(t *testing.T) { typeNaughty(t, db, p, s, amal, room, naughty) })
	for _, m := range slices.Concat(room.Messages(), room.Ephemeral(amal)) {
		assertHarmless(t, m)
	}
	for _, method := range []string{"chat.postMessage", "chat.postEphemeral", "response_url"} {
		for _, c := range s.Calls(method) {
			if c.Error != "" {
				t.Errorf("Slack refused a message: %s: %.300v", c.Error, c.Args["blocks"])
			}
		}
	}
}

// assertHarmless asserts that a message mentions nobody, and leads only where it is meant to.
func assertHarmless(t *testing.T, m *slacktest.Message) {
	t.Helper()
	if m.User == "U1" {
		return // what people write is their own affair
	}
	if got := m.Mentions(); len(got) > 0 {
		t.Errorf("%q mentions %q", m.Text, got)
	}
	for _, link := range m.Links() {
		if link.URL != "https://gulfpost.example/1" {
			t.Errorf("%q leads to %s", m.Text, link.URL)
		}
	}
}

func naughtyStrings(t *testing.T) []string {
	t.Helper()
	return append(platformtest.Naughty(t, filepath.Join("..", "shared", "data")),
		"<!channel> <@U1> <https://evil.example|ok>", "*b* _i_ ~s~ `c` ```x```", "@here @channel",
		"www.evil.example evil.com mailto:a@evil.com", "> quote\n• list", strings.Repeat("\u0600", 5000))
}

func naughtySlack(t *testing.T, s *slacktest.Server, team *slacktest.Workspace) *slack.Platform {
	t.Helper()
	set := slack.DefaultSettings()
	set.BotToken, set.AppToken, set.APIURL = team.BotToken(), s.AppToken(), s.APIURL()
	set.ResponseHosts = []string{strings.TrimPrefix(s.URL(), "http://")}
	p, err := slack.New(set, new(web.Health), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tellNaughty tells a story for each string.
func tellNaughty(t *testing.T, db *store.DB, p bot.Platform, naughty []string) {
	t.Helper()
	var batch []story.Filing
	for i, text := range naughty {
		batch = append(batch, story.Filing{Story: &story.Story{
			ID: story.ID(fmt.Sprint("story", i)), Revision: 1, Headline: text + " ", Summary: text + ". " + text,
			Publishers: []string{text, "Gulf Post"}, Links: []string{"https://gulfpost.example/1"},
			Severity: story.SeverityHigh, Class: story.ClassNeutral, Began: db.Now(), Latest: db.Now(),
			Why: []story.Why{{Watch: "w", Name: text, Words: []string{text}}},
		}})
	}
	watch := rules.Watch{ID: "w", Name: "w", Owner: "config", Rule: "Oman"}
	err := db.Adopt(t.Context(), store.Roster{Watches: []rules.Watch{watch}}, welcome)
	if err != nil {
		t.Fatal(err)
	}
	follow := commands.Follow{Channel: "slack:C1", Watch: "w"}
	call := bot.Call{ID: "follow", Channel: "slack:C1", Caller: bot.Caller{Owner: "slack:T1"}}
	if err := db.Change(t.Context(), commands.Change{Call: call, Edits: []commands.Edit{follow}}); err != nil {
		t.Fatal(err)
	}
	if err := db.File(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	courier := bot.NewCourier(db, db, []bot.Platform{hasty{p}}, bot.Settings{}, slog.New(slog.DiscardHandler))
	if _, err := courier.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// hasty is a platform that may be posted to as fast as it answers.
type hasty struct{ bot.Platform }

// typeNaughty types each string where commands want words, and waits for an answer to each.
func typeNaughty(t *testing.T, db *store.DB, p bot.Platform, s *slacktest.Server, u *slacktest.User,
	room *slacktest.Channel, naughty []string) {
	desk := commands.NewDesk(db, nil, []bot.Platform{p}, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- p.Serve(ctx, desk) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	s.Wait(t, "the bot to hear", func() bool { return len(s.Sockets()) == 2 })
	ways := []string{"/tension %s", "/tension watch %s", "/tension watch Oman as %s", "/tension test %s",
		"/tension why %s", "/tension mute %s 1h", "/tension alias add Oman = %s", "/tension help %s"}
	for i, text := range naughty {
		before := len(room.Ephemeral(u)) + len(room.Messages())
		way := ways[i%len(ways)]
		d := u.Types(room, fmt.Sprintf(way, strings.ReplaceAll(text, "\n", " ")))
		if d.Failure() != "" {
			t.Errorf("%q: Slack shows %s", fmt.Sprintf(way, text), d.Failure())
			continue
		}
		s.Wait(t, fmt.Sprintf("an answer to %q", fmt.Sprintf(way, text)), func() bool {
			return len(room.Ephemeral(u))+len(room.Messages()) > before
		})
	}
}
