package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// followed opens a store whose channels follow oman and have read their greetings.
func followed(tb testing.TB, channels ...bot.Channel) *room {
	var subs []bot.Subscription
	for _, c := range channels {
		subs = append(subs, subscription(c))
	}
	return subscribed(tb, subs...)
}

func subscribed(tb testing.TB, subs ...bot.Subscription) *room {
	r := open(tb)
	r.adopt(store.Roster{Watches: []rules.Watch{oman}, Subscriptions: subs})
	for _, d := range r.claim(100) {
		r.settle(d, bot.StateSent)
	}
	r.advance(time.Second)
	return r
}

func (r *room) claim(n int) []bot.Delivery {
	r.tb.Helper()
	claimed, err := r.Claim(r.tb.Context(), n)
	r.must(err)
	return claimed
}

// claimOne claims the one delivery that may be posted.
func (r *room) claimOne() bot.Delivery {
	r.tb.Helper()
	claimed := r.claim(100)
	if len(claimed) != 1 {
		r.tb.Fatalf("claimed %d deliveries: %+v", len(claimed), claimed)
	}
	return claimed[0]
}

func (r *room) settle(d bot.Delivery, s bot.State) {
	r.tb.Helper()
	d.State = s
	if s == bot.StateSent && d.Receipt.ID == "" {
		d.Receipt.ID = "receipt of " + d.ID
	}
	r.must(r.Settle(r.tb.Context(), d))
}

// owe files the stories and owes them as the courier would.
func (r *room) owe(stories ...story.Story) {
	r.tb.Helper()
	for _, s := range stories {
		r.file(story.Filing{Story: &s})
	}
	for _, s := range r.untold() {
		followers, err := r.Followers(r.tb.Context(), []string{oman.ID})
		r.must(err)
		r.must(r.Owe(r.tb.Context(), s, bot.Route(s, followers)))
	}
}

// calm is a tale that group waits hold back.
func calm(id story.ID, revision int) story.Story {
	s := tale(id, revision)
	s.Severity = story.SeverityNone
	return s
}

func (r *room) states(want map[bot.State]int) {
	r.tb.Helper()
	got := r.ledger().Deliveries
	for _, s := range bot.States {
		if got[s] != want[s] {
			r.tb.Errorf("%d %s, want %d", got[s], s, want[s])
		}
	}
}

func ids(stories []bot.Pair) (out []story.ID) {
	for _, p := range stories {
		out = append(out, p.Story.ID)
	}
	return out
}

func TestOweIsIdempotent(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("s", 1))
	s := tale("s", 1)
	s.Revised = r.Now()
	again := func(s story.Story) {
		t.Helper()
		r.must(r.Owe(t.Context(), s, bot.Route(s, r.followers())))
	}
	again(s)
	d := r.claimOne()
	if len(d.Pairs) != 1 || d.Pairs[0].Revision != 1 || d.Attempts != 1 || d.Prior.ID != "" ||
		!slices.Equal(d.Pairs[0].Watches, []string{oman.ID}) || d.State != bot.StatePosting {
		t.Errorf("claimed %+v", d)
	}
	r.settle(d, bot.StateSent)
	r.owe(tale("s", 3))
	r.settle(r.claimOne(), bot.StateSent)
	again(s)
	s.Revision = 2
	again(s)
	if got := r.claim(9); got != nil {
		t.Errorf("told again: %+v", got)
	}
	r.states(map[bot.State]int{bot.StateSent: 3})
}

func TestPendingTakesInTheNextRevision(t *testing.T) {
	sub := subscription("console:")
	sub.GroupWait = time.Hour
	r := subscribed(t, sub)
	r.owe(calm("s", 1))
	r.owe(calm("s", 3)) // 2 was passed over
	if got := r.claim(9); got != nil {
		t.Fatalf("claimed %+v", got)
	}
	r.states(map[bot.State]int{bot.StatePending: 3})
	r.owe(tale("s", 4)) // a high one waits for nobody
	d := r.claimOne()
	if d.Kind != bot.KindAlert || len(d.Pairs) != 1 || d.Pairs[0].Revision != 4 {
		t.Errorf("claimed %+v", d)
	}
	r.settle(d, bot.StateSent)
	r.states(map[bot.State]int{bot.StateSent: 4})
}

