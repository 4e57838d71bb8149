package blocks

import (
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/slack/mrkdwn"
)

// Lengths of the parts of a message without blocks, escapes counted: a story and all that is said
// of it fit, and so does an entry.
const (
	shortText    = 400
	longText     = 1_200
	linesWritten = 6 // of an entry
)

func writtenString(s string, most int) string { return mrkdwn.Text(bot.Text{{Text: s}}, most) }

// summary is a message for notifications and screen readers: what matters, the first things first.
func summary(m bot.Message) string {
	var w writer
	w.head(m)
	for _, c := range m.Cards {
		w.item(bulletOf(m), sign(c, m), mrkdwn.Text(c.Headline, shortText), breath(c))
	}
	w.tail(m, false)
	return w.text(m)
}

// Plain is the whole message without any blocks, for the one time that Slack refuses them. It is
// escaped mrkdwn in which Slack finds nothing but the addresses of the reports.
func Plain(m bot.Message) string {
	var w writer
	w.head(m)
	for _, c := range m.Cards {
		parts := []string{bulletOf(m), sign(c, m), mrkdwn.Text(c.Headline, shortText), breath(c), when(c)}
		if link := mrkdwn.Escape(mrkdwn.Link(c.Link())); link != "" && len(link) <= mrkdwn.LinkLength {
			parts = append(parts, "\n<"+link+">")
		}
		for _, why := range c.Why[:min(len(c.Why), watchesNamed)] {
			parts = append(parts, "\nWhy: "+writtenString(reasonOf(why), shortText/2))
		}
		w.item(parts...)
	}
	w.tail(m, true)
	if foot := mrkdwn.Text(m.Foot, shortText); foot != "" {
		w.item(foot)
	}
	return w.text(m)
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

// text ends the message with how much of it is left out.
func (w *writer) text(m bot.Message) string {
	if w.missing > 0 {
		w.out.WriteString("\n" + andMore(w.missing, m))
	}
	if w.out.Len() == 0 {
		return nothing
	}
	return w.out.String()
}

// head writes what stands above the stories.
func (w *writer) head(m bot.Message) {
	var lines []string
	if m.Sample {
		lines = append(lines, sampleNote)
	}
	if m.Repeat {
		lines = append(lines, repeatNote)
	}
	lines = append(lines, writtenString(m.Title, shortText))
	for _, line := range m.Lines {
		lines = append(lines, mrkdwn.Text(line, longText))
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
		w.item("• ", sign(c, m), mrkdwn.Text(c.Headline, shortText))
	}
	for _, e := range m.Entries {
		parts := []string{"• ", mrkdwn.Text(e.Title, shortText)}
		if sign, word := e.Mark.Shown(); sign != "" {
			parts = append(parts, " – "+sign+" "+word)
		}
		for _, line := range e.Lines[:min(len(e.Lines), linesWritten)] {
			if whole {
				parts = append(parts, "\n", mrkdwn.Text(line, shortText))
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
	sign, word, news := standing(c.Severity, m.Kind)
	if !single(m) {
		news = ""
	}
	said := strings.TrimSpace(sign + " " + word)
	switch {
	case news == "" && said == "":
		return ""
	case news != "" && said != "":
		said += ", "
	}
	return said + news + ": "
}

// breath is what a story says beside its headline, and who tells it.
func breath(c bot.Card) (out string) {
	if s := mrkdwn.Text(c.Summary, longText); s != "" {
		out = " – " + s
	}
	if s := c.Sources(func(name string) string { return writtenString(name, nameLength) }); s != "" {
		out += " (" + s + ")"
	}
	return out
}

// when is the time of a story's latest report, for everybody alike.
func when(c bot.Card) string {
	if c.Latest.IsZero() {
		return ""
	}
	return " · " + mrkdwn.Written(bot.Span{When: c.Latest})
}
