package feeds

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/schedule"
)

// maxWaiting bounds how many feeds of busy hosts a pass holds leased.
const maxWaiting = 4096

// askAgain is how long a pass with requests in flight waits before it looks for feeds that have
// become due meanwhile.
const askAgain = time.Second

// Poll makes one pass: it polls what is due, goes on taking what becomes due while requests are in
// flight, and returns when nothing is in flight and nothing is due. It returns how many polls were
// saved, failed ones included.
//
// Only the store failing is an error, after the requests in flight have been saved. When ctx ends,
// requests are cancelled, their feeds are left as they were until their leases end, and the error
// is that of ctx.
func (p *Poller) Poll(ctx context.Context) (n int, err error) {
	r := &pass{
		Poller: p,
		busy:   make(map[string]int),
		asked:  make(map[int64]bool),
		done:   make(chan outcome, p.set.Workers),
	}
	for {
		r.start(ctx)
		more := r.claim(ctx)
		r.start(ctx)
		busy := r.running > 0 || len(r.waiting) > 0
		r.judge(ctx, !busy && !more)
		switch {
		case busy && (!more || r.free() == 0):
			r.wait()
		case !more:
			return r.saved, cmp.Or(r.err, ctx.Err())
		}
	}
}

// pass is one call of Poll. All of it belongs to the goroutine of that call; the workers only send
// their outcomes.
type pass struct {
	*Poller
	waiting []leased       // leased, but their host is busy
	held    []outcome      // failures that may be our own, not saved yet
	busy    map[string]int // requests in flight by host
	running int            // requests in flight
	asked   map[int64]bool // when Once: feeds asked in this pass
	done    chan outcome
	saved   int
	err     error // of the store; nothing more is begun after it
}

// free is how many workers have nothing to do.
func (r *pass) free() int { return r.set.Workers - r.running }

// stopped reports whether nothing more may be begun.
func (r *pass) stopped(ctx context.Context) bool { return r.err != nil || ctx.Err() != nil }

// claim leases due feeds when workers have nothing to do, and reports whether there may be more due.
// It takes as many as there are workers, not only for the free ones: a claim costs as much as a
// save, and those that are taken now are begun without one.
func (r *pass) claim(ctx context.Context) (more bool) {
	n := r.set.Workers
	if r.free() == 0 || len(r.waiting) >= maxWaiting || r.stopped(ctx) {
		return false
	}
	began := time.Now()
	due, err := r.store.Due(ctx, n)
	if err != nil {
		if ctx.Err() == nil {
			r.err = fmt.Errorf("claiming due feeds: %w", err)
		}
		return false
	}
	for _, f := range due {
		if r.asked[f.ID] {
			continue
		}
		if r.Once {
			r.asked[f.ID] = true
		}
		r.waiting = append(r.waiting, leased{Feed: f, host: r.request(f).Host(), began: began})
	}
	return len(due) >= n
}

// start begins every waiting feed whose host has room, while there are workers. A feed that has
// waited for half its lease is let go: it would not be saved in time, and another may take it.
func (r *pass) start(ctx context.Context) {
	if r.stopped(ctx) {
		r.waiting = nil
	}
	kept := r.waiting[:0]
	for _, c := range r.waiting {
		host, now := c.host, time.Now()
		switch {
		case c.left() <= 0:
		case r.free() == 0, r.busy[host] >= r.set.PerHost, now.Before(r.pace.Ready(host)):
			kept = append(kept, c)
		default:
			r.pace.Start(host, now)
			r.busy[host]++
			r.running++
			go func() { r.done <- r.poll(ctx, c) }()
		}
	}
	clear(r.waiting[len(kept):])
	r.waiting = kept
}

// wait returns when requests have ended, when a host may be asked again, or when it is time to look
// for due feeds again. It takes in all that have ended before the next claim.
func (r *pass) wait() {
	until := time.Now().Add(askAgain)
	for _, c := range r.waiting {
		if r.free() > 0 && r.busy[c.host] < r.set.PerHost {
			until = manners.Earlier(until, r.pace.Ready(c.host))
		}
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case o := <-r.done:
		r.finish(o)
		for range r.running {
			select {
			case o := <-r.done:
				r.finish(o)
			default:
				return
			}
		}
	case <-timer.C:
	}
}

// finish takes in an outcome.
func (r *pass) finish(o outcome) {
	r.running--
	if r.busy[o.host]--; r.busy[o.host] == 0 {
		delete(r.busy, o.host)
	}
	if o.cancelled {
		return
	}
	now := time.Now()
	r.weather.Note(o.host, !o.lost, now)
	if !o.lost {
		r.pace.Done(o.host, o.result.took, r.set.PerHost, fetch.Strained(o.result.err), now)
		r.noteOutage(r.outage && r.weather.Ours(now))
	}
	if o.lost && !o.saved && o.err == nil {
		o.failed = now
		r.held = append(r.held, o)
		return
	}
	r.close(o)
}

