package commands

import (
	"context"
	"errors"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/story"
)

// prove shows that we can post in the channel, by posting there what was changed. It returns what
// is to be said if we cannot: then nothing is told until we can.
//
// It posts after the change, not before: the same call may come twice, and is refused the second
// time before anything is posted.
func (q *request) prove(ctx context.Context, lines ...bot.Text) bot.Text {
	return q.post(ctx, bot.Message{
		Delivery: bot.DeliveryID(q.Channel, "proof "+q.ID, 0),
		Kind:     bot.KindNotice,
		Title:    "tensionwatch is watching",
		Lines:    lines,
	})
}

// post posts a message in the channel of the call.
func (q *request) post(ctx context.Context, m bot.Message) bot.Text {
	p := q.desk.platforms[q.Channel.Platform()]
	if p == nil {
		return answer.Line("Nothing can be posted here yet: ", q.Channel.Platform(),
			" is off. It begins when it is on.")
	}
	_, err := p.Post(ctx, q.Channel, m)
	var later *bot.RetryError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bot.ErrGone):
		q.moved(ctx, "the bot is not in the channel")
		return invitation(p, q.Channel)
	case errors.As(err, &later):
		return answer.Line("The platform asks us to wait before we post here. What comes " +
			"meanwhile is told as soon as it lets us.")
	case errors.Is(err, bot.ErrUncertain):
		return answer.Line("The platform did not say whether our post arrived. If none stands in "+
			"the channel in a minute, try ", answer.Command("test-alert"), ".")
	}
	q.desk.log.Warn("a confirmation was refused", "channel", q.Channel, "error", err)
	return answer.Line("The platform refused our post, so that alerts may not arrive here " +
		"either. Ask whoever runs the bot; its log says why.")
}

// moved notes whether we can post in the channel. What was asked for is done by now: that this
// fails is nothing that whoever asked could mend, and the next post finds it out again.
func (q *request) moved(ctx context.Context, away string) {
	err := q.memory().Moved(ctx, bot.Move{Channel: q.Channel, Away: away})
	if err != nil {
		q.desk.log.Error("noting where we can post failed", "channel", q.Channel, "error", err)
	}
}

// invitation is the one step that lets us into a channel.
func invitation(p bot.Platform, c bot.Channel) bot.Text {
	step := answer.Line("Let the bot into this channel")
	if guest, ok := p.(bot.Guest); ok {
		switch said := guest.Invitation(c); {
		case strings.HasPrefix(said, "/"):
			step = answer.Line("Type ", answer.Code(said))
		case said != "":
			step = answer.Line(said)
		}
	}
	return append(answer.Line("One step is left: the bot cannot post here yet. "), append(step,
		answer.Line(", and it begins by itself.")...)...)
}

// testAlert posts a sample.
func testAlert(ctx context.Context, q *request) (bot.Reply, error) {
	if err := q.change(ctx, "", "a sample alert was posted"); err != nil {
		return bot.Reply{}, err
	}
	hit := bot.Span{Text: "Oman", Hit: true}
	cannot := q.post(ctx, bot.Message{
		Delivery: bot.DeliveryID(q.Channel, "sample "+q.ID, 0),
		Kind:     bot.KindAlert,
		Sample:   true,
		Cards: []bot.Card{{
			Story:    "sample",
			Revision: 1,
			Headline: append(answer.Line("Delegations arrive in "), hit,
				bot.Span{Text: " for a new round of "}, bot.Span{Text: "talks", Hit: true}),
			Summary: answer.Line("This is what an alert looks like. Nothing has happened: the " +
				"story and its publishers are made up."),
			Links:      []string{"https://example.org/sample"},
			Publishers: []string{"First Agency", "Second Daily"},
			Began:      q.now,
			Latest:     q.now,
			Severity:   story.SeverityNotable,
			Why: []story.Why{
				{Watch: "sample", Name: "oman-talks", Words: []string{"Oman", "talks"}},
			},
		}},
	})
	if len(cannot) > 0 {
		return quietly(say("No sample was posted", cannot))
	}
	return quietly(say("A sample alert was posted", answer.Line("Real ones look like it.")))
}
