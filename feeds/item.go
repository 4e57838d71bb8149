package feeds

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"
)

const (
	maxKey        = 512 // bytes; a longer key is kept as its hash
	maxCategories = 32
)

// Items turns a document into the items of a feed, in the order of the document. It is pure: now
// is the store's clock when the answer came, and of the settings it uses Backfill and MaxAge.
// Entries with neither words nor link are left out, and of two entries with one key the first
// stays.
func (d Document) Items(f Feed, now time.Time, set Settings) []Item {
	lang := tag(d.Lang)
	shared := d.sharedGUIDs()
	seen := make(map[string]bool, len(d.Entries))
	items := make([]Item, 0, len(d.Entries))
	for _, e := range d.Entries {
		it := e.item(now)
		if it.Title+it.Text+it.Link == "" {
			continue
		}
		if shared[e.GUID] {
			e.GUID = ""
		}
		it.Key = e.key(it)
		if seen[it.Key] {
			continue
		}
		seen[it.Key] = true
		it.Feed, it.Lang = f.ID, lang
		it.Publisher = d.publisher(e, f)
		it.Arrival = arrival(it, f, now, set)
		items = append(items, it)
	}
	return items
}

// item is the part of an item that depends on its entry alone. Its text is the longer of
// description and content, once both are plain.
func (e Entry) item(now time.Time) Item {
	it := Item{
		Link:      e.Link,
		Canonical: Canonical(e.Link),
		Title:     plain(e.Title, maxTitle),
		Text:      plain(e.Description, maxText),
		Published: e.time(now),
		Fetched:   now.UTC(),
	}
	if content := plain(e.Content, maxText); len(content) > len(it.Text) {
		it.Text = content
	}
	for _, c := range e.Categories[:min(len(e.Categories), maxCategories)] {
		if c = plain(c, maxName); c != "" {
			it.Categories = append(it.Categories, c)
		}
	}
	return it
}

// time returns when an entry says it was published, else updated; zero when both are absent or
// absurd: before 1990, or more than an hour ahead of now. Such an item is never taken for old.
func (e Entry) time(now time.Time) time.Time {
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
// link, else by a hash of its words. The counter that some publishers add to the GUID of an
// edited article (…/c1x2y3#1) is not part of the name, unless the link has it too.
func (e Entry) key(it Item) string {
	key := cmp.Or(clean(e.GUID, len(e.GUID)), it.Canonical)
	if m := revision.FindStringSubmatch(key); m != nil && !strings.Contains(e.Link, "#") {
		key = m[1]
	}
	if key == "" {
		return digest(it.Title + "\n" + it.Text)
	}
	if len(key) > maxKey {
		return digest(key)
	}
	return key
}

// sharedGUIDs returns the GUIDs that name nothing, because entries with different titles and
// links bear them: a feed that puts its own address into every <guid>.
func (d Document) sharedGUIDs() map[string]bool {
	first := make(map[string]Entry, len(d.Entries))
	var shared map[string]bool
	for _, e := range d.Entries {
		one, ok := first[e.GUID]
		if !ok {
			first[e.GUID] = e
			continue
		}
		if one.Title != e.Title && one.Link != e.Link {
			if shared == nil {
				shared = make(map[string]bool)
			}
			shared[e.GUID] = true
		}
	}
	return shared
}

// publisher says who wrote an entry: the feed that an aggregator names as its source, else what
// the config says of the feed, else the feed's title, else the host of its site.
func (d Document) publisher(e Entry, f Feed) string {
	for _, name := range []string{e.Publisher, f.Publisher, d.Title} {
		if name = plain(name, maxName); name != "" {
			return name
		}
	}
	for _, link := range []string{d.Link, e.Link, f.URL} {
		if u, err := url.Parse(link); err == nil && u.Host != "" {
			return clean(canonicalHost(u), maxName)
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

// tag normalises a declared language, such as en_us or FA, to BCP 47: en-US, fa.
func tag(declared string) string {
	t, err := language.Parse(strings.TrimSpace(declared))
	if err != nil || t == language.Und {
		return ""
	}
	return t.String()
}

// digest returns a name for a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:16])
}
