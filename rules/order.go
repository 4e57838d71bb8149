package rules

import (
	"math/bits"
	"slices"
)

// few is how many numbers are sorted by comparing them.
const few = 256

// sortHigh sorts numbers by their high halves, which are below n, and returns them in one of the two
// slices and the other. Many are sorted digit by digit (radix sort), as thousands of watches may ask
// for the news of the day.
func sortHigh(list, spare []uint64, n int) (sorted, other []uint64) {
	if len(list) <= few {
		slices.Sort(list)
		return list, spare
	}
	spare = slices.Grow(spare[:0], len(list))[:len(list)]
	for shift := 32; shift < 32+bits.Len(uint(n)); shift += 8 {
		var next [257]int
		for _, v := range list {
			next[v>>shift&0xff+1]++
		}
		for digit := range 256 {
			next[digit+1] += next[digit]
		}
		for _, v := range list {
			digit := v >> shift & 0xff
			spare[next[digit]] = v
			next[digit]++
		}
		list, spare = spare, list
	}
	return list, spare
}
