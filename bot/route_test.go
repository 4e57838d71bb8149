package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

var noon = time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)

func tale(id story.ID, severity story.Severity, publishers ...string) story.Story {
	return story.Story{
		ID: id, Revision: 1, Headline: "Oman hosts talks", Severity: severity,
		Publishers: publishers, Revised: noon, Latest: noon,
		Why: []story.Why{{Watch: "oman", Name: "oman", Words: []string{"Oman", "talks"}}},
	}
}

func TestRoute(t *testing.T) {
	follow := func(watch string, change func(*Subscription)) Subscription {
		s := Subscription{Channel: "console:", Watch: watch, MinPublishers: 1, MinSeverity: story.SeverityNone}
		if change != nil {
			change(&s)
		}
		return s
	}
	needs := func(n int) func(*Subscription) { return func(s *Subscription) { s.MinPublishers = n } }
	waits := func(s *Subscription) { s.GroupWait = time.Hour }
	asks := func(s *Subscription) { s.MinSeverity = story.SeverityHigh }
	mutes := func(s *Subscription) { s.MutedUntil = noon.Add(time.Hour) }
	rests := func(s *Subscription) { s.Quiet = "11:00-13:00" }
	daily := func(s *Subscription) { s.Policy, s.Digest = "digest", "0 18 * * *" }
	for _, test := range []struct {
		name      string
		severity  story.Severity
		followers []Subscription
		want      string // state, wait, watches and why of each delivery
	}{
		{"nobody follows", story.SeverityNone, nil, ""},
		{"one follows", story.SeverityNone, []Subscription{follow("a", nil)}, "pending 0s [a] "},
		{"two watches of one channel make one alert", story.SeverityNone,
			[]Subscription{follow("a", nil), follow("b", nil)}, "pending 0s [a b] "},
		{"too few publishers", story.SeverityNone, []Subscription{follow("a", needs(3))},
			"below 0s [a] 1 of 3 publishers"},
		{"too quiet", story.SeverityNotable, []Subscription{follow("a", asks)},
			"below 0s [a] severity notable is below high"},
		{"the louder policy counts", story.SeverityNone,
			[]Subscription{follow("a", needs(3)), follow("b", nil)}, "pending 0s [a b] "},
		{"critical always goes", story.SeverityCritical,
			[]Subscription{follow("a", needs(3))}, "pending 0s [a] "},
		{"it waits for more publishers", story.SeverityNone,
			[]Subscription{follow("a", waits)}, "pending 1h0m0s [a] "},
		{"the shorter wait counts", story.SeverityNone,
			[]Subscription{follow("a", waits), follow("b", nil)}, "pending 0s [a b] "},
		{"high never waits", story.SeverityHigh, []Subscription{follow("a", waits)}, "pending 0s [a] "},
		{"muted", story.SeverityCritical, []Subscription{follow("a", mutes)},
			"muted 0s [a] muted until 2026-02-06 13:00 UTC"},
		{"a mute that is over", story.SeverityNone, []Subscription{follow("a", func(s *Subscription) {
			s.MutedUntil = noon
		})}, "pending 0s [a] "},
		{"quiet hours", story.SeverityHigh, []Subscription{follow("a", rests)}, "held 1h0m0s [a] quiet hours"},
		{"critical in quiet hours", story.SeverityCritical, []Subscription{follow("a", rests)}, "pending 0s [a] "},
		{"before quiet hours", story.SeverityNone, []Subscription{follow("a", func(s *Subscription) {
			s.Quiet, s.Zone = "15:31-16:30", "Asia/Tehran" // where it is 15:30
		})}, "pending 0s [a] "},
		{"a wait that ends in quiet hours", story.SeverityNone, []Subscription{follow("a", func(s *Subscription) {
			s.Quiet, s.GroupWait = "12:30-14:00", time.Hour
		})}, "held 2h0m0s [a] quiet hours"},
		{"a digest", story.SeverityHigh, []Subscription{follow("a", daily)}, "held 6h0m0s [a] for the digest"},
		{"critical despite a digest", story.SeverityCritical, []Subscription{follow("a", daily)},
			"pending 0s [a] "},
		{"below stays below in quiet hours", story.SeverityNone,
			[]Subscription{follow("a", func(s *Subscription) { rests(s); needs(3)(s) })},
			"below 0s [a] 1 of 3 publishers"},
		{"a loud watch ends the quiet one's wait", story.SeverityNone,
			[]Subscription{follow("a", daily), follow("b", mutes), follow("c", nil)}, "pending 0s [a b c] "},
		{"held is louder than below and muted", story.SeverityNone,
			[]Subscription{follow("a", mutes), follow("b", needs(3)), follow("c", daily)},
			"held 6h0m0s [a b c] for the digest"},
		{"a new follower is not owed what was before", story.SeverityNone,
			[]Subscription{follow("a", func(s *Subscription) { s.Since = noon.Add(time.Second) })}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			for _, d := range Route(tale("s", test.severity, "BBC"), test.followers) {
				wait := time.Duration(0)
				if d.State == StatePending || d.State == StateHeld {
					wait = d.Due.Sub(noon)
				}
				got += fmt.Sprintf("%s %v %v %s", d.State, wait, d.Pairs[0].Watches, d.Why)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestRouteChannelsApart(t *testing.T) {
	owed := Route(tale("s", story.SeverityNone), []Subscription{
		{Channel: "console:", Watch: "a"}, {Channel: "slack:C1", Watch: "a"},
	})
	if len(owed) != 2 || owed[0].Channel == owed[1].Channel || owed[0].ID == owed[1].ID {
		t.Errorf("owed %+v, want one delivery for each channel", owed)
	}
}

func TestDeliveryID(t *testing.T) {
	id := DeliveryID("slack:C1", "story", 1)
	if len(id) != 24 || id != DeliveryID("slack:C1", "story", 1) {
		t.Errorf("id %q, want 24 characters, always the same", id)
	}
	for _, other := range []string{
		DeliveryID("slack:C2", "story", 1), DeliveryID("slack:C1", "stor", 1),
		DeliveryID("slack:C1", "story", 2),
	} {
		if other == id {
			t.Errorf("two deliveries are called %s", id)
		}
	}
}

// waiting makes an alert with n more behind it.
func waiting(n int) Delivery {
	alert := func(i int) Delivery {
		s := tale(story.ID(fmt.Sprint(i)), story.SeverityNone, "BBC")
		s.Latest = noon.Add(time.Duration(i) * time.Minute)
		return Delivery{
			ID: fmt.Sprint("d", i), Kind: KindAlert, State: StatePosting,
			Pairs: []Pair{{Story: s, Revision: 1, Watches: []string{"oman"}}},
		}
	}
	d := alert(0)
	for i := range n {
		d.Waiting = append(d.Waiting, alert(i+1))
	}
	return d
}

// catchingUp marks the alert (0) or those behind it.
func catchingUp(d Delivery, marked ...int) Delivery {
	for _, i := range marked {
		if i == 0 {
			d.Pairs[0].Story.CatchUp = true
		} else {
			d.Waiting[i-1].Pairs[0].Story.CatchUp = true
		}
	}
	return d
}

// heldBack marks the alert (0) or those behind it.
func heldBack(d Delivery, marked ...int) Delivery {
	for _, i := range marked {
		if i == 0 {
			d.Held = true
		} else {
			d.Waiting[i-1].Held = true
		}
	}
	return d
}

func TestFoldLeavesNewsOut(t *testing.T) {
	folded, ok := fold(catchingUp(waiting(3), 0, 2), 5)
	if !ok || !slices.Equal(folded.Absorbs, []string{"d2"}) || len(folded.Pairs) != 2 {
		t.Errorf("%t, %+v", ok, folded)
	}
}

func TestFold(t *testing.T) {
	for _, test := range []struct {
		name   string
		d      Delivery
		limit  int
		folded bool
	}{
		{"as many as the limit", waiting(4), 5, false},
		{"one more than the limit", waiting(5), 5, true},
		{"folding is off", waiting(50), 0, false},
		{"what may be posted already stays as it was", func() Delivery {
			d := waiting(9)
			d.State = StateUncertain
			return d
		}(), 5, false},
		{"two that catch up", catchingUp(waiting(1), 0, 1), 5, true},
		{"one that catches up", catchingUp(waiting(0), 0), 5, false},
		{"one that catches up before news", catchingUp(waiting(2), 0), 5, false},
		{"news before one that catches up", catchingUp(waiting(2), 1), 5, false},
		{"catching up, folding is off", catchingUp(waiting(1), 0, 1), 0, false},
		{"two that were held back, folding is off", heldBack(waiting(1), 0, 1), 0, true},
		{"one that was held back before news", heldBack(waiting(2), 0), 5, false},
		{"news before one that was held back", heldBack(waiting(2), 1), 5, false},
		{"an update", func() Delivery {
			d := waiting(9)
			d.Kind = KindUpdate
			return d
		}(), 5, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, folded := fold(test.d, test.limit); folded != test.folded {
				t.Errorf("folded %v, want %v", folded, test.folded)
			}
		})
	}
}

func TestFoldTellsTheStrongest(t *testing.T) {
	d := waiting(7)
	d.Waiting[3].Pairs[0].Story.Severity = story.SeverityHigh
	d.Waiting[5].Pairs[0].Story.Publishers = []string{"BBC", "AFP"}
	folded, _ := fold(d, 5)
	var order []string
	for _, p := range folded.Pairs {
		order = append(order, string(p.Story.ID)+string(p.State))
	}
	want := []string{"4", "6", "7", "5", "3", "2burst", "1burst", "0burst"}
	if !slices.Equal(order, want) || len(folded.Absorbs) != 7 || folded.Kind != KindDigest {
		t.Errorf("got %v absorbing %v, want %v", order, folded.Absorbs, want)
	}
	m := Render(folded)
	if len(m.Cards) != 5 || len(m.Rest) != 3 || m.Title != "8 stories for oman" {
		t.Errorf("%d cards, %d more, title %q", len(m.Cards), len(m.Rest), m.Title)
	}
}

func TestSettle(t *testing.T) {
	refused := errors.New("refused")
	for _, test := range []struct {
		name  string
		state State // before
		err   error
		want  State
		wait  time.Duration
		gone  bool
	}{
		{"posted", StatePosting, nil, StateSent, 0, false},
		{"found", StateUncertain, nil, StateSent, 0, false},
		{"asked to wait", StatePosting, &RetryError{After: time.Minute, Err: refused}, StatePending, time.Minute, false},
		{"asked to wait while uncertain", StateUncertain, &RetryError{After: time.Minute, Err: refused},
			StateUncertain, time.Minute, false},
		{"answer lost", StatePosting, ErrUncertain, StateUncertain, 4 * time.Second, false},
		{"channel gone", StatePosting, fmt.Errorf("posting: %w", ErrGone), StateDead, 0, true},
		{"asked to come back at once", StatePosting, &RetryError{Err: refused}, StatePending,
			4 * time.Second, false},
		{"asked to wait without a reason", StatePosting, &RetryError{After: time.Minute},
			StatePending, time.Minute, false},
		{"refused", StatePosting, refused, StateDead, 0, false},
		{"needs no post", StatePosting, errBelow, StateBelow, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := settle(Delivery{State: test.state, Attempts: 3}, Receipt{"r"}, test.err, noon)
			if d.State != test.want || d.Gone != test.gone {
				t.Errorf("state %s gone %v, want %s %v", d.State, d.Gone, test.want, test.gone)
			}
			if test.wait > 0 && !d.Due.Equal(noon.Add(test.wait)) {
				t.Errorf("due %v, want after %v", d.Due, test.wait)
			}
		})
	}
}

// TestSettleDeadDigest asserts that nobody counts as told by a digest that was refused.
func TestSettleDeadDigest(t *testing.T) {
	folded, _ := fold(waiting(7), 5)
	for _, p := range settle(folded, Receipt{}, errors.New("refused"), noon).Pairs {
		if p.State == StateBurst {
			t.Errorf("story %s counts as told", p.Story.ID)
		}
	}
	if folded.Pairs[7].State != StateBurst {
		t.Error("settle changed the delivery that it was given")
	}
}

func TestBackoff(t *testing.T) {
	for attempts, want := range []time.Duration{time.Second, time.Second, 2 * time.Second} {
		if got := backoff(attempts); got != want {
			t.Errorf("after %d attempts %v, want %v", attempts, got, want)
		}
	}
	if got := backoff(1000); got != 5*time.Minute {
		t.Errorf("after many attempts %v, want 5m", got)
	}
}

func BenchmarkRoute(b *testing.B) {
	followers := make([]Subscription, 10_000)
	for i := range followers {
		followers[i] = Subscription{Channel: Channel(fmt.Sprint("slack:C", i)), Watch: "oman"}
	}
	s := tale("s", story.SeverityNone, "BBC")
	for b.Loop() {
		Route(s, followers)
	}
}

func TestMark(t *testing.T) {
	for _, test := range []struct {
		text, words, want string
	}{
		{"Oman hosts talks, Omani says", "Oman|talks", "[Oman] hosts [talks], Omani says"},
		{"US warns us", "US", "[US] warns us"},
		{"علی شمخاني، گفت", "شمخانی", "علی [شمخاني]، گفت"},
		{"Шамхани прибыл", "Шамхани", "[Шамхани] прибыл"},
		{"The U.S. warns us", "US", "The [U.S.] warns us"},
		{"The Strait of Hormuz, west of Oman", "Strait of Hormuz", "The [Strait of Hormuz], west of Oman"},
		{"Oman talks, Oman waits", "Oman|Oman talks", "[Oman talks], [Oman] waits"},
		{"nothing here", "", "nothing here"},
	} {
		why := []story.Why{{Words: strings.Split(test.words, "|")}}
		got := ""
		for _, span := range mark(test.text, quoted(why)) {
			if span.Hit {
				got += "[" + span.Text + "]"
			} else {
				got += span.Text
			}
		}
		if got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestRenderShowsOwnWatchesOnly(t *testing.T) {
	s := tale("s", story.SeverityNone)
	s.Why = append(s.Why, story.Why{Watch: "secret", Name: "secret", Words: []string{"hosts"}})
	m := Render(Delivery{Kind: KindAlert, Pairs: []Pair{{Story: s, Watches: []string{"oman"}}}})
	if why := m.Cards[0].Why; len(why) != 1 || why[0].Name != "oman" {
		t.Errorf("why %v, want the channel's own watch only", why)
	}
	if got := m.Cards[0].Headline.String(); got != s.Headline {
		t.Errorf("headline %q", got)
	}
}

func TestWelcome(t *testing.T) {
	n := Welcome([]rules.Watch{{Name: "oman", Rule: "Oman talks"}}, []string{"BBC", "DW"})
	want := []string{"oman: Oman talks", "2 feeds: BBC, DW"}
	if !slices.Equal(n.Lines[:2], want) || len(n.Lines) != 3 {
		t.Errorf("lines %q, want %q and a closing one", n.Lines, want)
	}
}

// TestDigestInQuietHours: a digest that would come in the hours of silence comes when they end.
func TestDigestInQuietHours(t *testing.T) {
	s := tale("s", story.SeverityNotable, "BBC")
	s.Revised = time.Date(2026, 2, 6, 23, 10, 0, 0, time.UTC)
	hourly := Subscription{Channel: "wire:1", Watch: "oman", MinPublishers: 1, Policy: "digest",
		Digest: "0 * * * *", Quiet: "22:00-07:00", MinSeverity: story.SeverityNone}
	state, due, _ := judge(s, hourly)
	if want := time.Date(2026, 2, 7, 7, 0, 0, 0, time.UTC); state != StateHeld || !due.Equal(want) {
		t.Errorf("%s until %v, want held until %v", state, due, want)
	}
}
