// Package syndication turns the bytes of any feed into one document of plain UTF-8 fields.
//
// [Read] takes RSS, RDF, Atom and JSON Feed in any encoding, rightly declared or not. What it
// returns has no markup, no control or hidden characters, and no address that is not absolute
// http(s); titles, texts and names have limits. A body that is no feed, or that is built to
// exhaust a parser, is an error that says what to do. Nothing is fetched, remembered or decided
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
	"github.com/tensionwatch/tensionwatch/feeds/mend"
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
	errCutOff  = errors.New("the document is cut off before its first entry is whole")
	errUnknown = errors.New("the address answers with something that is neither RSS, Atom nor " +
		"JSON Feed: give the feed's own address")
)

// Read turns the bytes of an RSS, RDF, Atom or JSON feed into a document. The content type is the
// HTTP header's, or empty; base is the address of the document, against which relative links are
// resolved. The bytes are taken for what they are rather than for what they are declared to be: a
// wrong charset in header or document destroys nothing, and a document that breaks the rules of
// its format is mended and read. Of one that is cut off the whole entries are kept. A body of
// which nothing is left is an error worded for whoever gave the address; documents built to
// exhaust a parser are refused before they reach one.
func Read(body []byte, contentType, base string) (Document, error) {
	text := charset.Decode(body, contentType)
	if len(text) == 0 {
		return Document{}, errEmpty
	}
	read := readXML
	if text[0] == '{' {
		read = readJSON
	}
	doc, err := read(text)
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

// readXML reads a document in XML, mended if it must be.
func readXML(text []byte) (Document, error) {
	sight, err := mend.Look(text)
	if err != nil {
		return Document{}, err
	}
	if sight.Root == "html" {
		return Document{}, errHTML
	}
	var first error
	if !isFeed(sight.Root) {
		first = notFeed(sight.Root, text)
	} else if !sight.Odd {
		var doc Document
		if doc, first = parse(text[sight.At:]); first == nil {
			return doc, nil
		}
	}
	mended, err := mend.XML(text)
	if err != nil {
		return Document{}, err
	}
	if sight, err = mend.Look(mended.Text); err != nil {
		return Document{}, err
	}
	if !isFeed(sight.Root) {
		return Document{}, first
	}
	doc, err := parse(mended.Text)
	switch {
	case err != nil:
		return Document{}, cmp.Or(first, err)
	case mended.Lost && len(doc.Entries) == 0:
		return Document{}, errCutOff
	}
	doc.Truncated = mended.Cut
	return doc, nil
}

// isFeed reports whether a root element is that of a feed. A channel without its root is mended.
func isFeed(root string) bool { return root == "rss" || root == "rdf" || root == "feed" }

// readJSON reads a document in JSON, mended if it must be.
func readJSON(text []byte) (Document, error) {
	doc, err := parse(text)
	if err == nil || errors.Is(err, errUnknown) {
		return doc, err
	}
	mended, cut := mend.JSON(text)
	doc, again := parse(mended)
	switch {
	case cut && (mended == nil || again == nil && len(doc.Entries) == 0):
		return Document{}, errCutOff
	case again != nil:
		return Document{}, err
	}
	doc.Truncated = cut
	return doc, nil
}

// parse reads a document that begins with its root.
func parse(text []byte) (Document, error) {
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := parser.Parse(bytes.NewReader(text)) // which looks for the root in 4 KiB only
	if err != nil {
		return Document{}, err
	}
	doc := document(feed)
	switch original := feed.OriginalFeed().(type) { // for what gofeed's common form leaves out
	case *rss.Feed:
		doc.completeRSS(original)
	case *atom.Feed:
		doc.completeAtom(original)
	case *json.Feed:
		if !isJSONFeed(original) {
			return Document{}, errUnknown
		}
		doc.completeJSON(original)
	}
	return doc, nil
}

// isJSONFeed reports whether an object is a feed: it says so, or it lost that when it was cut off
// and has entries that are named.
func isJSONFeed(f *json.Feed) bool {
	return strings.Contains(f.Version, "jsonfeed.org") ||
		f.Version == "" && len(f.Items) > 0 && f.Items[0].ID != ""
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
