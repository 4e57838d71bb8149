package blocks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/slack/mrkdwn"
)

// checker finds what must not be in blocks, whatever they show.
type checker struct {
	t       tester
	links   []string        // that may be followed
	actions map[string]bool // action_ids so far
}

type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkMessage asserts what holds of every message.
func checkMessage(t tester, m bot.Message) {
	t.Helper()
	post := Message(m)
	checkBlocks(t, m, post.Blocks, maxBlocks, maxTotal)
	checkText(t, m, post.Text)
	checkText(t, m, Plain(m))
	checkBlocks(t, m, Home(m).Blocks.BlockSet, maxViewBlocks, maxViewTotal)
	if (m.Delivery == "") != (post.Metadata.EventType == "") {
		t.Errorf("metadata %v of delivery %q", post.Metadata, m.Delivery)
	}
}

func checkBlocks(t tester, m bot.Message, blocks []slack.Block, most, total int) {
	t.Helper()
	wire, err := json.Marshal(blocks)
	if err != nil {
		t.Errorf("no JSON: %v", err)
		return
	}
	if len(blocks) == 0 || len(blocks) > most {
		t.Errorf("%d blocks", len(blocks))
	}
	if n := clean.Units(string(wire)); n > total {
		t.Errorf("%d characters in all", n)
	}
	var read slack.Blocks
	if err := json.Unmarshal(wire, &read); err != nil {
		t.Errorf("a client does not understand %s: %v", wire, err)
	}
	var list []any
	if err := json.Unmarshal(wire, &list); err != nil {
		t.Errorf("broken JSON: %v", err)
	}
	c := checker{t, linksOf(m), make(map[string]bool)}
	for _, b := range list {
		c.block(b.(map[string]any))
	}
}

// linksOf are the addresses to which a message may lead.
func linksOf(m bot.Message) (links []string) {
	texts := append(slices.Clone(m.Lines), m.Foot)
	for _, c := range slices.Concat(m.Cards, m.Rest) {
		texts = append(texts, c.Headline, c.Summary)
		for _, link := range c.Links {
			links = append(links, mrkdwn.Link(link))
		}
	}
	for _, e := range m.Entries {
		texts = append(append(texts, e.Title), e.Lines...)
	}
	for _, t := range texts {
		for _, span := range t {
			if span.Link != "" {
				links = append(links, mrkdwn.Link(span.Link))
			}
		}
	}
	return links
}

func (c checker) block(b map[string]any) {
	c.t.Helper()
	switch b["type"] {
	case "header":
		c.plain(b["text"], maxHeader)
	case "context":
		elements := b["elements"].([]any)
		c.atMost("context elements", len(elements), 10)
		for _, e := range elements {
			if e.(map[string]any)["type"] == "mrkdwn" {
				c.markup(e.(map[string]any))
			} else {
				c.plain(e, maxParagraph)
			}
		}
	case "actions":
		elements := b["elements"].([]any)
		c.atMost("buttons", len(elements), maxElements)
		for _, e := range elements {
			c.press(e.(map[string]any))
		}
	case "rich_text":
		for _, e := range b["elements"].([]any) {
			c.rich(e.(map[string]any))
		}
	case "divider":
	default:
		c.t.Errorf("a block %v", b["type"])
	}
}

func (c checker) atMost(what string, n, most int) {
	c.t.Helper()
	if n == 0 || n > most {
		c.t.Errorf("%d %s, want 1 to %d", n, what, most)
	}
}

func (c checker) plain(v any, most int) {
	c.t.Helper()
	o := v.(map[string]any)
	if o["type"] != "plain_text" || o["emoji"] != false {
		c.t.Errorf("not plain: %v", o)
	}
	c.words(o["text"].(string), most)
}

// words asserts that a text stays within its line.
func (c checker) words(s string, most int) {
	c.t.Helper()
	c.atMost(fmt.Sprintf("characters of %.40q", s), clean.Units(s), most)
	c.balanced(s)
	if strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '\u2028' || (r >= '\u202a' && r <= '\u202e')
	}) {
		c.t.Errorf("%q holds what it must not", s)
	}
}

func (c checker) balanced(s string) {
	c.t.Helper()
	depth := 0
	for _, r := range s {
		switch r {
		case '\u2066', '\u2067', '\u2068':
			depth++
		case '\u2069':
			depth--
		}
		if depth < 0 || depth > 1 {
			break
		}
	}
	if depth != 0 {
		c.t.Errorf("%q does not end what it isolates", s)
	}
}

// ours is all the mrkdwn there is: times and where reports are.
var ours = regexp.MustCompile(`^(?:Also: |, since |, |<!date\^-?\d+\^[^|<>]+\|[-\d]+ [:\d]+ UTC>|` +
	`<(https?://[^|<>\s]+)\|[A-Za-z0-9.-]+>)+$`)

var linked = regexp.MustCompile(`<(http[^|>]+)[|>]`)