func TestUpdateKnowsThePriorPost(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("s", 1))
	first := r.claimOne()
	r.owe(tale("s", 2)) // while the first is on its way
	r.settle(first, bot.StateSent)
	d := r.claimOne()
	if d.Kind != bot.KindUpdate || d.Prior.ID != "receipt of "+first.ID || d.ID == first.ID {
		t.Errorf("claimed %+v", d)
	}
	r.settle(d, bot.StateBelow)
	r.owe(tale("s", 3))
	if d := r.claimOne(); d.Prior.ID != "receipt of "+first.ID {
		t.Errorf("after an update that was not sent: %+v", d)
	}
	r.states(map[bot.State]int{bot.StateSent: 1, bot.StateBelow: 1, bot.StatePosting: 1})
}

func TestUpdateOfWhatWasRefusedIsAnAlert(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("s", 1))
	first := r.claimOne()
	r.owe(tale("s", 2))
	r.settle(first, bot.StateDead)
	if d := r.claimOne(); d.Kind != bot.KindAlert || d.Pairs[0].Revision != 2 {
		t.Errorf("claimed %+v", d)
	}
}

func TestOrderAndOnePostAChannel(t *testing.T) {
	r := followed(t, "console:", "slack:C1")
	r.owe(tale("a", 1))
	r.advance(time.Second)
	r.owe(tale("b", 1), tale("c", 1))
	claimed := r.claim(9)
	if len(claimed) != 2 || claimed[0].Channel == claimed[1].Channel {
		t.Fatalf("claimed %+v", claimed)
	}
	for _, d := range claimed {
		if d.Pairs[0].Story.ID != "a" || len(d.Waiting) != 2 ||
			d.Waiting[0].Pairs[0].Story.ID != "b" || d.Waiting[1].Pairs[0].Story.ID != "c" {
			t.Errorf("%s: %+v", d.Channel, d)
		}
		if !d.Claimed.Equal(r.Now()) || !d.Lease.After(r.Now()) || d.Epoch == 0 {
			t.Errorf("lease: %+v", d)
		}
	}
	if got := r.claim(9); got != nil {
		t.Errorf("a second post of a channel: %+v", got)
	}
	r.settle(claimed[0], bot.StateSent)
	if d := r.claimOne(); d.Channel != claimed[0].Channel || d.Pairs[0].Story.ID != "b" {
		t.Errorf("then %+v", d)
	}
}

func TestBusyChannelsStarveNobody(t *testing.T) {
	r := followed(t, "console:", "slack:C1")
	r.owe(tale("a", 1), tale("b", 1))
	var order []bot.Channel
	for range 4 {
		d := r.claim(1)[0]
		order = append(order, d.Channel)
		r.settle(d, bot.StateSent)
	}
	if order[0] == order[1] || order[2] == order[3] {
		t.Errorf("posted in the order %v", order)
	}
}

// TestCrashWhilePosting asserts that what was on its way comes back first and uncertain, whether
// the process ended or was killed: then its files are as a copy made while it runs.
func TestCrashWhilePosting(t *testing.T) {
	crashes := map[string]func(*testing.T, *room){
		"ended":           func(t *testing.T, r *room) { r.reopen() },
		"killed":          killed,
		"the lease ended": func(t *testing.T, r *room) { r.advance(time.Hour) },
	}
	for name, crash := range crashes {
		t.Run(name, func(t *testing.T) {
			r := followed(t, "console:")
			r.owe(tale("a", 1), tale("b", 1))
			inHand := r.claimOne()
			crash(t, r)
			d := r.claimOne()
			if d.ID != inHand.ID || d.State != bot.StateUncertain ||
				d.Attempts != 2 || d.Waiting != nil {
				t.Errorf("claimed %+v", d)
			}
			r.settle(inHand, bot.StateDead) // from before: ignored
			r.states(map[bot.State]int{bot.StatePosting: 1, bot.StatePending: 1})
			d.Repeat = true
			r.settle(d, bot.StateSent)
			r.states(map[bot.State]int{bot.StateSent: 1, bot.StatePending: 1})
			if r.count(`select count(*) from deliveries where repeated`) != 1 {
				t.Error("the repeat is not marked")
			}
		})
	}
}

