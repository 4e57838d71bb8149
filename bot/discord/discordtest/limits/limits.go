// Package limits says what Discord refuses: messages, modals and commands come in as the JSON that a
// bot sends, and the error that Discord answers comes out. Nothing is kept and nothing is sent. Where
// Discord's documents leave room it takes the stricter reading; a component that it does not know is
// refused, though Discord knows more of them.
package limits

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// mistake is one thing that is wrong with a body, with where it is: keys with slashes between them.
type mistake struct{ at, code, message string }

// mistakes gathers what is wrong with a body.
type mistakes struct {
	found []mistake
	ids   map[string]bool // custom_id of the components so far
}

func (m *mistakes) add(at, code, format string, args ...any) {
	m.found = append(m.found, mistake{at, code, fmt.Sprintf(format, args...)})
}

// refusal returns the error that Discord answers, or nil when nothing is wrong.
func (m *mistakes) refusal() *Error {
	if len(m.found) == 0 {
		return nil
	}
	e := Refuse(InvalidForm)
	e.Errors = make(map[string]any)
	for _, one := range m.found {
		place := e.Errors
		for key := range strings.SplitSeq(one.at, "/") {
			if key == "" {
				continue
			}
			inner, ok := place[key].(map[string]any)
			if !ok {
				inner = make(map[string]any)
				place[key] = inner
			}
			place = inner
		}
		list, _ := place["_errors"].([]any)
		place["_errors"] = append(list, map[string]any{"code": one.code, "message": one.message})
	}
	return e
}

// Length returns how long a text is: it counts UTF-16 units. Discord does not say what a character is,
// and this is never less strict than counting code points.
func Length(s string) int { return len(utf16.Encode([]rune(s))) }

// check finds mistakes in a value that stands somewhere.
type check func(m *mistakes, at string, v any)

// text is a text that is counted after the space around it was cut off.
func text(least, most int) check {
	return func(m *mistakes, at string, v any) {
		s, ok := v.(string)
		n := Length(strings.TrimSpace(s))
		switch {
		case !ok:
			m.add(at, "STRING_TYPE_CONVERT", "Could not interpret %q as string.", fmt.Sprint(v))
		case n == 0 && least > 0:
			m.add(at, "BASE_TYPE_REQUIRED", "This field is required")
		case n > most && least > 0:
			m.add(at, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
		case n > most:
			m.add(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
		}
	}
}

// integer is a whole number in a range.
func integer(least, most float64) check {
	return func(m *mistakes, at string, v any) {
		n, ok := v.(float64)
		switch {
		case !ok || n != math.Trunc(n):
			m.add(at, "NUMBER_TYPE_COERCE", "Value %q is not int.", fmt.Sprint(v))
		case n < least:
			m.add(at, "NUMBER_TYPE_MIN", "int value should be greater than or equal to %v.", least)
		case n > most:
			m.add(at, "NUMBER_TYPE_MAX", "int value should be less than or equal to %v.", most)
		}
	}
}

// boolean is true or false.
func boolean(m *mistakes, at string, v any) {
	if _, ok := v.(bool); !ok {
		m.add(at, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
}

// number is one of some numbers.
func number(of ...float64) check {
	return func(m *mistakes, at string, v any) {
		if n, ok := v.(float64); !ok || !slices.Contains(of, n) {
			words := make([]string, len(of))
			for i, n := range of {
				words[i] = fmt.Sprint(n)
			}
			m.add(at, "BASE_TYPE_CHOICES", "Value must be one of (%s).", strings.Join(words, ", "))
		}
	}
}

// address is an address of the web, of at most 2048 characters, or of one of more schemes.
func address(schemes ...string) check {
	schemes = append([]string{"http", "https"}, schemes...)
	return func(m *mistakes, at string, v any) {
		s, _ := v.(string)
		u, err := url.Parse(s)
		switch {
		case Length(s) > 2048:
			m.add(at, "BASE_TYPE_MAX_LENGTH", "Must be 2048 or fewer in length.")
		case s == "":
			m.add(at, "BASE_TYPE_REQUIRED", "This field is required")
		case err != nil || !slices.Contains(schemes, u.Scheme):
			m.add(at, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('%s').", strings.Join(schemes, "', '"))
		case u.Host == "":
			m.add(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
		}
	}
}

// snowflake is an id.
func snowflake(m *mistakes, at string, v any) {
	s, _ := v.(string)
	if _, err := strconv.ParseUint(s, 10, 64); err != nil {
		m.add(at, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", fmt.Sprint(v))
	}
}

// list is a list with a number of members.
func list(least, most int, of check) check {
	return func(m *mistakes, at string, v any) {
		all, ok := v.([]any)
		switch n := len(all); {
		case !ok:
			m.add(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
		case n == 0 && least > 0:
			m.add(at, "BASE_TYPE_REQUIRED", "This field is required")
		case n > most && least > 0:
			m.add(at, "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
		case n > most:
			m.add(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
		}
		for i, one := range all {
			of(m, at+"/"+strconv.Itoa(i), one)
		}
	}
}

// fields are the fields of an object. A name with an exclamation mark before it is required; others may
// be null. Discord takes no notice of fields that it does not know.
type fields map[string]check

func (f fields) check(m *mistakes, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		m.add(at, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
		return
	}
	for name, check := range f {
		name, required := strings.CutPrefix(name, "!")
		value := o[name]
		switch {
		case value != nil:
			check(m, at+"/"+name, value)
		case required:
			m.add(at+"/"+name, "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
}

func anything(*mistakes, string, any) {}

// object returns a value as an object, which is empty when it is none.
func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// members returns the members of a list that stands in an object.
func members(o map[string]any, name string) []any {
	all, _ := o[name].([]any)
	return all
}

// word returns a text that stands in an object.
func word(o map[string]any, name string) string {
	s, _ := o[name].(string)
	return s
}
