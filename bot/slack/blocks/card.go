package blocks

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	// publishersNamed is how many publishers of a story are named; the others are counted.
	publishersNamed = 5

	// reportsLinked is how many reports beside the headline's have a link.
	reportsLinked = 4

	// wordsNamed is how many of the words that matched are named for a watch.
	wordsNamed = 8

	// watchesNamed is how many watches are named for a story.
	watchesNamed = 5

	// bullets is how many stories of a digest have a line.
	bullets = 30
)

// status is what must be known of a message before it is read.
func status(m bot.Message) string {
	var parts []string
	if m.Sample {
		parts = append(parts, "Sample – nothing has happened, this is what an alert looks like")
	}
	if single(m) {
		parts = append(parts, standing(m.Cards[0].Severity, m.Kind)...)
	}
	if m.Repeat {
		parts = append(parts, "(may be a repeat)")
	}
	return strings.Join(parts, " · ")
}

// standing is how severe a story is and whether it was told before.
func standing(s story.Severity, kind bot.Kind) (parts []string) {
	sign, word := severity(s)
	switch {
	case kind == bot.KindEscalation && word != "":
		parts = append(parts, sign+" More severe now: "+strings.ToLower(word))
	case word != "":
		parts = append(parts, sign+" "+word)
	}
	if kind == bot.KindUpdate {
		parts = append(parts, "Updated")
	}
	return parts
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

// single reports whether a message tells one story and nothing else.
func single(m bot.Message) bool { return len(m.Cards) == 1 && m.Title == "" }

// cards tells stories in full where there is one, and shorter where there are many.
func (p *page) cards(m bot.Message) {
	tell := fullCard
	if !single(m) {
		tell = shortCard
	}
	for i, c := range m.Cards {
		if !p.add(tell(c)...) {
			p.missing += len(m.Cards) - i
			return
		}
	}
}

// fullCard says what happened, why it is told, who says so, when, and where to read it.
func fullCard(c bot.Card) []slack.Block {
	sections := []slack.RichTextElement{headline(c, headlineLength)}
	if elements := rich(paragraph(c.Summary, summaryLength), quiet); len(elements) > 0 {
		sections = append(sections, slack.NewRichTextSection(elements...))
	}
	sections = append(sections, reasons(c.Why)...)
	return append([]slack.Block{slack.NewRichTextBlock("", sections...)}, origin(c, "")...)
}

// shortCard says what happened and who says so.
func shortCard(c bot.Card) []slack.Block {
	_, word := severity(c.Severity)
	block := slack.NewRichTextBlock("", signed(headline(c, headlineLength), c.Severity))
	c.Links = c.Links[:min(1, len(c.Links))]
	return append([]slack.Block{block}, origin(c, word)...)
}

// signed puts the sign of a severity before a line.
func signed(s *slack.RichTextSection, v story.Severity) *slack.RichTextSection {
	if sign, _ := severity(v); sign != "" {
		s.Elements = append([]element{text(sign + " ")}, s.Elements...)
	}
	return s
}

// headline is bold and leads to the report.
func headline(c bot.Card, most int) *slack.RichTextSection {
	title := paragraph(c.Headline, most).String()
	if title == "" {
		title = "(no headline)"
	}
	return slack.NewRichTextSection(rich(bot.Text{{Text: title, Link: c.Link()}}, bold)...)
}

// text is words of our own.
func text(s string) element { return slack.NewRichTextSectionTextElement(s, nil) }

// reasons says which watches asked for a story, and for which of its words.
func reasons(why []story.Why) (out []slack.RichTextElement) {
	for i, w := range why {
		if i == watchesNamed {
			return append(out, slack.NewRichTextSection(
				text(fmt.Sprintf("and %d more watches", len(why)-i))))
		}
		out = append(out, reason(w))
	}
	return out
}

// why is a watch and its words without marks.
func why(w story.Why) string {
	name := cmp.Or(w.Name, w.Watch)
	if len(w.Words) == 0 {
		return name
	}
	return name + " – " + strings.Join(w.Words[:min(len(w.Words), wordsNamed)], ", ")
}

func reason(w story.Why) *slack.RichTextSection {
	elements := []element{text("Why: " + aside(cmp.Or(w.Name, w.Watch), nameLength))}
	for i, word := range w.Words {
		if word = aside(word, nameLength); word == "" {
			continue
		}
		if i == wordsNamed {
			elements = append(elements, text(fmt.Sprintf(" and %d more", len(w.Words)-i)))
			break
		}
		between := ", "
		if len(elements) == 1 {
			between = " – "
		}
		elements = append(elements, text(between), slack.NewRichTextSectionTextElement(word, style(bold)))
	}
	return slack.NewRichTextSection(elements...)
}

// origin says who tells a story, when, and where else to read it.
func origin(c bot.Card, first string) []slack.Block {
	var elements []slack.MixedElement
	who := sources(c.Publishers)
	if first != "" && who != "" {
		who = first + " · " + who
	}
	if who = cmp.Or(who, first); who != "" {
		elements = append(elements, plain(who))
	}
	if when := times(c.Began, c.Latest); when != "" {
		elements = append(elements, markup(when))
	}
	if links := reports(c.Links); links != "" {
		elements = append(elements, markup(links))
	}
	if len(elements) == 0 {
		return nil
	}
	return []slack.Block{context(elements...)}
}

// sources says who reports a story.
func sources(publishers []string) string {
	var names []string
	for _, name := range publishers[:min(len(publishers), publishersNamed)] {
		if name = aside(name, nameLength); name != "" {
			names = append(names, name)
		}
	}
	out := strings.Join(names, ", ")
	if more := len(publishers) - publishersNamed; more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	if n := len(publishers); n > 1 {
		out += fmt.Sprintf(" · %d publishers", n)
	}
	return out
}

// times says when a story's latest report is from, and its first one if that is another minute.
func times(began, latest time.Time) string {
	if latest.IsZero() {
		return ""
	}
	out := moment(latest, whenFormat)
	if !began.IsZero() && !began.Truncate(time.Minute).Equal(latest.Truncate(time.Minute)) {
		out += ", since " + moment(began, whenFormat)
	}
	return out
}

// reports links the reports beside the headline's by where they are.
func reports(links []string) string {
	if len(links) < 2 {
		return ""
	}
	var out []string
	for _, link := range links[1:] {
		host := hostOf(link)
		if host != "" && len(out) < reportsLinked {
			out = append(out, "<"+escape(safeLink(link))+"|"+host+">")
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "Also: " + strings.Join(out, ", ")
}

// hostOf is where an address leads, or empty when that is not plain to see.
func hostOf(link string) string {
	u, err := url.Parse(safeLink(link))
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
	title := paragraph(c.Headline, bulletLength).String()
	section := slack.NewRichTextSection(rich(bot.Text{{Text: cmp.Or(title, "(no headline)"),
		Link: c.Link()}}, quiet)...)
	var after []string
	if _, word := severity(c.Severity); word != "" {
		after = append(after, word)
	}
	if len(c.Publishers) > 0 {
		after = append(after, aside(c.Publishers[0], nameLength))
	}
	if len(after) > 0 {
		section.Elements = append(section.Elements, text(" – "+strings.Join(after, ", ")))
	}
	return signed(section, c.Severity)
}
