package blocks

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// when is how Slack writes a time for its reader.
const (
	whenFormat  = "{date_short_pretty} {time}"
	whenWritten = "2006-01-02 15:04 UTC"
)

var (
	bold  = slack.RichTextSectionTextStyle{Bold: true}
	code  = slack.RichTextSectionTextStyle{Code: true}
	quiet = slack.RichTextSectionTextStyle{}
)

type element = slack.RichTextSectionElement

// rich is text as elements that Slack takes as they are: unlike mrkdwn it needs no escaping, marks
// half a word where the script has no blanks, and finds no links, mentions or emoji by itself.
func rich(t bot.Text, base slack.RichTextSectionTextStyle) (out []element) {
	for _, span := range t {
		if e := richSpan(span, base); e != nil {
			out = append(out, e)
		}
	}
	return out
}

func richSpan(s bot.Span, base slack.RichTextSectionTextStyle) element {
	switch {
	case !s.When.IsZero():
		words := inWords(s)
		return slack.NewRichTextSectionDateElement(s.When.Unix(), whenFormat, nil, &words)
	case channelID(s.Channel) != "":
		return slack.NewRichTextSectionChannelElement(channelID(s.Channel), style(base))
	case s.Text == "":
		return nil
	case safeLink(s.Link) != "":
		return slack.NewRichTextSectionLinkElement(safeLink(s.Link), s.Text, style(base))
	case s.Code:
		return slack.NewRichTextSectionTextElement(s.Text, style(code))
	case s.Hit:
		return slack.NewRichTextSectionTextElement(s.Text, style(bold))
	}
	return slack.NewRichTextSectionTextElement(s.Text, style(base))
}

func style(s slack.RichTextSectionTextStyle) *slack.RichTextSectionTextStyle {
	if s == quiet {
		return nil
	}
	return &s
}

// inWords is a time for those who cannot show it in the reader's zone.
func inWords(s bot.Span) string {
	if s.Text != "" {
		return s.Text
	}
	return s.When.UTC().Format(whenWritten)
}

var slackChannel = regexp.MustCompile(`^slack:(?:[A-Z0-9]+/)?([CGD][A-Z0-9]+)$`)

// channelID is Slack's own name of a channel, or empty.
func channelID(c bot.Channel) string {
	if m := slackChannel.FindStringSubmatch(string(c)); m != nil && len(c) <= maxID {
		return m[1]
	}
	return ""
}

var unsafeInLink = strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", `"`, "%22", "`", "%60")

// safeLink is an address that Slack opens as it is, or empty.
func safeLink(link string) string {
	link = unsafeInLink.Replace(clean.WebLink(link))
	if clean.Units(link) > maxLink {
		return ""
	}
	return link
}

// moment is a time in the reader's zone, as mrkdwn.
func moment(t time.Time, format string) string {
	return fmt.Sprintf("<!date^%d^%s|%s>", t.Unix(), format, t.UTC().Format(whenWritten))
}
