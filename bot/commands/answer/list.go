package answer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/schedule"
	"github.com/tensionwatch/tensionwatch/story"
)

// listPage is how many watches are shown at once: what is to be pressed beside each takes room, and
// platforms leave out what is too much for a message.
const listPage = 5

// List is what a channel follows, and how.
func List(all []Following, page int, now time.Time) bot.Message {
	shown, pages := Cut(all, page, listPage)
	m := bot.Message{Title: "This channel follows " + Count(len(all), "watch")}
	for _, f := range shown {
		m.Entries = append(m.Entries, following(f, now))
	}
	if len(all) == 0 {
		m.Title = "This channel follows nothing yet"
		m.Lines = Begin()
		m.Buttons = []bot.Button{{Label: "What can be followed", Says: "subscribe"}}
	}
	pages.On(&m, "list")
	return m
}

// Begin says how to begin.
func Begin() []bot.Text {
	return []bot.Text{
		Line("Say what to watch for, and this channel hears of it within a minute of its news:"),
		Line(Command("watch Oman talks"), " both words close together, in any language we "+
			"know them in"),
		Line(Command(`watch "Strait of Hormuz" as hormuz`), " a phrase, and a name for the watch"),
		Line(Command("subscribe"), " what others watch already"),
	}
}

// following is one watch of a list.
func following(f Following, now time.Time) bot.Entry {
	name := f.Watch.Name
	e := bot.Entry{
		Mark:  bot.MarkGood,
		Title: Line(name, ": ", Code(f.Watch.Rule)),
	}
	stop := bot.Button{Label: "Unfollow", Says: "unsubscribe " + name,
		Confirm: fmt.Sprintf("Stop telling this channel of %s? The watch itself stays.", name)}
	first := bot.Button{Label: "Edit", Says: "edit " + name}
	if f.Watch.Owner == rules.Everyone {
		first = bot.Button{}
	}
	how := Policy(f, now)
	then := append(Line(strings.Replace(how[0].Text, "Told", "told", 1)), how[1:]...)
	switch {
	case f.Paused != "":
		e.Mark = bot.MarkWait
		e.Lines = []bot.Text{append(Line("Paused: ", f.Paused, ". When resumed: "), then...), volume(f)}
		first = bot.Button{Label: "Resume", Says: "resume " + name}
	case f.MutedUntil.After(now):
		e.Mark = bot.MarkWait
		e.Lines = []bot.Text{append(Line("Muted until ", f.MutedUntil, ". After that: "), then...), volume(f)}
		first = bot.Button{Label: "Unmute", Says: "unmute " + name}
	default:
		e.Lines = []bot.Text{append(append(how, Line(" ")...), volume(f)...)}
	}
	e.Buttons = Buttons(first, stop)
	return e
}

// Policy says how a channel hears of a watch.
func Policy(f Following, now time.Time) bot.Text {
	s := f.Subscription
	t := Line("Told at once")
	if s.Policy == "digest" {
		t = Line("Told in digests (", Code(s.Digest), zoned(s.Zone), ")")
		if plan, err := schedule.Parse(s.Digest, s.Zone); err == nil {
			t = append(t, Line(", the next ", plan.Next(now))...)
		}
	}
	if s.MinPublishers > 1 {
		t = append(t, Line(fmt.Sprintf(", from %d publishers on", s.MinPublishers))...)
	}
	if story.SeverityNone.Less(s.MinSeverity) {
		t = append(t, Line(", when ", string(s.MinSeverity), " or worse")...)
	}
	if s.Quiet != "" {
		t = append(t, Line(", quiet ", s.Quiet, zoned(s.Zone))...)
	}
	t = append(t, Line(".")...)
	switch {
	case f.Watch.Owner == rules.Everyone && f.Chosen:
		t = append(t, Line(" The watch is from the config; how it is told was set in chat.")...)
	case f.Watch.Owner == rules.Everyone:
		t = append(t, Line(" From the config.")...)
	}
	return t
}

func zoned(zone string) string {
	if zone == "" {
		return " UTC"
	}
	return " " + zone
}

// volume says how much a channel heard of a watch.
func volume(f Following) bot.Text {
	if f.Alerts == 0 {
		t := Line("No alert in 7 days")
		if !f.LastAlert.IsZero() {
			t = append(t, Line("; the last was ", f.LastAlert)...)
		}
		return append(t, Line(".")...)
	}
	t := Line(Count(f.Alerts, "alert"), " in 7 days")
	if f.Irrelevant > 0 {
		t = append(t, Line(fmt.Sprintf(", %d marked as not relevant", f.Irrelevant))...)
	}
	if !f.LastAlert.IsZero() {
		t = append(t, Line(", the last ", f.LastAlert)...)
	}
	return append(t, Line(".")...)
}

