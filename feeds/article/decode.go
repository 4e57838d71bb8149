package article

import (
	"bytes"
	"mime"
	"net/http"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// decode returns a page as UTF-8. A byte order mark settles what it is written in; bytes that are
// valid UTF-8 are UTF-8, since text in another encoding practically never is; else the header is
// believed, then the page's own <meta>, then what a browser would guess.
func decode(body []byte, contentType string) []byte {
	const escape = 0x1b // begins every shift of ISO-2022-JP, which has no bytes beyond ASCII
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(whole(body)) && bytes.IndexByte(body, escape) < 0 {
		return body
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
	return text
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
