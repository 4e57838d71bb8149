package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/backtest"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/rules"
)

// examples is how many examples are shown of what a new rule would have matched.
const examples = 3

// compiled reads a rule as it will be read for its owner, with the owner's spellings. What is wrong
// with the rule is a *[rules.SyntaxError].
func (q *request) compiled(ctx context.Context, rule string) (*rules.Set, error) {
	if _, err := rules.Parse(rule); err != nil {
		return nil, err
	}
	aliases, err := q.memory().Aliases(ctx, q.Caller.Owner)
	if err != nil {
		return nil, err
	}
	tried := rules.Watch{ID: "tried", Name: "tried", Owner: q.Caller.Owner, Rule: rule}
	return rules.Compile([]rules.Watch{tried}, rules.NewNames(aliases))
}

// badRule answers with what is wrong with a rule, when that is what went wrong.
func (q *request) badRule(err error) error {
	var wrong *rules.SyntaxError
	if !errors.As(err, &wrong) {
		return err
	}
	lines := append(answer.BadRule(wrong), answer.Line("For example: ",
		answer.Command(q.in.Command.Examples[0])), q.echo())
	return say("The rule cannot be read", lines...)
}

// watch adds a watch or gives one another rule, and makes the channel follow it.
func watch(ctx context.Context, q *request) (bot.Reply, error) {
	rule := q.arg("rule")
	set, err := q.compiled(ctx, rule)
	if err != nil {
		return bot.Reply{}, q.badRule(err)
	}
	all, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return bot.Reply{}, err
	}
	w, err := q.target(all, rule)
	if err != nil {
		return bot.Reply{}, err
	}
	before := w.Rule
	if before == rule && slices.Contains(w.Channels, q.Channel) {
		return quietly(say("Watched already", answer.Line("This channel follows ", w.Name,
			" already: ", answer.Code(rule)), answer.Line(answer.Command("list"), " shows how.")))
	}
	past, err := backtest.Run(ctx, q.memory(), set, q.now)
	if err != nil {
		return bot.Reply{}, err
	}
	edits := []Edit{Follow{Channel: q.Channel, Watch: w.ID}}
	if before != rule {
		w.Rule = rule
		edits = append([]Edit{SetWatch{Watch: w.Watch, Expect: w.Version}}, edits...)
	}
	err = q.change(ctx, before, rule, edits...)
	if errors.Is(err, ErrChanged) {
		return bot.Reply{}, q.theirs(ctx, w)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return q.watched(w, before, past, q.prove(ctx, q.announced(w, before)))
}

// announced says to the channel what was done.
func (q *request) announced(w Watch, before string) bot.Text {
	if before != "" && before != w.Rule {
		return answer.Line(q.who(), " changed ", w.Name, ": it was ", answer.Code(before),
			" and is now ", answer.Code(w.Rule), ".")
	}
	return answer.Line(q.who(), " now follows ", w.Name, " here: ", answer.Code(w.Rule),
		". News about it comes to this channel.")
}

// watched is the answer to a new watch.
func (q *request) watched(
	w Watch,
	before string,
	past backtest.Result,
	cannot bot.Text,
) (bot.Reply, error) {
	t := say("Watching "+w.Name, answer.Line(answer.Code(w.Rule)))
	undo := bot.Button{Label: "Undo", Says: "unwatch " + w.Name}
	switch {
	case before == w.Rule:
		t.Lines = append(t.Lines, answer.Line("That was watched already; this channel follows it."))
		undo = bot.Button{Label: "Unfollow", Says: "unsubscribe " + w.Name}
	case before != "":
		t.Lines = append(t.Lines, answer.Line("Before, it was ", answer.Code(before), "."))
		undo = bot.Button{Label: "Put the old rule back", Says: "watch " + before + " as " + w.Name}
	}
	t.Lines = append(t.Lines, answer.Line(answer.Volume(past)))
	for _, line := range []bot.Text{answer.Line(answer.Advice(past)), q.misnamed(), cannot} {
		if len(line) > 0 {
			t.Lines = append(t.Lines, line)
		}
	}
	t.Entries = answer.Examples(past.Latest[:min(examples, len(past.Latest))])
	t.Foot = answer.Line("It is about what comes from now on. ",
		answer.Command("policy "+w.Name+" digest 8:00"), " makes it quieter.")
	edit := bot.Button{Label: "Edit", Says: "edit " + w.Name}
	if w.FromConfig() {
		edit = bot.Button{}
	}
	return quietly(t.with(edit, undo))
}

