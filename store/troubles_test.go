package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// TestTellTroubles lets feeds break and come back, and reads what two channels hear of it: one that
// the feed http://a/ has brought a story to, and one that came later.
func TestTellTroubles(t *testing.T) {
	r := open(t)
	roster := store.Roster{
		Feeds:         []feeds.Source{source("http://a/")},
		Watches:       []rules.Watch{oman},
		Subscriptions: []bot.Subscription{subscription("console:")},
	}
	r.adopt(roster)
	r.poll(item("1"))
	told := tale("s", 1)
	for _, a := range r.unsifted() {
		r.file(story.Filing{Item: a.Item, Outcome: story.OutcomeAlerted, Story: &told})
	}
	r.owe()
	roster.Feeds = append(roster.Feeds, source("http://b/"), source("http://c/"))
	roster.Subscriptions = append(roster.Subscriptions, subscription("slack:C1"))
	r.adopt(roster) // http://b/ and http://c/ were never read
	r.hear(t, 0)

	var broken []string
	look := func(f feeds.Feed, _ time.Time) (bot.FeedTrouble, bot.FeedVerdict) {
		return bot.FeedTrouble{Feed: f.URL, Why: "It fails."}, verdictOf(f, broken)
	}
	for _, step := range []struct {
		name   string
		broken []string
		change func()
		want   map[bot.Channel]string
	}{
		{"nothing is broken", nil, nil, nil},
		{"one feed stops", []string{"http://a/"}, nil,
			map[bot.Channel]string{"console:": "1 feed has stopped working"}},
		{"it still does not work", []string{"http://a/"}, nil, nil},
		{"it wavers", []string{"?http://a/"}, nil, nil},
		{"feeds that nobody knows stop too", []string{"http://a/", "http://b/", "http://c/"}, nil,
			map[bot.Channel]string{"console:": "2 feeds have stopped working",
				"slack:C1": "2 feeds have stopped working"}},
		{"a paused channel hears nothing", []string{"http://b/", "http://c/"},
			func() { r.meddle(`update subscriptions set paused = 'out' where channel = 'console:'`) }, nil},
		{"one is back and one is read no more", []string{"http://b/"}, func() {
			r.meddle(`update subscriptions set paused = '';
				update feeds set retired = true where url = 'http://c/'`)
		}, map[bot.Channel]string{"console:": "1 feed back"}},
		{"the last is back", nil, nil,
			map[bot.Channel]string{"console:": "1 feed back", "slack:C1": "1 feed back"}},
		{"all is quiet", nil, nil, nil},
	} {
		if step.change != nil {
			step.change()
		}
		broken = step.broken
		r.advance(time.Hour)
		owed, err := r.TellTroubles(t.Context(), look)
		r.must(err)
		heard := r.hear(t, owed)
		for c, title := range step.want {
			if !strings.HasPrefix(heard[c], title) {
				t.Errorf("%s: %s hears %q, want %q", step.name, c, heard[c], title)
			}
		}
		if len(heard) != len(step.want) {
			t.Errorf("%s: heard are %v, want %v", step.name, heard, step.want)
		}
	}
}

// verdictOf is that of a feed, given the addresses of those in trouble; one that wavers stands there
// behind a question mark.
func verdictOf(f feeds.Feed, broken []string) bot.FeedVerdict {
	switch {
	case slices.Contains(broken, f.URL):
		return bot.FeedTroubled
	case slices.Contains(broken, "?"+f.URL):
		return bot.FeedWavers
	}
	return bot.FeedWorks
}

// hear posts everything that is owed and returns the titles of the notices, of which there are so
// many as were owed; zero asks for no number.
func (r *room) hear(t *testing.T, owed int) map[bot.Channel]string {
	t.Helper()
	heard := make(map[bot.Channel]string)
	for {
		claimed := r.claim(100)
		if len(claimed) == 0 {
			break
		}
		for _, d := range claimed {
			if d.Notice != nil {
				heard[d.Channel] = d.Notice.Title
			}
			r.settle(d, bot.StateSent)
		}
		r.advance(time.Minute)
	}
	if owed != 0 && len(heard) != owed {
		t.Errorf("%d notices are owed and %d heard", owed, len(heard))
	}
	return heard
}
