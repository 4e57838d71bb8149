package discord

import (
	"net/url"
	"strconv"

	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
)

// permission is something that the bot must be allowed, and what for.
type permission struct {
	bit  uint64
	Name string // as Discord's pages call it
	Why  string
}

// permissions are what the bot is allowed, and nothing that it does not need.
func permissions() []permission {
	return []permission{
		{visit.ViewChannel, "View Channels", "a channel that it does not see it cannot post in"},
		{visit.SendMessages, "Send Messages", "alerts, and posts of a forum"},
		{visit.SendInThreads, "Send Messages in Threads", "what is told later in a forum's post, and " +
			"channels that are threads"},
		{visit.EmbedLinks, "Embed Links", "alerts are embeds: without it Discord shows them empty"},
		{visit.AttachFiles, "Attach Files", "charts"},
		{visit.ReadHistory, "Read Message History", "replies; and a post whose answer was lost is " +
			"looked for before it is sent again"},
	}
}

// InviteLink is the address at which somebody lets the bot into a server, with what it needs.
func InviteLink(applicationID string) string {
	var bits uint64
	for _, p := range permissions() {
		bits |= p.bit
	}
	query := url.Values{
		"client_id":   {applicationID},
		"scope":       {"bot applications.commands"},
		"permissions": {strconv.FormatUint(bits, 10)},
	}
	return "https://discord.com/oauth2/authorize?" + query.Encode()
}

// Manifest is the link, with what is asked for and why, a line each.
func Manifest(applicationID string) string {
	out := InviteLink(applicationID) + "\n\nIt asks for\n"
	for _, p := range permissions() {
		out += "  " + p.Name + ": " + p.Why + "\n"
	}
	return out
}
