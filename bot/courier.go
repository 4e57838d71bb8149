package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

const (
	// couriers is how many channels are posted to at once.
	couriers = 16

	// owedAtOnce bounds how many stories are read before they are owed.
	owedAtOnce = 100

	// askAgain is how often a pass looks for what has become due while a post hangs.
	askAgain = time.Second

	// platformOff is how long a delivery waits for a platform that is not there.
	platformOff = 5 * time.Minute

	// patience is how long a courier waits for its turn with the post in hand. For a later turn
	// the post is put back, so that the courier can serve another platform.
	patience = 5 * time.Second
)

// Courier tells what is untold.
type Courier struct {
	// Settled, when set, is called after each delivery that is settled, by any of the couriers.
	Settled func(Delivery)

	// Limits hands out turns for the platforms that are a [Pacer]. If nil, all are posted to as
	// fast as they answer.
	Limits Limiter

	news      Newsroom
	out       Outbox
	platforms map[string]Platform
	settings  Settings
	log       *slog.Logger

	mu    sync.Mutex
	peace map[string]time.Time // by pace: no post before, even with a turn
}

// NewCourier makes a courier for the platforms.
func NewCourier(news Newsroom, out Outbox, platforms []Platform, set Settings,
	log *slog.Logger) *Courier {
	byName := make(map[string]Platform, len(platforms))
	for _, p := range platforms {
		byName[p.Name()] = p
	}
	return &Courier{news: news, out: out, platforms: byName, settings: set, log: log,
		peace: make(map[string]time.Time)}
}

// Deliver owes what is untold and posts what is due, until nothing is; it returns how many
// deliveries it settled. When ctx ends, the posts in hand are finished and the rest is left for
// the next pass. The error is the store's.
func (c *Courier) Deliver(ctx context.Context) (n int, err error) {
	if err := unlessEnded(ctx, c.oweUntold(ctx)); err != nil {
		return 0, fmt.Errorf("delivering: %w", err)
	}
	if n, err = c.postDue(ctx); err != nil {
		return n, fmt.Errorf("delivering: %w", err)
	}
	return n, nil
}

// oweUntold hands every untold revision to those who follow it.
func (c *Courier) oweUntold(ctx context.Context) error {
	for ctx.Err() == nil {
		stories, err := c.news.Untold(ctx, owedAtOnce)
		if err != nil || len(stories) == 0 {
			return err
		}
		for _, s := range stories {
			watches := make([]string, len(s.Why))
			for i, w := range s.Why {
				watches[i] = w.Watch
			}
			followers, err := c.news.Followers(ctx, watches)
			if err != nil {
				return err
			}
			if err := c.news.Owe(ctx, s, Route(s, followers)); err != nil {
				return err
			}
		}
	}
	return nil
}

// postDue posts until nothing is due and nothing in hand, one post a channel at a time. A post that
// hangs occupies one courier; what becomes due meanwhile is posted by the others.
func (c *Courier) postDue(ctx context.Context) (n int, err error) {
	done := make(chan error)
	inHand := 0
	for {
		if err == nil && ctx.Err() == nil && inHand < couriers {
			var claims []Delivery
			claims, err = c.out.Claim(ctx, couriers-inHand)
			err = unlessEnded(ctx, err)
			for _, d := range claims {
				go func() { done <- c.deliver(context.WithoutCancel(ctx), d) }()
			}
			inHand += len(claims)
		}
		if inHand == 0 {
			return n, err
		}
		look := time.NewTimer(askAgain)
		select {
		case failed := <-done:
			inHand--
			n++
			err = errors.Join(err, failed)
		case <-look.C:
		}
		look.Stop()
	}
}

