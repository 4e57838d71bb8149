package rules

import (
	"errors"
	"iter"
	"slices"
	"strings"
)

// Set is a number of compiled watches. It never changes; nil is an empty set.
type Set struct {
	names   *Names
	entries []entry // by watch ID
}

type entry struct {
	watch Watch
	rule  *Rule
}

var errTaken = errors.New("another watch has this ID; rename one of them")

// Compile makes a set of watches, which need not be in order. The error joins a *[WatchError] for
// every watch whose rule cannot be read and for every ID that comes a second time.
func Compile(watches []Watch, names *Names) (*Set, error) {
	s := &Set{names: names, entries: make([]entry, 0, len(watches))}
	var mistakes []error
	seen := make(map[string]bool, len(watches))
	for _, w := range watches {
		if seen[w.ID] {
			mistakes = append(mistakes, &WatchError{w, errTaken})
		}
		seen[w.ID] = true
		e, err := compile(w)
		if err != nil {
			mistakes = append(mistakes, err)
		}
		s.entries = append(s.entries, e)
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	slices.SortFunc(s.entries, func(a, b entry) int {
		return strings.Compare(a.watch.ID, b.watch.ID)
	})
	return s, nil
}

// compile parses one watch.
func compile(w Watch) (entry, error) {
	rule, err := Parse(w.Rule)
	if err != nil {
		return entry{}, &WatchError{w, err}
	}
	return entry{w, rule}, nil
}

// Match returns the watches whose rules the document answers, ordered by ID.
func (s *Set) Match(d Document) []Match {
	if s.Len() == 0 {
		return nil
	}
	var matches []Match
	p := newPage(d)
	for _, e := range s.entries {
		if places, ok := e.rule.root.find(p, p.fields[fieldNone]); ok {
			matches = append(matches, Match{e.watch.ID, p.hits(places)})
		}
	}
	return matches
}

// With returns a set that has one more watch, or another watch in the place of the one with its
// ID. The error is a *[WatchError].
func (s *Set) With(w Watch) (*Set, error) {
	e, err := compile(w)
	if err != nil {
		return nil, err
	}
	with := s.Without(w.ID)
	i, _ := with.search(w.ID)
	with.entries = slices.Insert(with.entries, i, e)
	return with, nil
}

// Without returns a set that lacks a watch. An ID that the set does not have changes nothing.
func (s *Set) Without(id string) *Set {
	if s == nil {
		return &Set{}
	}
	without := &Set{names: s.names, entries: slices.Clone(s.entries)}
	if i, ok := s.search(id); ok {
		without.entries = slices.Delete(without.entries, i, i+1)
	}
	return without
}

// Watch returns the watch with an ID, if the set has it.
func (s *Set) Watch(id string) (Watch, bool) {
	if i, ok := s.search(id); ok {
		return s.entries[i].watch, true
	}
	return Watch{}, false
}

// Len returns how many watches the set has.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.entries)
}

// Watches yields the watches of the set in order of their IDs.
func (s *Set) Watches() iter.Seq[Watch] {
	return func(yield func(Watch) bool) {
		for i := range s.Len() {
			if !yield(s.entries[i].watch) {
				return
			}
		}
	}
}

// WithNames returns a set of the same watches that goes by other spellings of names.
func (s *Set) WithNames(names *Names) *Set {
	renamed := &Set{names: names}
	if s != nil {
		renamed.entries = s.entries
	}
	return renamed
}

// search returns where the entry with an ID is, or would be.
func (s *Set) search(id string) (int, bool) {
	if s == nil {
		return 0, false
	}
	return slices.BinarySearchFunc(s.entries, id, func(e entry, id string) int {
		return strings.Compare(e.watch.ID, id)
	})
}
