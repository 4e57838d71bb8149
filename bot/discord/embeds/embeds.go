// Package embeds is a message as Discord shows it.
//
// Neutral values go in; content, embeds and components come out, always within Discord's limits.
// Nothing here talks to Discord. Discord reads markdown wherever it shows text, so what others wrote
// – headlines, names, rules – has every sign of it escaped and every address broken that would
// become a link: no mention, no formatting, no link but those to the reports. Whatever is written,
// allowed_mentions lets nobody be notified.
package embeds

import (
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
)

// Post is what is sent to Discord.
type Post struct {
	Content    string                       `json:"content"`
	Embeds     []*discordgo.MessageEmbed    `json:"embeds"`
	Components []discordgo.MessageComponent `json:"components"`
	Mentions   Mentions                     `json:"allowed_mentions"`
	Flags      discordgo.MessageFlags       `json:"flags,omitempty"`
}

// Mentions are those whom a message may notify: nobody.
type Mentions struct {
	Parse []string `json:"parse"`
}

func nobody() Mentions { return Mentions{Parse: []string{}} }

// nothing stands for a message in which there is nothing to be seen.
const nothing = "Nothing to show."

// Message shows a message.
func Message(m bot.Message) Post {
	p := newPage(m)
	p.lines(m.Lines)
	p.cards(m)
	p.rest(m)
	p.entries(m.Entries)
	p.finish(m)
	return Post{
		Content: head(m), Embeds: p.embeds, Components: components(m), Mentions: nobody(),
	}
}

// Plain is the whole message without any embeds, for the one time that Discord refuses them.
func Plain(m bot.Message) Post {
	w := writer{most: maxContent}
	w.item(head(m))
	for _, line := range m.Lines {
		w.item(paragraph(line, summaryLength))
	}
	for _, c := range m.Cards {
		w.item(plainCard(c))
	}
	for _, c := range m.Rest {
		w.item("• " + markdown(c.Headline, bulletLength))
	}
	for _, e := range m.Entries {
		w.item(entry(e))
	}
	w.item(markdown(m.Foot, footLength))
	if m.Delivery != "" {
		w.last = "[·](" + marked(home, m.Delivery, 0) + ")"
	}
	return Post{
		Content: w.text(), Embeds: []*discordgo.MessageEmbed{}, Components: components(m),
		Mentions: nobody(), Flags: discordgo.MessageFlagsSuppressEmbeds,
	}
}

// home is the address of an embed that has no report to lead to. As such an embed has no title, it
// is nowhere to be seen; the name can never belong to anybody (RFC 2606).
const home = "https://tensionwatch.invalid/"

// mark begins what is put behind an address for a post to be found by. Browsers take a fragment
// directive off before a page can see it, and nothing of it is shown.
const mark = ":~:tw="

// marked is an address with the ID of a delivery. Embeds with the same address are merged by
// Discord, hence the number.
func marked(address, delivery string, n int) string {
	if !strings.Contains(address, "#") {
		address += "#"
	}
	address += mark + url.QueryEscape(delivery)
	if n > 0 {
		address += "." + string(rune('0'+n%10))
	}
	return address
}

// Holds reports whether a message that was read from a channel is that of a delivery.
func Holds(content string, addresses []string, delivery string) bool {
	if delivery == "" {
		return false
	}
	wanted := mark + url.QueryEscape(delivery)
	for _, address := range addresses {
		if strings.HasSuffix(address, wanted) {
			return true
		}
	}
	return strings.Contains(content, wanted+")")
}

// link is the address that a headline leads to, or empty.
func link(address, delivery string, n int) string {
	address = safeLink(address)
	if address == "" || delivery == "" && n == 0 {
		return address
	}
	if address = marked(address, delivery, n); len(address) > maxLink {
		return ""
	}
	return address
}
