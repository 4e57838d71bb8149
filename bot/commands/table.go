package commands

import (
	"context"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/story"
)

// row is a command and what does it.
type row struct {
	typed.Command
	inChannel bool     // it is about the channel where it is given
	drafted   bool     // it answers a form that is still being filled in
	shows     []string // without all of these arguments it only shows how things are
	do        func(ctx context.Context, q *request) (bot.Reply, error)
}

// The groups of the help.
const (
	watching = "Watch"
	hearing  = "How loudly"
	reading  = "Ask"
	feeding  = "Feeds and spellings"
)

// everywhere is what deletes a watch for all channels.
const everywhere = "everywhere"

// rows is the table of all commands: what is typed, what Discord offers, what the help says and who
// may do what all come from it.
func rows() (all []row) {
	for _, group := range [][]row{
		watchRows(), followRows(), pauseRows(), policyRows(), newsRows(),
		tellRows(), feedRows(), aliasRows(), pressedRows(),
	} {
		all = append(all, group...)
	}
	return all
}

func severities() []string {
	return []string{
		string(story.SeverityNone),
		string(story.SeverityNotable),
		string(story.SeverityHigh),
		string(story.SeverityCritical),
	}
}

// watchRows are about what there is to follow.
func watchRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "watch", Group: watching,
				Short: "watches for something and tells this channel of it",
				Long: []string{
					"`Oman talks` both words, close together",
					"`\"Strait of Hormuz\"` the phrase",
					"`Oman OR Muscat`, `Iran AND talks`, `(…)` either, both, a group",
					"`-football` must not be there",
					"`missil*` words that begin so; `=talks` this form only; `~Shamkhani` names that sound alike",
					"`title:`, `source:`, `lang:` where the next word must stand",
					"Known names are found in every script, and words in every inflection.",
					"The answer says what it would have matched in the last 7 days. With the name of a watch " +
						"that is there, its rule is replaced.",
				},
				Args: []typed.Arg{
					{Name: "rule", Kind: typed.Rule, Help: "what to watch for, like Oman talks"},
					{Name: "name", Kind: typed.Watch,
						Help: "what to call it; else a name is made of the rule", Lead: "as",
						Optional: true},
				},
				Examples: []string{
					`watch Oman talks`,
					`watch "Strait of Hormuz" as hormuz`,
					`watch (Iran OR IAEA) AND enrichment -football`,
				},
				Changes: true,
			},
			inChannel: true, do: watch,
		},
		{
			Command: typed.Command{
				Name: "unwatch", Group: watching,
				Short: "deletes a watch; asks first when other channels follow it",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the name of a watch"},
					{Name: "scope", Kind: typed.OneOf,
						Help: "everywhere, to delete it for the other channels too", Optional: true,
						Choices: []string{everywhere}},
				},
				Examples: []string{`unwatch oman-talks`},
				Changes:  true,
			},
			inChannel: true, do: unwatch,
		},
		{
			Command: typed.Command{
				Name: "list", Group: watching,
				Short:    "what this channel follows, how, and how much comes of it",
				Examples: []string{`list`},
				Paged:    true,
			},
			inChannel: true, do: list,
		},
	}
}

// followRows are about what a channel follows.
func followRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "subscribe", Group: watching,
				Short: "follows watches made elsewhere; without a name, lists them",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the names of watches, or all",
						Optional: true, Repeated: true},
				},
				Examples: []string{`subscribe oman-talks`, `subscribe`},
				Changes:  true, Paged: true,
			},
			inChannel: true, shows: []string{"name"}, do: subscribe,
		},
		{
			Command: typed.Command{
				Name: "unsubscribe", Group: watching,
				Short: "stops following a watch here; the watch itself stays",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the names of watches, or all",
						Optional: true, Repeated: true},
				},
				Examples: []string{`unsubscribe oman-talks`},
				Changes:  true, Paged: true,
			},
			inChannel: true, shows: []string{"name"}, do: unsubscribe,
		},
		{
			Command: typed.Command{
				Name: "edit", Group: watching,
				Short: "changes the rule of a watch",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the name of a watch"},
					{Name: "rule", Kind: typed.Rule,
						Help: "the new rule; without one, a form opens", Optional: true},
				},
				Examples: []string{`edit oman-talks`},
				Changes:  true, Hidden: true,
			},
			drafted: true, do: edit,
		},
	}
}

