package story

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
)

const (
	// summarySentences is the most sentences of a summary.
	summarySentences = 3

	// summaryLength is the most characters of a summary.
	summaryLength = 400

	// headlineLength is the most characters of a headline made for an item without a title.
	headlineLength = 160
)

// Extractive is the [Summarizer] that cannot fail: whole sentences of the story's items, in their
// order, those first that hold what the watches matched. It never cuts a sentence and never
// invents one; where no sentence fits, the summary is empty and the headline stands alone.
type Extractive struct{}

// Summarize implements [Summarizer]. The error is always nil.
func (Extractive) Summarize(_ context.Context, s Story) (string, error) {
	title := wordSet(s.Headline)
	asked := make(map[string]bool)
	for _, w := range s.Why {
		for _, words := range w.Words {
			addWords(asked, words)
		}
	}
	var candidates []sentence
	seen := make(map[string]bool)
	for _, it := range s.Items {
		for _, text := range sentences(it.Text) {
			c := weigh(text, len(candidates), title, asked)
			if !seen[text] && !c.repeatsTitle && utf8.RuneCountInString(text) <= summaryLength {
				candidates = append(candidates, c)
			}
			seen[text] = true
		}
	}
	return strings.Join(choose(candidates), " "), nil
}

// sentence is a candidate for a summary.
type sentence struct {
	text         string
	place        int
	score        float64
	repeatsTitle bool
}

// weigh scores a sentence by what a reader of the alert wants: the words that the watches asked
// for, then what the headline is about, then what the writer put first. Place decays as 1/(1+n),
// the lead bias of news writing.
func weigh(text string, place int, title, asked map[string]bool) sentence {
	words := wordSet(text)
	s := sentence{text: text, place: place}
	if len(words) == 0 {
		s.repeatsTitle = true
		return s
	}
	s.score = 2*share(asked, words) + share(title, words) + 1/float64(1+place)
	if cutOff(text) {
		s.score -= worstScore
	}
	s.repeatsTitle = share(words, title) > 0.8
	return s
}

// worstScore is more than any sentence can have: what it is taken from comes last.
const worstScore = 10

// cutOff reports whether the publisher broke a sentence off, as descriptions in feeds often are.
func cutOff(text string) bool {
	text = strings.TrimRight(text, "]) ")
	return strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
}

// share is how much of the wanted words stand among words, 0 to 1.
func share(wanted, words map[string]bool) float64 {
	if len(wanted) == 0 {
		return 0
	}
	n := 0
	for w := range wanted {
		if words[w] {
			n++
		}
	}
	return float64(n) / float64(len(wanted))
}

func wordSet(text string) map[string]bool {
	set := make(map[string]bool)
	addWords(set, text)
	return set
}

func addWords(set map[string]bool, text string) {
	for _, w := range rules.Words(text) {
		set[w.Folded] = true
	}
}

// choose takes the best sentences that fit together, in the order in which they were written.
func choose(candidates []sentence) []string {
	slices.SortStableFunc(candidates, func(a, b sentence) int { return cmp.Compare(b.score, a.score) })
	var taken []sentence
	room := summaryLength
	for _, c := range candidates {
		length := utf8.RuneCountInString(c.text)
		whole := len(taken) > 0 && !cutOff(taken[0].text)
		if len(taken) == summarySentences || length > room || (whole && cutOff(c.text)) {
			continue
		}
		taken = append(taken, c)
		room -= length + 1
	}
	slices.SortFunc(taken, func(a, b sentence) int { return cmp.Compare(a.place, b.place) })
	out := make([]string, len(taken))
	for i, c := range taken {
		out[i] = c.text
	}
	return out
}

// Headline is what a story calls its first item: the title, else the first words, else the address.
func Headline(it feeds.Item) string {
	if it.Title != "" {
		return it.Title
	}
	if first := sentences(it.Text); len(first) > 0 {
		return shorten(first[0], headlineLength)
	}
	return it.Link
}

// shorten cuts a text after a word, with an ellipsis, where it is longer than n characters. It never
// cuts what a reader sees as one character.
func shorten(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	end, length := 0, 1 // the ellipsis
	for chars := graphemes.FromString(text); chars.Next(); end = chars.End() {
		if length += utf8.RuneCountInString(chars.Value()); length > n {
			break
		}
	}
	// Where a word would cost more than half of the text, as in Chinese, it is cut.
	if space := strings.LastIndexByte(text[:end+1], ' '); space > end/2 {
		end = space
	}
	return text[:end] + "…"
}
