package slack

import "time"

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
