package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError is a mistake in a rule: where it is, what is wrong and what to write instead.
// Problem and Remedy are for people: lower case, without a full stop.
type SyntaxError struct {
	Rule       string
	Start, End int // byte offsets into Rule, half-open
	Problem    string
	Remedy     string
}

// Error is one sentence; the column counts characters from 1.
func (e *SyntaxError) Error() string {
	column := utf8.RuneCountInString(e.Rule[:e.Start]) + 1
	return fmt.Sprintf("column %d: %s; %s", column, e.Problem, e.Remedy)
}

// Caret returns the rule on one line and, on the next, ^~~~ under the mistake. It is meant for a
// monospaced font: every character is a column, marks and invisible characters are none.
func (e *SyntaxError) Caret() string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, e.Rule)
	tail := max(columns(e.Rule[e.Start:e.End])-1, 0)
	return line + "\n" + strings.Repeat(" ", columns(e.Rule[:e.Start])) + "^" +
		strings.Repeat("~", tail)
}

// columns counts the characters of s that take a column.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			n++
		}
	}
	return n
}
