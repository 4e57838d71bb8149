// Package seen remembers for a while what was told already, so that what a platform tells again is
// done once.
package seen

import (
	"sync"
	"time"
)

// Span is for how long a [Memory] remembers: platforms hand nothing in again after that.
const Span = time.Hour

// keys is how many are remembered, in each of two halves.
const keys = 10_000

// Memory remembers keys for at least [Span] unless there are very many. It is safe for concurrent use.
type Memory struct {
	now func() time.Time

	mu       sync.Mutex
	cur, old map[string]time.Time
	since    time.Time // when cur was begun
}

// New makes a memory with a clock.
func New(now func() time.Time) *Memory {
	return &Memory{now: now, cur: make(map[string]time.Time), since: now()}
}

// Has reports whether a key was noted within [Span].
func (m *Memory) Has(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, known := m.at(key)
	return known && m.now().Sub(at) < Span
}

// Again notes a key, and reports whether it was noted within that time before.
func (m *Memory) Again(key string, within time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if len(m.cur) >= keys || now.Sub(m.since) >= Span {
		m.cur, m.old, m.since = make(map[string]time.Time), m.cur, now
	}
	if at, known := m.at(key); known && now.Sub(at) < within {
		return true
	}
	m.cur[key] = now
	return false
}

// at is when a key was noted last. The lock is held.
func (m *Memory) at(key string) (at time.Time, known bool) {
	if at, known = m.cur[key]; !known {
		at, known = m.old[key]
	}
	return at, known
}