// Followable lists what a channel does not follow yet and could.
func Followable(all []Watch, followed []Following, page int) bot.Message {
	all = slices.DeleteFunc(slices.Clone(all), func(w Watch) bool {
		return slices.ContainsFunc(followed, func(f Following) bool { return f.Watch.ID == w.ID })
	})
	shown, pages := Cut(all, page, PageSize)
	m := bot.Message{Title: Count(len(all), "watch") + " to follow"}
	for _, w := range shown {
		m.Entries = append(m.Entries, bot.Entry{
			Title:   Line(w.Name, ": ", Code(w.Rule)),
			Lines:   []bot.Text{followers(w)},
			Buttons: Buttons(bot.Button{Label: "Follow", Says: "subscribe " + w.Name}),
		})
	}
	if len(all) == 0 {
		m.Title = "There is nothing else to follow"
		m.Lines = []bot.Text{Line("A new watch is followed by the channel where it is made: ",
			Command("watch Oman talks"))}
	}
	pages.On(&m, "subscribe")
	return m
}

// followers says where a watch is told.
func followers(w Watch) bot.Text {
	switch {
	case len(w.Channels) > 0 && w.FromConfig():
		return Line("Told in ", Channels(w.Channels), ". From the config.")
	case len(w.Channels) > 0:
		return Line("Told in ", Channels(w.Channels), ".")
	case w.FromConfig():
		return Line("From the config; no channel follows it.")
	}
	return Line("No channel follows it.")
}

// Channels names channels, up to ten of them.
func Channels(all []bot.Channel) bot.Text {
	const named = 10
	var texts []bot.Text
	for _, c := range all[:min(len(all), named)] {
		texts = append(texts, Line(c))
	}
	t := join(texts, ", ")
	if len(all) > named {
		t = append(t, Line(fmt.Sprintf(" and %d more", len(all)-named))...)
	}
	return t
}

// Home is what a person sees of the bot outside of any channel.
func Home(all []Watch, health Text) bot.Message {
	const shown = 20
	m := bot.Message{Kind: bot.KindReply, Title: "tensionwatch", Lines: []bot.Text{health}}
	if len(all) == 0 {
		m.Lines = append(m.Lines, Line("Nothing is watched here yet. Begin in a channel:"))
		m.Lines = append(m.Lines, Begin()[1:]...)
	} else {
		m.Lines = append(m.Lines, Line("In a channel, ", Command("watch Oman talks"),
			" watches for something new, and ", Command("help"), " says what else there is. ",
			Count(len(all), "watch"), ":"))
	}
	for _, w := range all[:min(len(all), shown)] {
		e := bot.Entry{Title: Line(w.Name, ": ", Code(w.Rule)), Lines: []bot.Text{followers(w)}}
		if len(w.Channels) > 0 {
			e.Mark = bot.MarkGood
		}
		if !w.FromConfig() {
			e.Buttons = Buttons(bot.Button{Label: "Edit", Says: "edit " + w.Name})
		}
		m.Entries = append(m.Entries, e)
	}
	if len(all) > shown {
		m.Foot = Line(fmt.Sprintf("And %d more: ", len(all)-shown), Command("subscribe"),
			" in a channel lists all that it does not follow yet.")
	}
	return m
}

// Text is a paragraph of a message.
type Text = bot.Text

// Aliases lists the spellings that rules go by beyond the shipped ones.
func Aliases(all []rules.Alias, page int) bot.Message {
	shown, pages := Cut(all, page, PageSize)
	m := bot.Message{Title: Count(len(all), "alias set"), Lines: []bot.Text{
		Line("A rule that asks for one spelling of a name finds the others too. Beside these, " +
			"the names of the region that come with tensionwatch are known."),
	}}
	for _, a := range shown {
		e := bot.Entry{Title: Line(strings.Join(a.Names, " = "))}
		if a.Owner == rules.Everyone {
			e.Lines = []bot.Text{Line("From the config.")}
		} else if len(a.Names) > 0 {
			e.Buttons = Buttons(bot.Button{Label: "Remove", Says: "alias remove " + a.Names[0],
				Confirm: Shorten("Forget the spellings of "+a.Names[0]+"?", 200)})
		}
		m.Entries = append(m.Entries, e)
	}
	if len(all) == 0 {
		m.Title = "No spellings were added yet"
		example := Command("alias add Shamkhani = شمخانی, Chamkhani")
		m.Lines = append(m.Lines, Line("To add some: ", example))
	}
	pages.On(&m, "alias list")
	return m
}
