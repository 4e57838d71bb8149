package store_test

import (
	"fmt"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/story"
)

func BenchmarkSave(b *testing.B) {
	for _, bb := range []struct {
		name string
		body func(i int) []feeds.Item
	}{
		{"25 new items", func(i int) []feeds.Item { return items(25, fmt.Sprint(i, "-")) }},
		{"nothing new", func(int) []feeds.Item { return items(25, "x") }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := reading(b, "http://a/")
			for i := 0; b.Loop(); i++ {
				r.poll(bb.body(i)...)
			}
		})
	}
}

func BenchmarkClaimAndSettle(b *testing.B) {
	r := followed(b, "console:")
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		r.owe(tale(story.ID(fmt.Sprint(i)), 1))
		b.StartTimer()
		r.settle(r.claimOne(), bot.StateSent)
	}
}

func BenchmarkArchive(b *testing.B) {
	r := filled(b, 10_000)
	r.meddle(`update items set text = replace(hex(zeroblob(50)), '00', 'Delegations met. ')`)
	b.Run("items", func(b *testing.B) {
		for b.Loop() {
			if n := len(r.sampled(noon, 1)); n != 10_000 {
				b.Fatal(n)
			}
		}
	})
	b.Run("a search in vain", func(b *testing.B) {
		for b.Loop() {
			r.traced("nowhere", 1)
		}
	})
}
