package bot

import (
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Render writes a delivery as a message.
func Render(d Delivery) Message {
	m := Message{Delivery: d.ID, Kind: d.Kind, Repeat: d.Repeat}
	if d.Notice != nil {
		m.Title, m.Lines = d.Notice.Title, d.Notice.Lines
	}
	for _, p := range d.Pairs {
		if p.State == StateBurst {
			m.Rest = append(m.Rest, card(p))
		} else {
			m.Cards = append(m.Cards, card(p))
		}
	}
	if d.Kind == KindDigest {
		m.Title = digestTitle(d.Pairs)
	}
	return m
}

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
	asked := asked(why)
	return Card{
		Story:      s.ID,
		Revision:   p.Revision,
		Headline:   mark(s.Headline, asked),
		Summary:    mark(s.Summary, asked),
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
		for _, id := range p.Watches {
			if w.Watch == id {
				out = append(out, w)
			}
		}
	}
	return out
}

// asked maps each folded word that matched to how it stood in the text.
func asked(why []story.Why) map[string]string {
	words := make(map[string]string)
	for _, w := range why {
		for _, quoted := range w.Words {
			for _, word := range rules.Words(quoted) {
				words[word.Folded] = quoted[word.Start:word.End]
			}
		}
	}
	return words
}

// mark cuts a text at the words that matched.
func mark(text string, asked map[string]string) (out Text) {
	at := 0
	for _, w := range rules.Words(text) {
		surface := text[w.Start:w.End]
		if quoted, ok := asked[w.Folded]; !ok || !sameCase(quoted, surface) {
			continue
		}
		if w.Start > at {
			out = append(out, Span{Text: text[at:w.Start]})
		}
		out = append(out, Span{Text: surface, Hit: true})
		at = w.End
	}
	if at < len(text) {
		out = append(out, Span{Text: text[at:]})
	}
	return out
}

// sameCase keeps "us" unmarked where "US" matched.
func sameCase(quoted, surface string) bool {
	return quoted == surface || quoted != strings.ToUpper(quoted) || len(quoted) < 2 ||
		quoted == strings.ToLower(quoted)
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
