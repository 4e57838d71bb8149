package answer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// Why says of items what became of them. Names are those of the watches, by ID.
func Why(asked string, found []Trace, names map[string]string, page int) bot.Message {
	const onPage = 5
	shown, pages := Cut(found, page, onPage)
	m := bot.Message{Title: Count(len(found), "report") + " found"}
	for i, t := range shown {
		again := slices.ContainsFunc(shown[:i], func(before Trace) bool {
			return t.Story != nil && before.Story != nil && t.Story.ID == before.Story.ID &&
				slices.Equal(t.Tellings, before.Tellings)
		})
		m.Entries = append(m.Entries, traced(t, names, again))
	}
	if len(found) == 0 {
		m.Title = "No report found"
		m.Lines = []bot.Text{
			Line("No feed has brought ", Code(Shorten(asked, 200)), " to us, or it is older than "+
				"what we keep."),
			Line("Try fewer words of its headline. ", Command("feeds"),
				" says which feeds are read, and ", Command("feed add <url>"),
				" reads another one."),
		}
	}
	pages.On(&m, "why "+asked)
	return m
}

// traced is one item and its history. Again says that an item of the same story stands above it.
func traced(t Trace, names map[string]string, again bool) bot.Entry {
	e := bot.Entry{Title: Line(Link{Shorten(story.Headline(t.Item), 200), t.Item.Link})}
	from := Line("From ", orElse(t.Feed, "a feed that is not read any more"), ", came ",
		t.Item.Fetched)
	if !t.Item.Published.IsZero() {
		from = append(from, Line(", published ", t.Item.Published)...)
	}
	e.Lines = append(e.Lines, append(from, Line(".")...))
	for _, v := range t.Earlier {
		was := Outcome(Trace{Outcome: v.Outcome, Story: t.Story})
		e.Lines = append(e.Lines, append(Line("Before its words changed, until ", v.Until, ": "),
			was...))
	}
	e.Lines = append(e.Lines, Outcome(t))
	if len(t.Matched) > 0 {
		e.Lines = append(e.Lines, Line("It answers ", And(called(t.Matched, names)), "."))
	}
	if n := len(t.Tellings); n > 0 {
		e.Mark = markOf(t.Tellings[n-1].State)
	}
	switch {
	case len(t.Tellings) > 0 && again:
		e.Lines = append(e.Lines, Line("What was told of it stands above."))
	case len(t.Tellings) > 0:
		e.Lines = append(e.Lines, History(t.Tellings)...)
	case t.Story != nil && t.Story.Quiet:
		e.Lines = append(e.Lines, Line("Nobody was told: it is from before we began to watch "+
			"its feed."))
	case t.Story != nil && len(t.Matched) > 0:
		e.Lines = append(e.Lines, Line("Not told here: this channel follows none of the watches "+
			"that it answers, or began to later."))
	}
	return e
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// called names watches. One that is gone is called by the end of its ID.
func called(ids []string, names map[string]string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = orElse(names[id], id[strings.LastIndexByte(id, '/')+1:])
	}
	return out
}

