package main

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
	"github.com/tensionwatch/tensionwatch/rules/bench/engine"
)

// TestPrint asserts how a comparison reads: ratios of each round, medians, and a cell of no engine.
func TestPrint(t *testing.T) {
	quick := runner{rules: 1000, build: 1234567, heap: 24_000, hits: 0.5,
		rounds: []time.Duration{2000, 4000, 1000}}
	slow := runner{rules: 1000, build: time.Minute, hits: 1234,
		rounds: []time.Duration{20_000, 4_000_000, 30_000}}
	quick.engine = engine.NewTokens(nil)
	slow.engine = quick.engine
	var b strings.Builder
	(&table{
		entrants: []bench.Entrant{{Name: "a", About: "is quick"}, {Name: "b", Limit: 1000}},
		sizes:    []int{1000, 1_000_000},
		columns:  [][]runner{{quick, slow}, {quick, {}}},
	}).print(&b)
	for _, want := range []string{
		"| engine | 1,000 rules | 1,000,000 rules |\n|---|---|---|\n",
		"| a | 1.00 (2.00 µs) | 1.00 (2.00 µs) |\n| b | 30.0 (30.0 µs) | – |\n",
		"| a | 0.50 | 0.50 |\n| b | 1,234 | – |\n",
		"| a | 0.0012 s, 24.0 | 0.0012 s, 24.0 |\n| b | 60.0 s, 0 | – |\n",
		"\n- a is quick\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

// TestRun asserts that a turn counts what it did.
func TestRun(t *testing.T) {
	r := runner{engine: engine.NewTokens([]corpus.Rule{{A: []string{"oman"}}})}
	r.run([]rules.Document{{Title: "Oman"}, {Title: "Oman"}}, time.Millisecond)
	if r.hits != 1 || len(r.rounds) != 1 || r.median() <= 0 || r.ratio(&r) != 1 {
		t.Errorf("%+v", r)
	}
}
