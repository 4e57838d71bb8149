// Package slack carries the bot to Slack: news goes out as messages, and what people type, press and
// fill in there comes back as calls.
//
// [Platform] is a [bot.Platform] for one or several workspaces, through sockets or over HTTP.
// Whatever Slack tells is acknowledged first, acts once however often it is told, and is answered
// afterwards, where only who asked sees it. Tokens and the addresses for answers are in no error and
// no log line.
package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/retry"
	"github.com/tensionwatch/tensionwatch/bot/seen"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
	"github.com/tensionwatch/tensionwatch/bot/slack/signed"
	"github.com/tensionwatch/tensionwatch/bot/slack/socket"
	"github.com/tensionwatch/tensionwatch/bot/slack/team"
	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

const (
	name = "slack"

	// atOnce is how many calls are worked on at once, and atOnceBusy how many are told meanwhile
	// that there are too many.
	atOnce     = 64
	atOnceBusy = 8

	// workTime is how long a call may take, and grace how long it still may when we are to end.
	workTime = 2 * time.Minute
	grace    = 5 * time.Second
)

// Platform is Slack. It is safe for concurrent use.
type Platform struct {
	set      Settings
	log      *slog.Logger
	http     *http.Client
	standing standing
	spaces   []workspace
	seen     *seen.Memory
	moves    *moves
	work     chan struct{} // holds a token for each call that is worked on
	busy     chan struct{}
	now      func() time.Time // of signatures

	mu    sync.Mutex
	until context.Context // of the calls that are worked on; nil unless Serve runs
	calls sync.WaitGroup
}

// New makes a platform of the workspaces in the settings. It asks Slack nothing yet.
func New(set Settings, standing bot.Standing, log *slog.Logger) (*Platform, error) {
	p := &Platform{
		set: set, log: log, http: api.NewHTTPClient(), now: time.Now,
		seen: seen.New(time.Now), moves: newMoves(),
		work: make(chan struct{}, atOnce), busy: make(chan struct{}, atOnceBusy),
	}
	p.standing.said = standing
	for _, w := range set.installed() {
		what := "[slack]"
		if w.Team != "" {
			what = "the workspace " + w.Team
		}
		switch {
		case w.BotToken == "":
			return nil, fmt.Errorf("%s has no bot_token", what)
		case set.socketMode() && w.AppToken == "":
			return nil, fmt.Errorf(`%s has no app_token: mode = "socket" needs one `+
				`(Basic Information, App-Level Tokens, with the scope connections:write)`, what)
		case !set.socketMode() && w.SigningSecret == "":
			return nil, fmt.Errorf(`%s has no signing_secret: mode = "http" needs it `+
				`(Basic Information, App Credentials)`, what)
		}
		p.spaces = append(p.spaces, workspace{w, team.New(team.Config{
			ID: w.Team, BotToken: w.BotToken, BaseURL: set.baseURL(), HTTP: p.http,
			Hosts: set.ResponseHosts, Editors: set.Editors, Hear: p.standing.hear, Log: log,
		})})
	}
	if len(p.spaces) == 0 {
		return nil, errors.New("[slack] has no bot_token")
	}
	return p, nil
}

// Name is the part of a channel's name that means Slack.
func (p *Platform) Name() string { return name }

// workspace is a team with its settings.
type workspace struct {
	set  Workspace
	team *team.Team
}

// team finds a workspace.
func (p *Platform) team(ctx context.Context, id string) (*team.Team, error) {
	for _, w := range p.spaces {
		if w.team.Name() == id || len(p.spaces) == 1 && w.team.Name() == "" {
			return w.team, nil
		}
	}
	for _, w := range p.spaces { // maybe it is the one that is not known yet
		if w.team.Name() != "" {
			continue
		}
		if me, err := w.team.Me(ctx); err == nil && me.TeamID == id {
			return w.team, nil
		}
	}
	return nil, fmt.Errorf("no [[slack.workspace]] has team = %q", id)
}

