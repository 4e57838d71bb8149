package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	team  = "slack:T1"
	other = "slack:T2"
)

var muscat = rules.Watch{ID: team + "/muscat", Name: "muscat", Owner: team, Rule: "Muscat"}

// ask makes a change as somebody of an owner, in a call of its own.
func (r *room) ask(owner string, edits ...commands.Edit) error {
	r.calls++
	return r.askIn(fmt.Sprint("call ", r.calls), owner, edits...)
}

func (r *room) askIn(call, owner string, edits ...commands.Edit) error {
	return r.Change(r.tb.Context(), commands.Change{Edits: edits, Call: bot.Call{
		ID: call, Channel: "slack:C1", Text: "watch Muscat",
		Caller: bot.Caller{Owner: owner, User: "U1"},
	}})
}

// done asks for what must work.
func (r *room) done(edits ...commands.Edit) {
	r.tb.Helper()
	r.must(r.ask(team, edits...))
}

// refused asserts that what is asked for is refused, and does nothing at all.
func (r *room) refused(want error, owner string, edits ...commands.Edit) {
	r.tb.Helper()
	before := r.everything()
	if err := r.ask(owner, edits...); !errors.Is(err, want) {
		r.tb.Errorf("%+v: %v, want %v", edits, err, want)
	}
	if after := r.everything(); after != before {
		r.tb.Errorf("%+v: refused, and yet\n%s\nbecame\n%s", edits, before, after)
	}
}

// everything is what chat can change.
func (r *room) everything() string {
	r.tb.Helper()
	version := r.count(`select version from rulebook`)
	rows := r.count(`select (select count(*) from audit) + (select count(*) from story_mutes)
		+ (select count(*) from preferences) + (select count(*) from channels)`)
	var urls []string
	list, err := r.Feeds(r.tb.Context())
	r.must(err)
	for _, f := range list {
		urls = append(urls, f.URL)
	}
	return fmt.Sprint(version, rows, urls, r.watches(team), r.followed("slack:C1"),
		r.followed("slack:C2"), r.named(team))
}

func (r *room) watches(owner string) []commands.Watch {
	r.tb.Helper()
	watches, err := r.Watches(r.tb.Context(), owner)
	r.must(err)
	return watches
}

func (r *room) followed(c bot.Channel) []commands.Following {
	r.tb.Helper()
	followed, err := r.Followed(r.tb.Context(), c)
	r.must(err)
	return followed
}

func (r *room) named(owner string) []rules.Alias {
	r.tb.Helper()
	named, err := r.Aliases(r.tb.Context(), owner)
	r.must(err)
	return named
}

// follows asserts which watches a channel follows.
func (r *room) follows(c bot.Channel, want ...string) {
	r.tb.Helper()
	var got []string
	for _, f := range r.followed(c) {
		got = append(got, f.Watch.ID)
	}
	if !slices.Equal(got, want) {
		r.tb.Errorf("%s follows %q, want %q", c, got, want)
	}
}

func TestSetWatch(t *testing.T) {
	r := followed(t, "slack:C1")
	before := r.changes(0)
	r.done(commands.SetWatch{Watch: muscat}, commands.Follow{Channel: "slack:C2", Watch: muscat.ID})
	c := r.changes(before.Version)
	if !reflect.DeepEqual(c.Watches, []rules.Watch{muscat}) || c.Version <= before.Version {
		t.Errorf("the desk sees %+v", c)
	}
	got := r.watches(team)
	if len(got) != 2 || got[0].Watch != muscat || got[1].Watch != oman || got[0].FromConfig() ||
		!got[1].FromConfig() || !slices.Equal(got[0].Channels, []bot.Channel{"slack:C2"}) ||
		!slices.Equal(got[1].Channels, []bot.Channel{"slack:C1"}) {
		t.Errorf("watches: %+v", got)
	}
	if got := r.watches(other); len(got) != 1 || got[0].Watch != oman {
		t.Errorf("somebody else may follow %+v", got)
	}
	again := muscat
	again.Rule = "Muscat talks"
	r.refused(commands.ErrChanged, team, commands.SetWatch{Watch: again})
	r.refused(commands.ErrChanged, team, commands.SetWatch{Watch: again, Expect: got[0].Version + 1})
	r.done(commands.SetWatch{Watch: again, Expect: got[0].Version})
	c = r.changes(c.Version)
	if !reflect.DeepEqual(c.Watches, []rules.Watch{again}) {
		t.Errorf("the desk sees %+v", c)
	}
	r.follows("slack:C2", muscat.ID)
	r.refused(commands.ErrChanged, team, commands.EndWatch{ID: muscat.ID, Expect: got[0].Version})
	r.done(commands.EndWatch{ID: muscat.ID, Expect: r.watches(team)[0].Version})
	if c = r.changes(c.Version); !slices.Equal(c.Retired, []string{muscat.ID}) {
		t.Errorf("the desk sees %+v", c)
	}
	r.follows("slack:C2")
	r.refused(commands.ErrUnknown, team, commands.EndWatch{ID: muscat.ID, Expect: c.Version})
	r.done(commands.SetWatch{Watch: muscat})
	r.follows("slack:C2")
}

