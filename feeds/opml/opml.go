// Package opml reads and writes lists of feeds, as feed readers exchange them.
//
// [Read] takes OPML of any version in any encoding, with the mistakes that are usual in it, and
// returns each feed once: names are clean, addresses are absolute http(s). What it cannot take is
// listed with a reason; a document that is no such list is an error that says what to do. [Write]
// writes OPML 2.0 that Read reads back. Nothing is fetched or remembered here: every function is
// pure and safe for concurrent use.
package opml

import (
	"bufio"
	"cmp"
	"io"
	"net"
	"net/url"
	"strings"
)

// Feed is one feed of a list.
type Feed struct {
	URL    string   // with the secrets that it may hold
	Title  string   // what its reader calls it, at most 256 bytes; may be empty
	Site   string   // the site's address, absolute http(s) or empty
	Folder []string // where it stands in the list, the outermost first; Write leaves it out
}

// Write writes the feeds in their order as OPML 2.0. Equal lists make equal documents.
func Write(w io.Writer, feeds []Feed) error {
	b := bufio.NewWriter(w)
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n" +
		"<head><title>Feeds of tensionwatch</title></head>\n<body>\n")
	for _, f := range feeds {
		b.WriteString("<outline type=\"rss\"")
		attribute(b, "text", cmp.Or(f.Title, f.URL)) // OPML demands one
		if f.Title != "" {
			attribute(b, "title", f.Title)
		}
		attribute(b, "xmlUrl", f.URL)
		if f.Site != "" {
			attribute(b, "htmlUrl", f.Site)
		}
		b.WriteString("/>\n")
	}
	b.WriteString("</body>\n</opml>\n")
	return b.Flush() // a bufio.Writer keeps its first error
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
	"\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

func attribute(b *bufio.Writer, name, value string) {
	b.WriteString(" " + name + `="`)
	escaper.WriteString(b, strings.Map(legal, strings.ToValidUTF8(value, "\ufffd")))
	b.WriteByte('"')
}

// legal drops the characters that no XML document may hold, not even escaped.
func legal(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
		return -1
	}
	return r
}

// Key is the same for two addresses of one feed: http or https, the case and default port of the
// host, a slash at the end and a fragment make no other one. Unlike links to pages, feeds differ by
// any parameter and by who asks. Key is for comparing, not for fetching.
func Key(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.ToLower(u.Host)
	if port := u.Port(); port == "80" || port == "443" {
		host, _, _ = net.SplitHostPort(host)
	}
	key := host + strings.TrimRight(u.EscapedPath(), "/") + "?" + u.RawQuery
	if u.User != nil {
		key = u.User.String() + "@" + key
	}
	return key
}
