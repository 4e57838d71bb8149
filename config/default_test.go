package config

import (
	"bytes"
	"os"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/console"
	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/config/toml"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
	"github.com/tensionwatch/tensionwatch/web"
)

func unset(string) string { return "" }

func TestExampleIsTheDefault(t *testing.T) {
	example, err := os.ReadFile("../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(example, defaultText) {
		t.Error("config.example.toml is not config/default.toml: copy one over the other")
	}
}

func TestDefault(t *testing.T) {
	c := Default()
	if len(c.Feeds) < 15 {
		t.Errorf("%d feeds, want at least 15", len(c.Feeds))
	}
	var watches, told []string
	for _, w := range c.Watches {
		watches = append(watches, w.ID+": "+w.Rule)
	}
	for _, s := range c.Subscriptions {
		told = append(told, string(s.Channel)+s.Watch)
	}
	want := []string{"oman-talks: Oman talks", "shamkhani: Shamkhani"}
	if !slices.Equal(watches, want) {
		t.Errorf("watches %q, want %q", watches, want)
	}
	want = []string{"console:oman-talks", "console:shamkhani"}
	if !slices.Equal(told, want) {
		t.Errorf("subscriptions %q, want %q", told, want)
	}
}

// A key that is left out has the value that the example shows.
func TestExampleShowsDefaults(t *testing.T) {
	shown, err := Parse("default.toml", defaultText, unset)
	if err != nil {
		t.Fatal(err)
	}
	silent := defaults(unset)
	silent.Feeds, silent.Headers = shown.Feeds, shown.Headers
	silent.Watches, silent.Subscriptions = shown.Watches, shown.Subscriptions
	silent.notes = shown.notes
	shown.Slack.Editors, shown.Discord.Editors = nil, nil // empty lists
	if !reflect.DeepEqual(shown, silent) {
		t.Errorf("the example shows\n%+v, but the defaults are\n%+v", shown, silent)
	}
}

// offSettings are the lines of the example that are not in force.
var offSettings = regexp.MustCompile(`(?m)^#([\[a-z])`)

func TestExampleWithEverythingOn(t *testing.T) {
	text := offSettings.ReplaceAll(defaultText, []byte("$1"))
	c, err := Parse("default.toml", text, unset)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Aliases) == 0 || len(c.Slack.Workspaces) == 0 {
		t.Error("the alias or the workspace of the example is not read")
	}
	doc := toml.Parse("default.toml", text, unset)
	for table, keys := range everyKey() {
		for _, key := range keys {
			if !holds(doc.Root, table, key) {
				t.Errorf("%s in [%s] is not in the example", key, table)
			}
		}
	}
}

// holds reports whether some table of that name has the key.
func holds(root *toml.Node, table, key string) bool {
	if table == "slack.workspace" {
		root, table = root.Find("slack"), "workspace"
	}
	n := root.Find(table)
	if n == nil {
		return false
	}
	return slices.ContainsFunc(append(n.Items, n), func(n *toml.Node) bool {
		return n.Find(key) != nil
	})
}

// everyKey names the keys of every table.
func everyKey() map[string][]string {
	tables := map[string][]toml.Key{
		"store":           storeKeys(&store.Settings{}),
		"poll":            pollKeys(&feeds.Settings{}),
		"feed":            feedKeys(&feed{}),
		"watch":           watchKeys(&rules.Watch{}),
		"alias":           aliasKeys(&rules.Alias{}),
		"subscribe":       subscribeKeys(&subscribe{}),
		"bot":             botKeys(&bot.Settings{}),
		"slack":           slackKeys(&slack.Settings{}),
		"slack.workspace": workspaceKeys(&slack.Workspace{}),
		"discord":         discordKeys(&discord.Settings{}),
		"console":         consoleKeys(&console.Settings{}),
		"web":             webKeys(&web.Settings{}),
		"summary":         summaryKeys(&story.SummarySettings{}),
	}
	names := map[string][]string{}
	for table, keys := range tables {
		for _, key := range keys {
			names[table] = append(names[table], key.Name)
		}
	}
	return names
}

func TestEveryKeyKnowsEveryTable(t *testing.T) {
	known := everyKey()
	for _, table := range schema(&draft{Config: &Config{}}) {
		if known[table.Name] == nil {
			t.Errorf("everyKey does not name the keys of %s", table.Name)
		}
	}
}

func TestNotesNameRealKeys(t *testing.T) {
	known := everyKey()
	for _, k := range idleKeys {
		if !slices.Contains(known[k.table], k.key) {
			t.Errorf("a note is about %s in [%s], which does not exist", k.key, k.table)
		}
	}
	for key := range slackTokens {
		if !slices.Contains(known["slack"], key) {
			t.Errorf("a note is about %s in [slack], which does not exist", key)
		}
	}
}
