package limits

import (
	"fmt"
	"slices"
	"strings"
)

const (
	maxContent    = 2000
	maxNonce      = 25
	maxEmbeds     = 10
	maxEmbedChars = 6000
)

// The flags of messages.
const (
	SuppressEmbeds        = 1 << 2
	Ephemeral             = 1 << 6
	SuppressNotifications = 1 << 12
)

// Message says why a message cannot be posted that comes with a number of files.
func Message(body map[string]any, files int) *Error {
	if refused := said(body); refused != nil {
		return refused
	}
	if files == 0 && Empty(body) {
		return Refuse(EmptyMessage)
	}
	return nil
}

// Edit says why a message cannot be changed to what is given. What is left out stays as it was.
func Edit(body map[string]any) *Error { return said(body) }

// said says what is wrong with what a message says.
func said(body map[string]any) *Error {
	m := &mistakes{ids: make(map[string]bool)}
	fields{
		"content":          text(0, maxContent),
		"nonce":            nonce,
		"enforce_nonce":    boolean,
		"tts":              boolean,
		"flags":            integer(0, 1<<31),
		"embeds":           list(0, maxEmbeds, embed().check),
		"components":       list(0, 5, row),
		"allowed_mentions": allowed,
		"attachments":      list(0, 10, fields{"description": text(0, 1024), "filename": text(0, 1024)}.check),
		"message_reference": fields{
			"!message_id": snowflake, "channel_id": snowflake, "guild_id": snowflake,
			"fail_if_not_exists": boolean,
		}.check,
	}.check(m, "", body)
	if n := embedChars(members(body, "embeds")); n > maxEmbedChars {
		m.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbedChars)
	}
	return m.refusal()
}

// Empty returns whether a message says nothing at all.
func Empty(body map[string]any) bool {
	if strings.TrimSpace(word(body, "content")) != "" || body["poll"] != nil {
		return false
	}
	for _, name := range []string{"components", "sticker_ids"} {
		if len(members(body, name)) > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(members(body, "embeds"), func(e any) bool {
		for _, name := range []string{"title", "description", "fields", "footer", "author", "image", "thumbnail"} {
			if v := object(e)[name]; v != nil && v != "" {
				return true
			}
		}
		return false
	})
}

func nonce(m *mistakes, at string, v any) {
	if _, ok := v.(float64); ok {
		return // it may be a number, which has fewer digits
	}
	text(0, maxNonce)(m, at, v)
}

func embed() fields {
	picture := fields{"!url": address("attachment")}.check
	return fields{
		"title":       text(0, 256),
		"description": text(0, 4096),
		"url":         address(),
		"color":       integer(0, 0xFFFFFF),
		"timestamp":   text(0, 40),
		"footer":      fields{"!text": text(1, 2048), "icon_url": address("attachment")}.check,
		"author":      fields{"!name": text(1, 256), "url": address(), "icon_url": address("attachment")}.check,
		"image":       picture,
		"thumbnail":   picture,
		"fields": list(0, 25, fields{
			"!name": text(1, 256), "!value": text(1, 1024), "inline": boolean,
		}.check),
	}
}

// embedChars counts what counts towards the limit of all embeds together.
func embedChars(embeds []any) (n int) {
	count := func(o map[string]any, names ...string) {
		for _, name := range names {
			n += Length(strings.TrimSpace(word(o, name)))
		}
	}
	for _, e := range embeds {
		e := object(e)
		count(e, "title", "description")
		count(object(e["footer"]), "text")
		count(object(e["author"]), "name")
		for _, f := range members(e, "fields") {
			count(object(f), "name", "value")
		}
	}
	return n
}

// allowed checks who may be mentioned.
func allowed(m *mistakes, at string, v any) {
	kinds := []string{"roles", "users", "everyone"}
	fields{
		"parse": list(0, 3, func(m *mistakes, at string, v any) {
			if s, _ := v.(string); !slices.Contains(kinds, s) {
				m.add(at, "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
			}
		}),
		"users": list(0, 100, snowflake), "roles": list(0, 100, snowflake), "replied_user": boolean,
	}.check(m, at, v)
	for _, kind := range kinds[:2] {
		if len(members(object(v), kind)) > 0 && slices.Contains(members(object(v), "parse"), any(kind)) {
			m.add(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				"parse:[%q] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
	}
}

// Flags returns the flags of a message.
func Flags(body map[string]any) int {
	n, _ := body["flags"].(float64)
	return int(n)
}

// Choices says what is wrong with what completes an option.
func Choices(data map[string]any) *Error {
	m := &mistakes{}
	fields{"!choices": list(0, 25, choice(anything))}.check(m, "data", data)
	return m.refusal()
}

// choice is one of the values that an option can have.
func choice(value check) check {
	name := text(1, 100)
	either := func(m *mistakes, at string, v any) {
		if _, ok := v.(string); ok {
			text(1, 100)(m, at, v)
		} else if _, ok := v.(float64); !ok {
			m.add(at, "BASE_TYPE_CONVERT", "Could not interpret %q as a value.", fmt.Sprint(v))
		}
		value(m, at, v)
	}
	return fields{"!name": name, "name_localizations": localised(name), "!value": either}.check
}
