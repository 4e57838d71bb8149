package feeds

import (
	"time"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/feeds/article"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/feeds/wording"
)

const (
	// burst is how many new items at once may be a feed that has changed its keys, or one that
	// pours out its archive. It needs more than half of a body, too.
	burst = 10

	// longAbsence is after how long without a good poll new items are not told one by one.
	longAbsence = 6 * time.Hour

	// distinctive is how many characters a text must have to be known again by itself: "Live
	// updates" is the title of many articles.
	distinctive = 120
)

// reading is a body that was read.
type reading struct {
	items     []Item
	unknown   []int // places of those whose key is not known
	fresh     int   // of them, never shown before under any key
	gap       bool  // none of the last body's items is among them
	truncated bool
	rhythm    syndication.Rhythm
	pulse     manners.Pulse // as the first body shows it
}

// readingOf makes a reading of a document, before anything is remembered.
func readingOf(d syndication.Document, f Feed, now time.Time, set Settings) reading {
	r := reading{items: Items(d, f, now, set), truncated: d.Truncated, rhythm: d.Rhythm}
	dates := make([]time.Time, len(r.items))
	for i, it := range r.items {
		dates[i] = it.Published
	}
	r.pulse = manners.Read(dates, now)
	return r
}

// recall compares a reading with what is remembered of the feed, and decides how its new items
// arrive and which changes of its known ones count. It is pure.
//
// A known item that reads as before keeps its old words, so that it is not sifted again for a comma
// or for characters that were destroyed on the way. After a long absence, and where too much is new at once, what is
// new is marked as catching up.
func (r *reading) recall(f Feed, m Memory, absent bool) {
	last := false
	for i, it := range r.items {
		old, known := m.Keys[it.Key]
		if !known {
			r.unknown = append(r.unknown, i)
			continue
		}
		if f.hasArticle(old, it) {
			it.Text = old.Text
			r.items[i].Text = old.Text
		}
		last = last || old.Last
		if old.Wording != it.Wording() && same(old, it) && !mends(old, it) {
			r.items[i].Title, r.items[i].Text = old.Title, old.Text
		}
	}
	r.reissues(f, m)
	for _, i := range r.unknown {
		if r.items[i].Arrival == Reissued {
			last = true
		} else {
			r.fresh++
		}
	}
	r.gap = f.Held > 0 && len(r.items) > 0 && !last
	rest := f.BodyAt.IsZero() && !r.truncated // of a first body that was cut off
	if absent || rest || r.fresh >= burst && 2*r.fresh > len(r.items) {
		r.catchUp()
	}
}

// reissues finds those of the unknown items that the feed has shown before. When most of a body has
// new keys and most of those known words, the feed has renumbered: then even short words are
// believed, unless the item says that it was published since the last poll. Sirens and earthquakes are
// told in the same few words each time.
func (r *reading) reissues(f Feed, m Memory) {
	shown := 0
	for _, i := range r.unknown {
		if m.shown(r.items[i]) {
			shown++
		}
	}
	many := len(r.unknown) >= burst/2 && 2*len(r.unknown) > len(r.items)
	renumbered := many && 2*shown > len(r.unknown)
	for _, i := range r.unknown {
		it := &r.items[i]
		known := renumbered && m.Wordings[it.Wording()] && !it.Published.After(f.Polled)
		if m.recognised(f, *it) || known {
			it.Arrival = Reissued
		}
	}
}

// catchUp marks the news among the items.
func (r *reading) catchUp() {
	for _, i := range r.unknown {
		if r.items[i].Arrival == Fresh {
			r.items[i].Arrival = CatchUp
		}
	}
}

// news are the items that may be told.
func (r *reading) news() (told []*Item) {
	for _, i := range r.unknown {
		if a := r.items[i].Arrival; a == Fresh || a == CatchUp {
			told = append(told, &r.items[i])
		}
	}
	return told
}

// hasArticle reports whether what is stored of an item is the text of its article, which says nothing
// of the feed's own: one is fetched for short texts only, and taken only if it is longer.
func (f Feed) hasArticle(old Remembered, it Item) bool {
	return f.FullText && article.Wanted(it.Text) && len(old.Text) > len(it.Text)
}

// substantive reports whether an item's words have changed in substance.
func substantive(old Remembered, it Item) bool {
	return wording.Substantive(old.Title, it.Title) || wording.Retold(old.Text, it.Text)
}

// same reports whether an item reads as it did before.
func same(old Remembered, it Item) bool {
	return wording.Same(old.Title, it.Title) && wording.Same(old.Text, it.Text)
}

// mends reports whether an item brings back characters that were destroyed in what is stored.
func mends(old Remembered, it Item) bool {
	return wording.Damage(it.Title+it.Text) < wording.Damage(old.Title+old.Text)
}

// shown reports whether the feed has shown an item's words or page before.
func (m Memory) shown(it Item) bool {
	_, page := m.Links[it.Canonical]
	return page || m.Wordings[it.Wording()]
}

// recognised reports whether an item is surely one that the feed has shown before: the same page
// with the same news, or the same text, where the text is long enough to be of one article only.
func (m Memory) recognised(f Feed, it Item) bool {
	if old, ok := m.Links[it.Canonical]; ok {
		if f.hasArticle(old, it) {
			it.Text = old.Text
		}
		return old.Wording == it.Wording() || !substantive(old, it)
	}
	return m.Wordings[it.Wording()] && utf8.RuneCountInString(it.Text) >= distinctive
}
