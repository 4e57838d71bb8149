package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensionwatch/tensionwatch/story"
)

// desk is a [Newsroom] and an [Outbox] in memory: one queue a channel, leases as long as a pass.
type desk struct {
	mu      sync.Mutex
	untold  []story.Story
	follow  []Subscription
	queue   map[Channel][]Delivery
	leased  map[Channel]bool
	settled []Delivery
	fail    error
}

func newDesk(d ...Delivery) *desk {
	k := &desk{queue: make(map[Channel][]Delivery), leased: make(map[Channel]bool)}
	for _, one := range d {
		k.queue[one.Channel] = append(k.queue[one.Channel], one)
	}
	return k
}

func (k *desk) Untold(_ context.Context, n int) ([]story.Story, error) {
	return k.untold[:min(n, len(k.untold))], k.fail
}

func (k *desk) Followers(_ context.Context, ids []string) (out []Subscription, _ error) {
	for _, f := range k.follow {
		if slices.Contains(ids, f.Watch) {
			out = append(out, f)
		}
	}
	return out, nil
}

func (k *desk) Owe(_ context.Context, s story.Story, owed []Delivery) error {
	k.untold = slices.DeleteFunc(k.untold, func(u story.Story) bool { return u.ID == s.ID })
	for _, d := range owed {
		k.queue[d.Channel] = append(k.queue[d.Channel], d)
	}
	return nil
}

func (k *desk) Claim(ctx context.Context, n int) (claimed []Delivery, _ error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for c, queue := range k.queue {
		if len(queue) == 0 || k.leased[c] || len(claimed) == n || queue[0].Due.After(time.Now()) {
			continue
		}
		d := queue[0]
		if d.State != StateUncertain {
			d.State = StatePosting
		}
		d.Attempts++
		d.Claimed, d.Lease = time.Now(), time.Now().Add(2*time.Minute)
		k.leased[c] = true
		claimed = append(claimed, d)
	}
	return claimed, ctx.Err()
}

func (k *desk) Settle(_ context.Context, d Delivery) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	if d.State == StatePosting {
		return nil
	}
	k.leased[d.Channel] = false
	k.queue[d.Channel][0] = d
	if d.State != StatePending && d.State != StateUncertain {
		k.settled = append(k.settled, d)
		k.queue[d.Channel] = k.queue[d.Channel][1:]
	}
	return nil
}

// wire is a [Platform] whose posts do what answer says.
type wire struct {
	mu     sync.Mutex
	posts  []string // channel and delivery of each
	answer func(ctx context.Context, c Channel, m Message) error
}

func (w *wire) Name() string { return "wire" }

func (w *wire) Serve(context.Context, Handler) error { return nil }

