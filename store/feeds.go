package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
)

// feedLease is how long a poll may take before the feed is handed to somebody else.
const feedLease = 5 * time.Minute

const feedColumns = `id, url, name, publisher, schedule, zone, full_text,
	etag, last_modified, body_hash, due, retry_after, polled, body_at,
	failures, failing_since, last_error, gone, moved, rhythm, news, every, held, gap_at,
	truncated, took, lease, epoch`

func scanFeed(row scanner) (f feeds.Feed, err error) {
	err = row.Scan(&f.ID, &f.URL, &f.Name, &f.Publisher, &f.Schedule, &f.Zone, &f.FullText,
		&f.ETag, &f.LastModified, &f.BodyHash, when(&f.Due), when(&f.RetryAfter),
		when(&f.Polled), when(&f.BodyAt), &f.Failures, when(&f.FailingSince), &f.LastError,
		&f.Gone, &f.Moved, fromJSON(&f.Rhythm), when(&f.Pulse.News), span(&f.Pulse.Every), &f.Held,
		when(&f.GapAt), &f.Truncated, span(&f.Took), when(&f.Lease), &f.Epoch)
	return f, err
}

// Due implements [feeds.Store].
func (d *DB) Due(ctx context.Context, n int) ([]feeds.Feed, error) {
	due, err := result(ctx, d, "claiming feeds", func(t *tx) []feeds.Feed {
		due := allTx(t, scanFeed, `update feeds set lease = $1, epoch = epoch + 1
			where id in (select id from feeds
				where not retired and not gone and due <= $2 and retry_after <= $2 and lease <= $2
				order by due, id limit $3)
			returning `+feedColumns, ms(t.now.Add(feedLease)), ms(t.now), n)
		for i := range due {
			due[i].Claimed = t.now
		}
		return due
	})
	slices.SortFunc(due, func(a, b feeds.Feed) int { // returning keeps no order
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return due, err
}

// Save implements [feeds.Store].
func (d *DB) Save(ctx context.Context, f feeds.Feed, items []feeds.Item) (int, error) {
	return result(ctx, d, "saving a feed", func(t *tx) (fresh int) {
		if !t.saveFeed(f) {
			return 0
		}
		known := t.shown(f, items)
		for _, item := range items {
			if t.saveItem(f, item, known) {
				fresh++
			}
		}
		return fresh
	})
}

// saveFeed writes the feed's state and ends the lease, if it is still ours.
func (t *tx) saveFeed(f feeds.Feed) (ours bool) {
	return t.exec(`update feeds set lease = 0, etag = $1, last_modified = $2,
			body_hash = $3, due = $4, retry_after = $5, polled = $6, body_at = $7,
			failures = $8, failing_since = $9, last_error = $10, gone = $11, moved = $12,
			rhythm = $13, news = $14, every = $15, held = $16, gap_at = $17, truncated = $18,
			took = $19
		where id = $20 and epoch = $21`,
		f.ETag, f.LastModified, f.BodyHash, ms(f.Due), ms(f.RetryAfter), ms(f.Polled),
		ms(f.BodyAt), f.Failures, ms(f.FailingSince), f.LastError, f.Gone,
		f.Moved, t.json(f.Rhythm), ms(f.Pulse.News), f.Pulse.Every.Milliseconds(), f.Held, ms(f.GapAt),
		f.Truncated, f.Took.Milliseconds(), f.ID, f.Epoch) > 0
}

// keysAtOnce keeps a membership test well under the databases' limits on parameters.
const keysAtOnce = 500

// shown notes that the feed's last body holds the items, and returns the hash of the words of each
// that it has shown before, by key.
func (t *tx) shown(f feeds.Feed, items []feeds.Item) map[string]string {
	type pair struct{ key, words string }
	known := make(map[string]string, len(items))
	for batch := range slices.Chunk(items, keysAtOnce) {
		keys := make([]string, len(batch))
		for i, item := range batch {
			keys[i] = item.Key
		}
		list, args := in([]any{ms(f.BodyAt), f.ID}, keys)
		found := allTx(t, func(row scanner) (p pair, err error) {
			err = row.Scan(&p.key, &p.words)
			return p, err
		}, `update items set seen = $1 where feed_id = $2 and key in `+list+`
			returning key, words`, args...)
		for _, p := range found {
			known[p.key] = p.words
		}
	}
	return known
}

// saveItem inserts a new item; the changed words of a known one are taken over for the desk to read
// again. It reports whether the item is new.
func (t *tx) saveItem(f feeds.Feed, item feeds.Item, known map[string]string) (fresh bool) {
	words := item.Wording()
	before, seen := known[item.Key]
	known[item.Key] = words
	switch {
	case !seen:
		t.insertItem(f, item, words)
	case before != words:
		t.exec(`update items set title = $1, text = $2, words = $3, unsifted = true
			where feed_id = $4 and key = $5`, item.Title, item.Text, words, f.ID, item.Key)
	}
	return !seen
}

func (t *tx) insertItem(f feeds.Feed, item feeds.Item, words string) {
	t.exec(`insert into items (feed_id, key, link, canonical, title, text, words, publisher, lang,
			categories, published, fetched, happened, arrival, seen)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		f.ID, item.Key, item.Link, item.Canonical, item.Title, item.Text, words, item.Publisher,
		item.Lang, t.json(item.Categories), ms(item.Published), ms(item.Fetched), ms(item.Time()),
		string(item.Arrival), ms(f.BodyAt))
}

// PollAll makes every feed due now, but for those that are gone or that asked not to be bothered
// yet; it returns how many those are.
func (d *DB) PollAll(ctx context.Context) (int, error) {
	return result(ctx, d, "making every feed due", func(t *tx) (skipped int) {
		t.exec(`update feeds set due = 0 where not retired and not gone and retry_after <= $1`,
			ms(t.now))
		t.get(`select count(*) from feeds where not retired and (gone or retry_after > $1)`,
			[]any{ms(t.now)}, &skipped)
		return skipped
	})
}
