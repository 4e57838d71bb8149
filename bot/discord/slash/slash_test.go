package slash_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
	"github.com/tensionwatch/tensionwatch/bot/discord/slash"
)

// TestCommands asserts that Discord takes the commands there are.
func TestCommands(t *testing.T) {
	all := slash.Commands(commands.Table())
	if len(all) != 2 {
		t.Fatalf("%d commands", len(all))
	}
	for _, c := range all {
		text, err := json.Marshal(c)
		var body map[string]any
		if err != nil || json.Unmarshal(text, &body) != nil {
			t.Fatal(err)
		}
		if refused := limits.Command(body); refused != nil {
			t.Errorf("Discord refuses %s: %v", c.Name, refused)
		}
	}
	for _, name := range commands.Table().Names() {
		if !offers(all[0].Options, strings.Fields(name)) {
			t.Errorf("%s is not offered", name)
		}
	}
}

func offers(options []slash.Option, path []string) bool {
	for _, o := range options {
		if o.Name == path[0] {
			return len(path) == 1 || offers(o.Options, path[1:])
		}
	}
	return false
}

// TestTranslated asserts that everything that is offered is there in every language, and short enough.
func TestTranslated(t *testing.T) {
	all := slash.Commands(commands.Table())
	complete(t, all[0].Description, all[0].Descriptions)
	complete(t, all[1].Name, all[1].Names)
	var check func([]slash.Option)
	check = func(options []slash.Option) {
		known := make(map[string]bool)
		for _, o := range options {
			complete(t, o.Name, o.Names)
			complete(t, o.Description, o.Descriptions)
			for locale, name := range o.Names {
				if known[locale+name] {
					t.Errorf("two are called %q in %s", name, locale)
				}
				known[locale+name] = true
			}
			for _, c := range o.Choices {
				complete(t, c.Name, c.Names)
			}
			check(o.Options)
		}
	}
	check(all[0].Options)
}

func complete(t *testing.T, english string, others map[string]string) {
	t.Helper()
	if len(others) != 5 {
		t.Errorf("%q is not translated", english)
	}
	for locale, s := range others {
		if clean.Units(s) > 100 {
			t.Errorf("%q is too long in %s", english, locale)
		}
	}
}

// TestSame asserts that commands are known again when Discord lists them with more of its own.
func TestSame(t *testing.T) {
	wanted := slash.Commands(commands.Table())
	registered := func(more string) (all []json.RawMessage) {
		for _, c := range wanted {
			text, _ := json.Marshal(c)
			all = append(all, json.RawMessage(`{"id":"1","version":"2","nsfw":false,"dm_permission":true,`+more+string(text[1:])))
		}
		return all
	}
	if !slash.Same(registered(""), wanted, false) {
		t.Error("they are not the same")
	}
	if slash.Same(registered("")[1:], wanted, false) || slash.Same(nil, wanted, false) {
		t.Error("one is missing")
	}
	changed := slash.Commands(commands.Table())
	changed[0].Options[0].Description = "another"
	if slash.Same(registered(""), changed, false) {
		t.Error("one is another")
	}
}

// TestTyped asserts that what is taken apart by Discord means the same as what is typed elsewhere.
func TestTyped(t *testing.T) {
	table := commands.Table()
	for _, c := range table {
		for _, example := range c.Examples {
			in, mistake := table.Read(example)
			if mistake != nil {
				t.Fatal(example, mistake)
			}
			again, mistake := table.Read(slash.Typed(table, in.Command.Name, in.Args))
			if mistake != nil || again.Command.Name != in.Command.Name || !maps.Equal(again.Args, in.Args) {
				t.Errorf("%s: %q became %q, %v", example, in.Args, again.Args, mistake)
			}
		}
	}
	if got := slash.Typed(table, "list", map[string]string{"page": "2"}); got != "list page 2" {
		t.Errorf("%q", got)
	}
}
