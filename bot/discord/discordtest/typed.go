package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// The types of options.
const (
	textOption    = 3
	integerOption = 4
	booleanOption = 5
	userOption    = 6
	channelOption = 7
	roleOption    = 8
	numberOption  = 10
)

// command reads what somebody types after the slash, against what the bot registered. The last option is
// focused while it is being completed, and may be unfinished. The lock is held.
func (u *Member) command(c *Channel, text string, t *typing) (result, string) {
	t.u, t.resolved = u, result{}
	name, rest, _ := strings.Cut(text, " ")
	cmd := u.guild.s.visible(c, limits.ChatInput, name)
	switch {
	case c.gone():
		return nil, "the channel is deleted"
	case cmd == nil:
		return nil, "there is no such command"
	case !cmd.permitted(u):
		return nil, "may not use it"
	}
	options, why := t.read(members(raw(cmd.body["options"])), strings.TrimSpace(rest))
	if why != "" {
		return nil, why
	}
	data := result{"id": cmd.id, "name": cmd.name, "type": cmd.kind, "options": list(options)}
	if cmd.guild != "" {
		data["guild_id"] = cmd.guild
	}
	if len(t.resolved) > 0 {
		data["resolved"] = t.resolved
	}
	return data, ""
}

// typing is what is read of a command.
type typing struct {
	u        *Member
	focus    bool
	given    map[string]string // the options by their names, when they are not typed as text
	resolved result
}

// schema is an option as it was registered.
type schema struct {
	name         string
	kind         int
	required     bool
	autocomplete bool
	choices      []any
	options      []any
	raw          map[string]any
}

func schemaOf(v any) schema {
	o, _ := v.(map[string]any)
	x := schema{raw: o, required: o["required"] == true, autocomplete: o["autocomplete"] == true}
	x.name, _ = o["name"].(string)
	kind, _ := o["type"].(float64)
	x.kind = int(kind)
	x.choices, _ = o["choices"].([]any)
	x.options, _ = o["options"].([]any)
	return x
}

// read reads the options of a command, or the name of a subcommand and its options.
func (t *typing) read(registered []any, text string) ([]any, string) {
	var schemas []schema
	for _, v := range registered {
		schemas = append(schemas, schemaOf(v))
	}
	if len(schemas) == 0 || schemas[0].kind > limits.SubcommandGroup {
		return t.values(schemas, text)
	}
	name, rest, _ := strings.Cut(text, " ")
	for _, x := range schemas {
		if x.name == name {
			options, why := t.read(x.options, strings.TrimSpace(rest))
			return []any{result{"name": x.name, "type": x.kind, "options": list(options)}}, why
		}
	}
	return nil, fmt.Sprintf("there is no subcommand %q", name)
}

var optionName = regexp.MustCompile(`(?:^|\s)([-_'\p{L}\p{N}]{1,32}):`)

// typed is an option with what somebody entered.
type typed struct {
	schema
	text string
}

// split takes options apart that are typed as name:value. A value goes on until the next name that was
// registered.
func split(schemas []schema, text string) (options []typed, why string) {
	var at [][]int
	for _, m := range optionName.FindAllStringSubmatchIndex(text, -1) {
		if slices.ContainsFunc(schemas, func(x schema) bool { return x.name == text[m[2]:m[3]] }) {
			at = append(at, m)
		}
	}
	if text != "" && (len(at) == 0 || at[0][2] != 0) {
		return nil, fmt.Sprintf("there is no option in %q", text)
	}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		x := schemas[slices.IndexFunc(schemas, func(x schema) bool { return x.name == text[m[2]:m[3]] })]
		options = append(options, typed{x, strings.TrimSpace(text[m[1]:end])})
	}
	return options, ""
}

// pick takes the options that are given by their names, in the order in which they were registered.
func pick(schemas []schema, given map[string]string) (options []typed, why string) {
	for _, x := range schemas {
		if text, ok := given[x.name]; ok {
			options = append(options, typed{x, text})
		}
	}
	if len(options) < len(given) {
		return nil, fmt.Sprintf("there are not all options of %v", given)
	}
	return options, ""
}