func (w *wire) Post(ctx context.Context, c Channel, m Message) (Receipt, error) {
	if w.answer != nil {
		if err := w.answer(ctx, c, m); err != nil {
			return Receipt{}, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	mark := ""
	if m.Repeat {
		mark = " again?"
	}
	w.posts = append(w.posts, string(c)+" "+m.Delivery+mark+thread(m))
	return Receipt{"r-" + m.Delivery}, nil
}

// thread tells to what a message replies, and how loudly.
func thread(m Message) (s string) {
	if m.Thread.ID != "" {
		s = " to " + m.Thread.ID
	}
	if m.Loud {
		s += " loud"
	}
	return s
}

// finding is a wire that knows what was posted.
type finding struct {
	*wire
	known map[string]bool
}

func (f finding) Find(_ context.Context, _ Channel, d Delivery) (Receipt, bool, error) {
	return Receipt{"r-" + d.ID}, f.known[d.ID], nil
}

// blind is a wire that could find, but is not allowed to look.
type blind struct{ *wire }

func (b blind) Find(context.Context, Channel, Delivery) (Receipt, bool, error) {
	return Receipt{}, false, fmt.Errorf("reading the channel: %w", errors.ErrUnsupported)
}

// editing is a wire that can change a post.
type editing struct{ *wire }

func (e editing) Edit(_ context.Context, c Channel, r Receipt, m Message) error {
	e.posts = append(e.posts, string(c)+" edit "+r.ID+thread(m))
	return nil
}

// refusing is a wire that does not let a post be changed.
type refusing struct {
	*wire
	err error
}

func (r refusing) Edit(context.Context, Channel, Receipt, Message) error { return r.err }

func alert(id string, c Channel) Delivery {
	return Delivery{
		ID: id, Channel: c, Kind: KindAlert, State: StatePending,
		Pairs: []Pair{{Story: tale(story.ID(id), story.SeverityNone, "BBC"), Revision: 1}},
	}
}

func deliver(t *testing.T, k *desk, p Platform) {
	t.Helper()
	courier := NewCourier(k, k, []Platform{p}, Settings{}, slog.New(slog.DiscardHandler))
	if _, err := courier.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func assertPosts(t *testing.T, w *wire, want ...string) {
	t.Helper()
	got := slices.Clone(w.posts)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("posted %q, want %q", got, want)
	}
}

func TestDeliverTellsFollowers(t *testing.T) {
	k := newDesk()
	k.untold = []story.Story{tale("s", story.SeverityNone, "BBC")}
	k.follow = []Subscription{{Channel: "wire:1", Watch: "oman"}, {Channel: "wire:2", Watch: "other"}}
	w := new(wire)
	deliver(t, k, w)
	assertPosts(t, w, "wire:1 "+DeliveryID("wire:1", "s", 1))
	if len(k.settled) != 1 || k.settled[0].State != StateSent {
		t.Errorf("settled %+v, want one sent", k.settled)
	}
}

func TestDeliverKeepsTheOrderOfAChannel(t *testing.T) {
	w := new(wire)
	deliver(t, newDesk(alert("a", "wire:1"), alert("b", "wire:1"), alert("c", "wire:1")), w)
	if got := strings.Join(w.posts, ", "); got != "wire:1 a, wire:1 b, wire:1 c" {
		t.Errorf("posted %s", got)
	}
}

// TestAHangingChannelDelaysNoOther asserts that a post that hangs takes one courier and no more.
func TestAHangingChannelDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := make(map[Channel]time.Time)
		w := &wire{}
		w.answer = func(ctx context.Context, c Channel, _ Message) error {
			if c == "wire:hangs" {
				<-ctx.Done()
				return ErrUncertain
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			told[c] = time.Now()
			return nil
		}
		begun := time.Now()
		later := alert("later", "wire:2")
		later.Due = begun.Add(10 * time.Second)
		k := newDesk(alert("x", "wire:hangs"), alert("a", "wire:1"), later)
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		courier := NewCourier(k, k, []Platform{w}, Settings{}, slog.New(slog.DiscardHandler))
		if _, err := courier.Deliver(ctx); err != nil {
			t.Fatal(err)
		}
		if late := told["wire:1"].Sub(begun); late != 0 {
			t.Errorf("wire:1 was told after %v", late)
		}
		if late := told["wire:2"].Sub(begun); late < 10*time.Second || late > 12*time.Second {
			t.Errorf("wire:2 was due after 10s and told after %v", late)
		}
		if got := k.queue["wire:hangs"][0].State; got != StateUncertain {
			t.Errorf("the hanging post is %s, want uncertain", got)
		}
	})
}

func TestDeliverUncertain(t *testing.T) {
	lost := alert("a", "wire:1")
	lost.State = StateUncertain
	t.Run("a platform that cannot be asked is sent it again, marked", func(t *testing.T) {
		w := new(wire)
		deliver(t, newDesk(lost), w)
		assertPosts(t, w, "wire:1 a again?")
	})
	t.Run("what is found is not sent again", func(t *testing.T) {
		f := finding{new(wire), map[string]bool{"a": true}}
		k := newDesk(lost)
		deliver(t, k, f)
		assertPosts(t, f.wire)
		if k.settled[0].State != StateSent || k.settled[0].Receipt.ID != "r-a" {
			t.Errorf("settled %+v", k.settled[0])
		}
	})
	t.Run("a finder that may not look is sent it again, marked", func(t *testing.T) {
		b := blind{new(wire)}
		deliver(t, newDesk(lost), b)
		assertPosts(t, b.wire, "wire:1 a again?")
	})
	t.Run("what is not found is sent, unmarked", func(t *testing.T) {
		f := finding{new(wire), nil}
		deliver(t, newDesk(lost), f)
		assertPosts(t, f.wire, "wire:1 a")
	})
}

