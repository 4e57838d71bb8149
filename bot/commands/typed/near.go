package typed

import (
	"slices"
	"strings"
)

// Near returns up to three of the known words that may be meant by a wrong one, the likeliest
// first: those that begin so, and those that few slips of the finger lead to.
func Near(wrong string, known []string) []string {
	type guess struct {
		word string
		far  int
	}
	var guesses []guess
	typo := []rune(key(wrong))
	if len(typo) == 0 || len(typo) > longestGuessed {
		return nil
	}
	for _, k := range known {
		right := []rune(key(k))
		if len(right) > longestGuessed {
			continue
		}
		far := slips(typo, right)
		if len(typo) >= 3 && strings.HasPrefix(string(right), string(typo)) {
			far = min(far, 1)
		}
		if far <= min(3, (max(len(typo), len(right))+1)/3) {
			guesses = append(guesses, guess{k, far})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return a.far - b.far })
	var near []string
	for _, g := range guesses[:min(3, len(guesses))] {
		if g.far <= guesses[0].far+1 { // what is much farther off is hardly meant
			near = append(near, g.word)
		}
	}
	return near
}

// longestGuessed bounds the work of guessing. No name is longer.
const longestGuessed = 64

// slips is how many letters must be added, left out, changed or swapped with their neighbour to
// make b of a (optimal string alignment).
func slips(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			changed := last[j-1]
			if a[i-1] != b[j-1] {
				changed++
			}
			row[j] = min(changed, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
