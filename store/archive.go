package store

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/story"
)

// Count implements [commands.Archive].
func (d *DB) Count(ctx context.Context, since time.Time) (n int, err error) {
	err = d.reader.QueryRowContext(ctx, `select count(*) from items where fetched >= $1`,
		ms(since)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting items: %w", err)
	}
	return n, nil
}

// itemsAtOnce is how many items are read together. Between two readings whoever asks may take its
// time: nothing is held meanwhile.
const itemsAtOnce = 200

// Items implements [commands.Archive]. Which items there are is read at first, so that what comes
// meanwhile changes nothing; what is pruned meanwhile is left out.
func (d *DB) Items(ctx context.Context, since time.Time, step int) iter.Seq2[feeds.Item, error] {
	return func(yield func(feeds.Item, error) bool) {
		ids, err := d.sample(ctx, since, step)
		for chunk := range slices.Chunk(ids, itemsAtOnce) {
			var arrivals []story.Arrival
			if arrivals, err = d.itemsOf(ctx, chunk); err != nil {
				break
			}
			for _, a := range arrivals {
				if !yield(a.Item, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(feeds.Item{}, fmt.Errorf("reading items: %w", err))
		}
	}
}

// sample lists every step-th of the items since then, by their IDs.
func (d *DB) sample(ctx context.Context, since time.Time, step int) (ids []int64, err error) {
	rows, err := d.reader.QueryContext(ctx, `select id from items where fetched >= $1
		order by fetched, id`, ms(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		if n%max(step, 1) != 0 {
			continue
		}
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// itemsOf reads the items with these IDs, the oldest first.
func (d *DB) itemsOf(ctx context.Context, ids []int64) ([]story.Arrival, error) {
	list, args := in(nil, ids)
	return all(ctx, d.reader, scanArrival, `select `+arrivalColumns+` from items
		where id in `+list+` order by fetched, id`, args...)
}
