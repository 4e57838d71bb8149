// Package retry says how long to wait before another try to reach a platform.
package retry

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

// First is how long the first pause is.
const First = 500 * time.Millisecond

// Pause is how long to wait after so many failures in a row: not at all after none, then longer each
// time up to most, and not before a *[bot.RetryError] wants it.
func Pause(failures int, most time.Duration, err error) time.Duration {
	var pause time.Duration
	if failures > 0 {
		pause = min(First<<min(failures-1, 16), most)
	}
	var retry *bot.RetryError
	if errors.As(err, &retry) && retry.After > 0 {
		return retry.After + Jitter(max(pause, First))
	}
	return Jitter(pause)
}

// Jitter is between a half and the whole of a pause, so that many do not come back at once.
func Jitter(pause time.Duration) time.Duration {
	if pause <= 0 {
		return 0
	}
	return pause/2 + rand.N(pause/2+1)
}

// Sleep waits, but not beyond ctx.
func Sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
