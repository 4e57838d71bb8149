// Package limits says what Slack refuses: messages, blocks and views come in as the JSON that a bot
// sends, and the error that Slack answers comes out. Nothing is kept and nothing is sent. Where Slack's
// documents leave room it takes the stricter reading; a block type that it does not know is refused,
// though Slack knows more of them.
package limits

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Error is how Slack refuses a request.
type Error struct {
	Code             string   // the word in "error"
	Messages         []string // in response_metadata, one for each mistake
	Needed, Provided string   // scopes, when one is missing
}

// Error returns the refusal in one line.
func (e *Error) Error() string { return strings.Join(append([]string{e.Code}, e.Messages...), "; ") }

// Length returns how long a text is for Slack: it counts UTF-16 units, as its clients do.
func Length(s string) int { return len(utf16.Encode([]rune(s))) }

// mistakes gathers what is wrong with a value, each with where it is.
type mistakes struct {
	found    []string
	blockIDs map[string]bool
}

func (m *mistakes) add(at, format string, args ...any) {
	m.found = append(m.found, fmt.Sprintf("[ERROR] "+format+" [json-pointer:"+at+"]", args...))
}

// check finds mistakes in a value that stands at a JSON pointer.
type check func(m *mistakes, at string, v any)

// str is a text with at least one and at most so many characters.
func str(most int) check { return between(1, most) }

// maybe is a text that may be empty.
func maybe(most int) check { return between(0, most) }

func between(least, most int) check {
	return func(m *mistakes, at string, v any) {
		s, ok := v.(string)
		switch n := Length(s); {
		case !ok:
			m.add(at, "must be a string")
		case n < least:
			m.add(at, "must be more than %d characters", least-1)
		case n > most:
			m.add(at, "must be less than %d characters", most+1)
		}
	}
}

// boolean is true or false.
func boolean(m *mistakes, at string, v any) {
	if _, ok := v.(bool); !ok {
		m.add(at, "must be a boolean")
	}
}

// number is a whole number in a range.
func number(least, most float64) check {
	return func(m *mistakes, at string, v any) {
		n, ok := v.(float64)
		if !ok || n != float64(int(n)) {
			m.add(at, "must be an integer")
		} else if n < least || n > most {
			m.add(at, "must be between %v and %v", least, most)
		}
	}
}

// word is one of some words.
func word(words ...string) check {
	return func(m *mistakes, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			m.add(at, "value must be one of %s", strings.Join(words, ", "))
		}
	}
}

// link is an absolute address of the web.
func link(most int) check {
	return func(m *mistakes, at string, v any) {
		before := len(m.found)
		str(most)(m, at, v)
		s, _ := v.(string)
		u, err := url.Parse(s)
		web := err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
		if len(m.found) == before && !web {
			m.add(at, "must be a valid URL")
		}
	}
}

// anything is what is not looked into.
func anything(*mistakes, string, any) {}

// list is an array of so many items.
func list(least, most int, item check) check {
	return func(m *mistakes, at string, v any) {
		items, ok := v.([]any)
		switch {
		case !ok:
			m.add(at, "must be an array")
		case len(items) < least:
			m.add(at, "no fewer than %d items allowed", least)
		case len(items) > most:
			m.add(at, "no more than %d items allowed", most)
		default:
			for i, v := range items {
				item(m, fmt.Sprintf("%s/%d", at, i), v)
			}
		}
	}
}

// fields are what an object may have, by name; a name with a star must be there.
type fields map[string]check

// object is an object with some fields and no others.
func object(f fields) check {
	return func(m *mistakes, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			m.add(at, "must be an object")
			return
		}
		for _, name := range sorted(o) {
			c := f[name]
			if c == nil {
				c = f["*"+name]
			}
			if c == nil {
				m.add(at, "invalid additional property: %s", name)
				continue
			}
			c(m, at+"/"+name, o[name])
		}
		for _, name := range sorted(f) {
			if required, ok := strings.CutPrefix(name, "*"); ok && o[required] == nil {
				m.add(at, "missing required field: %s", required)
			}
		}
	}
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// typed is an object whose type says which fields it has. Slack says of a failure in one that no
// schema matched, before it says what is wrong.
func typed(of map[string]check) check {
	return func(m *mistakes, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			m.add(at, "must be an object")
			return
		}
		name, _ := o["type"].(string)
		c := of[name]
		if c == nil {
			m.add(at+"/type", "unsupported type: %s", name)
			return
		}
		inner := mistakes{blockIDs: m.blockIDs}
		c(&inner, at, v)
		if len(inner.found) > 0 && strings.Count(at, "/") > 2 {
			m.add(at, "failed to match all allowed schemas")
		}
		m.found = append(m.found, inner.found...)
	}
}

// decode reads JSON, and returns false when it is none.
func decode(raw json.RawMessage) (v any, ok bool) {
	return v, json.Unmarshal(raw, &v) == nil
}

var eventType = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,254}$`)