// place finds the workspace and the ID of a channel.
func (p *Platform) place(ctx context.Context, c bot.Channel) (*team.Team, string, error) {
	_, rest, _ := strings.Cut(string(c), ":")
	first, id, found := strings.Cut(rest, "/")
	switch {
	case !found && len(p.spaces) == 1:
		return p.spaces[0].team, rest, nil
	case !found:
		return nil, "", fmt.Errorf("%s does not say which workspace: write slack:T…/%s", c, rest)
	}
	t, err := p.team(ctx, first)
	return t, id, err
}

// channel names a channel of a workspace; without an ID, what all of its names begin with.
func (p *Platform) channel(t *team.Team, id string) bot.Channel {
	if len(p.spaces) == 1 {
		return bot.Channel(name + ":" + id)
	}
	return bot.Channel(name + ":" + t.Name() + "/" + id)
}

// Post posts a message.
func (p *Platform) Post(ctx context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	t, id, err := p.place(ctx, c)
	if err != nil {
		return bot.Receipt{}, &bot.RetryError{After: api.MendAfter, Err: err}
	}
	return t.Post(ctx, id, m)
}

// Edit changes a post in place.
func (p *Platform) Edit(ctx context.Context, c bot.Channel, r bot.Receipt, m bot.Message) error {
	t, id, err := p.place(ctx, c)
	if err != nil {
		return &bot.RetryError{After: api.MendAfter, Err: err}
	}
	return t.Edit(ctx, id, r, m)
}

// Find looks for a delivery in the channel's history.
func (p *Platform) Find(ctx context.Context, c bot.Channel, d bot.Delivery) (bot.Receipt, bool, error) {
	t, id, err := p.place(ctx, c)
	if err != nil {
		return bot.Receipt{}, false, &bot.RetryError{After: api.MendAfter, Err: err}
	}
	return t.Find(ctx, id, d)
}

// Permit lets full members of the workspace change things, or those of them that the settings name.
func (p *Platform) Permit(ctx context.Context, c bot.Caller, _ bot.Channel) error {
	t, err := p.team(ctx, strings.TrimPrefix(c.Owner, name+":"))
	if err != nil {
		return err
	}
	return t.Permit(ctx, c.User)
}

// Invitation is what to type in a channel to let the bot in.
func (p *Platform) Invitation(c bot.Channel) string {
	called := p.spaces[0].team.BotName()
	for _, w := range p.spaces[1:] {
		if strings.HasPrefix(string(c), name+":"+w.team.Name()+"/") {
			called = w.team.BotName()
		}
	}
	return "/invite @" + called
}

// Webhook is where Slack calls in mode "http": commands, interactions and events come to one path.
// There is none in mode "socket".
func (p *Platform) Webhook(h bot.Handler) (path string, handler http.Handler) {
	if p.set.socketMode() {
		return "", nil
	}
	return p.set.Path, &signed.Hook{
		Secrets: func() (secrets []signed.Secret) {
			for _, w := range p.spaces {
				secrets = append(secrets, signed.Secret{Team: w.team.Name(), Key: w.set.SigningSecret})
			}
			return secrets
		},
		Again: p.seen.Again,
		Receive: func(v visit.Visit, ack func(any)) bool {
			if !p.serving() {
				return false
			}
			p.receive(v, h, ack)
			return true
		},
		Now: p.now, Log: p.log,
	}
}

