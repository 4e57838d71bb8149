package commands

import (
	"context"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	// mostTraces is how many items a question finds at most.
	mostTraces = 50

	// mostStories is how many stories a brief holds at most.
	mostStories = 100

	// briefPage is how many stories are shown at once.
	briefPage = 5
)

// why says what became of items, or, asked from a post, why it was posted.
func why(ctx context.Context, q *request) (bot.Reply, error) {
	asked := q.arg("what")
	if asked == "" {
		return q.whyPost(ctx)
	}
	found, err := q.memory().Traces(ctx, asked, q.Channel, mostTraces)
	if err != nil {
		return bot.Reply{}, err
	}
	known, err := q.memory().Watches(ctx, q.Caller.Owner)
	if err != nil {
		return bot.Reply{}, err
	}
	names := make(map[string]string, len(known))
	for _, w := range known {
		names[w.ID] = w.Name
	}
	return bot.Reply{
		Message: answer.Why(asked, found, names, q.in.Page),
		Replace: q.in.Turned,
	}, nil
}

// whyPost explains the post from which the command was given.
func (q *request) whyPost(ctx context.Context) (bot.Reply, error) {
	if q.Post.ID == "" {
		return bot.Reply{}, &typed.Mistake{
			Problem: "why needs the link of a report or words of its headline.",
			Command: q.in.Command,
		}
	}
	stories, err := q.memory().Told(ctx, q.Channel, q.Post)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(stories) == 0 {
		return quietly(say("That is no alert", answer.Line("This message tells no story, or it "+
			"is older than what we keep. For a report: ", answer.Command("why <link or words>"))))
	}
	m := bot.Message{Title: "Why this alert"}
	for _, s := range stories[:min(len(stories), answer.PageSize)] {
		told, err := q.tellings(ctx, s)
		if err != nil {
			return bot.Reply{}, err
		}
		m.Entries = append(m.Entries, answer.Alert(s, told))
	}
	return bot.Reply{Message: m}, nil
}

// tellings is what became of a story in the channel.
func (q *request) tellings(ctx context.Context, s story.Story) ([]answer.Telling, error) {
	asked := s.Headline
	if len(s.Links) > 0 {
		asked = s.Links[0]
	}
	found, err := q.memory().Traces(ctx, asked, q.Channel, answer.PageSize)
	i := slices.IndexFunc(found, func(t Trace) bool { return t.Story != nil && t.Story.ID == s.ID })
	if err != nil || i < 0 {
		return nil, err
	}
	return found[i].Tellings, nil
}

// brief is the situation now: the stories of the channel's watches, newest first.
func brief(ctx context.Context, q *request) (bot.Reply, error) {
	chosen, err := q.chosen(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	period := q.arg("period")
	if period == "" {
		period = "24h"
	}
	since, err := typed.ReadPeriod(period, q.now)
	if err != nil {
		return bot.Reply{}, err
	}
	ids := make([]string, len(chosen))
	for i, f := range chosen {
		ids[i] = f.Watch.ID
	}
	stories, err := q.memory().Stories(ctx, ids, since, mostStories)
	if err != nil {
		return bot.Reply{}, err
	}
	shown, pages := answer.Cut(stories, q.in.Page, briefPage)
	d := bot.Delivery{Kind: bot.KindReply}
	for _, s := range shown {
		d.Pairs = append(d.Pairs, bot.Pair{Story: s, Revision: s.Revision, Watches: ids})
	}
	m := bot.Render(d)
	m.Title = answer.Count(len(stories), "story") + " on " + titles(chosen)
	m.Lines = []bot.Text{answer.Line("With news since ", since, ", the newest first.")}
	if len(stories) == 0 {
		m.Title = "Nothing new on " + titles(chosen)
		m.Lines = []bot.Text{answer.Line("No story has had news since ", since, "."),
			answer.Line("Further back: ",
				answer.Command(strings.TrimSpace("brief "+q.arg("name"))+" 7d"))}
	}
	pages.On(&m, written(q.in))
	return bot.Reply{Message: m, Replace: q.in.Turned}, nil
}

// chart says what there is in its place.
func chart(_ context.Context, q *request) (bot.Reply, error) {
	says := strings.TrimSpace("brief " + strings.TrimSpace(q.arg("name")+" "+q.arg("period")))
	return quietly(
		say(
			"Charts are not there yet",
			answer.Line("A later version draws tension and volume here. Until then, ",
				answer.Command(says), " lists the stories."),
		).with(bot.Button{Label: "Brief", Says: says}),
	)
}

// muteStory ends what the channel hears of a story.
func muteStory(ctx context.Context, q *request) (bot.Reply, error) {
	id := story.ID(q.arg("story"))
	if err := q.change(ctx, "", "story muted", MuteStory{Channel: q.Channel, Story: id}); err != nil {
		return bot.Reply{}, err
	}
	return done(say("Story muted", answer.Line(q.who(), " muted this story: nothing more of it "+
		"is told here.")))
}

// notRelevant notes that an alert was not what the channel's watches are meant for.
func notRelevant(ctx context.Context, q *request) (bot.Reply, error) {
	id := story.ID(q.arg("story"))
	if err := q.change(ctx, "", "story not relevant", Judge{Channel: q.Channel, Story: id}); err != nil {
		return bot.Reply{}, err
	}
	return quietly(say("Noted: not relevant", answer.Line("Nothing more of this story is told "+
		"here, and ", answer.Command("list"), " counts it. If it happens often, make the rule "+
		"narrower: ", answer.Command("edit <name>"))))
}

// list is what the channel follows.
func list(ctx context.Context, q *request) (bot.Reply, error) {
	followed, err := q.memory().Followed(ctx, q.Channel)
	return bot.Reply{Message: answer.List(followed, q.in.Page, q.now), Replace: q.in.Turned}, err
}

// changesShown is how many changes the status tells.
const changesShown = 5

func status(ctx context.Context, q *request) (bot.Reply, error) {
	standing, err := q.memory().Standing(ctx, q.Caller.Owner, q.now.AddDate(0, 0, -1))
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := q.memory().Feeds(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	changes, err := q.memory().Audit(ctx, q.Caller.Owner, changesShown)
	return bot.Reply{Message: answer.Status(standing, read, changes, q.now)}, err
}
