package bench

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// BenchmarkBuild measures how long a set of rules takes to compile, and what it weighs: all that it
// keeps, and that without the bytes of the watches' own text.
func BenchmarkBuild(b *testing.B) {
	sizes := Sizes()
	c := load(b, sizes[len(sizes)-1])
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkBuild(b, c.Rules[:n]) })
	}
}

func benchmarkBuild(b *testing.B, drawn []corpus.Rule) {
	watches := corpus.Watches(drawn, false)
	text := 0
	for _, w := range watches {
		text += len(w.ID) + len(w.Name) + len(w.Owner) + len(w.Rule)
	}
	before := Heap()
	set := compile(b, watches)
	whole := int(Heap() - before)
	runtime.KeepAlive(watches)
	runtime.KeepAlive(set)

	for b.Loop() {
		compile(b, watches)
	}
	b.ReportMetric(float64(whole-text)/float64(len(drawn)), "index-B/rule")
	b.ReportMetric(float64(whole)/float64(len(drawn)), "heap-B/rule")
}

func compile(b *testing.B, watches []rules.Watch) *rules.Set {
	set, err := rules.Compile(watches, nil)
	if err != nil {
		b.Fatal(err)
	}
	return set
}

// BenchmarkWith measures what it takes to add a watch and remove another.
func BenchmarkWith(b *testing.B) {
	sizes := Sizes()
	c := load(b, sizes[len(sizes)-1])
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkWith(b, c.Rules[:n]) })
	}
}

func benchmarkWith(b *testing.B, drawn []corpus.Rule) {
	v, err := newVersions(drawn)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC() // what drawing and compiling left is not the changes' to collect
	var added, removed times
	for b.Loop() {
		added = append(added, timed(b, v.add))
		removed = append(removed, timed(b, v.remove))
	}
	added.report(b, "add")
	removed.report(b, "remove")
}

// timed makes a change and returns how long it took.
func timed(b *testing.B, change func() error) time.Duration {
	start := time.Now()
	if err := change(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// times is how long each of many things took.
type times []time.Duration

// report reports the median, the 99th percentile and the longest.
func (t times) report(b *testing.B, name string) {
	slices.Sort(t)
	b.ReportMetric(float64(t[len(t)/2].Nanoseconds()), name+"-p50-ns")
	b.ReportMetric(float64(t[len(t)*99/100].Nanoseconds()), name+"-p99-ns")
	b.ReportMetric(float64(t[len(t)-1].Nanoseconds()), name+"-max-ns")
}
