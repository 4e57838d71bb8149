package manners

import (
	"fmt"
	"testing"
	"time"
)

func TestWeather(t *testing.T) {
	for _, c := range []struct {
		name        string
		lost, found int
		want        bool
	}{
		{"nothing", 0, 0, false},
		{"one of one", 1, 0, false},
		{"two of two", 2, 0, false},
		{"three of three", 3, 0, true},
		{"half", 5, 5, false},
		{"most", 6, 5, true},
		{"a tenth", 10, 90, false},
	} {
		var w Weather
		for i := range c.lost {
			w.Note(fmt.Sprint("lost", i), false, noon)
		}
		for i := range c.found {
			w.Note(fmt.Sprint("found", i), true, noon)
		}
		if got := w.Ours(noon); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
		if got := w.Reached(noon); got != (c.found > 0) || w.Reached(noon.Add(time.Minute)) {
			t.Errorf("%s: reached %t", c.name, got)
		}
	}
}

// TestWeatherChanges: what was long ago says nothing, and each host counts as it was last found.
func TestWeatherChanges(t *testing.T) {
	var w Weather
	hosts := []string{"a", "b", "c", "d"}
	for _, h := range hosts {
		w.Note(h, true, noon)
	}
	later := noon.Add(time.Minute)
	for _, h := range hosts[:3] {
		w.Note(h, false, later)
	}
	if !w.Ours(later) {
		t.Error("hosts that were found a minute ago speak for the present")
	}
	w.Note("a", true, later.Add(time.Second))
	if w.Ours(later) {
		t.Error("two of three are not three")
	}
	w.Note("z", true, noon.Add(time.Hour))
	if len(w.hosts) != 1 {
		t.Errorf("%d hosts are remembered", len(w.hosts))
	}
}

func TestPace(t *testing.T) {
	var p Pace
	if !p.Ready("a").IsZero() {
		t.Error("a host that nobody has asked must wait")
	}
	const ms = time.Millisecond
	p.Start("a", noon)
	p.Done("a", 600*ms, 2, false, noon)
	p.Start("a", noon)
	if wait := p.Ready("a").Sub(noon); wait != 300*ms {
		t.Errorf("after an answer that took 600 ms, by two workers: %v", wait)
	}
	for i, want := range []time.Duration{1, 2, 4, 8, 10, 10} {
		p.Done("a", ms, 2, true, noon)
		if wait := p.Ready("a").Sub(noon); wait != want*time.Second {
			t.Errorf("after failure %d: %v, want %v s", i+1, wait, want)
		}
	}
	later := noon.Add(time.Minute)
	p.Done("a", 20*ms, 2, false, later)
	p.Start("a", later)
	if wait := p.Ready("a").Sub(later); wait != 10*ms {
		t.Errorf("after it has recovered: %v", wait)
	}
	p.Done("a", 2*ms, 1, false, later)
	later = later.Add(time.Second)
	p.Start("a", later)
	if wait := p.Ready("a").Sub(later); wait != 0 {
		t.Errorf("after a quick answer: %v", wait)
	}
	for i := range 5000 {
		p.Done(fmt.Sprint(i), ms, 1, false, noon.Add(time.Duration(i)*time.Hour))
	}
	if len(p.hosts) > 2000 {
		t.Errorf("%d hosts are remembered", len(p.hosts))
	}
}
