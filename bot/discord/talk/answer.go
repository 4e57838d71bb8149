package talk

import (
	"context"
	"errors"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/discord/embeds"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
	"github.com/tensionwatch/tensionwatch/bot/retry"
)

// Answer is the first answer to an interaction: it has to be there within three seconds.
type Answer struct {
	Type discordgo.InteractionResponseType `json:"type"`
	Data any                               `json:"data,omitempty"`
}

// Pong answers Discord itself.
func Pong() Answer { return Answer{Type: discordgo.InteractionResponsePong} }

// Later promises an answer: where something was pressed without a sign, else with one that only who
// asked sees.
func Later(v visit.Visit) Answer {
	if v.Kind == visit.Press {
		return Answer{Type: discordgo.InteractionResponseDeferredMessageUpdate}
	}
	return Answer{
		Type: discordgo.InteractionResponseDeferredChannelMessageWithSource,
		Data: struct {
			Flags discordgo.MessageFlags `json:"flags"`
		}{ephemeral},
	}
}

// Now answers with a reply.
func Now(v visit.Visit, r bot.Reply) Answer { return now(v, r, embeds.Message(r.Message)) }

// NowPlain is the same without embeds, for the one time that Discord refuses them.
func NowPlain(v visit.Visit, r bot.Reply) Answer { return now(v, r, embeds.Plain(r.Message)) }

func now(v visit.Visit, r bot.Reply, p embeds.Post) Answer {
	if r.Replace && v.Post != "" && (v.Kind == visit.Press || v.Kind == visit.Submission) {
		return Answer{Type: discordgo.InteractionResponseUpdateMessage, Data: p}
	}
	if !r.Open {
		p.Flags |= ephemeral
	}
	return Answer{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: p}
}

// Open opens a form.
func Open(f bot.Form, id string) Answer {
	return Answer{Type: discordgo.InteractionResponseModal, Data: embeds.Form(f, id)}
}

// The most that Discord takes of suggestions.
const (
	maxChoices = 25
	maxChoice  = 100
)

// choice is what completes an argument.
type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Complete offers what an argument may be.
func Complete(choices []bot.Choice) Answer {
	offered := []choice{}
	for _, c := range choices {
		name := clean.Cut(clean.String(c.Label), maxChoice)
		if name == "" || c.Value == "" || clean.Units(c.Value) > maxChoice || len(offered) == maxChoices {
			continue
		}
		offered = append(offered, choice{name, c.Value})
	}
	return Answer{
		Type: discordgo.InteractionApplicationCommandAutocompleteResult,
		Data: struct {
			Choices []choice `json:"choices"`
		}{offered},
	}
}

// First gives the first answer. One that was given before is no error.
func (v *Voice) First(ctx context.Context, to visit.Visit, a Answer) error {
	address := discordgo.EndpointInteractionResponse(to.ID, to.Token)
	for try := 0; ; try++ {
		err := v.do(ctx, post, address, a, nil)
		var later *bot.RetryError
		again := errors.Is(err, bot.ErrUncertain) ||
			errors.As(err, &later) && !errors.Is(err, bot.ErrLimited)
		switch {
		case err == nil, api.Acknowledged(err):
			return nil
		case !again || try == firstTries || ctx.Err() != nil:
			return err
		}
		retry.Sleep(ctx, firstPause)
	}
}

const (
	firstTries = 2
	firstPause = 100 * time.Millisecond
)

// pause waits, but not beyond ctx.
// Say keeps the promise of [Later].
func (v *Voice) Say(ctx context.Context, to visit.Visit, r bot.Reply) error {
	promised := to.Kind != visit.Press
	return onceMorePlain(r.Message, func(p embeds.Post) error {
		switch {
		case r.Replace, promised && !r.Open:
			return v.original(ctx, patch, to, p)
		case promised:
			return v.everybody(ctx, to, p)
		case !r.Open:
			p.Flags |= ephemeral
		}
		return v.follow(ctx, to, p)
	})
}

// everybody tells everybody what was promised to one. The promise itself only one can see, whatever
// it becomes: it is kept with a word, and taken away.
func (v *Voice) everybody(ctx context.Context, to visit.Visit, p embeds.Post) error {
	done := embeds.Message(bot.Message{Lines: bot.Plains("The answer is for everybody here.")})
	if err := v.original(ctx, patch, to, done); err != nil {
		return err
	}
	if err := v.follow(ctx, to, p); err != nil {
		return v.original(ctx, patch, to, p)
	}
	if err := v.original(ctx, remove, to, nil); err != nil {
		v.Log.Info("a promise was not taken away", "channel", to.Channel, "err", err)
	}
	return nil
}

// follow gives another answer.
func (v *Voice) follow(ctx context.Context, to visit.Visit, p embeds.Post) error {
	return v.patiently(ctx, post, discordgo.EndpointWebhookToken(to.App, to.Token), p)
}

// original changes the first answer, or takes it away.
func (v *Voice) original(ctx context.Context, method string, to visit.Visit, p any) error {
	return v.patiently(ctx, method, discordgo.EndpointInteractionResponseActions(to.App, to.Token), p)
}

// lateTries is how often an answer is tried.
const lateTries = 4

// patiently asks again when Discord wants to wait or was not reached. An answer that may have
// arrived is not given twice, unless twice does no harm.
func (v *Voice) patiently(ctx context.Context, method, address string, in any) error {
	for try := 0; ; try++ {
		err := api.Patiently(ctx, func(ctx context.Context) error {
			return v.do(ctx, method, address, in, nil)
		})
		var later *bot.RetryError
		again := errors.As(err, &later) || errors.Is(err, bot.ErrUncertain) && method != post
		if err == nil || !again || try == lateTries || ctx.Err() != nil {
			return err
		}
		retry.Sleep(ctx, time.Second<<try)
	}
}
