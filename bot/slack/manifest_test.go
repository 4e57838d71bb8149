package slack_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

// manifest reads a manifest as Slack does.
type manifest struct {
	OAuth struct {
		Scopes struct{ Bot []string }
	} `json:"oauth_config"`
	Features struct {
		Home struct {
			Tab bool `json:"home_tab_enabled"`
		} `json:"app_home"`
		Bot struct {
			Online bool `json:"always_online"`
		} `json:"bot_user"`
		Shortcuts []struct {
			Callback string `json:"callback_id"`
			Type     string
		}
		Commands []struct{ Command, URL string } `json:"slash_commands"`
	}
	Settings struct {
		Events struct {
			URL string   `json:"request_url"`
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url"`
		}
		Socket bool `json:"socket_mode_enabled"`
	}
}

func readManifest(t *testing.T, mode string) (m manifest) {
	t.Helper()
	set := slack.DefaultSettings()
	set.Mode = mode
	if err := json.Unmarshal(slack.Manifest(set, "https://watch.example/"), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifest(t *testing.T) {
	for mode, want := range map[string]string{
		"socket": "", "http": "https://watch.example/slack/events",
	} {
		m := readManifest(t, mode)
		urls := []string{m.Settings.Events.URL, m.Settings.Interactivity.URL, m.Features.Commands[0].URL}
		for _, got := range urls {
			if got != want {
				t.Errorf("%s: a request URL is %q, want %q", mode, got, want)
			}
		}
		if m.Settings.Socket != (mode == "socket") || !m.Settings.Interactivity.Enabled ||
			!m.Features.Home.Tab || !m.Features.Bot.Online || m.Features.Commands[0].Command != "/tension" ||
			m.Features.Shortcuts[0].Callback != visit.WhyShortcut || m.Features.Shortcuts[0].Type != "message" {
			t.Errorf("%s: %+v", mode, m)
		}
	}
}

// The manifest subscribes to what the code knows, and to nothing else. What only other kinds of apps
// are told cannot be subscribed to.
func TestManifestEvents(t *testing.T) {
	events := readManifest(t, "socket").Settings.Events.Bot
	for _, e := range events {
		h := visit.Happening{Type: e, Channel: "C1", Bot: true}
		if e != "app_home_opened" && !h.Moves() {
			t.Errorf("nobody knows %s", e)
		}
	}
	for _, e := range []string{"app_home_opened", "app_uninstalled", "tokens_revoked"} {
		if !slices.Contains(events, e) {
			t.Errorf("%s is missing", e)
		}
	}
	for _, kind := range []string{"channel_", "group_"} {
		for _, what := range []string{"archive", "unarchive", "deleted", "left", "rename"} {
			if !slices.Contains(events, kind+what) {
				t.Errorf("%s is missing", kind+what)
			}
		}
	}
}

// The scopes are what the code needs: the whole suite runs with them, see openOffice, and without any
// of these something is refused.
func TestManifestScopes(t *testing.T) {
	scopes := readManifest(t, "socket").OAuth.Scopes.Bot
	if !slices.IsSorted(scopes) || len(slices.Compact(slices.Clone(scopes))) != len(scopes) {
		t.Errorf("scopes %q are not in order", scopes)
	}
	for _, s := range scopes {
		if strings.HasSuffix(s, ":write") && s != "chat:write" || strings.Contains(s, "admin") {
			t.Errorf("%s is more than we need", s)
		}
	}
}
