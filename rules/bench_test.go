package rules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// lexicon makes words whose frequencies fall as those of a language do (Zipf 1949).
type lexicon struct {
	zipf *rand.Zipf
	rng  *rand.Rand
}

func newLexicon() lexicon {
	rng := rand.New(rand.NewPCG(1, 2))
	return lexicon{rand.NewZipf(rng, 1.1, 2, 30_000), rng}
}

func (l lexicon) common() string { return fmt.Sprintf("w%dx", l.zipf.Uint64()) }
func (l lexicon) any() string    { return fmt.Sprintf("w%dx", l.rng.IntN(30_000)) }

func (l lexicon) text(words int) string {
	var b strings.Builder
	for range words {
		b.WriteString(l.common() + " ")
	}
	return b.String()
}

// rule draws 60 % words, 25 % runs of two, 10 % phrases and 5 % with OR or NOT.
func (l lexicon) rule() string {
	switch n := l.rng.IntN(100); {
	case n < 60:
		return l.any()
	case n < 85:
		return l.any() + " " + l.any()
	case n < 95:
		return `"` + l.any() + " " + l.any() + `"`
	case n < 98:
		return l.any() + " OR " + l.any()
	}
	return l.any() + " -" + l.any()
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("watches=%d", n), func(b *testing.B) {
			l := newLexicon()
			rules := make([]string, n)
			for i := range rules {
				rules[i] = l.rule()
			}
			set := compileAll(b, rules)
			documents := make([]Document, 64)
			for i := range documents {
				documents[i] = Document{Title: l.text(10), Text: l.text(190)}
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				set.Match(documents[i%len(documents)])
			}
		})
	}
}

// compileAll makes a set of rules that may be equal.
func compileAll(b *testing.B, rules []string) *Set {
	watches := make([]Watch, len(rules))
	for i, r := range rules {
		watches[i] = Watch{ID: fmt.Sprint(i), Rule: r}
	}
	set, err := Compile(watches, nil)
	if err != nil {
		b.Fatal(err)
	}
	return set
}

func BenchmarkWords(b *testing.B) {
	texts := map[string]string{
		"English": "The United States and Iran begin negotiations in Oman's capital, Muscat. ",
		"Persian": "علی شمخانی دبیر شورای دفاع شد و گفت‌وگوها در مسقط آغاز می‌شود. ",
		"Russian": "Али Шамхани назначен секретарём совета обороны, переговоры начнутся. ",
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(text, 20)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Words(text)
			}
		})
	}
}
