package syndication

import (
	"bytes"
	"encoding/xml"
	"strings"

	"golang.org/x/net/html/charset"
)

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
			if root == "html" { // its tags need no end: they would seem to nest
				return at, root, nil
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
