package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/config/toml"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/schedule"
)

const day = 24 * time.Hour

// duration is a length of time between two others.
func duration(into *time.Duration, low, high time.Duration) toml.Reader {
	return toml.Word(into, toml.Within(low, high, toml.Syntax[time.Duration]{
		Wants: `a duration like "20s" or "30d"`,
		Parse: schedule.ParseDuration,
	}, showDuration))
}

// showDuration writes a duration as people do: "7d", "90m", "20s".
func showDuration(d time.Duration) string {
	if d >= day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// size is a number of bytes between two others.
func size(into *int64, low, high int64) toml.Reader {
	return toml.Word(into, toml.Within(low, high, byteSize, showSize))
}

// rule is a rule of the language of package rules, kept as its text.
func rule(into *string) toml.Reader {
	return func(d *toml.Document, path string, n *toml.Node) {
		text, ok := d.TextOf(path, n, "a rule in quotes")
		if !ok {
			return
		}
		*into = text
		var e *rules.SyntaxError
		if _, err := rules.Parse(text); errors.As(err, &e) {
			badRule(d, n, text, e)
		}
	}
}

// badRule points at the place of a mistake in the config itself, where the rule stands there as it
// is; where it is written with escapes or over several lines, the rule is shown alone; where it
// comes from a ${…}, it is not shown.
func badRule(d *toml.Document, n *toml.Node, filled string, e *rules.SyntaxError) {
	switch {
	case filled != n.Text:
		d.Add(n.At, "rule wants a rule, which %q does not stand for", n.Text)
		return
	case len(n.Raw) != len(filled)+2 || n.Raw[1:len(n.Raw)-1] != filled:
		d.AddWith(e.Caret(), n.At, "rule: %v", e)
		return
	}
	first := n.At + 1 // behind the quote
	line, start := d.LineAround(first)
	there := rules.SyntaxError{
		Rule:  line,
		Start: first + e.Start - start,
		End:   first + e.End - start,
	}
	d.AddWith(there.Caret(), first+e.Start, "rule: %s; %s", e.Problem, e.Remedy)
}

// headers is a table of HTTP headers.
func headers(into *map[string]string) toml.Reader {
	return func(d *toml.Document, path string, n *toml.Node) {
		if n.Kind != toml.Table {
			d.Wrong(path, n, "a table of strings")
			return
		}
		*into = map[string]string{}
		for _, m := range n.Members {
			if _, err := headerName.Parse(m.Name); err != nil {
				d.Add(m.KeyAt, "headers: %v", err)
			}
			var value string
			toml.Word(&value, headerText)(d, path, m.Node)
			(*into)[m.Name] = value
		}
	}
}