// Outcome says what became of an item, in a sentence.
func Outcome(t Trace) bot.Text {
	headline := Line("a story")
	if t.Story != nil && t.Story.Headline != story.Headline(t.Item) {
		headline = Line("the story ", Link{Shorten(t.Story.Headline, 120), first(t.Story.Links)})
	}
	switch t.Outcome {
	case "":
		return Line("It has just come and is being read: ask again in a minute.")
	case story.OutcomeBaseline:
		return Line("It was there when its feed was first read: noted, but no news.")
	case story.OutcomeExpired:
		return Line("It was too old to be news when it first came.")
	case story.OutcomeDuplicate:
		return Line("It is a copy of what the same publisher had sent before.")
	case story.OutcomeUnmatched:
		return Line("No watch asks for it. ", Command("test <rule>"), " tries a rule that would.")
	case story.OutcomeAlerted:
		return append(Line("It began "), append(headline, Line(".")...)...)
	case story.OutcomeJoined:
		return append(Line("It joined "), append(headline,
			Line(", which was there already.")...)...)
	}
	return Line("Its outcome is ", string(t.Outcome), ".")
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// History says what became of a story's revisions in a channel, a sentence each.
func History(all []Telling) (out []bot.Text) {
	const most = 8
	all = slices.CompactFunc(slices.Clone(all), func(a, b Telling) bool {
		a.Revision = b.Revision // of several one post was made
		return a == b
	})
	if len(all) > most {
		out = append(out, Line(fmt.Sprintf("(%s before these)", Count(len(all)-most, "revision"))))
		all = all[len(all)-most:]
	}
	for _, t := range all {
		out = append(out, Told(t))
	}
	return out
}

// kinds are how people call the posts.
var kinds = map[bot.Kind]string{
	bot.KindAlert: "as an alert", bot.KindUpdate: "as an update", bot.KindDigest: "in a digest",
	bot.KindEscalation: "as an escalation (it had become more severe)",
}

// Told says what became of a story's revision in a channel, in a sentence.
func Told(t Telling) bot.Text {
	as := orElse(kinds[t.Kind], "")
	if as != "" {
		as = " " + as
	}
	why := func(usual string) string { return orElse(strings.TrimRight(t.Why, "."), usual) + "." }
	switch t.State {
	case bot.StatePending:
		return Line("Waits to be told here", as, ", since ", t.At, ": ", why("it has just come up"))
	case bot.StatePosting:
		return Line("Is being posted here", as, " now.")
	case bot.StateSent:
		return Line("Told here", as, ", ", t.At, ".")
	case bot.StateUncertain:
		return Line("Posted here", as, ", ", t.At, ", but the answer was lost: we look whether "+
			"it arrived before it is sent again.")
	case bot.StateHeld:
		return Line("Held back since ", t.At, ": ", why("quiet hours, or the next digest is "+
			"not due yet"))
	case bot.StateDead:
		return Line("Could not be told here, ", t.At, ": ", why("the platform refused it"))
	case bot.StateMuted:
		return Line("Not told here, ", t.At, ": ", why("it was muted"))
	case bot.StateBelow:
		return Line("Not told here, ", t.At, ": ", why("not loud enough for this channel's policy"))
	case bot.StateBurst:
		return Line("Told here, ", t.At, ", as one line of a message about many.")
	}
	return Line(string(t.State), ", ", t.At, ".")
}

// markOf says at a glance how a telling ended.
func markOf(s bot.State) bot.Mark {
	switch s {
	case bot.StateSent, bot.StateBurst:
		return bot.MarkGood
	case bot.StateDead:
		return bot.MarkBad
	}
	return bot.MarkWait
}

// Alert explains a post: which watches and words made it, who reports it, and what the channel heard
// of it.
func Alert(s story.Story, told []Telling) bot.Entry {
	e := bot.Entry{Title: Line(Link{Shorten(s.Headline, 200), first(s.Links)})}
	for _, w := range s.Why {
		line := Line("Watch ", w.Name)
		for i, word := range w.Words[:min(len(w.Words), 10)] {
			line = append(line, Line([]string{": ", ", "}[min(i, 1)])...)
			line = append(line, bot.Span{Text: Shorten(word, 80), Hit: true})
		}
		e.Lines = append(e.Lines, append(line, Line(".")...))
	}
	if len(s.Publishers) > 0 {
		e.Lines = append(e.Lines, Line(Count(len(s.Publishers), "publisher"), ": ",
			And(some(s.Publishers, 12)), "."))
	}
	e.Lines = append(e.Lines, Line("Began ", s.Began, ", latest report ", s.Latest, ". Severity: ",
		orElse(string(s.Severity), string(story.SeverityNone)), "."))
	e.Lines = append(e.Lines, History(told)...)
	return e
}

// some names so many of some things, and counts the others.
func some(all []string, most int) []string {
	if len(all) <= most {
		return all
	}
	return append(append([]string(nil), all[:most]...), fmt.Sprintf("%d more", len(all)-most))
}
