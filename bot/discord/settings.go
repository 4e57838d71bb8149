package discord

import "cmp"

// Settings is the [discord] section of the config. Without a token the platform is off.
type Settings struct {
	Mode          string // "gateway" or "http"
	Token         string
	ApplicationID string // if empty, Discord is asked
	PublicKey     string // for mode "http"
	GuildID       string // commands are set up in this guild only; if empty, everywhere
	Path          string // of interactions
	APIURL        string
	Shards        int      // connections to the gateway; if zero, as many as Discord advises
	Editors       []string // who may change things: users or roles; empty: Manage Channels
}

// DefaultSettings are the settings of a config that says nothing.
func DefaultSettings() Settings {
	return Settings{
		Mode:   "gateway",
		Path:   "/discord/interactions",
		APIURL: "https://discord.com/api/v10",
	}
}

// Missing lists the keys for want of which the platform is off; none if it is on.
func (s Settings) Missing() (keys []string) {
	if s.Token == "" {
		keys = append(keys, "token")
	}
	if s.Mode == "http" && s.PublicKey == "" {
		keys = append(keys, "public_key")
	}
	return keys
}

// gatewayMode reports whether calls come through a connection of ours and not to an address of ours.
func (s Settings) gatewayMode() bool { return s.Mode != "http" }

func (s Settings) apiURL() string { return cmp.Or(s.APIURL, DefaultSettings().APIURL) }
