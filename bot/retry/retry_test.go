package retry

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

func TestPause(t *testing.T) {
	asked := &bot.RetryError{After: time.Minute, Err: errors.New("slow down")}
	for _, row := range []struct {
		failures    int
		err         error
		least, most time.Duration
	}{
		{0, nil, 0, 0},
		{1, nil, First / 2, First},
		{3, nil, 2 * First, 4 * First},
		{1000, nil, 5 * time.Second, 10 * time.Second},
		{0, asked, time.Minute + First/2, time.Minute + First},
		{1000, asked, time.Minute + 5*time.Second, time.Minute + 10*time.Second},
		{1, &bot.RetryError{Err: asked.Err}, First / 2, First},
	} {
		for range 100 {
			if got := Pause(row.failures, 10*time.Second, row.err); got < row.least || got > row.most {
				t.Errorf("%d failures, %v: %v, want %v to %v", row.failures, row.err, got, row.least, row.most)
			}
		}
	}
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		Sleep(t.Context(), time.Minute)
		if got := time.Since(begun); got != time.Minute {
			t.Errorf("slept %v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		Sleep(ctx, time.Hour)
		if got := time.Since(begun); got != time.Minute+time.Second {
			t.Errorf("slept beyond the context: %v", got)
		}
	})
}
