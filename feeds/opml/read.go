package opml

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

const (
	maxDepth   = 32 // of folders in folders
	maxAddress = 4 << 10
)

// List is what was read of a document.
type List struct {
	Feeds   []Feed    // in the document's order
	Skipped []Skipped // likewise
}

// Skipped is an entry that is no feed to take, and why. What it says of itself may be missing or
// wrong.
type Skipped struct {
	Feed
	Line   int
	Reason string // for people
}

// The reasons why a document is no list, worded for whoever named the file.
var (
	errEmpty = errors.New("it is empty: " + again)
	errPage  = errors.New("it is a web page, not a list of feeds: " + again)
	errFeed  = errors.New("it is a feed, not a list of feeds: name its address under [[feed]] " +
		"in the config")
	errText = errors.New(`it is not OPML, which begins with <opml version="2.0">: ` + again)
	errDTD  = errors.New("it brings entities of its own, which can grow without limit: remove " +
		"its <!DOCTYPE …>")
	errDeep = errors.New("its outlines are nested beyond reason: " + again)
	errCut  = errors.New("it is cut off before its end: " + again)
)

const again = `export the list again, as OPML, from the program that it comes from`

// Read reads an OPML document. An error is worded for whoever named the file, with the line; then
// nothing of the document is taken.
func Read(body []byte) (List, error) {
	text := syndication.Text(body, "")
	if len(text) == 0 {
		return List{}, errEmpty
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // is UTF-8
	r := &reader{above: linesAbove(body, text), first: make(map[string]int)}
	for {
		line, _ := d.InputPos()
		r.line = r.above + line
		token, err := d.Token()
		if err == nil {
			err = r.take(token)
		}
		switch {
		case err == nil:
		case !r.begun && (err == io.EOF || errors.As(err, new(*xml.SyntaxError))):
			return List{}, errText
		case err == io.EOF:
			return r.list, nil
		default:
			return List{}, r.explain(err)
		}
	}
}

// linesAbove counts the lines of a document that do not stand in its text any more: those of the
// XML declaration, which is ASCII, with zeros between in UTF-16.
func linesAbove(body, text []byte) int {
	head := bytes.ReplaceAll(body[:min(len(body), 1024)], []byte{0}, nil)
	start, _, _ := bytes.Cut(text[:min(len(text), 16)], []byte("\n"))
	before, _, _ := bytes.Cut(head, start)
	return bytes.Count(before, []byte("\n"))
}

// reader is a document while it is being read.
type reader struct {
	list  List
	above int            // lines before the text
	line  int            // of the token
	begun bool           // the root has been seen
	path  [][]string     // the folder at each open element
	first map[string]int // the line where each feed stood first, by key
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		if bytes.Contains(t, []byte("<!ENTITY")) {
			return errDTD
		}
	case xml.StartElement:
		return r.open(t)
	case xml.EndElement:
		r.path = r.path[:len(r.path)-1]
	}
	return nil
}

// open takes in an element. Inside an outline that is no feed its name is a folder's.
func (r *reader) open(t xml.StartElement) error {
	name := strings.ToLower(t.Name.Local)
	if !r.begun {
		r.begun = true
		if err := checkRoot(name); err != nil {
			return err
		}
	}
	if len(r.path) > maxDepth+2 { // <opml> and <body>
		return errDeep
	}
	var folder []string
	if n := len(r.path); n > 0 {
		folder = r.path[n-1]
	}
	if name == "outline" {
		folder = r.outline(outlineOf(t), folder)
	}
	r.path = append(r.path, folder)
	return nil
}

func checkRoot(name string) error {
	switch name {
	case "opml":
		return nil
	case "html":
		return errPage
	case "rss", "rdf", "feed":
		return errFeed
	}
	return fmt.Errorf("it is an XML document <%s>, not a list of feeds: %s",
		syndication.Clean(name, 40), again)
}

// outline takes in an entry of a folder and returns the folder of what stands in it.
func (r *reader) outline(o outline, folder []string) []string {
	if !o.isFeed {
		if o.title != "" {
			folder = append(folder[:len(folder):len(folder)], o.title)
		}
		return folder
	}
	f := Feed{URL: o.url, Title: o.title, Site: o.site, Folder: folder}
	reason := unfit(f.URL)
	key := Key(f.URL)
	if at, twice := r.first[key]; twice && reason == "" {
		reason = fmt.Sprintf("it is the feed of line %d", at)
	}
	if reason != "" {
		r.list.Skipped = append(r.list.Skipped, Skipped{f, r.line, reason})
		return folder
	}
	r.first[key] = r.line
	r.list.Feeds = append(r.list.Feeds, f)
	return folder
}

// unfit says why an address is none that can be polled; "" when it is.
func unfit(address string) string {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "it has no address (xmlUrl)"
	case len(address) > maxAddress:
		return fmt.Sprintf("its address is longer than %d bytes", maxAddress)
	case err != nil:
		return "its address cannot be read: check how it is written"
	case !syndication.IsWeb(u):
		return "its address does not begin with http:// or https:// and a host"
	}
	return ""
}

// explain says where a document is wrong.
func (r *reader) explain(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case !errors.As(err, &syntax):
		if err == errDTD || err == errDeep {
			return fmt.Errorf("line %d: %w", r.line, err)
		}
		return err
	case strings.Contains(syntax.Msg, "unexpected EOF"):
		err = errCut
	default:
		err = fmt.Errorf("it is broken XML (%s): mend that, or %s", syntax.Msg, again)
	}
	return fmt.Errorf("line %d: %w", r.above+syntax.Line, err)
}

// outline is an <outline> as it is written.
type outline struct {
	isFeed           bool
	url, title, site string
}

// outlineOf reads the attributes, whatever the case of their names. The name that the reader gave a
// feed (text) goes before the feed's own (title).
func outlineOf(t xml.StartElement) outline {
	at := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		name := strings.ToLower(a.Name.Local)
		if _, known := at[name]; !known {
			at[name] = a.Value
		}
	}
	kind := strings.ToLower(at["type"])
	address, isFeed := at["xmlurl"]
	if kind == "rss" || kind == "atom" {
		isFeed = true
		address = cmp.Or(address, at["url"])
	}
	o := outline{
		isFeed: isFeed,
		url:    oneAddress(address),
		title:  cmp.Or(syndication.Name(at["text"]), syndication.Name(at["title"])),
		site:   oneAddress(at["htmlurl"]),
	}
	if o.title == syndication.Name(o.url) {
		o.title = "" // written for want of a name
	}
	if unfit(o.site) != "" {
		o.site = ""
	}
	return o
}

// oneAddress takes out of an address what slips in between programs: line breaks, and the feed:
// that browsers once put in front.
func oneAddress(s string) string {
	s = strings.TrimSpace(strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s))
	if rest, ok := strings.CutPrefix(s, "feed://"); ok {
		return "http://" + rest
	}
	return strings.TrimPrefix(s, "feed:")
}
