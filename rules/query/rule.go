// Package query is the language of watch rules: it reads a rule into a tree and prints it again.
//
// [Parse] takes any text and answers with a [Rule] or a [SyntaxError] that says where the mistake
// is, what is wrong and what to write instead. Everything here is pure, never changes once made,
// and may be used from any number of goroutines. What the language means is told in package rules,
// whose matcher walks the tree.
package query

import (
	"slices"
	"strconv"
	"strings"
)

// Rule is a parsed rule. It never changes.
type Rule struct{ Root Node }

// String returns the rule in its canonical spelling: parsing it again gives an equal rule.
func (r *Rule) String() string { return r.Root.String() }

// Field is a part of a document that a rule can name or a hit can lie in.
type Field uint8

const (
	Anywhere Field = iota // the title and the text, read as one
	Title
	Text
	Source
	Category
	Lang
)

// String returns the name by which rules and hits call the field.
func (f Field) String() string {
	switch f {
	case Title:
		return "title"
	case Text:
		return "text"
	case Source:
		return "source"
	case Category:
		return "category"
	case Lang:
		return "lang"
	}
	return ""
}

// Node is a part of a rule: *[Term], [Regexp], [Run], [Near], [And], [Or], [Not] or [In].
type Node interface {
	String() string
	binding() binding
}

type (
	Run    []Node              // side by side: within one passage
	And    []Node              // all, anywhere
	Or     []Node              // at least one
	Not    struct{ Kid Node }  // none in the document
	Regexp struct{ Re string } // RE2 syntax, over the text as it is written
	In     struct {            // in one field
		Field Field
		Kid   Node
	}

	// Near is operands of which each stands within so many words of the one before it: Within[i]
	// is the distance between Kids[i] and Kids[i+1].
	Near struct {
		Kids   []Node
		Within []int
	}
)

// binding says how tightly a node holds its parts together; the tighter stands without
// parentheses inside the looser.
type binding int

const (
	bindsOr binding = iota
	bindsAnd
	bindsRun
	bindsNear
	bindsNot
	bindsField
	bindsTerm
)

func (Run) binding() binding    { return bindsRun }
func (And) binding() binding    { return bindsAnd }
func (Or) binding() binding     { return bindsOr }
func (Near) binding() binding   { return bindsNear }
func (Not) binding() binding    { return bindsNot }
func (In) binding() binding     { return bindsField }
func (Regexp) binding() binding { return bindsTerm }

func (n Run) String() string    { return joined(n, " ", bindsRun) }
func (n And) String() string    { return joined(n, " AND ", bindsAnd) }
func (n Or) String() string     { return joined(n, " OR ", bindsOr) }
func (n Not) String() string    { return "-" + within(n.Kid, bindsNot) }
func (n In) String() string     { return n.Field.String() + ":" + within(n.Kid, bindsField) }
func (n Regexp) String() string { return "/" + n.Re + "/" }

func (n Near) String() string {
	text := within(n.Kids[0], bindsNear)
	for i, kid := range n.Kids[1:] {
		text += " NEAR/" + strconv.Itoa(n.Within[i]) + " " + within(kid, bindsNear)
	}
	return text
}

func joined(kids []Node, separator string, outer binding) string {
	parts := make([]string, len(kids))
	for i, kid := range kids {
		parts[i] = within(kid, outer)
	}
	return strings.Join(parts, separator)
}

// within returns a node's text for a place inside one that binds as outer does.
func within(n Node, outer binding) string {
	if n.binding() <= outer {
		return "(" + n.String() + ")"
	}
	return n.String()
}

// Parts returns the nodes directly under n.
func Parts(n Node) []Node {
	switch n := n.(type) {
	case Run:
		return n
	case And:
		return n
	case Or:
		return n
	case Near:
		return n.Kids
	case Not:
		return []Node{n.Kid}
	case In:
		return []Node{n.Kid}
	}
	return nil
}

// Positional reports whether n names places in the text, so that a passage can hold it.
func Positional(n Node) bool {
	switch n := n.(type) {
	case *Term:
		return true
	case Or:
		return !slices.ContainsFunc(n, func(kid Node) bool { return !Positional(kid) })
	}
	return false
}
