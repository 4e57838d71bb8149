package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// sampled reads items of the archive, by their keys.
func (r *room) sampled(since time.Time, step int) (keys []string) {
	r.tb.Helper()
	for it, err := range r.Items(r.tb.Context(), since, step) {
		r.must(err)
		keys = append(keys, it.Key)
	}
	return keys
}

// filled opens a store with n items, one fetched each second from noon on.
func filled(tb testing.TB, n int) *room {
	r := reading(tb, "http://a/")
	many := items(n, "k")
	for i := range many {
		many[i].Fetched = noon.Add(time.Duration(i) * time.Second)
	}
	r.poll(many...)
	return r
}

func TestArchive(t *testing.T) {
	r := filled(t, 500)
	for _, tt := range []struct{ first, step, want int }{
		{0, 1, 500}, {0, 0, 500}, {0, 3, 167}, {490, 1, 10}, {490, 4, 3}, {499, 9, 1}, {500, 1, 0},
	} {
		var want []string
		for i := tt.first; i < 500; i += max(tt.step, 1) {
			want = append(want, fmt.Sprintf("k%03d", i))
		}
		since := noon.Add(time.Duration(tt.first) * time.Second)
		if got := r.sampled(since, tt.step); len(got) != tt.want || !slices.Equal(got, want) {
			t.Errorf("from %d by %d: %d items: %v", tt.first, tt.step, len(got), got)
		}
		if n, err := r.Count(t.Context(), since); err != nil || n != 500-tt.first {
			t.Errorf("from %d: %d, %v", tt.first, n, err)
		}
	}
	for it, err := range r.Items(t.Context(), noon.Add(time.Second), 1) {
		want := item("k001")
		want.ID, want.Feed, want.Fetched = it.ID, it.Feed, noon.Add(time.Second)
		if err != nil || !reflect.DeepEqual(it, want) {
			t.Errorf("%+v, %v", it, err)
		}
		break
	}
}

// TestArchiveHoldsNothing: whoever reads slowly keeps nobody from writing, and sees what was there
// when it began.
func TestArchiveHoldsNothing(t *testing.T) {
	r := filled(t, 500)
	n := 0
	for _, err := range r.Items(t.Context(), time.Time{}, 1) {
		r.must(err)
		if n++; n == 1 {
			r.advance(time.Hour)
			r.poll(item("late"))
			r.meddle(`delete from items where key = 'k499'; pragma wal_checkpoint(truncate)`)
		}
	}
	if n != 499 {
		t.Errorf("%d items", n)
	}
}

func TestArchiveTellsWhatFails(t *testing.T) {
	r := filled(t, 3)
	r.meddle(`update items set categories = 'damaged' where key = 'k001'`)
	var last error
	for _, err := range r.Items(t.Context(), time.Time{}, 1) {
		last = err
	}
	if last == nil {
		t.Error("no error")
	}
}

func (r *room) traced(linkOrWords string, n int) []commands.Trace {
	r.tb.Helper()
	traces, err := r.Traces(r.tb.Context(), linkOrWords, "slack:C1", n)
	r.must(err)
	return traces
}

func TestTracesFind(t *testing.T) {
	r := reading(t, "http://a/", "http://b/")
	var body []feeds.Item
	for i, words := range [][2]string{
		{"Oman hosts talks", "Delegations met in Muscat."},
		{"ROMANIA", "The talks failed, a woman says"},
		{"عُمان تستضيف المحادثات", "قال علي شمخاني"},
		{"Çelik énergie", "Müzakere in Oman's capital"},
	} {
		link := fmt.Sprintf("http://www.example.org/news/%d/?utm_source=x&id=1", i)
		body = append(body, feeds.Item{Key: fmt.Sprint(i), Title: words[0], Text: words[1], Link: link,
			Canonical: fmt.Sprintf("https://example.org/news/%d?id=1", i),
			Fetched:   noon.Add(time.Duration(i) * time.Second)})
	}
	r.poll(body...)
	r.poll(body[0])
	for _, tt := range []struct {
		ask  string
		n    int
		want []string
	}{
		{"oman", 9, []string{"3", "0", "0"}},
		{"Oman", 1, []string{"3"}},
		{"Muscat, talks", 9, []string{"0", "0"}},
		{"TALKS", 9, []string{"1", "0", "0"}},
		{"talks oman woman", 9, nil},
		{"rom", 9, nil},
		{"علی شمخانی", 9, []string{"2"}},
		{"عمان", 9, []string{"2"}},
		{"celik energie muzakere", 9, []string{"3"}},
		{"", 9, nil},
		{" ! ", 9, nil},
		{"oman", 0, nil},
		{"https://example.org/news/1?id=1", 9, []string{"1"}},
		{"<http://EXAMPLE.org/news/1/?id=1&utm_campaign=y#top> ", 9, []string{"1"}},
		{"www.example.org/news/1/?id=1", 9, []string{"1"}},
		{"https://example.org/news/0?id=1", 9, []string{"0", "0"}},
		{"https://example.org/news/0?id=1", 1, []string{"0"}},
		{"https://example.org/news/1?id=2", 9, nil},
		{"https://example.org/news/%' or 1", 9, nil},
	} {
		var got []string
		for _, trace := range r.traced(tt.ask, tt.n) {
			got = append(got, trace.Item.Key)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q, at most %d: %v, want %v", tt.ask, tt.n, got, tt.want)
		}
	}
}

