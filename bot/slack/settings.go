package slack

import (
	"cmp"
	"strings"
	"time"
)

// Settings is the [slack] section of the config. Without a token the platform is off.
type Settings struct {
	Mode          string // "socket" or "http"
	BotToken      string
	AppToken      string // for mode "socket"
	SigningSecret string // for mode "http"
	Path          string // of commands, interactions and events alike
	APIURL        string
	PingInterval  time.Duration // a socket that is silent for longer is replaced
	ResponseHosts []string      // where answers to a command may be sent
	Editors       []string      // who may change things: users, groups or "admins"; empty: members
	Workspaces    []Workspace   // more than the one of BotToken
}

// Workspace is a [[slack.workspace]]. What is empty is as in [Settings].
type Workspace struct {
	Team          string // "T0123"
	BotToken      string
	AppToken      string
	SigningSecret string
}

// DefaultSettings are the settings of a config that says nothing.
func DefaultSettings() Settings {
	return Settings{
		Mode:          "socket",
		Path:          "/slack/events",
		APIURL:        "https://slack.com/api/",
		PingInterval:  30 * time.Second,
		ResponseHosts: []string{"hooks.slack.com"},
	}
}

// Missing lists the keys for want of which the platform is off; none if it is on.
func (s Settings) Missing() (keys []string) {
	if s.BotToken == "" {
		keys = append(keys, "bot_token")
	}
	switch {
	case s.Mode == "http" && s.SigningSecret == "":
		keys = append(keys, "signing_secret")
	case s.Mode != "http" && s.AppToken == "":
		keys = append(keys, "app_token")
	}
	return keys
}

// socketMode reports whether calls come through a socket and not to an address of ours.
func (s Settings) socketMode() bool { return s.Mode != "http" }

// baseURL is the address that the names of methods are added to.
func (s Settings) baseURL() string {
	return strings.TrimSuffix(cmp.Or(s.APIURL, DefaultSettings().APIURL), "/") + "/"
}

// installed lists the workspaces with everything that they need filled in. The one of BotToken
// comes first, with its Team unknown, unless a workspace of the list uses that token.
func (s Settings) installed() []Workspace {
	first := Workspace{
		BotToken: s.BotToken, AppToken: s.AppToken, SigningSecret: s.SigningSecret,
	}
	list := []Workspace{first}
	for _, w := range s.Workspaces {
		w.BotToken = cmp.Or(w.BotToken, s.BotToken)
		w.AppToken = cmp.Or(w.AppToken, s.AppToken)
		w.SigningSecret = cmp.Or(w.SigningSecret, s.SigningSecret)
		if w.BotToken == first.BotToken {
			list[0].BotToken = "" // it has a name
		}
		list = append(list, w)
	}
	if list[0].BotToken == "" {
		list = list[1:]
	}
	return list
}