// Serve hears what people do and hands it to h until ctx ends; then the calls in hand have a moment
// to be answered. It returns early only when no workspace takes its token, or Slack does not take
// one for sockets.
func (p *Platform) Serve(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	until, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	p.mu.Lock()
	p.until = until
	p.mu.Unlock()

	var all sync.WaitGroup
	all.Go(func() { p.keepMoves(ctx, h) })
	for _, w := range p.spaces {
		all.Go(func() { p.introduce(ctx, w.team, h) })
	}
	if p.set.socketMode() {
		for n, app := range p.apps() {
			all.Go(func() { p.listen(ctx, n, app, h, stop) })
		}
	}
	all.Go(func() { p.standing.wait(ctx, len(p.spaces), stop) })
	all.Wait()

	p.mu.Lock()
	p.until = nil
	p.mu.Unlock()
	late := time.AfterFunc(grace, cancel)
	defer late.Stop()
	p.calls.Wait()
	p.http.CloseIdleConnections()
	var refused *api.Refused
	if err := context.Cause(ctx); errors.As(err, &refused) {
		// A token that is good again later does not make us listen again.
		p.standing.set("people", "nobody is heard until tensionwatch is restarted")
		return fmt.Errorf("slack refuses our token (%w): put a valid one into [slack] and restart "+
			"tensionwatch", refused)
	}
	return nil
}

// apps are the distinct tokens for sockets.
func (p *Platform) apps() (tokens []string) {
	for _, w := range p.spaces {
		tokens = append(tokens, w.set.AppToken)
	}
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// introduce asks who we are in a workspace until Slack says so, or that our token is no good. Where
// it takes our token, what was paused because it took none goes on.
func (p *Platform) introduce(ctx context.Context, t *team.Team, h bot.Handler) {
	for pause := time.Second; ctx.Err() == nil; pause = min(2*pause, time.Minute) {
		_, err := t.Me(ctx)
		if err == nil {
			err = p.readmitted(ctx, t, h)
		}
		var refused *api.Refused
		switch {
		case err == nil:
			return
		case errors.As(err, &refused):
			return // [standing.wait] ends what is to end
		}
		p.log.Warn("a workspace cannot be begun with", "err", err, "again", pause)
		retry.Sleep(ctx, pause)
	}
}

// listen hears an app, the nth, through its sockets.
func (p *Platform) listen(ctx context.Context, n int, token string, h bot.Handler,
	stop context.CancelCauseFunc) {
	who := fmt.Sprintf("the sockets of app %d", n+1)
	opener := api.NewClient(p.http, "", token, p.set.baseURL())
	s := &socket.Sockets{
		Open: func(ctx context.Context) (string, error) {
			_, address, err := opener.StartSocketModeContext(ctx)
			return address, api.Meaning(err)
		},
		Changed: func(reason string) { p.standing.set(who, reason) },
		Silence: cmp.Or(p.set.PingInterval, DefaultSettings().PingInterval),
		Log:     p.log,
	}
	s.Take = func(e socket.Envelope) {
		v, err := visit.Read(e.Type, e.Payload)
		if err != nil {
			p.log.Warn("slack told what cannot be read", "err", err)
			v.Kind = visit.Nothing // it would come again and again
		}
		v.Key = cmp.Or(v.Key, e.ID)
		p.receive(v, h, func(answer any) {
			if err := s.Ack(e.ID, answer); err != nil {
				p.log.Warn("slack was not answered", "err", err)
			}
		})
	}
	if err := s.Run(ctx); err != nil {
		var refused *api.Refused
		if errors.As(err, &refused) {
			p.standing.set(who, refused.Error())
		}
		stop(err)
	}
}

// serving reports whether calls are taken.
func (p *Platform) serving() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until != nil
}

// begin starts work on a call if there is room and Serve runs.
func (p *Platform) begin(room chan struct{}, do func(context.Context)) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until == nil {
		return false
	}
	select {
	case room <- struct{}{}:
	default:
		return false
	}
	ctx, cancel := context.WithTimeout(p.until, workTime)
	p.calls.Go(func() {
		defer func() { <-room }()
		defer cancel()
		do(ctx)
	})
	return true
}

// Pace implements [bot.Pacer]: what Slack allows, it allows to a workspace.
func (p *Platform) Pace(c bot.Channel, edit bool) bot.Pace {
	workspace := string(c[:max(strings.LastIndexAny(string(c), ":/"), 0)])
	return team.Pace(workspace, edit)
}

// Rest implements [bot.Pacer].
func (p *Platform) Rest(bot.Channel) time.Duration { return team.ChannelEvery }
