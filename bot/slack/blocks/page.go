package blocks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/slack/mrkdwn"
)

// leftOutSize is kept for the line that says how much is left out.
const leftOutSize = 200

// page is a message while it is put together.
type page struct {
	blocks  []slack.Block
	size    int // of the blocks as they are sent
	most    int // blocks
	total   int // size
	actions int // elements with an action_id so far
	missing int // things that found no room
}

func newPage(most, total int) *page { return &page{most: most, total: total} }

// add puts blocks below the others, all or none, and says whether there was room.
func (p *page) add(blocks ...slack.Block) bool {
	size := 0
	for _, b := range blocks {
		size += sizeOf(b)
	}
	if len(p.blocks)+len(blocks) > p.most || p.size+size > p.total {
		return false
	}
	p.blocks = append(p.blocks, blocks...)
	p.size += size
	return true
}

// sizeOf counts a block with all that Slack may count: what it does count is not documented.
func sizeOf(v any) int {
	text, err := json.Marshal(v)
	if err != nil {
		return maxViewTotal // it cannot be sent
	}
	return clean.Units(string(text)) + 1
}

// leftOut says how many things found no room.
func (p *page) leftOut(m bot.Message) []slack.Block {
	if p.missing == 0 {
		return nil
	}
	return []slack.Block{context(plain(andMore(p.missing, m)))}
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

// notes says what must be known before anything is read. A sample is not to be taken for news even
// by somebody half asleep.
func (p *page) notes(m bot.Message) {
	if m.Sample {
		p.add(slack.NewHeaderBlock(plain(sampleNote)))
	}
	if m.Repeat {
		p.add(context(plain(repeatNote)))
	}
}

// title says what the message is about.
func (p *page) title(m bot.Message) {
	if title := clean.Aside(m.Title, maxHeader); title != "" {
		p.add(slack.NewHeaderBlock(plain(title)))
	}
}

// lines writes paragraphs.
func (p *page) lines(lines []bot.Text) {
	var sections []slack.RichTextElement
	for i, line := range lines {
		if p := paragraph(line, maxParagraph); p != nil {
			sections = append(sections, p)
		}
		if p.size+sizeOf(slack.NewRichTextBlock("", sections...)) > p.total {
			sections = sections[:len(sections)-1]
			p.missing += len(lines) - i
			break
		}
	}
	if len(sections) > 0 && !p.add(slack.NewRichTextBlock("", sections...)) {
		p.missing += len(sections)
	}
}

// paragraph is a text of its own. Code of several lines stands as it was typed.
func paragraph(t bot.Text, most int) slack.RichTextElement {
	if len(t) == 1 && t[0].Code && strings.Contains(t[0].Text, "\n") {
		typed := clean.Cut(clean.Typed(t[0].Text), most)
		return &slack.RichTextPreformatted{
			Type:     slack.RTEPreformatted,
			Elements: []element{slack.NewRichTextSectionTextElement(typed, nil)},
		}
	}
	if elements := rich(clean.Line(t, most), quiet); len(elements) > 0 {
		return slack.NewRichTextSection(elements...)
	}
	return nil
}

// entries writes the things of a list, apart where there is something to press.
func (p *page) entries(entries []bot.Entry) {
	apart := slices.ContainsFunc(entries, func(e bot.Entry) bool { return len(e.Buttons) > 0 })
	for i, e := range entries {
		blocks := p.entry(e)
		if (i == 0 && len(p.blocks) > 1) || (i > 0 && apart) {
			blocks = append([]slack.Block{slack.NewDividerBlock()}, blocks...)
		}
		if !p.add(blocks...) {
			p.missing += len(entries) - i
			return
		}
	}
}

func (p *page) entry(e bot.Entry) []slack.Block {
	block := under(slack.NewRichTextSection(entryTitle(e)...), e.Lines...)
	return append([]slack.Block{block}, p.press(e.Buttons)...)
}

// under puts paragraphs under a heading.
func under(heading slack.RichTextElement, lines ...bot.Text) *slack.RichTextBlock {
	block := slack.NewRichTextBlock("", heading)
	for _, line := range lines {
		if p := paragraph(line, summaryLength); p != nil {
			block.Elements = append(block.Elements, p)
		}
	}
	return block
}

// entryTitle begins with the sign of the mark, so that the signs of a list stand in a column.
func entryTitle(e bot.Entry) (out []element) {
	sign, word := e.Mark.Shown()
	before := clean.LeftToRight
	if sign != "" {
		before += sign + " "
	}
	out = append([]element{text(before)}, rich(clean.Line(e.Title, headlineLength), bold)...)
	if word != "" {
		out = append(out, text(" – "+word))
	}
	return out
}

// small writes small print. It is plain text, so what is to be typed stands in quotation marks.
func (p *page) small(t bot.Text) {
	words := ""
	for _, span := range t {
		switch {
		case span.Code:
			words += "“" + span.Text + "”"
		case !span.When.IsZero():
			words += mrkdwn.Written(span)
		default:
			words += span.Text
		}
	}
	if words = clean.Aside(words, maxParagraph); words != "" {
		p.add(context(plain(clean.LeftFirst(words))))
	}
}

func context(elements ...slack.MixedElement) *slack.ContextBlock {
	return slack.NewContextBlock("", elements...)
}

// plain is text in which Slack looks for nothing.
func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// markup is mrkdwn of our own, in which Slack looks for nothing else.
func markup(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}
