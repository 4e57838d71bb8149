package syndication

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/language"
)

var (
	declared = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']`)
	spoken   = regexp.MustCompile(`(?:<language>|<dc:language>|xml:lang=["'])\s*([A-Za-z]{2,3})\b`)
)

// marks are the beginnings that settle what a text is written in: byte order marks, and the first
// character of XML or JSON as UTF-16 writes it.
var marks = []struct{ start, label string }{
	{"\xef\xbb\xbf", "utf-8"},
	{"\xfe\xff", "utf-16be"},
	{"\xff\xfe", "utf-16le"},
	{"\x00<", "utf-16be"},
	{"<\x00", "utf-16le"},
	{"\x00{", "utf-16be"},
	{"{\x00", "utf-16le"},
}

// decode returns the text of a feed as UTF-8, without byte order mark, XML declaration (which
// would name another encoding) or white space before the document.
//
// What the bytes are counts for more than what they are said to be. A byte order mark settles it;
// bytes that are valid UTF-8 are UTF-8, since text in another encoding practically never is; else
// the declarations are tried (see [labels]) and the first that loses at most one in a hundred of
// the characters beyond ASCII is believed, or failing that the one that loses least.
func decode(body []byte, contentType string) []byte {
	for _, m := range marks {
		if bytes.HasPrefix(body, []byte(m.start)) {
			text, _ := decodeAs(m.label, body)
			return bare(text)
		}
	}
	const escape = 0x1b // begins every shift of ISO-2022-JP, which has no bytes beyond ASCII
	if utf8.Valid(body) && bytes.IndexByte(body, escape) < 0 {
		return bare(body)
	}
	var best []byte
	least := -1
	for _, label := range labels(body, contentType) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			continue // the marks would have shown it
		}
		text, lost := decodeAs(label, body)
		if lost < 0 || least >= 0 && lost >= least {
			continue
		}
		best, least = text, lost
		if lost*100 <= beyondASCII(body) {
			break
		}
	}
	return bare(best)
}

// labels lists the encodings that a text may be in, the likeliest first: that of the HTTP header,
// that of the XML declaration, UTF-8, what was usual for its language, western Windows. A header
// that says latin-1 yields to a declaration that says otherwise: it is many servers' default.
func labels(body []byte, contentType string) []string {
	var header, inside string
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		header = params["charset"]
	}
	if m := declared.FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		inside = string(m[1])
	}
	if _, name := charset.Lookup(header); name == "windows-1252" && inside != "" {
		header, inside = inside, header
	}
	found := []string{header, inside, "utf-8"}
	if m := spoken.FindSubmatch(body[:min(len(body), 16<<10)]); m != nil {
		if tag, err := language.Parse(string(m[1])); err == nil {
			found = append(found, htmlindex.LanguageDefault(tag))
		}
	}
	return append(found, "windows-1252")
}

// decodeAs decodes a body and counts the characters lost: those that are no character of the
// encoding, and those that come out as C1 controls, which no text holds. It returns -1 for an
// encoding that is unknown.
func decodeAs(label string, body []byte) (text []byte, lost int) {
	encoding, name := charset.Lookup(label)
	if encoding == nil || name == "replacement" {
		return nil, -1
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return nil, -1
	}
	for _, r := range string(text) {
		if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			lost++
		}
	}
	return text, lost
}

// beyondASCII counts the bytes that are not ASCII.
func beyondASCII(body []byte) (n int) {
	for _, c := range body {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

// bare drops what stands before the document itself, and the control characters that XML forbids
// and feeds hold all the same.
func bare(text []byte) []byte {
	const before = "\ufeff \t\r\n"
	if slices.ContainsFunc(text, stray) {
		text = slices.DeleteFunc(bytes.Clone(text), stray)
	}
	text = bytes.TrimLeft(text, before)
	if bytes.HasPrefix(text, []byte("<?xml")) {
		if _, after, ok := bytes.Cut(text, []byte("?>")); ok {
			text = bytes.TrimLeft(after, before)
		}
	}
	return text
}

// stray reports whether a byte of UTF-8 is a control that XML forbids.
func stray(c byte) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }
