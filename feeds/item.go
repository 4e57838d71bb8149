package feeds

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

const (
	maxKey       = 512 // bytes; a longer key is kept as its hash
	maxPublisher = 256 // bytes
)

// Items turns a document into the items of a feed, in the order of the document. It is pure: now
// is the store's clock when the answer came, and of the settings it uses Backfill and MaxAge.
// Entries with neither words nor link are left out, and of two entries with one key the first
// stays.
func Items(d syndication.Document, f Feed, now time.Time, set Settings) []Item {
	seen := make(map[string]bool, len(d.Entries))
	items := make([]Item, 0, len(d.Entries))
	for _, e := range d.Entries {
		canonical := syndication.Canonical(e.Link)
		name := key(e, canonical)
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
			Published:  published(e, now),
			Fetched:    now.UTC(),
		}
		it.Arrival = arrival(it, f, now, set)
		items = append(items, it)
	}
	return items
}

// published returns when an entry says it was published, else updated; zero when both are absent
// or absurd: before 1990, or more than an hour ahead of now. Such an item is never taken for old.
func published(e syndication.Entry, now time.Time) time.Time {
	for _, t := range []time.Time{e.Published, e.Updated} {
		if t.Year() >= 1990 && !t.After(now.Add(time.Hour)) {
			return t.UTC()
		}
	}
	return time.Time{}
}

// revision finds a counter of revisions at the end of a GUID that is an address.
var revision = regexp.MustCompile(`^(https?://[^#]+)#\d{1,4}$`)

// key names the article whatever becomes of its title or date: by its GUID, else by its canonical
// link, else by a hash of its words. A GUID that is an address is compared as one, so that it is
// the same under https and with other tracking parameters; but its fragment counts, by which the
// entries of one page are told apart. The counter that some publishers add to the GUID of an
// edited article (…/c1x2y3#1) is not part of the name, unless the link has it too.
func key(e syndication.Entry, canonical string) string {
	key := cmp.Or(e.GUID, canonical)
	if m := revision.FindStringSubmatch(key); m != nil && !strings.Contains(e.Link, "#") {
		key = m[1]
	}
	if address := syndication.Canonical(key); address != "" {
		if _, fragment, _ := strings.Cut(key, "#"); fragment != "" {
			address += "#" + fragment
		}
		key = address
	}
	if key == "" {
		return digest(e.Title + "\n" + e.Text)
	}
	if len(key) > maxKey {
		return digest(key)
	}
	return key
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

// digest returns a name for a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:16])
}
