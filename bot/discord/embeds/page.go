package embeds

import (
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// leftOutSize is kept for the line that says how much is left out.
const leftOutSize = 60

// page is the embeds of a message while they are put together.
type page struct {
	embeds  []*discordgo.MessageEmbed
	body    *discordgo.MessageEmbed // the embed that text is added to, if any
	left    int                     // units
	missing int                     // things that found no room
	foot    string
}

// newPage begins the embeds of a message. What stands below everything is laid aside first, so that
// there is room for it.
func newPage(m bot.Message) *page {
	foot := clean.Aside(words(m.Foot).String(), footLength)
	return &page{
		embeds: []*discordgo.MessageEmbed{}, foot: foot,
		left: maxTotal - leftOutSize - len(nothing) - clean.Units(foot),
	}
}

// words is text where Discord reads no markdown: a footer.
func words(t bot.Text) bot.Text {
	out := make(bot.Text, 0, len(t))
	for _, span := range t {
		if span.Text == "" && !span.When.IsZero() {
			span.Text = span.When.UTC().Format("2006-01-02 15:04 UTC")
		}
		out = append(out, bot.Span{Text: span.Text})
	}
	return out
}

// write adds lines below the others, all or none, and says whether there was room.
func (p *page) write(text string) bool {
	size := clean.Units(text) + 1
	if size > p.left || text == "" {
		return text == ""
	}
	if p.body == nil || clean.Units(p.body.Description)+size > maxDescription-leftOutSize {
		if len(p.embeds) == maxEmbeds {
			return false
		}
		p.body = &discordgo.MessageEmbed{}
		p.embeds = append(p.embeds, p.body)
	}
	p.left -= size
	if p.body.Description != "" {
		p.body.Description += "\n"
	}
	p.body.Description += text
	return true
}

// add adds an embed, if there is room. One place is kept for text.
func (p *page) add(e *discordgo.MessageEmbed) bool {
	size := clean.Units(e.Title) + clean.Units(e.Description)
	if size > p.left || len(p.embeds) >= maxEmbeds-1 {
		return false
	}
	p.left -= size
	p.embeds, p.body = append(p.embeds, e), nil
	return true
}

// lines writes paragraphs.
func (p *page) lines(lines []bot.Text) {
	for i, line := range lines {
		if !p.write(paragraph(line, paragraphLength)) {
			p.missing += len(lines) - i
			return
		}
	}
}

// cards tells stories.
func (p *page) cards(m bot.Message) {
	for i, c := range m.Cards {
		if !p.add(card(c, single(m), link(c.Link(), m.Delivery, i))) {
			p.missing += len(m.Cards) - i
			return
		}
	}
}

// rest tells the other stories of a digest, a line each.
func (p *page) rest(m bot.Message) {
	for i, c := range m.Rest {
		if i == bullets || p.missing > 0 || !p.write(bullet(c)) {
			p.missing += len(m.Rest) - i
			return
		}
	}
}

// entries writes the things of a list.
func (p *page) entries(entries []bot.Entry) {
	for i, e := range entries {
		if !p.write(entry(e)) {
			p.missing += len(entries) - i
			return
		}
	}
}

// entry begins with the sign of the mark, so that the signs of a list stand in a column.
func entry(e bot.Entry) string {
	sign, word := e.Mark.Shown()
	before := clean.LeftToRight
	if sign != "" {
		before += sign + " "
	}
	lines := []string{before + strong(e.Title, maxTitle)}
	if word != "" {
		lines[0] += " – " + word
	}
	for _, line := range e.Lines[:min(len(e.Lines), entryLines)] {
		lines = append(lines, paragraph(line, summaryLength))
	}
	return join(lines)
}

// finish says what is left out, writes the small print, and makes the post one that can be found.
func (p *page) finish(m bot.Message) {
	if p.missing > 0 {
		p.left += leftOutSize
		p.write(andMore(p.missing, m))
	}
	if len(p.embeds) == 0 && (p.foot != "" || m.Delivery != "" || head(m) == "") {
		p.left += len(nothing) + 1
		p.embeds = append(p.embeds, &discordgo.MessageEmbed{})
		if p.foot == "" {
			p.embeds[0].Description = nothing
		}
	}
	if len(p.embeds) == 0 {
		return
	}
	if p.foot != "" {
		p.embeds[len(p.embeds)-1].Footer = &discordgo.MessageEmbedFooter{Text: p.foot}
	}
	if first := p.embeds[0]; first.URL == "" && m.Delivery != "" {
		first.URL = marked(home, m.Delivery, 0)
	}
}

func andMore(n int, m bot.Message) string {
	switch {
	case len(m.Entries) > 0 || len(m.Cards)+len(m.Rest) == 0:
		return fmt.Sprintf("… and %d more", n)
	case n == 1:
		return "… and 1 more story"
	}
	return fmt.Sprintf("… and %d more stories", n)
}

// writer puts lines together until there is no more room.
type writer struct {
	out     strings.Builder
	most    int
	size    int
	missing int
	last    string // there is always room for it
}

// item writes lines, or counts them as left out.
func (w *writer) item(line string) {
	if line == "" {
		return
	}
	const room = leftOutSize + 2*nameLength // for how much is left out, and the last line
	if w.missing > 0 || w.size+clean.Units(line)+1 > w.most-room {
		w.missing++
		return
	}
	w.out.WriteString(line + "\n")
	w.size += clean.Units(line) + 1
}

func (w *writer) text() string {
	if w.missing > 0 {
		fmt.Fprintf(&w.out, "… and %d more\n", w.missing)
	}
	w.out.WriteString(w.last)
	if w.out.Len() == 0 {
		return nothing
	}
	return strings.TrimRight(w.out.String(), "\n")
}