// unlessEnded drops the error of a call that was broken off because the pass is to end.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// deliver carries one delivery to its end and settles it. The error is the store's.
func (c *Courier) deliver(ctx context.Context, d Delivery) error {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, d.Lease.Sub(d.Claimed)/2)
	defer cancel()
	if folded, ok := fold(d, c.settings.Fold); ok {
		if err := c.out.Settle(ctx, folded); err != nil {
			return err
		}
		d = folded
		d.Absorbs = nil
	}
	receipt, err := c.post(ctx, &d)
	d = settle(d, receipt, err, d.Claimed.Add(time.Since(begun)))
	if pacer, ok := c.platforms[d.Channel.Platform()].(Pacer); ok && d.State == StateSent {
		d.Due = d.Claimed.Add(time.Since(begun) + pacer.Rest(d.Channel))
	}
	c.report(d, err)
	// The post's time may be used up, but what became of it must be written all the same.
	if err := c.out.Settle(context.WithoutCancel(ctx), d); err != nil {
		return err
	}
	if c.Settled != nil {
		c.Settled(d)
	}
	return nil
}

// errBelow says that a delivery needs no post on this platform.
var errBelow = errors.New("an update; this platform cannot change a post")

// errTurn says that the bot has posted as much as it may for now.
var errTurn = errors.New("waiting for a turn to post")

// post brings the delivery to its platform in the way that its history asks for.
func (c *Courier) post(ctx context.Context, d *Delivery) (Receipt, error) {
	p, ok := c.platforms[d.Channel.Platform()]
	if !ok {
		err := fmt.Errorf("the platform %s is off", d.Channel.Platform())
		return Receipt{}, &RetryError{After: platformOff, Err: err}
	}
	if d.Kind == KindUpdate {
		return c.update(ctx, p, d)
	}
	return c.send(ctx, p, d)
}

// update changes the story's post and tells what is new in its thread. An edit that is made twice
// is made once. News is told even if the post cannot be changed, because it is too old, say.
func (c *Courier) update(ctx context.Context, p Platform, d *Delivery) (Receipt, error) {
	editor, ok := p.(Editor)
	replies := d.News && d.Root.ID != ""
	if !ok || d.Prior.ID == "" && !replies {
		return Receipt{}, errBelow
	}
	if d.Prior.ID != "" {
		m := Render(*d)
		m.Thread = Receipt{}
		m.Delivery = "" // the post stays that of its own delivery: this one is found by its reply
		err := c.inTurn(ctx, p, d.Channel, true, func() error {
			return editor.Edit(ctx, d.Channel, d.Prior, m)
		})
		if !replies || err != nil && !final(err) {
			return d.Prior, err
		}
	}
	return c.send(ctx, p, d)
}

// final reports whether an error says that this can never be done, while something else may.
func final(err error) bool {
	var retry *RetryError
	return !errors.Is(err, ErrGone) && !errors.Is(err, ErrUncertain) && !errors.As(err, &retry)
}

// send posts a delivery, unless it is there already.
func (c *Courier) send(ctx context.Context, p Platform, d *Delivery) (r Receipt, err error) {
	if d.State == StateUncertain {
		found, ok, err := find(ctx, p, *d)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			d.Repeat = true
		case ok || err != nil:
			return found, err
		}
	}
	err = c.inTurn(ctx, p, d.Channel, false, func() error {
		r, err = p.Post(ctx, d.Channel, Render(*d))
		return err
	})
	return r, err
}

// inTurn does something when the bot may, and passes on that it may not for a while.
func (c *Courier) inTurn(ctx context.Context, p Platform, ch Channel, edit bool,
	do func() error) error {
	pacer, ok := p.(Pacer)
	if !ok || c.Limits == nil {
		return do()
	}
	pace := pacer.Pace(ch, edit)
	turn, err := c.Limits.Turn(ctx, pace, patience)
	if err != nil {
		return &RetryError{Err: err}
	}
	if err := waitFor(ctx, turn); err != nil {
		return err
	}
	if pause := time.Until(c.peaceful(pace)); pause > 0 {
		return &RetryError{After: pause, Err: errTurn}
	}
	err = do()
	var retry *RetryError
	if errors.As(err, &retry) && errors.Is(err, ErrLimited) && retry.After > 0 {
		c.hold(ctx, pace, retry.After)
	}
	return err
}

