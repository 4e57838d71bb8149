package slack

import (
	"time"

	"github.com/tensionwatch/tensionwatch/bot/seen"
)

// SetClock sets the clock that double clicks and repeats are told apart by.
func (p *Platform) SetClock(now func() time.Time) { p.seen = seen.New(now) }