// killed goes on with a copy of the files.
func killed(t *testing.T, r *room) {
	t.Helper()
	was := r.DB
	t.Cleanup(func() { was.Close() })
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(r.path + suffix)
		r.must(err)
		write(t, filepath.Join(dir, "news.db"+suffix), string(content))
	}
	r.path = filepath.Join(dir, "news.db")
	r.open()
}

// folded claims six alerts as one digest: c first, and a and b as lines.
func folded(r *room) bot.Delivery {
	r.tb.Helper()
	r.owe(tale("a", 1), tale("b", 1), tale("c", 1))
	d := r.claimOne()
	lines := []bot.Pair{d.Pairs[0], d.Waiting[0].Pairs[0]}
	for i := range lines {
		lines[i].State = bot.StateBurst
	}
	d.Kind = bot.KindDigest
	d.Pairs = append(d.Waiting[1].Pairs, lines...)
	d.Absorbs = []string{d.Waiting[0].ID, d.Waiting[1].ID}
	r.settle(d, bot.StatePosting)
	d.Absorbs = nil
	return d
}

func TestFoldSurvivesACrash(t *testing.T) {
	r := followed(t, "console:")
	before := folded(r)
	if got := r.claim(9); got != nil {
		t.Errorf("a digest in hand does not hold its channel: %+v", got)
	}
	r.states(map[bot.State]int{bot.StatePosting: 3})
	r.reopen()
	d := r.claimOne()
	if d.ID != before.ID || d.Kind != bot.KindDigest || d.State != bot.StateUncertain {
		t.Errorf("claimed %+v", d)
	}
	if !reflect.DeepEqual(d.Pairs, before.Pairs) {
		t.Errorf("a different digest:\ngot  %+v\nwant %+v", d.Pairs, before.Pairs)
	}
	r.settle(d, bot.StateSent)
	r.states(map[bot.State]int{bot.StateSent: 1, bot.StateBurst: 2})
	r.owe(tale("a", 2))
	if d := r.claimOne(); d.Kind != bot.KindUpdate || d.Prior.ID != "" {
		t.Errorf("a digest must not be edited into one story: %+v", d)
	}
}

// TestCatchingUpGoesTogether asserts that an alert that catches up takes along those that do and
// are not due yet, and nothing else that waits.
func TestCatchingUpGoesTogether(t *testing.T) {
	sub := subscription("console:")
	sub.GroupWait = time.Hour
	r := subscribed(t, sub)
	late := func(id story.ID) story.Story {
		s := tale(id, 1)
		s.Severity, s.CatchUp = story.SeverityNone, true
		return s
	}
	r.owe(late("a"))
	r.advance(time.Minute)
	r.owe(late("b"), calm("c", 1))
	r.advance(time.Hour - time.Minute)
	d := r.claimOne()
	if len(d.Waiting) != 1 || d.Waiting[0].Pairs[0].Story.ID != "b" || !d.CatchesUp() {
		t.Errorf("%+v", d)
	}
}

func TestRefusedDigestToldNothing(t *testing.T) {
	r := followed(t, "console:")
	r.settle(folded(r), bot.StateDead)
	r.states(map[bot.State]int{bot.StateDead: 3})
}

func TestDigestThatMustWaitTakesInTheNextRevision(t *testing.T) {
	r := followed(t, "console:")
	d := folded(r)
	d.Due = r.Now()
	r.settle(d, bot.StatePending)
	r.owe(tale("a", 2))
	again := r.claimOne()
	if !slices.Equal(ids(again.Pairs), []story.ID{"c", "a", "b"}) ||
		again.Pairs[1].State != bot.StateBurst || again.Pairs[1].Revision != 2 {
		t.Errorf("claimed %+v", again.Pairs)
	}
	r.settle(again, bot.StateSent)
	r.states(map[bot.State]int{bot.StateSent: 1, bot.StateBurst: 3})
}

