package discord

import (
	"sync"
	"time"
)

const (
	seenKeys = 10_000    // in each of two halves
	seenTime = time.Hour // Discord tells nothing again after that
)

// seen remembers what was told already, for at least [seenTime] unless there is very much of it.
type seen struct {
	now func() time.Time

	mu       sync.Mutex
	cur, old map[string]time.Time
	since    time.Time // when cur was begun
}

func newSeen(now func() time.Time) *seen {
	return &seen{now: now, cur: make(map[string]time.Time), since: now()}
}

// again notes a key, and reports whether it was noted within that time before.
func (s *seen) again(key string, within time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if len(s.cur) >= seenKeys || now.Sub(s.since) >= seenTime {
		s.cur, s.old, s.since = make(map[string]time.Time), s.cur, now
	}
	at, known := s.cur[key]
	if !known {
		at, known = s.old[key]
	}
	if known && now.Sub(at) < within {
		return true
	}
	s.cur[key] = now
	return false
}
