package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/config/toml"
)

// idleKey is a key that this version reads and does not act on.
type idleKey struct {
	table, key string
	usual      string // what asks for nothing, besides empty, false and zero
	effect     string // if empty: none
}

var idleKeys = []idleKey{
	{table: "subscribe", key: "min_severity", usual: "none",
		effect: "holds everything back: this version weighs no stories"},
	{table: "bot", key: "ops"},
	{table: "bot", key: "heartbeat"},
	{table: "bot", key: "secret_key"},
	{table: "web", key: "token"},
	{table: "web", key: "public_url"},
	{table: "summary", key: "url"},
}

// slackTokens are the variables that Slack's keys come from when the config does not say.
var slackTokens = map[string]string{
	"bot_token":      "SLACK_BOT_TOKEN",
	"app_token":      "SLACK_APP_TOKEN",
	"signing_secret": "SLACK_SIGNING_SECRET",
}

// discordTokens are the same for Discord's keys. A public key is no secret, and stands in the config.
var discordTokens = map[string]string{"token": "DISCORD_TOKEN"}

// remarks is what [Config.Notes] tells.
func remarks(d *toml.Document, c *Config) []string {
	var notes []string
	if missing := c.Slack.Missing(); len(missing) > 0 {
		notes = append(notes, "slack is off: "+missingToken(d, "slack", missing[0], slackTokens[missing[0]]))
	}
	if missing := c.Discord.Missing(); len(missing) > 0 {
		notes = append(notes, "discord is off: "+missingToken(d, "discord", missing[0], discordTokens[missing[0]]))
	}
	for _, k := range idleKeys {
		if header, said := said(d, k); said {
			effect := cmp.Or(k.effect, "has no effect in this version")
			notes = append(notes, fmt.Sprintf("%s in %s %s", k.key, header, effect))
		}
	}
	return notes
}

// missingToken says where a token was looked for.
func missingToken(d *toml.Document, platform, key, variable string) string {
	token := &toml.Node{Kind: toml.String, Text: "${" + variable + "}"}
	if section := d.Root.Find(platform); section != nil && section.Find(key) != nil {
		token = section.Find(key)
	}
	if unset := toml.Variables(token.Text); len(unset) > 0 {
		return strings.Join(unset, ", ") + " is not set"
	}
	return key + " is empty"
}

// said reports whether the config asks for what a key does, and how its table is written.
func said(d *toml.Document, k idleKey) (header string, said bool) {
	n := d.Root.Find(k.table)
	if n == nil {
		return "", false
	}
	header, list := "["+k.table+"]", []*toml.Node{n}
	if n.Kind == toml.List {
		header, list = "["+header+"]", n.Items
	}
	return header, slices.ContainsFunc(list, func(n *toml.Node) bool {
		m := n.Find(k.key)
		return m != nil && asks(d, m, k.usual)
	})
}

// asks reports whether a value asks for anything.
func asks(d *toml.Document, n *toml.Node, usual string) bool {
	switch n.Kind {
	case toml.String:
		filled, _ := d.Fill(n.Text) // it was filled without an error before
		return filled != "" && filled != usual
	case toml.List:
		return len(n.Items) > 0
	case toml.Table:
		return len(n.Members) > 0
	}
	return n.Text != "false" && n.Text != "0"
}
