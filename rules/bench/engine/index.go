package engine

import "github.com/tensionwatch/tensionwatch/rules/bench/corpus"

// index holds, by literal, the rules to look at when that literal is found. A rule is filed under
// its rarest word, one with OR under each of its words.
type index struct {
	patterns []string // the words, each with the spaces that a [page] has on both sides
	sights   []sight
	singles  lists[int32] // rules that the literal satisfies alone
	either   lists[pair]  // rules that the literal or another one satisfies
	pairs    lists[pair]  // rules that ask for another one nearby
	unless   lists[pair]  // rules that another one forbids
	phrases  lists[phrase]
}

// sight is where a literal was last seen, and in which document.
type sight struct {
	turn uint32
	last int32 // place
}

type pair struct{ other, rule int32 }

type phrase struct {
	words  [3]int32 // literals
	length uint8
	anchor uint8 // which of the words it is filed under
	rule   int32
}

// filing gathers rules by literal.
type filing struct {
	count    func(word string) int
	literals map[string]int32
	patterns []string // by literal
	singles  []filed[int32]
	either   []filed[pair]
	pairs    []filed[pair]
	unless   []filed[pair]
	phrases  []filed[phrase]
}

// newIndex files rules.
func newIndex(drawn []corpus.Rule, count func(word string) int) index {
	f := filing{count: count, literals: map[string]int32{}}
	for i, r := range drawn {
		f.add(int32(i), r)
	}
	n := len(f.patterns)
	return index{
		patterns: f.patterns,
		sights:   make([]sight, n),
		singles:  newLists(n, f.singles),
		either:   newLists(n, f.either),
		pairs:    newLists(n, f.pairs),
		unless:   newLists(n, f.unless),
		phrases:  newLists(n, f.phrases),
	}
}

// add files a rule.
func (f *filing) add(rule int32, r corpus.Rule) {
	switch r.Kind {
	case corpus.Word:
		f.singles = append(f.singles, filed[int32]{f.literal(r.A[0]), rule})
	case corpus.Run:
		rare, other := r.A[0], r.B
		if f.count(other) < f.count(rare) {
			rare, other = other, rare
		}
		f.pairs = append(f.pairs, f.pair(rare, other, rule))
	case corpus.Phrase:
		f.addPhrase(rule, r.A)
	case corpus.Or: // the second word reports the rule only if the first does not
		f.either = append(f.either, f.pair(r.A[0], r.B, rule))
		f.unless = append(f.unless, f.pair(r.B, r.A[0], rule))
	case corpus.Not:
		f.unless = append(f.unless, f.pair(r.A[0], r.B, rule))
	}
}

func (f *filing) pair(under, other string, rule int32) filed[pair] {
	return filed[pair]{f.literal(under), pair{f.literal(other), rule}}
}

func (f *filing) addPhrase(rule int32, words []string) {
	p := phrase{length: uint8(len(words)), rule: rule}
	for i, word := range words {
		p.words[i] = f.literal(word)
		if f.count(word) < f.count(words[p.anchor]) {
			p.anchor = uint8(i)
		}
	}
	f.phrases = append(f.phrases, filed[phrase]{p.words[p.anchor], p})
}

// literal returns the number of a word in the dictionary.
func (f *filing) literal(word string) int32 {
	n, ok := f.literals[word]
	if !ok {
		n = int32(len(f.patterns))
		f.literals[word] = n
		f.patterns = append(f.patterns, " "+word+" ")
	}
	return n
}