// misnamed says that what looks like the name of a watch was taken for words of its rule.
func (q *request) misnamed() bot.Text {
	words := strings.Fields(q.arg("rule"))
	if n := len(words); q.arg("name") == "" && n > 2 && words[n-2] == "as" {
		return answer.Line(answer.Code("as "+words[n-1]), " was read as words to look for: a "+
			"name has only letters, digits, - and _.")
	}
	return nil
}

// target is the watch that a new rule is for: the one with the name given, one with this very rule,
// or a new one. Its Rule is what it was, empty if it is new.
func (q *request) target(all []Watch, rule string) (Watch, error) {
	name := q.arg("name")
	if name == "" {
		if w, found := asking(all, rule); found {
			w.Rule = rule
			return w, nil
		}
		return q.fresh(unused(typed.NameFor(rule), all)), nil
	}
	w, found := called(all, name)
	switch {
	case !found:
		return q.fresh(name), nil
	case w.FromConfig() && sameRule(w.Rule, rule):
		w.Rule = rule
		return w, nil
	case w.FromConfig():
		free := unused(name, all)
		return Watch{}, say(
			"Nothing was changed",
			answer.Line("A watch from the config file is called ", w.Name, ": ",
				answer.Code(w.Rule), ". It cannot be changed from here."),
			answer.Line("Choose another name: ", answer.Command("watch "+rule+" as "+free)),
		).
			with(bot.Button{Label: "Watch as " + free, Says: "watch " + rule + " as " + free})
	case sameRule(w.Rule, rule):
		w.Rule = rule
	}
	return w, nil
}

// fresh is a watch that is not there yet.
func (q *request) fresh(name string) Watch {
	return Watch{
		Watch: rules.Watch{ID: q.Caller.Owner + "/" + name, Name: name, Owner: q.Caller.Owner},
	}
}

// sameRule reports whether two rules ask for the same, however they are written.
func sameRule(a, b string) bool {
	if a == b {
		return true
	}
	first, err1 := rules.Parse(a)
	second, err2 := rules.Parse(b)
	return err1 == nil && err2 == nil && first.String() == second.String()
}

// asking finds a watch with this very rule; one made here before one of the config.
func asking(all []Watch, rule string) (found Watch, ok bool) {
	for _, w := range all {
		if sameRule(w.Rule, rule) && (!ok || found.FromConfig()) {
			found, ok = w, true
		}
	}
	return found, ok
}

// unused is a name like this one that no watch has.
func unused(name string, all []Watch) string {
	free := name
	for n := 2; ; n++ {
		if _, found := called(all, free); !found {
			return free
		}
		free = name + "-" + strconv.Itoa(n)
	}
}

// called finds a watch by name, whatever its case; one made here before one of the config.
func called(all []Watch, name string) (Watch, bool) {
	var found Watch
	ok := false
	for _, w := range all {
		if strings.EqualFold(w.Name, name) && (!ok || found.FromConfig()) {
			found, ok = w, true
		}
	}
	return found, ok
}

// theirs shows what somebody else made of a watch meanwhile beside what was asked for.
func (q *request) theirs(ctx context.Context, mine Watch) error {
	all, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return err
	}
	now, found := called(all, mine.Name)
	if !found {
		return ErrUnknown
	}
	again := "watch " + mine.Rule + " as " + mine.Name
	return say("Somebody else changed "+mine.Name+" meanwhile",
		answer.Line("Theirs, in force now: ", answer.Code(now.Rule)),
		answer.Line("Yours, not saved: ", answer.Code(mine.Rule)), answer.Line("To put yours in "+
			"its place: ", answer.Command(again))).with(bot.Button{Label: "Put mine in its place",
		Says: again})
}

