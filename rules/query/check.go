package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxCharacters is the limit of a rule's length.
const maxCharacters = 1000

// checkText refuses what need not be parsed.
func (p *parser) checkText() {
	if !utf8.ValidString(p.rule) {
		p.failAt(0, 0, "the rule is not valid UTF-8", "write it again")
	}
	if strings.TrimSpace(p.rule) == "" {
		p.failAt(0, len(p.rule), "the rule is empty", "write a word to look for, such as Oman")
	}
	if characters := []rune(p.rule); len(characters) > maxCharacters {
		p.failAt(len(string(characters[:maxCharacters])), len(p.rule),
			fmt.Sprintf("the rule is longer than %d characters", maxCharacters),
			"make two watches of it")
	}
}

// checkSense refuses a rule that matches nearly everything, and one that never matches.
func (p *parser) checkSense(root Node) {
	if idle := unanchored(root); idle != nil {
		p.failAt(0, len(p.rule),
			fmt.Sprintf("%s by itself matches nearly everything, as nothing must be found", idle),
			fmt.Sprintf("add a word, as in Oman %s", within(idle, bindsRun)))
	}
	if both := contradiction(root); both != nil {
		p.failAt(0, len(p.rule),
			fmt.Sprintf("%s is asked for and forbidden, so the rule can never match", both),
			"remove one of the two")
	}
}

// unanchored returns a part of n, perhaps n itself, by which n can hold without anything having
// been found, or nil: a rule with such a part matches nearly everything and cannot say why.
func unanchored(n Node) Node {
	switch n := n.(type) {
	case *Term, Regexp, Near:
		return nil
	case Or:
		for _, kid := range n {
			if idle := unanchored(kid); idle != nil {
				return idle
			}
		}
		return nil
	case In:
		if n.Field != Lang {
			return unanchored(n.Kid)
		}
	case Run, And:
		if slices.ContainsFunc(Parts(n), func(kid Node) bool { return unanchored(kid) == nil }) {
			return nil
		}
	}
	return n
}

// contradiction returns a part of n that n asks for and forbids, or nil.
func contradiction(n Node) Node {
	wanted := conditions(n)
	for _, forbidden := range wanted {
		no, ok := forbidden.(Not)
		if ok && slices.ContainsFunc(wanted, func(w Node) bool { return same(w, no.Kid) }) {
			return no.Kid
		}
	}
	for _, kid := range Parts(n) {
		if found := contradiction(kid); found != nil {
			return found
		}
	}
	return nil
}

// conditions returns what must all hold for n to hold.
func conditions(n Node) []Node {
	switch n.(type) {
	case Run, And:
		var all []Node
		for _, kid := range Parts(n) {
			all = append(all, conditions(kid)...)
		}
		return all
	}
	return []Node{n}
}

// same reports whether two nodes ask for the same thing, whatever their letter case.
func same(a, b Node) bool {
	s, ok := a.(*Term)
	t, also := b.(*Term)
	if ok && also {
		return s.Exact == t.Exact && s.Alike == t.Alike && slices.Equal(s.Words, t.Words)
	}
	return a.String() == b.String()
}
