package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// Ledger counts what became of items and of told revisions. Every outcome and state is a key.
type Ledger struct {
	Fresh      int // items that got their first outcome
	Carried    int // of those, items saved before the ledger's time
	Outcomes   map[story.Outcome]int
	Deliveries map[bot.State]int
}

// Ledger counts items first filed, and revisions owed or posts settled, at or after since; a zero
// since counts everything.
func (d *DB) Ledger(ctx context.Context, since time.Time) (Ledger, error) {
	l := Ledger{Outcomes: make(map[story.Outcome]int), Deliveries: make(map[bot.State]int)}
	for _, o := range story.Outcomes {
		l.Outcomes[o] = 0
	}
	for _, s := range bot.States {
		l.Deliveries[s] = 0
	}
	if err := d.countOutcomes(ctx, &l, since); err != nil {
		return l, fmt.Errorf("counting outcomes: %w", err)
	}
	if err := d.countStates(ctx, &l, since); err != nil {
		return l, fmt.Errorf("counting deliveries: %w", err)
	}
	return l, nil
}

// countOutcomes counts the first outcome of each item: one that got another later has it in its
// history.
func (d *DB) countOutcomes(ctx context.Context, l *Ledger, since time.Time) error {
	rows, err := d.reader.QueryContext(ctx, `select outcome, count(*), sum(carried) from (
			select coalesce((select h.outcome from item_history h where h.item_id = i.id
					order by h.id limit 1), i.outcome) as outcome,
				case when i.fetched < $1 then 1 else 0 end as carried
			from items i where i.sifted >= $1 and i.sifted > 0) as filed
		group by outcome`, ms(since))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var outcome story.Outcome
		var n, carried int
		if err := rows.Scan(&outcome, &n, &carried); err != nil {
			return err
		}
		l.Outcomes[outcome] += n
		l.Fresh += n
		l.Carried += carried
	}
	return rows.Err()
}

// countStates counts pairs. A pair is burst only once the digest that folds it is sent: until then
// it waits, or dies, with it.
func (d *DB) countStates(ctx context.Context, l *Ledger, since time.Time) error {
	rows, err := d.reader.QueryContext(ctx, `select state, count(*) from (
			select case when d.id is null or (d.state = 'sent' and p.state <> '')
				then p.state else d.state end as state
			from tellings p left join deliveries d on d.id = p.delivery_id
			where p.at >= $1 or d.settled >= $1 or d.`+open+`) as told
		group by state`, ms(since))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var state bot.State
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return err
		}
		l.Deliveries[state] += n
	}
	return rows.Err()
}

// Waiting tells when the next post may be made; ok is false when nothing is owed that may be sent
// without waiting for quiet hours to end, for a digest, or for us to be let into a channel.
func (d *DB) Waiting(ctx context.Context) (next time.Time, ok bool, err error) {
	var due *int64
	err = d.reader.QueryRowContext(ctx, `select min(case when c.due > d.due then c.due else d.due end)
		from deliveries d join channels c on c.channel = d.channel
		where d.`+open+` and c.away = '' and (d.state <> 'held' or d.due <= $1)`,
		ms(d.Now())).Scan(&due)
	if err != nil {
		return next, false, fmt.Errorf("reading what is owed: %w", err)
	}
	if due == nil {
		return next, false, nil
	}
	return time.UnixMilli(*due).UTC(), true, nil
}

// EndWaits makes alerts that wait for more publishers due now.
func (d *DB) EndWaits(ctx context.Context) error {
	return d.write(ctx, "ending group waits", func(t *tx) {
		t.exec(`update deliveries set due = $1 where due > $1 and `+open+` and state <> 'held'`,
			ms(t.now))
	})
}

// Prune deletes items that are older than keep and that their feed does not show any more; stories
// and deliveries stay. It returns how many went. An item that its feed still shows must stay known,
// however old: it would be news again.
func (d *DB) Prune(ctx context.Context, keep time.Duration) (int64, error) {
	return result(ctx, d, "pruning old items", func(t *tx) int64 {
		return t.exec(`delete from items where fetched < $1 and not unsifted
			and exists (select 1 from feeds f where f.id = items.feed_id
				and (f.retired or items.seen < f.body_at))`,
			ms(t.now.Add(-keep)))
	})
}
