package visit

// Happening is an event.
type Happening struct {
	Type    string
	Channel string
	Name    string // of the channel
	User    string // who joined or left
	Bot     bool   // of tokens: the bot's was among them
}

// aways are the events that say where the bot can be: why it cannot be there any more, or nothing
// when it can be there.
var aways = map[string]string{
	"app_uninstalled": "the app was removed from the workspace",
	"tokens_revoked":  "the app's token was revoked",

	"channel_archive": "the channel is archived",
	"group_archive":   "the channel is archived",
	"channel_deleted": "the channel was deleted",
	"group_deleted":   "the channel was deleted",

	"channel_left":        "I was removed from the channel",
	"group_left":          "I was removed from the channel",
	"member_left_channel": "I was removed from the channel",

	"channel_unarchive": "", "channel_rename": "", "channel_joined": "",
	"group_unarchive": "", "group_rename": "", "group_joined": "",
	"member_joined_channel": "",
}

// Moves reports whether the event changes where the bot can be, or what a place is called. Whether
// somebody who joined or left is the bot, is for others to know.
func (h Happening) Moves() bool {
	_, known := aways[h.Type]
	return known && (h.Channel != "" || h.Revoked() != "")
}

// Away is why the bot cannot be in the channel, or with [Happening.Revoked] anywhere; empty if it can.
func (h Happening) Away() string { return aways[h.Type] }

// Revocations are why the bot cannot be anywhere, as long as no new token is there. Slack does not
// tell when one is.
func Revocations() []string { return []string{aways["app_uninstalled"], aways["tokens_revoked"]} }

// Revoked is what Slack answers to the workspace's token from now on, or nothing.
func (h Happening) Revoked() string {
	switch {
	case h.Type == "app_uninstalled":
		return h.Type
	case h.Type == "tokens_revoked" && h.Bot:
		return "token_revoked"
	}
	return ""
}
