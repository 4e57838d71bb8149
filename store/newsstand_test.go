package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

func storyIDs(stories []story.Story) (ids []story.ID) {
	for _, s := range stories {
		ids = append(ids, s.ID)
	}
	return ids
}

func TestStories(t *testing.T) {
	r := open(t)
	for i, watch := range []string{"oman", "iran", "oman", "omani", "oman"} {
		s := tale(story.ID(rune('a'+i)), 1)
		s.Why[0].Watch, s.Latest = watch, noon.Add(time.Duration(i)*time.Hour)
		s.Quiet = i == 4
		r.file(story.Filing{Story: &s})
	}
	for _, tt := range []struct {
		watches []string
		since   time.Duration
		n       int
		want    []story.ID
	}{
		{[]string{"oman"}, 0, 9, []story.ID{"e", "c", "a"}},
		{[]string{"oman"}, 0, 2, []story.ID{"e", "c"}},
		{[]string{"oman", "iran"}, time.Hour, 9, []story.ID{"e", "c", "b"}},
		{[]string{"oman"}, 9 * time.Hour, 9, nil},
		{[]string{"oma%"}, 0, 9, nil},
		{nil, 0, 9, nil},
	} {
		got, err := r.Stories(t.Context(), tt.watches, noon.Add(tt.since), tt.n)
		r.must(err)
		if !slices.Equal(storyIDs(got), tt.want) {
			t.Errorf("%+v: got %v", tt, storyIDs(got))
		}
	}
}

func TestTold(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	r.owe(tale("s", 1), tale("u", 1))
	for _, d := range r.claim(9) {
		d.Receipt.ID = "post"
		if d.Channel == "slack:C1" { // both in one, the other way round
			d.Kind = bot.KindDigest
			d.Pairs = append(slices.Clone(d.Waiting[0].Pairs), d.Pairs...)
			d.Absorbs = []string{d.Waiting[0].ID}
		}
		r.settle(d, bot.StateSent)
	}
	r.settle(r.claimOne(), bot.StateSent)
	r.owe(tale("s", 2))
	for _, d := range r.claim(9) {
		if d.Channel == "slack:C2" {
			d.Receipt.ID = "post" // changed in place
		}
		r.settle(d, bot.StateSent)
	}
	for _, tt := range []struct {
		channel bot.Channel
		post    string
		want    []story.ID
	}{
		{"slack:C1", "post", []story.ID{"u", "s"}},
		{"slack:C2", "post", []story.ID{"s"}},
		{"slack:C3", "post", nil},
		{"slack:C1", "another", nil},
		{"slack:C1", "", nil},
	} {
		got, err := r.Told(t.Context(), tt.channel, bot.Receipt{ID: tt.post})
		r.must(err)
		if !slices.Equal(storyIDs(got), tt.want) {
			t.Errorf("%+v: got %v", tt, storyIDs(got))
		}
	}
}

func TestStanding(t *testing.T) {
	r := followed(t, "slack:T1/C1", "slack:T2/C1", "slack:C5", "discord:1")
	r.must(r.ask(team, commands.SetWatch{Watch: muscat},
		commands.Follow{Channel: "slack:C9", Watch: muscat.ID}))
	r.must(r.ask(other, commands.SetWatch{Watch: rules.Watch{ID: other + "/x", Name: "x",
		Owner: other, Rule: "x"}}, commands.Follow{Channel: "slack:C8", Watch: other + "/x"}))
	r.owe(tale("early", 1))
	early := r.Now()
	r.advance(time.Hour)
	since := r.Now()
	r.owe(tale("s", 1))
	for _, d := range r.claim(9) {
		r.settle(d, map[bool]bot.State{true: bot.StateSent, false: bot.StatePending}[d.Channel == "slack:C5"])
	}
	got, err := r.Standing(t.Context(), team, since)
	r.must(err)
	want := commands.Standing{Outcomes: map[story.Outcome]int{},
		States: map[bot.State]int{bot.StatePending: 2}, Owed: 3, OldestOwed: early,
		Watches: 2, Channels: 3}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\ngot  %+v\nwant %+v", got, want)
	}
}

func TestStandingCountsItems(t *testing.T) {
	r := filled(t, 5)
	r.file(filingsOf(r.unsifted()[:2], story.OutcomeUnmatched)...)
	got, err := r.Standing(t.Context(), team, noon.Add(time.Second))
	r.must(err)
	if got.Items != 4 || got.Outcomes[story.OutcomeUnmatched] != 0 {
		t.Errorf("got %+v", got)
	}
	if got, err = r.Standing(t.Context(), team, noon); got.Items != 5 ||
		got.Outcomes[story.OutcomeUnmatched] != 2 || err != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
