package bench

import (
	"sync/atomic"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// versions is a set of watches that one goroutine changes while others match with the latest.
//
// The oldest watch goes first, so that in time every watch has been exchanged, those included that
// were compiled. IDs are no sign of age: a change is to be as costly as where it falls makes it.
type versions struct {
	drawn          []corpus.Rule
	set            atomic.Pointer[rules.Set]
	oldest, newest int // numbers of watches, the latter of the next one
}

// newVersions compiles rules.
func newVersions(drawn []corpus.Rule) (*versions, error) {
	v := &versions{drawn: drawn, newest: len(drawn)}
	watches := make([]rules.Watch, len(drawn))
	for i := range watches {
		watches[i] = v.watch(i)
	}
	set, err := rules.Compile(watches, nil)
	v.set.Store(set)
	return v, err
}

// watch returns the watch with a number, any number.
func (v *versions) watch(number int) rules.Watch {
	w := v.drawn[number%len(v.drawn)].Watch(0, false)
	w.ID = scattered(number)
	return w
}

// scattered returns the ID of the watch with a number: the first ten million are different, and
// numbers that follow one another give IDs far apart.
func scattered(number int) string {
	const ids, step = 10_000_000, 3_819_661 // the golden section of ids, and prime to it
	return corpus.ID(number % ids * step % ids)
}

// add adds a watch.
func (v *versions) add() error {
	set, err := v.set.Load().With(v.watch(v.newest))
	if err != nil {
		return err
	}
	v.set.Store(set)
	v.newest++
	return nil
}

// remove removes the oldest watch. It never fails.
func (v *versions) remove() error {
	v.set.Store(v.set.Load().Without(scattered(v.oldest)))
	v.oldest++
	return nil
}

// exchange removes a watch if there is one too many, or else adds one.
func (v *versions) exchange() error {
	if v.newest-v.oldest > len(v.drawn) {
		return v.remove()
	}
	return v.add()
}
