package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// print writes the report as Markdown.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "%d feeds of 25 items, 34 kB, 11 kB packed; %d cores, %s; medians of %d passes "+
		"by turns.\n", r.plan.feeds, runtime.NumCPU(), runtime.Version(), r.plan.rounds)
	r.grid(w, "Processor time for a feed, and as a multiple of ours", func(c, ours cost) string {
		return fmt.Sprintf("%s (%s)", r.perFeed(c), short(float64(c.CPU)/float64(ours.CPU)))
	})
	r.grid(w, "Feeds in a second", func(c, _ cost) string {
		return short(float64(r.plan.feeds) / c.Wall.Seconds())
	})
	r.grid(w, "Memory at most, MiB", func(c, _ cost) string { return mebibytes(c.Peak) })
	fmt.Fprintf(w, "\n- Starting and ending is part of every pass of ours: %d ms.\n",
		r.starting.CPU.Milliseconds())
	if r.plan.idle > 0 {
		fmt.Fprintf(w, "- %d feeds on the default schedule, watched for %s: %s.\n",
			r.plan.feeds, r.plan.idle, r.idle)
	}
	r.printCrowd(w)
	for _, note := range r.notes {
		fmt.Fprintf(w, "- %s.\n", note)
	}
}

func (r *report) printCrowd(w io.Writer) {
	if r.plan.many == 0 {
		return
	}
	first, again := r.crowd.passes[0], r.crowd.passes[1]
	fmt.Fprintf(w, "- %d feeds: %s MiB at most on first load (%s feeds/s), %s MiB when all answer "+
		"304 (%s feeds/s)", r.plan.many, mebibytes(first.Peak),
		short(float64(r.plan.many)/first.Wall.Seconds()), mebibytes(again.Peak),
		short(float64(r.plan.many)/again.Wall.Seconds()))
	if r.plan.idle > 0 {
		fmt.Fprintf(w, "; waiting: %s", r.crowd.idle)
	}
	fmt.Fprint(w, ".\n")
}

// String words what waiting takes.
func (w waiting) String() string {
	return fmt.Sprintf("%s MiB resident (%s at most), %.2f %% of a core, %d polls",
		mebibytes(w.resident), mebibytes(w.peak), 100*w.share, w.polls)
}

// grid writes one table. Cell words a cost beside that of the program in the same phase.
func (r *report) grid(w io.Writer, title string, cell func(c, ours cost) string) {
	fmt.Fprintf(w, "\n%s:\n\n| |", title)
	for _, ph := range phases {
		fmt.Fprintf(w, " %s |", ph.name)
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("--:|", len(phases)))
	for _, e := range r.entrants {
		fmt.Fprintf(w, "| %s |", e.name())
		for i := range phases {
			fmt.Fprintf(w, " %s |", cell(median(e.costs[i]), median(r.entrants[0].costs[i])))
		}
		fmt.Fprintln(w)
	}
}

// perFeed is the processor time for one feed.
func (r *report) perFeed(c cost) string {
	return short(float64(c.CPU)/float64(r.plan.feeds)/float64(time.Millisecond)) + " ms"
}

func mebibytes(n int64) string { return fmt.Sprint((n + 1<<19) >> 20) }

// short writes a number with as many figures as matter.
func short(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}
