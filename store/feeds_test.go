package store_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// reading opens a store that reads the feeds.
func reading(tb testing.TB, urls ...string) *room {
	r := open(tb)
	var roster store.Roster
	for _, url := range urls {
		roster.Feeds = append(roster.Feeds, source(url))
	}
	r.adopt(roster)
	return r
}

func (r *room) due(n int) []feeds.Feed {
	r.tb.Helper()
	due, err := r.Due(r.tb.Context(), n)
	r.must(err)
	return due
}

// poll claims the one feed that is due and saves what a good poll would.
func (r *room) poll(items ...feeds.Item) (fresh int) {
	r.tb.Helper()
	due := r.due(1)
	if len(due) != 1 {
		r.tb.Fatalf("%d feeds are due", len(due))
	}
	f := due[0]
	f.Due, f.Polled, f.BodyAt = r.Now(), r.Now(), r.Now()
	fresh, err := r.Save(r.tb.Context(), f, items)
	r.must(err)
	return fresh
}

func item(key string) feeds.Item {
	return feeds.Item{
		Key: key, Link: "https://example.org/" + key + "?a=1", Canonical: "example.org/" + key,
		Title: "Oman talks <" + key + ">", Text: "Text & \u2028 «" + key + "»", Publisher: "Example",
		Lang: "fa", Categories: []string{"a, b", `"c"`}, Published: noon.Add(-time.Hour),
		Fetched: noon, Arrival: feeds.Fresh,
	}
}

func items(n int, prefix string) (out []feeds.Item) {
	for i := range n {
		out = append(out, item(fmt.Sprintf("%s%03d", prefix, i)))
	}
	return out
}

func urls(fs []feeds.Feed) (out []string) {
	for _, f := range fs {
		out = append(out, f.URL)
	}
	return out
}

func TestDueInOrderAndOnce(t *testing.T) {
	r := reading(t, "http://a/", "http://b/", "http://c/", "http://later/")
	r.meddle(`update feeds set due = case url when 'http://a/' then 30 when 'http://b/' then 20
		when 'http://c/' then 10 else 9e15 end`)
	if got := urls(r.due(2)); !slices.Equal(got, []string{"http://c/", "http://b/"}) {
		t.Errorf("first claim: %v", got)
	}
	if got := urls(r.due(9)); !slices.Equal(got, []string{"http://a/"}) {
		t.Errorf("second claim: %v", got)
	}
	if got := r.due(9); got != nil {
		t.Errorf("third claim: %v", got)
	}
}

func TestOutdatedSaveChangesNothing(t *testing.T) {
	r := reading(t, "http://a/")
	slow := r.due(1)[0]
	if !slow.Claimed.Equal(noon) || !slow.Lease.After(noon) {
		t.Errorf("claimed %v until %v", slow.Claimed, slow.Lease)
	}
	r.advance(slow.Lease.Sub(noon))
	fast := r.due(1)[0]
	slow.ETag = "slow"
	fresh, err := r.Save(t.Context(), slow, items(2, "x"))
	r.must(err)
	if fresh != 0 || r.count(`select count(*) from items`) != 0 {
		t.Errorf("an outdated save: %d fresh", fresh)
	}
	if r.due(1) != nil {
		t.Error("an outdated save ended the lease of another")
	}
	fresh, err = r.Save(t.Context(), fast, items(2, "x"))
	r.must(err)
	if fresh != 2 || r.count(`select count(*) from feeds where etag = 'slow'`) != 0 {
		t.Errorf("the save in time: %d fresh", fresh)
	}
}

func TestFeedStateRoundTrip(t *testing.T) {
	r := reading(t, "http://a/")
	f := r.due(1)[0]
	if !reflect.DeepEqual(f.Source, source("http://a/")) {
		t.Errorf("source: %+v", f.Source)
	}
	f.State = feeds.State{ETag: `W/"é"`, LastModified: "then", BodyHash: "h", Due: noon.Add(1e9),
		RetryAfter: noon.Add(2e9), Polled: noon.Add(3e9), BodyAt: noon.Add(4e9), Failures: 5,
		FailingSince: noon.Add(6e9), LastError: "why", Moved: "https://b/", Held: 7,
		Rhythm: syndication.Rhythm{TTL: time.Hour, SkipHours: []int{0, 23}, SkipDays: []time.Weekday{0}},
		Pulse:  manners.Pulse{News: noon.Add(8e9), Every: time.Minute}, GapAt: noon.Add(9e9),
		Truncated: true, Took: time.Second}
	_, err := r.Save(t.Context(), f, nil)
	r.must(err)
	r.advance(time.Minute)
	if got := r.due(1)[0].State; !reflect.DeepEqual(got, f.State) {
		t.Errorf("got  %+v\nwant %+v", got, f.State)
	}
}

func TestSaveIsAtomic(t *testing.T) {
	ways := map[string]func(*room) context.Context{
		"an insert fails": func(r *room) context.Context {
			r.meddle(`create trigger full before insert on items when new.key = 'x001'
				begin select raise(abort, 'the disk is full'); end`)
			return t.Context()
		},
		"cancelled": func(*room) context.Context {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return ctx
		},
	}
	for name, spoil := range ways {
		t.Run(name, func(t *testing.T) {
			r := reading(t, "http://a/")
			f := r.due(1)[0]
			f.ETag = "new"
			if fresh, err := r.Save(spoil(r), f, items(2, "x")); err == nil || fresh != 0 {
				t.Errorf("%d fresh, %v", fresh, err)
			}
			if r.count(`select count(*) from items`) != 0 ||
				r.count(`select count(*) from feeds where etag = ''`) != 1 {
				t.Error("half of it was saved")
			}
		})
	}
}

