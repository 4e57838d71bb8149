package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/schedule"
	"github.com/tensionwatch/tensionwatch/story"
)

// allOfThem stands for every watch where names are asked for, unless a watch is called so.
const allOfThem = "all"

// subscribe makes the channel follow watches that are there.
func subscribe(ctx context.Context, q *request) (bot.Reply, error) {
	known, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return bot.Reply{}, err
	}
	names := q.names("name")
	if len(names) == 0 {
		followed, err := q.memory().Followed(ctx, q.Channel)
		m := answer.Followable(known, followed, q.in.Page)
		return bot.Reply{Message: m, Replace: q.in.Turned}, err
	}
	var wanted []Watch
	if _, real := called(known, allOfThem); len(names) == 1 && strings.EqualFold(names[0], allOfThem) && !real {
		wanted = known
	} else {
		for _, name := range names {
			w, err := q.wanted(known, name)
			if err != nil {
				return bot.Reply{}, err
			}
			wanted = append(wanted, w)
		}
	}
	return q.follow(ctx, wanted)
}

func (q *request) follow(ctx context.Context, wanted []Watch) (bot.Reply, error) {
	var edits []Edit
	var names []string
	for _, w := range wanted {
		if !slices.Contains(w.Channels, q.Channel) {
			edits = append(edits, Follow{Channel: q.Channel, Watch: w.ID})
			names = append(names, w.Name)
		}
	}
	if len(edits) == 0 {
		return quietly(say("Followed already", answer.Line("This channel follows that already. ",
			answer.Command("list"), " shows how.")))
	}
	if err := q.change(ctx, "", "follows "+strings.Join(names, ", "), edits...); err != nil {
		return bot.Reply{}, err
	}
	listed := answer.Shorten(answer.And(names), 500)
	cannot := q.prove(ctx, answer.Line(q.who(), " now follows ", listed, " here. News comes to "+
		"this channel."))
	return quietly(say("Following "+answer.Count(len(names), "watch"), answer.Line(listed), cannot,
		answer.Line("It is about what comes from now on. ", answer.Command("brief"),
			" says what was.")))
}

// chosen are those of the channel's watches that a command is about; of no names, and of "all", all
// of them.
func (q *request) chosen(ctx context.Context) ([]Following, error) {
	followed, err := q.memory().Followed(ctx, q.Channel)
	if err != nil {
		return nil, err
	}
	names := q.names("name")
	var out []Following
	for _, name := range names {
		f, found := following(followed, name)
		switch {
		case found:
			out = append(out, f)
		case strings.EqualFold(name, allOfThem):
			out = followed
		default:
			return nil, q.notFollowed(ctx, followed, name)
		}
	}
	if len(names) == 0 {
		out = followed
	}
	if len(out) == 0 {
		return nil, say("This channel follows nothing yet", answer.Begin()...)
	}
	return out, nil
}

func following(followed []Following, name string) (Following, bool) {
	i := slices.IndexFunc(followed,
		func(f Following) bool { return strings.EqualFold(f.Watch.Name, name) })
	if i < 0 {
		return Following{}, false
	}
	return followed[i], true
}

// notFollowed says that the channel does not follow a watch, or that there is none.
func (q *request) notFollowed(ctx context.Context, followed []Following, name string) error {
	known, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return err
	}
	if w, found := called(known, name); found {
		return say("Nothing was changed", answer.Line("This channel does not follow ", w.Name,
			".")).with(bot.Button{Label: "Follow " + w.Name, Says: "subscribe " + w.Name})
	}
	names := make([]string, len(followed))
	for i, f := range followed {
		names[i] = f.Watch.Name
	}
	return q.unknown(name, names)
}

// every reports whether a command is about all that the channel follows, now and later.
func (q *request) every() bool {
	names := q.names("name")
	return len(names) == 0 || len(names) == 1 && strings.EqualFold(names[0], allOfThem)
}

// titles names what a command was about.
func titles(chosen []Following) string {
	names := make([]string, len(chosen))
	for i, f := range chosen {
		names[i] = f.Watch.Name
	}
	return answer.Shorten(answer.And(names), 500)
}

func unsubscribe(ctx context.Context, q *request) (bot.Reply, error) {
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(q.names("name")) == 0 {
		m := answer.List(chosen, q.in.Page, q.now)
		m.Lines = append(m.Lines, answer.Line("Say which one: ",
			answer.Command("unsubscribe "+chosen[0].Watch.Name)))
		return bot.Reply{Message: m}, nil
	}
	var edits []Edit
	for _, f := range chosen {
		edits = append(edits, Unfollow{Channel: q.Channel, Watch: f.Watch.ID})
	}
	if err := q.change(ctx, "follows "+titles(chosen), "", edits...); err != nil {
		return bot.Reply{}, err
	}
	t := say("Not followed here any more", answer.Line(q.who(), " stopped following ",
		titles(chosen), " here."), answer.Line("The watch itself stays; ",
		answer.Command("subscribe"), " lists what can be followed."))
	if len(chosen) == 1 {
		t.with(bot.Button{Label: "Follow it again", Says: "subscribe " + chosen[0].Watch.Name})
	}
	return done(t)
}

