package limits

import (
	"encoding/json"
	"fmt"
)

const (
	maxText     = 3000 // of a section
	maxID       = 255
	maxMessage  = 50  // blocks
	maxView     = 100 // blocks
	maxAllTexts = 13000
)

// plain is a plain_text object.
func plain(most int) check {
	return object(fields{
		"*type": word("plain_text"), "*text": str(most), "emoji": boolean,
	})
}

// text is a text object of either kind.
func text(most int) check {
	return typed(map[string]check{
		"plain_text": plain(most), "mrkdwn": mrkdwn(most),
	})
}

func mrkdwn(most int) check {
	return object(fields{"*type": word("mrkdwn"), "*text": str(most), "verbatim": boolean})
}

func confirm() check {
	return object(fields{
		"*title": plain(100), "*text": text(300), "*confirm": plain(30), "*deny": plain(30),
		"style": word("primary", "danger"),
	})
}

// option is a choice; its value has 150 characters in a menu.
func option(label check) check {
	return object(fields{
		"*text": label, "*value": str(150), "description": plain(75), "url": link(3000),
	})
}

func options(least, most int, label check) check { return list(least, most, option(label)) }

// element makes a check for an element with what all of them have.
func element(name string, more fields) check {
	f := fields{"*type": word(name), "action_id": str(maxID)}
	for name, c := range more {
		f[name] = c
	}
	return object(f)
}

// selects make a check for a menu, with what all of them have.
func selects(name string, more fields) check {
	f := fields{
		"placeholder": plain(150), "confirm": confirm(), "focus_on_load": boolean,
	}
	for name, c := range more {
		f[name] = c
	}
	return element(name, f)
}

// elements are those that stand in actions, beside a section, or in an input.
func elements() map[string]check {
	menu := option(plain(75))
	static := fields{
		"options": options(1, 100, plain(75)),
		"option_groups": list(1, 100, object(fields{
			"*label": plain(75), "*options": options(1, 100, plain(75)),
		})),
	}
	single := fields{"initial_option": menu}
	multi := fields{"initial_options": list(1, 100, menu), "max_selected_items": number(1, 100)}
	for name, c := range static {
		single[name], multi[name] = c, c
	}
	choice := fields{"*options": options(1, 10, text(75)), "confirm": confirm(), "focus_on_load": boolean}
	radio := fields{"initial_option": option(text(75))}
	boxes := fields{"initial_options": list(1, 10, option(text(75)))}
	for name, c := range choice {
		radio[name], boxes[name] = c, c
	}
	conversation := fields{
		"initial_conversation": str(maxID), "default_to_current_conversation": boolean,
		"response_url_enabled": boolean, "filter": anything,
	}
	return map[string]check{
		"button": element("button", fields{
			"*text": plain(75), "value": maybe(2000), "url": link(3000),
			"style": word("primary", "danger"), "confirm": confirm(), "accessibility_label": str(75),
		}),
		"overflow": element("overflow", fields{
			"*options": options(1, 5, plain(75)), "confirm": confirm(),
		}),
		"static_select":        selects("static_select", single),
		"multi_static_select":  selects("multi_static_select", multi),
		"conversations_select": selects("conversations_select", conversation),
		"channels_select": selects("channels_select", fields{
			"initial_channel": str(maxID), "response_url_enabled": boolean,
		}),
		"users_select":  selects("users_select", fields{"initial_user": str(maxID)}),
		"radio_buttons": element("radio_buttons", radio),
		"checkboxes":    element("checkboxes", boxes),
	}
}

// image is a picture, as a block or an element.
func image(more fields) check {
	f := fields{"*type": word("image"), "*image_url": link(3000), "*alt_text": str(2000)}
	for name, c := range more {
		f[name] = c
	}
	return object(f)
}

func inputs() map[string]check {
	all := elements()
	delete(all, "button")
	delete(all, "overflow")
	all["plain_text_input"] = element("plain_text_input", fields{
		"placeholder": plain(150), "initial_value": maybe(3000), "multiline": boolean,
		"min_length": number(0, 3000), "max_length": number(1, 3000), "focus_on_load": boolean,
		"dispatch_action_config": object(fields{
			"trigger_actions_on": list(1, 2, word("on_enter_pressed", "on_character_entered")),
		}),
	})
	return all
}

// block makes a check for a block with what all of them have.
func block(name string, more fields) check {
	f := fields{"*type": word(name), "block_id": str(maxID)}
	for name, c := range more {
		f[name] = c
	}
	return object(f)
}