// TestRefusals: whatever is refused takes along all that was asked for with it.
func TestRefusals(t *testing.T) {
	foreign := rules.Watch{ID: other + "/w", Name: "w", Owner: other, Rule: "Iran"}
	renamed := muscat
	renamed.Name = "doha"
	config := rules.Alias{Owner: rules.Everyone, Names: []string{"Doha", "الدوحة"}}
	theirs := rules.Alias{Owner: other, Names: []string{"Sohar", "صحار"}}
	for _, tt := range []struct {
		name string
		edit commands.Edit
		want error
	}{
		{"a config watch", commands.SetWatch{Watch: oman, Expect: 1}, commands.ErrFromConfig},
		{"an end of one", commands.EndWatch{ID: oman.ID, Expect: 1}, commands.ErrFromConfig},
		{"no watch", commands.EndWatch{ID: "none"}, commands.ErrUnknown},
		{"somebody's watch", commands.EndWatch{ID: foreign.ID, Expect: 2}, commands.ErrUnknown},
		{"for somebody", commands.SetWatch{Watch: foreign, Expect: 2}, commands.ErrUnknown},
		{"following none", commands.Follow{Channel: "slack:C1", Watch: "none"}, commands.ErrUnknown},
		{"following somebody's", commands.Follow{Channel: "slack:C1", Watch: foreign.ID},
			commands.ErrUnknown},
		{"not following", commands.Unfollow{Channel: "slack:C9", Watch: oman.ID},
			commands.ErrUnknown},
		{"preferring without following", commands.Prefer{Channel: "slack:C9", Watch: oman.ID},
			commands.ErrUnknown},
		{"muting no story", commands.MuteStory{Channel: "slack:C1", Story: "none"},
			commands.ErrUnknown},
		{"judging none", commands.Judge{Channel: "slack:C1", Story: "none"}, commands.ErrUnknown},
		{"a config feed", commands.RemoveFeed{URL: "http://config/"}, commands.ErrFromConfig},
		{"no feed", commands.RemoveFeed{URL: "http://none/"}, commands.ErrUnknown},
		{"somebody's feed", commands.RemoveFeed{URL: "http://theirs/"}, commands.ErrUnknown},
		{"a config alias", commands.AddAlias{Alias: config}, commands.ErrFromConfig},
		{"somebody's alias", commands.AddAlias{Alias: theirs}, commands.ErrUnknown},
		{"without a config alias", commands.RemoveAlias{Owner: team, Name: "doha"},
			commands.ErrFromConfig},
		{"without somebody's", commands.RemoveAlias{Owner: team, Name: "Sohar"},
			commands.ErrUnknown},
		{"without none", commands.RemoveAlias{Owner: team, Name: "none"}, commands.ErrUnknown},
		{"without any", commands.RemoveAlias{Owner: team}, commands.ErrUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t)
			r.adopt(store.Roster{Watches: []rules.Watch{oman}, Aliases: []rules.Alias{config},
				Feeds: []feeds.Source{source("http://config/")}, Subscriptions: []bot.Subscription{
					subscription("slack:C1")}})
			r.must(r.ask(other, commands.SetWatch{Watch: foreign}, commands.AddAlias{Alias: theirs},
				commands.AddFeed{Source: source("http://theirs/")}))
			r.refused(tt.want, team, commands.SetWatch{Watch: muscat},
				commands.Follow{Channel: "slack:C2", Watch: muscat.ID},
				commands.AddFeed{Source: source("http://added/")}, tt.edit)
		})
	}
	r := open(t)
	if err := r.ask(team, commands.SetWatch{Watch: renamed}); err == nil {
		t.Error("a watch got the ID of another name")
	}
}