// prefer sets how the channel hears of the chosen watches. Where all are meant, those that come
// later are too.
func (q *request) prefer(
	ctx context.Context,
	chosen []Following,
	set Preference,
	before, after string,
) error {
	var edits []Edit
	if q.every() {
		edits = append(edits, Prefer{Channel: q.Channel, Set: set})
	}
	for _, f := range chosen {
		edits = append(edits, Prefer{Channel: q.Channel, Watch: f.Watch.ID, Set: set})
	}
	return q.change(ctx, before, after, edits...)
}

func pause(ctx context.Context, q *request) (bot.Reply, error) {
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	why := "by " + q.who()
	if err := q.prefer(ctx, chosen, Preference{Paused: &why}, "", "paused"); err != nil {
		return bot.Reply{}, err
	}
	return done(
		say("Paused", answer.Line(q.who(), " paused ", q.subject(chosen), ". Nothing of it is "+
			"told here until ", answer.Command(strings.TrimSpace("resume "+q.arg("name"))), ".")).
			with(bot.Button{Label: "Resume", Says: strings.TrimSpace("resume " + q.arg("name"))}),
	)
}

// subject names what a command was about.
func (q *request) subject(chosen []Following) string {
	if q.every() {
		return "all that this channel follows"
	}
	return titles(chosen)
}

// resume ends a pause, and proves that we can post: it may be our absence that had paused it.
func resume(ctx context.Context, q *request) (bot.Reply, error) {
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	none := ""
	if err := q.prefer(ctx, chosen, Preference{Paused: &none}, "paused", ""); err != nil {
		return bot.Reply{}, err
	}
	cannot := q.prove(ctx, answer.Line(q.who(), " resumed ", q.subject(chosen), "."))
	if len(cannot) > 0 {
		return quietly(say("Not quite resumed", cannot))
	}
	q.moved(ctx, "") // whatever kept us away is over
	return quietly(say("Resumed", answer.Line("From now on news of ", q.subject(chosen),
		" is told here again.")))
}

// forHowLong asks for the duration that mute lacks.
func (q *request) forHowLong() (bot.Reply, error) {
	name := q.arg("name")
	if _, err := typed.ReadDuration(name); err == nil {
		return bot.Reply{}, &typed.Mistake{
			Problem: "What is to be muted? Write its name before the time.",
			Command: q.in.Command,
			Meant:   []string{"mute all " + name},
		}
	}
	var buttons []bot.Button
	for _, d := range []string{"1h", "8h", "1d"} {
		lasts, _ := typed.ReadDuration(d)
		buttons = append(buttons,
			bot.Button{Label: answer.Lasts(lasts), Says: "mute " + name + " " + d})
	}
	return quietly(say("For how long?", answer.Line("Press one, or write it: ",
		answer.Command("mute "+name+" 2 days"))).with(buttons...))
}

func mute(ctx context.Context, q *request) (bot.Reply, error) {
	name := q.arg("name")
	if q.arg("for") == "" {
		return q.forHowLong()
	}
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	lasts, err := typed.ReadDuration(q.arg("for"))
	if err != nil {
		return bot.Reply{}, err
	}
	until := q.now.Add(lasts)
	if err := q.prefer(ctx, chosen, Preference{MutedUntil: &until}, "", "muted until "+answer.Moment(until)); err != nil {
		return bot.Reply{}, err
	}
	return done(
		say("Muted for "+answer.Lasts(lasts), answer.Line(q.who(), " muted ", q.subject(chosen),
			" until ", until, ". What comes until then is not told here later either; ",
			answer.Command("brief"), " shows it.")).with(bot.Button{Label: "Unmute",
			Says: "unmute " + name}),
	)
}

func unmute(ctx context.Context, q *request) (bot.Reply, error) {
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := q.prefer(ctx, chosen, Preference{MutedUntil: new(time.Time)}, "muted", ""); err != nil {
		return bot.Reply{}, err
	}
	return done(say("Unmuted", answer.Line(q.who(), " unmuted ", q.subject(chosen),
		". It is told here again from now on.")))
}

