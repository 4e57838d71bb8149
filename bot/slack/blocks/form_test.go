package blocks

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// formWith puts a text wherever a form takes one.
func formWith(s string) bot.Form {
	return bot.Form{Title: s, Submit: s, Command: "watch", Args: map[string]string{"name": s},
		Lines: bot.Plains(s), Fields: []bot.Field{
			{Name: "rule", Label: s, Hint: s, Value: s, Live: true, Long: true, Note: bot.Plain(s)},
			{Name: "severity", Label: s, Value: s, Error: s, Empty: true},
		}}
}

// checkForm asserts that a form is within the limits and brings back what it was given.
func checkForm(t tester, f bot.Form) {
	t.Helper()
	view := Form(f)
	c := checker{t: t}
	for _, text := range []*slack.TextBlockObject{view.Title, view.Submit, view.Close} {
		c.words(text.Text, maxFormTitle)
	}
	c.atMost("characters carried", clean.Units(view.PrivateMetadata), maxMetadata)
	c.atMost("blocks", len(view.Blocks.BlockSet), maxViewBlocks)
	for _, b := range view.Blocks.BlockSet {
		if input, ok := b.(*slack.InputBlock); ok {
			c.words(input.Label.Text, maxFormLabel)
			c.atMost("initial", 1+clean.Units(input.Element.(*slack.PlainTextInputBlockElement).InitialValue), maxInput+1)
		}
	}
	for name, said := range FormErrors(f) {
		c.words(name+said, 255+errorLength)
	}
	if command, _, _ := ReadForm(slack.View{PrivateMetadata: view.PrivateMetadata}); command != f.Command {
		t.Errorf("the form brings back %q, want %q", command, f.Command)
	}
}

func TestReadForm(t *testing.T) {
	f := bot.Form{Command: "watch", Args: map[string]string{"name": "oman-talks", "rule": "old"},
		Channel: "slack:T1/C1", Fields: []bot.Field{{Name: "rule", Label: "Rule", Value: "old"}}}
	view := Form(f)
	sent := slack.View{PrivateMetadata: view.PrivateMetadata, State: &slack.ViewState{
		Values: map[string]map[string]slack.BlockAction{"rule": {"rule": {Value: "Oman talks"}}}}}
	command, args, channel := ReadForm(sent)
	want := map[string]string{"name": "oman-talks", "rule": "Oman talks"}
	if command != "watch" || channel != "slack:T1/C1" || !maps.Equal(args, want) {
		t.Errorf("%q %v %q", command, args, channel)
	}
	if command, _, _ := ReadForm(slack.View{PrivateMetadata: "of another program"}); command != "" {
		t.Errorf("somebody else's form gives %q", command)
	}
}

func TestFormErrors(t *testing.T) {
	f := bot.Form{Fields: []bot.Field{{Name: "rule", Error: "Close the bracket."}, {Name: "name"}}}
	if got := FormErrors(f); !maps.Equal(got, map[string]string{"rule": "Close the bracket."}) {
		t.Errorf("%v", got)
	}
}

// TestFormCarriesMuch asserts that a form with more to carry than Slack takes still can be sent.
func TestFormCarriesMuch(t *testing.T) {
	f := bot.Form{Command: "watch", Args: map[string]string{"rule": strings.Repeat("\n", 2000)},
		Fields: []bot.Field{{Name: "rule"}}}
	checkForm(t, f)
}

func TestLiveField(t *testing.T) {
	view := Form(bot.Form{Fields: []bot.Field{{Name: "rule", Live: true}}})
	text, err := json.Marshal(view)
	if err != nil || !strings.Contains(string(text), `"dispatch_action":true`) ||
		!strings.Contains(string(text), `"on_character_entered"`) {
		t.Errorf("%s %v", text, err)
	}
}