func TestOneCallActsOnce(t *testing.T) {
	r := followed(t, "slack:C1")
	r.must(r.askIn("x", team, commands.SetWatch{Watch: muscat}))
	v := r.watches(team)[0].Version
	err := r.askIn("x", team, commands.EndWatch{ID: muscat.ID, Expect: v})
	if !errors.Is(err, commands.ErrDone) || len(r.watches(team)) != 2 {
		t.Errorf("%v; watches: %+v", err, r.watches(team))
	}
	err = r.askIn("y", team, commands.SetWatch{Watch: muscat})
	if !errors.Is(err, commands.ErrChanged) {
		t.Errorf("got %v", err)
	}
	r.must(r.askIn("y", team, commands.EndWatch{ID: muscat.ID, Expect: v})) // y did nothing so far
}

// TestAtOnce: of many who change what they have seen one does, and the others are told.
func TestAtOnce(t *testing.T) {
	r := followed(t, "slack:C1")
	r.done(commands.SetWatch{Watch: muscat})
	seen := r.watches(team)[0].Version
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			w := muscat
			w.Rule = fmt.Sprint("Muscat ", i)
			errs[i] = r.askIn(fmt.Sprint("at once ", i/2), team,
				commands.SetWatch{Watch: w, Expect: seen})
		})
	}
	all.Wait()
	did := slices.Index(errs, nil)
	got := r.watches(team)[0].Rule
	for i, err := range errs {
		switch {
		case i == did:
		case i/2 == did/2 && errors.Is(err, commands.ErrDone):
		case errors.Is(err, commands.ErrChanged):
		default:
			t.Errorf("%d: %v", i, err)
		}
	}
	if did < 0 || got != fmt.Sprint("Muscat ", did) {
		t.Errorf("%v; it reads %q", errs, got)
	}
}

func TestAudit(t *testing.T) {
	r := open(t)
	r.done(commands.SetWatch{Watch: muscat})
	r.advance(time.Minute)
	r.must(r.Change(t.Context(), commands.Change{Before: "a", After: "b", Call: bot.Call{
		ID: "form", Channel: "slack:C2", Command: "feed add",
		Args:   map[string]string{"url": "http://a/", "name": "A"},
		Caller: bot.Caller{Owner: team, User: "U2"},
	}}))
	r.must(r.ask(other))
	want := []commands.Done{
		{At: noon.Add(time.Minute), Owner: team, Channel: "slack:C2", User: "U2",
			Command: "feed add name:A url:http://a/", Before: "a", After: "b"},
		{At: noon, Owner: team, Channel: "slack:C1", User: "U1", Command: "watch Muscat"},
	}
	for n := range 3 {
		got, err := r.Audit(t.Context(), team, n)
		r.must(err)
		if len(got) != n || !slices.Equal(got, want[:n]) {
			t.Errorf("the last %d: %+v", n, got)
		}
	}
}

func TestFollow(t *testing.T) {
	r := followed(t, "slack:C1")
	follow := commands.Follow{Channel: "slack:C2", Watch: oman.ID, Paused: "invite me"}
	r.done(follow)
	want := bot.Subscription{Channel: "slack:C2", Watch: oman.ID, MinPublishers: 1,
		MinSeverity: story.SeverityNone, Policy: "instant", Since: r.Now()}
	expect := func(what, paused string) {
		t.Helper()
		got := r.followed("slack:C2")
		if len(got) != 1 || got[0].Subscription != want || got[0].Watch != oman ||
			got[0].Paused != paused {
			t.Errorf("%s: %+v", what, got)
		}
	}
	expect("begun paused", "invite me")
	r.advance(time.Hour)
	follow.Paused = ""
	r.done(follow)
	expect("the invitation came", "")
	r.done(commands.Unfollow{Channel: "slack:C2", Watch: oman.ID})
	r.follows("slack:C2")
	r.refused(commands.ErrUnknown, team, commands.Unfollow{Channel: "slack:C2", Watch: oman.ID})
	r.advance(time.Hour)
	r.done(follow)
	want.Since = r.Now()
	expect("anew", "")
}

