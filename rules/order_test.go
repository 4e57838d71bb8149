package rules

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortHigh(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var spare []uint64
	for _, n := range []int{1, 2, 255, 256, 257, 70_000, 1 << 24} {
		for _, length := range []int{0, 1, few, few + 1, 5000} {
			list := make([]uint64, length)
			for i := range list {
				list[i] = uint64(random.IntN(n))<<32 | uint64(i)
			}
			want := slices.Sorted(slices.Values(list))
			var got []uint64
			if got, spare = sortHigh(list, spare, n); !slices.Equal(got, want) {
				t.Fatalf("%d numbers below %d are not sorted", length, n)
			}
		}
	}
}

func TestMergeTail(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		matches := make([]Match, random.IntN(20))
		for i := range matches {
			matches[i].Watch = string(rune('a' + random.IntN(26)))
		}
		first := random.IntN(len(matches) + 1)
		slices.SortFunc(matches[:first], byWatch)
		slices.SortFunc(matches[first:], byWatch)
		want := slices.SortedFunc(slices.Values(matches), byWatch)
		mergeTail(matches, first)
		if !slices.EqualFunc(matches, want, func(a, b Match) bool { return a.Watch == b.Watch }) {
			t.Fatalf("got %v, want %v", matches, want)
		}
	}
}
