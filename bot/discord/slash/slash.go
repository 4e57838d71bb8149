// Package slash is the bot's commands as Discord offers them.
//
// A table of commands goes in, and the tree of subcommands and options comes out, with names and
// descriptions in the languages that Discord has and our readers use; nothing here talks to Discord.
// What somebody gave comes back as they would have typed it.
package slash

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
)

// Command is a command as it is registered.
type Command struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Options      []Option          `json:"options,omitempty"`
	Contexts     []int             `json:"contexts,omitempty"`

	// Permissions that members need to see the command; nil: none. Reading needs nothing and
	// changing Manage Channels, but Discord knows one answer for all that begins with /tension.
	Permissions *string `json:"default_member_permissions"`
}

// Option is an argument, a subcommand or a group of those.
type Option struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Complete     bool              `json:"autocomplete,omitempty"`
	Choices      []Choice          `json:"choices,omitempty"`
	Least        int               `json:"min_value,omitempty"`
	Most         int               `json:"max_value,omitempty"`
	Options      []Option          `json:"options,omitempty"`
}

// Choice is one of the values that an option may have.
type Choice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

// Name is what everything stands under.
const Name = "tension"

// The types of commands and options, and the place that they are used in: a server.
const (
	chatCommand    = 1
	messageCommand = 3

	subcommand = 1
	group      = 2
	text       = 3
	whole      = 4

	inServer = 0

	maxDescription = 100
	maxNumber      = 1000
)

// Commands are those of the table that people are told of, and the one on messages.
func Commands(table typed.Table) []Command {
	top := Command{
		Type: chatCommand, Name: Name, Description: about,
		Descriptions: translations(about), Contexts: []int{inServer},
	}
	for _, c := range table {
		if !c.Hidden {
			top.Options = put(top.Options, c)
		}
	}
	why := Command{
		Type: messageCommand, Name: visit.WhyCommand, Names: translations(visit.WhyCommand),
		Contexts: []int{inServer},
	}
	return []Command{top, why}
}

// about describes all of it.
const about = "Watch the news from this channel"

// put adds a command, one of two words under the first of them.
func put(options []Option, c *typed.Command) []Option {
	first, second, inGroup := strings.Cut(c.Name, " ")
	if !inGroup {
		return append(options, single(c, first))
	}
	at := slices.IndexFunc(options, func(o Option) bool { return o.Type == group && o.Name == first })
	if at < 0 {
		about := describe(cmp.Or(c.Group, first))
		options = append(options, Option{
			Type: group, Name: first, Names: names(first), Description: about,
			Descriptions: translations(about),
		})
		at = len(options) - 1
	}
	options[at].Options = append(options[at].Options, single(c, second))
	return options
}

func single(c *typed.Command, name string) Option {
	o := Option{
		Type: subcommand, Name: name, Names: names(name), Description: describe(cmp.Or(c.Short, name)),
		Descriptions: translations(describe(c.Short)),
	}
	for _, a := range c.Args {
		o.Options = append(o.Options, argument(a))
	}
	if c.Paged {
		o.Options = append(o.Options, argument(typed.Arg{
			Name: "page", Kind: typed.Number, Help: "the page of a long answer", Optional: true,
		}))
	}
	// Discord wants to have those first that must be given.
	slices.SortStableFunc(o.Options, func(a, b Option) int {
		return cmp.Compare(order(a), order(b))
	})
	return o
}

func order(o Option) int {
	if o.Required {
		return 0
	}
	return 1
}

func argument(a typed.Arg) Option {
	o := Option{
		Type: text, Name: a.Name, Names: names(a.Name), Description: describe(cmp.Or(a.Help, a.Name)),
		Descriptions: translations(describe(a.Help)), Required: !a.Optional,
	}
	switch a.Kind {
	case typed.Number:
		o.Type, o.Least, o.Most = whole, 1, maxNumber
	case typed.OneOf:
		for _, c := range a.Choices {
			o.Choices = append(o.Choices, Choice{Name: c, Names: translations(c), Value: c})
		}
	case typed.URL, typed.Spellings:
	default:
		o.Complete = true
	}
	return o
}

func describe(s string) string { return clean.Cut(s, maxDescription) }

// Same reports whether what is registered is what we would register. In one server Discord keeps no
// contexts.
func Same(registered []json.RawMessage, wanted []Command, oneServer bool) bool {
	if len(registered) != len(wanted) {
		return false
	}
	found := make(map[string]string)
	for _, raw := range registered {
		var c Command
		if json.Unmarshal(raw, &c) != nil {
			return false
		}
		found[c.Name] = normal(c, oneServer)
	}
	for _, c := range wanted {
		if found[c.Name] != normal(c, oneServer) {
			return false
		}
	}
	return true
}

// normal is a command in one of the ways in which it can be written.
func normal(c Command, oneServer bool) string {
	if oneServer {
		c.Contexts = nil
	}
	written, err := json.Marshal(c)
	if err != nil {
		return "" // strings and numbers always can be written
	}
	return string(written)
}

// Typed is a command as somebody would type it, without "/tension".
func Typed(table typed.Table, command string, args map[string]string) string {
	words := []string{command}
	c := table.Find(command)
	if c == nil {
		return command
	}
	for _, a := range c.Args {
		value := args[a.Name]
		if value == "" {
			continue
		}
		if a.Lead != "" {
			words = append(words, a.Lead)
		}
		if a.Kind == typed.Spellings {
			words = append(words, "=")
		}
		if a.Kind == typed.Word && strings.ContainsAny(value, " \t\n") {
			value = `"` + value + `"`
		}
		words = append(words, value)
	}
	if page := args["page"]; page != "" {
		words = append(words, "page", page)
	}
	return strings.Join(words, " ")
}
