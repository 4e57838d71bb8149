package bot

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Render writes a delivery as a message.
func Render(d Delivery) Message {
	m := Message{Delivery: d.ID, Kind: d.Kind, Repeat: d.Repeat}
	if d.Notice != nil {
		m.Title, m.Lines = d.Notice.Title, Plains(d.Notice.Lines...)
	}
	for _, p := range d.Pairs {
		if p.State == StateBurst {
			m.Rest = append(m.Rest, card(p))
		} else {
			m.Cards = append(m.Cards, card(p))
		}
	}
	switch d.Kind {
	case KindDigest:
		m.Title = digestTitle(d.Pairs)
	case KindAlert:
		m.Buttons = alertButtons(m.Cards)
	case KindUpdate, KindEscalation:
		m.Buttons = alertButtons(m.Cards)
		m.Thread, m.Loud = d.Root, d.Kind == KindEscalation
	}
	return m
}

// snoozes is for how long a watch can be silenced with a button.
var snoozes = [...]Choice{{"1 hour", "1h"}, {"8 hours", "8h"}, {"1 day", "1d"}}

// alertButtons are what can be done about an alert where it stands.
func alertButtons(cards []Card) []Button {
	if len(cards) != 1 {
		return nil
	}
	c := cards[0]
	snooze := Button{Label: "Snooze watch"}
	for _, w := range c.Why[:min(len(c.Why), snoozable)] {
		for _, long := range snoozes {
			label := long.Label
			if len(c.Why) > 1 {
				label = w.Name + " for " + long.Label
			}
			snooze.Choices = append(snooze.Choices, Choice{label, "snooze " + w.Name + " " + long.Value})
		}
	}
	buttons := []Button{{Label: "Mute story", Says: "mute-story " + string(c.Story)}}
	if len(snooze.Choices) > 0 {
		buttons = append(buttons, snooze)
	}
	return append(buttons, Button{Label: "Not relevant", Says: "not-relevant " + string(c.Story)})
}

// snoozable is how many of an alert's watches its menu offers: platforms allow 25 choices.
const snoozable = 8

// digestTitle says how many stories a digest tells, and of which watches.
func digestTitle(pairs []Pair) string {
	var names []string
	seen := make(map[string]bool)
	for _, p := range pairs {
		for _, w := range followed(p) {
			if !seen[w.Name] {
				seen[w.Name] = true
				names = append(names, w.Name)
			}
		}
	}
	return fmt.Sprintf("%d stories for %s", len(pairs), strings.Join(names, ", "))
}

// card shows a story as a channel sees it: with the watches that the channel follows.
func card(p Pair) Card {
	s := p.Story
	why := followed(p)
	phrases := quoted(why)
	return Card{
		Story:      s.ID,
		Revision:   p.Revision,
		Headline:   mark(s.Headline, phrases),
		Summary:    mark(s.Summary, phrases),
		Links:      s.Links,
		Publishers: s.Publishers,
		Began:      s.Began,
		Latest:     s.Latest,
		Severity:   s.Severity,
		Tension:    s.Tension,
		Why:        why,
	}
}

// followed are those of a story's watches that the channel follows.
func followed(p Pair) (out []story.Why) {
	for _, w := range p.Story.Why {
		if slices.Contains(p.Watches, w.Watch) {
			out = append(out, w)
		}
	}
	return out
}

// quoted lists the words and phrases that matched, as they stand in the text, the longest first.
func quoted(why []story.Why) (phrases []phrase) {
	for _, w := range why {
		for _, text := range w.Words {
			if p := newPhrase(text, rules.Words(text)); len(p) > 0 {
				phrases = append(phrases, p)
			}
		}
	}
	slices.SortStableFunc(phrases, func(a, b phrase) int { return len(b) - len(a) })
	return phrases
}

// phrase is a run of words as they are compared.
type phrase []phraseWord

type phraseWord struct {
	folded   string
	capitals bool // an acronym: "US" is not "us"
}

func newPhrase(text string, words []rules.Word) phrase {
	p := make(phrase, len(words))
	for i, w := range words {
		p[i] = phraseWord{w.Folded, isAcronym(text[w.Start:w.End])}
	}
	return p
}

// begins reports whether a text that goes on so begins with the phrase.
func (p phrase) begins(text phrase) bool {
	if len(p) > len(text) {
		return false
	}
	for i, w := range p {
		if w.folded != text[i].folded || (w.capitals && !text[i].capitals) {
			return false
		}
	}
	return true
}

// isAcronym reports whether a word is two to six capitals, dots aside: rules hold such words to
// their case.
func isAcronym(word string) bool {
	letters := 0
	for _, r := range word {
		switch {
		case unicode.IsUpper(r):
			letters++
		case r != '.':
			return false
		}
	}
	return letters >= 2 && letters <= 6
}

// mark cuts a text at the words that matched. The phrases come the longest first.
func mark(text string, phrases []phrase) (out Text) {
	words := rules.Words(text)
	folded := newPhrase(text, words)
	at := 0
	for i := 0; i < len(words); i++ {
		n := 0
		for _, p := range phrases {
			if p.begins(folded[i:]) {
				n = len(p)
				break
			}
		}
		if n == 0 {
			continue
		}
		start, end := words[i].Start, words[i+n-1].End
		out = append(out.plain(text[at:start]), Span{Text: text[start:end], Hit: true})
		at = end
		i += n - 1
	}
	return out.plain(text[at:])
}

// Welcome tells a channel what is being watched for it from now on.
func Welcome(watches []rules.Watch, feedNames []string) Notice {
	n := Notice{Title: "tensionwatch is watching"}
	for _, w := range watches {
		n.Lines = append(n.Lines, fmt.Sprintf("%s: %s", w.Name, w.Rule))
	}
	if len(feedNames) > 0 {
		n.Lines = append(n.Lines, fmt.Sprintf("%s: %s", plural(len(feedNames), "feed"),
			strings.Join(feedNames, ", ")))
	}
	n.Lines = append(n.Lines,
		"What the feeds held before this was only taken note of; you will hear of what comes next.")
	return n
}

// plural counts things in English.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