// quiet sets the hours of silence of the channel.
func quiet(ctx context.Context, q *request) (bot.Reply, error) {
	followed, err := q.memory().Followed(ctx, q.Channel)
	if err != nil {
		return bot.Reply{}, err
	}
	before := ""
	zone := q.arg("zone")
	for _, f := range followed {
		before = f.Subscription.Quiet
		if zone == "" {
			zone = f.Subscription.Zone
		}
	}
	hours := q.arg("hours")
	if hours == "off" {
		if err := q.change(ctx, before, "", Prefer{Channel: q.Channel, Set: Preference{Quiet: new(string)}}); err != nil {
			return bot.Reply{}, err
		}
		return done(say("No quiet hours", answer.Line(q.who(), " switched quiet hours off: news "+
			"is told here at any hour.")))
	}
	if zone == "" {
		return bot.Reply{}, &typed.Mistake{
			Problem: "In which zone? Write its name after the hours.",
			Command: q.in.Command,
		}
	}
	span, err := schedule.ParseQuiet(hours, zone)
	if err != nil {
		return bot.Reply{}, &typed.Mistake{Problem: sentence(err), Command: q.in.Command}
	}
	set := Preference{Quiet: &hours, Zone: &zone}
	if err := q.change(ctx, before, hours+" "+zone, Prefer{Channel: q.Channel, Set: set}); err != nil {
		return bot.Reply{}, err
	}
	now := answer.Line("It is not quiet now.")
	if span.Contains(q.now) {
		now = answer.Line("It is quiet now, until ", span.End(q.now), ".")
	}
	return done(say("Quiet hours are set", answer.Line(q.who(), " set quiet hours for this "+
		"channel: ", hours, " ", zone, ". What comes in them is told when they end."), now))
}

// policy says or sets how loudly a channel hears of a watch.
func policy(ctx context.Context, q *request) (bot.Reply, error) {
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	set, changed, err := q.preference(chosen)
	if err != nil {
		return bot.Reply{}, err
	}
	if !changed {
		t := say("How it is told here")
		for _, f := range chosen {
			t.Lines = append(t.Lines, append(answer.Line(f.Watch.Name, ": "), answer.Policy(f,
				q.now)...))
		}
		t.Lines = append(t.Lines, answer.Line("To change it: ",
			answer.Command(q.in.Command.Usage())))
		return quietly(t)
	}
	before := fmt.Sprint(answer.Policy(chosen[0], q.now).String())
	after := make([]Following, len(chosen))
	for i, f := range chosen {
		after[i] = preferred(f, set)
	}
	if err := q.prefer(ctx, chosen, set, before, answer.Policy(after[0], q.now).String()); err != nil {
		return bot.Reply{}, err
	}
	t := say("The policy is set", answer.Line(q.who(), " set how this channel hears of ",
		titles(chosen), "."), answer.Policy(after[0], q.now))
	if s := after[0].Subscription; s.Policy == "digest" {
		t.Lines = append(t.Lines, nextTimes(s, q.now))
	}
	return done(t)
}

// preference reads what a policy is to be, and whether anything is said of it.
func (q *request) preference(chosen []Following) (set Preference, changed bool, err error) {
	wrong := func(problem string) (Preference, bool, error) {
		return set, false, &typed.Mistake{Problem: problem, Command: q.in.Command}
	}
	how, cron := q.arg("how"), q.arg("times")
	if cron != "" && how == "" {
		how = "digest"
	}
	digest, zone := chosen[0].Subscription.Digest, chosen[0].Subscription.Zone
	switch {
	case how == "instant" && cron != "":
		return wrong("instant takes no times: what comes is told at once.")
	case how == "digest" && cron == "" && digest == "":
		return wrong("A digest needs its times: write them after it, like 8:00.")
	case cron != "":
		if _, err := schedule.Parse(cron, zone); err != nil {
			return wrong(sentence(err))
		}
		set.Digest = &cron
	}
	if how != "" {
		set.Policy = &how
	}
	if n := q.arg("min-publishers"); n != "" {
		least, _ := typed.ReadNumber(n)
		set.MinPublishers = &least
	}
	if s := story.Severity(q.arg("min-severity")); s != "" {
		set.MinSeverity = &s
	}
	return set, set != Preference{}, nil
}

// preferred is how a watch will be followed.
func preferred(f Following, set Preference) Following {
	s := &f.Subscription
	if set.Policy != nil {
		s.Policy = *set.Policy
	}
	if set.Digest != nil {
		s.Digest = *set.Digest
	}
	if set.MinPublishers != nil {
		s.MinPublishers = *set.MinPublishers
	}
	if set.MinSeverity != nil {
		s.MinSeverity = *set.MinSeverity
	}
	f.Chosen = true
	return f
}

// nextTimes are the next three digests.
func nextTimes(s bot.Subscription, now time.Time) bot.Text {
	plan, err := schedule.Parse(s.Digest, s.Zone)
	if err != nil {
		return nil
	}
	t := answer.Line("The next ones: ")
	for i := range 3 {
		now = plan.Next(now)
		t = append(t, answer.Line([]string{"", ", "}[min(i, 1)])...)
		t = append(t, answer.Line(now)...)
	}
	return append(t, answer.Line(". To have them in another zone, set it with ",
		answer.Command("quiet"), ".")...)
}

// sentence makes a sentence of an error.
func sentence(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
