// Package visit reads what Slack tells of what people did, and of what became of the bot.
//
// Payloads go in and a [Visit] comes out, the same for both of Slack's ways to tell; nothing here
// talks to Slack. Slack's escaping of what was typed is undone.
package visit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/blocks"
)

// Kind is what somebody did.
type Kind string

const (
	Command    Kind = "command"    // typed a slash command
	Press      Kind = "press"      // pressed a button or picked from a menu
	Draft      Kind = "draft"      // is filling in a form
	Submission Kind = "submission" // has filled it in
	Shortcut   Kind = "shortcut"   // used a shortcut on a message
	Home       Kind = "home"       // opened the bot's own tab
	Event      Kind = "event"      // something happened to the bot or a channel
	Nothing    Kind = "nothing"    // what needs no more than being acknowledged
)

// WhyShortcut is the callback_id of the message shortcut that asks why.
const WhyShortcut = "why-this-alert"

// The names that Slack gives to the three sorts of payloads.
const (
	SlashCommands = "slash_commands"
	Interactive   = "interactive"
	EventsAPI     = "events_api"
)

// Visit is one thing that somebody did.
type Visit struct {
	Kind Kind
	Key  string // the same whenever Slack tells of this again

	Team    string
	User    string
	Name    string // of the person
	Channel string // empty: in no channel

	Text string // of the command
	Post string // the message that was used

	// Of a form: what it carried, what was filled in, and where it was asked for.
	Command string
	Args    map[string]string
	Asked   bot.Channel
	Fields  []string // that were filled in, by block_id

	// Click is the same for every press of this very button by this person.
	Click string

	Trigger     string // opens one window, for three seconds
	ResponseURL string // secret
	View        View   // in which it was done

	Happened Happening
}

// View is a window or the bot's tab.
type View struct {
	ID, Hash string
	Type     string // "modal" or "home"
}

// Read reads a payload of one of the three sorts.
func Read(sort string, payload []byte) (Visit, error) {
	switch sort {
	case SlashCommands:
		return readCommand(payload)
	case Interactive:
		return readInteraction(payload)
	case EventsAPI:
		return readEvent(payload)
	}
	return Visit{Kind: Nothing}, nil
}

// ReadForm reads what comes as a form over HTTP.
func ReadForm(form url.Values) (Visit, error) {
	if payload := form.Get("payload"); payload != "" {
		return readInteraction([]byte(payload))
	}
	fields := make(map[string]string, len(form))
	for name := range form {
		fields[name] = form.Get(name)
	}
	payload, err := json.Marshal(fields)
	if err != nil {
		return Visit{}, err
	}
	return readCommand(payload)
}

func readCommand(payload []byte) (Visit, error) {
	var c struct {
		Team        string `json:"team_id"`
		User        string `json:"user_id"`
		Name        string `json:"user_name"`
		Channel     string `json:"channel_id"`
		Text        string `json:"text"`
		Trigger     string `json:"trigger_id"`
		ResponseURL string `json:"response_url"`
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return Visit{}, fmt.Errorf("reading a slash command: %w", err)
	}
	text := strings.TrimSpace(unescape(c.Text))
	if text == "" {
		text = "help"
	}
	return Visit{
		Kind: Command, Key: c.Trigger, Team: c.Team, User: c.User, Name: c.Name, Channel: c.Channel,
		Text: text, Trigger: c.Trigger, ResponseURL: c.ResponseURL,
	}, nil
}

func readInteraction(payload []byte) (Visit, error) {
	var c slack.InteractionCallback
	if err := json.Unmarshal(payload, &c); err != nil {
		return Visit{}, fmt.Errorf("reading an interaction: %w", err)
	}
	v := Visit{
		Kind: Nothing, Key: c.TriggerID, Team: c.Team.ID, User: c.User.ID, Name: c.User.Name,
		Channel: c.Channel.ID, Trigger: c.TriggerID, ResponseURL: c.ResponseURL,
		View: View{c.View.ID, c.View.Hash, string(c.View.Type)},
	}
	if c.View.ID != "" {
		v.Command, v.Args, v.Asked = blocks.ReadForm(c.View)
	}
	switch {
	case c.Type == slack.InteractionTypeViewSubmission && c.View.CallbackID == blocks.FormID:
		v.Kind = Submission
		if c.View.State != nil {
			v.Fields = slices.Sorted(maps.Keys(c.View.State.Values))
		}
	case c.Type == slack.InteractionTypeMessageAction && c.CallbackID == WhyShortcut:
		v.Kind, v.Text, v.Post = Shortcut, "why", c.MessageTs
	case c.Type == slack.InteractionTypeBlockActions && len(c.ActionCallback.BlockActions) > 0:
		v.press(c)
	}
	return v, nil
}

// press reads what was pressed, or typed into a form.
func (v *Visit) press(c slack.InteractionCallback) {
	action := c.ActionCallback.BlockActions[0]
	v.Post = c.Container.MessageTs
	if v.Channel == "" {
		v.Channel = c.Container.ChannelID
	}
	v.Text = blocks.Says(action)
	switch {
	case v.Text != "":
		v.Kind = Press
		v.Click = strings.Join([]string{
			v.User, v.Channel, v.Post, v.View.ID, action.BlockID, action.ActionID, v.Text,
		}, " ")
	case v.Command != "" && v.View.Type == string(slack.VTModal):
		v.Kind = Draft
	}
}

// Filled is the same for two submissions of one form with the same values.
func (v Visit) Filled() string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(v.Args)) {
		fmt.Fprintf(sum, "%q=%q ", name, v.Args[name])
	}
	return v.View.ID + "/" + hex.EncodeToString(sum.Sum(nil)[:8])
}

func readEvent(payload []byte) (Visit, error) {
	var c struct {
		Team  string `json:"team_id"`
		Key   string `json:"event_id"`
		Event struct {
			Type    string          `json:"type"`
			User    json.RawMessage `json:"user"`    // an ID, or somebody's profile
			Channel json.RawMessage `json:"channel"` // an ID, or a channel
			Tab     string          `json:"tab"`
			Tokens  struct {
				Bot []string `json:"bot"`
			} `json:"tokens"`
		} `json:"event"`
	}
	if err := json.Unmarshal(payload, &c); err != nil {
		return Visit{}, fmt.Errorf("reading an event: %w", err)
	}
	e := c.Event
	user, _ := named(e.User)
	channel, name := named(e.Channel)
	v := Visit{Kind: Event, Key: c.Key, Team: c.Team, User: user}
	switch {
	case e.Type == "app_home_opened" && (e.Tab == "" || e.Tab == "home"):
		v.Kind = Home
	case e.Type == "app_home_opened":
		v.Kind = Nothing
	default:
		v.Happened = Happening{
			Type: e.Type, Channel: channel, Name: name, User: user, Bot: len(e.Tokens.Bot) > 0,
		}
	}
	return v, nil
}

// named reads an ID, or a thing with an ID and a name.
func named(raw json.RawMessage) (id, name string) {
	if json.Unmarshal(raw, &id) == nil {
		return id, ""
	}
	var thing struct{ ID, Name string }
	if json.Unmarshal(raw, &thing) != nil {
		return "", ""
	}
	return thing.ID, thing.Name
}
