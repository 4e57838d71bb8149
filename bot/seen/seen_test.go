package seen

import (
	"fmt"
	"testing"
	"time"
)

func TestMemory(t *testing.T) {
	now := time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)
	m := New(func() time.Time { return now })
	if m.Has("a") || m.Again("a", time.Minute) || !m.Again("a", time.Minute) || !m.Has("a") {
		t.Error("a key is not remembered")
	}
	now = now.Add(time.Minute)
	if m.Again("a", time.Minute) {
		t.Error("a key is remembered for longer than was asked")
	}
	now = now.Add(Span - time.Second)
	if m.Again("b", Span) || !m.Has("a") {
		t.Error("a key is forgotten when the halves change places")
	}
	now = now.Add(time.Second)
	if m.Has("a") {
		t.Error("a key is remembered for ever")
	}
}

// TestMemoryIsBounded asserts that of very many keys the latest are remembered.
func TestMemoryIsBounded(t *testing.T) {
	m := New(time.Now)
	for i := range 3 * keys {
		m.Again(fmt.Sprint(i), Span)
	}
	if n := len(m.cur) + len(m.old); n > 2*keys {
		t.Errorf("%d keys are kept", n)
	}
	if m.Has("0") || !m.Has(fmt.Sprint(3*keys-1)) {
		t.Error("not the latest are kept")
	}
}
