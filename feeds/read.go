package feeds

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html/charset"
)

// Document is a feed as it was read, before anything is decided about it. Its texts are as the
// publisher wrote them, markup and all; its links are absolute http(s) addresses or empty.
type Document struct {
	Title   string
	Link    string // of the site
	Lang    string // as declared
	Entries []Entry
}

// Entry is one entry of a [Document].
type Entry struct {
	GUID        string
	Link        string
	Title       string
	Description string
	Content     string
	Publisher   string // the name of the feed that an aggregator took it from, or empty
	Categories  []string
	Published   time.Time // zero when absent or unreadable
	Updated     time.Time
}

// The reasons why a body is no feed, worded for whoever gave the address.
var (
	errEmpty = errors.New("the address answers with nothing: give the feed's own address")
	errHTML  = errors.New("the address answers with an HTML page, not a feed: " +
		"give the feed's own address")
	errDTD = errors.New("the document brings entities of its own (a DTD), which can grow " +
		"without limit: ask the publisher for a feed without them")
	errNested  = errors.New("the document is nested or prefixed beyond reason: it is refused")
	errCutOff  = errors.New("the document is cut off before its end: nothing of it is taken")
	errUnknown = errors.New("the address answers with something that is neither RSS, Atom nor " +
		"JSON Feed: give the feed's own address")
)

// Read turns the bytes of an RSS, RDF, Atom or JSON feed into a document. The content type is the
// HTTP header's, or empty; base is the address of the document, against which relative links are
// resolved. The bytes are taken for what they are rather than for what they are declared to be: a
// wrong charset in header or document destroys nothing. A body that is not a whole feed is an
// error that says so; documents built to exhaust a parser are refused before they reach one. Read
// is pure.
func Read(body []byte, contentType, base string) (Document, error) {
	text := decode(body, contentType)
	if len(text) == 0 {
		return Document{}, errEmpty
	}
	doc, err := parse(text)
	if err != nil {
		return Document{}, explain(err)
	}
	doc.Link = absolute(base, doc.Link)
	base = cmp.Or(doc.Link, base)
	for i, e := range doc.Entries {
		doc.Entries[i].Link = absolute(base, e.Link)
	}
	return doc, nil
}

// parse reads a document that is UTF-8.
func parse(text []byte) (Document, error) {
	if text[0] != '{' {
		at, root, err := survey(text)
		if err != nil {
			return Document{}, err
		}
		if root != "rss" && root != "rdf" && root != "feed" {
			return Document{}, notFeed(root, text)
		}
		text = text[at:] // gofeed looks for the root in the first 4 KiB only
	}
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return Document{}, err
	}
	doc := document(feed)
	switch original := feed.OriginalFeed().(type) { // for what gofeed's common form leaves out
	case *rss.Feed:
		for i, item := range original.Items {
			doc.Entries[i].complete(item)
		}
	case *atom.Feed:
		for i, entry := range original.Entries {
			if entry.Source != nil {
				doc.Entries[i].Publisher = entry.Source.Title
			}
		}
	case *json.Feed:
		if !strings.Contains(original.Version, "jsonfeed.org") {
			return Document{}, errUnknown
		}
	}
	return doc, nil
}

// complete adds what only RSS says of an entry.
func (e *Entry) complete(item *rss.Item) {
	if item.Source != nil {
		e.Publisher = item.Source.Title
	}
	if g := item.GUID; g != nil && e.Link == "" && g.IsPermalink != "false" {
		e.Link = absolute("", g.Value)
	}
}

// document takes from gofeed's common form what we use.
func document(f *gofeed.Feed) Document {
	doc := Document{Title: f.Title, Link: f.Link, Lang: f.Language}
	for _, it := range f.Items {
		e := Entry{
			GUID:        it.GUID,
			Link:        it.Link,
			Title:       it.Title,
			Description: it.Description,
			Content:     it.Content,
			Categories:  it.Categories,
			Published:   utc(it.PublishedParsed),
			Updated:     utc(it.UpdatedParsed),
		}
		if e.Link == "" && len(it.Links) > 0 {
			e.Link = it.Links[0]
		}
		doc.Entries = append(doc.Entries, e)
	}
	return doc
}

// utc is the time, or zero for none.
func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// Bounds far beyond any real feed. gofeed recurses into unknown elements and copies the namespaces
// in scope for every element: depth is stack, prefixes are time.
const (
	maxDepth    = 2000
	maxPrefixes = 64
)

// survey walks through the markup once and finds the root element: where it begins and its name in
// lower case, "" when there is none. It refuses what is built to exhaust a parser: entities of
// the document's own, bottomless nesting, more prefixes than there are vocabularies. Mistakes of
// syntax are left to the parser.
func survey(text []byte) (at int64, root string, err error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict, d.CharsetReader = false, charset.NewReaderLabel // as gofeed sets them
	depth := 0
	prefixes := make(map[string]bool)
	for {
		before := d.InputOffset()
		token, err := d.RawToken()
		if err != nil {
			return at, root, nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			if root == "" {
				at, root = before, strings.ToLower(t.Name.Local)
			}
			depth++
			for _, a := range t.Attr {
				if a.Name.Space == "xmlns" {
					prefixes[a.Name.Local] = true
				}
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			if bytes.Contains(t, []byte("<!ENTITY")) {
				return 0, "", errDTD
			}
		}
		if depth > maxDepth || len(prefixes) > maxPrefixes {
			return 0, "", errNested
		}
	}
}

// notFeed says what a document is when it is not a feed.
func notFeed(root string, text []byte) error {
	head := bytes.ToLower(text[:min(len(text), 1024)])
	switch {
	case root == "html", bytes.Contains(head, []byte("<!doctype html")),
		bytes.Contains(head, []byte("<html")), bytes.Contains(head, []byte("<body")):
		return errHTML
	case root == "":
		return errUnknown
	}
	return fmt.Errorf("the address answers with an XML document <%s>, which is no feed: "+
		"give the feed's own address", clean(root, 40))
}

// explain words a parser's error for people.
func explain(err error) error {
	said := err.Error()
	for _, sign := range []string{"unexpected EOF", "unexpected end", "end of the document"} {
		if strings.Contains(said, sign) {
			return errCutOff
		}
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("the document is broken XML (line %d: %s)", syntax.Line, syntax.Msg)
	}
	return err
}
