package discord_test

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

// outbox is a queue in memory, for one channel, with a clock of its own. There is no news in it but
// what is owed already.
type outbox struct {
	mu    sync.Mutex
	now   time.Time
	owed  []bot.Delivery
	whys  []string // of each attempt that failed
	waits []time.Duration
}

func (*outbox) Untold(context.Context, int) ([]story.Story, error) { return nil, nil }

func (*outbox) Followers(context.Context, []string) ([]bot.Subscription, error) { return nil, nil }

func (*outbox) Owe(context.Context, story.Story, []bot.Delivery) error { return nil }

// newOutbox owes some alerts to a channel. The lease is short: half of it is what a post may take.
func newOutbox(c bot.Channel, headlines ...string) *outbox {
	o := &outbox{now: time.Now()}
	for i, headline := range headlines {
		id := fmt.Sprint("s", i)
		o.owed = append(o.owed, bot.Delivery{
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
func (o *outbox) next() *bot.Delivery {
	for i := range o.owed {
		switch o.owed[i].State {
		case bot.StatePending, bot.StateUncertain:
			return &o.owed[i]
		case bot.StatePosting:
			return nil
		}
	}
	return nil
}

func (o *outbox) Claim(context.Context, int) ([]bot.Delivery, error) {
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

func (o *outbox) Settle(_ context.Context, d bot.Delivery) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.owed {
		if o.owed[i].ID == d.ID {
			o.owed[i] = d
		}
	}
	if d.State != bot.StateSent {
		o.whys = append(o.whys, d.Why)
		o.waits = append(o.waits, d.Due.Sub(o.now).Round(100*time.Millisecond))
	}
	return nil
}

// wait moves the clock to when something is due, and reports whether anything is owed.
func (o *outbox) wait() bool {
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

// passes has a courier make up to n passes.
func (o *outbox) passes(t *testing.T, p bot.Platform, n int) {
	t.Helper()
	c := bot.NewCourier(o, o, []bot.Platform{p}, bot.Settings{}, slog.New(slog.DiscardHandler))
	for ; n > 0 && o.wait(); n-- {
		if _, err := c.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
