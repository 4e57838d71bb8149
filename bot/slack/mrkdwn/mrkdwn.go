// Package mrkdwn is text for the places where Slack reads markup and nothing else can stand.
//
// Slack knows no way to Escape the signs of formatting, and finds links, mentions and emoji by
// itself. What others wrote comes out of here so that it finds none.
package mrkdwn

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

const (
	maxLink = 3_000
	maxID   = 255

	// LinkLength is how long an address in mrkdwn may be, so that there is room for the text.
	LinkLength = 600
)

// Escape writes the three signs that Slack reads as the ends of markup.
func Escape(s string) string { return escapes.Replace(s) }

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// joiner cannot be seen and holds the characters beside it together.
const joiner = "\u2060"

// harmless are what stands in for what Slack acts on, since mrkdwn knows no way to escape it: for
// the signs of formatting others that look nearly the same, and in mentions, :emoji: and addresses
// an invisible joiner, where text cannot be marked as verbatim.
var harmless = strings.NewReplacer("*", "∗", "~", "∼", "`", "‵", "_", "＿",
	">", joiner+">", // at the beginning of a line it would quote
	"@", "@"+joiner, "#", "#"+joiner, ":", ":"+joiner)

// domain is where a dot may make an address of two words.
var domain = regexp.MustCompile(`\.(\pL)`)

// defang writes what others wrote so that Slack finds nothing in it.
func defang(s string) string {
	return Escape(harmless.Replace(domain.ReplaceAllString(s, "."+joiner+"$1")))
}

// Text is text as escaped mrkdwn of at most so many units. What is too long is cut before it is escaped.
func Text(t bot.Text, most int) string {
	for n := most; n > 8; n = n * 3 / 4 {
		if s := whole(clean.Line(t, n)); clean.Units(s) <= most {
			return s
		}
	}
	return ""
}

// whole is text as mrkdwn. Spans are put together before anything is looked for: what Slack
// acts on may begin in one and end in the next.
func whole(t bot.Text) string {
	var out, words strings.Builder
	for _, span := range t {
		id, link := ChannelID(span.Channel), Escape(Link(span.Link))
		switch {
		case !span.When.IsZero():
			words.WriteString(Written(span))
		case id != "":
			out.WriteString(defang(words.String()) + "<#" + id + ">")
			words.Reset()
		case link != "" && len(link) <= LinkLength && span.Text != "":
			out.WriteString(defang(words.String()) + "<" + link + "|" + defang(span.Text) + ">")
			words.Reset()
		default:
			words.WriteString(span.Text)
		}
	}
	return out.String() + defang(words.String())
}

const (
	// WhenFormat is how Slack writes a time for its reader.
	WhenFormat = "{date_short_pretty} {time}"

	whenWritten = "2006-01-02 15:04 UTC"
)

// Written is a time for those who cannot show it in the reader's zone.
func Written(s bot.Span) string {
	if s.Text != "" {
		return s.Text
	}
	return s.When.UTC().Format(whenWritten)
}

var slackChannel = regexp.MustCompile(`^slack:(?:[A-Z0-9]+/)?([CGD][A-Z0-9]+)$`)

// ChannelID is Slack's own name of a channel, or empty.
func ChannelID(c bot.Channel) string {
	if m := slackChannel.FindStringSubmatch(string(c)); m != nil && len(c) <= maxID {
		return m[1]
	}
	return ""
}

var unsafeInLink = strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", `"`, "%22", "`", "%60")

// Link is an address that Slack opens as it is, or empty.
func Link(link string) string {
	link = unsafeInLink.Replace(clean.WebLink(link))
	if clean.Units(link) > maxLink {
		return ""
	}
	return link
}

// Moment is a time in the reader's zone, in a format of Slack's.
func Moment(t time.Time, format string) string {
	return fmt.Sprintf("<!date^%d^%s|%s>", t.Unix(), format, t.UTC().Format(whenWritten))
}
