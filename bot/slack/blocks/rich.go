package blocks

import (
	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/mrkdwn"
)

type (
	element = slack.RichTextSectionElement
	look    = slack.RichTextSectionTextStyle
)

var (
	bold  = look{Bold: true}
	code  = look{Code: true}
	quiet = look{}
)

// rich is text as elements that Slack takes as they are: unlike mrkdwn it needs no escaping, marks
// half a word where the script has no blanks, and finds no links, mentions or emoji by itself.
func rich(t bot.Text, base look) (out []element) {
	for _, span := range t {
		e := richSpan(span, base)
		if e == nil || len(out) > 0 && joined(out[len(out)-1], e) {
			continue
		}
		out = append(out, e)
	}
	return out
}

// joined adds a text to the one before it if both look alike: what reads them aloud makes no pause.
func joined(before, next element) bool {
	a, ok := before.(*slack.RichTextSectionTextElement)
	b, also := next.(*slack.RichTextSectionTextElement)
	if !ok || !also || lookOf(a) != lookOf(b) || lookOf(a).Code {
		return false
	}
	a.Text += b.Text
	return true
}

func lookOf(e *slack.RichTextSectionTextElement) look {
	if e.Style == nil {
		return quiet
	}
	return *e.Style
}

func richSpan(s bot.Span, base look) element {
	if s.Hit {
		base = bold
	}
	switch {
	case !s.When.IsZero():
		words := mrkdwn.Written(s)
		return slack.NewRichTextSectionDateElement(s.When.Unix(), mrkdwn.WhenFormat, nil, &words)
	case mrkdwn.ChannelID(s.Channel) != "":
		return slack.NewRichTextSectionChannelElement(mrkdwn.ChannelID(s.Channel), style(base))
	case s.Text == "":
		return nil
	case mrkdwn.Link(s.Link) != "":
		return slack.NewRichTextSectionLinkElement(mrkdwn.Link(s.Link), s.Text, style(base))
	case s.Code:
		return slack.NewRichTextSectionTextElement(s.Text, style(code))
	}
	return slack.NewRichTextSectionTextElement(s.Text, style(base))
}

func style(s look) *slack.RichTextSectionTextStyle {
	if s == quiet {
		return nil
	}
	return &s
}