func TestKnownItems(t *testing.T) {
	r := reading(t, "http://a/")
	many := items(600, "x") // more than one membership test holds
	if fresh := r.poll(append(many, many[0])...); fresh != 600 {
		t.Errorf("first poll: %d fresh", fresh)
	}
	unsifted := r.unsifted()
	for len(unsifted) > 0 {
		r.file(filingsOf(unsifted, story.OutcomeUnmatched)...)
		unsifted = r.unsifted()
	}
	r.advance(time.Minute)
	changed := many[550]
	changed.Title, changed.Fetched = "Other words", r.Now()
	if fresh := r.poll(append([]feeds.Item{many[0], changed}, item("new"))...); fresh != 1 {
		t.Errorf("second poll: %d fresh", fresh)
	}
	got := r.unsifted()
	if len(got) != 2 || got[0].Title != "Other words" || got[1].Key != "new" {
		t.Fatalf("offered: %+v", got)
	}
	if got[0].Outcome != story.OutcomeUnmatched || !got[0].Fetched.Equal(noon) {
		t.Errorf("a known item came as %+v", got[0])
	}
}

func TestSameKeyInTwoFeeds(t *testing.T) {
	r := reading(t, "http://a/", "http://b/")
	if n := r.poll(item("1")) + r.poll(item("1")); n != 2 {
		t.Errorf("%d fresh", n)
	}
}

func TestPollAll(t *testing.T) {
	r := reading(t, "http://later/", "http://gone/", "http://asked/", "http://retired/")
	r.meddle(`update feeds set due = 9e15, gone = url = 'http://gone/',
		retired = url = 'http://retired/',
		retry_after = case url when 'http://asked/' then 8e15 else 0 end`)
	skipped, err := r.PollAll(t.Context())
	r.must(err)
	if got := urls(r.due(9)); skipped != 2 || !slices.Equal(got, []string{"http://later/"}) {
		t.Errorf("skipped %d, due %v", skipped, got)
	}
	if r.count(`select count(*) from feeds where due = 0`) != 1 {
		t.Error("a feed that was skipped was made due")
	}
}

func TestPrune(t *testing.T) {
	const keep = 30 * 24 * time.Hour
	r := reading(t, "http://a/")
	r.poll(item("gone"), item("shown"), item("unsifted"))
	arrivals := r.unsifted()
	r.file(filingsOf(arrivals[:2], story.OutcomeUnmatched)...)
	again := filingsOf(arrivals[:2], story.OutcomeAlerted)
	again[0].Refiled = true
	r.file(again...)
	prune := func(want int64) {
		t.Helper()
		if n, err := r.Prune(t.Context(), keep); n != want || err != nil {
			t.Errorf("pruned %d, want %d (%v)", n, want, err)
		}
	}
	r.advance(keep)
	r.poll(item("shown"))
	prune(0) // exactly as old as that
	r.advance(time.Millisecond)
	prune(1)
	if n := r.count(`select count(*) from item_history`); n != 0 {
		t.Errorf("%d rows of history are left", n)
	}
	r.adopt(store.Roster{})
	prune(1)
	if left := r.unsifted(); len(left) != 1 || r.count(`select count(*) from items`) != 1 {
		t.Errorf("left: %+v", left)
	}
}

// TestKnown asserts that what is remembered is that of the feed, under key, words and link.
func TestKnown(t *testing.T) {
	r := reading(t, "http://a/", "http://b/")
	left, shared := item("left"), item("shared")
	shared.Canonical = item("twin").Canonical
	r.poll(append(items(600, "x"), left, shared, item("twin"))...)
	r.poll(item("other feed's"))
	r.advance(time.Minute)
	r.meddle(`update feeds set due = 9e15 where url = 'http://b/'`)
	r.poll(items(600, "x")...)
	f := r.due(1)[0]
	changed, renamed, moved, sharing := item("x550"), item("x001"), item("x002"), item("new")
	changed.Title = "Other words"
	renamed.Key, renamed.Canonical = "renamed", ""
	moved.Key, moved.Title = "moved", "Yet other words"
	sharing.Canonical = item("twin").Canonical
	asked := append(items(500, "x"), changed, left, renamed, moved, sharing, item("other feed's"))
	m, err := r.Known(t.Context(), f, asked)
	r.must(err)
	if len(m.Keys) != 502 || len(m.Wordings) != 1 || len(m.Links) != 1 {
		t.Fatalf("%d keys, wordings %v, links %v", len(m.Keys), m.Wordings, m.Links)
	}
	old := item("x550")
	want := feeds.Remembered{Wording: old.Wording(), Title: old.Title, Text: old.Text, Last: true}
	if got := m.Keys["x550"]; got != want {
		t.Errorf("changed: %+v", got)
	}
	if got := m.Keys["x001"]; got.Title != "" || !got.Last || m.Keys["left"].Last {
		t.Errorf("x001: %+v, left: %+v", got, m.Keys["left"])
	}
	if !m.Wordings[renamed.Wording()] || m.Links[moved.Canonical].Title != item("x002").Title {
		t.Errorf("under other keys: %v %v", m.Wordings, m.Links)
	}
}
