package store

import (
	"context"
	"fmt"

	"github.com/tensionwatch/tensionwatch/feeds"
)

// fromOPML is the origin of the feeds that somebody imported. Like those of chat they are not
// touched by the config.
const fromOPML = "opml"

// Feeds lists every feed in use, whoever added it, in the order in which they were added. Those
// that are gone are among them.
func (d *DB) Feeds(ctx context.Context) ([]feeds.Feed, error) {
	list, err := all(ctx, d.reader, scanFeed,
		`select `+feedColumns+` from feeds where not retired order by id`)
	if err != nil {
		return nil, fmt.Errorf("listing feeds: %w", err)
	}
	return list, nil
}

// Import adds feeds that did not come from the config, all or none, and returns those that were
// not in use before; the others stay as they are. A feed without a schedule or zone follows those
// of [feeds.Settings], also when they change.
func (d *DB) Import(ctx context.Context, sources []feeds.Source) ([]feeds.Source, error) {
	return result(ctx, d, "importing feeds", func(t *tx) (added []feeds.Source) {
		for _, s := range sources {
			if t.addFeed(s, fromOPML) {
				added = append(added, s)
			}
		}
		return added
	})
}

// addFeed makes a feed one that is read, unless it is one already, and reports whether it was not.
// One that was gone or had moved is asked again at its own address.
func (t *tx) addFeed(s feeds.Source, origin string) (added bool) {
	return t.exec(`insert into feeds (url, name, publisher, schedule, zone, full_text, origin)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (url) do update set name = excluded.name, publisher = excluded.publisher,
			schedule = excluded.schedule, zone = excluded.zone, full_text = excluded.full_text,
			origin = excluded.origin, due = 0, gone = false, moved = '', retired = false
		where feeds.retired`,
		s.URL, s.Name, s.Publisher, s.Schedule, s.Zone, s.FullText, origin) > 0
}