// TestConfigAndChat: what the config asks for and what was asked for in chat hold beside each other,
// start after start.
func TestConfigAndChat(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	start := func(channels ...bot.Channel) {
		t.Helper()
		r.advance(time.Hour)
		var subs []bot.Subscription
		for _, c := range channels {
			subs = append(subs, subscription(c))
		}
		r.adopt(store.Roster{Watches: []rules.Watch{oman}, Subscriptions: subs})
	}
	r.done(commands.SetWatch{Watch: muscat},
		commands.Follow{Channel: "slack:C1", Watch: muscat.ID},
		commands.Follow{Channel: "slack:C3", Watch: oman.ID},
		commands.Unfollow{Channel: "slack:C1", Watch: oman.ID})
	for range 2 {
		start("slack:C1", "slack:C2", "slack:C3")
		r.follows("slack:C1", muscat.ID)
		r.follows("slack:C2", oman.ID)
		r.follows("slack:C3", oman.ID)
		for _, d := range r.claim(9) {
			t.Errorf("greeted with %+v", d.Notice)
		}
	}
	r.done(commands.Unfollow{Channel: "slack:C3", Watch: oman.ID})
	start("slack:C1", "slack:C2", "slack:C3")
	r.follows("slack:C3") // it was chat that followed, and chat that let go
	r.done(commands.Follow{Channel: "slack:C1", Watch: oman.ID})
	if f := r.followed("slack:C1"); len(f) != 2 || !f[1].Subscription.Since.Equal(r.Now()) {
		t.Errorf("taken back: %+v", f)
	}
	r.done(commands.Unfollow{Channel: "slack:C2", Watch: oman.ID})
	start("slack:C1")
	r.follows("slack:C1", muscat.ID, oman.ID)
	start("slack:C2", "slack:C3")
	r.follows("slack:C1", muscat.ID)
	r.follows("slack:C2", oman.ID) // named anew
	r.follows("slack:C3", oman.ID)
}