// pauseRows are about silence.
func pauseRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "pause", Group: hearing,
				Short: "tells nothing here until resumed: of some watches, or of all",
				Long: []string{
					`What comes meanwhile is not told later. brief shows it.`,
				},
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch,
						Help: "the names of watches; without one, all", Optional: true,
						Repeated: true},
				},
				Examples: []string{`pause`, `pause oman-talks`},
				Changes:  true,
			},
			inChannel: true, do: pause,
		},
		{
			Command: typed.Command{
				Name: "resume", Group: hearing,
				Short: "ends a pause",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch,
						Help: "the names of watches; without one, all", Optional: true,
						Repeated: true},
				},
				Examples: []string{`resume`, `resume oman-talks`},
				Changes:  true,
			},
			inChannel: true, do: resume,
		},
		{
			Command: typed.Command{
				Name: "mute", Group: hearing,
				Short: "tells nothing of a watch for a while",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the name of a watch, or all"},
					{Name: "for", Kind: typed.Duration, Help: "how long, like 8h, 1 day or a week",
						Optional: true},
				},
				Examples: []string{`mute oman-talks 8h`, `mute all 1 day`},
				Changes:  true,
			},
			inChannel: true, shows: []string{"for"}, do: mute,
		},
		{
			Command: typed.Command{
				Name: "unmute", Group: hearing,
				Short: "ends that",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the name of a watch; without one, all",
						Optional: true},
				},
				Examples: []string{`unmute oman-talks`},
				Changes:  true,
			},
			inChannel: true, do: unmute,
		},
	}
}

// policyRows are about how loudly a channel hears.
func policyRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "policy", Group: hearing,
				Short: "how a watch is told here: at once or in digests, from how much on",
				Long: []string{
					`Without anything else it says how the watch is told now. Times are in the zone ` +
						`that quiet sets, else in UTC.`,
				},
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the name of a watch"},
					{Name: "how", Kind: typed.OneOf,
						Help: "instant tells at once, digest at fixed times", Optional: true,
						Choices: []string{"instant", "digest"}},
					{Name: "times", Kind: typed.Cron,
						Help:     "when digests come: times of day, or a cron schedule",
						Optional: true},
					{Name: "min-publishers", Kind: typed.Number,
						Help: "how many independent publishers must carry it, 1 to 1000",
						Lead: "min-publishers", Optional: true},
					{Name: "min-severity", Kind: typed.OneOf, Help: "how severe it must be",
						Lead: "min-severity", Optional: true, Choices: severities()},
				},
				Examples: []string{
					`policy oman-talks digest 8:00 18:00`,
					`policy oman-talks instant min-publishers 2`,
					`policy oman-talks digest 0 8 * * 1-5`,
				},
				Changes: true,
			},
			inChannel: true, shows: []string{"how", "times", "min-publishers", "min-severity"}, do: policy,
		},
		{
			Command: typed.Command{
				Name: "quiet", Group: hearing,
				Short: "hours in which this channel hears nothing",
				Long: []string{
					`What comes in these hours is told when they end.`,
				},
				Args: []typed.Arg{
					{Name: "hours", Kind: typed.Hours,
						Help: "from when to when, like 22:00-07:00, or off"},
					{Name: "zone", Kind: typed.Zone,
						Help: "the zone of these hours, like Asia/Tehran", Optional: true},
				},
				Examples: []string{`quiet 22:00-07:00 Asia/Tehran`, `quiet off`},
				Changes:  true,
			},
			inChannel: true, do: quiet,
		},
		{
			Command: typed.Command{
				Name: "test-alert", Group: hearing,
				Short:    "posts a sample alert here, marked as one",
				Examples: []string{`test-alert`},
				Changes:  true,
			},
			inChannel: true, do: testAlert,
		},
	}
}

// newsRows tell news.
func newsRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "brief", Group: reading,
				Short: "the situation now: stories, newest first, summarised",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch,
						Help:     "the name of a watch; without one, all that this channel follows",
						Optional: true},
					{Name: "period", Kind: typed.Period,
						Help: "how far back, like 24h, 7d or today", Optional: true},
				},
				Examples: []string{`brief`, `brief oman-talks 7d`},
				Paged:    true,
			},
			inChannel: true, do: brief,
		},
		{
			Command: typed.Command{
				Name: "chart", Group: reading,
				Short: "a picture of tension and volume",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch,
						Help:     "the name of a watch; without one, all that this channel follows",
						Optional: true},
					{Name: "period", Kind: typed.Period,
						Help: "how far back, like 24h, 7d or today", Optional: true},
				},
				Examples: []string{`chart oman-talks 7d`},
			},
			inChannel: true, do: chart,
		},
		{
			Command: typed.Command{
				Name: "why", Group: reading,
				Short: "what became of a report, and why",
				Long: []string{
					`It says which watches asked for the report, which story it is part of, and what ` +
						`this channel was told of it, or why not.`,
				},
				Args: []typed.Arg{
					{Name: "what", Kind: typed.Rest,
						Help: "the link of a report, or words of its headline", Optional: true},
				},
				Examples: []string{
					`why https://example.org/news/oman-talks`,
					`why Oman talks postponed`,
				},
				Paged: true,
			},
			do: why,
		},
	}
}

