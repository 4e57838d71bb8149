package store_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// machine drives a store as the stages do, in any order and with any answer of the world, and keeps
// its own account of what must be true.
type machine struct {
	*room
	shown   map[string]string        // titles of the saved items, by key
	stories map[story.ID]story.Story // as filed last
	owed    map[story.ID]int         // the last revision that was owed
	states  int                      // of revisions in channels that followed then
	left    map[bot.Channel]bool     // channels that follow nothing, as somebody wanted
	hand    []bot.Delivery
	sent    map[string]bool // deliveries that a platform took
}

var machineChannels = []bot.Channel{"console:", "slack:C1", "slack:C2"}

func (m *machine) start() {
	var subs []bot.Subscription
	for i, c := range machineChannels {
		s := subscription(c)
		s.GroupWait = time.Duration(i) * time.Minute
		s.MinPublishers = i
		subs = append(subs, s)
	}
	m.adopt(store.Roster{Feeds: []feeds.Source{source("http://a/")},
		Watches: []rules.Watch{oman}, Subscriptions: subs})
}

// pollFeed saves items of which some are new, some known and some have other words. A poll may come
// too late to be saved.
func (m *machine) pollFeed(t *rapid.T) {
	due := m.due(1)
	if len(due) == 0 {
		t.Skip("no feed is due")
	}
	if rapid.IntRange(0, 4).Draw(t, "late") == 0 {
		m.advance(time.Hour)
		return
	}
	var body []feeds.Item
	fresh := 0
	keys := rapid.SliceOfNDistinct(rapid.IntRange(0, 30), 0, 6, rapid.ID[int]).Draw(t, "items")
	for _, n := range keys {
		it := item(fmt.Sprintf("k%02d", n))
		it.Title = rapid.SampledFrom([]string{"Oman talks", "Other words"}).Draw(t, "title")
		if _, known := m.shown[it.Key]; !known {
			fresh++
		}
		m.shown[it.Key] = it.Title
		body = append(body, it)
	}
	f := due[0]
	f.Due, f.Polled, f.BodyAt = m.Now(), m.Now(), m.Now()
	got, err := m.Save(m.tb.Context(), f, body)
	m.must(err)
	if got != fresh {
		t.Fatalf("%d fresh, want %d", got, fresh)
	}
}

// sift files some unsifted items, each with an outcome of its own choice.
func (m *machine) sift(t *rapid.T) {
	arrivals, err := m.Unsifted(m.tb.Context(), rapid.IntRange(1, 5).Draw(t, "n"))
	m.must(err)
	var batch []story.Filing
	for _, a := range arrivals {
		f := story.Filing{Item: a.Item, Refiled: a.Outcome != "", Outcome: story.OutcomeUnmatched}
		if rapid.Bool().Draw(t, "matches") {
			f.Outcome, f.Story = story.OutcomeAlerted, m.revise(t)
		}
		batch = append(batch, f)
	}
	m.file(batch...)
}

// revise begins a story or makes the next revision of one.
func (m *machine) revise(t *rapid.T) *story.Story {
	id := story.ID(rapid.SampledFrom([]string{"p", "q", "r", "s", "t"}).Draw(t, "story"))
	s := tale(id, m.stories[id].Revision+1)
	s.Severity = rapid.SampledFrom([]story.Severity{story.SeverityNone, story.SeverityHigh}).
		Draw(t, "severity")
	s.Publishers = s.Publishers[:rapid.IntRange(1, 2).Draw(t, "publishers")]
	m.stories[id] = s
	return &s
}

// oweUntold owes untold stories, now and then twice.
func (m *machine) oweUntold(t *rapid.T) {
	for _, s := range m.untold() {
		owed := bot.Route(s, m.followers())
		for range rapid.IntRange(1, 2).Draw(t, "times") {
			m.must(m.Owe(m.tb.Context(), s, owed))
		}
		m.states += len(owed) * (s.Revision - m.owed[s.ID])
		m.owed[s.ID] = s.Revision
	}
}

