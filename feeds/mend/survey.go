// Package mend looks at feeds before they are parsed, and puts right the ones that break the rules
// of their format.
//
// [Look] walks through a document once, finds its root and refuses what is built to exhaust a
// parser. [XML] and [JSON] write a broken document anew so that a strict parser takes it, without
// the entry in which it is cut off. All are pure, and their work is linear in the length of the
// text.
package mend

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"

	"golang.org/x/net/html/charset"
)

// Bounds far beyond any real feed. gofeed recurses into unknown elements and copies the namespaces
// in scope for every element: depth is stack, prefixes are time.
const (
	maxDepth    = 2000
	maxPrefixes = 64
)

var (
	// ErrEntities means that a document brings entities that could grow.
	ErrEntities = errors.New("the document brings entities of its own (a DTD), which can grow " +
		"without limit: ask the publisher for a feed without them")
	// ErrNested means that a document has more levels or prefixes than there are reasons for.
	ErrNested = errors.New("the document is nested or prefixed beyond reason: it is refused")
)

// Sight is what a look at a document shows.
type Sight struct {
	At   int64  // where the root element begins
	Root string // its name in lower case, "" when there is none
	Odd  bool   // a parser would take it and lose part of it: see [XML]
}

// Look walks through the markup of a document. It refuses what is built to exhaust a parser:
// entities of the document's own that could grow, bottomless nesting, more prefixes than there are
// vocabularies. It stops at the first mistake of syntax, which is left to the parser.
func Look(text []byte) (s Sight, err error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict, d.CharsetReader = false, charset.NewReaderLabel // as gofeed sets them
	depth := 0
	prefixes, open := make(map[string]bool), make(map[string]int)
	for {
		before := d.InputOffset()
		token, err := d.RawToken()
		if err != nil {
			return s, nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			if s.Root == "" {
				s.At, s.Root = before, strings.ToLower(t.Name.Local)
				s.Odd = s.Odd || s.Root == "channel" || s.Root == "feed" && foreign(t) != ""
			}
			if s.Root == "html" { // its tags need no end: they would seem to nest
				return s, nil
			}
			s.Odd = s.Odd || odd(t)
			if name := entryName(t.Name); name != "" {
				s.Odd = s.Odd || open[name] > 0
				open[name]++
			}
			depth++
			note(prefixes, t.Attr)
		case xml.EndElement:
			if name := entryName(t.Name); name != "" {
				open[name]--
			}
			depth--
		case xml.Directive:
			own, err := entities(t)
			if err != nil {
				return Sight{}, err
			}
			s.Odd = s.Odd || len(own) > 0
		}
		if depth > maxDepth || len(prefixes) > maxPrefixes {
			return Sight{}, ErrNested
		}
	}
}

// note collects the prefixes that an element declares.
func note(prefixes map[string]bool, attrs []xml.Attr) {
	for _, a := range attrs {
		if a.Name.Space == "xmlns" {
			prefixes[a.Name.Local] = true
		}
	}
}

// entryName is the name of an entry of a feed, as a parser would match it with its end, and "" for
// any other element.
func entryName(n xml.Name) string {
	if name := strings.ToLower(n.Local); isEntry(name) {
		return n.Space + ":" + name
	}
	return ""
}

// odd reports whether an element is one that gofeed does not read as it was meant: a text in
// base64, or an HTML body in the place of a text.
func odd(t xml.StartElement) bool {
	for _, a := range t.Attr {
		if a.Name.Local == "mode" && a.Value == "base64" {
			return true
		}
	}
	return t.Name.Local == "body"
}

// foreign returns the namespace of an Atom feed when it is none of Atom's: a version before the
// first, or a slip of the pen.
func foreign(root xml.StartElement) string {
	for _, a := range root.Attr {
		theirs := a.Name.Space == "xmlns" && a.Name.Local == root.Name.Space ||
			a.Name.Space == "" && a.Name.Local == "xmlns" && root.Name.Space == ""
		if theirs && a.Value != atom && a.Value != "http://purl.org/atom/ns#" {
			return a.Value
		}
	}
	return ""
}

const atom = "http://www.w3.org/2005/Atom"
