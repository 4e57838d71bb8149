package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/rules/names"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

const (
	minPrefix   = 2 // letters before a *, so that it does not match nearly everything
	maxCapitals = 6 // letters to which the capitals rule applies; a longer word is shouted
)

// Term is a word, or several that follow one another: a phrase, a compound such as U.S.-Iran, a
// Chinese name.
type Term struct {
	Text  string // as written, without quotes
	Words []Word
	Exact bool // =talks
	Alike bool // ~Shamkhani
}

// Word is what a word of a document must be.
type Word struct {
	Folded   string
	Prefix   bool // the word may go on: missil*
	Capitals bool // the word must be in capitals
}

func (*Term) binding() binding { return bindsTerm }

func (t *Term) String() string {
	text := t.Text
	if !standsBare(text) {
		text = `"` + text + `"`
	}
	switch {
	case t.Exact:
		return "=" + text
	case t.Alike:
		return "~" + text
	}
	return text
}

// newTerm makes a term of its text as written.
func newTerm(text string, exact, alike bool) *Term {
	cut := words.Cut(text)
	return &Term{spelling(text, cut), patterns(text, cut, alike), exact, alike}
}

// Words returns what a text asks for that stands in a rule.
func Words(text string) []Word { return patterns(text, words.Cut(text), false) }

// patterns returns what the words of a text ask for. The sound of a word has no capitals.
func patterns(text string, cut []words.Word, alike bool) []Word {
	list := make([]Word, len(cut))
	for i, w := range cut {
		n := words.Capitals(text[w.Start:w.End])
		list[i] = Word{
			Folded:   w.Folded,
			Prefix:   isStarred(text[w.End:]),
			Capitals: 2 <= n && n <= maxCapitals && !alike,
		}
	}
	return list
}

// isStarred reports whether a word is only a beginning, by what follows it in the rule.
func isStarred(rest string) bool {
	after, ok := strings.CutPrefix(rest, "*")
	next, _ := utf8.DecodeRuneInString(after)
	return ok && !unicode.IsLetter(next) && !unicode.IsNumber(next)
}

// spelling returns a term's text from its first word to its last, with a space for whatever would
// not survive between quotes.
func spelling(text string, cut []words.Word) string {
	if len(cut) == 1 && cut[0].Start == 0 && cut[0].End == len(text) {
		return text
	}
	var b strings.Builder
	end := 0
	for i, w := range cut {
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
func (p *parser) checkTerm(t *Term) {
	if len(t.Words) == 0 {
		p.fail("there is no letter or digit to look for", "remove it, or write AND, OR or NOT")
		return
	}
	first, single := t.Words[0], len(t.Words) == 1
	letters := utf8.RuneCountInString(first.Folded)
	starred := slices.ContainsFunc(t.Words, func(w Word) bool { return w.Prefix })
	switch {
	case strings.Count(p.token.text, "*") > strings.Count(t.Text, "*"):
		p.fail("a * can only end a word", "write the beginning of the word, as in missil*")
	case slices.ContainsFunc(t.Words, isShort):
		p.fail("this beginning is too short and would match nearly everything",
			"write more of the word, as in missil*")
	case p.field == Lang && (starred || t.Alike || !single || letters < 2 || letters > 3):
		p.fail("this is not a language", "write its code of two or three letters, as in lang:fa")
	case t.Alike && starred:
		p.fail("a word cannot both begin so and sound so", "write ~ or *, not both")
	case t.Alike && !sounds(t):
		p.fail("this has too few sounds to compare",
			"write a name of two consonants or more in Latin, Arabic, Persian, Hebrew or Cyrillic")
	}
}

// isShort reports whether a word is a beginning that too many words have.
func isShort(w Word) bool { return w.Prefix && utf8.RuneCountInString(w.Folded) < minPrefix }

// sounds reports whether there is a word in a term whose sounds can be compared.
func sounds(t *Term) bool {
	return slices.ContainsFunc(t.Words, func(w Word) bool { return names.Key(w.Folded) != "" })
}
