package blocks

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/slack/mrkdwn"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	// reportsLinked is how many reports beside the headline's have a link.
	reportsLinked = 4

	// wordsNamed is how many of the words that matched are named for a watch.
	wordsNamed = 8

	// watchesNamed is how many watches are named for a story.
	watchesNamed = 5

	// bullets is how many stories of a digest have a line.
	bullets = 15

	// halfDay is how far apart two times need no second date.
	halfDay = 12 * time.Hour
)

// Words for what must be known of a message before it is read.
const (
	sampleNote = "Sample: nothing has happened"
	repeatNote = "(may be a repeat)"
)

// standing is how severe a story is, and what was told of it before.
func standing(s story.Severity, kind bot.Kind) (sign, word, news string) {
	sign, word = severity(s)
	switch kind {
	case bot.KindEscalation:
		news = "more severe than before"
	case bot.KindUpdate:
		news = "updated"
	}
	return sign, word, news
}

// severity is a sign and a word for it; nothing for none.
func severity(s story.Severity) (sign, word string) {
	switch s {
	case story.SeverityNotable:
		return "🟡", "Notable"
	case story.SeverityHigh:
		return "🟠", "High"
	case story.SeverityCritical:
		return "🔴", "Critical"
	}
	return "", ""
}

// standing says above a story how severe it is. The line is bold, since small print of Slack's is
// paler than all that stands below, and a line of its own, so that the headline goes its own way.
func (p *page) standing(c bot.Card, kind bot.Kind) {
	sign, word, news := standing(c.Severity, kind)
	var elements []element
	if word != "" {
		elements = append(elements, text(sign+" "), slack.NewRichTextSectionTextElement(word, style(bold)))
	}
	switch {
	case news == "" || kind == bot.KindUpdate: // its time says so, in small print
	case word == "":
		elements = append(elements, text(strings.ToUpper(news[:1])+news[1:]))
	default:
		elements = append(elements, text(" – "+news))
	}
	if len(elements) > 0 {
		p.add(slack.NewRichTextBlock("", slack.NewRichTextSection(elements...)))
	}
}

// single reports whether a message tells of one story only.
func single(m bot.Message) bool { return len(m.Cards) == 1 && m.Kind != bot.KindDigest }

// cards tells stories in full where there is one, and shorter where there are many.
func (p *page) cards(m bot.Message) {
	tell := shortCard
	if single(m) {
		tell = func(c bot.Card) []slack.Block { return fullCard(c, m.Kind) }
		p.standing(m.Cards[0], m.Kind)
	}
	for i, c := range m.Cards {
		if !p.add(tell(c)...) {
			p.missing += len(m.Cards) - i
			return
		}
	}
}

// fullCard says what happened, who says so, when and where, and why it is told. Why has a
// block of its own: Slack lets a block go the way of its first letter, and a headline may go from
// right to left.
func fullCard(c bot.Card, kind bot.Kind) []slack.Block {
	out := []slack.Block{under(headline(c, headlineLength, bold), c.Summary)}
	first := ""
	if kind == bot.KindUpdate {
		first = "Updated"
	}
	out = append(out, origin(c, first)...)
	if why := reasons(c.Why); len(why) > 0 {
		out = append(out, slack.NewRichTextBlock("", slack.NewRichTextSection(why...)))
	}
	return out
}

// shortCard says what happened and who says so.
func shortCard(c bot.Card) []slack.Block {
	_, word := severity(c.Severity)
	block := slack.NewRichTextBlock("", signed(headline(c, headlineLength, bold), c.Severity))
	c.Links = c.Links[:min(1, len(c.Links))]
	if word != "" {
		word += " ·"
	}
	return append([]slack.Block{block}, origin(c, word)...)
}

// signed puts the sign of a severity before one of several headlines. It goes from left to right
// even if the headline itself does not: in a list, the eye runs down the left edge.
func signed(s *slack.RichTextSection, v story.Severity) *slack.RichTextSection {
	before := clean.LeftToRight
	if sign, _ := severity(v); sign != "" {
		before += sign + " "
	}
	s.Elements = append([]element{text(before)}, s.Elements...)
	return s
}

// headline leads to the report. Its words that matched are not marked in it, but below.
func headline(c bot.Card, most int, base look) *slack.RichTextSection {
	title := cmp.Or(clean.Line(c.Headline, most).String(), "(no headline)")
	return slack.NewRichTextSection(rich(bot.Text{{Text: title, Link: c.Link()}}, base)...)
}

// text is words of our own.
func text(s string) element { return slack.NewRichTextSectionTextElement(s, nil) }

