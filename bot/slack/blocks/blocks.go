// Package blocks is a message as Slack shows it.
//
// Neutral values go in and Block Kit comes out, always within Slack's limits; nothing here talks to
// Slack. What others wrote – headlines, names, rules – stands in rich text, whose elements Slack
// takes as they are, or in plain_text without emoji. No markup is made of it, so there is none to
// break out of: no mention, no formatting, no link but those to the reports. Only times and the
// links below a story are mrkdwn, and hold nothing that others wrote.
package blocks

import (
	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
)

// EventType is that of the metadata by which a post is found again.
const EventType = "tensionwatch_delivery"

// Post is what is sent to Slack.
type Post struct {
	// Text is for notifications and screen readers. It is escaped mrkdwn: hand it over raw.
	Text     string
	Blocks   []slack.Block
	Metadata slack.SlackMetadata // empty for an answer
}

// Message shows a message.
func Message(m bot.Message) Post {
	return Post{Text: summary(m), Blocks: lay(m, maxBlocks, maxTotal), Metadata: metadata(m)}
}

// Home shows what a person sees of the bot in its own tab.
func Home(m bot.Message) slack.HomeTabViewRequest {
	return slack.HomeTabViewRequest{
		Type:   slack.VTHomeTab,
		Blocks: slack.Blocks{BlockSet: lay(m, maxViewBlocks, maxViewTotal)},
	}
}

func metadata(m bot.Message) slack.SlackMetadata {
	if m.Delivery == "" {
		return slack.SlackMetadata{}
	}
	return slack.SlackMetadata{EventType: EventType, EventPayload: map[string]any{
		"delivery_id": m.Delivery,
		"kind":        string(m.Kind),
	}}
}

// nothing stands for a message in which there is nothing to be seen.
const nothing = "Nothing to show."

// lay puts a message together of at most so many blocks, and of so much text. What stands below
// everything is laid first, so that there is room for it.
func lay(m bot.Message, most, total int) []slack.Block {
	tail := newPage(most, total)
	tail.small(m.Foot)
	tail.add(tail.press(m.Buttons)...)

	p := newPage(most-len(tail.blocks)-1, total-tail.size-leftOutSize)
	p.actions = tail.actions
	p.notes(m)
	p.title(m)
	p.lines(m.Lines)
	p.cards(m)
	p.rest(m)
	p.entries(m.Entries)
	blocks := append(p.blocks, p.leftOut(m)...)
	if blocks = append(blocks, tail.blocks...); len(blocks) == 0 {
		blocks = append(blocks, context(plain(nothing)))
	}
	return blocks
}
