// Package bench compares the product's matcher with others in one process: on the same documents,
// with the same rules, for growing numbers of rules. It is a module of its own, so that the
// product does not depend on what it is compared with.
//
// The comparison, as a Markdown table of ratios:
//
//	go run ./table
//
// One part of it, and what changing a set costs:
//
//	go test -run '^$' -bench Match/product/1000$
//	go test -run '^$' -bench 'Build|With|Churn' -timeout 30m
//
// It needs the news of 2023 beside the checkout, in ../shared/data.
package bench

import (
	"math/rand/v2"
	"runtime"
	"slices"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
	"github.com/tensionwatch/tensionwatch/rules/bench/engine"
)

// Sizes returns the numbers of rules to compare engines at, in order.
func Sizes() []int { return []int{100, 1_000, 10_000, 100_000, 1_000_000} }

// Contest is what all engines are given.
type Contest struct {
	Documents  []rules.Document
	Rules      []corpus.Rule // those of a smaller contest are the first of them
	vocabulary *corpus.Vocabulary
}

// Load draws rules from all the news in a directory and takes documents from all over it, in an
// order that makes the first few no different from the rest.
func Load(dir string, documents, drawn int) (*Contest, error) {
	all, err := corpus.Documents(dir)
	if err != nil {
		return nil, err
	}
	vocabulary := corpus.Read(all)
	rng := rand.New(rand.NewPCG(3, 4))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return &Contest{
		Documents:  all[:min(documents, len(all))],
		Rules:      vocabulary.Draw(drawn),
		vocabulary: vocabulary,
	}, nil
}

// Entrant is an engine that has not been built.
type Entrant struct {
	Name  string
	About string // what it is, in a sentence
	Limit int    // the most rules that it is given; if zero, any number

	// Prepare makes rules ready for an engine and returns what builds it. Only the latter counts.
	Prepare func(drawn []corpus.Rule) Build
}

// Build builds an engine.
type Build func() (engine.Engine, error)

// Takes reports whether the entrant is given n rules.
func (e Entrant) Takes(n int) bool { return e.Limit == 0 || n <= e.Limit }

// Entrants returns the engines, the one that others are measured by first.
func (c *Contest) Entrants() []Entrant {
	return slices.Concat(products(), c.automata(), naive())
}

func products() []Entrant {
	return []Entrant{{
		Name:    "product",
		About:   "asks for the words as they are, as all others do",
		Prepare: product(true),
	}, {
		Name:    "product-inflected",
		About:   "asks for inflected forms too, as people do, and so finds more",
		Prepare: product(false),
	}}
}

func (c *Contest) automata() []Entrant {
	return []Entrant{{
		Name:  "ahocorasick",
		About: "finds what the product does, but gives only numbers of rules, in any order",
		Prepare: ready(func(drawn []corpus.Rule) engine.Engine {
			return engine.NewAhoCorasick(drawn, c.vocabulary.Count)
		}),
	}, {
		Name:  "ahocorasick-hits",
		About: "gives the product's matches with all hits, in any order",
		Prepare: ready(func(drawn []corpus.Rule) engine.Engine {
			return engine.NewReporter(drawn, c.vocabulary.Count)
		}),
	}}
}

func naive() []Entrant {
	return []Entrant{{
		Name:    "tokens",
		About:   "finds what the product does by looking up the words of every rule in a map",
		Prepare: ready(func(drawn []corpus.Rule) engine.Engine { return engine.NewTokens(drawn) }),
	}, {
		Name:    "contains",
		About:   "searches the text for the words of every rule, also inside other words",
		Prepare: ready(func(drawn []corpus.Rule) engine.Engine { return engine.NewContains(drawn) }),
	}, {
		Name: "regexp",
		About: "has an expression for every rule, and no more than 1,000 of them, at which a " +
			"document takes 20 ms already",
		Limit:   1_000,
		Prepare: ready(func(drawn []corpus.Rule) engine.Engine { return engine.NewRegexp(drawn) }),
	}}
}

// ready prepares an engine that takes rules as they are drawn.
func ready(build func(drawn []corpus.Rule) engine.Engine) func([]corpus.Rule) Build {
	return func(drawn []corpus.Rule) Build {
		return func() (engine.Engine, error) { return build(drawn), nil }
	}
}

// product prepares the product's own engine, for rules with exact or inflected words.
func product(exact bool) func([]corpus.Rule) Build {
	return func(drawn []corpus.Rule) Build {
		watches := corpus.Watches(drawn, exact)
		return func() (engine.Engine, error) { return engine.NewProduct(watches) }
	}
}

// Heap returns how many bytes of memory are in use, garbage aside.
func Heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
