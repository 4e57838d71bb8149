package blocks

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/story"
)

// escape writes the three signs that Slack reads as the ends of markup.
func escape(s string) string { return escapes.Replace(s) }

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// joiner cannot be seen and holds the characters beside it together.
const joiner = "\u2060"

// lookalikes stand in for the signs by which mrkdwn formats, since it knows no way to escape them:
// to the eye they are nearly the same.
var lookalikes = strings.NewReplacer("*", "∗", "~", "∼", "`", "ˋ", "_", "ˍ",
	">", joiner+">") // at the beginning of a line it would quote

// finds is what Slack finds in text by itself: mentions, :emoji:, addresses.
var finds = regexp.MustCompile(`[@#:][^\s]|[\pL\pN]\.\pL`)

// defang writes what others wrote so that Slack finds nothing in it. A joiner inside what Slack
// looks for is the only way where text cannot be marked as verbatim.
func defang(s string) string {
	s = finds.ReplaceAllStringFunc(s, func(found string) string {
		at := strings.IndexAny(found, "@#:.") + 1
		return found[:at] + joiner + found[at:]
	})
	return escape(lookalikes.Replace(s))
}

// written is text as mrkdwn of at most so many units. What is too long is cut before it is escaped.
func written(t bot.Text, most int) string {
	for n := most; n > 8; n = n * 3 / 4 {
		var out strings.Builder
		for _, span := range paragraph(t, n) {
			out.WriteString(writtenSpan(span))
		}
		if clean.Units(out.String()) <= most {
			return out.String()
		}
	}
	return ""
}

func writtenSpan(s bot.Span) string {
	switch {
	case !s.When.IsZero():
		return defang(inWords(s))
	case channelID(s.Channel) != "":
		return "<#" + channelID(s.Channel) + ">"
	}
	return defang(s.Text)
}

// Lengths of the parts of a message without blocks, escapes counted.
const (
	shortText = 400
	longText  = 1_200
)

func writtenString(s string, most int) string { return written(bot.Text{{Text: s}}, most) }

// summary is a message for notifications and screen readers: what matters, the first things first.
func summary(m bot.Message) string {
	var w writer
	w.head(m)
	for _, c := range m.Cards {
		w.item(bulletOf(m), sign(c, m), written(c.Headline, shortText), breath(c))
	}
	w.tail(m, false)
	return w.String()
}

// Plain is the whole message without any blocks, for the one time that Slack refuses them. It is
// escaped mrkdwn in which Slack finds nothing but the addresses of the reports.
func Plain(m bot.Message) string {
	var w writer
	w.head(m)
	for _, c := range m.Cards {
		parts := []string{bulletOf(m), sign(c, m), written(c.Headline, shortText), breath(c), when(c)}
		if link := safeLink(c.Link()); link != "" && clean.Units(escape(link)) <= longText {
			parts = append(parts, "\n<"+escape(link)+">")
		}
		for _, why := range c.Why[:min(len(c.Why), watchesNamed)] {
			parts = append(parts, "\n"+because(why))
		}
		w.item(parts...)
	}
	w.tail(m, true)
	if foot := written(m.Foot, shortText); foot != "" {
		w.item(foot)
	}
	return w.String()
}

// writer puts lines together until there is no more room.
type writer struct {
	out     strings.Builder
	size    int
	missing int
}

// item writes a line from its parts, or counts it as left out.
func (w *writer) item(parts ...string) {
	line := strings.Join(parts, "")
	if w.missing > 0 || w.size+clean.Units(line)+1 > maxText-leftOutSize {
		w.missing++
		return
	}
	if w.size > 0 {
		w.out.WriteByte('\n')
	}
	w.out.WriteString(line)
	w.size += clean.Units(line) + 1
}

func (w *writer) String() string {
	if w.missing > 0 {
		fmt.Fprintf(&w.out, "\n… and %d more", w.missing)
	}
	if w.out.Len() == 0 {
		return nothing
	}
	return w.out.String()
}

// head writes what stands above the stories. That of a single one stands in its line.
func (w *writer) head(m bot.Message) {
	lines := []string{writtenString(m.Title, shortText)}
	if !single(m) {
		lines = append(lines, status(m))
	}
	for _, line := range m.Lines {
		lines = append(lines, written(line, longText))
	}
	for _, line := range lines {
		if line != "" {
			w.item(line)
		}
	}
}

// tail writes what stands below the stories told in full, with all its lines or without.
func (w *writer) tail(m bot.Message, whole bool) {
	for _, c := range m.Rest {
		w.item("• ", sign(c, m), written(c.Headline, shortText))
	}
	for _, e := range m.Entries {
		parts := []string{"• ", written(e.Title, shortText)}
		if mark := markSign(e.Mark); mark != "" {
			parts = append(parts, " ("+mark+")")
		}
		for _, line := range e.Lines {
			if whole {
				parts = append(parts, "\n", written(line, shortText))
			}
		}
		w.item(parts...)
	}
}

// bulletOf begins the line of a story, where it is not the only one.
func bulletOf(m bot.Message) string {
	if single(m) {
		return ""
	}
	return "• "
}

// sign is how severe a story is, before its headline.
func sign(c bot.Card, m bot.Message) string {
	said := status(m)
	if !single(m) {
		sign, word := severity(c.Severity)
		said = strings.TrimSpace(sign + " " + word)
	}
	if said == "" {
		return ""
	}
	return said + ": "
}

// breath is what a story says beside its headline, and who tells it.
func breath(c bot.Card) (out string) {
	if s := written(c.Summary, longText); s != "" {
		out = " – " + s
	}
	if s := writtenString(sources(c.Publishers), shortText); s != "" {
		out += " (" + s + ")"
	}
	return out
}

// when is the time of a story's latest report, for everybody alike.
func when(c bot.Card) string {
	if c.Latest.IsZero() {
		return ""
	}
	return " · " + c.Latest.UTC().Format(whenWritten)
}

// because says which watch asked for a story.
func because(w story.Why) string {
	return "Why: " + writtenString(why(w), shortText)
}
