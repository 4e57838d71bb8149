package slack

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

// scopes are what the app is allowed, and nothing that it does not need.
func scopes() []string {
	return []string{
		"channels:history", // a post whose answer was lost is looked for before it is sent again,
		"channels:read",    // events: archived, renamed, removed
		"chat:write",       // posts, edits, and answers that only one person sees
		"commands",         // /tension and the shortcut
		"groups:history",   // … in private channels too,
		"groups:read",      // events of private channels
		"im:history",       // … and in direct messages
		"usergroups:read",  // editors that are user groups
		"users:read",       // who is a full member, a guest, or of another organisation
	}
}

// events are what Slack is asked to tell.
func events() []string {
	return []string{
		"app_home_opened", "app_uninstalled",
		"channel_archive", "channel_deleted", "channel_left", "channel_rename", "channel_unarchive",
		"group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive",
		"member_joined_channel", "member_left_channel", "tokens_revoked",
	}
}

// Manifest is the text that creates the app when it is pasted into Slack (api.slack.com/apps, Create
// New App, From a manifest). In mode "http" Slack calls under publicURL.
func Manifest(set Settings, publicURL string) []byte {
	callback := ""
	if !set.socketMode() {
		callback = strings.TrimSuffix(publicURL, "/") + set.Path
	}
	m := slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 1},
		Display: slack.Display{
			Name:            "tensionwatch",
			Description:     "Tells a channel when the news has what you watch for",
			BackgroundColor: "#1f2a37",
		},
		Features: slack.Features{
			// The messages tab is where answers go that belong to no channel; nothing is read there.
			AppHome: slack.AppHome{
				HomeTabEnabled: true, MessagesTabEnabled: true, MessagesTabReadOnlyEnabled: true,
			},
			BotUser: slack.BotUser{DisplayName: "tensionwatch", AlwaysOnline: true},
			Shortcuts: []slack.Shortcut{{
				Name: "Why this alert?", CallbackID: visit.WhyShortcut, Type: slack.MessageShortcut,
				Description: "Tells which words of which watch it answers",
			}},
			SlashCommands: []slack.ManifestSlashCommand{{
				Command: "/tension", Url: callback, UsageHint: "watch Oman talks",
				Description: "Watch the news from this channel; try /tension help",
			}},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: scopes()}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: callback, BotEvents: events()},
			Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: callback},
			SocketModeEnabled:  set.socketMode(),
		},
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		panic(err) // it is made of text alone
	}
	return text.Bytes()
}
