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
		if e := richSpan(span, base); e != nil {
			out = append(out, e)
		}
	}
	return out
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