func TestDeliverUpdate(t *testing.T) {
	news := func(change func(*Delivery)) Delivery {
		d := alert("b", "wire:1")
		d.Kind, d.Prior, d.Root = KindUpdate, Receipt{"r-a"}, Receipt{"r-a"}
		change(&d)
		return d
	}
	for _, test := range []struct {
		name  string
		d     Delivery
		posts []string
		state State
	}{
		{"a publisher more is an edit", news(func(*Delivery) {}), []string{"wire:1 edit r-a"}, StateSent},
		{"other words are told in the thread as well", news(func(d *Delivery) { d.News = true }),
			[]string{"wire:1 b to r-a", "wire:1 edit r-a"}, StateSent},
		{"a digest is not edited", news(func(d *Delivery) { d.Prior = Receipt{} }), nil, StateBelow},
		{"but is replied to", news(func(d *Delivery) { d.Prior, d.News = Receipt{}, true }),
			[]string{"wire:1 b to r-a"}, StateSent},
		{"an escalation is heard by all", news(func(d *Delivery) { d.Kind = KindEscalation }),
			[]string{"wire:1 b to r-a loud"}, StateSent},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, k := editing{new(wire)}, newDesk(test.d)
			deliver(t, k, e)
			assertPosts(t, e.wire, test.posts...)
			if k.settled[0].State != test.state {
				t.Errorf("state %s, want %s", k.settled[0].State, test.state)
			}
		})
	}
	t.Run("news is told although the post cannot be changed", func(t *testing.T) {
		w, k := new(wire), newDesk(news(func(d *Delivery) { d.News = true }))
		deliver(t, k, refusing{w, errors.New("it is too late to change it")})
		assertPosts(t, w, "wire:1 b to r-a")
		if k.settled[0].State != StateSent {
			t.Errorf("state %s, want sent", k.settled[0].State)
		}
		for _, err := range []error{ErrGone, &RetryError{After: time.Hour, Err: errTurn}} {
			k := newDesk(news(func(d *Delivery) { d.News = true }))
			w := new(wire)
			deliver(t, k, refusing{w, err})
			assertPosts(t, w)
		}
	})
	t.Run("no update where posts cannot be changed", func(t *testing.T) {
		w, k := new(wire), newDesk(news(func(d *Delivery) { d.News = true }))
		deliver(t, k, w)
		assertPosts(t, w)
		if k.settled[0].State != StateBelow {
			t.Errorf("state %s, want below", k.settled[0].State)
		}
	})
	t.Run("a reply that was found is not sent again", func(t *testing.T) {
		lost := news(func(d *Delivery) { d.News, d.State = true, StateUncertain })
		w, k := new(wire), newDesk(lost)
		deliver(t, k, both{editing{w}, finding{w, map[string]bool{"b": true}}})
		assertPosts(t, w, "wire:1 edit r-a")
		if got := k.settled[0].Receipt.ID; got != "r-b" {
			t.Errorf("receipt %q, want the reply's", got)
		}
	})
}

// both is a wire that can change a post and knows what was posted.
type both struct {
	editing
	f finding
}

func (b both) Find(ctx context.Context, c Channel, d Delivery) (Receipt, bool, error) {
	return b.f.Find(ctx, c, d)
}

// paced is a wire that must not be asked too often.
type paced struct{ *wire }

func (p paced) Pace(Channel, bool) Pace    { return Pace{Name: "wire", Every: time.Second, Burst: 1} }
func (p paced) Rest(Channel) time.Duration { return 3 * time.Second }

// turns is a [Limiter] in memory.
type turns struct {
	mu   sync.Mutex
	next time.Time
}

func (l *turns) Turn(_ context.Context, p Pace, patience time.Duration) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := max(time.Until(l.next), 0)
	if wait <= patience {
		l.next = time.Now().Add(wait + p.Every)
	}
	return wait, nil
}

func (l *turns) Hold(_ context.Context, _ Pace, pause time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = time.Now().Add(pause)
	return nil
}

// TestDeliverInTurn asserts that posts to any channel wait for the bot's turn, and that a platform that
// asks for peace is left in peace by all its channels, those with a turn already included.
func TestDeliverInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var at []time.Duration
		w := &wire{}
		w.answer = func(context.Context, Channel, Message) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			at = append(at, time.Since(begun))
			if len(at) == 3 {
				return &RetryError{After: time.Minute, Err: ErrLimited}
			}
			return nil
		}
		k := newDesk()
		for i := range 5 {
			c := Channel(fmt.Sprint("wire:", i))
			k.queue[c] = []Delivery{alert(fmt.Sprint(i), c)}
		}
		courier := NewCourier(k, k, []Platform{paced{w}}, Settings{}, slog.New(slog.DiscardHandler))
		courier.Limits = new(turns)
		for range 3 {
			if _, err := courier.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Minute)
		}
		if !slices.Equal(at[:3], []time.Duration{0, time.Second, 2 * time.Second}) ||
			at[3] < time.Minute || len(at) != 6 || len(k.settled) != 5 {
			t.Errorf("posted after %v, %d were sent", at, len(k.settled))
		}
		for _, d := range k.settled {
			if d.Attempts > 2 {
				t.Errorf("waiting for a turn counts as an attempt: %d of %s", d.Attempts, d.ID)
			}
		}
	})
}

