package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestMeasure runs the whole on a few feeds: the program takes in what is served and no more, and
// every figure is one.
func TestMeasure(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("what a process takes is read from /proc, which this system does not have")
	}
	p := plan{feeds: 10, rounds: 1, dir: t.TempDir()}
	if err := buildAll(t.Context(), p.dir); err != nil {
		t.Fatal(err)
	}
	r := &report{plan: p}
	if err := r.measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, note := range r.notes {
		t.Error(note)
	}
	for i, costs := range r.entrants[0].costs {
		if c := median(costs); c.CPU <= 0 || c.Wall <= 0 || c.Peak < 1<<20 {
			t.Errorf("%s: %+v", phases[i].name, c)
		}
	}
}

// TestPrint asserts how a report reads.
func TestPrint(t *testing.T) {
	r := &report{plan: plan{feeds: 1000, many: 10_000, rounds: 1, idle: time.Minute}}
	for i, s := range []subject{&product{}, &newsboat{}} {
		e := &entrant{subject: s}
		for range phases {
			e.costs = append(e.costs, []cost{{CPU: time.Second << (3 * i), Wall: 2 * time.Second,
				Peak: 30 << 20}})
		}
		r.entrants = append(r.entrants, e)
	}
	r.idle = waiting{resident: 20 << 20, peak: 25 << 20, share: 0.005, polls: 200}
	r.crowd.passes = [2]cost{{Wall: time.Second, Peak: 1 << 20}, {Wall: time.Second, Peak: 2 << 20}}
	r.note("newsboat is %s", "old")
	var b strings.Builder
	r.print(&b)
	for _, want := range []string{
		"| | first load | 304 | 200, same body | 5 new of 25 |\n|---|--:|--:|--:|--:|\n",
		"| tensionwatch | 1.00 ms (1.00) | 1.00 ms (1.00) |",
		"| newsboat | 8.00 ms (8.00) |",
		"| tensionwatch | 500 |",
		"| newsboat | 30 |",
		"20 MiB resident (25 at most), 0.50 % of a core, 200 polls",
		"10000 feeds: 1 MiB at most on first load",
		"- newsboat is old.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

// TestParseStat asserts that a program may be called anything.
func TestParseStat(t *testing.T) {
	const stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 20 0 1 0 5"
	got, err := parseStat(stat)
	if want := (11 + 12 + 13 + 14) * tick; got != want || err != nil {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if _, err := parseStat("7 (a) S 1"); err == nil {
		t.Error("a short line is read")
	}
}

// TestMedian asserts that the pass in the middle counts, whatever their order.
func TestMedian(t *testing.T) {
	if got := median([]cost{{CPU: 9}, {CPU: 1}, {CPU: 4}}); got.CPU != 4 {
		t.Errorf("%v", got)
	}
}
