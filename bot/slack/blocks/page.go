package blocks

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
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
func (p *page) leftOut() []slack.Block {
	if p.missing == 0 {
		return nil
	}
	return []slack.Block{context(plain(fmt.Sprintf("… and %d more", p.missing)))}
}

// status says what must be known before anything is read.
func (p *page) status(m bot.Message) {
	if s := status(m); s != "" {
		p.add(context(plain(s)))
	}
}

// title says what the message is about.
func (p *page) title(m bot.Message) {
	if title := aside(m.Title, maxHeader); title != "" {
		p.add(slack.NewHeaderBlock(plain(title)))
	}
}

// lines writes paragraphs.
func (p *page) lines(lines []bot.Text) {
	var sections []slack.RichTextElement
	for i, line := range lines {
		if elements := rich(paragraph(line, maxParagraph), quiet); len(elements) > 0 {
			sections = append(sections, slack.NewRichTextSection(elements...))
		}
		if p.size+sizeOf(sections) > p.total {
			sections = sections[:len(sections)-1]
			p.missing += len(lines) - i
			break
		}
	}
	if len(sections) > 0 && !p.add(slack.NewRichTextBlock("", sections...)) {
		p.missing += len(sections)
	}
}

// entries writes the things of a list.
func (p *page) entries(entries []bot.Entry) {
	for i, e := range entries {
		before := p.actions
		blocks := p.entry(e)
		if i > 0 {
			blocks = append([]slack.Block{slack.NewDividerBlock()}, blocks...)
		}
		if !p.add(blocks...) {
			p.actions = before
			p.missing += len(entries) - i
			return
		}
	}
}

func (p *page) entry(e bot.Entry) (blocks []slack.Block) {
	title := rich(paragraph(e.Title, headlineLength), bold)
	if sign := markSign(e.Mark); sign != "" {
		title = append(title, slack.NewRichTextSectionTextElement("   "+sign, nil))
	}
	sections := []slack.RichTextElement{slack.NewRichTextSection(title...)}
	for _, line := range e.Lines {
		if elements := rich(paragraph(line, summaryLength), quiet); len(elements) > 0 {
			sections = append(sections, slack.NewRichTextSection(elements...))
		}
	}
	blocks = append(blocks, slack.NewRichTextBlock("", sections...))
	return append(blocks, p.press(e.Buttons)...)
}

// markSign says how a thing is, with a sign and a word.
func markSign(m bot.Mark) string {
	switch m {
	case bot.MarkGood:
		return "🟢 OK"
	case bot.MarkWait:
		return "⚪ resting"
	case bot.MarkBad:
		return "⚠️ needs a look"
	}
	return ""
}

// small writes small print.
func (p *page) small(t bot.Text) {
	if s := aside(t.String(), maxParagraph-2); s != "" {
		p.add(context(plain(s)))
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

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
