package limits

import "encoding/json"

const (
	maxPosted      = 40000 // characters of text; more are cut off
	maxUpdated     = 4000  // characters of text in chat.update; more are refused
	maxAttachments = 100
	maxMetadata    = 16 << 10 // bytes; Slack does not say how many
)

// Message is what a request would post.
type Message struct {
	Text        string
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Metadata    json.RawMessage
}

// Cut returns the text as Slack keeps it: what is over 40,000 characters is lost.
func Cut(s string) string {
	if Length(s) <= maxPosted {
		return s
	}
	n := 0
	for i, r := range s {
		if n += Length(string(r)); n > maxPosted {
			return s[:i]
		}
	}
	return s
}

// Posted returns why chat.postMessage refuses a message, or nil.
func Posted(m Message) *Error {
	if e := Blocks(m.Blocks); e != nil {
		return e
	}
	if e := attachments(m.Attachments); e != nil {
		return e
	}
	if m.Text == "" && empty(m.Blocks) && empty(m.Attachments) {
		return &Error{Code: "no_text"}
	}
	return Metadata(m.Metadata)
}

// Ephemeral returns why chat.postEphemeral refuses a message, or nil.
func Ephemeral(m Message) *Error {
	if Length(m.Text) > maxPosted {
		return &Error{Code: "msg_too_long"}
	}
	return Posted(m)
}

// Updated returns why chat.update refuses a message, or nil.
func Updated(m Message) *Error {
	if Length(m.Text) > maxUpdated {
		return &Error{Code: "msg_too_long"}
	}
	return Posted(m)
}

func empty(raw json.RawMessage) bool {
	v, _ := decode(raw)
	items, _ := v.([]any)
	return len(items) == 0
}

func attachments(raw json.RawMessage) *Error {
	if len(raw) == 0 {
		return nil
	}
	var items []struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal(raw, &items) != nil {
		return &Error{Code: "invalid_attachments"}
	}
	if len(items) > maxAttachments {
		return &Error{Code: "too_many_attachments"}
	}
	for _, a := range items {
		if e := Blocks(a.Blocks); e != nil {
			return &Error{Code: "invalid_attachments", Messages: e.Messages}
		}
	}
	return nil
}

// Metadata returns why Slack refuses the metadata of a message, or nil.
func Metadata(raw json.RawMessage) *Error {
	if len(raw) == 0 || string(raw) == "{}" {
		return nil
	}
	var m struct {
		EventType string                     `json:"event_type"`
		Payload   map[string]json.RawMessage `json:"event_payload"`
	}
	switch {
	case json.Unmarshal(raw, &m) != nil:
		return &Error{Code: "invalid_metadata_format"}
	case !eventType.MatchString(m.EventType) || m.Payload == nil:
		return &Error{Code: "invalid_metadata_schema"}
	case len(raw) > maxMetadata:
		return &Error{Code: "metadata_too_large"}
	}
	return nil
}