// values reads the values of options.
func (t *typing) values(schemas []schema, text string) (options []any, why string) {
	entered, why := split(schemas, text)
	if t.given != nil {
		entered, why = pick(schemas, t.given)
	}
	if why != "" {
		return nil, why
	}
	given := make(map[string]bool)
	for i, one := range entered {
		option, why := t.option(one.schema, one.text, t.focus && i == len(entered)-1)
		switch {
		case why != "":
			return nil, one.name + " " + why
		case given[one.name]:
			return nil, one.name + " is given twice"
		}
		given[one.name] = true
		options = append(options, option)
	}
	for _, x := range schemas {
		if x.required && !given[x.name] && !t.focus {
			return nil, x.name + " is required"
		}
	}
	if t.focus && len(options) == 0 {
		return nil, "no option is begun"
	}
	return options, ""
}

// option reads the value of an option.
func (t *typing) option(x schema, text string, focused bool) (result, string) {
	option := result{"name": x.name, "type": x.kind, "value": text}
	if focused {
		option["focused"] = true
		if !x.autocomplete {
			return nil, "is not completed"
		}
		return option, ""
	}
	if len(x.choices) > 0 {
		for _, one := range x.choices {
			o, _ := one.(map[string]any)
			if o["name"] == text || fmt.Sprint(o["value"]) == text {
				option["value"] = o["value"]
				return option, ""
			}
		}
		return nil, fmt.Sprintf("has no choice %q", text)
	}
	value, why := t.value(x, text)
	option["value"] = value
	return option, why
}

// value reads a value of the type of its option.
func (t *typing) value(x schema, text string) (any, string) {
	switch x.kind {
	case textOption:
		return text, x.long(text)
	case integerOption:
		n, err := strconv.ParseInt(text, 10, 54)
		if err != nil {
			return nil, fmt.Sprintf("wants a whole number, not %q", text)
		}
		return n, x.within(float64(n))
	case numberOption:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Sprintf("wants a number, not %q", text)
		}
		return n, x.within(n)
	case booleanOption:
		if text != "True" && text != "False" && text != "true" && text != "false" {
			return nil, "wants True or False"
		}
		return strings.EqualFold(text, "true"), ""
	}
	return t.mentioned(x.kind, text)
}

// long says that a text is too long or too short for its option.
func (x schema) long(text string) string {
	least, _ := x.raw["min_length"].(float64)
	most, limited := x.raw["max_length"].(float64)
	switch n := float64(limits.Length(text)); {
	case text == "":
		return "is empty"
	case n < least:
		return fmt.Sprintf("wants %v characters", least)
	case limited && n > most, n > 6000:
		return fmt.Sprintf("takes %v characters", most)
	}
	return ""
}

func (x schema) within(n float64) string {
	if least, ok := x.raw["min_value"].(float64); ok && n < least {
		return fmt.Sprintf("is at least %v", least)
	}
	if most, ok := x.raw["max_value"].(float64); ok && n > most {
		return fmt.Sprintf("is at most %v", most)
	}
	return ""
}

// mentioned reads a person, a channel or a role, and notes what Discord tells of it.
func (t *typing) mentioned(kind int, text string) (any, string) {
	g := t.u.guild
	name := strings.TrimLeft(text, "@#")
	switch kind {
	case userOption:
		for _, u := range g.members {
			if u.Name == name || u.ID == text {
				member := u.json()
				delete(member, "user")
				t.resolve("users", u.ID, u.user())
				t.resolve("members", u.ID, member)
				return u.ID, ""
			}
		}
	case channelOption:
		for _, c := range g.order {
			if (c.name == name || c.ID == text) && !c.deleted {
				partial := c.json()
				partial["permissions"] = t.u.may().String()
				t.resolve("channels", c.ID, partial)
				return c.ID, ""
			}
		}
	case roleOption:
		for i, r := range g.roles {
			if r.Name == name || r.ID == text {
				t.resolve("roles", r.ID, roleJSON(r.ID, r.Name, r.perms, i+1))
				return r.ID, ""
			}
		}
	default:
		return nil, "has a type that this does not know"
	}
	return nil, fmt.Sprintf("knows no %q", text)
}

func (t *typing) resolve(kind, id string, v result) {
	of, _ := t.resolved[kind].(result)
	if of == nil {
		of = result{}
		t.resolved[kind] = of
	}
	of[id] = v
}
