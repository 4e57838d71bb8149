// Package engine holds the product's matcher and those that it is compared with, each behind the
// same few methods.
//
// All but [Contains] and [Regexp] find exactly the same matches of rules that ask for the words as
// they are, which tests assert. The product alone gives them in order and may be used by many
// goroutines at a time. [Reporter] says as much as the product does; the others give numbers of
// rules, in memory that they use again.
package engine

import "github.com/tensionwatch/tensionwatch/rules"

// Engine finds the rules that a document answers.
type Engine interface {
	// Match matches a document and returns how many rules it answers.
	Match(d rules.Document) int

	// Found returns the numbers of the rules that the last document answered, in any order. It is
	// not timed. The next Match overwrites them.
	Found() []int32
}