// wanted finds a watch that the caller may follow, or says what may be meant.
func (q *request) wanted(all []Watch, name string) (Watch, error) {
	w, found := called(all, name)
	if found {
		return w, nil
	}
	known := make([]string, len(all))
	for i, w := range all {
		known[i] = w.Name
	}
	return Watch{}, q.unknown(name, known)
}

// unknown says that there is no watch of a name.
func (q *request) unknown(name string, known []string) error {
	t := say("No such watch", answer.Line(fmt.Sprintf("There is no watch called %q.", name)))
	for _, near := range typed.Near(name, known) {
		// Only the word is changed: what else was typed stays.
		meant := strings.Replace(q.Text, name, near, 1)
		t.Lines = append(t.Lines, answer.Line("Did you mean ", answer.Command(answer.Shorten(meant, longestEcho)), "?"))
		t.with(bot.Button{Label: meant, Says: meant})
	}
	t.Lines = append(t.Lines, answer.Line(answer.Command("list"), " shows what this channel "+
		"follows, ", answer.Command("subscribe"), " what else there is."))
	if echo := q.echo(); len(echo) > 0 {
		t.Lines = append(t.Lines, echo)
	}
	return t
}

// unwatch ends a watch that nobody else follows; else it asks.
func unwatch(ctx context.Context, q *request) (bot.Reply, error) {
	all, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return bot.Reply{}, err
	}
	w, err := q.wanted(all, q.arg("name"))
	if err != nil {
		return bot.Reply{}, err
	}
	stop := bot.Button{Label: "Only unfollow it here", Says: "unsubscribe " + w.Name}
	if w.FromConfig() {
		return bot.Reply{}, q.configured(w).with(stop)
	}
	var others []bot.Channel
	for _, c := range w.Channels {
		if c != q.Channel {
			others = append(others, c)
		}
	}
	if len(others) > 0 && q.arg("scope") == "" {
		line := answer.Line(w.Name, " is followed in ")
		if len(others) == len(w.Channels) {
			stop = bot.Button{}
		}
		return bot.Reply{}, say(
			"Delete it for the others too?",
			append(append(line, answer.Channels(others)...), answer.Line(" as well. Nothing was "+
				"changed yet.")...),
		).
			with(bot.Button{Label: "Delete it everywhere", Says: "unwatch " + w.Name + " everywhere",
				Style: bot.ButtonDanger, Confirm: "Delete " + w.Name + " for all channels?"}, stop)
	}
	if err := q.change(ctx, w.Rule, "", EndWatch{ID: w.ID, Expect: w.Version}); err != nil {
		return bot.Reply{}, err
	}
	back := "watch " + w.Rule + " as " + w.Name
	return done(
		say(w.Name+" is deleted", answer.Line(q.who(), " deleted ", w.Name, ": ",
			answer.Code(w.Rule)), answer.Line("To have it back: ", answer.Command(back))).
			with(bot.Button{Label: "Have it back", Says: back}),
	)
}

// configured says that a watch can only be changed in the config.
func (q *request) configured(w Watch) *told {
	return say("Nothing was changed", answer.Line(w.Name, " comes from the config file: it can "+
		"only be changed there, by whoever runs the bot, in its section ", answer.Code("[[watch]]"),
		"."), answer.Line("To stop hearing of it in this channel: ",
		answer.Command("unsubscribe "+w.Name)))
}

