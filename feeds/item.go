package feeds

import (
	"net/url"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

const maxPublisher = 256 // bytes

// Items turns a document into the items of a feed, in the order of the document. It is pure: now
// is the store's clock when the answer came, and of the settings it uses Backfill and MaxAge.
// Entries with neither words nor link are left out, and of two entries with one key the first
// stays.
func Items(d syndication.Document, f Feed, now time.Time, set Settings) []Item {
	seen := make(map[string]bool, len(d.Entries))
	items := make([]Item, 0, len(d.Entries))
	for _, e := range d.Entries {
		canonical := syndication.Canonical(e.Link)
		name := e.Key()
		if e.Title+e.Text+e.Link == "" || seen[name] {
			continue
		}
		seen[name] = true
		it := Item{
			Feed:       f.ID,
			Key:        name,
			Link:       e.Link,
			Canonical:  canonical,
			Title:      e.Title,
			Text:       e.Text,
			Publisher:  publisher(d, e, f),
			Lang:       d.Lang,
			Categories: e.Categories,
			Published:  e.Time(now),
			Fetched:    now.UTC(),
		}
		it.Arrival = arrival(it, f, now, set)
		items = append(items, it)
	}
	return items
}

// publisher says who wrote an entry: the feed that an aggregator names as its source, else what
// the config says of the feed, else the feed's title, else the host of its site.
func publisher(d syndication.Document, e syndication.Entry, f Feed) string {
	for _, name := range []string{e.Publisher, f.Publisher, d.Title} {
		if name = syndication.Clean(name, maxPublisher); name != "" {
			return name
		}
	}
	for _, link := range []string{d.Link, e.Link, f.URL} {
		u, err := url.Parse(syndication.Canonical(link))
		if err == nil && u.Host != "" {
			return syndication.Clean(u.Host, maxPublisher)
		}
	}
	return ""
}

// arrival says how an item came to us, by the rules of [Settings].
func arrival(it Item, f Feed, now time.Time, set Settings) Arrival {
	dated := !it.Published.IsZero()
	age := now.Sub(it.Published)
	switch {
	case f.Polled.IsZero():
		if dated && set.Backfill > 0 && age <= set.Backfill {
			return Fresh
		}
		return Baseline
	case dated && set.MaxAge > 0 && age > set.MaxAge:
		return Expired
	}
	return Fresh
}
