package commands

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// Memory is all that a [Desk] reads and changes.
type Memory interface {
	Rulebook
	Feedbook
	Ledger
	Archive
	Newsstand
	bot.Presence
	Now() time.Time
}

// Trial asks for a feed once, or for the feed of a page: see [feeds.Poller.Find].
type Trial interface {
	Find(ctx context.Context, f feeds.Feed) (feeds.Feed, syndication.Document, error)
}

// Desk does what people ask for. It satisfies [bot.Handler],
// [bot.Opener] and [bot.Presence].
type Desk struct {
	memory    Memory
	trial     Trial
	platforms map[string]bot.Platform
	rows      []row
	table     typed.Table
	log       *slog.Logger
}

// NewDesk makes a desk for the platforms.
func NewDesk(m Memory, trial Trial, platforms []bot.Platform, log *slog.Logger) *Desk {
	d := &Desk{memory: m, trial: trial, rows: rows(), log: log}
	d.platforms = make(map[string]bot.Platform, len(platforms))
	for _, p := range platforms {
		d.platforms[p.Name()] = p
	}
	for i := range d.rows {
		d.table = append(d.table, &d.rows[i].Command)
	}
	return d
}

// Table is the commands, for platforms that offer them as options.
func Table() (t typed.Table) {
	for _, r := range rows() {
		t = append(t, &r.Command)
	}
	return t
}

// request is a call that was understood.
type request struct {
	bot.Call
	in   typed.Input
	desk *Desk
	now  time.Time
}

// arg is an argument, empty if it was not given.
func (q *request) arg(name string) string { return q.in.Args[name] }

// names are those of an argument that may be repeated.
func (q *request) names(arg string) []string { return strings.Fields(q.arg(arg)) }

// memory is shorter.
func (q *request) memory() Memory { return q.desk.memory }

// who is the caller, for others to read. A name is hostile and long.
func (q *request) who() string {
	if name := strings.Join(strings.Fields(q.Caller.Name), " "); name != "" {
		return answer.Shorten(name, 60)
	}
	return "Somebody"
}

// Do implements [bot.Handler].
func (d *Desk) Do(ctx context.Context, c bot.Call) bot.Reply {
	q := &request{Call: cleaned(c), desk: d, now: d.memory.Now()}
	reply, err := d.do(ctx, q)
	if err != nil {
		reply = d.failed(q, err)
	}
	reply.Message.Kind = bot.KindReply
	return reply
}

// cleaned is a call without what no database and no platform takes: broken characters, and those
// that control.
func cleaned(c bot.Call) bot.Call {
	c.Text, c.Caller.Name = clean(c.Text), clean(c.Caller.Name)
	args := make(map[string]string, len(c.Args))
	for name, value := range c.Args {
		args[name] = clean(value)
	}
	c.Args = args
	return c
}

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func (d *Desk) do(ctx context.Context, q *request) (bot.Reply, error) {
	var mistake *typed.Mistake
	switch {
	case q.Command != "":
		q.in, mistake = d.table.Check(q.Command, q.Args)
		given := q.in
		if mistake != nil {
			given = typed.Input{Command: q.in.Command, Args: q.Args} // right or wrong, it is echoed
		}
		q.Text = written(given) // the audit log has it as if it were typed
		q.Command, q.Args = "", nil
	case strings.TrimSpace(q.Text) == "" && q.Post.ID != "":
		q.in, mistake = d.table.Check("why", nil)
	default:
		q.in, mistake = d.table.Read(q.Text)
	}
	if mistake != nil {
		return bot.Reply{}, mistake
	}
	r := d.row(q.in.Command)
	if q.Draft && !r.drafted {
		return bot.Reply{}, say("Nothing is done yet",
			answer.Line("This form is answered when it is sent."))
	}
	if r.inChannel && q.Channel == "" && !q.Draft {
		return bot.Reply{}, say(
			"This works in a channel only",
			answer.Line("Type it in the channel that it is for: ",
				answer.Command(q.in.Command.Name), "."),
		)
	}
	if r.Changes && !q.Draft && !r.onlyShows(q.in.Args) {
		if err := d.permit(ctx, q); err != nil {
			return bot.Reply{}, err
		}
	}
	return r.do(ctx, q)
}

// written is a command with its arguments as somebody might have typed it, for the audit log and
// for whoever wants to copy it.
func written(in typed.Input) string {
	if in.Command == nil {
		return ""
	}
	parts := []string{in.Command.Name}
	for _, a := range in.Command.Args {
		value := in.Args[a.Name]
		if value == "" {
			continue
		}
		if a.Lead != "" {
			parts = append(parts, a.Lead)
		}
		if a.Kind == typed.Spellings {
			parts = append(parts, "=")
		}
		parts = append(parts, value)
	}
	return strings.Join(parts, " ")
}

func (d *Desk) row(c *typed.Command) row {
	for i := range d.rows {
		if &d.rows[i].Command == c {
			return d.rows[i]
		}
	}
	return row{do: help}
}

// onlyShows reports whether a command that changes things is asked to show them.
func (r row) onlyShows(args map[string]string) bool {
	return len(r.shows) > 0 &&
		!slices.ContainsFunc(r.shows, func(a string) bool { return args[a] != "" })
}