// blocks are those of a message; home and modals have the same but markdown.
func blocks(message bool) map[string]check {
	beside := elements()
	beside["image"] = image(nil)
	all := map[string]check{
		"section": block("section", fields{
			"text": text(maxText), "fields": list(1, 10, text(2000)), "accessory": typed(beside),
			"expand": boolean,
		}),
		"header":  block("header", fields{"*text": plain(150), "level": number(1, 4)}),
		"divider": block("divider", nil),
		"image":   image(fields{"block_id": str(maxID), "title": plain(2000)}),
		"actions": block("actions", fields{"*elements": list(1, 25, typed(elements()))}),
		"context": block("context", fields{"*elements": list(1, 10, typed(map[string]check{
			"plain_text": plain(maxText), "mrkdwn": mrkdwn(maxText), "image": image(nil),
		}))}),
		"rich_text": block("rich_text", fields{"*elements": rich()}),
		"input": block("input", fields{
			"*label": plain(2000), "*element": typed(inputs()), "hint": plain(2000),
			"optional": boolean, "dispatch_action": boolean,
		}),
	}
	if message {
		all["markdown"] = block("markdown", fields{"*text": str(12000)})
	}
	return all
}

// checkBlocks finds the mistakes in a list of blocks, which stands at a JSON pointer.
func checkBlocks(m *mistakes, at string, v any, most int, message bool) {
	m.blockIDs = make(map[string]bool)
	kinds := typed(blocks(message))
	list(0, most, func(m *mistakes, at string, v any) {
		before := len(m.found)
		kinds(m, at, v)
		if len(m.found) == before {
			together(m, at, v.(map[string]any))
		}
	})(m, at, v)
}

// together finds the mistakes that one field alone does not show.
func together(m *mistakes, at string, b map[string]any) {
	if id, _ := b["block_id"].(string); id != "" {
		if m.blockIDs[id] {
			m.add(at+"/block_id", "`block_id` already exists: %s", id)
		}
		m.blockIDs[id] = true
	}
	if b["type"] == "section" && b["text"] == nil && b["fields"] == nil {
		m.add(at, "must define either `text` or `fields`")
	}
	seen := make(map[string]bool)
	for pointer, e := range interactive(b) {
		id, _ := e["action_id"].(string)
		if id != "" && seen[id] {
			m.add(at+pointer+"/action_id", "`action_id` already exists: %s", id)
		}
		seen[id] = true
		kind, _ := e["type"].(string)
		_, flat := e["options"]
		_, groups := e["option_groups"]
		if (kind == "static_select" || kind == "multi_static_select") && flat == groups {
			m.add(at+pointer, "must define either `options` or `option_groups`")
		}
	}
}

// interactive yields the elements of a block, each with where it is.
func interactive(b map[string]any) func(func(string, map[string]any) bool) {
	return func(yield func(string, map[string]any) bool) {
		for _, name := range []string{"accessory", "element"} {
			if e, ok := b[name].(map[string]any); ok && !yield("/"+name, e) {
				return
			}
		}
		elements, _ := b["elements"].([]any)
		for i, v := range elements {
			if e, ok := v.(map[string]any); ok && !yield(fmt.Sprintf("/elements/%d", i), e) {
				return
			}
		}
	}
}

// Blocks returns why Slack refuses the blocks of a message, or nil.
func Blocks(raw json.RawMessage) *Error {
	if len(raw) == 0 {
		return nil
	}
	v, ok := decode(raw)
	if _, isList := v.([]any); !ok || !isList {
		return &Error{Code: "invalid_blocks_format"}
	}
	var m mistakes
	checkBlocks(&m, "/blocks", v, maxMessage, true)
	if len(m.found) > 0 {
		return &Error{Code: "invalid_blocks", Messages: m.found}
	}
	if allTexts(v) > maxAllTexts {
		return &Error{Code: "msg_blocks_too_long"}
	}
	return nil
}

// allTexts counts the characters of all texts in a value. What Slack counts is not documented; this
// counts every string that is not a name or a kind of something.
func allTexts(v any) (n int) {
	switch v := v.(type) {
	case string:
		return Length(v)
	case []any:
		for _, item := range v {
			n += allTexts(item)
		}
	case map[string]any:
		for name, item := range v {
			if name != "type" {
				n += allTexts(item)
			}
		}
	}
	return n
}