// TestDeliverManyInTurn asserts that with many more channels than can be served at once, no turn is
// lost and nobody is passed over for long.
func TestDeliverManyInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newDesk()
		for i := range 60 {
			c := Channel(fmt.Sprint("wire:", i))
			k.queue[c] = []Delivery{alert(fmt.Sprint(i), c)}
		}
		courier := NewCourier(k, k, []Platform{paced{new(wire)}}, Settings{}, slog.New(slog.DiscardHandler))
		courier.Limits = new(turns)
		for begun := time.Now(); time.Since(begun) < 70*time.Second; <-time.After(time.Second) {
			if _, err := courier.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if sent := len(k.settled); sent != 60 {
			t.Errorf("%d of 60 posts in 70 seconds, one a second", sent)
		}
	})
}

// TestDeliverRests asserts that a channel has its rest after a post.
func TestDeliverRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newDesk(alert("a", "wire:1"))
		deliver(t, k, paced{new(wire)})
		if got := time.Until(k.settled[0].Due); got != 3*time.Second {
			t.Errorf("the channel rests for %v, want 3s", got)
		}
	})
}

// TestDeliverWaits asserts that a channel that asked to wait is left alone until then.
func TestDeliverWaits(t *testing.T) {
	k := newDesk(alert("a", "wire:1"), alert("b", "wire:1"), alert("c", "elsewhere:1"))
	w := &wire{answer: func(context.Context, Channel, Message) error {
		return &RetryError{After: time.Hour, Err: errors.New("slow down")}
	}}
	deliver(t, k, w)
	if first := k.queue["wire:1"][0]; first.ID != "a" || first.State != StatePending ||
		time.Until(first.Due) < 59*time.Minute {
		t.Errorf("first in the queue is %s, %s, due %v", first.ID, first.State, first.Due)
	}
	if off := k.queue["elsewhere:1"][0]; off.State != StatePending {
		t.Errorf("a delivery to a platform that is off is %s, want pending", off.State)
	}
}

// TestDeliverEnds asserts that the post in hand is finished when the pass is to end, and the rest
// is left.
func TestDeliverEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := &wire{answer: func(post context.Context, _ Channel, _ Message) error {
		cancel()
		return post.Err()
	}}
	k := newDesk(alert("a", "wire:1"), alert("b", "wire:1"))
	courier := NewCourier(k, k, []Platform{w}, Settings{}, slog.New(slog.DiscardHandler))
	if n, err := courier.Deliver(ctx); n != 1 || err != nil {
		t.Errorf("delivered %d, %v; want the one in hand", n, err)
	}
	assertPosts(t, w, "wire:1 a")
}

func TestDeliverStoreFails(t *testing.T) {
	k := newDesk(alert("a", "wire:1"), alert("b", "wire:2"))
	disk := errors.New("disk full")
	w := &wire{}
	w.answer = func(context.Context, Channel, Message) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.fail = disk
		return nil
	}
	courier := NewCourier(k, k, []Platform{w}, Settings{}, slog.New(slog.DiscardHandler))
	if _, err := courier.Deliver(t.Context()); !errors.Is(err, disk) {
		t.Errorf("error %v, want the store's", err)
	}
}

// TestDeliverEndsAndStoreFails asserts that the end of a pass does not hide that the store failed.
func TestDeliverEndsAndStoreFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	k, disk := newDesk(alert("a", "wire:1")), errors.New("disk full")
	w := &wire{answer: func(context.Context, Channel, Message) error {
		cancel()
		k.mu.Lock()
		defer k.mu.Unlock()
		k.fail = errors.Join(disk, context.Canceled)
		return nil
	}}
	courier := NewCourier(k, k, []Platform{w}, Settings{}, slog.New(slog.DiscardHandler))
	if _, err := courier.Deliver(ctx); !errors.Is(err, disk) {
		t.Errorf("error %v, want the store's", err)
	}
}