// permit asks the caller's platform whether this person may change things. One that cannot be asked
// lets everybody: nobody else reaches it.
func (d *Desk) permit(ctx context.Context, q *request) error {
	keeper, ok := d.platforms[q.Caller.Platform].(bot.Gatekeeper)
	if !ok {
		return nil
	}
	err := keeper.Permit(ctx, q.Caller, q.Channel)
	var refusal *bot.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		return say("You may not change this", answer.Line(refusal.Needs),
			answer.Line("Reading is free to all: ", answer.Command("list"), ", ",
				answer.Command("brief"), "."))
	}
	d.log.Warn("cannot tell whether somebody may change things", "platform", q.Caller.Platform,
		"error", err)
	return say("Cannot tell now whether you may change this", answer.Line("The platform did not "+
		"say. Nothing was changed; try again in a moment."), q.echo())
}

// told is an answer that ends a command. It is an error so that whatever a command calls can give
// it.
type told struct{ bot.Message }

func (t *told) Error() string { return t.Title }

// say makes an answer that only the caller sees.
func say(title string, lines ...bot.Text) *told {
	var m bot.Message
	m.Title = title
	for _, l := range lines {
		if len(l) > 0 {
			m.Lines = append(m.Lines, l)
		}
	}
	return &told{m}
}

// with adds buttons.
func (t *told) with(buttons ...bot.Button) *told {
	t.Buttons = answer.Buttons(append(t.Buttons, buttons...)...)
	return t
}

// failed says why a command was not carried out.
func (d *Desk) failed(q *request, err error) bot.Reply {
	var answered *told
	var mistake *typed.Mistake
	switch {
	case errors.As(err, &answered):
		return bot.Reply{Message: answered.Message}
	case errors.As(err, &mistake):
		return bot.Reply{Message: q.mistaken(mistake)}
	case errors.Is(err, ErrDone):
		answered = say("Done already", answer.Line("This was asked for twice, and done once."))
	case errors.Is(err, ErrFromConfig):
		answered = say("This comes from the config file", answer.Line("It can only be "+
			"changed there."))
	case errors.Is(err, ErrChanged):
		answered = say("Somebody else changed it meanwhile", answer.Line("Nothing was changed. ",
			answer.Command("list"), " shows how it is now; then try again."), q.echo())
	case errors.Is(err, ErrUnknown):
		answered = say("It is not there any more", answer.Line("Somebody else took it away "+
			"meanwhile. ", answer.Command("list"), " shows how it is now."), q.echo())
	default:
		d.log.Error("a command failed", "command", commandName(q.in), "channel", q.Channel, "error",
			err)
		answered = say("This could not be done", answer.Line("Our memory does not answer. "+
			"Nothing was changed; try again in a minute."), q.echo())
	}
	return bot.Reply{Message: answered.Message}
}

// echo gives back what was typed, so that it can be copied.
func (q *request) echo() bot.Text {
	text := strings.TrimSpace(q.Text)
	if text == "" {
		return nil
	}
	return answer.Line("You wrote: ", answer.Code(answer.Shorten(text, longestEcho)))
}

// longestEcho is as much as any platform lets one type, or nearly.
const longestEcho = 2500

// mistaken says what is wrong with what was typed, and what to write.
func (q *request) mistaken(m *typed.Mistake) bot.Message {
	var buttons []bot.Button
	lines := []bot.Text{answer.Line(answer.Shorten(m.Problem, 500))}
	for i, meant := range m.Meant {
		lead := "Did you mean "
		if i > 0 {
			lead = "Or "
		}
		lines = append(lines, answer.Line(lead, answer.Command(answer.Shorten(meant, longestEcho)),
			"?"))
		buttons = append(buttons, bot.Button{Label: meant, Says: meant})
	}
	if c := m.Command; c != nil {
		lines = append(lines, answer.Line("Write it like this: ", answer.Command(c.Usage())),
			answer.Line("For example: ", answer.Command(c.Examples[0])))
	}
	lines = append(lines, q.echo())
	return say(
		"Not understood",
		lines...).with(append(buttons, bot.Button{Label: "Help", Says: "help"})...).
		Message
}

// change carries a change out.
func (q *request) change(ctx context.Context, before, after string, edits ...Edit) error {
	return q.memory().Change(ctx, Change{Call: q.Call, Edits: edits, Before: before, After: after})
}

// done is an answer to a change that everybody in the channel sees.
func done(t *told) (bot.Reply, error) { return bot.Reply{Message: t.Message, Open: true}, nil }

// quietly is an answer that only the caller sees.
func quietly(t *told) (bot.Reply, error) { return bot.Reply{Message: t.Message}, nil }

// Opens implements [bot.Opener]: only a watch is edited with a form.
func (d *Desk) Opens(c bot.Call) bool {
	if c.Command != "" || c.Draft {
		return false
	}
	in, mistake := d.table.Read(c.Text)
	return mistake == nil && in.Command.Name == "edit"
}

// Moved implements [bot.Presence].
func (d *Desk) Moved(ctx context.Context, m bot.Move) error { return d.memory.Moved(ctx, m) }

// commandName is what may stand in the log of a command: its arguments may hold a password.
func commandName(in typed.Input) string {
	if in.Command == nil {
		return ""
	}
	return in.Command.Name
}
