package syndication

import (
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/language"
)

const maxCategories = 32

// document takes from gofeed's common form what we use. Links are left as they are written.
func document(f *gofeed.Feed) Document {
	doc := Document{Title: plain(f.Title, maxTitle), Link: f.Link, Lang: tag(f.Language)}
	for _, it := range f.Items {
		doc.Entries = append(doc.Entries, entry(it))
	}
	return doc
}

// entry takes what we use from gofeed's common form of an entry.
func entry(it *gofeed.Item) Entry {
	e := Entry{
		GUID:      Clean(it.GUID, len(it.GUID)),
		Link:      it.Link,
		Title:     plain(it.Title, maxTitle),
		Text:      plain(it.Description, maxText),
		Published: utc(it.PublishedParsed),
		Updated:   utc(it.UpdatedParsed),
	}
	if content := plain(it.Content, maxText); len(content) > len(e.Text) {
		e.Text = content
	}
	if e.Link == "" && len(it.Links) > 0 {
		e.Link = it.Links[0]
	}
	for _, c := range it.Categories[:min(len(it.Categories), maxCategories)] {
		if c = plain(c, maxName); c != "" {
			e.Categories = append(e.Categories, c)
		}
	}
	return e
}

// dropSharedGUIDs empties the GUIDs that name nothing, because entries with different titles and
// links bear them: a feed that puts its own address into every <guid>.
func dropSharedGUIDs(entries []Entry) {
	first := make(map[string]Entry, len(entries))
	shared := make(map[string]bool)
	for _, e := range entries {
		one, ok := first[e.GUID]
		if !ok {
			first[e.GUID] = e
		} else if one.Title != e.Title && one.Link != e.Link {
			shared[e.GUID] = true
		}
	}
	for i, e := range entries {
		if shared[e.GUID] {
			entries[i].GUID = ""
		}
	}
}

// tag normalises a declared language, such as en_us or FA, to BCP 47: en-US, fa.
func tag(declared string) string {
	t, err := language.Parse(strings.TrimSpace(declared))
	if err != nil || t == language.Und {
		return ""
	}
	return t.String()
}

// utc is the time, or zero for none.
func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
