package rules

import (
	"slices"
	"strings"
)

// Rule is a parsed rule. It never changes.
type Rule struct{ root node }

// String returns the rule in its canonical spelling: parsing it again gives an equal rule.
func (r *Rule) String() string { return r.root.String() }

// node is a part of a rule: *term, run, and, or, not or in.
type node interface {
	String() string
	binding() binding

	// find reports whether the node holds in a stretch of the page, and the places by which it
	// holds.
	find(p *page, s span) ([]found, bool)
}

// binding says how tightly a node holds its parts together; the tighter stands without
// parentheses inside the looser.
type binding int

const (
	bindsOr binding = iota
	bindsAnd
	bindsRun
	bindsNot
	bindsField
	bindsTerm
)

type (
	run []node             // side by side: within one passage
	and []node             // all, anywhere
	or  []node             // at least one
	not struct{ kid node } // none in the document
	in  struct {           // in one field
		field field
		kid   node
	}
)

func (run) binding() binding { return bindsRun }
func (and) binding() binding { return bindsAnd }
func (or) binding() binding  { return bindsOr }
func (not) binding() binding { return bindsNot }
func (in) binding() binding  { return bindsField }

func (n run) String() string { return joined(n, " ", bindsRun) }
func (n and) String() string { return joined(n, " AND ", bindsAnd) }
func (n or) String() string  { return joined(n, " OR ", bindsOr) }
func (n not) String() string { return "-" + within(n.kid, bindsNot) }
func (n in) String() string  { return n.field.String() + ":" + within(n.kid, bindsField) }

func joined(kids []node, separator string, outer binding) string {
	parts := make([]string, len(kids))
	for i, kid := range kids {
		parts[i] = within(kid, outer)
	}
	return strings.Join(parts, separator)
}

// within returns a node's text for a place inside one that binds as outer does.
func within(n node, outer binding) string {
	if n.binding() <= outer {
		return "(" + n.String() + ")"
	}
	return n.String()
}

// parts returns the nodes directly under n.
func parts(n node) []node {
	switch n := n.(type) {
	case run:
		return n
	case and:
		return n
	case or:
		return n
	case not:
		return []node{n.kid}
	case in:
		return []node{n.kid}
	}
	return nil
}

// positional reports whether n names places in the text, so that a passage can hold it.
func positional(n node) bool {
	switch n := n.(type) {
	case *term:
		return true
	case or:
		return !slices.ContainsFunc(n, func(kid node) bool { return !positional(kid) })
	}
	return false
}
