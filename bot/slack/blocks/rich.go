package blocks

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// Unicode's signs around text that goes another way than what stands beside it (UAX #9, 2.4.2).
const (
	isolate     = "\u2068"
	endIsolate  = "\u2069"
	rightToLeft = "\u200f"
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
	link = unsafeInLink.Replace(clean.Link(link))
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") ||
		clean.Units(link) > maxLink {
		return ""
	}
	return link
}

// paragraph is what others wrote, safe and short, for a line of its own.
func paragraph(t bot.Text, most int) bot.Text {
	t = clean.CutText(clean.Text(t), most)
	some, first := clean.Direction(t.String())
	if !some {
		return t
	}
	t = isolated(t)
	if first {
		// What finds out the way of a line skips isolated text: this says it before.
		t[0].Text = rightToLeft + t[0].Text
	}
	return t
}

// aside is what others wrote, safe and short, for the middle of a line.
func aside(s string, most int) string {
	s = clean.Cut(clean.String(s), most)
	if some, _ := clean.Direction(s); some {
		return isolate + s + endIsolate
	}
	return s
}

// isolated keeps the letters of a text from turning their neighbours around.
func isolated(t bot.Text) bot.Text {
	out := make(bot.Text, 0, len(t)+2)
	out = append(out, bot.Span{Text: isolate})
	return append(append(out, t...), bot.Span{Text: endIsolate})
}

// moment is a time in the reader's zone, as mrkdwn.
func moment(t time.Time, format string) string {
	return "<!date^" + unix(t) + "^" + format + "|" + t.UTC().Format(whenWritten) + ">"
}
