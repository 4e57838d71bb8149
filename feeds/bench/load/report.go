package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/bench/news"
)

// phase is a kind of pass.
type phase struct {
	name       string
	validators bool // whether the server can say that nothing changed
	first      bool // whether the program knows nothing yet
	fresh      int  // items of a feed that are new to a program that knows the last edition
}

var phases = []phase{
	{"first load", true, true, news.Items},
	{"304", true, false, 0},
	{"200, same body", false, false, 0},
	{"5 new of 25", true, false, news.Fresh},
}

// entrant is a program and what was measured of it, by phase.
type entrant struct {
	subject
	costs [][]cost
}

// report is all that was measured.
type report struct {
	plan     plan
	entrants []*entrant // ours is the first
	notes    []string
	starting cost // a pass over one feed: what starting and ending takes
	idle     waiting
	crowd    struct {
		passes [2]cost // first load, and 304
		idle   waiting
	}
}

// waiting is what a program takes while it has little to do.
type waiting struct {
	resident, peak int64
	share          float64 // of one core
	polls          int
}

// measure fills the report.
func (r *report) measure(ctx context.Context) error {
	if err := r.compare(ctx); err != nil {
		return err
	}
	if r.plan.many == 0 {
		return nil
	}
	return r.measureCrowd(ctx)
}

// enlist lists the programs to measure.
func (r *report) enlist(ctx context.Context) error {
	all := []subject{r.ours("ours")}
	if r.plan.peers {
		others, notes, err := peers(ctx, r.plan.dir)
		if err != nil {
			return err
		}
		all = append(all, others...)
		r.notes = append(r.notes, notes...)
	}
	for _, s := range all {
		r.entrants = append(r.entrants, &entrant{subject: s, costs: make([][]cost, len(phases))})
	}
	return nil
}

// ours is the program in a folder of its own.
func (r *report) ours(folder string) *product {
	return &product{
		binary: filepath.Join(r.plan.dir, "tensionwatch"), dir: filepath.Join(r.plan.dir, folder),
	}
}

// compare measures all programs. They take turns, so that what else the machine does strikes all.
func (r *report) compare(ctx context.Context) (err error) {
	if err := r.enlist(ctx); err != nil {
		return err
	}
	defer func() {
		for _, e := range r.entrants {
			err = errors.Join(err, e.close())
		}
	}()
	s, err := serve(ctx, r.plan.dir, r.plan.feeds)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	edition := 0
	for i, ph := range phases {
		for round := range r.plan.rounds {
			if ph.fresh > 0 && !ph.first {
				edition++
			}
			progress("%s, round %d of %d", ph.name, round+1, r.plan.rounds)
			for _, e := range r.entrants {
				if err := r.turn(ctx, s, e, i, edition); err != nil {
					return fmt.Errorf("%s, %s: %w", e.name(), ph.name, err)
				}
			}
		}
	}
	return r.quiet(ctx, s)
}

// turn measures one pass of one program, and notes where it is not what it should be.
func (r *report) turn(ctx context.Context, s *server, e *entrant, i, edition int) error {
	ph := phases[i]
	if ph.first {
		if err := e.begin(ctx, s.Feeds); err != nil {
			return err
		}
	}
	before, err := 0, error(nil)
	if !ph.first {
		if before, err = e.items(ctx); err != nil {
			return err
		}
	}
	if err := s.show(ctx, edition, ph.validators); err != nil {
		return err
	}
	c, err := e.pass(ctx)
	if err != nil {
		return err
	}
	e.costs[i] = append(e.costs[i], c)
	asked, err := s.count(ctx)
	if err != nil {
		return err
	}
	after, err := e.items(ctx)
	if err != nil {
		return err
	}
	want := counts{Full: len(s.Feeds)}
	if ph.validators && ph.fresh == 0 {
		want = counts{NotModified: len(s.Feeds)}
	}
	if asked != want {
		r.note("%s, %s: %d full answers and %d times 304, not %d and %d", e.name(), ph.name,
			asked.Full, asked.NotModified, want.Full, want.NotModified)
	}
	if fresh := ph.fresh * len(s.Feeds); after-before != fresh {
		r.note("%s, %s: %d items taken in, not %d", e.name(), ph.name, after-before, fresh)
	}
	return nil
}

func (r *report) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// quiet measures what the program takes besides polling: to start and end, and to wait.
func (r *report) quiet(ctx context.Context, s *server) (err error) {
	one := r.ours("one")
	if err := one.begin(ctx, s.Feeds[:1]); err != nil {
		return err
	}
	for range 2 { // the first makes the database
		if r.starting, err = one.pass(ctx); err != nil {
			return err
		}
	}
	r.idle, err = r.wait(ctx, s, r.entrants[0].subject.(*product))
	return err
}

// measureCrowd measures the memory that many feeds take.
func (r *report) measureCrowd(ctx context.Context) (err error) {
	s, err := serve(ctx, r.plan.dir, r.plan.many)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	p := r.ours("crowd")
	if err := p.begin(ctx, s.Feeds); err != nil {
		return err
	}
	for i := range r.crowd.passes {
		progress("%d feeds, pass %d", r.plan.many, i+1)
		if r.crowd.passes[i], err = p.pass(ctx); err != nil {
			return err
		}
	}
	r.crowd.idle, err = r.wait(ctx, s, p)
	return err
}

// settling is how long the program has to start before it is watched.
const settling = 5 * time.Second

// wait watches the program while it polls on schedule.
func (r *report) wait(ctx context.Context, s *server, p *product) (w waiting, err error) {
	if r.plan.idle == 0 {
		return w, nil
	}
	progress("%d feeds, waiting for %s", len(s.Feeds), r.plan.idle)
	d, err := start(p.command(ctx))
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	if err := pause(ctx, settling); err != nil {
		return w, err
	}
	before, err := s.count(ctx)
	if err != nil {
		return w, err
	}
	began, err := spent(d.pid())
	if err != nil {
		return w, err
	}
	if err := pause(ctx, r.plan.idle); err != nil {
		return w, err
	}
	after, err := s.count(ctx)
	if err != nil {
		return w, err
	}
	w.polls = after.Full + after.NotModified - before.Full - before.NotModified
	ended, err := spent(d.pid())
	if err != nil {
		return w, err
	}
	w.share = float64(ended-began) / float64(r.plan.idle)
	if w.resident, err = memory(d.pid(), "VmRSS"); err != nil {
		return w, err
	}
	w.peak, err = memory(d.pid(), "VmHWM")
	return w, err
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// median is the pass in the middle, by processor time.
func median(costs []cost) cost {
	sorted := slices.SortedFunc(slices.Values(costs), func(a, b cost) int { return int(a.CPU - b.CPU) })
	return sorted[len(sorted)/2]
}
