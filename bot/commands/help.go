package commands

import (
	"context"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/backtest"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/rules"
)

// help lists the commands, or explains one.
func help(_ context.Context, q *request) (bot.Reply, error) {
	t := q.desk.table
	name := strings.TrimPrefix(strings.TrimPrefix(q.arg("command"), "/"), "tension ")
	if name == "" {
		return bot.Reply{Message: overview(t)}, nil
	}
	if c := t.Find(name); c != nil {
		return bot.Reply{Message: explained(c)}, nil
	}
	found := say("Help", answer.Line("There is no command "+answer.Shorten(name, 60)+"."+
		typed.DidYouMean(typed.Near(name, t.Names()))), answer.Line(answer.Command("help"),
		" lists them all."))
	for _, c := range t {
		lead, _, two := strings.Cut(c.Name, " ")
		if two && strings.EqualFold(lead, name) {
			found.Lines = append(found.Lines, answer.Line(answer.Command(c.Usage()), "  "+c.Short))
		}
	}
	return quietly(found)
}

// overview is every command, by group.
func overview(t typed.Table) bot.Message {
	m := bot.Message{Title: "What you can ask for", Lines: []bot.Text{answer.Line("Type ",
		answer.Code("/tension"), " before each. To begin: ", answer.Command("watch Oman talks"))}}
	var e *bot.Entry
	for _, c := range t {
		if c.Hidden {
			continue
		}
		if e == nil || e.Title.String() != c.Group {
			m.Entries = append(m.Entries, bot.Entry{Title: answer.Line(c.Group)})
			e = &m.Entries[len(m.Entries)-1]
		}
		e.Lines = append(e.Lines, answer.Line(answer.Code(c.Gist()), " "+c.Short))
	}
	m.Foot = answer.Line("More of one: ", answer.Command("help watch"), ". Answers are seen by "+
		"you alone unless they change the channel.")
	return m
}

// explained is one command.
func explained(c *typed.Command) bot.Message {
	m := bot.Message{
		Title: c.Name,
		Lines: []bot.Text{answer.Line(strings.ToUpper(c.Short[:1]) + c.Short[1:] + ".")},
	}
	for _, line := range c.Long {
		m.Lines = append(m.Lines, quoting(line))
	}
	write := bot.Entry{Title: answer.Line("Write"), Lines: []bot.Text{answer.Line(answer.Command(c.Usage()))}}
	for _, a := range c.Args {
		optional := ""
		if a.Optional {
			optional = " (may be left out)"
		}
		write.Lines = append(write.Lines, answer.Line(answer.Code(a.Name), " "+a.Help+optional))
	}
	like := bot.Entry{Title: answer.Line("For example")}
	for _, example := range c.Examples {
		like.Lines = append(like.Lines, answer.Line(answer.Command(example)))
	}
	m.Entries = []bot.Entry{write, like}
	if c.Changes {
		m.Foot = answer.Line("It changes things: not everybody may.")
	}
	return m
}

// quoting reads what stands between backquotes as what is to be typed.
func quoting(s string) (t bot.Text) {
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			t = append(t, answer.Line(answer.Code(part))...)
		} else {
			t = append(t, answer.Line(part)...)
		}
	}
	return t
}

// Home implements [bot.Handler].
func (d *Desk) Home(ctx context.Context, c bot.Caller) bot.Message {
	q := &request{Call: bot.Call{Caller: c}, desk: d, now: d.memory.Now()}
	watches, err := d.memory.Watches(ctx, c.Owner)
	if err == nil {
		read, err2 := d.memory.Feeds(ctx)
		if err = err2; err == nil {
			return answer.Home(watches, answer.Health(read, q.now))
		}
	}
	m := d.failed(q, err).Message
	m.Kind = bot.KindReply
	return m
}

// mostChoices is how many choices are suggested at most.
const mostChoices = 25

// Suggest implements [bot.Handler]. What cannot be told now is no choice.
func (d *Desk) Suggest(ctx context.Context, c bot.Call) []bot.Choice {
	q := &request{Call: cleaned(c), desk: d, now: d.memory.Now()}
	command := d.table.Find(c.Command)
	if command == nil {
		return nil
	}
	for _, a := range command.Args {
		if c.Args[a.Name] == "?" {
			q.in.Command = command
			return q.suggested(ctx, a)
		}
	}
	return nil
}

// suggested are the choices for an argument.
func (q *request) suggested(ctx context.Context, a typed.Arg) (out []bot.Choice) {
	if a.Kind == typed.Rule {
		return q.validity(ctx)
	}
	begun := strings.ToLower(strings.TrimSpace(q.Text))
	for _, known := range q.known(ctx, a) {
		if strings.Contains(strings.ToLower(known), begun) && len([]rune(known)) <= 100 {
			out = append(out, bot.Choice{Label: answer.Shorten(known, 75), Value: known})
		}
		if len(out) == mostChoices {
			break
		}
	}
	return out
}

// known are the values that an argument may have.
func (q *request) known(ctx context.Context, a typed.Arg) (values []string) {
	switch a.Kind {
	case typed.Watch:
		all, err := q.memory().Watches(ctx, q.Caller.Owner)
		if err != nil {
			return nil
		}
		for _, w := range all {
			values = append(values, w.Name)
		}
	case typed.Feed:
		all, err := q.memory().Feeds(ctx)
		if err != nil {
			return nil
		}
		return labels(all)
	case typed.Duration:
		return []string{"1h", "8h", "1 day", "3 days", "1 week"}
	case typed.Period:
		return []string{"today", "yesterday", "24h", "3 days", "7d", "30d"}
	case typed.Cron:
		return []string{"8:00", "8:00 18:00", "hourly", "0 8 * * 1-5"}
	case typed.Hours:
		return []string{"22:00-07:00", "23:00-06:00", "off"}
	case typed.Zone:
		return []string{
			"UTC",
			"Asia/Tehran",
			"Asia/Baghdad",
			"Asia/Beirut",
			"Asia/Dubai",
			"Asia/Jerusalem",
			"Asia/Muscat",
			"Asia/Riyadh",
			"Europe/Berlin",
			"Europe/Istanbul",
			"Europe/London",
			"Europe/Moscow",
			"America/New_York",
		}
	case typed.OneOf:
		return a.Choices
	case typed.Rest:
		if q.in.Command.Name == "help" {
			return q.desk.table.Names()
		}
		return q.spellings(ctx)
	}
	return values
}

// spellings are the first of each alias of the owner.
func (q *request) spellings(ctx context.Context) (values []string) {
	all, err := q.memory().Aliases(ctx, q.Caller.Owner)
	if err != nil || q.in.Command.Name != "alias remove" {
		return nil
	}
	for _, a := range all {
		if a.Owner != rules.Everyone && len(a.Names) > 0 {
			values = append(values, a.Names[0])
		}
	}
	return values
}

// validity is one choice that says whether a rule can be read, and what it would match.
func (q *request) validity(ctx context.Context) []bot.Choice {
	rule := strings.TrimSpace(q.Text)
	if rule == "" || len([]rune(rule)) > 100 {
		return nil
	}
	label := "✓ " + rule
	if _, err := rules.Parse(rule); err != nil {
		label = "✗ " + err.Error()
	} else if set, err := q.compiled(ctx, rule); err == nil {
		if past, err := backtest.Run(ctx, q.memory(), set, q.now); err == nil && past.Stored > 0 {
			label = "✓ " + answer.Count(past.Estimate(), "match") + " in 7 days: " + rule
		}
	}
	return []bot.Choice{{Label: answer.Shorten(label, 75), Value: rule}}
}
