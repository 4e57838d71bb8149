package limits

import "encoding/json"

// Input is something in blocks that can be used: a button, a menu, a field.
type Input struct {
	BlockID, ActionID string
	Kind              string // the type of the element
	Label             string // what stands on a button, or in a menu before something is chosen
	Options           []Option
	InInput           bool // whether it stands in an input block
	Optional          bool // of an input
	Dispatch          bool // whether the bot hears of it at once, although it is an input
	OnCharacter       bool // and on every character
	OnEnter           bool // and on Enter
	Initial           string
	MinLength         int
	MaxLength         int
	JSON              json.RawMessage

	initial json.RawMessage // option
}

// Option is a choice of a menu.
type Option struct {
	Label, Value string
	JSON         json.RawMessage
}

// InitialState returns what the element holds before anybody used it.
func (in Input) InitialState() map[string]any {
	switch {
	case in.Kind == "plain_text_input" && in.Initial == "":
		return map[string]any{"value": nil}
	case in.Kind == "plain_text_input":
		return map[string]any{"value": in.Initial}
	case in.Kind == "checkboxes" || in.Kind == "multi_static_select":
		return map[string]any{"selected_options": []any{}}
	case len(in.initial) > 0:
		return map[string]any{"selected_option": in.initial}
	}
	return map[string]any{"selected_option": nil}
}

type label struct {
	Text string `json:"text"`
}

type used struct {
	Type        string            `json:"type"`
	ActionID    string            `json:"action_id"`
	Text        label             `json:"text"`
	Placeholder label             `json:"placeholder"`
	Options     []json.RawMessage `json:"options"`
	Groups      []struct {
		Options []json.RawMessage `json:"options"`
	} `json:"option_groups"`
	InitialOption json.RawMessage `json:"initial_option"`
	Initial       string          `json:"initial_value"`
	MinLength     int             `json:"min_length"`
	MaxLength     int             `json:"max_length"`
	Dispatch      struct {
		On []string `json:"trigger_actions_on"`
	} `json:"dispatch_action_config"`
}

// Inputs returns what can be used in blocks, in their order.
func Inputs(raw json.RawMessage) (inputs []Input) {
	var blocks []struct {
		Type      string            `json:"type"`
		BlockID   string            `json:"block_id"`
		Accessory json.RawMessage   `json:"accessory"`
		Element   json.RawMessage   `json:"element"`
		Elements  []json.RawMessage `json:"elements"`
		Optional  bool              `json:"optional"`
		Dispatch  bool              `json:"dispatch_action"`
		Label     label             `json:"label"`
	}
	if json.Unmarshal(raw, &blocks) != nil {
		return nil
	}
	for _, b := range blocks {
		all := []json.RawMessage{b.Accessory, b.Element}
		if b.Type == "actions" {
			all = b.Elements
		}
		for _, raw := range all {
			if in, ok := input(raw); ok {
				if b.Type == "input" {
					in.Label = b.Label.Text
				}
				in.BlockID, in.InInput = b.BlockID, b.Type == "input"
				in.Optional, in.Dispatch = b.Optional, b.Dispatch
				inputs = append(inputs, in)
			}
		}
	}
	return inputs
}

func input(raw json.RawMessage) (Input, bool) {
	var e used
	if len(raw) == 0 || json.Unmarshal(raw, &e) != nil || e.Type == "image" {
		return Input{}, false
	}
	in := Input{
		ActionID: e.ActionID, Kind: e.Type, Label: e.Text.Text, Initial: e.Initial,
		MinLength: e.MinLength, MaxLength: e.MaxLength, JSON: raw, initial: e.InitialOption,
	}
	if in.Label == "" {
		in.Label = e.Placeholder.Text
	}
	for _, g := range e.Groups {
		e.Options = append(e.Options, g.Options...)
	}
	for _, raw := range e.Options {
		var o struct {
			Text  label  `json:"text"`
			Value string `json:"value"`
		}
		if json.Unmarshal(raw, &o) == nil {
			in.Options = append(in.Options, Option{o.Text.Text, o.Value, raw})
		}
	}
	in.OnEnter = len(e.Dispatch.On) == 0
	for _, on := range e.Dispatch.On {
		in.OnCharacter = in.OnCharacter || on == "on_character_entered"
		in.OnEnter = in.OnEnter || on == "on_enter_pressed"
	}
	return in, true
}
