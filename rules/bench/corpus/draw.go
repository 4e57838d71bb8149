package corpus

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
)

const (
	minLetters  = 3   // of a word that a rule is about
	minCount    = 2   // how often the corpus must hold it
	commonWords = 100 // the commonest words, about which nobody makes a rule
)

// Vocabulary is the words of documents, and what rules may be drawn from them.
type Vocabulary struct {
	counts map[string]int
	texts  [][]string // the words of each document's text, folded
	topics []string   // the words that a rule can be about, in order
	topic  map[string]bool
}

// Read gathers the words of documents.
func Read(documents []rules.Document) *Vocabulary {
	v := &Vocabulary{counts: map[string]int{}, topic: map[string]bool{}}
	for _, d := range documents {
		v.count(d.Title)
		v.texts = append(v.texts, v.count(d.Text))
	}
	ranked := slices.SortedFunc(maps.Keys(v.counts), func(a, b string) int {
		return cmp.Or(v.counts[b]-v.counts[a], strings.Compare(a, b))
	})
	for _, word := range ranked[min(commonWords, len(ranked)):] {
		if len(word) >= minLetters && v.counts[word] >= minCount && isPlain(word) {
			v.topics = append(v.topics, word)
			v.topic[word] = true
		}
	}
	slices.Sort(v.topics)
	return v
}

// count counts the words of a text and returns them.
func (v *Vocabulary) count(text string) []string {
	var folded []string
	for _, w := range rules.Words(text) {
		v.counts[w.Folded]++
		folded = append(folded, w.Folded)
	}
	return folded
}

// Count returns how often the documents hold a word.
func (v *Vocabulary) Count(word string) int { return v.counts[word] }

// Topics returns how many words rules are drawn from.
func (v *Vocabulary) Topics() int { return len(v.topics) }

// isPlain reports whether a folded word has nothing but ASCII letters.
func isPlain(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return r < 'a' || 'z' < r }) < 0
}

// Draw draws n rules: 60 % words, 25 % runs of two, 10 % phrases of two or three words that follow
// one another in a text, 3 % with OR and 2 % with NOT. The words are as likely as one another, so
// most are rare, as the names are that people watch.
func (v *Vocabulary) Draw(n int) []Rule {
	d := drawer{v, rand.New(rand.NewPCG(1, 2))}
	drawn := make([]Rule, n)
	for i := range drawn {
		drawn[i] = d.rule()
	}
	return drawn
}

type drawer struct {
	*Vocabulary
	rng *rand.Rand
}

func (d drawer) rule() Rule {
	switch n := d.rng.IntN(100); {
	case n < 60:
		return Rule{Kind: Word, A: []string{d.word()}}
	case n < 85:
		return d.pair(Run)
	case n < 95:
		return d.phrase()
	case n < 98:
		return d.pair(Or)
	}
	return d.pair(Not)
}

func (d drawer) word() string { return d.topics[d.rng.IntN(len(d.topics))] }

// pair draws a rule of two words.
func (d drawer) pair(kind Kind) Rule {
	a, b := d.word(), d.word()
	for a == b {
		b = d.word()
	}
	return Rule{kind, []string{a}, b}
}

// phrase draws words from a text until they begin and end with what a rule can be about: nobody
// watches for "of the".
func (d drawer) phrase() Rule {
	for {
		text := d.texts[d.rng.IntN(len(d.texts))]
		at, n := d.rng.IntN(len(text)), 2+d.rng.IntN(2)
		if at+n > len(text) {
			continue
		}
		words := text[at : at+n]
		if d.topic[words[0]] && d.topic[words[n-1]] && isPlain(words[n/2]) {
			return Rule{Kind: Phrase, A: words}
		}
	}
}
