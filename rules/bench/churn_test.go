package bench

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
)

const (
	churnRules = 1_000_000
	churnPace  = time.Millisecond // from one change to the next
	churnSlice = 2 * time.Second  // of matching with changes, or without
	churnTurns = 4                // slices of each
)

// BenchmarkChurn measures what changes cost while another goroutine matches without pause, and what
// they cost the matching. Slices of time with and without changes take turns, so that what else the
// machine does strikes both alike.
func BenchmarkChurn(b *testing.B) {
	c := load(b, churnRules)
	v, err := newVersions(c.Rules)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC() // what drawing and compiling left is not the changes' to collect
	m := matcher{versions: v, documents: c.Documents}
	var changes times
	var quiet, busy tally
	for b.Loop() {
		for range churnTurns {
			quiet.add(m.match(churnSlice))
			matched, took := m.matchAmidChanges(b)
			busy.add(matched)
			changes = append(changes, took...)
		}
	}
	changes.report(b, "change")
	b.ReportMetric(float64(len(changes))/busy.took.Seconds(), "changes/s")
	b.ReportMetric(quiet.rate(), "quiet-items/s")
	b.ReportMetric(busy.rate(), "busy-items/s")
	b.ReportMetric(busy.rate()/quiet.rate(), "busy/quiet")
	b.ReportMetric(0, "ns/op") // the slices are as long as they are
}

// tally is how many documents were matched in what time.
type tally struct {
	documents int
	took      time.Duration
}

func (t *tally) add(more tally) {
	t.documents += more.documents
	t.took += more.took
}

// rate returns the documents in a second.
func (t tally) rate() float64 { return float64(t.documents) / t.took.Seconds() }

// matcher matches documents, one after another and all over again.
type matcher struct {
	versions  *versions
	documents []rules.Document
	next      int
}

// match matches for a time with whatever set is the latest.
func (m *matcher) match(span time.Duration) tally {
	t, start := tally{}, time.Now()
	for ; t.took < span; t.took = time.Since(start) {
		m.versions.set.Load().Match(m.documents[m.next%len(m.documents)])
		m.next++
		t.documents++
	}
	return t
}

// matchAmidChanges matches while another goroutine makes changes. It returns how long each took.
func (m *matcher) matchAmidChanges(b *testing.B) (tally, times) {
	ctx, cancel := context.WithCancel(b.Context())
	var took times
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		took, err = m.versions.change(ctx, churnPace)
	}()
	matched := m.match(churnSlice)
	cancel()
	if <-ended; err != nil {
		b.Fatal(err)
	}
	return matched, took
}

// change adds and removes watches by turns, until the context ends. It returns how long each change
// took. What was not done at a tick because the processors were busy is done at the next one.
func (v *versions) change(ctx context.Context, pace time.Duration) (times, error) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	var took times
	for start := time.Now(); ; {
		select {
		case <-ctx.Done():
			return took, nil
		case <-ticker.C:
		}
		for ctx.Err() == nil && len(took) < int(time.Since(start)/pace) {
			begun := time.Now()
			if err := v.exchange(); err != nil {
				return nil, err
			}
			took = append(took, time.Since(begun))
		}
	}
}