func (m *machine) claimSome(t *rapid.T) {
	for _, d := range m.claim(rapid.IntRange(1, 3).Draw(t, "n")) {
		if m.sent[d.ID] && d.State != bot.StateUncertain {
			t.Fatalf("%s was sent and is to be sent again, and not as uncertain", d.ID)
		}
		if n := m.count(`select count(*) from channels where away <> '' and channel = $1`,
			string(d.Channel)); n != 0 {
			t.Fatalf("%s is for a channel that we are away from", d.ID)
		}
		if len(d.Pairs) == 0 && d.Notice == nil {
			t.Fatalf("%s tells nothing", d.ID)
		}
		m.hand = append(m.hand, d)
	}
}

// post brings a delivery in hand to an end, folding what waits behind it now and then.
func (m *machine) post(t *rapid.T) {
	if len(m.hand) == 0 {
		t.Skip("nothing in hand")
	}
	d := m.hand[0]
	if len(d.Waiting) > 0 && rapid.Bool().Draw(t, "fold") {
		d.Kind = bot.KindDigest
		for _, w := range d.Waiting {
			d.Absorbs = append(d.Absorbs, w.ID)
			for _, p := range w.Pairs {
				p.State = bot.StateBurst
				d.Pairs = append(d.Pairs, p)
			}
		}
		m.settle(d, bot.StatePosting)
		d.Absorbs, d.Waiting = nil, nil
		m.hand[0] = d
		return
	}
	m.hand = m.hand[1:]
	end := rapid.SampledFrom([]bot.State{bot.StateSent, bot.StateSent, bot.StateUncertain,
		bot.StatePending, bot.StateDead}).Draw(t, "end")
	if end == bot.StatePending && d.State == bot.StateUncertain {
		end = bot.StateUncertain // what may have been posted stays so
	}
	m.sent[d.ID] = m.sent[d.ID] || end == bot.StateSent || end == bot.StateUncertain
	d.Due = m.Now().Add(time.Second)
	m.settle(d, end)
}

// mute asks for silence about a story. A call may be delivered twice.
func (m *machine) mute(t *rapid.T) {
	if len(m.stories) == 0 {
		t.Skip("no story")
	}
	id := rapid.SampledFrom(slices.Sorted(maps.Keys(m.stories))).Draw(t, "story")
	c := rapid.SampledFrom(machineChannels).Draw(t, "channel")
	m.done(commands.MuteStory{Channel: c, Story: id})
	err := m.askIn(fmt.Sprint("call ", m.calls), team, commands.Judge{Channel: c, Story: id})
	if !errors.Is(err, commands.ErrDone) {
		t.Fatalf("the same call: %v", err)
	}
}

// turn makes a channel stop following, or follow again, however often it has.
func (m *machine) turn(t *rapid.T) {
	c := rapid.SampledFrom(machineChannels).Draw(t, "channel")
	if rapid.Bool().Draw(t, "follow") {
		m.done(commands.Follow{Channel: c, Watch: oman.ID})
		m.left[c] = false
		return
	}
	err := m.ask(team, commands.Unfollow{Channel: c, Watch: oman.ID})
	if m.left[c] != errors.Is(err, commands.ErrUnknown) || !m.left[c] && err != nil {
		t.Fatalf("left before: %v, %v", m.left[c], err)
	}
	m.left[c] = true
}

// move puts us out of a channel, or all, or lets us in again.
func (m *machine) move(t *rapid.T) {
	m.must(m.Moved(m.tb.Context(), rapid.SampledFrom([]bot.Move{
		{Channel: "slack:", Every: true, Away: "the app was uninstalled"},
		{Channel: "slack:C1", Away: "archived"}, {Channel: "slack:C1", Name: "news"},
		{Channel: "slack:", Every: true},
	}).Draw(t, "move")))
}

// crash loses what is in hand; the platform may have taken it.
func (m *machine) crash(t *rapid.T) {
	for _, d := range m.hand {
		if rapid.Bool().Draw(t, "taken") {
			m.sent[d.ID] = true
		}
	}
	m.hand = nil
	m.reopen()
	m.start()
}

