package syndication

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Limits of the texts of a document, in bytes of UTF-8.
const (
	maxTitle = 2 << 10
	maxText  = 64 << 10
	maxName  = 256 // publishers, categories
)

// inline are the elements that stand inside a word or sentence; any other element parts words.
var inline = strings.Fields("a abbr acronym b bdi bdo big cite code data del dfn em font i ins " +
	"kbd label mark nobr q rp ruby rt s samp small span strike strong sub sup time tt u var wbr")

// unseen are the elements whose text no reader sees.
var unseen = strings.Fields("script style template noscript iframe svg math head")

// leftover finds markup that is still there after one round: feeds often escape twice.
var leftover = regexp.MustCompile(`(?i)&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});|` +
	`</?(p|br|a|b|i|em|strong|u|div|span|img|ul|ol|li|h[1-6]|table|tr|td|figure)\b[^<>]*>`)

// plain turns a text of a feed, HTML or not, into one line of plain text of at most limit bytes.
func plain(s string, limit int) string {
	s = strip(s)
	if strings.ContainsAny(s, "<&") && leftover.MatchString(s) {
		s = strip(s)
	}
	return Clean(s, limit)
}

// strip takes the markup out of HTML and decodes its entities, once.
func strip(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	hidden := "" // the unseen element that we are in
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		switch {
		case kind == html.ErrorToken:
			return b.String()
		case kind == html.TextToken && hidden == "":
			b.Write(z.Text())
		case kind == html.StartTagToken, kind == html.EndTagToken, kind == html.SelfClosingTagToken:
			raw, _ := z.TagName()
			name := string(raw)
			if !slices.Contains(inline, name) {
				b.WriteByte(' ')
			}
			hidden = within(hidden, name, kind)
		}
	}
}

// within returns the unseen element that the text after a tag belongs to.
func within(hidden, name string, kind html.TokenType) string {
	switch {
	case hidden == "" && kind == html.StartTagToken && slices.Contains(unseen, name):
		return name
	case hidden == name && kind == html.EndTagToken:
		return ""
	}
	return hidden
}

// Clean makes one line of a text that has no markup: valid UTF-8, runs of white space folded to
// one space, none at the ends, no control or invisible formatting characters, at most limit bytes,
// cut between characters. It is pure.
func Clean(s string, limit int) string {
	var b strings.Builder
	b.Grow(min(len(s), limit))
	gap := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = b.Len() > 0
			continue
		}
		if invisible(r) {
			continue
		}
		size := utf8.RuneLen(r)
		if gap {
			size++
		}
		if b.Len()+size > limit {
			break
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// invisible reports whether a character is dropped: controls, and the formatting characters that
// reverse, hide or split text. The joiners stay, because Persian and Indic words and emoji are
// spelt with them, and so do the Arabic number signs, which are seen.
func invisible(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' '
	case r == '\u200c', r == '\u200d', unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf)
}
