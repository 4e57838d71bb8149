// Package discord carries the bot to Discord: news goes out as messages with embeds, and what people
// type, press and fill in there comes back as calls.
//
// [Platform] is a [bot.Platform] for all servers that the bot is in, through Discord's gateway or
// over HTTP. Whatever somebody does is acknowledged at once, acts once however often it is told, and
// is answered where only who asked sees it. Tokens are in no error and no log line.
package discord

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/discord/signed"
	"github.com/tensionwatch/tensionwatch/bot/discord/talk"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
	"github.com/tensionwatch/tensionwatch/bot/seen"
)

const (
	name = "discord"

	// atOnce is how many calls are worked on at once, and atOnceBusy how many are told meanwhile
	// that there are too many.
	atOnce     = 64
	atOnceBusy = 8

	// workTime is how long a call may take, and grace how long it still may when we are to end.
	workTime = 2 * time.Minute
	grace    = 5 * time.Second
)

// Platform is Discord. It is safe for concurrent use.
type Platform struct {
	set      Settings
	table    typed.Table
	log      *slog.Logger
	api      *api.Client
	voice    *talk.Voice
	key      ed25519.PublicKey
	standing standing
	seen     *seen.Memory
	forms    *forms
	moves    *moves
	work     chan struct{} // holds a token for each call that is worked on
	busy     chan struct{}
	clock    func() time.Time // of signatures

	mu    sync.Mutex
	until context.Context // of the calls that are worked on; nil unless Serve runs
	calls sync.WaitGroup
}

// New makes a platform that offers the commands of the table. It asks Discord nothing yet.
func New(set Settings, table typed.Table, standing bot.Standing, log *slog.Logger) (*Platform, error) {
	p := &Platform{
		set: set, table: table, log: log, clock: time.Now,
		seen: seen.New(time.Now), forms: newForms(), moves: newMoves(),
		work: make(chan struct{}, atOnce), busy: make(chan struct{}, atOnceBusy),
	}
	p.standing.said = standing
	if missing := set.Missing(); len(missing) > 0 {
		return nil, fmt.Errorf("[discord] has no %s", strings.Join(missing, " and no "))
	}
	var err error
	if !set.gatewayMode() {
		if p.key, err = signed.ReadKey(set.PublicKey); err != nil {
			return nil, err
		}
	}
	if p.api, err = api.NewClient(set.apiURL(), set.Token, p.standing.hear); err != nil {
		return nil, err
	}
	p.voice = &talk.Voice{API: p.api, Log: log}
	return p, nil
}

// Name is the part of a channel's name that means Discord.
func (p *Platform) Name() string { return name }

// channelID is Discord's own name of a channel.
func channelID(c bot.Channel) string { return strings.TrimPrefix(string(c), name+":") }

// Post posts a message.
func (p *Platform) Post(ctx context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	return p.voice.Post(ctx, channelID(c), m)
}

// Edit changes a post in place.
func (p *Platform) Edit(ctx context.Context, c bot.Channel, r bot.Receipt, m bot.Message) error {
	return p.voice.Edit(ctx, channelID(c), r, m)
}

// Find looks for a delivery among the channel's messages.
func (p *Platform) Find(ctx context.Context, c bot.Channel, d bot.Delivery) (bot.Receipt, bool, error) {
	return p.voice.Find(ctx, channelID(c), d)
}

// Before Discord has told a channel's limit it is taken to be one that it never is stricter than.
const (
	firstLimit  = 5
	firstWindow = 5 * time.Second
)

// Pace is what Discord has told of the limit of the channel. It does not outlive us, but the turns
// that are taken at it do.
func (p *Platform) Pace(c bot.Channel, edit bool) bot.Pace {
	what := "post"
	if edit {
		what = "edit"
	}
	limit, window, _ := p.api.Post(channelID(c), edit)
	if limit == 0 || window == 0 {
		limit, window = firstLimit, firstWindow
	}
	return bot.Pace{
		Name: fmt.Sprintf("%s %s", c, what), Every: window / time.Duration(limit), Burst: limit,
	}
}

// Rest is how long until something of the channel's limit is left.
func (p *Platform) Rest(c bot.Channel) time.Duration {
	_, _, wait := p.api.Post(channelID(c), false)
	return wait
}

// Permit lets those change things who may manage channels, or those whom the settings name.
func (p *Platform) Permit(_ context.Context, c bot.Caller, _ bot.Channel) error {
	may, roles := visit.ReadRights(c.Rights)
	if len(p.set.Editors) == 0 {
		if may&(visit.ManageChannels|visit.Administrator) != 0 {
			return nil
		}
		return &bot.Refusal{Needs: "Only people with the permission Manage Channels may change what I " +
			"do. Ask one of them, or a moderator for that permission."}
	}
	for _, e := range p.set.Editors {
		if e == c.User || slices.Contains(roles, e) {
			return nil
		}
	}
	return &bot.Refusal{Needs: "Here only certain people and roles may change what I do. Ask one of " +
		"them, or whoever installed me to add you to editors in [discord]."}
}

// Invitation is what lets the bot into a channel.
func (p *Platform) Invitation(bot.Channel) string {
	return "Allow it View Channel, Send Messages and Embed Links in this channel (Edit Channel, " +
		"Permissions)"
}

// Webhook is where Discord calls in mode "http". There is none in mode "gateway".
func (p *Platform) Webhook(h bot.Handler) (path string, handler http.Handler) {
	if p.set.gatewayMode() {
		return "", nil
	}
	return p.set.Path, &signed.Hook{
		Key: p.key, Now: p.clock, Log: p.log,
		Receive: func(v visit.Visit, answer func(talk.Answer) error) bool {
			return p.serving() && p.receive(v, h, answer)
		},
	}
}

// Serve hears what people do and hands it to h until ctx ends; then the calls in hand have a moment
// to be answered. It returns early only when Discord refuses us for good.
func (p *Platform) Serve(ctx context.Context, h bot.Handler) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	p.standing.serve(stop)
	defer p.standing.serve(nil)
	until, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	p.mu.Lock()
	p.until = until
	p.mu.Unlock()

	var all sync.WaitGroup
	all.Go(func() { p.keepMoves(ctx, h) })
	all.Go(func() { p.introduce(ctx) })
	if p.set.gatewayMode() {
		all.Go(func() { p.listen(ctx, h) })
	}
	all.Wait()
	<-ctx.Done()

	p.mu.Lock()
	p.until = nil
	p.mu.Unlock()
	late := time.AfterFunc(grace, cancel)
	defer late.Stop()
	p.calls.Wait()
	p.api.Close()
	var refused *api.Refused
	if err := context.Cause(ctx); errors.As(err, &refused) {
		return fmt.Errorf("discord refuses us: %w; then restart tensionwatch", refused)
	}
	return nil
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
