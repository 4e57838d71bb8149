package embeds

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	reportsLinked = 4 // beside the headline's
	wordsNamed    = 8 // of those that matched, for a watch
	watchesNamed  = 5 // for a story
	bullets       = 15
	halfDay       = 12 * time.Hour // two times that are nearer need no second date
)

// Words for what must be known of a message before it is read.
const (
	sampleNote = "⚠️ **Sample: nothing has happened**"
	repeatNote = "-# may be a repeat"
	noHeadline = "(no headline)"
)

// look is how severe a story is: a sign and a word, since no colour says it to everybody; and the
// colour. There is no sign for none.
func look(s story.Severity) (sign, word string, colour int) {
	switch s {
	case story.SeverityNotable:
		return "🟡", "Notable", 0xF1C40F
	case story.SeverityHigh:
		return "🟠", "High", 0xE67E22
	case story.SeverityCritical:
		return "🔴", "Critical", 0xE74C3C
	}
	return "", "", 0x95A5A6
}

// single reports whether a message tells one story and nothing else.
func single(m bot.Message) bool { return len(m.Cards) == 1 && m.Title == "" }

// head is the text above the embeds. It is all that some notifications show.
func head(m bot.Message) string {
	var lines []string
	if m.Sample {
		lines = append(lines, sampleNote)
	}
	if m.Repeat {
		lines = append(lines, repeatNote)
	}
	if title := strong(bot.Plain(m.Title), 2*maxTitle); title != "" {
		lines = append(lines, title)
	}
	if single(m) {
		if line := standing(m.Cards[0].Severity, m.Kind); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// standing is how severe a story is, and what was told of it before.
func standing(s story.Severity, kind bot.Kind) string {
	sign, word, _ := look(s)
	news := map[bot.Kind]string{
		bot.KindEscalation: "more severe than before", bot.KindUpdate: "updated",
	}[kind]
	switch {
	case word == "" && news == "":
		return ""
	case word == "":
		return strings.ToUpper(news[:1]) + news[1:]
	case news == "":
		return sign + " **" + word + "**"
	}
	return sign + " **" + word + "** – " + news
}

// card is a story as an embed: in full where it is the only one, shorter where there are many.
func card(c bot.Card, full bool, address string) *discordgo.MessageEmbed {
	_, word, colour := look(c.Severity)
	e := &discordgo.MessageEmbed{URL: address, Color: colour}
	var parts []string
	headline := written(c.Headline.String(), maxTitle)
	if address != "" {
		e.Title = cmp.Or(headline, noHeadline)
	} else {
		// Without an address for the title there is one for finding the post, which the title
		// must not lead to.
		parts = append(parts, strong(bot.Plain(cmp.Or(c.Headline.String(), noHeadline)), maxTitle))
	}
	if full {
		parts = append(parts, markdown(c.Summary, summaryLength), origin(c, ""), reports(c.Links))
		parts = append(parts, reasons(c.Why))
	} else {
		parts = append(parts, origin(c, word))
	}
	e.Description = join(parts)
	return e
}

// join puts lines together, those that say nothing left out.
func join(lines []string) string {
	var kept []string
	for _, line := range lines {
		if line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// plainCard is a story without an embed.
func plainCard(c bot.Card) string {
	headline := cmp.Or(written(c.Headline.String(), maxTitle), noHeadline)
	if address := safeLink(c.Link()); address != "" && len(address) <= linkLength {
		headline = "[" + headline + "](" + address + ")"
	}
	return join([]string{headline, markdown(c.Summary, summaryLength), origin(c, ""), reasons(c.Why)})
}

// origin says when a story is from and who tells it.
func origin(c bot.Card, first string) string {
	var parts []string
	for _, part := range []string{first, times(c.Began, c.Latest), c.Sources(func(name string) string { return aside(name, nameLength) })} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return clean.LeftFirst(strings.Join(parts, " · "))
}

// times says when a story's latest report is from, and its first one if that is another minute.
func times(began, latest time.Time) string {
	if latest.IsZero() {
		return ""
	}
	out := moment(latest, "f") + " (" + moment(latest, "R") + ")"
	if began.IsZero() || began.Truncate(time.Minute).Equal(latest.Truncate(time.Minute)) {
		return out
	}
	if latest.Sub(began) < halfDay {
		return out + ", since " + moment(began, "t")
	}
	return out + ", since " + moment(began, "f")
}

// reports links the reports beside the headline's by where they are.
func reports(links []string) string {
	var out []string
	for _, address := range links[min(1, len(links)):] {
		address, host := safeLink(address), hostOf(address)
		if host != "" && len(address) <= linkLength && len(out) < reportsLinked {
			out = append(out, "["+host+"]("+address+")")
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "Also: " + strings.Join(out, ", ")
}

// hostOf is where an address leads, or empty when that is not plain to see.
func hostOf(address string) string {
	u, err := url.Parse(safeLink(address))
	if err != nil || len(u.Hostname()) > nameLength || strings.Trim(u.Hostname(), hostLetters) != "" {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

const hostLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

// reasons says which watches asked for a story, and for which of its words.
func reasons(why []story.Why) string {
	var out []string
	for i, w := range why {
		if i == watchesNamed {
			out = append(out, fmt.Sprintf("and %d more watches", len(why)-i))
			break
		}
		reason := aside(cmp.Or(w.Name, w.Watch, "a watch"), nameLength)
		if words := matched(w.Words); words != "" {
			reason += " – " + words
		}
		out = append(out, reason)
	}
	if len(out) == 0 {
		return ""
	}
	return "Why: " + strings.Join(out, "; ")
}

// matched names the words of a story that a watch asked for.
func matched(words []string) string {
	var out []string
	for i, word := range words {
		if i == wordsNamed {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(words)-i)
		}
		if word = aside(word, nameLength); word != "" {
			out = append(out, "**"+word+"**")
		}
	}
	return strings.Join(out, ", ")
}

// bullet is a story in one line. It goes from left to right even if the headline itself does not: in
// a list, the eye runs down the left edge.
func bullet(c bot.Card) string {
	sign, word, _ := look(c.Severity)
	before := clean.LeftToRight + "• "
	if sign != "" {
		before += sign + " "
	}
	title := cmp.Or(written(c.Headline.String(), bulletLength), noHeadline)
	if address := safeLink(c.Link()); address != "" && len(address) <= linkLength {
		title = "[" + title + "](" + address + ")"
	}
	var after []string
	if word != "" {
		after = append(after, word)
	}
	if len(c.Publishers) > 0 {
		after = append(after, aside(c.Publishers[0], nameLength))
	}
	if len(after) == 0 {
		return before + title
	}
	return before + title + " – " + strings.Join(after, ", ")
}
