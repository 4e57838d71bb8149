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
	{table: "subscribe", key: "policy", usual: policyInstant},
	{table: "subscribe", key: "quiet"},
	{table: "subscribe", key: "min_severity", usual: "none",
		effect: "holds everything back: this version weighs no stories"},
	{table: "bot", key: "ops"},
	{table: "bot", key: "heartbeat"},
	{table: "bot", key: "secret_key"},
	{table: "web", key: "token"},
	{table: "web", key: "public_url"},
	{table: "summary", key: "url"},
}

// platformToken is the key without which a platform is off.
type platformToken struct {
	platform, key string
	variable      string // where it comes from when the config does not say
}

var platformTokens = []platformToken{
	{"slack", "bot_token", "SLACK_BOT_TOKEN"},
	{"discord", "token", "DISCORD_TOKEN"},
}

// remarks is what [Config.Notes] tells.
func remarks(d *toml.Document) []string {
	var notes []string
	for _, t := range platformTokens {
		notes = append(notes, platformNote(d, t))
	}
	for _, k := range idleKeys {
		if header, said := said(d, k); said {
			effect := cmp.Or(k.effect, "has no effect in this version")
			notes = append(notes, fmt.Sprintf("%s in %s %s", k.key, header, effect))
		}
	}
	return notes
}

// platformNote says why a platform is off.
func platformNote(d *toml.Document, t platformToken) string {
	token := &toml.Node{Kind: toml.String, Text: "${" + t.variable + "}"}
	if section := d.Root.Find(t.platform); section != nil && section.Find(t.key) != nil {
		token = section.Find(t.key)
	}
	reason := t.key + " is empty"
	if asks(d, token, "") {
		reason = "this version posts to the console only"
	} else if unset := toml.Variables(token.Text); len(unset) > 0 {
		reason = strings.Join(unset, ", ") + " is not set"
	}
	return fmt.Sprintf("%s is off: %s", t.platform, reason)
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
