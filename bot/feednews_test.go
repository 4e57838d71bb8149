package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
)

func TestFeedNews(t *testing.T) {
	trouble := func(n int) (list []bot.FeedTrouble) {
		for i := range n {
			list = append(list, bot.FeedTrouble{
				Feed: fmt.Sprintf("Feed %d", i), Why: "Cannot be read since 6 Feb 04:30 UTC.",
			})
		}
		return list
	}
	for _, test := range []struct {
		broken, back int
		title        string
		lines        []string // what some of the lines hold
	}{
		{1, 0, "1 feed has stopped working",
			[]string{"Feed 0: Cannot be read since 6 Feb 04:30 UTC.", "when it is back."}},
		{2, 1, "2 feeds have stopped working, 1 feed back", []string{"Feed 1: Cannot", "when they are back.", "Feed 0 works again."}},
		{0, 2, "2 feeds back", []string{"Feed 0 works again.", "Feed 1 works again."}},
		{17, 0, "17 feeds have stopped working", []string{"Feed 14: Cannot", "And 2 feeds more."}},
	} {
		got := bot.FeedNews(trouble(test.broken), trouble(test.back))
		text := strings.Join(got.Lines, "\n")
		if got.Title != test.title {
			t.Errorf("%d broken, %d back: %q, want %q", test.broken, test.back, got.Title, test.title)
		}
		for _, want := range test.lines {
			if !strings.Contains(text, want) {
				t.Errorf("%d broken, %d back: nothing says %q in\n%s", test.broken, test.back, want, text)
			}
		}
		if strings.Contains(text, "Feed 15") {
			t.Errorf("more feeds are named than anybody reads:\n%s", text)
		}
	}
}

func TestJudgeFeed(t *testing.T) {
	now := time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)
	failing := func(hours, failures int) feeds.State {
		return feeds.State{Polled: now.Add(-24 * time.Hour), Failures: failures,
			FailingSince: now.Add(-time.Duration(hours) * time.Hour), LastError: "the server answers 500"}
	}
	silent := func(s feeds.State) feeds.State {
		s.Polled = now.Add(-time.Minute)
		s.Pulse = manners.Pulse{News: now.Add(-30 * 24 * time.Hour), Every: time.Hour}
		return s
	}
	for _, test := range []struct {
		name string
		feeds.State
		want bot.FeedVerdict
	}{
		{"read a moment ago", feeds.State{Polled: now}, bot.FeedWorks},
		{"never asked", feeds.State{}, bot.FeedWorks},
		{"cut off", feeds.State{Polled: now, Truncated: true}, bot.FeedWorks},
		{"fails for an hour", failing(1, 9), bot.FeedWavers},
		{"failed twice, the first time long ago", failing(9, 2), bot.FeedWavers},
		{"fails for long", failing(6, 3), bot.FeedTroubled},
		{"gone", feeds.State{Gone: true}, bot.FeedTroubled},
		{"silent", silent(feeds.State{}), bot.FeedTroubled},
		{"silent, and we are cut off", silent(feeds.State{LastError: "we seem to be cut off"}), bot.FeedWavers},
		{"silent, and cut off", silent(feeds.State{Truncated: true}), bot.FeedWavers},
		{"we are cut off", feeds.State{Polled: now, LastError: "we seem to be cut off"}, bot.FeedWavers},
	} {
		trouble, got := bot.JudgeFeed(feeds.Feed{
			Source: feeds.Source{URL: "https://a.example/?key=secret"}, State: test.State,
		}, now)
		if got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
		if trouble.Why == "" || strings.Contains(trouble.Feed, "secret") {
			t.Errorf("%s: %+v", test.name, trouble)
		}
	}
}
