package seen

import (
	"encoding/json"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// Control is a button, a menu or an input, as somebody uses it.
type Control struct {
	Type        int
	CustomID    string
	Label       string // what stands on it; of a menu its placeholder
	URL         string
	Disabled    bool
	Required    bool
	Least, Most int // choices of a menu, or characters of an input
	Value       string
	Options     []Option
}

// Option is what can be chosen from a menu.
type Option struct {
	Label, Value, Description string
	Default                   bool
}

// component is any component.
type component struct {
	Type        int         `json:"type"`
	CustomID    string      `json:"custom_id"`
	Label       string      `json:"label"`
	Placeholder string      `json:"placeholder"`
	URL         string      `json:"url"`
	Value       string      `json:"value"`
	Disabled    bool        `json:"disabled"`
	Required    *bool       `json:"required"`
	MinValues   *int        `json:"min_values"`
	MaxValues   *int        `json:"max_values"`
	MinLength   int         `json:"min_length"`
	MaxLength   *int        `json:"max_length"`
	Options     []Option    `json:"options"`
	Components  []component `json:"components"`
	Component   *component  `json:"component"`
	Emoji       struct {
		Name string `json:"name"`
	} `json:"emoji"`
}

// Controls returns all that can be used among components, in order.
func Controls(components json.RawMessage) (all []Control) {
	var rows []component
	_ = json.Unmarshal(components, &rows) // validated when it came
	for _, row := range rows {
		inner := row.Components
		if row.Component != nil {
			labelled := *row.Component
			labelled.Label = row.Label
			inner = append(inner, labelled)
		}
		for _, c := range inner {
			all = append(all, c.control())
		}
	}
	return all
}

func (c component) control() Control {
	k := Control{
		Type: c.Type, CustomID: c.CustomID, Label: c.Label, URL: c.URL, Disabled: c.Disabled,
		Required: c.Required == nil || *c.Required, Value: c.Value, Options: c.Options, Least: 1, Most: 1,
	}
	if c.Type == limits.TextInputType {
		k.Least, k.Most = c.MinLength, 4000
		if c.MaxLength != nil {
			k.Most = *c.MaxLength
		}
		return k
	}
	if k.Label == "" {
		k.Label = c.Placeholder + c.Emoji.Name
	}
	if c.MinValues != nil {
		k.Least = *c.MinValues
	}
	if c.MaxValues != nil {
		k.Most = *c.MaxValues
	}
	return k
}

// Find returns the nth control, counted from one, that is called so: by its custom_id or by its label.
func Find(components json.RawMessage, name string, n int) (Control, bool) {
	for _, k := range Controls(components) {
		if k.CustomID != name && k.Label != name {
			continue
		}
		if n--; n == 0 {
			return k, true
		}
	}
	return Control{}, false
}

// Pick returns the value of a choice, which is called by its value or its label. A menu without options
// takes any id.
func (k Control) Pick(choice string) (string, bool) {
	if k.Type != limits.SelectType {
		return choice, true
	}
	for _, o := range k.Options {
		if o.Value == choice || o.Label == choice {
			return o.Value, true
		}
	}
	return "", false
}