func (c checker) markup(o map[string]any) {
	c.t.Helper()
	s := o["text"].(string)
	if !ours.MatchString(s) || o["verbatim"] != true {
		c.t.Errorf("mrkdwn %q", s)
	}
	c.atMost("characters of mrkdwn", clean.Units(s), maxParagraph)
	for _, found := range linked.FindAllStringSubmatch(s, -1) {
		c.link(strings.ReplaceAll(found[1], "&amp;", "&"))
	}
}

func (c checker) link(to string) {
	c.t.Helper()
	if !slices.Contains(c.links, to) || clean.Units(to) > 3000 {
		c.t.Errorf("a foreign link %q", to)
	}
}

// rich asserts that rich text holds only what cannot act.
func (c checker) rich(o map[string]any) {
	c.t.Helper()
	var all string
	for _, v := range o["elements"].([]any) {
		e := v.(map[string]any)
		switch e["type"] {
		case "rich_text_section":
			c.rich(e)
			continue
		case "link":
			c.link(e["url"].(string))
		case "date":
			c.words(e["fallback"].(string), maxParagraph)
			continue
		case "channel":
			continue
		case "text":
		default:
			c.t.Errorf("an element %v", e["type"])
			continue
		}
		c.atMost("characters", clean.Units(e["text"].(string)), maxParagraph)
		all += e["text"].(string)
	}
	if o["type"] == "rich_text_preformatted" {
		all = strings.ReplaceAll(all, "\n", " ")
	}
	if all != "" {
		c.words(all, 2*maxParagraph)
	}
}

func (c checker) press(e map[string]any) {
	c.t.Helper()
	id := e["action_id"].(string)
	if c.actions[id] || id == "" {
		c.t.Errorf("action_id %q twice", id)
	}
	c.actions[id] = true
	if e["type"] == "button" {
		c.plain(e["text"], maxLabel)
		c.atMost("characters of a value", clean.Units(e["value"].(string)), maxValue)
	} else {
		c.plain(e["placeholder"], 150)
		options := e["options"].([]any)
		c.atMost("options", len(options), maxOptions)
		for _, o := range options {
			c.plain(o.(map[string]any)["text"], maxOption)
			c.atMost("characters", clean.Units(o.(map[string]any)["value"].(string)), maxOptionSays)
		}
	}
	if confirm, ok := e["confirm"].(map[string]any); ok {
		c.plain(confirm["title"], 100)
		c.plain(confirm["text"], maxConfirm)
		c.plain(confirm["confirm"], maxConfirmBut)
		c.plain(confirm["deny"], maxConfirmBut)
	}
}

// found is what Slack would find in a text that is not marked as verbatim.
var found = regexp.MustCompile("[*`~]|@[\\w]|:[\\w+-]+:|://|[\\pL\\pN]\\.\\pL|#\\w")

// markupOf is our own markup in a text, with what can be read of it.
var markupOf = regexp.MustCompile(`<(?:#[A-Z0-9]+|https?://[^<>|\s]+(?:\|([^<>]+))?)>`)

// checkText asserts that a text without blocks does nothing but lead to the reports.
func checkText(t tester, m bot.Message, s string) {
	t.Helper()
	c := checker{t: t, links: linksOf(m)}
	c.atMost("characters of text", clean.Units(s), maxText)
	for _, link := range linked.FindAllStringSubmatch(s, -1) {
		c.link(strings.ReplaceAll(link[1], "&amp;", "&"))
	}
	s = markupOf.ReplaceAllString(s, " $1 ")
	if strings.ContainsAny(s, "<>") || found.MatchString(s) {
		t.Errorf("text %q: Slack finds %q", s, found.FindString(s))
	}
	for _, sign := range regexp.MustCompile(`&\w*;?`).FindAllString(s, -1) {
		if sign != "&amp;" && sign != "&lt;" && sign != "&gt;" {
			t.Errorf("text %q: torn %q", s, sign)
		}
	}
	for line := range strings.Lines(s) {
		c.balanced(line)
	}
}

func TestCheckerSees(t *testing.T) {
	for name, b := range map[string]slack.Block{
		"mention":      slack.NewSectionBlock(markup("<!here>"), nil, nil),
		"mrkdwn":       context(markup("*bold*")),
		"link":         context(markup("<https://evil.example|evil.example>")),
		"rich link":    slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionLinkElement("https://evil.example", "a", nil))),
		"broadcast":    slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionBroadcastElement("here"))),
		"long header":  slack.NewHeaderBlock(plain(strings.Repeat("a", maxHeader+1))),
		"line break":   context(plain("a\nb")),
		"turned":       context(plain("a\u202eb")),
		"not isolated": context(plain("a\u2068b")),
	} {
		seen := &counter{}
		checkBlocks(seen, bot.Message{}, []slack.Block{b}, maxBlocks, maxTotal)
		if seen.errors == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
	for _, s := range []string{"<!here>", "<https://evil.example>", "*a*", "@here", ":a:", "www.evil.example", "&am", ""} {
		seen := &counter{}
		checkText(seen, bot.Message{}, s)
		if seen.errors == 0 {
			t.Errorf("%q: not seen", s)
		}
	}
}

type counter struct{ errors int }

func (c *counter) Helper()               {}
func (c *counter) Errorf(string, ...any) { c.errors++ }
