package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/bench/corpus"
)

// maxHits is how many hits a match has at most, as [rules.Match] says.
const maxHits = 64

// Reporter is [AhoCorasick] with the answer that the product gives, but for its order: a match for
// each rule, with the watch's ID and all hits, in memory that is the caller's. Matches of the same
// hits share them, and those of a document take two allocations.
type Reporter struct {
	*AhoCorasick
	ids     []string // of rules
	words   []string // of literals
	texts   []string // of phrases, in the order of their lists
	marks   []mark   // of the rule in hand
	hits    []rules.Hit
	answers []answer
	matches []rules.Match
}

// mark is a place that answers part of a rule.
type mark struct {
	first, length int32 // words of the page
	text          string
}

// answer is a rule that the document answers, and which of the hits are its.
type answer struct{ rule, from, to int32 }

// NewReporter makes an engine of rules. Count says how often the news has a word.
func NewReporter(drawn []corpus.Rule, count func(word string) int) *Reporter {
	r := &Reporter{AhoCorasick: NewAhoCorasick(drawn, count)}
	r.page.placed = true
	for i := range drawn {
		r.ids = append(r.ids, corpus.ID(i))
	}
	for _, pattern := range r.patterns {
		r.words = append(r.words, strings.TrimSpace(pattern))
	}
	for _, p := range r.phrases.items {
		var words []string
		for _, literal := range p.words[:p.length] {
			words = append(words, r.words[literal])
		}
		r.texts = append(r.texts, strings.Join(words, " "))
	}
	return r
}

// Match implements [Engine].
func (r *Reporter) Match(d rules.Document) int {
	r.scan(d)
	r.hits, r.answers = r.hits[:0], r.answers[:0]
	for _, literal := range r.seen {
		r.reportWord(literal)
		r.reportPairs(literal)
		r.reportPhrases(literal)
	}
	hits := slices.Clone(r.hits)
	r.matches = make([]rules.Match, len(r.answers))
	for i, a := range r.answers {
		r.matches[i] = rules.Match{Watch: r.ids[a.rule], Hits: hits[a.from:a.to:a.to]}
	}
	return len(r.matches)
}

// Found implements [Engine].
func (r *Reporter) Found() []int32 {
	r.found = r.found[:0]
	for _, a := range r.answers {
		r.found = append(r.found, a.rule)
	}
	return r.found
}

// Matches returns the matches of the last document.
func (r *Reporter) Matches() []rules.Match { return r.matches }

// reportWord reports the rules that have a literal's places for hits.
func (r *Reporter) reportWord(literal int32) {
	r.markAll(literal)
	from, to := r.close()
	for _, rule := range r.singles.of(literal) {
		r.answers = append(r.answers, answer{rule, from, to})
	}
	for _, p := range r.either.of(literal) {
		if !r.has(p.other) {
			r.answers = append(r.answers, answer{p.rule, from, to})
		}
	}
	for _, p := range r.unless.of(literal) {
		if !r.has(p.other) {
			r.answers = append(r.answers, answer{p.rule, from, to})
		}
	}
}

// reportPairs reports the rules that have the places of two literals for hits.
func (r *Reporter) reportPairs(literal int32) {
	for _, p := range r.either.of(literal) {
		if r.has(p.other) {
			r.markAll(literal)
			r.markAll(p.other)
			from, to := r.close()
			r.answers = append(r.answers, answer{p.rule, from, to})
		}
	}
	for _, p := range r.pairs.of(literal) {
		if r.together(literal, p.other) {
			r.markNear(literal, p.other)
			r.markNear(p.other, literal)
			from, to := r.close()
			r.answers = append(r.answers, answer{p.rule, from, to})
		}
	}
}

// reportPhrases reports the phrases that are filed under a literal.
func (r *Reporter) reportPhrases(literal int32) {
	phrases, texts := r.phrases.of(literal), r.texts[r.phrases.ends[literal]:]
	for i := range phrases {
		p := &phrases[i]
		anchor := r.phraseAt(p, r.sights[literal].last)
		if anchor == none {
			continue
		}
		for ; anchor != none; anchor = r.phraseAt(p, r.prior[anchor]) {
			r.marks = append(r.marks, mark{anchor - int32(p.anchor), int32(p.length), texts[i]})
		}
		from, to := r.close()
		r.answers = append(r.answers, answer{p.rule, from, to})
	}
}

// markAll marks all places of a literal.
func (r *Reporter) markAll(literal int32) {
	for at := r.sights[literal].last; at != none; at = r.prior[at] {
		r.marks = append(r.marks, mark{at, 1, r.words[literal]})
	}
}

// markNear marks the places of a literal that share a passage with one of another.
func (r *Reporter) markNear(literal, other int32) {
	for at := r.sights[literal].last; at != none; at = r.prior[at] {
		near := r.sights[other].last
		for near >= at+passageWords {
			near = r.prior[near]
		}
		if near > at-passageWords && near != none {
			r.marks = append(r.marks, mark{at, 1, r.words[literal]})
		}
	}
}

// close turns the marks into hits, in order and without overlap, and returns which of all they are.
func (r *Reporter) close() (from, to int32) {
	slices.SortFunc(r.marks, func(a, b mark) int { return cmp.Compare(a.first, b.first) })
	start, end := len(r.hits), int32(0)
	for _, m := range r.marks {
		if m.first >= end && len(r.hits) < start+maxHits {
			end = m.first + m.length
			r.hits = append(r.hits, r.hit(m))
		}
	}
	r.marks = r.marks[:0]
	return int32(start), int32(len(r.hits))
}

// hit makes a hit of a mark.
func (r *Reporter) hit(m mark) rules.Hit {
	field := rules.FieldTitle
	if int(m.first) >= r.page.title {
		field = rules.FieldText
	}
	first, last := r.page.places[m.first], r.page.places[m.first+m.length-1]
	return rules.Hit{Field: field, Start: int(first.start), End: int(last.end), Word: m.text}
}
