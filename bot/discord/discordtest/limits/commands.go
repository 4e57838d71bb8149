package limits

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const maxCommandChars = 8000

// The types of commands.
const (
	ChatInput      = 1
	UserCommand    = 2
	MessageCommand = 3
)

// The types of options that hold others.
const (
	Subcommand      = 1
	SubcommandGroup = 2
)

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// locales are the languages that Discord has.
func locales() []string {
	return strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE " +
		"vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")
}

// KnownLocale returns whether Discord has a language.
func KnownLocale(locale string) bool { return slices.Contains(locales(), locale) }

// localised is a text in several languages.
func localised(each check) check {
	return func(m *mistakes, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			m.add(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		}
		for locale, one := range o {
			if !KnownLocale(locale) {
				m.add(at+"/"+locale, "BASE_TYPE_CHOICES", "Value must be one of (%s).", strings.Join(locales(), ", "))
			} else if one != nil {
				each(m, at+"/"+locale, one)
			}
		}
	}
}

// Command says what is wrong with a command.
func Command(body map[string]any) *Error {
	m := &mistakes{}
	kind := ChatInput
	if body["type"] != nil {
		kind = kindOf(body)
	}
	shape := fields{
		"type": number(1, 2, 3), "default_member_permissions": text(0, 32), "nsfw": boolean,
		"dm_permission":     boolean,
		"contexts":          list(1, 3, number(0, 1, 2)),
		"integration_types": list(1, 2, number(0, 1)),
	}
	if kind == ChatInput {
		named(shape)
		shape["options"] = list(0, 25, option(0))
	} else {
		shape["!name"], shape["name_localizations"] = text(1, 32), localised(text(1, 32))
		shape["description"] = text(0, 0)
	}
	shape.check(m, "", body)
	ordered(m, "options", members(body, "options"))
	mixed(m, members(body, "options"))
	if size(body) > maxCommandChars {
		m.add("", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommandChars)
	}
	return m.refusal()
}

// named asks for the name and the description of a command or an option.
func named(shape fields) {
	shape["!name"], shape["name_localizations"] = name, localised(name)
	shape["!description"], shape["description_localizations"] = text(1, 100), localised(text(1, 100))
}

func name(m *mistakes, at string, v any) {
	s, _ := v.(string)
	switch {
	case s == "" || Length(s) > 32:
		text(1, 32)(m, at, v)
	case !commandName.MatchString(s) || s != strings.ToLower(s):
		m.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

// option checks an option that stands in so many others.
func option(depth int) check {
	return func(m *mistakes, at string, v any) {
		kind := kindOf(v)
		shape := fields{
			"!type": number(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "required": boolean, "autocomplete": boolean,
			"min_length": integer(0, 6000), "max_length": integer(1, 6000),
			"choices": list(0, 25, choice(valueOf(kind))),
		}
		named(shape)
		switch {
		case kind == SubcommandGroup && depth > 0, kind == Subcommand && depth > 1, kind > 2 && depth == 1:
			m.add(at+"/type", "BASE_TYPE_CHOICES", "Value must be a type of option that fits here.")
		case kind == SubcommandGroup:
			shape["options"] = list(0, 25, option(depth+1))
		case kind == Subcommand:
			shape["options"] = list(0, 25, option(2))
		}
		shape.check(m, at, v)
		o := object(v)
		if o["autocomplete"] == true && len(members(o, "choices")) > 0 {
			m.add(at+"/choices", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
				"Choices and autocomplete cannot both be specified")
		}
		ordered(m, at+"/options", members(o, "options"))
	}
}

// valueOf checks that a choice has the type of its option.
func valueOf(kind int) check {
	return func(m *mistakes, at string, v any) {
		_, isText := v.(string)
		if isText != (kind == 3) {
			m.add(at, "BASE_TYPE_CONVERT", "The value of a choice must have the type of its option")
		}
	}
}

// ordered checks that what is required stands first, and that no name stands twice.
func ordered(m *mistakes, at string, options []any) {
	names, optional := make(map[string]bool), false
	for _, o := range options {
		o := object(o)
		if o["required"] == true && optional {
			m.add(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
				"Required options must be placed before non-required options")
		}
		optional = optional || o["required"] != true
		if names[word(o, "name")] {
			m.add(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
		}
		names[word(o, "name")] = true
	}
}

// mixed checks that a command has subcommands or values, and not both.
func mixed(m *mistakes, options []any) {
	inner := 0
	for _, o := range options {
		if kind := kindOf(o); kind == Subcommand || kind == SubcommandGroup {
			inner++
		}
	}
	if inner > 0 && inner < len(options) {
		m.add("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
			"Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

// size counts names, descriptions and values. Of a text in several languages the longest counts.
func size(o map[string]any) int {
	n := 0
	for _, field := range []string{"name", "description"} {
		longest := Length(word(o, field))
		for text := range maps.Values(object(o[field+"_localizations"])) {
			s, _ := text.(string)
			longest = max(longest, Length(s))
		}
		n += longest
	}
	n += Length(word(o, "value"))
	for _, inner := range []string{"options", "choices"} {
		for _, one := range members(o, inner) {
			n += size(object(one))
		}
	}
	return n
}

// Commands says what is wrong with all commands of a place: what one of them is refused for, that there
// are too many, or that two have one name.
func Commands(all []any) *Error {
	counts, names := make(map[int]int), make(map[string]bool)
	for i, one := range all {
		body, ok := one.(map[string]any)
		if !ok {
			return Wrong(strconv.Itoa(i), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
		}
		if refused := Command(body); refused != nil {
			refused.Errors = map[string]any{strconv.Itoa(i): refused.Errors}
			return refused
		}
		kind := max(kindOf(one), ChatInput)
		name := strconv.Itoa(kind) + word(body, "name")
		if counts[kind]++; counts[kind] > 100 {
			return Refuse(TooManyCommands)
		}
		if names[name] {
			return Wrong(strconv.Itoa(i)+"/name", "APPLICATION_COMMANDS_DUPLICATE_NAME",
				"Application command names must be unique")
		}
		names[name] = true
	}
	return nil
}