// reasons says which watches asked for a story, and for which of its words.
func reasons(why []story.Why) (out []element) {
	for i, w := range why {
		if i == watchesNamed {
			return append(out, text(fmt.Sprintf("; and %d more watches", len(why)-i)))
		}
		before := "; "
		if i == 0 {
			before = "Why: "
		}
		out = append(out, text(before+clean.Aside(watchName(w), nameLength)))
		out = append(out, matched(w.Words)...)
	}
	return out
}

// matched names the words of a story that a watch asked for.
func matched(words []string) (out []element) {
	between := " – "
	for i, word := range words {
		if i == wordsNamed {
			return append(out, text(fmt.Sprintf(" and %d more", len(words)-i)))
		}
		if word = clean.Aside(word, nameLength); word != "" {
			out = append(out, text(between), slack.NewRichTextSectionTextElement(word, style(bold)))
			between = ", "
		}
	}
	return out
}

func watchName(w story.Why) string { return cmp.Or(w.Name, w.Watch, "a watch") }

// reasonOf is a watch and its words without marks.
func reasonOf(w story.Why) string {
	words := strings.Join(w.Words[:min(len(w.Words), wordsNamed)], ", ")
	return strings.TrimSuffix(watchName(w)+" – "+words, " – ")
}

// origin says when a story is from, who tells it, and where else to read it. The time comes first:
// it is short, and what is behind a long list of names would begin a line of its own.
func origin(c bot.Card, first string) []slack.Block {
	var elements []slack.MixedElement
	if first != "" {
		elements = append(elements, plain(first))
	}
	if when := times(c.Began, c.Latest); when != "" {
		elements = append(elements, markup(when))
	}
	if who := c.Sources(named); who != "" {
		elements = append(elements, plain(clean.LeftFirst(who)))
	}
	if links := reports(c.Links); links != "" {
		elements = append(elements, markup(links))
	}
	if len(elements) == 0 {
		return nil
	}
	return []slack.Block{context(elements...)}
}

// named is what others call themselves, for the middle of a line.
func named(name string) string { return clean.Aside(name, nameLength) }

// times says when a story's latest report is from, and its first one if that is another minute.
func times(began, latest time.Time) string {
	if latest.IsZero() {
		return ""
	}
	out := mrkdwn.Moment(latest, mrkdwn.WhenFormat)
	if began.IsZero() || began.Truncate(time.Minute).Equal(latest.Truncate(time.Minute)) {
		return out
	}
	if latest.Sub(began) < halfDay {
		return out + ", since " + mrkdwn.Moment(began, "{time}")
	}
	return out + ", since " + mrkdwn.Moment(began, mrkdwn.WhenFormat)
}

// reports links the reports beside the headline's by where they are.
func reports(links []string) string {
	if len(links) < 2 {
		return ""
	}
	var out []string
	for _, link := range links[1:] {
		link, host := mrkdwn.Escape(mrkdwn.Link(link)), hostOf(link)
		if host != "" && len(link) <= mrkdwn.LinkLength && len(out) < reportsLinked {
			out = append(out, "<"+link+"|"+host+">")
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "Also: " + strings.Join(out, ", ")
}

// hostOf is where an address leads, or empty when that is not plain to see.
func hostOf(link string) string {
	u, err := url.Parse(mrkdwn.Link(link))
	if err != nil || len(u.Hostname()) > nameLength || strings.Trim(u.Hostname(), hostLetters) != "" {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

const hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

// rest tells the other stories of a digest, a line each.
func (p *page) rest(m bot.Message) {
	var lines []slack.RichTextElement
	size := sizeOf(slack.NewRichTextBlock("", slack.NewRichTextList(slack.RTEListBullet, 0)))
	for i, c := range m.Rest {
		line := bullet(c)
		size += sizeOf(line)
		if i == bullets || p.size+size > p.total || p.missing > 0 || len(p.blocks) == p.most {
			p.missing += len(m.Rest) - i
			break
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 {
		p.add(slack.NewRichTextBlock("", slack.NewRichTextList(slack.RTEListBullet, 0, lines...)))
	}
}

// bullet is a story in one line.
func bullet(c bot.Card) *slack.RichTextSection {
	section := headline(c, bulletLength, quiet)
	var after []string
	if _, word := severity(c.Severity); word != "" {
		after = append(after, word)
	}
	if len(c.Publishers) > 0 {
		after = append(after, clean.Aside(c.Publishers[0], nameLength))
	}
	if len(after) > 0 {
		section.Elements = append(section.Elements, text(" – "+strings.Join(after, ", ")))
	}
	return signed(section, c.Severity)
}