// TestSearchGoesOn: what stands far back is found too.
func TestSearchGoesOn(t *testing.T) {
	r := filled(t, 450)
	if got := r.traced("k003", 9); len(got) != 1 || got[0].Item.Key != "k003" {
		t.Errorf("got %+v", got)
	}
}

func TestTraceTells(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	r.adopt(store.Roster{Watches: []rules.Watch{oman}, Feeds: []feeds.Source{source("http://a/")},
		Subscriptions: []bot.Subscription{subscription("slack:C1"), subscription("slack:C2")}})
	for _, d := range r.claim(9) {
		r.settle(d, bot.StateSent)
	}
	r.poll(item("1"))
	if got := r.traced("oman", 9)[0]; !got.Sifted.IsZero() || got.Outcome != "" ||
		got.Feed != "name of http://a/" || got.Item.Key != "1" {
		t.Errorf("unsifted: %+v", got)
	}
	r.file(filingsOf(r.unsifted(), story.OutcomeUnmatched)...)
	sifted := r.Now()
	r.advance(time.Minute)
	again := item("1")
	again.Text = "Other words"
	r.advance(time.Hour)
	r.poll(again)
	s, refiled := tale("s", 1), r.Now()
	f := filingsOf(r.unsifted(), story.OutcomeAlerted)[0]
	f.Story, f.Matches = &s, []rules.Match{{Watch: oman.ID}}
	r.file(f)
	s.Revised = refiled
	for _, s := range r.untold() {
		r.must(r.Owe(t.Context(), s, bot.Route(s, r.followers())))
	}
	for _, d := range r.claim(9) {
		r.advance(time.Second)
		d.Why = map[bot.Channel]string{"slack:C1": "no such channel"}[d.Channel]
		r.settle(d, map[bot.Channel]bot.State{"slack:C1": bot.StateDead,
			"slack:C2": bot.StateSent}[d.Channel])
	}
	want := commands.Trace{Item: f.Item, Feed: "name of http://a/", Outcome: story.OutcomeAlerted,
		Sifted: sifted, Earlier: []commands.Verdict{{Outcome: story.OutcomeUnmatched, Until: refiled}},
		Matched: []string{oman.ID}, Story: &s, Tellings: []commands.Telling{{Revision: 1,
			Kind: bot.KindAlert, State: bot.StateDead, Why: "no such channel"}}}
	got := r.traced("oman", 9)
	if len(got) == 1 && len(got[0].Tellings) == 1 {
		want.Tellings[0].At = got[0].Tellings[0].At
	}
	if len(got) != 1 || !reflect.DeepEqual(got[0], want) || !want.Tellings[0].At.After(refiled) {
		t.Errorf("\ngot  %+v\nwant %+v", got, want)
	}
}

// TestTellings: each state as the ledger counts it.
func TestTellings(t *testing.T) {
	r := reading(t, "http://a/")
	s := tale("s", 1)
	r.file(story.Filing{Story: &s})
	r.poll(item("1"))
	f := filingsOf(r.unsifted(), story.OutcomeAlerted)[0]
	f.Story = &s
	r.file(f)
	r.meddle(`insert into channels (channel) values ('slack:C1')`)
	for _, tt := range []struct {
		own, post, owed, posted string // states and reasons of the telling and of its delivery
		settled                 bool
		want                    commands.Telling
	}{
		{own: "muted", owed: "until noon", want: commands.Telling{State: bot.StateMuted,
			Why: "until noon"}},
		{post: "held", owed: "quiet hours", want: commands.Telling{State: bot.StateHeld,
			Why: "quiet hours", Kind: bot.KindAlert}},
		{post: "pending", owed: "waiting", posted: "refused", want: commands.Telling{
			State: bot.StatePending, Why: "refused", Kind: bot.KindAlert}},
		{post: "sent", owed: "quiet hours", settled: true, want: commands.Telling{
			State: bot.StateSent, Kind: bot.KindAlert}},
		{own: "burst", post: "pending", want: commands.Telling{State: bot.StatePending,
			Kind: bot.KindAlert}},
		{own: "burst", post: "sent", settled: true, want: commands.Telling{State: bot.StateBurst,
			Kind: bot.KindAlert}},
		{own: "burst", post: "dead", posted: "gone", settled: true, want: commands.Telling{
			State: bot.StateDead, Why: "gone", Kind: bot.KindAlert}},
	} {
		tt.want.Revision, tt.want.At = 1, noon
		r.meddle(fmt.Sprintf(`delete from tellings; delete from deliveries;
			insert into tellings (channel, story_id, revision, delivery_id, state, watches, why, at)
				values ('slack:C1', 's', 1, '%s', '%s', '[]', '%s', %d)`,
			map[bool]string{true: "", false: "d"}[tt.post == ""], tt.own, tt.owed, noon.UnixMilli()))
		if tt.post != "" {
			var settled int64
			if tt.settled {
				tt.want.At = noon.Add(time.Hour)
				settled = tt.want.At.UnixMilli()
			}
			r.meddle(fmt.Sprintf(`insert into deliveries (id, channel, kind, state, due, why,
					created, settled) values ('d', 'slack:C1', 'alert', '%s', 0, '%s', 0, %d)`,
				tt.post, tt.posted, settled))
		}
		if got := r.traced("oman", 1)[0].Tellings; !slices.Equal(got, []commands.Telling{tt.want}) {
			t.Errorf("%+v:\ngot  %+v\nwant %+v", tt, got, tt.want)
		}
	}
}