// hold leaves a platform in peace. What it asked for holds for the delivery in hand in any case.
func (c *Courier) hold(ctx context.Context, pace Pace, pause time.Duration) {
	c.mu.Lock()
	c.peace[pace.Name] = time.Now().Add(pause)
	c.mu.Unlock()
	if err := c.Limits.Hold(context.WithoutCancel(ctx), pace, pause); err != nil {
		c.log.Error("a platform's pause could not be kept", "pace", pace.Name, "err", err)
	}
}

// peaceful is until when a platform has asked for peace while others had their turn already.
func (c *Courier) peaceful(pace Pace) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peace[pace.Name]
}

// waitFor returns after a pause, or says that it is too long. Then it is asked again as soon as a turn
// may be near enough: whoever comes later than that finds it taken by somebody else, each time.
func waitFor(ctx context.Context, pause time.Duration) error {
	if pause > patience {
		return &RetryError{After: max(pause-patience, askAgain), Err: errTurn}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &RetryError{After: pause, Err: errTurn}
	}
}

// find asks whether an uncertain delivery was posted. Where the platform cannot tell, the error is
// [errors.ErrUnsupported].
func find(ctx context.Context, p Platform, d Delivery) (Receipt, bool, error) {
	finder, ok := p.(Finder)
	if !ok {
		return Receipt{}, false, errors.ErrUnsupported
	}
	return finder.Find(ctx, d.Channel, d)
}

// settle says what became of a delivery from what the platform answered.
func settle(d Delivery, r Receipt, err error, now time.Time) Delivery {
	if err == nil {
		d.State, d.Receipt, d.Why = StateSent, r, ""
		return d
	}
	d.Why = err.Error()
	pause := backoff(d.Attempts)
	var retry *RetryError
	switch {
	case errors.Is(err, errBelow):
		d.State = StateBelow
	case errors.Is(err, ErrUncertain):
		d.State, d.Due = StateUncertain, now.Add(pause)
	case errors.As(err, &retry):
		if retry.After > 0 {
			pause = retry.After
		}
		if errors.Is(err, errTurn) {
			d.Attempts-- // nothing was tried
		}
		d.State, d.Due = retryState(d), now.Add(pause)
	default:
		d.State, d.Gone = StateDead, errors.Is(err, ErrGone)
		d.Pairs = untold(d.Pairs)
	}
	return d
}

// untold takes back what a folded delivery that died said of its pairs: nobody was told in a burst.
func untold(pairs []Pair) []Pair {
	pairs = slices.Clone(pairs)
	for i := range pairs {
		if pairs[i].State == StateBurst {
			pairs[i].State = StateDead
		}
	}
	return pairs
}

// retryState keeps what may have been posted uncertain until somebody knows.
func retryState(d Delivery) State {
	if d.State == StateUncertain {
		return StateUncertain
	}
	return StatePending
}

// backoff is the least pause after an attempt that failed: doubling from a second to five minutes.
func backoff(attempts int) time.Duration {
	return min(time.Second<<min(max(attempts-1, 0), 16), 5*time.Minute)
}

func (c *Courier) report(d Delivery, err error) {
	log := c.log.With("channel", d.Channel, "delivery", d.ID, "kind", d.Kind)
	switch d.State {
	case StateDead:
		log.Error("a post was refused for good", "err", err)
	case StatePending, StateUncertain:
		level := slog.LevelWarn
		if errors.Is(err, errTurn) {
			level = slog.LevelDebug
		}
		log.Log(context.Background(), level, "a post must wait", "until", d.Due, "err", err)
	default:
		log.Debug("delivery settled", "state", d.State)
	}
}
