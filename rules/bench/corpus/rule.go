package corpus

import (
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
)

// Kind is what a rule asks for.
type Kind uint8

// The kinds of rules.
const (
	Word   Kind = iota // A, one word
	Run                // A and B, one word each, within a passage
	Phrase             // A, words that follow one another
	Or                 // A or B, one word each
	Not                // A without B, one word each
)

// Rule is a drawn rule, from which each engine makes its own. Its words are lower-case ASCII
// letters. B has a word if the kind says so, and never that of A.
type Rule struct {
	Kind Kind
	A    []string
	B    string
}

// Text returns the rule in the product's language. An exact one asks for the words as they are, as
// every other engine does; one that is not finds their inflected forms too.
func (r Rule) Text(exact bool) string {
	mark := ""
	if exact {
		mark = "="
	}
	a, b := mark+strings.Join(r.A, " "), mark+r.B
	switch r.Kind {
	case Run:
		return a + " " + b
	case Phrase:
		return fmt.Sprintf("%s%q", mark, strings.Join(r.A, " "))
	case Or:
		return a + " OR " + b
	case Not:
		return a + " -" + b
	}
	return a
}

// Watch returns the rule as the watch with a number.
func (r Rule) Watch(number int, exact bool) rules.Watch {
	return rules.Watch{ID: ID(number), Owner: "bench", Rule: r.Text(exact)}
}

// ID returns the ID of the watch with a number. The order of IDs is that of numbers.
func ID(number int) string { return fmt.Sprintf("w%07d", number) }

// Number returns the number of the watch with an ID that [ID] made.
func Number(id string) int {
	n := 0
	for _, digit := range id[1:] {
		n = n*10 + int(digit-'0')
	}
	return n
}

// Watches returns the rules as watches, numbered from 0.
func Watches(drawn []Rule, exact bool) []rules.Watch {
	watches := make([]rules.Watch, len(drawn))
	for i, r := range drawn {
		watches[i] = r.Watch(i, exact)
	}
	return watches
}
