package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minPrefix   = 2 // letters before a *, so that it does not match nearly everything
	maxCapitals = 6 // letters to which the capitals rule applies; a longer word is shouted
)

// term is a word, or several that follow one another: a phrase, a compound such as U.S.-Iran, a
// Chinese name.
type term struct {
	text  string // as written, without quotes
	words []pattern
	exact bool // =talks
}

// pattern is what a word of a document must be.
type pattern struct {
	folded   string
	prefix   bool // the word may go on: missil*
	capitals bool // the word must be in capitals
}

func (*term) binding() binding { return bindsTerm }

func (t *term) String() string {
	text := t.text
	if !standsBare(text) {
		text = `"` + text + `"`
	}
	if t.exact {
		return "=" + text
	}
	return text
}

// newPattern makes a pattern of a word of a term's text.
func newPattern(text string, w Word) pattern {
	c := capitals(text[w.Start:w.End])
	return pattern{
		folded:   w.Folded,
		prefix:   isStarred(text[w.End:]),
		capitals: 2 <= c && c <= maxCapitals,
	}
}

// isStarred reports whether a word is only a beginning, by what follows it in the rule.
func isStarred(rest string) bool {
	after, ok := strings.CutPrefix(rest, "*")
	next, _ := utf8.DecodeRuneInString(after)
	return ok && !readable(next)
}

// spelling returns a term's text from its first word to its last, with a space for whatever would
// not survive between quotes.
func spelling(text string) string {
	var b strings.Builder
	end := 0
	for i, w := range Words(text) {
		gap := text[end:w.Start]
		if strings.ContainsFunc(gap, isLost) {
			gap = " "
		}
		if i > 0 {
			b.WriteString(gap)
		}
		end = w.End
		if isStarred(text[end:]) {
			end++
		}
		b.WriteString(text[w.Start:end])
	}
	return b.String()
}

// isLost reports whether a character between two words cannot stay in the canonical text.
func isLost(r rune) bool { return endsWord(r) || r == '*' || !unicode.IsGraphic(r) }

// checkTerm refuses a term, made of the token ahead, that cannot be looked for.
func (p *parser) checkTerm(t *term) {
	if len(t.words) == 0 {
		p.fail("there is no letter or digit to look for", "remove it, or write AND, OR or NOT")
		return
	}
	first, single := t.words[0], len(t.words) == 1
	letters := utf8.RuneCountInString(first.folded)
	switch {
	case strings.Count(p.token.text, "*") > strings.Count(t.text, "*"):
		p.fail("a * can only end a word", "write the beginning of the word, as in missil*")
	case first.prefix && single && letters < minPrefix:
		p.fail("this beginning is too short and would match nearly everything",
			"write more of the word, as in missil*")
	case p.field == fieldLang && (first.prefix || !single || letters < 2 || letters > 3):
		p.fail("this is not a language", "write its code of two or three letters, as in lang:fa")
	}
}
