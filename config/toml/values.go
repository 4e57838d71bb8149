package toml

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// TextOf returns a string with its ${…} filled in.
func (d *Document) TextOf(path string, n *Node, wants string) (string, bool) {
	if n.Kind != String {
		d.Wrong(path, n, wants)
		return "", false
	}
	filled, err := d.Fill(n.Text)
	if err != nil {
		d.Add(n.At, "%s: %v", leaf(path), err)
	}
	return filled, err == nil
}

// Text is a string of any kind.
func Text(into *string) Reader {
	return func(d *Document, path string, n *Node) {
		if s, ok := d.TextOf(path, n, "a string"); ok {
			*into = s
		}
	}
}

// Texts is a list of strings.
func Texts(into *[]string) Reader {
	return Words(into, Syntax[string]{
		Wants: listOfStrings,
		Parse: func(s string) (string, error) { return s, nil },
	})
}

const listOfStrings = "a list of strings"

// Words is a list of strings that are written in some syntax.
func Words[T any](into *[]T, s Syntax[T]) Reader {
	return func(d *Document, path string, n *Node) {
		if n.Kind != List {
			d.Wrong(path, n, listOfStrings)
			return
		}
		// A place is kept for a wrong one, so that the n-th value is the n-th item.
		*into = make([]T, len(n.Items))
		for i, item := range n.Items {
			Word(&(*into)[i], s)(d, path, item)
		}
	}
}

// Flag is true or false.
func Flag(into *bool) Reader {
	return func(d *Document, path string, n *Node) {
		if n.Kind != unstable.Bool {
			d.Wrong(path, n, "true or false")
			return
		}
		*into = n.Text == "true"
	}
}

// Whole is a whole number of at least low and at most high.
func Whole(into *int, low, high int) Reader {
	return func(d *Document, path string, n *Node) {
		if n.Kind != unstable.Integer {
			d.Wrong(path, n, "a whole number")
			return
		}
		v, err := strconv.ParseInt(n.Text, 0, 0)
		if err != nil || int(v) < low || int(v) > high {
			d.Add(n.At, "%s wants a whole number from %d to %d, got %s",
				leaf(path), low, high, n.Text)
			return
		}
		*into = int(v)
	}
}

// Syntax is a way in which a string may be written. The errors of Parse are for people: they say
// what is wrong and what to write instead.
type Syntax[T any] struct {
	Wants  string // "a cron schedule like …"
	Secret bool   // what is written so may hold a secret, and the errors of Parse never quote it
	Parse  func(string) (T, error)
}

// OrEmpty is the syntax or nothing at all.
func OrEmpty[T any](s Syntax[T]) Syntax[T] {
	parse := s.Parse
	s.Parse = func(text string) (v T, err error) {
		if text == "" {
			return v, nil
		}
		return parse(text)
	}
	return s
}

// Word is a string that is written in some syntax.
func Word[T any](into *T, s Syntax[T]) Reader {
	return func(d *Document, path string, n *Node) {
		text, ok := d.TextOf(path, n, s.Wants)
		if !ok {
			return
		}
		v, err := s.Parse(text)
		switch {
		case err == nil:
			*into = v
		case text != n.Text && !s.Secret: // the error may quote what a ${…} stands for
			d.Add(n.At, "%s wants %s, which %q does not stand for", leaf(path), s.Wants, n.Text)
		default:
			d.Add(n.At, "%s: %v", leaf(path), err)
		}
	}
}

// Within is a quantity that lies between two others, the ends included.
func Within[T ~int64](low, high T, s Syntax[T], show func(T) string) Syntax[T] {
	parse := s.Parse
	s.Parse = func(text string) (T, error) {
		v, err := parse(text)
		switch {
		case err != nil:
			return v, err
		case v < low:
			return v, fmt.Errorf("%q is too little: write %s or more", text, show(low))
		case v > high:
			return v, fmt.Errorf("%q is too much: write %s or less", text, show(high))
		}
		return v, nil
	}
	return s
}

// OneOf is one of a few words.
func OneOf[T ~string](into *T, words ...T) Reader {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = string(w)
	}
	return Word(into, Syntax[T]{
		Wants: "one of " + strings.Join(names, ", "),
		Parse: func(s string) (T, error) {
			if !slices.Contains(names, s) {
				return "", fmt.Errorf("%q is not known: %s", s, Suggest(s, names))
			}
			return T(s), nil
		},
	})
}

// Pattern is what a regular expression matches from end to end. It panics if the expression cannot
// be compiled.
func Pattern(expression, wants string) Syntax[string] {
	whole := regexp.MustCompile(`^(?:` + expression + `)$`)
	return Syntax[string]{
		Wants: wants,
		Parse: func(s string) (string, error) {
			if !whole.MatchString(s) {
				return "", fmt.Errorf("%q does not fit: write %s", s, wants)
			}
			return s, nil
		},
	}
}