func TestRetryHoldsItsChannelOnly(t *testing.T) {
	for _, state := range []bot.State{bot.StatePending, bot.StateUncertain} {
		t.Run(string(state), func(t *testing.T) {
			r := followed(t, "console:", "slack:C1")
			r.owe(tale("a", 1), tale("b", 1))
			refused := r.claim(1)[0]
			refused.Due, refused.Why = r.Now().Add(time.Minute), "slow down"
			r.settle(refused, state)
			other := r.claimOne()
			if other.Channel == refused.Channel {
				t.Fatalf("claimed %+v", other)
			}
			next, owed, err := r.Waiting(t.Context())
			if err != nil || !owed || next.After(r.Now()) {
				t.Errorf("waiting until %v, %v, %v", next, owed, err)
			}
			r.settle(other, bot.StateSent)
			r.settle(r.claimOne(), bot.StateSent)
			next, owed, err = r.Waiting(t.Context())
			if err != nil || !owed || !next.Equal(refused.Due) {
				t.Errorf("waiting until %v, %v, %v", next, owed, err)
			}
			r.reopen() // the pause is kept
			r.advance(time.Minute - time.Millisecond)
			if got := r.claim(9); got != nil {
				t.Errorf("too early: %+v", got)
			}
			r.advance(time.Millisecond)
			again := r.claimOne()
			if again.ID != refused.ID || again.Attempts != 2 || again.Why != "slow down" {
				t.Errorf("claimed %+v", again)
			}
		})
	}
}

func TestGroupWaitHoldsOnlyItself(t *testing.T) {
	sub := subscription("console:")
	sub.GroupWait = time.Hour
	r := subscribed(t, sub)
	r.owe(calm("waits", 1))
	r.owe(tale("high", 1))
	d := r.claimOne()
	if d.Pairs[0].Story.ID != "high" || d.Waiting != nil {
		t.Errorf("claimed %+v", d)
	}
	r.settle(d, bot.StateSent)
	next, _, err := r.Waiting(t.Context())
	if err != nil || !next.Equal(r.Now().Add(time.Hour)) {
		t.Errorf("waiting until %v, %v", next, err)
	}
	r.must(r.EndWaits(t.Context()))
	r.settle(r.claimOne(), bot.StateSent)
	if _, owed, err := r.Waiting(t.Context()); owed || err != nil {
		t.Errorf("still owed: %v, %v", owed, err)
	}
}

func TestGoneChannel(t *testing.T) {
	r := followed(t, "console:", "slack:C1")
	r.owe(tale("a", 1), tale("b", 1))
	for _, d := range r.claim(9) {
		if d.Channel == "slack:C1" {
			d.Gone, d.Why = true, "no such channel"
			r.settle(d, bot.StateDead)
		} else {
			r.settle(d, bot.StateSent)
		}
	}
	r.states(map[bot.State]int{bot.StateDead: 2, bot.StateSent: 1, bot.StatePending: 1})
	if got := r.followers(); len(got) != 1 || got[0].Channel != "console:" {
		t.Errorf("followers: %+v", got)
	}
	if n := r.count(`select count(*) from channels where away = 'no such channel'`); n != 1 {
		t.Errorf("%d channels are left alone", n)
	}
	r.owe(tale("c", 1))
	r.states(map[bot.State]int{bot.StateDead: 2, bot.StateSent: 1, bot.StatePending: 2})
}

// TestOwnerOfAGoneChannelIsTold asserts that whoever had us post somewhere hears once that we cannot.
func TestOwnerOfAGoneChannelIsTold(t *testing.T) {
	for channel, owner := range map[bot.Channel]bot.Channel{
		"slack:C1": "slack:U1", "slack:T1/C1": "slack:T1/U1",
	} {
		t.Run(string(channel), func(t *testing.T) {
			r := followed(t, channel)
			for _, user := range []string{"U2", "U1"} {
				r.must(r.Change(t.Context(), commands.Change{Call: bot.Call{ID: user, Channel: channel,
					Caller: bot.Caller{Owner: "slack:T1", User: user}}}))
			}
			r.owe(tale("a", 1), tale("b", 1))
			d := r.claimOne()
			d.Gone, d.Why = true, "it is archived"
			r.settle(d, bot.StateDead)
			told := r.claimOne()
			if told.Channel != owner || told.Notice == nil ||
				told.Notice.Title != "Nothing can be posted in "+string(channel) {
				t.Errorf("told %s: %+v", told.Channel, told.Notice)
			}
			told.Gone, told.Why = true, "no such person"
			r.settle(told, bot.StateDead)
			if got := r.claim(9); got != nil {
				t.Errorf("then %+v", got)
			}
		})
	}
}

