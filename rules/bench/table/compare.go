package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
	"github.com/tensionwatch/tensionwatch/rules/bench/engine"
)

// batch is the most documents between two looks at the clock.
const batch = 64

// plan is how to measure.
type plan struct {
	rounds int
	turn   time.Duration
}

// runner is an engine and what was measured of it. It has no engine if there are more rules than it
// takes.
type runner struct {
	engine engine.Engine
	rules  int
	build  time.Duration
	heap   int64           // bytes that building it took
	hits   float64         // for a document
	rounds []time.Duration // for a document, in each round
}

// compare measures all entrants with n rules. They take turns, round after round, so that what else
// the machine does strikes all alike.
func (p plan) compare(c *bench.Contest, n int) ([]runner, error) {
	var runners []runner
	for _, e := range c.Entrants() {
		r := runner{rules: n}
		if e.Takes(n) {
			if err := r.prepare(e, c.Rules[:n]); err != nil {
				return nil, fmt.Errorf("building %s: %w", e.Name, err)
			}
		}
		runners = append(runners, r)
	}
	for range p.rounds {
		for i := range runners {
			if runners[i].engine != nil {
				runtime.GC() // nobody collects what another left
				runners[i].run(c.Documents, p.turn)
			}
		}
	}
	return runners, nil
}

// prepare builds the engine.
func (r *runner) prepare(e bench.Entrant, drawn []corpus.Rule) (err error) {
	build := e.Prepare(drawn)
	before, start := bench.Heap(), time.Now()
	r.engine, err = build()
	r.build = time.Since(start)
	r.heap = bench.Heap() - before
	runtime.KeepAlive(build) // with the watches in it, which were there before
	return err
}

// run gives the engine its turn: as many documents as the time allows, always the same ones first.
// It looks at the clock after one, after two more, and so on, so that a fast engine is not measured
// together with the clock.
func (r *runner) run(documents []rules.Document, turn time.Duration) {
	hits, done := 0, 0
	start := time.Now()
	var took time.Duration
	for n := 1; took < turn; n = min(2*n, batch) {
		for range n {
			hits += r.engine.Match(documents[done%len(documents)])
			done++
		}
		took = time.Since(start)
	}
	r.hits = float64(hits) / float64(done)
	r.rounds = append(r.rounds, took/time.Duration(done))
}

// perRule returns the bytes that building the engine took, for each rule.
func (r *runner) perRule() float64 { return float64(r.heap) / float64(r.rules) }

// median returns the median time for a document.
func (r *runner) median() time.Duration {
	sorted := slices.Sorted(slices.Values(r.rounds))
	return sorted[len(sorted)/2]
}

// ratio returns the median over the rounds of how many times as long as another it took.
func (r *runner) ratio(other *runner) float64 {
	ratios := make([]float64, len(r.rounds))
	for i, took := range r.rounds {
		ratios[i] = float64(took) / float64(other.rounds[i])
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}