func (m *machine) pass(t *rapid.T) {
	m.advance(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds")) * time.Second)
}

// check asserts the laws of the ledger.
func (m *machine) check(t *rapid.T) {
	l := m.ledger()
	sum := 0
	for _, n := range l.Outcomes {
		sum += n
	}
	for _, c := range machineChannels {
		if got := len(m.followed(c)); got == 1 && m.left[c] || got == 0 && !m.left[c] {
			t.Fatalf("%s follows %d watches; left: %v", c, got, m.left[c])
		}
	}
	never := m.count(`select count(*) from items where unsifted and sifted = 0`)
	if l.Fresh != sum || l.Fresh+never != len(m.shown) {
		t.Fatalf("%d items: %d fresh with %d outcomes, %d not sifted yet",
			len(m.shown), l.Fresh, sum, never)
	}
	states := 0
	for _, n := range l.Deliveries {
		states += n
	}
	if m.states != states {
		t.Fatalf("%d followed revisions, %d states: %v", m.states, states, l.Deliveries)
	}
	if n := m.count(`select count(*) from tellings p where p.delivery_id <> '' and not exists (
			select 1 from deliveries d where d.id = p.delivery_id and d.channel = p.channel)`); n != 0 {
		t.Fatalf("%d revisions are owed by no delivery", n)
	}
}

// finish brings everything to an end; nothing may be left over.
func (m *machine) finish(t *rapid.T) {
	m.must(m.Moved(m.tb.Context(), bot.Move{Channel: "slack:", Every: true}))
	for range 200 {
		m.advance(time.Hour)
		for _, d := range m.hand {
			m.settle(d, bot.StateSent)
		}
		m.hand = nil
		m.sift(t)
		m.oweUntold(t)
		m.hand = m.claim(9)
		_, waits, err := m.Waiting(m.tb.Context())
		m.must(err)
		if m.hand == nil && !waits && len(m.unsifted()) == 0 {
			break
		}
	}
	m.check(t)
	for id, s := range m.stories {
		if m.owed[id] != s.Revision {
			t.Fatalf("%s was owed to revision %d of %d", id, m.owed[id], s.Revision)
		}
	}
	deliveries := m.ledger().Deliveries
	for _, s := range []bot.State{bot.StatePending, bot.StatePosting, bot.StateUncertain} {
		if deliveries[s] != 0 {
			t.Fatalf("%d are %s for ever", deliveries[s], s)
		}
	}
	for key, title := range m.shown {
		n := m.count(`select count(*) from items where key = $1 and title = $2`, key, title)
		if n != 1 {
			t.Fatalf("item %s does not read %q", key, title)
		}
	}
}

// TestLaws asserts sections 1 and 7 of the design: whatever happens in whatever order, each item
// has one outcome and each followed revision one state, nothing is sent twice unless it says so,
// and nothing that waits is lost.
func TestLaws(t *testing.T) {
	// Each run opens and kills a store on a real disk: few of them unless more are asked for.
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		flag.Set(checks.Name, "6")
		defer flag.Set(checks.Name, checks.DefValue)
	}
	dir, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		m := &machine{
			room:  openFile(t, filepath.Join(dir, fmt.Sprintf("%d.db", run))),
			shown: map[string]string{}, stories: map[story.ID]story.Story{},
			owed: map[story.ID]int{}, sent: map[string]bool{},
			left: map[bot.Channel]bool{},
		}
		defer func() { m.Close(); m.own().Close() }()
		m.start()
		rt.Repeat(map[string]func(*rapid.T){
			"poll": m.pollFeed, "sift": m.sift, "owe": m.oweUntold, "claim": m.claimSome,
			"post": m.post, "crash": m.crash, "pass": m.pass, "mute": m.mute,
			"turn": m.turn, "move": m.move, "": m.check,
		})
		m.finish(rt)
	})
}