func TestPrefer(t *testing.T) {
	sub := subscription("slack:C1")
	sub.Quiet, sub.Zone, sub.MinPublishers = "22:00-07:00", "Asia/Tehran", 2
	r := subscribed(t, sub)
	r.done(commands.SetWatch{Watch: muscat}, commands.Follow{Channel: "slack:C1", Watch: muscat.ID})
	since := r.Now()
	prefer := func(watch string, p commands.Preference) {
		t.Helper()
		r.done(commands.Prefer{Channel: "slack:C1", Watch: watch, Set: p})
		r.adopt(store.Roster{Watches: []rules.Watch{oman}, Subscriptions: []bot.Subscription{sub}})
	}
	expect := func(what string, change func(muscat, oman *commands.Following)) {
		t.Helper()
		want := []commands.Following{
			{Watch: muscat, Subscription: bot.Subscription{Channel: "slack:C1", Watch: muscat.ID,
				Policy: "instant", MinPublishers: 1, MinSeverity: "none", Since: since}},
			{Watch: oman, Subscription: sub},
		}
		want[1].Subscription.Since = noon
		change(&want[0], &want[1])
		for i := range want {
			want[i].MutedUntil = want[i].Subscription.MutedUntil
		}
		if got := r.followed("slack:C1"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
		}
	}
	expect("as it began", func(_, _ *commands.Following) {})
	prefer("", commands.Preference{Policy: new("digest"), Digest: new("0 9 * * *"),
		MinPublishers: new(3), MutedUntil: new(noon.Add(time.Hour))})
	prefer(oman.ID, commands.Preference{Quiet: new(""), MinSeverity: new(story.SeverityHigh)})
	prefer(muscat.ID, commands.Preference{Policy: new("instant"), Paused: new("enough"),
		MutedUntil: new(noon.Add(2 * time.Hour))})
	expect("each by itself", func(m, o *commands.Following) {
		m.Chosen, o.Chosen = true, true
		m.Paused, m.Subscription.Digest, m.Subscription.MinPublishers = "enough", "0 9 * * *", 3
		m.Subscription.MutedUntil = noon.Add(2 * time.Hour)
		s := &o.Subscription
		s.Policy, s.Digest, s.MinPublishers, s.Quiet = "digest", "0 9 * * *", 3, ""
		s.MinSeverity, s.MutedUntil = story.SeverityHigh, noon.Add(time.Hour)
	})
	prefer(muscat.ID, commands.Preference{MutedUntil: new(time.Time{}), Paused: new("")})
	prefer(oman.ID, commands.Preference{MutedUntil: new(time.Time{})}) // it is muted by itself now
	prefer("", commands.Preference{MutedUntil: new(time.Time{}), Paused: new("all of it")})
	expect("quiet altogether", func(m, o *commands.Following) {
		m.Chosen, o.Chosen = true, true
		m.Paused, m.Subscription.Digest, m.Subscription.MinPublishers = "all of it", "0 9 * * *", 3
		o.Paused = "all of it"
		s := &o.Subscription
		s.Policy, s.Digest, s.MinPublishers, s.Quiet = "digest", "0 9 * * *", 3, ""
		s.MinSeverity = story.SeverityHigh
	})
	r.done(commands.Unfollow{Channel: "slack:C1", Watch: oman.ID},
		commands.Follow{Channel: "slack:C1", Watch: oman.ID},
		commands.Prefer{Channel: "slack:C1", Set: commands.Preference{Policy: new("instant"),
			Digest: new(""), MinPublishers: new(1), Paused: new("")}})
	expect("anew", func(m, o *commands.Following) {
		m.Chosen, o.Chosen = true, true // for the channel
		o.Subscription.Since, o.Subscription.MinPublishers = r.Now(), 1
	})
}

func TestResume(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	resume := func(watch string) {
		t.Helper()
		r.meddle(`update subscriptions set paused = 'invite me'`)
		r.done(commands.Prefer{Channel: "slack:C1", Watch: watch,
			Set: commands.Preference{Paused: new("")}})
		if one, two := r.followed("slack:C1")[0].Paused, r.followed("slack:C2")[0].Paused; one != "" ||
			two == "" {
			t.Errorf("resumed %q: %q, %q", watch, one, two)
		}
	}
	resume("")
	resume(oman.ID)
	if r.followed("slack:C1")[0].Chosen {
		t.Error("a pause says nothing of how to hear")
	}
}

// TestOneAgainAfterAll: silence that was asked for all can be taken back for one watch. The others
// stay silent, and what is set for the channel otherwise stays too.
func TestOneAgainAfterAll(t *testing.T) {
	r := followed(t, "slack:C1")
	r.done(commands.SetWatch{Watch: muscat}, commands.Follow{Channel: "slack:C1", Watch: muscat.ID})
	set := func(watch string, p commands.Preference) {
		t.Helper()
		r.done(commands.Prefer{Channel: "slack:C1", Watch: watch, Set: p})
	}
	until := r.Now().Add(time.Hour)
	set("", commands.Preference{Paused: new("by Anna"), MutedUntil: &until, MinPublishers: new(2)})
	set(muscat.ID, commands.Preference{MutedUntil: new(until.Add(time.Hour))})
	set(oman.ID, commands.Preference{Paused: new("")})
	set(oman.ID, commands.Preference{MutedUntil: new(time.Time)})
	for _, f := range r.followed("slack:C1") {
		paused, muted := "by Anna", until.Add(time.Hour)
		if f.Watch.ID == oman.ID {
			paused, muted = "", time.Time{}
		}
		if f.Paused != paused || !f.MutedUntil.Equal(muted) || f.Subscription.MinPublishers != 2 {
			t.Errorf("%s: paused %q, muted until %v, from %d publishers", f.Watch.Name, f.Paused,
				f.MutedUntil, f.Subscription.MinPublishers)
		}
	}
}

