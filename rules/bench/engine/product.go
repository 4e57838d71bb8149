package engine

import (
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// Product is the matcher of this project.
type Product struct {
	set     *rules.Set
	matches []rules.Match
}

// NewProduct compiles watches that [corpus.Watches] made.
func NewProduct(watches []rules.Watch) (*Product, error) {
	set, err := rules.Compile(watches, nil)
	return &Product{set: set}, err
}

// Match implements [Engine].
func (p *Product) Match(d rules.Document) int {
	p.matches = p.set.Match(d)
	return len(p.matches)
}

// Matches returns the matches of the last document.
func (p *Product) Matches() []rules.Match { return p.matches }

// Found implements [Engine].
func (p *Product) Found() []int32 {
	found := make([]int32, len(p.matches))
	for i, m := range p.matches {
		found[i] = int32(corpus.Number(m.Watch))
	}
	return found
}
