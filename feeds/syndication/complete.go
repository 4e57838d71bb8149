package syndication

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"github.com/tensionwatch/tensionwatch/feeds/dates"
)

// completeRSS adds what only RSS says.
func (d *Document) completeRSS(f *rss.Feed) {
	d.Rhythm = rhythm(f)
	for i, item := range f.Items {
		d.Entries[i].completeRSS(item)
	}
}

func (e *Entry) completeRSS(item *rss.Item) {
	if item.Source != nil {
		e.Publisher = plain(item.Source.Title, maxName)
	}
	if g := item.GUID; g != nil && e.Link == "" && g.IsPermalink != "false" {
		e.Link = absolute("", g.Value)
	}
	media := item.Extensions["media"]
	if group := media["group"]; len(group) > 0 {
		media = group[0].Children
	}
	e.Title = cmp.Or(e.Title, plain(value(media["title"]), maxTitle))
	for _, other := range []string{"fullitem", "body", "summary"} {
		e.lengthen(item.Custom[other])
	}
	if e.Text == "" {
		e.lengthen(value(media["description"]))
	}
	e.Author = byline(item.Author)
	if dc := item.DublinCoreExt; dc != nil && e.Author == "" {
		e.Author = cmp.Or(byline(dc.Creator...), byline(dc.Author...))
	}
	if it := item.ITunesExt; it != nil && e.Author == "" {
		e.Author = byline(it.Author)
	}
	if a := item.Extensions["atom"]["author"]; len(a) > 0 && e.Author == "" {
		e.Author = byline(value(a[0].Children["name"]))
	}
	e.dateRSS(item)
}

// dateRSS reads the dates of an item: its own, else those of Dublin Core.
func (e *Entry) dateRSS(item *rss.Item) {
	var written []string
	if item.DublinCoreExt != nil {
		written = item.DublinCoreExt.Date
	}
	terms, dated := item.Extensions["dcterms"], append(written, "")[0]
	issued := cmp.Or(value(terms["issued"]), value(terms["created"]), value(terms["available"]))
	e.Published = firstDate(e.Published, item.PubDate, issued, dated, item.Custom["date"])
	e.Updated = firstDate(e.Updated, value(terms["modified"]), dated,
		value(item.Extensions["atom"]["updated"]))
}

// completeAtom adds what only Atom says. An entry without an author has that of the feed.
func (d *Document) completeAtom(f *atom.Feed) {
	for i, entry := range f.Entries {
		e := &d.Entries[i]
		if entry.Source != nil {
			e.Publisher = plain(entry.Source.Title, maxName)
		}
		authors := entry.Authors
		if len(authors) == 0 {
			authors = f.Authors
		}
		e.Author = bylineOf(authors)
		media := entry.Extensions["media"]
		if group := media["group"]; len(group) > 0 {
			media = group[0].Children
		}
		if e.Text == "" {
			e.lengthen(value(media["description"]))
		}
		e.Updated = firstDate(e.Updated, entry.Updated)
		e.Published = firstDate(e.Published, entry.Published, entry.Updated)
	}
}

func bylineOf(authors []*atom.Person) string {
	names := make([]string, 0, len(authors))
	for _, a := range authors {
		names = append(names, cmp.Or(a.Name, a.Email))
	}
	return byline(names...)
}

// completeJSON adds what only JSON Feed says, in either version.
func (d *Document) completeJSON(f *json.Feed) {
	for i, item := range f.Items {
		e := &d.Entries[i]
		e.Author = cmp.Or(bylineIn(item.Authors), bylineIn([]*json.Author{item.Author}),
			bylineIn(f.Authors), bylineIn([]*json.Author{f.Author}))
		e.Published = firstDate(e.Published, item.DatePublished)
		e.Updated = firstDate(e.Updated, item.DateModified)
	}
}

func bylineIn(authors []*json.Author) string {
	var names []string
	for _, a := range authors {
		if a != nil {
			names = append(names, a.Name)
		}
	}
	return byline(names...)
}

// lengthen takes a text if it is longer than what there is.
func (e *Entry) lengthen(text string) {
	if text = plain(text, maxText); len(text) > len(e.Text) {
		e.Text = text
	}
}

// value is the text of the first of an extension's elements.
func value(elements []ext.Extension) string {
	if len(elements) == 0 {
		return ""
	}
	return elements[0].Value
}

// firstDate is the first of some dates that can be read, else what gofeed made of them.
func firstDate(otherwise time.Time, written ...string) time.Time {
	for _, w := range written {
		if t, ok := dates.Parse(w); ok {
			return t
		}
	}
	return otherwise
}

// rhythm reads what an RSS document says of its publishing. What is absurd counts as not said.
func rhythm(f *rss.Feed) (r Rhythm) {
	if n, err := strconv.Atoi(strings.TrimSpace(f.TTL)); err == nil && n > 0 && n <= 365*24*60 {
		r.TTL = time.Duration(n) * time.Minute
	}
	for _, h := range f.SkipHours {
		n, err := strconv.Atoi(strings.TrimSpace(h))
		if err == nil && n >= 0 && n <= 24 { // some write the first hour of a day as its last
			r.SkipHours = appendNew(r.SkipHours, n%24)
		}
	}
	for _, d := range f.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(d), day.String()) {
				r.SkipDays = appendNew(r.SkipDays, day)
			}
		}
	}
	sy := f.Extensions["sy"]
	period := periods[strings.ToLower(value(sy["updatePeriod"]))]
	frequency, err := strconv.Atoi(cmp.Or(value(sy["updateFrequency"]), "1"))
	if err == nil && frequency > 0 {
		r.Period = period / time.Duration(frequency)
	}
	return r
}

// periods are what sy:updatePeriod may be.
var periods = map[string]time.Duration{
	"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
	"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
}

// appendNew adds what is not there yet.
func appendNew[T comparable](list []T, v T) []T {
	for _, old := range list {
		if old == v {
			return list
		}
	}
	return append(list, v)
}
