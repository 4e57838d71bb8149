package slack

import "time"

// SetClock sets the clock that double clicks and repeats are told apart by.
func (p *Platform) SetClock(now func() time.Time) { p.seen.now = now }
