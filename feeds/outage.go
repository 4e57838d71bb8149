package feeds

import (
	"context"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/schedule"
)

const (
	// patience is how long a failure to reach a host is held back, while others are asked, before
	// it is that host's.
	patience = 5 * time.Second

	// outagePause is how soon a feed is asked again that failed through our own fault.
	outagePause = time.Minute
)

// judge ends the failures that were held back for long enough, or all of them when nothing is left
// to be learnt in this pass.
func (r *pass) judge(ctx context.Context, all bool) {
	if r.stopped(ctx) {
		r.held = nil // their feeds are left as they were
	}
	kept := r.held[:0]
	for _, o := range r.held {
		if !all && time.Since(o.failed) < patience && o.claim.left() > 0 {
			kept = append(kept, o)
			continue
		}
		if o.Ours = r.weather.Ours(o.failed) && !r.forsaken(o); o.Ours {
			o.Feed.State = spared(o.claim.Feed, o.result, o.claim.now().UTC())
			r.noteOutage(true)
		}
		r.close(r.save(ctx, o))
	}
	clear(r.held[len(kept):])
	r.held = kept
}

// forsaken reports whether a feed has not been read for so long, while other hosts can be reached, that
// it must be its own fault: where most of few feeds are dead, we would take ourselves for cut off for
// ever.
func (r *pass) forsaken(o outcome) bool {
	read := o.claim.Polled
	return !read.IsZero() && o.claim.now().Sub(read) > longAbsence && r.weather.Reached(o.failed)
}

// noteOutage says once that it begins, and once that it is over.
func (p *Poller) noteOutage(ours bool) {
	switch {
	case ours && !p.outage:
		p.log.Warn("most feeds cannot be reached: taken for our own outage, no failures are counted")
	case !ours && p.outage:
		p.log.Info("feeds can be reached again")
	}
	p.outage = ours
}

// spared is the state of a feed that failed through our own fault: as it was, but for the reason,
// and asked again soon. It would be due at once otherwise, and every pass begin with a storm.
func spared(f Feed, r result, now time.Time) State {
	st := f.State
	st.LastError = syndication.Clean("most feeds cannot be reached, so we seem to be cut off: "+
		r.reason, fetch.MaxReason)
	st.Due = now.Add(outagePause + schedule.Jitter(f.URL, outagePause))
	return st
}
