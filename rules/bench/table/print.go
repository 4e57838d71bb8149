package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/rules/bench"
)

// table is the outcome: for each number of rules a column of all entrants.
type table struct {
	documents int
	plan      plan
	entrants  []bench.Entrant
	sizes     []int
	columns   [][]runner
}

// print writes the tables as Markdown.
func (t *table) print(w io.Writer) {
	fmt.Fprintf(w, "%d documents of 200 words, one goroutine on %d cores, %s; "+
		"medians of %d rounds of %v by turns.\n",
		t.documents, runtime.NumCPU(), runtime.Version(), t.plan.rounds, t.plan.turn)
	for _, e := range t.entrants {
		fmt.Fprintf(w, "\n- %s %s", e.Name, e.About)
	}
	fmt.Fprintln(w)
	t.grid(w, "Time for a document, as a multiple of the product's",
		func(r, product *runner) string {
			return fmt.Sprintf("%s (%s)", short(r.ratio(product)), micros(r.median()))
		})
	t.grid(w, "Matches in a document", func(r, _ *runner) string { return short(r.hits) })
	t.grid(w, "Time to build, and bytes for each rule besides its text", func(r, _ *runner) string {
		return fmt.Sprintf("%s s, %s", short(r.build.Seconds()), short(r.perRule()))
	})
}

// grid writes one table. Cell says what was measured of a runner, beside that of the product.
func (t *table) grid(w io.Writer, title string, cell func(r, product *runner) string) {
	fmt.Fprintf(w, "\n%s:\n\n| engine |", title)
	for _, n := range t.sizes {
		fmt.Fprintf(w, " %s rules |", grouped(n))
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(t.sizes)))
	for i, e := range t.entrants {
		fmt.Fprintf(w, "| %s |", e.Name)
		for _, column := range t.columns {
			text := "–"
			if column[i].engine != nil {
				text = cell(&column[i], &column[0])
			}
			fmt.Fprintf(w, " %s |", text)
		}
		fmt.Fprintln(w)
	}
}

// micros writes a time in microseconds.
func micros(d time.Duration) string {
	return short(float64(d.Nanoseconds())/1000) + " µs"
}

// short writes a number with as many figures as matter.
func short(x float64) string {
	switch {
	case x >= 1000:
		return grouped(int(x + 0.5))
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 0.1:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.2g", x)
}

// grouped writes a number with commas.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
