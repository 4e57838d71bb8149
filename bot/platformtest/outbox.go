package platformtest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// Outbox is a [bot.Newsroom] and a [bot.Outbox]: a queue in memory, for one channel, with a clock of
// its own. There is no news in it but what is owed already. Its fields are to be read between passes.
type Outbox struct {
	mu    sync.Mutex
	now   time.Time
	Owed  []bot.Delivery
	Whys  []string        // of each attempt that failed
	Waits []time.Duration // until the next attempt after each
}

// Untold implements [bot.Newsroom].
func (*Outbox) Untold(context.Context, int) ([]story.Story, error) { return nil, nil }

// Followers implements [bot.Newsroom].
func (*Outbox) Followers(context.Context, []string) ([]bot.Subscription, error) { return nil, nil }

// Owe implements [bot.Newsroom].
func (*Outbox) Owe(context.Context, story.Story, []bot.Delivery) error { return nil }

// NewOutbox owes some alerts to a channel. The lease is short: half of it is what a post may take.
func NewOutbox(c bot.Channel, headlines ...string) *Outbox {
	o := &Outbox{now: time.Now()}
	for i, headline := range headlines {
		id := fmt.Sprint("s", i)
		o.Owed = append(o.Owed, bot.Delivery{
			ID: fmt.Sprint("d", i), Channel: c, Kind: bot.KindAlert, State: bot.StatePending,
			Due: o.now, Pairs: []bot.Pair{{Revision: 1, Watches: []string{"w"}, Story: story.Story{
				ID: story.ID(id), Revision: 1, Headline: headline, Severity: story.SeverityHigh,
				Publishers: []string{"Gazette"}, Began: o.now, Latest: o.now,
			}}},
		})
	}
	return o
}

// next is the delivery whose turn it is. The lock is held.
func (o *Outbox) next() *bot.Delivery {
	for i := range o.Owed {
		switch o.Owed[i].State {
		case bot.StatePending, bot.StateUncertain:
			return &o.Owed[i]
		case bot.StatePosting:
			return nil
		}
	}
	return nil
}

// Claim implements [bot.Outbox].
func (o *Outbox) Claim(context.Context, int) ([]bot.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := o.next()
	if d == nil || d.Due.After(o.now) {
		return nil, nil
	}
	d.Attempts++
	if d.Attempts == 1 {
		d.Tried = o.now
	}
	d.Claimed, d.Lease = o.now, o.now.Add(600*time.Millisecond)
	claimed := *d
	d.State = bot.StatePosting
	return []bot.Delivery{claimed}, nil
}

// Settle implements [bot.Outbox].
func (o *Outbox) Settle(_ context.Context, d bot.Delivery) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.Owed {
		if o.Owed[i].ID == d.ID {
			o.Owed[i] = d
		}
	}
	if d.State != bot.StateSent {
		o.Whys = append(o.Whys, d.Why)
		o.Waits = append(o.Waits, d.Due.Sub(o.now).Round(100*time.Millisecond))
	}
	return nil
}

// wait moves the clock to when something is due, and reports whether anything is owed.
func (o *Outbox) wait() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	d := o.next()
	if d == nil {
		return false
	}
	if d.Due.After(o.now) {
		o.now = d.Due
	}
	return true
}

// States is what became of each, in order.
func (o *Outbox) States() (states []bot.State) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range o.Owed {
		states = append(states, d.State)
	}
	return states
}

// Passes has a courier make up to n passes.
func (o *Outbox) Passes(t *testing.T, p bot.Platform, n int) {
	t.Helper()
	c := bot.NewCourier(o, o, []bot.Platform{p}, bot.Settings{}, slog.New(slog.DiscardHandler))
	for ; n > 0 && o.wait(); n-- {
		if _, err := c.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
