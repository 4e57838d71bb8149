package engine

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// tester is an engine that asks each rule in turn whether a document answers it.
type tester struct {
	tests []func(text string) bool
	found []int32
}

// Match implements [Engine].
func (t *tester) Match(d rules.Document) int {
	text := strings.ToLower(d.Title + "\n" + d.Text)
	t.found = t.found[:0]
	for i, test := range t.tests {
		if test(text) {
			t.found = append(t.found, int32(i))
		}
	}
	return len(t.found)
}

// Found implements [Engine].
func (t *tester) Found() []int32 { return t.found }

// Contains is the bot that everybody writes first: strings.Contains on text in lower case. It finds
// words inside others and knows no passages.
type Contains struct{ tester }

// NewContains makes the rules ready.
func NewContains(drawn []corpus.Rule) *Contains {
	c := &Contains{}
	for _, r := range drawn {
		c.tests = append(c.tests, contains(r))
	}
	return c
}

func contains(r corpus.Rule) func(string) bool {
	a := strings.Join(r.A, " ")
	switch r.Kind {
	case corpus.Run:
		return func(s string) bool { return strings.Contains(s, a) && strings.Contains(s, r.B) }
	case corpus.Or:
		return func(s string) bool { return strings.Contains(s, a) || strings.Contains(s, r.B) }
	case corpus.Not:
		return func(s string) bool { return strings.Contains(s, a) && !strings.Contains(s, r.B) }
	}
	return func(s string) bool { return strings.Contains(s, a) }
}

// Regexp has a regular expression for each rule, on text in lower case. Its words are those of
// [regexp], which knows ASCII only.
type Regexp struct{ tester }

// NewRegexp compiles the expressions.
func NewRegexp(drawn []corpus.Rule) *Regexp {
	e := &Regexp{}
	for _, r := range drawn {
		e.tests = append(e.tests, expression(r))
	}
	return e
}

func expression(r corpus.Rule) func(string) bool {
	a := regexp.MustCompile(`\b` + strings.Join(r.A, `\W+`) + `\b`)
	switch r.Kind {
	case corpus.Run:
		return nearby(r.A[0], r.B)
	case corpus.Or:
		return regexp.MustCompile(fmt.Sprintf(`\b(?:%s|%s)\b`, r.A[0], r.B)).MatchString
	case corpus.Not:
		b := regexp.MustCompile(`\b` + r.B + `\b`)
		return func(s string) bool { return a.MatchString(s) && !b.MatchString(s) }
	}
	return a.MatchString
}

// nearby tests for two words with at most 28 others between them.
func nearby(a, b string) func(string) bool {
	const follows = `\b%s\b(?:\W+\w+){0,28}?\W+%s\b`
	ab := regexp.MustCompile(fmt.Sprintf(follows, a, b))
	ba := regexp.MustCompile(fmt.Sprintf(follows, b, a))
	return func(s string) bool { return ab.MatchString(s) || ba.MatchString(s) }
}
