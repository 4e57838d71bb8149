package toml

import (
	"fmt"
	"strings"
)

// Suggest says what somebody who wrote a wrong name may write instead.
func Suggest(wrong string, known []string) string {
	if near := nearest(wrong, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 {
		return "nothing is known here"
	}
	return "known are " + strings.Join(known, ", ")
}

// nearest returns the known name that is the fewest slips away from the wrong one; it is empty when
// more than a third of the letters would be slips.
func nearest(wrong string, known []string) string {
	best, least := "", max(1, len([]rune(wrong))/3)+1
	for _, name := range known {
		if n := distance(strings.ToLower(wrong), name); n < least {
			best, least = name, n
		}
	}
	return best
}

// distance counts the letters to add, drop or change between two words (Levenshtein).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			change := diagonal
			if r != s {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
