package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
)

func listFeeds(ctx context.Context, q *request) (bot.Reply, error) {
	all, err := q.memory().Feeds(ctx)
	return bot.Reply{Message: answer.Feeds(all, q.in.Page, q.now), Replace: q.in.Turned}, err
}

// addFeed reads a feed once, and then for good.
func addFeed(ctx context.Context, q *request) (bot.Reply, error) {
	url := q.arg("url")
	q.Text = "feed add " + fetch.Redact(url) // passwords belong in no audit log
	known, err := q.memory().Feeds(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if f, found := sameFeed(known, url); found {
		return quietly(say("Read already", answer.Line(f.Label(), " is among the feeds "+
			"already. "+feeds.Health(f, q.now).Why)))
	}
	found, doc, err := q.desk.trial.Find(ctx, feeds.Feed{Source: feeds.Source{URL: url}})
	if err != nil {
		return bot.Reply{}, say(
			"Not added",
			answer.Line("It could not be read: ", err.Error(), "."),
			answer.Line("Look whether the address is right: it must be a feed (RSS, Atom or JSON "+
				"Feed), or a page that names one."),
			q.echo(),
		)
	}
	if f, known := sameFeed(known, found.URL); known {
		return quietly(say("Read already", answer.Line("The feed of that page is ", f.Label(),
			", and is read already.")))
	}
	name := fetch.Redact(found.URL)
	if err := q.change(ctx, "", name, AddFeed{Source: found.Source}); err != nil {
		return bot.Reply{}, err
	}
	return done(added(q.who(), name, doc))
}

// added says what a new feed holds.
func added(who, url string, doc syndication.Document) *told {
	title := answer.Shorten(doc.Title, 100)
	if title == "" {
		title = url
	}
	t := say("Feed added", answer.Line(who, " added ", title, " (", answer.Code(url),
		"), now with ", answer.Count(len(doc.Entries), "report"), "."))
	for _, e := range doc.Entries[:min(3, len(doc.Entries))] {
		t.Entries = append(
			t.Entries,
			bot.Entry{
				Title: answer.Line(answer.Link{Text: answer.Shorten(e.Title, 200), To: e.Link}),
			},
		)
	}
	t.Lines = append(t.Lines, answer.Line("What it holds now is only taken note of; you hear of "+
		"what comes next."))
	return t.with(bot.Button{Label: "Undo", Says: "feed remove " + url})
}

// sameFeed finds a feed by its address, however it is written.
func sameFeed(all []feeds.Feed, url string) (feeds.Feed, bool) {
	for _, f := range all {
		if f.URL == url ||
			syndication.Canonical(f.URL) == syndication.Canonical(url) &&
				syndication.Canonical(url) != "" {
			return f, true
		}
	}
	return feeds.Feed{}, false
}

func removeFeed(ctx context.Context, q *request) (bot.Reply, error) {
	all, err := q.memory().Feeds(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	f, found := namedFeed(all, q.arg("feed"))
	if !found {
		t := say("Nothing was changed", answer.Line(fmt.Sprintf("No feed has the address "+
			"or name %q.", answer.Shorten(q.arg("feed"), 200))))
		for _, near := range typed.Near(q.arg("feed"), labels(all)) {
			meant := "feed remove " + near
			t.Lines = append(t.Lines, answer.Line("Did you mean ", answer.Command(meant), "?"))
			t.with(bot.Button{Label: meant, Says: meant})
		}
		t.Lines = append(t.Lines, answer.Line(answer.Command("feeds"), " lists them."))
		return bot.Reply{}, t
	}
	q.Text = "feed remove " + fetch.Redact(f.URL)
	err = q.change(ctx, fetch.Redact(f.URL), "", RemoveFeed{URL: f.URL})
	if errors.Is(err, ErrFromConfig) {
		return bot.Reply{}, say(
			"Nothing was changed",
			answer.Line(f.Label(), " comes from the config file: it can only be removed there, "+
				"by whoever runs the bot, in its section ", answer.Code("[[feed]]"), "."),
		)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	back := "feed add " + f.URL
	if fetch.Redact(f.URL) != f.URL {
		back = ""
	}
	return done(
		say("Feed removed", answer.Line(q.who(), " removed ", f.Label(),
			". What it brought stays.")).with(bot.Button{Label: "Have it back", Says: back}),
	)
}

// namedFeed finds a feed by its address or its name.
func namedFeed(all []feeds.Feed, given string) (feeds.Feed, bool) {
	if url, err := typed.ReadURL(given); err == nil {
		if f, found := sameFeed(all, url); found {
			return f, true
		}
	}
	for _, f := range all {
		if strings.EqualFold(f.Label(), given) || fetch.Redact(f.URL) == given {
			return f, true
		}
	}
	return feeds.Feed{}, false
}

func labels(all []feeds.Feed) []string {
	out := make([]string, len(all))
	for i, f := range all {
		out[i] = f.Label()
	}
	return out
}

// maxSpelling is how many characters a spelling has at most, here and in the config.
const maxSpelling = 200

// addAlias gives a name more spellings.
func addAlias(ctx context.Context, q *request) (bot.Reply, error) {
	names := append([]string{typed.Unquote(q.arg("name"))},
		typed.CutSpellings(q.arg("spellings"))...)
	for _, n := range names {
		problem := ""
		switch {
		case len(rules.Words(n)) == 0:
			problem = fmt.Sprintf("%q has no letter or digit to look for.", answer.Shorten(n, 60))
		case utf8.RuneCountInString(n) > maxSpelling:
			problem = fmt.Sprintf("A spelling has at most %d characters: shorten %q.", maxSpelling,
				answer.Shorten(n, 60))
		}
		if problem != "" {
			return bot.Reply{}, &typed.Mistake{Problem: problem, Command: q.in.Command}
		}
	}
	if len(names) < 2 {
		return bot.Reply{}, &typed.Mistake{
			Problem: "An alias needs a name and at least one other spelling of it.",
			Command: q.in.Command,
		}
	}
	set := rules.Alias{Owner: q.Caller.Owner, Names: names}
	shown := answer.Shorten(strings.Join(names, " = "), 500)
	if err := q.change(ctx, "", shown, AddAlias{Alias: set}); err != nil {
		return bot.Reply{}, err
	}
	return done(
		say("Spellings added", answer.Line(q.who(), " added ", shown, "."),
			answer.Line("A rule made here that asks for one of them finds the others too, from "+
				"now on.")).with(bot.Button{Label: "Undo", Says: "alias remove " + names[0]}),
	)
}

func listAliases(ctx context.Context, q *request) (bot.Reply, error) {
	all, err := q.memory().Aliases(ctx, q.Caller.Owner)
	return bot.Reply{Message: answer.Aliases(all, q.in.Page), Replace: q.in.Turned}, err
}

func removeAlias(ctx context.Context, q *request) (bot.Reply, error) {
	name := q.arg("name")
	all, err := q.memory().Aliases(ctx, q.Caller.Owner)
	if err != nil {
		return bot.Reply{}, err
	}
	var spellings []string
	for _, a := range all {
		for _, n := range a.Names {
			spellings = append(spellings, n)
			if rules.Fold(n) == rules.Fold(name) {
				return q.forget(ctx, a, n)
			}
		}
	}
	t := say("Nothing was changed", answer.Line(fmt.Sprintf("No alias has the spelling %q.",
		answer.Shorten(name, 200))))
	for _, near := range typed.Near(name, spellings) {
		meant := "alias remove " + near
		t.Lines = append(t.Lines, answer.Line("Did you mean ", answer.Command(meant), "?"))
		t.with(bot.Button{Label: meant, Says: meant})
	}
	t.Lines = append(t.Lines, answer.Line(answer.Command("alias list"), " lists them."))
	return bot.Reply{}, t
}

// forget takes an alias back.
func (q *request) forget(ctx context.Context, a rules.Alias, name string) (bot.Reply, error) {
	shown := answer.Shorten(strings.Join(a.Names, " = "), 500)
	err := ErrFromConfig
	if a.Owner != rules.Everyone {
		err = q.change(ctx, shown, "", RemoveAlias{Owner: q.Caller.Owner, Name: name})
	}
	if errors.Is(err, ErrFromConfig) {
		return bot.Reply{}, say(
			"Nothing was changed",
			answer.Line(shown, " comes from the config file: it can only be removed there, by "+
				"whoever runs the bot, in its section ", answer.Code("[[alias]]"), "."),
		)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	back := "alias add " + a.Names[0] + " = " + strings.Join(a.Names[1:], ", ")
	return done(say("Spellings removed", answer.Line(q.who(), " removed ", shown, "."),
		answer.Line("To have them back: ", answer.Command(back))).with(bot.Button{Label: "Have them back", Says: back}))
}
