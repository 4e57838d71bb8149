// Package syndication turns the bytes of any feed into one document of plain UTF-8 fields.
//
// [Read] takes RSS, RDF, Atom and JSON Feed in any encoding, rightly declared or not. What it
// returns has no markup, no control or hidden characters, and no address that is not absolute
// http(s); titles, texts and names have limits. A body that is not a whole feed, or that is built
// to exhaust a parser, is an error that says what to do. Nothing is fetched, remembered or decided
// here: every function is pure and safe for concurrent use.
package syndication

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

	"github.com/tensionwatch/tensionwatch/feeds/charset"
)

// Document is a feed as it was read. Its texts are what [Clean] returns; its links are absolute
// http(s) addresses or empty; its times are UTC, zero when absent or unreadable.
type Document struct {
	Title     string // at most 2 KiB
	Link      string // of the site
	Lang      string // BCP 47, or empty
	Truncated bool   // cut off before its end: only the entries that are whole are here
	Rhythm    Rhythm
	Entries   []Entry
}

// Rhythm is what a document says of its own publishing; zero where it says nothing.
type Rhythm struct {
	TTL       time.Duration  // <ttl>: how long a copy is good for
	Period    time.Duration  // sy:updatePeriod divided by sy:updateFrequency
	SkipHours []int          // 0 to 23, UTC: hours without news
	SkipDays  []time.Weekday // UTC: days without news
}

// Entry is one entry of a [Document], in the document's order.
type Entry struct {
	GUID       string // names the entry, at any length; empty when absent or shared by unlike ones
	Link       string
	Title      string    // at most 2 KiB
	Text       string    // the longer of description and content, at most 64 KiB
	Publisher  string    // the feed that an aggregator took it from, or empty; at most 256 bytes
	Author     string    // the byline, or empty; at most 256 bytes
	Categories []string  // at most 32 of at most 256 bytes
	Published  time.Time // as claimed, however absurd
	Updated    time.Time // likewise
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
// error worded for whoever gave the address; documents built to exhaust a parser are refused
// before they reach one.
func Read(body []byte, contentType, base string) (Document, error) {
	text := charset.Decode(body, contentType)
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
	dropSharedGUIDs(doc.Entries)
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
				doc.Entries[i].Publisher = plain(entry.Source.Title, maxName)
			}
		}
	case *json.Feed:
		if !strings.Contains(original.Version, "jsonfeed.org") {
			return Document{}, errUnknown
		}
	}
	return doc, nil
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
		"give the feed's own address", Clean(root, 40))
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
