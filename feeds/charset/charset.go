// Package charset reads bytes as the text that somebody meant by them.
//
// [Decode] believes what the bytes are over what they are said to be: a wrong charset in a header
// or a declaration destroys nothing, and a missing one is guessed from how the text would read.
// Every function is pure and its work is linear in the length of the body.
package charset

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/language"
)

var (
	declared = regexp.MustCompile(`<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']`)
	spoken   = regexp.MustCompile(`(?:<language>|<dc:language>|xml:lang=["'])\s*([A-Za-z]{2,3})\b`)
)

// Decode returns the text of a feed as UTF-8, without byte order mark, XML declaration (which
// would name another encoding), white space before the document, or the control characters that
// XML forbids. The content type is the HTTP header's, or empty.
//
// A byte order mark settles what a text is written in, and so do the zeros of UTF-16 and UTF-32;
// bytes that are valid UTF-8 are UTF-8, since text in another encoding practically never is. Else
// what header, document and language say is tried in turn, and the first that reads like a text
// is believed; if none does, whichever encoding reads best.
func Decode(body []byte, contentType string) []byte {
	if name := wide(body); name != "" {
		text, _ := decodeAs(name, body)
		return bare(text)
	}
	if utf8.Valid(body) && bytes.IndexByte(body, escape) < 0 {
		return bare(body)
	}
	text, _ := decodeAs(choose(body, contentType), body)
	return bare(text)
}

// escape begins every shift of ISO-2022-JP, which has no bytes beyond ASCII.
const escape = 0x1b

// marks are the beginnings that settle what a text is written in.
var marks = []struct{ start, name string }{
	{"\xef\xbb\xbf", "utf-8"},
	{"\x00\x00\xfe\xff", "utf-32be"},
	{"\xff\xfe\x00\x00", "utf-32le"},
	{"\xfe\xff", "utf-16be"},
	{"\xff\xfe", "utf-16le"},
}

// wide names the encoding that a mark shows, or the zeros of the ASCII that every feed begins
// with, or "".
func wide(body []byte) string {
	for _, m := range marks {
		if bytes.HasPrefix(body, []byte(m.start)) {
			return m.name
		}
	}
	head := body[:min(len(body), 256)&^3]
	var zeros [4]int
	for i, c := range head {
		if c == 0 {
			zeros[i%4]++
		}
	}
	most := len(head) / 4 * 3 / 4 // of one column, three quarters
	full := func(i int) bool { return most > 0 && zeros[i] >= most }
	switch {
	case full(0) && full(1) && full(2):
		return "utf-32be"
	case full(1) && full(2) && full(3):
		return "utf-32le"
	case full(0) && full(2):
		return "utf-16be"
	case full(1) && full(3):
		return "utf-16le"
	case bytes.HasPrefix(body, []byte("\x00<")), bytes.HasPrefix(body, []byte("\x00{")):
		return "utf-16be"
	case bytes.HasPrefix(body, []byte("<\x00")), bytes.HasPrefix(body, []byte("{\x00")):
		return "utf-16le"
	}
	return ""
}

// labels lists what is said of a text's encoding, the likeliest first: the HTTP header, the XML
// declaration, what is usual for its language. A header that says latin-1 yields to a declaration
// that says otherwise: it is many servers' default. Wide encodings are left out: their zeros would
// have shown.
func labels(body []byte, contentType string) (list []string) {
	var header, inside string
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		header = params["charset"]
	}
	if m := declared.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
		inside = string(m[1])
	}
	if _, name := charset.Lookup(header); name == "windows-1252" && inside != "" {
		header, inside = inside, header
	}
	list = []string{header, inside, "utf-8"}
	if m := spoken.FindSubmatch(body[:min(len(body), 16<<10)]); m != nil {
		if tag, err := language.Parse(string(m[1])); err == nil {
			list = append(list, htmlindex.LanguageDefault(tag))
		}
	}
	return slices.DeleteFunc(list, func(label string) bool {
		low := strings.ToLower(label)
		return lookup(label) == nil || strings.HasPrefix(low, "utf-16") || strings.HasPrefix(low, "utf-32")
	})
}

// lookup finds an encoding by its label, nil if it is unknown or only there to refuse text.
func lookup(label string) encoding.Encoding {
	switch strings.ToLower(label) {
	case "utf-32be":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf-32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	}
	found, name := charset.Lookup(label)
	if name == "replacement" {
		return nil
	}
	return found
}

// decodeAs decodes a body and counts the characters lost: those that are no character of the
// encoding, and those that come out as C1 controls, which no text holds.
func decodeAs(label string, body []byte) (text []byte, lost int) {
	text, err := lookup(label).NewDecoder().Bytes(body)
	if err != nil {
		return nil, len(body)
	}
	for _, r := range string(text) {
		if r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			lost++
		}
	}
	return text, lost
}

// bare drops what stands before the document itself, and the control characters that XML forbids
// and feeds hold all the same. C1 controls are the characters that Windows has in their places.
func bare(text []byte) []byte {
	const before = "\ufeff \t\r\n"
	if slices.ContainsFunc(text, stray) {
		text = slices.DeleteFunc(bytes.Clone(text), stray)
	}
	if at := c1(text); at >= 0 {
		text = windows(text, at)
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

// c1 finds the first C1 control, or -1.
func c1(text []byte) int {
	const lead = 0xc2
	for at := 0; ; at++ {
		next := bytes.IndexByte(text[at:], lead)
		if next < 0 || at+next+1 >= len(text) {
			return -1
		}
		if at += next; text[at+1] < 0xa0 {
			return at
		}
	}
}

// windows replaces C1 controls, the first of them at an offset, by what windows-1252 means.
func windows(text []byte, at int) []byte {
	decode := lookup("windows-1252").NewDecoder()
	out := bytes.NewBuffer(slices.Clone(text[:at]))
	for _, r := range string(text[at:]) {
		if r >= 0x80 && r < 0xa0 {
			s, _ := decode.String(string([]byte{byte(r)}))
			out.WriteString(s)
			continue
		}
		out.WriteRune(r)
	}
	return out.Bytes()
}