func TestOutdatedSettleIsIgnored(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("a", 1))
	slow := r.claimOne()
	r.advance(slow.Lease.Sub(slow.Claimed))
	fast := r.claimOne()
	slow.Gone, slow.Absorbs = true, []string{fast.ID}
	r.settle(slow, bot.StateDead)
	r.states(map[bot.State]int{bot.StatePosting: 1})
	if len(r.followers()) != 1 || r.claim(9) != nil {
		t.Error("an outdated settle ended the lease or paused the channel")
	}
	r.settle(fast, bot.StateSent)
	r.states(map[bot.State]int{bot.StateSent: 1})
}

func TestBelowNeedsNoPost(t *testing.T) {
	sub := subscription("console:")
	sub.MinPublishers = 3
	r := subscribed(t, sub)
	r.owe(tale("s", 1))
	r.states(map[bot.State]int{bot.StateBelow: 1})
	more := tale("s", 2)
	more.Publishers = []string{"A", "B", "C"}
	r.owe(more)
	d := r.claimOne()
	if d.Kind != bot.KindAlert || !slices.Equal(d.Pairs[0].Story.Publishers, more.Publishers) {
		t.Errorf("claimed %+v", d)
	}
	r.settle(d, bot.StateSent)
	r.states(map[bot.State]int{bot.StateBelow: 1, bot.StateSent: 1})
}

func TestClaimIsBounded(t *testing.T) {
	var channels []bot.Channel
	for i := range 5 {
		channels = append(channels, bot.Channel(fmt.Sprintf("slack:C%d", i)))
	}
	r := followed(t, channels...)
	r.owe(tale("a", 1))
	if a, b := len(r.claim(3)), len(r.claim(3)); a != 3 || b != 2 {
		t.Errorf("claimed %d, then %d", a, b)
	}
}

// TestRepeatedNews asserts what a channel that has been told of a story hears of it later.
func TestRepeatedNews(t *testing.T) {
	more := func(s *story.Story) { s.Publishers = append(s.Publishers, "AFP") }
	words := func(s *story.Story) { s.Summary = "The envoys have left." }
	worse := func(s *story.Story) { s.Severity = story.SeverityCritical }
	for _, test := range []struct {
		name   string
		change []func(*story.Story)
		kind   bot.Kind
		news   bool
	}{
		{"another publisher", []func(*story.Story){more}, bot.KindUpdate, false},
		{"other words", []func(*story.Story){words}, bot.KindUpdate, true},
		{"more severe", []func(*story.Story){worse}, bot.KindEscalation, false},
		{"more severe, then another publisher", []func(*story.Story){worse, more}, bot.KindEscalation, false},
		{"another publisher, then more severe", []func(*story.Story){more, worse}, bot.KindEscalation, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := followed(t, "console:")
			r.owe(tale("s", 1))
			first := r.claimOne()
			r.settle(first, bot.StateSent)
			s := tale("s", 1)
			for _, change := range test.change {
				s.Revision++
				change(&s)
				r.owe(s)
			}
			d := r.claimOne()
			if d.Kind != test.kind || d.News != test.news || d.Prior.ID != "receipt of "+first.ID ||
				d.Root != d.Prior || len(d.Pairs) != 1 || d.Pairs[0].Revision != s.Revision {
				t.Errorf("claimed %+v", d)
			}
			r.settle(d, bot.StateSent)
			s.Revision++
			r.owe(s)
			if d := r.claimOne(); d.Kind != bot.KindUpdate || d.News || d.Prior.ID != "receipt of "+first.ID {
				t.Errorf("then claimed %+v", d)
			}
		})
	}
}

// TestUpdatesComeLast asserts that an edit, which notifies nobody, makes no alert wait.
func TestUpdatesComeLast(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("a", 1))
	r.settle(r.claimOne(), bot.StateSent)
	r.owe(tale("a", 2))
	r.advance(time.Second)
	r.owe(tale("b", 1), tale("c", 1))
	waits := r.claimOne()
	r.settle(waits, bot.StateSent)
	r.settle(r.claimOne(), bot.StateSent)
	update := r.claimOne()
	if waits.Kind != bot.KindAlert || update.Kind != bot.KindUpdate {
		t.Errorf("first %s, last %s", waits.Kind, update.Kind)
	}
	update.Due = r.Now().Add(time.Hour)
	r.settle(update, bot.StatePending)
	r.owe(tale("d", 1))
	if d := r.claimOne(); d.Kind != bot.KindAlert {
		t.Errorf("an update that waits holds its channel back: %+v", d)
	}
}

func TestRestAfterAPost(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("a", 1), tale("b", 1))
	d := r.claimOne()
	d.Due = r.Now().Add(time.Second)
	r.settle(d, bot.StateSent)
	if got := r.claim(9); got != nil {
		t.Errorf("too early: %+v", got)
	}
	r.reopen()
	r.advance(time.Second)
	r.claimOne()
}

func TestQuietHoursAreOneDigest(t *testing.T) {
	sub := subscription("console:")
	sub.Quiet = "00:00-23:00"
	r := subscribed(t, sub)
	r.owe(calm("a", 1), calm("b", 1))
	loud := tale("c", 1)
	loud.Severity = story.SeverityCritical
	r.owe(loud)
	d := r.claimOne()
	if d.Pairs[0].Story.ID != "c" || d.Waiting != nil {
		t.Errorf("claimed %+v", d)
	}
	r.settle(d, bot.StateSent)
	r.states(map[bot.State]int{bot.StateHeld: 2, bot.StateSent: 1})
	if _, owed, err := r.Waiting(t.Context()); owed || err != nil {
		t.Errorf("a single run would wait for quiet hours to end: %v, %v", owed, err)
	}
	r.must(r.EndWaits(t.Context()))
	r.owe(calm("b", 2))
	r.advance(24 * time.Hour)
	d = r.claimOne()
	if !d.Held || len(d.Waiting) != 1 || !d.Waiting[0].Held || d.State != bot.StatePosting {
		t.Errorf("after quiet hours claimed %+v", d)
	}
	r.states(map[bot.State]int{bot.StateHeld: 2, bot.StatePosting: 1, bot.StateSent: 1})
}

// TestCriticalEndsTheWait asserts that a story that becomes critical in quiet hours is told at once.
func TestCriticalEndsTheWait(t *testing.T) {
	sub := subscription("console:")
	sub.Quiet = "00:00-23:00"
	r := subscribed(t, sub)
	r.owe(calm("a", 1))
	s := calm("a", 2)
	s.Severity = story.SeverityCritical
	r.owe(s)
	if d := r.claimOne(); d.Held || d.Kind != bot.KindAlert || d.Pairs[0].Revision != 2 {
		t.Errorf("claimed %+v", d)
	}
}

func TestMutedStory(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("s", 1))
	r.settle(r.claimOne(), bot.StateSent)
	r.meddle(`insert into story_mutes values ('console:', 's', false, 'U1', 0)`)
	r.owe(tale("s", 2))
	r.states(map[bot.State]int{bot.StateSent: 1, bot.StateMuted: 1})
}

func TestAwayChannelWaits(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("s", 1))
	r.meddle(`update channels set away = 'archived'`)
	r.owe(tale("t", 1))
	if got := r.claim(9); got != nil {
		t.Errorf("claimed %+v", got)
	}
	r.meddle(`update channels set away = ''`)
	if d := r.claimOne(); d.Pairs[0].Story.ID != "s" || d.Waiting != nil {
		t.Errorf("claimed %+v", d)
	}
}
