package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/discord/gateway"
	"github.com/tensionwatch/tensionwatch/bot/discord/slash"
	"github.com/tensionwatch/tensionwatch/bot/discord/talk"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
	"github.com/tensionwatch/tensionwatch/bot/retry"
)

// introduce asks Discord who we are, and has it offer our commands, until both are done.
func (p *Platform) introduce(ctx context.Context) {
	p.insist(ctx, "setting up the commands", func(ctx context.Context) error {
		app, err := p.application(ctx)
		if err != nil {
			return err
		}
		return p.register(ctx, app)
	})
}

// insist does something until it succeeds, or cannot.
func (p *Platform) insist(ctx context.Context, what string, do func(context.Context) error) bool {
	for pause := time.Second; ctx.Err() == nil; pause = min(2*pause, time.Minute) {
		err := do(ctx)
		if err == nil {
			return true
		}
		var later *bot.RetryError
		passes := errors.As(err, &later) || errors.Is(err, bot.ErrUncertain) || errors.Is(err, bot.ErrGone)
		if ctx.Err() != nil {
			break
		}
		if !passes {
			p.log.Error(what+" failed for good", "err", err)
			return false
		}
		if later != nil {
			pause = max(pause, later.After)
		}
		p.log.Warn(what+" failed", "err", err, "again", pause)
		retry.Sleep(ctx, pause)
	}
	return false
}

// application is the ID of ours.
func (p *Platform) application(ctx context.Context) (string, error) {
	var app struct {
		ID string `json:"id"`
	}
	err := p.api.Do(ctx, http.MethodGet, discordgo.EndpointApplications+"/@me", nil, &app)
	if err != nil {
		return "", fmt.Errorf("asking Discord who we are: %w", err)
	}
	if p.set.ApplicationID != "" && p.set.ApplicationID != app.ID {
		p.log.Warn("application_id in [discord] is not that of the token", "the token's", app.ID)
	}
	return app.ID, nil
}

// register has Discord offer the commands, if it does not offer the very same already: it takes only
// some changes a day.
func (p *Platform) register(ctx context.Context, app string) error {
	address := discordgo.EndpointApplicationGlobalCommands(app)
	if p.set.GuildID != "" {
		address = discordgo.EndpointApplicationGuildCommands(app, p.set.GuildID)
	}
	wanted := slash.Commands(p.table)
	var registered []json.RawMessage
	err := p.api.Do(ctx, http.MethodGet, address+"?with_localizations=true", nil, &registered)
	if errors.Is(err, bot.ErrGone) {
		return fmt.Errorf("%w: invite me with %s", err, InviteLink(app))
	}
	if err != nil || slash.Same(registered, wanted, p.set.GuildID != "") {
		return err
	}
	if err := p.api.Do(ctx, http.MethodPut, address, wanted, nil); err != nil {
		return err
	}
	p.log.Info("the commands are set up", "guild", p.set.GuildID)
	return nil
}

// intents are what the gateway is asked to tell beside interactions: where the bot can be.
const intents = int(discordgo.IntentGuilds)

// where is what Discord says of its gateway.
type where struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Starts struct {
		Left  int   `json:"remaining"`
		After int64 `json:"reset_after"` // milliseconds
	} `json:"session_start_limit"`
}

var errStarts = errors.New("the bot may begin no more sessions for now: something made it begin " +
	"very many")

// gateway asks where to listen. When no more sessions may begin, it says when they may.
func (p *Platform) gateway(ctx context.Context) (w where, err error) {
	if err = p.api.Do(ctx, http.MethodGet, discordgo.EndpointGatewayBot, nil, &w); err != nil {
		return w, err
	}
	if w.Starts.Left <= 0 && w.Starts.After > 0 {
		after := time.Duration(w.Starts.After) * time.Millisecond
		return w, &bot.RetryError{After: after, Err: errStarts}
	}
	return w, nil
}

// listen hears the gateway through as many connections as the settings say, or Discord advises.
func (p *Platform) listen(ctx context.Context, h bot.Handler) {
	shards := p.set.Shards
	if shards == 0 {
		known := p.insist(ctx, "asking for the gateway", func(ctx context.Context) error {
			w, err := p.gateway(ctx)
			shards = w.Shards
			return err
		})
		if !known {
			return
		}
	}
	turns := new(gateway.Turns)
	var all sync.WaitGroup
	for id := range max(shards, 1) {
		what := fmt.Sprintf("connection %d", id)
		s := &gateway.Shard{
			Open: func(ctx context.Context) (string, error) {
				w, err := p.gateway(ctx)
				return w.URL, err
			},
			Token: p.set.Token, Intents: intents, ID: id, Of: max(shards, 1), Turns: turns,
			Changed: func(reason string) { p.standing.set(what, reason) },
			Take:    func(e gateway.Event) { p.take(ctx, e, h) },
			Log:     p.log,
		}
		all.Go(func() {
			var refused *api.Refused
			if err := s.Run(ctx); errors.As(err, &refused) {
				p.standing.refuse(refused)
			}
		})
	}
	all.Wait()
}

// take takes an event of the gateway.
func (p *Platform) take(ctx context.Context, e gateway.Event, h bot.Handler) {
	if e.Name != "INTERACTION_CREATE" {
		p.happened(e)
		return
	}
	v, err := visit.Read(e.Data)
	if err != nil {
		p.log.Warn("discord told what cannot be read", "err", err)
		return
	}
	p.receive(v, h, func(a talk.Answer) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), firstTime)
		defer cancel()
		return p.voice.First(ctx, v, a)
	})
}
