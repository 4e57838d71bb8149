package story

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
)

const (
	// leadWords is how much of an item's text, after its title, is compared.
	leadWords = 60

	// fewestWords is the least that two texts must hold to be called the same: "Live updates" is
	// the title of many events.
	fewestWords = 6

	// sameness is the least Jaccard similarity of two texts that are called the same.
	sameness = 0.8
)

// copies finds items whose title and lead are nearly the same words in the same order.
//
// A text is the set of its pairs of neighbouring words; two sets with a Jaccard similarity of t
// and sizes n share one of their n-⌈tn⌉+1 smallest members, so only those are indexed (prefix
// filtering: Bayardo, Ma and Srikant, "Scaling up all pairs similarity search", 2007).
type copies struct {
	seed  maphash.Seed
	texts []wording
	index map[uint64][]int32 // member of a prefix to places in texts
}

// wording is a text as it is compared.
type wording struct {
	story   ID
	pairs   []uint64 // hashes, sorted, each once
	numbers []string // sorted, each once
	at      int64    // unix seconds of the item
}

func newCopies() *copies {
	return &copies{seed: maphash.MakeSeed(), index: make(map[uint64][]int32)}
}

// add indexes an item of a story.
func (c *copies) add(id ID, it feeds.Item) {
	w := c.wording(it)
	if w.pairs == nil {
		return
	}
	w.story = id
	place := int32(len(c.texts))
	c.texts = append(c.texts, w)
	for _, pair := range prefix(w.pairs) {
		c.index[pair] = append(c.index[pair], place)
	}
}

// find returns the story of the nearest copy of the item within reach, or nothing. What it finds
// does not depend on the order in which the texts were added: after a crash it must be the same.
func (c *copies) find(it feeds.Item) ID {
	w := c.wording(it)
	var best likeness
	for _, pair := range prefix(w.pairs) {
		for _, place := range c.index[pair] {
			other := &c.texts[place]
			if !near(&w, other) {
				continue
			}
			l := likeness{jaccard(w.pairs, other.pairs), apart(&w, other), other.story}
			if l.same >= sameness && (best.story == "" || l.compare(best) < 0) {
				best = l
			}
		}
	}
	return best.story
}

// likeness is how near a text comes to another.
type likeness struct {
	same  float64 // Jaccard similarity
	apart float64 // seconds
	story ID
}

// compare puts the more alike first, then the nearer in time.
func (l likeness) compare(m likeness) int {
	return cmp.Or(
		cmp.Compare(m.same, l.same),
		cmp.Compare(l.apart, m.apart),
		cmp.Compare(l.story, m.story),
	)
}

// near reports whether two texts may be copies as far as time and numbers go. A wire text with
// another number in it is another report.
func near(a, b *wording) bool {
	return apart(a, b) <= reach.Seconds() && slices.Equal(a.numbers, b.numbers)
}

// apart is the time between two texts, in seconds.
func apart(a, b *wording) float64 {
	return math.Abs(float64(a.at - b.at))
}

// prefix is the part of a sorted set that must share a member with any set similar enough.
func prefix(set []uint64) []uint64 {
	return set[:min(len(set), len(set)-int(math.Ceil(sameness*float64(len(set))))+1)]
}

// wording cuts an item's title and lead; without enough words there are no pairs.
func (c *copies) wording(it feeds.Item) wording {
	words := rules.Words(it.Title)
	lead := rules.Words(it.Text)
	words = append(words, lead[:min(len(lead), leadWords)]...)
	w := wording{at: it.Time().Unix()}
	if len(words) < fewestWords {
		return w
	}
	for i, word := range words {
		if isNumber(word.Folded) {
			w.numbers = append(w.numbers, word.Folded)
		}
		if i > 0 {
			w.pairs = append(w.pairs, c.hash(words[i-1].Folded, word.Folded))
		}
	}
	w.numbers = unique(w.numbers)
	w.pairs = unique(w.pairs)
	return w
}

func (c *copies) hash(a, b string) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	h.WriteString(a)
	h.WriteByte(0)
	h.WriteString(b)
	return h.Sum64()
}

func isNumber(word string) bool {
	return strings.IndexFunc(word, unicode.IsDigit) >= 0
}

func unique[T uint64 | string](set []T) []T {
	slices.Sort(set)
	return slices.Compact(set)
}

// jaccard is the share of members that two sorted sets have in common, 0 to 1.
func jaccard(a, b []uint64) float64 {
	both, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if len(a)+len(b) == both {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
