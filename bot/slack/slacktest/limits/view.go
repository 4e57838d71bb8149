package limits

import "encoding/json"

const (
	maxTitle       = 24 // of a window, and of its buttons
	maxPrivate     = 3000
	maxViewInBytes = 250 << 10
)

// View returns why Slack refuses a view of a kind, modal or home, or nil.
func View(raw json.RawMessage, kind string) *Error {
	if len(raw) > maxViewInBytes {
		return &Error{Code: "view_too_large"}
	}
	v, ok := decode(raw)
	if !ok {
		return &Error{Code: "invalid_arguments", Messages: []string{"[ERROR] invalid JSON [json-pointer:/view]"}}
	}
	shape := fields{
		"*type": word(kind), "*blocks": func(m *mistakes, at string, v any) {
			checkBlocks(m, at, v, maxView, false)
		},
		"private_metadata": maybe(maxPrivate), "callback_id": maybe(maxID), "external_id": maybe(maxID),
	}
	if kind == "modal" {
		shape["*title"] = plain(maxTitle)
		shape["submit"], shape["close"] = plain(maxTitle), plain(maxTitle)
		for _, name := range []string{"clear_on_close", "notify_on_close", "submit_disabled"} {
			shape[name] = boolean
		}
	}
	var m mistakes
	object(shape)(&m, "/view", v)
	if view, _ := v.(map[string]any); kind == "modal" && view["submit"] == nil && asks(view["blocks"]) {
		m.add("/view", "missing required field: submit")
	}
	if len(m.found) > 0 {
		return &Error{Code: "invalid_arguments", Messages: m.found}
	}
	return nil
}

// asks returns whether there is an input among the blocks, which needs a button to submit it.
func asks(v any) bool {
	blocks, _ := v.([]any)
	for _, b := range blocks {
		if b, ok := b.(map[string]any); ok && b["type"] == "input" {
			return true
		}
	}
	return false
}
