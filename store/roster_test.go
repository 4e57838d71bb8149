package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

func (r *room) followers() []bot.Subscription {
	r.tb.Helper()
	followers, err := r.Followers(r.tb.Context(), []string{oman.ID, "unknown"})
	r.must(err)
	return followers
}

func TestAdoptFeeds(t *testing.T) {
	r := reading(t, "http://a/", "http://b/", "http://chat/")
	r.meddle(`update feeds set due = 9e15, gone = url = 'http://b/', etag = url;
		update feeds set origin = 'slack:T1' where url = 'http://chat/'`)
	a, chat := source("http://a/"), source("http://chat/")
	a.Schedule, chat.Name = "0 * * * *", "renamed"
	r.adopt(store.Roster{Feeds: []feeds.Source{a, chat}})
	got := r.due(9)
	if len(got) != 1 || got[0].Schedule != a.Schedule || got[0].ETag != "http://a/" {
		t.Errorf("a changed schedule is due at once: %+v", got)
	}
	if r.count(`select count(*) from feeds where retired and url = 'http://b/'`) != 1 {
		t.Error("a feed that is not named any more still is read")
	}
	if r.count(`select count(*) from feeds where name = 'renamed'
		or url = 'http://chat/' and retired`) != 0 {
		t.Error("a feed of chat was touched")
	}
	r.adopt(store.Roster{})
	if r.count(`select count(*) from feeds where not retired and origin = 'slack:T1'`) != 1 {
		t.Error("a feed of chat was retired")
	}
	r.meddle(`update feeds set retired = true`)
	r.adopt(store.Roster{Feeds: []feeds.Source{source("http://b/"), chat}})
	if n := r.count(`select count(*) from feeds where not retired and not gone
		and origin = 'config'`); n != 2 {
		t.Errorf("%d of the two retired feeds are read again", n)
	}
}

func TestAdoptSubscriptions(t *testing.T) {
	r := open(t)
	follow := func(subs ...bot.Subscription) {
		t.Helper()
		r.adopt(store.Roster{Watches: []rules.Watch{oman}, Subscriptions: subs})
	}
	one, two := subscription("console:"), subscription("slack:C1")
	one.GroupWait, one.Quiet, one.Zone = 90*time.Second, "22:00-07:00", "Asia/Tehran"
	one.Digest, one.MinPublishers, one.MinSeverity = "0 9 * * *", 3, story.SeverityHigh
	follow(one, two)
	one.Since, two.Since = noon, noon
	if got := r.followers(); !reflect.DeepEqual(got, []bot.Subscription{one, two}) {
		t.Errorf("got  %+v\nwant %+v", got, []bot.Subscription{one, two})
	}
	r.meddle(`update subscriptions set origin = 'slack:T1' where channel = 'slack:C1'`)
	r.advance(time.Hour)
	one.MinPublishers, two.MinPublishers = 4, 4
	follow(one, two)
	if got := r.followers(); got[0].MinPublishers != 4 || !got[0].Since.Equal(noon) ||
		got[1].MinPublishers != 1 {
		t.Errorf("after a change of policy: %+v", got)
	}
	follow()
	if got := r.followers(); len(got) != 1 || got[0].Channel != "slack:C1" {
		t.Errorf("after the config let go: %+v", got)
	}
	r.meddle(`update subscriptions set paused = 'gone', retired = true`)
	follow(one, two)
	got := r.followers()
	if len(got) != 2 || !got[0].Since.Equal(r.Now()) || !got[1].Since.Equal(r.Now()) {
		t.Errorf("anew: %+v", got)
	}
	r.meddle(`update subscriptions set paused = 'gone'`)
	follow(one, two)
	if got := r.followers(); got != nil {
		t.Errorf("a restart ended a pause: %+v", got)
	}
}

func TestNotices(t *testing.T) {
	r := open(t)
	roster := store.Roster{
		Feeds: []feeds.Source{source("http://a/")}, Watches: []rules.Watch{oman},
		Subscriptions: []bot.Subscription{subscription("console:"), subscription("slack:C1")},
	}
	told := func() (lines []string) {
		t.Helper()
		r.advance(time.Second)
		for _, d := range r.claim(9) {
			if d.Kind != bot.KindNotice || d.Pairs != nil || d.Notice == nil {
				t.Fatalf("claimed %+v", d)
			}
			lines = append(lines, string(d.Channel)+" "+d.Notice.Lines[0])
			r.settle(d, bot.StateSent)
		}
		slices.Sort(lines)
		return lines
	}
	expect := func(want ...string) {
		t.Helper()
		r.adopt(roster)
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	expect("console: 1 watches, 1 feeds", "slack:C1 1 watches, 1 feeds")
	expect()
	roster.Feeds = append(roster.Feeds, source("http://b/"))
	roster.Subscriptions = append(roster.Subscriptions, subscription("slack:C2"))
	expect("console: 0 watches, 1 feeds", "slack:C1 0 watches, 1 feeds",
		"slack:C2 1 watches, 1 feeds")
	r.meddle(`update feeds set origin = 'slack:T1'`)
	expect()
}