// close ends an outcome and tells the hooks.
func (r *pass) close(o outcome) {
	if o.err != nil && r.err == nil {
		r.err = o.err
	}
	if !o.saved {
		return
	}
	r.saved++
	if o.Err != nil && (!o.Ours || r.Once) {
		r.log.Warn("poll failed", "feed", o.Feed.Label(), "error", o.Err, "next", o.Feed.Due)
	}
	if o.Fresh > 0 && r.Saved != nil {
		r.Saved()
	}
	if r.Polled != nil {
		r.Polled(o.Poll)
	}
}

// leased is a feed that this pass has claimed.
type leased struct {
	Feed
	host  string    // what the limits per host go by: name and port
	began time.Time // on our own monotonic clock
}

// now is the store's clock, carried on by ours: the two may differ, but run alike.
func (l leased) now() time.Time { return l.Claimed.Add(time.Since(l.began)) }

// left is how long a request may still take: half the lease, so that there is time to save.
func (l leased) left() time.Duration {
	return l.Lease.Sub(l.Claimed)/2 - time.Since(l.began)
}

// outcome is what became of a claim. Neither one that was cancelled nor one that may be our own
// fault is saved.
type outcome struct {
	Poll
	claim     leased
	result    result
	host      string
	saved     bool
	cancelled bool
	lost      bool      // the host was not reached
	failed    time.Time // when, on our own clock
	err       error     // of the store
}

// poll asks one feed and saves what came of it, unless its host was not reached: whose fault that
// is shows when others have been asked.
func (p *Poller) poll(ctx context.Context, l leased) outcome {
	began := time.Now()
	o := p.ask(ctx, l)
	o.cancelled = ctx.Err() != nil
	if !o.cancelled && !o.lost && o.err == nil {
		o = p.save(ctx, o)
	}
	o.Took = time.Since(began)
	return o
}

// save commits an outcome.
func (p *Poller) save(ctx context.Context, o outcome) outcome {
	var err error
	o.Fresh, err = p.store.Save(ctx, o.Feed, o.result.items)
	switch {
	case err == nil:
		o.saved = true
	case ctx.Err() == nil:
		o.err = fmt.Errorf("saving feed %q: %w", o.Feed.Label(), err)
	}
	return o
}

// ask asks one feed and decides what to keep of the answer.
func (p *Poller) ask(ctx context.Context, l leased) outcome {
	limited, cancel := context.WithTimeout(ctx, min(p.set.Timeout, l.left()))
	defer cancel()
	began := time.Now()
	a, err := p.client.Get(limited, p.request(l.Feed))
	r := result{Answer: a, err: err, took: time.Since(began)}
	now := l.now().UTC()
	o := outcome{claim: l, host: l.host, lost: fetch.Unreachable(err)}
	o.Result = PollUnchanged
	clock := p.clockOf(l.Feed)
	if err == nil && !a.Unchanged(l.BodyHash) {
		o.Result = PollOK
		if r.Answer, r.reading, r.err = p.take(limited, l.Feed, a, now); r.err == nil {
			o.err = p.recall(ctx, l, &r.reading, clock, now)
		}
	}
	if r.err != nil {
		r.reason = p.client.Reason(p.request(l.Feed), r.err)
		o.Result, o.Err = PollFailed, errors.New(r.reason)
	}
	o.result, o.Fetched, o.Feed = r, len(r.items), l.Feed
	o.Feed.State = next(l.Feed, r, clock, now)
	return o
}

// recall compares a reading with what the store remembers, and fetches the articles of what is new
// where the feed's owner asked for that. At a feed's first poll there is nothing to remember.
func (p *Poller) recall(ctx context.Context, l leased, r *reading, c manners.Clock,
	now time.Time) error {
	f := l.Feed
	if f.Polled.IsZero() || len(r.items) == 0 {
		return nil
	}
	m, err := p.store.Known(ctx, f, r.items)
	if err != nil {
		return fmt.Errorf("recalling the items of feed %q: %w", f.Label(), err)
	}
	expected := manners.Later(c.Tick(f.Polled), f.Polled.Add(c.Most))
	r.recall(f, m, now.Sub(expected) > longAbsence)
	limited, cancel := context.WithTimeout(ctx, min(articlesTime, l.left()))
	defer cancel()
	p.expand(limited, f, r.news())
	return nil
}

// clockOf returns when a feed may be asked.
func (p *Poller) clockOf(f Feed) manners.Clock {
	return manners.Clock{Schedule: p.scheduleOf(f), Key: f.URL, Most: p.set.MaxInterval}
}

// scheduleOf returns the schedule of a feed. One that cannot be read slipped past the config; the
// feed is polled all the same.
func (p *Poller) scheduleOf(f Feed) *schedule.Schedule {
	if f.Schedule == "" && f.Zone == "" {
		return p.schedule
	}
	s, err := schedule.Parse(cmp.Or(f.Schedule, p.set.Schedule), cmp.Or(f.Zone, p.set.Zone))
	if err != nil {
		p.log.Warn("using the schedule of [poll]", "feed", f.Label(), "error", err)
		return p.schedule
	}
	return s
}