// edit opens a form for a rule, says while it is written what is wrong with it or what it would
// match, and saves it.
func edit(ctx context.Context, q *request) (bot.Reply, error) {
	all, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return bot.Reply{}, err
	}
	w, err := q.wanted(all, q.arg("name"))
	if err != nil {
		return bot.Reply{}, err
	}
	if w.FromConfig() {
		return bot.Reply{}, q.configured(w)
	}
	seen, err := strconv.ParseInt(q.arg("version"), 10, 64)
	filled := err == nil
	rule := q.arg("rule")
	if !filled {
		seen = w.Version
	}
	if !filled && rule == "" {
		return bot.Reply{Form: q.form(w, seen, w.Rule)}, nil
	}
	form := q.form(w, seen, rule)
	note, err := q.judged(ctx, rule)
	var wrong *rules.SyntaxError
	switch {
	case errors.As(err, &wrong):
		if !filled {
			return bot.Reply{}, q.badRule(err)
		}
		form.Fields[0].Error = answer.Wrong(wrong)
		return bot.Reply{Form: form}, nil
	case err != nil:
		return bot.Reply{}, err
	case q.Draft:
		form.Fields[0].Note = note
		return bot.Reply{Form: form}, nil
	}
	return q.save(ctx, w, seen, rule)
}

// judged says how many items a rule would have matched.
func (q *request) judged(ctx context.Context, rule string) (bot.Text, error) {
	set, err := q.compiled(ctx, rule)
	if err != nil {
		return nil, err
	}
	past, err := backtest.Run(ctx, q.memory(), set, q.now)
	return answer.Line(answer.Volume(past)), err
}

// form is for the rule of a watch.
func (q *request) form(w Watch, seen int64, rule string) *bot.Form {
	return &bot.Form{
		Title:   "Edit a watch",
		Submit:  "Save",
		Command: "edit",
		Args:    map[string]string{"name": w.Name, "version": strconv.FormatInt(seen, 10)},
		Channel: q.Channel,
		Lines:   []bot.Text{answer.Line(w.Name, ", now ", answer.Code(w.Rule))},
		Fields: []bot.Field{{
			Name: "rule", Label: "Watch for", Value: rule, Long: true, Live: true,
			Hint: `Words close together: Oman talks. A phrase: "Strait of Hormuz". Also OR, AND, -word, missil*`,
		}},
	}
}

// save gives a watch another rule, unless somebody else did meanwhile: then both are shown.
func (q *request) save(ctx context.Context, w Watch, seen int64, rule string) (bot.Reply, error) {
	changed := w.Watch
	changed.Rule = rule
	err := ErrChanged
	if w.Rule == rule {
		return quietly(say(w.Name+" is as it was", answer.Line(answer.Code(rule))))
	}
	if seen == w.Version {
		err = q.change(ctx, w.Rule, rule, SetWatch{Watch: changed, Expect: seen})
	}
	if errors.Is(err, ErrChanged) {
		all, err := q.memory().Watches(ctx, q.Caller.Owner)
		if err != nil {
			return bot.Reply{}, err
		}
		now, err := q.wanted(all, w.Name)
		if err != nil {
			return bot.Reply{}, err
		}
		form := q.form(now, now.Version, rule)
		form.Lines = []bot.Text{
			answer.Line("Somebody else changed ", w.Name, " meanwhile: it is now ",
				answer.Code(now.Rule)),
			answer.Line("Yours stands below. Save puts it in the place of theirs."),
		}
		return bot.Reply{Form: form}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	return done(say(w.Name+" is changed",
		answer.Line(q.who(), " changed ", w.Name, "."),
		answer.Line("Before: ", answer.Code(w.Rule)), answer.Line("Now: ", answer.Code(rule))).
		with(bot.Button{Label: "Put the old rule back", Says: "watch " + w.Rule + " as " + w.Name}))
}

// test tries a rule on what is stored.
func test(ctx context.Context, q *request) (bot.Reply, error) {
	set, err := q.compiled(ctx, q.arg("rule"))
	if err != nil {
		return bot.Reply{}, q.badRule(err)
	}
	past, err := backtest.Run(ctx, q.memory(), set, q.now)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Message: answer.Tried(q.arg("rule"), past, q.in.Page, q.now),
		Replace: q.in.Turned,
	}, nil
}
