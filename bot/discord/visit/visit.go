// Package visit reads what Discord tells of what people did.
//
// Interactions go in and a [Visit] comes out, the same for both of Discord's ways to tell; nothing
// here talks to Discord. Only what is needed is read: what Discord adds to its messages, components
// of a new kind among it, makes no interaction unreadable.
package visit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/embeds"
)

// Kind is what somebody did.
type Kind string

const (
	Ping       Kind = "ping"       // Discord asks whether we are there
	Command    Kind = "command"    // gave a command
	Completion Kind = "completion" // is typing one
	Shortcut   Kind = "shortcut"   // used a command on a message
	Press      Kind = "press"      // pressed a button or picked from a menu
	Submission Kind = "submission" // has filled in a form
	Nothing    Kind = "nothing"    // what we do not know
)

// WhyCommand is the name of the command on a message that asks why.
const WhyCommand = "Why this alert?"

// Visit is one thing that somebody did.
type Visit struct {
	Kind  Kind
	ID    string // the same whenever Discord tells of this again
	Token string // for answers; secret
	App   string

	Guild       string // empty: in a conversation of two
	Channel     string
	ChannelName string // it is hostile text
	MayPost     bool   // the bot may post in the channel

	User   string
	Name   string // of the person; it is hostile text
	Rights string // see [ReadRights]
	Locale string

	Command string            // "feed add"
	Args    map[string]string // of a command; the one that is being typed is "?"
	Typed   string            // of the one that is being typed

	Says   string // of a button or a choice
	Ask    bool   // before it acts
	Button string // its custom_id
	Post   string // the message that was used

	Form string            // the custom_id of a form
	Made map[string]string // what was filled in
}

// interaction is what is read of an interaction.
type interaction struct {
	ID        string `json:"id"`
	App       string `json:"application_id"`
	Type      int    `json:"type"`
	Token     string `json:"token"`
	Guild     string `json:"guild_id"`
	ChannelID string `json:"channel_id"`
	Channel   struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	AppRights string `json:"app_permissions"`
	Locale    string `json:"locale"`
	Member    *struct {
		User        person   `json:"user"`
		Nick        string   `json:"nick"`
		Roles       []string `json:"roles"`
		Permissions string   `json:"permissions"`
	} `json:"member"`
	User    person `json:"user"`
	Message struct {
		ID string `json:"id"`
	} `json:"message"`
	Data struct {
		Type     int      `json:"type"`
		Name     string   `json:"name"`
		Target   string   `json:"target_id"`
		Options  []option `json:"options"`
		CustomID string   `json:"custom_id"`
		Values   []string `json:"values"`
		Rows     []row    `json:"components"`
	} `json:"data"`
}

type person struct {
	ID     string `json:"id"`
	Name   string `json:"username"`
	Global string `json:"global_name"`
}

// row is a part of a form that was filled in: a label with an input, or a row of them.
type row struct {
	CustomID string `json:"custom_id"`
	Value    string `json:"value"`
	Inner    *row   `json:"component"`
	Many     []row  `json:"components"`
}

// option is an argument, or a command that stands in another.
type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"`
}

// The types of interactions, and of commands and options.
const (
	typePing       = 1
	typeCommand    = 2
	typeComponent  = 3
	typeCompletion = 4
	typeSubmission = 5

	commandOnMessage = 3
	lastGroup        = 2 // options up to it hold others
)

// Read reads an interaction.
func Read(payload []byte) (Visit, error) {
	var in interaction
	if err := json.Unmarshal(payload, &in); err != nil {
		return Visit{Kind: Nothing}, fmt.Errorf("reading an interaction: %w", err)
	}
	v := Visit{
		Kind: Nothing, ID: in.ID, Token: in.Token, App: in.App, Guild: in.Guild,
		Channel: in.ChannelID, ChannelName: in.Channel.Name, Locale: in.Locale, Post: in.Message.ID,
	}
	if v.Channel == "" {
		v.Channel = in.Channel.ID
	}
	v.MayPost = mayPost(in.AppRights)
	v.who(in)
	switch in.Type {
	case typePing:
		v.Kind = Ping
	case typeCommand:
		v.command(in)
	case typeCompletion:
		v.command(in)
		v.Kind = Completion
	case typeComponent:
		v.Kind, v.Button = Press, in.Data.CustomID
		v.Says, v.Ask = embeds.Says(in.Data.CustomID, in.Data.Values)
	case typeSubmission:
		v.Kind, v.Form, v.Made = Submission, in.Data.CustomID, make(map[string]string)
		for _, r := range in.Data.Rows {
			r.fill(v.Made)
		}
	}
	return v, nil
}

// who reads who it was.
func (v *Visit) who(in interaction) {
	who := in.User
	if in.Member != nil {
		who = in.Member.User
		v.Rights = WriteRights(in.Member.Permissions, in.Member.Roles)
		v.Name = in.Member.Nick
	}
	v.User = who.ID
	for _, name := range []string{who.Global, who.Name} {
		if v.Name == "" {
			v.Name = name
		}
	}
}

// command reads a command.
func (v *Visit) command(in interaction) {
	if in.Data.Type == commandOnMessage {
		v.Kind, v.Post, v.Says = Shortcut, in.Data.Target, "why"
		return
	}
	v.Kind, v.Args = Command, make(map[string]string)
	options := in.Data.Options
	var names []string
	for len(options) == 1 && options[0].Type <= lastGroup {
		names = append(names, options[0].Name)
		options = options[0].Options
	}
	v.Command = strings.Join(names, " ")
	for _, o := range options {
		value := o.text()
		if o.Focused {
			v.Typed, value = value, "?"
		}
		v.Args[o.Name] = value
	}
}

// text is the value of an option as somebody would type it.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return string(o.Value)
}

// fill takes what was filled in.
func (r row) fill(made map[string]string) {
	if r.CustomID != "" {
		made[r.CustomID] = r.Value
	}
	if r.Inner != nil {
		r.Inner.fill(made)
	}
	for _, one := range r.Many {
		one.fill(made)
	}
}

// Permissions that matter here.
const (
	Administrator  = 1 << 3
	ManageChannels = 1 << 4
	ViewChannel    = 1 << 10
	SendMessages   = 1 << 11
	EmbedLinks     = 1 << 14
	AttachFiles    = 1 << 15
	ReadHistory    = 1 << 16
	SendInThreads  = 1 << 38
)

// mayPost reports whether permissions let the bot post an alert. In a thread another one would do.
func mayPost(rights string) bool {
	const wanted = ViewChannel | EmbedLinks
	n, err := strconv.ParseUint(rights, 10, 64)
	posts := n&(SendMessages|SendInThreads) != 0
	return err == nil && (n&Administrator != 0 || n&wanted == wanted && posts)
}

// WriteRights puts what a person may do, and their roles, into one word.
func WriteRights(permissions string, roles []string) string {
	return permissions + " " + strings.Join(roles, ",")
}

// ReadRights reads what a person may do, and their roles.
func ReadRights(rights string) (permissions uint64, roles []string) {
	bits, list, _ := strings.Cut(rights, " ")
	permissions, _ = strconv.ParseUint(bits, 10, 64) // who says nothing may nothing
	if list != "" {
		roles = strings.Split(list, ",")
	}
	return permissions, roles
}
