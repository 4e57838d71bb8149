package bench

import (
	"errors"
	"fmt"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

const (
	data      = "../../../shared/data"
	documents = 5_000
)

// load returns a contest of n rules, or skips what needs it.
func load(tb testing.TB, n int) *Contest {
	tb.Helper()
	c, err := Load(data, documents, n)
	if errors.Is(err, corpus.ErrAbsent) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// BenchmarkMatch measures how long an engine takes for a document.
func BenchmarkMatch(b *testing.B) {
	sizes := Sizes()
	c := load(b, sizes[len(sizes)-1])
	for _, e := range c.Entrants() {
		for _, n := range sizes {
			if !e.Takes(n) {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", e.Name, n), func(b *testing.B) { benchmarkMatch(b, c, e, n) })
		}
	}
}

func benchmarkMatch(b *testing.B, c *Contest, e Entrant, n int) {
	built, err := e.Prepare(c.Rules[:n])()
	if err != nil {
		b.Fatal(err)
	}
	hits, done := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		hits += built.Match(c.Documents[done%len(c.Documents)])
		done++
	}
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "items/s")
	b.ReportMetric(float64(hits)/float64(done), "hits/item")
}
