package article

import (
	"bytes"
	"mime"
	"net/http"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// decode returns a page as UTF-8, without byte order mark. Bytes that are UTF-8 but for one in a
// hundred of those beyond ASCII are UTF-8, since text in another encoding practically never is; else
// a mark is believed, then the header, then the page's own <meta>, then what a browser would guess.
func decode(body []byte, contentType string) []byte {
	const mark = "\ufeff"
	if mostlyUTF8(body) {
		return bytes.TrimPrefix(body, []byte(mark))
	}
	encoding, name, _ := charset.DetermineEncoding(body, contentType)
	if name == "utf-8" { // which it is not: the header is the server's, the page may know better
		encoding, name, _ = charset.DetermineEncoding(body, "")
	}
	if name == "replacement" {
		return nil
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return nil
	}
	return bytes.TrimPrefix(text, []byte(mark))
}

// mostlyUTF8 reports whether a body is UTF-8 with hardly a mistake.
func mostlyUTF8(body []byte) bool {
	const escape = 0x1b // begins every shift of ISO-2022-JP, which has no bytes beyond ASCII
	if bytes.IndexByte(body, escape) >= 0 {
		return false
	}
	beyond, wrong := 0, 0
	for rest := whole(body); len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r >= utf8.RuneSelf {
			beyond += size
		}
		if r == utf8.RuneError && size == 1 {
			wrong++
		}
		rest = rest[size:]
	}
	return wrong*100 <= beyond
}

// whole returns a text without a last character that the limit of the body has cut.
func whole(text []byte) []byte {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return text[:i]
			}
			break
		}
	}
	return text
}

// isHTML reports whether a body is said to be HTML, or looks like it when nothing is said.
func isHTML(contentType string, body []byte) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil && kind == "" {
		kind, _, _ = mime.ParseMediaType(http.DetectContentType(body))
	}
	return kind == "text/html" || kind == "application/xhtml+xml"
}
