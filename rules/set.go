package rules

import (
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules/page"
)

// Set is a number of compiled watches. It never changes; nil is an empty set.
//
// It is made of layers, each an index of its own. With adds to the smallest, and when there are too
// many small ones they are merged with the next, and that with its next if it has grown to its size
// (O'Neil et al., The Log-Structured Merge-Tree, Acta Informatica 33, 1996): so an addition costs
// microseconds nearly always, and however many were made, a document meets few layers. What is taken
// out of a large layer is only marked.
type Set struct {
	names  *Names
	reader *page.Reader
	layers []layer // the largest first; no two share a watch
}

var errTaken = errors.New("another watch has this ID; rename one of them")

// Compile makes a set of watches, which need not be in order. The error joins a *[WatchError] for
// every watch whose rule cannot be read and for every ID that comes a second time.
func Compile(watches []Watch, names *Names) (*Set, error) {
	s := &Set{names: names, reader: page.NewReader()}
	if len(watches) == 0 {
		return s, nil
	}
	sorted := watches
	if !slices.IsSortedFunc(sorted, byID) {
		sorted = slices.SortedStableFunc(slices.Values(watches), byID)
	}
	l, err := newLayer(s.reader, sorted, names)
	if err != nil || hasTwins(sorted) {
		return nil, mistakes(watches)
	}
	s.layers = []layer{l}
	return s, nil
}

// mistakes joins what is wrong with watches, in their order.
func mistakes(watches []Watch) error {
	var all []error
	seen := make(map[string]bool, len(watches))
	for _, w := range watches {
		if seen[w.ID] {
			all = append(all, &WatchError{w, errTaken})
		}
		seen[w.ID] = true
		if _, err := Parse(w.Rule); err != nil {
			all = append(all, &WatchError{w, err})
		}
	}
	return errors.Join(all...)
}

// hasTwins reports whether two of the sorted watches have one ID.
func hasTwins(sorted []Watch) bool {
	for i := range len(sorted) - 1 {
		if sorted[i].ID == sorted[i+1].ID {
			return true
		}
	}
	return false
}

func byID(a, b Watch) int { return strings.Compare(a.ID, b.ID) }

// Match returns the watches whose rules the document answers, ordered by ID.
func (s *Set) Match(d Document) []Match {
	if s == nil || len(s.layers) == 0 {
		return nil
	}
	p := s.reader.Read(page.Text(d))
	defer p.Free()
	matches := s.layers[0].match(p, nil)
	first := len(matches)
	for _, l := range s.layers[1:] {
		matches = l.match(p, matches)
	}
	if len(matches) > first {
		slices.SortFunc(matches[first:], byWatch)
		mergeTail(matches, first)
	}
	return matches
}

func byWatch(a, b Match) int { return strings.Compare(a.Watch, b.Watch) }

// mergeTail puts the last matches, which are in order, among the others, which are too. The others are
// of the largest layer and many: most are moved without being looked at.
func mergeTail(matches []Match, first int) {
	end := first
	for i, m := range slices.Backward(slices.Clone(matches[first:])) {
		at, _ := slices.BinarySearchFunc(matches[:end], m, byWatch)
		copy(matches[at+i+1:], matches[at:end])
		matches[at+i] = m
		end = at
	}
}

// With returns a set that has one more watch, or another watch in the place of the one with its
// ID. The error is a *[WatchError].
func (s *Set) With(w Watch) (*Set, error) {
	s = s.Without(w.ID)
	added, err := prepare(w, s.names)
	if err != nil {
		return nil, err
	}
	watches, ready := []Watch{w}, []prepared{added}
	n := len(s.layers)
	switch small := s.smallLayers(); {
	case small > 0 && s.layers[n-1].len() < smallest:
		n--
		watches, ready = s.layers[n].appendLiving(watches, ready)
	case small >= maxSmall:
		for n > 0 && s.layers[n-1].tier() <= tierOf(len(watches)) {
			n--
			watches, ready = s.layers[n].appendLiving(watches, ready)
		}
	}
	return s.withLayers(s.layers[:n], merged(s.reader, watches, ready, s.names)), nil
}

// smallLayers returns how many of the last layers are of the smallest tier.
func (s *Set) smallLayers() int {
	n := 0
	for n < len(s.layers) && s.layers[len(s.layers)-1-n].tier() == 0 {
		n++
	}
	return n
}

// Without returns a set that lacks a watch. An ID that the set does not have changes nothing.
func (s *Set) Without(id string) *Set {
	if s == nil {
		return &Set{reader: page.NewReader()}
	}
	if s.reader == nil {
		return &Set{names: s.names, reader: page.NewReader()}
	}
	for i, l := range s.layers {
		if at, ok := l.search(id); ok {
			layers := slices.Clone(s.layers)
			if l = l.without(at, s.names, s.reader); l.len() > 0 {
				layers[i] = l
			} else {
				layers = slices.Delete(layers, i, i+1)
			}
			return &Set{s.names, s.reader, layers}
		}
	}
	return s
}

// withLayers returns a set of other layers.
func (s *Set) withLayers(layers []layer, last layer) *Set {
	return &Set{s.names, s.reader, append(slices.Clone(layers), last)}
}

// Watch returns the watch with an ID, if the set has it.
func (s *Set) Watch(id string) (Watch, bool) {
	if s != nil {
		for _, l := range s.layers {
			if at, ok := l.search(id); ok {
				return l.watch(at), true
			}
		}
	}
	return Watch{}, false
}

// Len returns how many watches the set has.
func (s *Set) Len() int {
	n := 0
	if s != nil {
		for _, l := range s.layers {
			n += l.len()
		}
	}
	return n
}

// Watches yields the watches of the set in order of their IDs.
func (s *Set) Watches() iter.Seq[Watch] {
	var all []Watch
	if s != nil {
		for _, l := range s.layers {
			all, _ = l.appendLiving(all, nil)
		}
	}
	slices.SortFunc(all, byID)
	return slices.Values(all)
}

// WithNames returns a set of the same watches that goes by other spellings of names.
func (s *Set) WithNames(names *Names) *Set {
	renamed, err := Compile(slices.Collect(s.Watches()), names)
	if err != nil {
		panic("rules: a compiled rule does not compile: " + err.Error())
	}
	return renamed
}