func TestFeedsOfChat(t *testing.T) {
	r := reading(t, "http://config/")
	r.importing(source("http://opml/"))
	added := source("http://added/")
	r.done(commands.AddFeed{Source: added}, commands.AddFeed{Source: source("http://config/")})
	r.adopt(store.Roster{Feeds: []feeds.Source{source("http://config/")}})
	if got := r.inUse(); !slices.Equal(got, []string{"http://config/", "http://opml/", added.URL}) {
		t.Errorf("in use: %v", got)
	}
	r.refused(commands.ErrFromConfig, team, commands.RemoveFeed{URL: "http://config/"})
	r.done(commands.RemoveFeed{URL: added.URL}, commands.RemoveFeed{URL: "http://opml/"})
	if got := r.inUse(); !slices.Equal(got, []string{"http://config/"}) {
		t.Errorf("in use: %v", got)
	}
	r.meddle(`update feeds set gone = true, moved = 'http://elsewhere/', due = 9e15
		where retired`)
	added.Name = "another name"
	r.must(r.ask(other, commands.AddFeed{Source: added}, commands.AddFeed{Source: source(added.URL)}))
	r.due(1) // that of the config
	if due := r.due(9); len(due) != 1 || due[0].Source != added || due[0].Moved != "" {
		t.Errorf("due: %+v", due)
	}
}

func TestAliasesOfChat(t *testing.T) {
	r := open(t)
	config := rules.Alias{Owner: rules.Everyone, Names: []string{"Doha", "الدوحة"}}
	r.adopt(store.Roster{Aliases: []rules.Alias{config}})
	own := rules.Alias{Owner: team, Names: []string{"Ali Shamkhani", "علی شمخانی"}}
	before := r.changes(0).Version
	r.done(commands.AddAlias{Alias: own}, commands.AddAlias{Alias: own})
	if c := r.changes(before); !c.Renamed || len(c.Aliases) != 2 {
		t.Errorf("the desk sees %+v", c)
	}
	if got := r.named(team); !reflect.DeepEqual(got, []rules.Alias{own, config}) {
		t.Errorf("aliases: %+v", got)
	}
	if got := r.named(other); !reflect.DeepEqual(got, []rules.Alias{config}) {
		t.Errorf("aliases of somebody else: %+v", got)
	}
	r.adopt(store.Roster{Aliases: []rules.Alias{config}})
	before = r.changes(0).Version
	r.refused(commands.ErrUnknown, team, commands.RemoveAlias{Owner: team, Name: "Ali"})
	r.done(commands.RemoveAlias{Owner: team, Name: "علي  شَمخاني"}) // as an Arab writes it
	if c := r.changes(before); !c.Renamed || !reflect.DeepEqual(c.Aliases, []rules.Alias{config}) {
		t.Errorf("the desk sees %+v", c)
	}
}

func TestMute(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	r.owe(tale("s", 1), tale("u", 1))
	r.done(commands.MuteStory{Channel: "slack:C1", Story: "s"})
	r.states(map[bot.State]int{bot.StateMuted: 1, bot.StatePending: 3})
	r.done(commands.Judge{Channel: "slack:C2", Story: "s"},
		commands.Judge{Channel: "slack:C1", Story: "s"},
		commands.MuteStory{Channel: "slack:C1", Story: "s"})
	r.states(map[bot.State]int{bot.StateMuted: 2, bot.StatePending: 2})
	if n := r.count(`select count(*) from story_mutes where irrelevant and by_user = 'U1'`); n != 2 {
		t.Errorf("%d are marked as not relevant", n)
	}
	for _, d := range r.claim(9) {
		if got := ids(d.Pairs); !slices.Equal(got, []story.ID{"u"}) || len(d.Waiting) > 0 {
			t.Errorf("claimed %v and %v", got, d.Waiting)
		}
	}
	r.done(commands.MuteStory{Channel: "slack:C1", Story: "u"}) // on its way: it cannot be called back
	r.states(map[bot.State]int{bot.StateMuted: 2, bot.StatePosting: 2})
}

