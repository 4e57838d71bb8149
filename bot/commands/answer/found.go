package answer

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/backtest"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Volume says in a sentence how many items a rule would have matched.
func Volume(r backtest.Result) string {
	switch {
	case r.Stored == 0:
		return "No news is stored yet, so nothing can be said of the last 7 days."
	case r.Late && r.Looked == 0:
		return "The stored news could not be read in time: what it would have matched is not known."
	case r.Late:
		return fmt.Sprintf("In the last 7 days it would have matched about %d of %s: time was "+
			"enough for %d of them.", r.Estimate(), Count(r.Stored, "report"), r.Looked)
	case !r.Whole():
		return fmt.Sprintf("In the last 7 days it would have matched about %d of %s: one in %d "+
			"was looked at.", r.Estimate(), Count(r.Stored, "report"), r.Step)
	case r.Matched == 0:
		return fmt.Sprintf("In the last 7 days it would have matched none of %s.", Count(r.Stored,
			"report"))
	}
	return fmt.Sprintf("In the last 7 days it would have matched %d of %s.", r.Matched,
		Count(r.Stored, "report"))
}

// loud is how many matches a day are called many.
const loud = 50

// Advice says what to do about a rule that matches too much or nothing; it may be empty.
func Advice(r backtest.Result) string {
	switch n := r.Estimate(); {
	case r.Stored == 0 || r.Looked == 0:
		return ""
	case n > loud*backtest.Days:
		return fmt.Sprintf("That is about %d a day. To hear less: another word in the rule, or a "+
			"digest (policy).", n/backtest.Days)
	case n == 0:
		return "That may be as it should be. If not: fewer words, OR between them, or another spelling."
	}
	return ""
}

// Examples shows items with the words that matched.
func Examples(found []backtest.Example) (entries []bot.Entry) {
	for _, e := range found {
		headline := bot.Cut(e.Item.Title, e.In(rules.FieldTitle))
		if len(headline) == 0 {
			headline = Line(Link{story.Headline(e.Item), ""})
		}
		entry := bot.Entry{Title: linked(headline, e.Item.Link)}
		if around := bot.Excerpt(e.Item.Text, e.In(rules.FieldText)); len(around) > 0 {
			entry.Lines = append(entry.Lines, around)
		}
		from := Line(orElse(e.Item.Publisher, "unknown publisher"), ", ", e.Item.Time())
		if others := elsewhere(e); others != "" {
			from = append(from, Line("; matched ", others)...)
		}
		entry.Lines = append(entry.Lines, from)
		entries = append(entries, entry)
	}
	return entries
}

// linked makes the plain parts of a headline links; the words that matched keep their mark. When all
// of it matched, a link stands behind it.
func linked(t bot.Text, to string) bot.Text {
	any := false
	for i := range t {
		if !t[i].Hit && strings.TrimSpace(t[i].Text) != "" && to != "" {
			t[i].Link, any = to, true
		}
	}
	if !any && to != "" {
		t = append(t, Line(" ", Link{"(read)", to})...)
	}
	return t
}

// elsewhere names what matched outside of title and text.
func elsewhere(e backtest.Example) string {
	doc := story.Document(e.Item)
	var parts []string
	for _, field := range []string{rules.FieldSource, rules.FieldCategory} {
		if hits := e.In(field); len(hits) > 0 {
			parts = append(parts, bot.Quote(doc.Field(field), hits[0])+" in its "+field)
		}
	}
	return strings.Join(parts, " and ")
}

// Tried is the answer to a dry run of a rule.
func Tried(rule string, r backtest.Result, page int, now time.Time) bot.Message {
	const onPage = 5
	m := bot.Message{Title: "A try, nothing is changed", Lines: []bot.Text{Line(Code(rule)), Line(Volume(r))}}
	if advice := Advice(r); advice != "" {
		m.Lines = append(m.Lines, Line(advice))
	}
	if r.Matched > 0 {
		m.Lines = append(m.Lines, Line(Code(bars(r, now))))
	}
	shown, pages := Cut(r.Latest, page, onPage)
	m.Entries = Examples(shown)
	m.Buttons = Buttons(bot.Button{Label: "Watch this", Says: "watch " + rule, Style: bot.ButtonMain})
	pages.On(&m, "test "+rule)
	return m
}

// bars draws how many items matched on each day, for a monospaced font.
func bars(r backtest.Result, now time.Time) string {
	const widest = 20
	most := 1
	for _, n := range r.Days {
		most = max(most, n)
	}
	first := backtest.Since(now)
	days := make([]string, len(r.Days))
	for i, n := range r.Days {
		day := first.AddDate(0, 0, i).Format("Mon _2 Jan")
		bar := strings.Repeat("█", (n*widest+most-1)/most)
		days[i] = strings.TrimRight(fmt.Sprintf("%s %4d %s", day, n, bar), " ")
	}
	return strings.Join(days, "\n")
}

// BadRule says what is wrong with a rule and shows where.
func BadRule(e *rules.SyntaxError) []bot.Text {
	lines := []bot.Text{Line(capital(e.Problem), "."), Line(Code(window(e).Caret()))}
	if e.Remedy != "" {
		lines = append(lines, Line(capital(e.Remedy), "."))
	}
	return lines
}

// Wrong says the same in a line, where nothing is monospaced: by the words at which it begins.
func Wrong(e *rules.SyntaxError) string {
	const quoted = 20
	s := capital(e.Problem)
	if at := strings.TrimSpace(e.Rule[e.Start:]); at != "" {
		s = "At “" + Shorten(at, quoted) + "”: " + e.Problem
	}
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return Shorten(s, 150) + "."
}

// window is a mistake with no more of a long rule than what stands around it.
func window(e *rules.SyntaxError) *rules.SyntaxError {
	const longest, around = 150, 50
	before, wrong, behind := []rune(e.Rule[:e.Start]), []rune(e.Rule[e.Start:e.End]), []rune(e.Rule[e.End:])
	if len(before)+len(wrong)+len(behind) <= longest {
		return e
	}
	shown := *e
	lead, tail := "", ""
	if len(before) > around {
		before, lead = before[len(before)-around:], "…"
	}
	if len(wrong) > around {
		wrong = wrong[:around]
		behind = nil
		tail = "…"
	}
	if len(behind) > around {
		behind, tail = behind[:around], "…"
	}
	shown.Start = len(lead) + len(string(before))
	shown.End = shown.Start + len(string(wrong))
	shown.Rule = lead + string(before) + string(wrong) + string(behind) + tail
	return &shown
}

// capital makes the beginning of a sentence.
func capital(s string) string {
	if s == "" {
		return s
	}
	first, width := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[width:]
}
