package console

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Sifted writes for people what a dry run made of an item: its outcome and headline, and below them
// why each watch matched. Names are those of the watches, by ID.
func Sifted(f story.Filing, names map[string]string, look Options) []byte {
	p := newPage(look, false)
	label := fmt.Sprintf("%-9s  ", f.Outcome)
	p.print(label, siftedHeadline(f))
	doc, in := story.Document(f.Item), strings.Repeat(" ", len(label))
	for _, m := range f.Matches {
		p.print(in, matched(names[m.Watch], doc, m.Hits))
		var around paragraph
		around.quoteText(bot.Excerpt(doc.Text, hitsIn(rules.FieldText, m)), plain)
		p.print(in+indent, around)
	}
	return p.Bytes()
}

// siftedHeadline is what an alert would be headed by, with all hits in the title marked.
func siftedHeadline(f story.Filing) (p paragraph) {
	as := dim
	if len(f.Matches) > 0 {
		as = bold
	}
	p.quoteText(bot.Cut(f.Item.Title, hitsIn(rules.FieldTitle, f.Matches...)), as)
	if len(p) == 0 {
		p.quote(story.Headline(f.Item), as)
	}
	if len(p) == 0 {
		p.say("(no title)", as)
	}
	return p
}

// hitsIn are the hits of matches in one field, in order of place.
func hitsIn(field string, matches ...rules.Match) (hits []rules.Hit) {
	for _, m := range matches {
		for _, h := range m.Hits {
			if h.Field == field {
				hits = append(hits, h)
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b rules.Hit) int { return a.Start - b.Start })
	return hits
}

// matched names a watch and lists its hits, each word once.
func matched(watch string, doc rules.Document, hits []rules.Hit) (p paragraph) {
	p.quote(watch, plain)
	between := ": "
	seen := make(map[string]bool)
	for _, h := range hits {
		word := rules.Fold(doc.Field(h.Field)[h.Start:h.End]) + elsewhere(h)
		if !seen[word] {
			seen[word] = true
			p.say(between, dim)
			p.hit(doc, h)
			between = ", "
		}
	}
	return p
}

// hit quotes a hit, behind the word of the rule if that is another one.
func (p *paragraph) hit(doc rules.Document, h rules.Hit) {
	field := doc.Field(h.Field)
	if !sameWords(h.Word, field[h.Start:h.End]) {
		p.quote(h.Word, dim)
		p.say(" ← ", dim)
	}
	p.quote(bot.Quote(field, h), plain)
	p.say(elsewhere(h), dim)
}

// elsewhere names the field of a hit that lies neither in the title nor in the text.
func elsewhere(h rules.Hit) string {
	if h.Field == rules.FieldTitle || h.Field == rules.FieldText {
		return ""
	}
	return " (" + h.Field + ")"
}

// sameWords reports whether a rule asks for the very words, case and marks aside.
func sameWords(rule, text string) bool {
	return slices.EqualFunc(rules.Words(rule), rules.Words(text), func(a, b rules.Word) bool {
		return a.Folded == b.Folded
	})
}