// TestMuteOneOfMany: a post that tells other stories too is posted.
func TestMuteOneOfMany(t *testing.T) {
	r := followed(t, "slack:C1")
	r.owe(tale("s", 1), tale("u", 1))
	d := r.claimOne()
	d.Kind = bot.KindDigest
	for _, w := range d.Waiting {
		d.Absorbs = append(d.Absorbs, w.ID)
		d.Pairs = append(d.Pairs, w.Pairs...)
	}
	r.settle(d, bot.StatePending)
	r.done(commands.MuteStory{Channel: "slack:C1", Story: "s"})
	r.states(map[bot.State]int{bot.StatePending: 2})
}

// TestSilence: what waits is not posted once nobody wants to hear it when its time comes.
func TestSilence(t *testing.T) {
	set := func(p commands.Preference) commands.Edit {
		return commands.Prefer{Channel: "slack:C1", Watch: muscat.ID, Set: p}
	}
	for _, tt := range []struct {
		name  string
		edit  commands.Edit
		muted int // of the three that wait: for muscat, for oman, and for both
	}{
		{"unsubscribed", commands.Unfollow{Channel: "slack:C1", Watch: muscat.ID}, 1},
		{"unsubscribed from the other", commands.Unfollow{Channel: "slack:C1", Watch: oman.ID}, 1},
		{"ended", commands.EndWatch{ID: muscat.ID, Expect: 2}, 1},
		{"paused", set(commands.Preference{Paused: new("enough")}), 1},
		{"all paused", commands.Prefer{Channel: "slack:C1",
			Set: commands.Preference{Paused: new("enough")}}, 3},
		{"muted", set(commands.Preference{MutedUntil: new(noon.Add(2 * time.Hour))}), 1},
		{"muted too shortly", set(commands.Preference{MutedUntil: new(noon.Add(time.Minute))}), 0},
		{"not muted", set(commands.Preference{MutedUntil: new(time.Time{})}), 0},
		{"as before", set(commands.Preference{Policy: new("instant")}), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := followed(t, "slack:C1")
			r.done(commands.SetWatch{Watch: muscat},
				commands.Follow{Channel: "slack:C1", Watch: muscat.ID})
			for i, watches := range [][]string{{muscat.ID}, {oman.ID}, {oman.ID, muscat.ID}} {
				s := tale(story.ID(rune('a'+i)), 1)
				r.file(story.Filing{Story: &s})
				s.Revised = r.Now()
				r.must(r.Owe(t.Context(), s, []bot.Delivery{{ID: string(s.ID), Channel: "slack:C1",
					Kind: bot.KindAlert, State: bot.StateHeld, Due: noon.Add(time.Hour),
					Pairs: []bot.Pair{{Story: s, Revision: 1, Watches: watches}}}}))
			}
			r.meddle(`update channels set away = 'archived'`)
			r.done(tt.edit)
			r.states(map[bot.State]int{bot.StateMuted: tt.muted, bot.StateHeld: 3 - tt.muted})
		})
	}
}

func TestVolume(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	tell := func(stories ...story.Story) {
		t.Helper()
		r.owe(stories...)
		for {
			claimed := r.claim(9)
			if claimed == nil {
				return
			}
			for _, d := range claimed {
				r.settle(d, bot.StateSent)
			}
		}
	}
	tell(tale("old", 1))
	r.advance(8 * 24 * time.Hour)
	tell(tale("s", 1), tale("u", 1))
	r.advance(time.Hour)
	tell(tale("s", 2))
	r.done(commands.Judge{Channel: "slack:C1", Story: "u"},
		commands.Judge{Channel: "slack:C1", Story: "old"})
	last := r.Now()
	r.advance(time.Hour)
	r.owe(tale("v", 1)) // nobody has seen it yet
	f, two := r.followed("slack:C1")[0], r.followed("slack:C2")[0]
	if f.Alerts != 2 || f.Irrelevant != 1 || !f.LastAlert.Equal(last) || two.Irrelevant != 0 {
		t.Errorf("got %+v and %+v", f, two)
	}
}
