package store_test

import (
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

// TestTurns asserts that turns come in a burst, then so often, and that a restart changes nothing.
func TestTurns(t *testing.T) {
	r := open(t)
	pace := bot.Pace{Name: "slack:T1", Every: time.Second, Burst: 3}
	turn := func() time.Duration {
		t.Helper()
		wait, err := r.Turn(t.Context(), pace, time.Hour)
		r.must(err)
		return wait
	}
	for i, want := range []time.Duration{0, 0, 0, time.Second, 2 * time.Second} {
		if got := turn(); got != want {
			t.Errorf("turn %d after %v, want %v", i+1, got, want)
		}
	}
	r.reopen()
	for range 3 {
		wait, err := r.Turn(t.Context(), pace, 2*time.Second)
		if r.must(err); wait != 3*time.Second {
			t.Errorf("after a restart and without patience %v, want 3s", wait)
		}
	}
	if got := turn(); got != 3*time.Second {
		t.Errorf("a turn that nobody waited for was taken: %v, want 3s", got)
	}
	r.advance(time.Hour)
	for i, want := range []time.Duration{0, 0, 0, time.Second} {
		if got := turn(); got != want {
			t.Errorf("after an hour turn %d comes after %v, want %v", i+1, got, want)
		}
	}
}

// TestHold asserts that a platform that asked for peace has it, and more of it afterwards.
func TestHold(t *testing.T) {
	r := open(t)
	pace := bot.Pace{Name: "slack:T1", Every: time.Second, Burst: 3}
	r.must(r.Hold(t.Context(), pace, time.Minute))
	for i, want := range []time.Duration{0, 1996, 3988} {
		wait, err := r.Turn(t.Context(), pace, time.Hour)
		r.must(err)
		if got := wait - time.Minute; got != want*time.Millisecond {
			t.Errorf("turn %d is %v after the pause, want %v", i+1, got, want*time.Millisecond)
		}
	}
	other, err := r.Turn(t.Context(), bot.Pace{Name: "slack:T2", Every: time.Second, Burst: 1}, time.Hour)
	if r.must(err); other != 0 {
		t.Errorf("another bot waits for %v", other)
	}
}

// TestTurnsTooFarAway: a turn for which nobody waits is still there for the next who asks. Else many
// channels that wait take all turns from each other, and none is ever used.
func TestTurnsTooFarAway(t *testing.T) {
	r := open(t)
	pace := bot.Pace{Name: "slack:T1", Every: time.Second, Burst: 1}
	used := 0
	for range 60 {
		for range 50 {
			wait, err := r.Turn(t.Context(), pace, 5*time.Second)
			if r.must(err); wait <= 5*time.Second {
				used++
			}
		}
		r.advance(time.Second)
	}
	if used < 60 {
		t.Errorf("%d turns were used in a minute, want at least 60", used)
	}
}
