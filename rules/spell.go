package rules

import (
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules/query"
)

// spell returns a rule with each name in it as alternatives, one for each spelling that an owner's
// watches go by, and whether these are the owner's own.
func (n *Names) spell(root query.Node, owner string) (query.Node, bool) {
	if n == nil {
		return root, false
	}
	s := speller{shared: n.shared, own: n.own[owner]}
	return s.node(root, false), s.tookOwn
}

// speller spells one rule.
type speller struct {
	shared, own directory
	tookOwn     bool
}

// longestName is how many words of a run are tried as one name.
const longestName = 6

// find returns the name that words are a spelling of, or nil.
func (s *speller) find(words []query.Word) *name {
	key := keyOf(words)
	if n := s.own[key]; n != nil {
		s.tookOwn = true
		return n
	}
	return s.shared[key]
}

// node spells a node. Beside says that another word of the rule is found in the same passage.
func (s *speller) node(n query.Node, beside bool) query.Node {
	switch n := n.(type) {
	case *query.Term:
		return s.term(n, beside)
	case query.Run:
		return s.run(n)
	case query.Near:
		return query.Near{Kids: s.nodes(n.Kids, true), Within: n.Within}
	case query.And:
		return query.And(s.nodes(n, false))
	case query.Or:
		return query.Or(s.nodes(n, beside))
	case query.Not:
		return query.Not{Kid: s.node(n.Kid, false)}
	case query.In:
		if n.Field == query.Title {
			return query.In{Field: n.Field, Kid: s.node(n.Kid, beside)}
		}
	}
	return n
}

func (s *speller) nodes(list []query.Node, beside bool) []query.Node {
	spelled := make([]query.Node, len(list))
	for i, n := range list {
		spelled[i] = s.node(n, beside && query.Positional(n))
	}
	return spelled
}

// run spells words side by side: as they stand or, where some that follow one another are a name,
// with that name in any spelling.
func (s *speller) run(n query.Run) query.Node {
	as := query.Run(s.nodes(n, places(n) > 1))
	joined, found := s.joinNames(n)
	if !found {
		return as
	}
	if len(joined) == 1 {
		return query.Or{as, s.node(joined[0], false)}
	}
	return query.Or{as, query.Run(s.nodes(joined, places(joined) > 1))}
}

// places counts the members of a run that name places in the text.
func places(n query.Run) (count int) {
	for _, kid := range n {
		if query.Positional(kid) {
			count++
		}
	}
	return count
}

// joinNames returns a run in which words that follow one another and are a name are one phrase.
func (s *speller) joinNames(n query.Run) (joined query.Run, found bool) {
	for i := 0; i < len(n); {
		taken := 1
		for length := min(longestName, len(n)-i); length > 1; length-- {
			if t := phraseOf(n[i : i+length]); t != nil && s.find(t.Words) != nil {
				joined, taken, found = append(joined, t), length, true
				break
			}
		}
		if taken == 1 {
			joined = append(joined, n[i])
		}
		i += taken
	}
	return joined, found
}

// phraseOf returns the phrase of members of a run that are plain words, or nil.
func phraseOf(members []query.Node) *query.Term {
	texts := make([]string, len(members))
	t := new(query.Term)
	for i, n := range members {
		word, ok := n.(*query.Term)
		if !ok || word.Exact || word.Alike || isStarred(word) {
			return nil
		}
		texts[i] = word.Text
		t.Words = append(t.Words, word.Words...)
	}
	t.Text = strings.Join(texts, " ")
	return t
}

// isStarred reports whether a term has the beginning of a word, which is no name.
func isStarred(t *query.Term) bool {
	return slices.ContainsFunc(t.Words, func(w query.Word) bool { return w.Prefix })
}

// term returns a term and the other spellings of the name that it is, if it is one.
func (s *speller) term(t *query.Term, beside bool) query.Node {
	if t.Exact || isStarred(t) {
		return t
	}
	n := s.find(t.Words)
	if n == nil {
		return t
	}
	either := query.Or{t}
	for _, words := range n.others(t.Words, beside) {
		either = append(either, &query.Term{Text: t.Text, Words: words})
	}
	if len(either) == 1 {
		return t
	}
	return either
}

// others returns the spellings that stand for one of them: not what is a part of it or has it as a
// part, as that is found with it; and of a person who is asked for by more than one word none that
// is only one.
func (n *name) others(asked []query.Word, beside bool) (others [][]query.Word) {
	stands := func(sp spelling) bool {
		short := n.person && len(asked) > 1 && len(sp.words) == 1
		return !(sp.ambiguous && !beside) && !short && !contains(asked, sp.words)
	}
	for i, sp := range n.spellings {
		if !stands(sp) || contains(sp.words, asked) {
			continue
		}
		if !slices.ContainsFunc(n.spellings, func(other spelling) bool {
			return len(other.words) < len(sp.words) && stands(other) &&
				contains(sp.words, other.words)
		}) {
			others = append(others, n.spellings[i].words)
		}
	}
	return others
}

// contains reports whether words hold others in a row.
func contains(words, others []query.Word) bool {
	for i := 0; i+len(others) <= len(words); i++ {
		if slices.Equal(words[i:i+len(others)], others) {
			return true
		}
	}
	return false
}
