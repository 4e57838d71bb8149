package store

import (
	"context"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

const (
	// slowest is how long one turn may be from the next, however often a platform asked for peace.
	slowest = 10 * time.Second

	// regain is by which part of itself a learnt pause gets shorter with each turn: it takes some
	// hundred turns to be at half of it.
	regain = 500
)

// Turn implements [bot.Limiter]: a bucket of turns that refills by one every so often, kept as the
// time when it is full again (the generic cell rate algorithm of ITU-T I.371). A turn that nobody waits
// for is not taken: it would be lost to those who do.
func (d *DB) Turn(ctx context.Context, p bot.Pace, patience time.Duration) (time.Duration, error) {
	return result(ctx, d, "taking a turn", func(t *tx) time.Duration {
		var next time.Time
		var every time.Duration
		t.get(`select turn, every from budgets where name = $1`, []any{p.Name}, when(&next), span(&every))
		every = max(every-every/regain, p.Every)
		next = later(next, t.now.Add(-every*time.Duration(max(p.Burst-1, 0))))
		wait := max(next.Sub(t.now), 0)
		if wait <= patience {
			t.saveBudget(p.Name, next.Add(every), every)
		}
		return wait
	})
}

// Hold implements [bot.Limiter]. Whoever asked for peace gets twice as much of it for a long time.
func (d *DB) Hold(ctx context.Context, p bot.Pace, pause time.Duration) error {
	return d.write(ctx, "keeping a pause", func(t *tx) {
		var next time.Time
		var every time.Duration
		t.get(`select turn, every from budgets where name = $1`, []any{p.Name}, when(&next), span(&every))
		every = min(2*max(every, p.Every), slowest)
		t.saveBudget(p.Name, later(next, t.now.Add(pause)), every)
	})
}

func (t *tx) saveBudget(name string, turn time.Time, every time.Duration) {
	t.exec(`insert into budgets (name, turn, every) values ($1, $2, $3)
		on conflict (name) do update set turn = excluded.turn, every = excluded.every`,
		name, ms(turn), every.Milliseconds())
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
