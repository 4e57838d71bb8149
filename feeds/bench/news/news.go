// Package news makes feeds of invented news: of the size, markup and repetitiveness of real ones,
// and the same ones for the same seed.
package news

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	// Items is how many items a document holds.
	Items = 25

	// Fresh is how many of them a document holds that the edition before it did not.
	Fresh = 5

	length   = 680              // bytes of text in an item, at least
	spacing  = 10 * time.Minute // between items
	span     = 24 * time.Hour   // that the first item is older than the press
	oneIn    = 100              // so many items, one is about talks in Oman
	editions = int(span/spacing-Items) / Fresh
)

// Press prints feeds.
type Press struct {
	Seed uint64
	At   time.Time // no item is younger
}

// Document prints an edition of a feed, an RSS document; site is the address of its site. An
// edition is the one before it with [Fresh] new items in front and as many old ones gone. There are
// no more editions than can be dated.
func (p Press) Document(feed int, site string, edition int) []byte {
	if edition < 0 || edition > editions {
		panic(fmt.Sprintf("news: edition %d of %d", edition, editions))
	}
	var b strings.Builder
	last := edition*Fresh + Items - 1
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>The Daily Record %d</title>
<link>%s</link>
<atom:link href="%sfeed" rel="self" type="application/rss+xml"/>
<description>All the news of region %d</description>
<language>en-gb</language>
<lastBuildDate>%s</lastBuildDate>
`, feed, site, site, feed, p.published(last).Format(time.RFC1123Z))
	for number := last; number > last-Items; number-- {
		p.item(&b, feed, number)
	}
	b.WriteString("</channel>\n</rss>\n")
	return []byte(b.String())
}

// published is when an item was.
func (p Press) published(number int) time.Time {
	return p.At.Add(-span + time.Duration(number)*spacing).UTC()
}

// item prints one item. It depends on nothing but its own number and those of feed and seed.
func (p Press) item(b *strings.Builder, feed, number int) {
	w := writer{rand.New(rand.NewPCG(p.Seed, uint64(feed)<<32|uint64(number)))}
	title := fmt.Sprintf("%s: %s %s", pick(w, heads), name(w), pick(w, places))
	slug := strings.ToLower(strings.NewReplacer(" ", "-", ":", "", "’", "").Replace(title))
	fmt.Fprintf(b, `<item>
<title>%s</title>
<link>https://record-%d.example/%s/%s-%d?utm_source=rss&amp;utm_medium=feed</link>
<guid isPermaLink="false">record-%d-%d</guid>
<pubDate>%s</pubDate>
<dc:creator>%s %s</dc:creator>
<category>%s</category>
<media:thumbnail url="https://img.record-%d.example/%016x.jpg" width="240" height="135"/>
<description><![CDATA[%s]]></description>
</item>
`, title, feed, strings.ToLower(strings.ReplaceAll(pick(w, sections), " ", "-")), slug, number,
		feed, number, p.published(number).Format(time.RFC1123Z), name(w), name(w),
		pick(w, sections), feed, w.Uint64(), w.text())
}

// writer makes up one item.
type writer struct{ *rand.Rand }

// text is the body of an item, as markup.
func (w writer) text() string {
	var b strings.Builder
	if w.IntN(oneIn) == 0 {
		b.WriteString("<p>Talks in Oman went on behind closed doors.</p>")
	}
	for b.Len() < length {
		fmt.Fprintf(&b, "<p>%s %s %s:", capital(pick(w, actors)), pick(w, deeds), pick(w, days))
		fmt.Fprintf(&b, ` <a href="https://en.example/%016x">%s %s</a> counted %d in %d:`,
			w.Uint64(), name(w), name(w), w.IntN(5000), 1990+w.IntN(36))
		for range 14 + w.IntN(14) {
			b.WriteString(" " + pick(w, vocabulary))
			if w.IntN(2) == 0 {
				b.WriteString(" " + name(w))
			}
		}
		fmt.Fprintf(&b, ". %s</p>", pick(w, turns))
	}
	return b.String()
}

// name makes up the name of a person or place.
func name(w writer) string {
	var b strings.Builder
	for range 2 + w.IntN(3) {
		b.WriteString(pick(w, syllables))
	}
	return capital(b.String())
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func pick(w writer, from []string) string { return from[w.IntN(len(from))] }

// list reads a list that is broken over lines.
func list(text string) []string {
	parts := strings.Split(text, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}
