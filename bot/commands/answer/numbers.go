package answer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/story"
)

// rank orders feeds by how much they need somebody.
var rank = map[feeds.HealthKind]int{
	feeds.HealthGone: 5, feeds.HealthFailing: 4, feeds.HealthTruncated: 3, feeds.HealthSilent: 2,
	feeds.HealthSlow: 1,
}

// Feeds lists the feeds, those first that need somebody.
func Feeds(all []feeds.Feed, page int, now time.Time) bot.Message {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b feeds.Feed) int {
		worse := rank[feeds.Health(b, now).Kind] - rank[feeds.Health(a, now).Kind]
		if worse != 0 {
			return worse
		}
		return strings.Compare(strings.ToLower(a.Label()), strings.ToLower(b.Label()))
	})
	shown, pages := Cut(all, page, PageSize)
	m := bot.Message{Title: Count(len(all), "feed"), Lines: []bot.Text{Health(all, now)}}
	for _, f := range shown {
		m.Entries = append(m.Entries, feed(f, now))
	}
	if len(all) == 0 {
		m.Title = "No feed is read yet"
		m.Lines = []bot.Text{Line("Without feeds there is no news. Add one: ",
			Command("feed add https://example.org/feed.xml"))}
	}
	pages.On(&m, "feeds")
	return m
}

func feed(f feeds.Feed, now time.Time) bot.Entry {
	c := feeds.Health(f, now)
	how := timed(c.Why, f.FailingSince, f.Polled, f.Pulse.News, f.GapAt)
	e := bot.Entry{Mark: bot.MarkGood, Title: Line(f.Label())}
	switch {
	case rank[c.Kind] >= rank[feeds.HealthSilent]:
		e.Mark = bot.MarkBad
	case f.Polled.IsZero():
		e.Mark = bot.MarkWait
	}
	if !f.Pulse.News.IsZero() && c.Kind != feeds.HealthSilent {
		how = append(how, Line(" Last news ", f.Pulse.News, ".")...)
	}
	e.Lines = []bot.Text{how}
	if c.Kind == feeds.HealthFailing && !c.Next.IsZero() {
		e.Lines = append(e.Lines, Line("Asked again ", c.Next, "."))
	}
	return e
}

// timed shows the times that a sentence holds in the zone of its reader.
func timed(s string, at ...time.Time) bot.Text {
	for _, t := range at {
		if before, behind, found := strings.Cut(s, Moment(t)); found && !t.IsZero() {
			return append(append(timed(before, at...), Line(t)...), timed(behind, at...)...)
		}
	}
	return Line(s)
}

// Health says in a sentence how the feeds are.
func Health(all []feeds.Feed, now time.Time) bot.Text {
	n := make(map[feeds.HealthKind]int)
	for _, f := range all {
		n[feeds.Health(f, now).Kind]++
	}
	var parts []string
	for _, kind := range []struct {
		kind feeds.HealthKind
		says string
	}{
		{feeds.HealthGone, "gone for good"}, {feeds.HealthFailing, "cannot be read"},
		{feeds.HealthTruncated, "cut off"}, {feeds.HealthSilent, "without news for unusually long"},
		{feeds.HealthSlow, "slow"},
	} {
		if n[kind.kind] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[kind.kind], kind.says))
		}
	}
	switch {
	case len(all) == 0:
		return Line("No feed is read.")
	case len(parts) == 0 && len(all) == 1:
		return Line("The one feed that is read works.")
	case len(parts) == 0:
		return Line("Feeds: all ", fmt.Sprint(len(all)), " work.")
	}
	return Line(fmt.Sprintf("Feeds: %d of %d work; ", n[feeds.HealthOK], len(all)), And(parts), ".")
}

// outcomes are how people call what became of items.
var outcomes = map[story.Outcome]string{
	story.OutcomeBaseline: "there before we began", story.OutcomeExpired: "too old",
	story.OutcomeDuplicate: "copies", story.OutcomeUnmatched: "asked for by no watch",
	story.OutcomeAlerted: "began a story", story.OutcomeJoined: "joined a story",
}

// states are how people call what became of what was to be told.
var states = map[bot.State]string{
	bot.StatePending: "waiting", bot.StatePosting: "being posted", bot.StateSent: "told",
	bot.StateUncertain: "unsure whether they arrived", bot.StateHeld: "held back",
	bot.StateDead: "could not be told", bot.StateMuted: "muted", bot.StateBelow: "not loud enough",
	bot.StateBurst: "told in a summary of many",
}

// Status says what is going on.
func Status(s Standing, all []feeds.Feed, changes []Done, now time.Time) bot.Message {
	m := bot.Message{Title: "What is going on"}
	var came, told []string
	for _, o := range story.Outcomes {
		if n := s.Outcomes[o]; n > 0 {
			came = append(came, fmt.Sprintf("%d %s", n, outcomes[o]))
		}
	}
	for _, st := range bot.States {
		if n := s.States[st]; n > 0 {
			told = append(told, fmt.Sprintf("%d %s", n, states[st]))
		}
	}
	m.Lines = []bot.Text{
		Health(all, now),
		Line("Watching: ", Count(s.Watches, "watch"), " for ", Count(s.Channels, "channel"), "."),
		Line("Last 24 hours: ", Count(s.Items, "report"), " came", listed(came), "."),
	}
	if len(told) > 0 {
		m.Lines = append(m.Lines, Line("To the channels here: ", And(told), "."))
	}
	owed := Line("Nothing waits to be posted.")
	if s.Owed > 0 {
		owed = Line(Count(s.Owed, "post"), " to be sent, the oldest since ", s.OldestOwed, ".")
	}
	m.Lines = append(m.Lines, owed)
	for i, c := range changes {
		if i == 0 {
			m.Lines = append(m.Lines, Line("Latest changes:"))
		}
		m.Lines = append(m.Lines, change(c))
	}
	return m
}

func listed(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return ": " + And(parts)
}

// change is a line of the audit log.
func change(c Done) bot.Text {
	t := Line(c.At, " ", orElse(c.User, "somebody"))
	if c.Channel != "" {
		t = append(t, Line(" in ", c.Channel)...)
	}
	return append(t, Line(": ", Code(Shorten(c.Command, 150)))...)
}