// tellRows tell of ourselves.
func tellRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "test", Group: reading,
				Short: "tries a rule on the news of the last 7 days; changes nothing",
				Args: []typed.Arg{
					{Name: "rule", Kind: typed.Rule, Help: "the rule to try"},
				},
				Examples: []string{`test Oman talks`, `test Iran AND (missil* OR drone)`},
				Paged:    true,
			},
			do: test,
		},
		{
			Command: typed.Command{
				Name: "status", Group: reading,
				Short:    "what is going on, in numbers",
				Examples: []string{`status`},
			},
			do: status,
		},
		{
			Command: typed.Command{
				Name: "help", Group: reading,
				Short: "this list, or more of one command",
				Args: []typed.Arg{
					{Name: "command", Kind: typed.Rest, Help: "a command", Optional: true},
				},
				Examples: []string{`help`, `help watch`},
			},
			do: help,
		},
	}
}

// feedRows are about what is read.
func feedRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "feeds", Group: feeding,
				Short:    "the feeds that are read, those in trouble first",
				Examples: []string{`feeds`},
				Paged:    true,
			},
			do: listFeeds,
		},
		{
			Command: typed.Command{
				Name: "feed add", Group: feeding,
				Short: "reads another feed, after a try",
				Long: []string{
					`RSS, Atom and JSON Feed are read. What the feed holds when it is added is noted, ` +
						`and not told.`,
				},
				Args: []typed.Arg{
					{Name: "url", Kind: typed.URL,
						Help: "the address of a feed, or of a page that names one"},
				},
				Examples: []string{`feed add https://example.org/feed.xml`},
				Changes:  true,
			},
			do: addFeed,
		},
		{
			Command: typed.Command{
				Name: "feed remove", Group: feeding,
				Short: "reads a feed no more",
				Args: []typed.Arg{
					{Name: "feed", Kind: typed.Feed, Help: "the address or the name of a feed"},
				},
				Examples: []string{`feed remove https://example.org/feed.xml`},
				Changes:  true,
			},
			do: removeFeed,
		},
	}
}

// aliasRows are about spellings.
func aliasRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "alias add", Group: feeding,
				Short: "other spellings of a name, for the rules made here",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Word, Help: "a name"},
					{Name: "spellings", Kind: typed.Spellings,
						Help: "its other spellings, with commas between them"},
				},
				Examples: []string{`alias add Shamkhani = شمخانی, Chamkhani`},
				Changes:  true,
			},
			do: addAlias,
		},
		{
			Command: typed.Command{
				Name: "alias list", Group: feeding,
				Short:    "the spellings that were added",
				Examples: []string{`alias list`},
				Paged:    true,
			},
			do: listAliases,
		},
		{
			Command: typed.Command{
				Name: "alias remove", Group: feeding,
				Short: "forgets the spellings of a name",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Rest, Help: "any of the spellings"},
				},
				Examples: []string{`alias remove Shamkhani`},
				Changes:  true,
			},
			do: removeAlias,
		},
	}
}

// pressedRows are what the buttons of alerts say.
func pressedRows() []row {
	return []row{
		{
			Command: typed.Command{
				Name: "mute-story", Group: hearing,
				Short: "tells nothing more of a story here",
				Args: []typed.Arg{
					{Name: "story", Kind: typed.Word, Help: "the ID of a story"},
				},
				Examples: []string{`mute-story abc`},
				Changes:  true, Hidden: true,
			},
			inChannel: true, do: muteStory,
		},
		{
			Command: typed.Command{
				Name: "snooze", Group: hearing,
				Short: "the same as mute",
				Args: []typed.Arg{
					{Name: "name", Kind: typed.Watch, Help: "the name of a watch"},
					{Name: "for", Kind: typed.Duration, Help: "how long, like 8h", Optional: true},
				},
				Examples: []string{`snooze oman-talks 8h`},
				Changes:  true, Hidden: true,
			},
			inChannel: true, do: mute,
		},
		{
			Command: typed.Command{
				Name: "not-relevant", Group: hearing,
				Short: "notes that an alert was not what was meant",
				Args: []typed.Arg{
					{Name: "story", Kind: typed.Word, Help: "the ID of a story"},
				},
				Examples: []string{`not-relevant abc`},
				Changes:  true, Hidden: true,
			},
			inChannel: true, do: notRelevant,
		},
	}
}
