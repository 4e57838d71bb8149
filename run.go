package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/bot/console"
	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/config"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
	"github.com/tensionwatch/tensionwatch/web"
)

const (
	// beat is how long a stage rests between passes when nobody nudges it.
	beat = time.Second

	// pruneEvery is how often old items are deleted.
	pruneEvery = time.Hour

	// troublesEvery is how often channels may hear of feeds: what breaks meanwhile is one message.
	troublesEvery = time.Hour
)

// run is the bot: until it is told to stop, or once.
func run(ctx context.Context, c *call) error {
	settings := c.settings()
	once := c.flags.Bool("once", false, "poll every feed once, tell what is owed, and end")
	now := c.flags.String("now", "", "with -once: a pass as if it were then (`RFC 3339`)")
	if err := c.parseNoArgs(); err != nil {
		return err
	}
	clock, err := clockAt(*now, *once)
	if err != nil {
		return err
	}
	screen := newScreen(c.stderr)
	log, err := settings.logger(screen)
	if err != nil {
		return err
	}
	cfg, err := settings.load()
	if err != nil {
		return err
	}
	if *once {
		return withNewsroom(ctx, cfg, clock, c.stdout, log, func(room *newsroom) error {
			return room.once(ctx, c.stdout, screen.progress(len(cfg.Feeds)))
		})
	}
	return runOn(ctx, settings, cfg, c.stdout, screen, log)
}

// clockAt is the clock of a pass as if it were then: it goes on from there. Without a time it is
// nil, the real one.
func clockAt(now string, once bool) (func() time.Time, error) {
	if now == "" {
		return nil, nil
	}
	if !once {
		return nil, usageError{errors.New("-now goes with -once")}
	}
	then, err := time.Parse(time.RFC3339, now)
	if err != nil {
		return nil, usageError{fmt.Errorf("-now %q: write a time like 2026-02-06T08:00:00Z", now)}
	}
	began := time.Now()
	return func() time.Time { return then.Add(time.Since(began)) }, nil
}

// runOn runs the bot until ctx ends. A hangup makes it begin anew with the config as it is then; a
// bad one is refused and the old one stays.
func runOn(ctx context.Context, settings *settings, cfg *config.Config, stdout io.Writer,
	screen *screen, log *slog.Logger) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		serving, stop := context.WithCancel(ctx)
		next := make(chan *config.Config, 1)
		go func() {
			next <- awaitConfig(serving, hangup, settings, log)
			stop()
		}()
		err := withNewsroom(serving, cfg, nil, stdout, log, func(room *newsroom) error {
			progress := screen.progress(len(cfg.Feeds))
			defer progress.done()
			return room.serve(serving, cfg, progress)
		})
		stop()
		cfg = <-next
		if err != nil || cfg == nil {
			return err
		}
		log.Info("the config was read again")
	}
}

// awaitConfig returns the config after a hangup, or nil when ctx ends.
func awaitConfig(ctx context.Context, hangup <-chan os.Signal, settings *settings,
	log *slog.Logger) *config.Config {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hangup:
			cfg, err := settings.load()
			if err == nil {
				return cfg
			}
			log.Error("the config has mistakes; the old one stays", "err", err)
		}
	}
}

// newsroom is the program put together: the stages over one store, and who answers people.
type newsroom struct {
	store     *store.DB
	poller    *feeds.Poller
	desk      *story.Desk
	courier   *bot.Courier
	clerk     *commands.Desk
	platforms []bot.Platform
	health    *web.Health
	log       *slog.Logger
}

// openStore opens the store and takes over the config.
func openStore(ctx context.Context, cfg *config.Config, clock func() time.Time) (*store.DB, error) {
	db, err := store.Open(ctx, cfg.Store.URL, clock)
	if err != nil {
		return nil, err
	}
	if err := db.Adopt(ctx, roster(cfg), welcome); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// seams are what the stages see of the world.
type seams struct {
	feeds     feeds.Store
	stories   story.Store
	outbox    bot.Outbox
	platforms []bot.Platform
	health    *web.Health
}

// assemble makes the stages. The caller closes the store.
func assemble(cfg *config.Config, db *store.DB, s seams, log *slog.Logger) (*newsroom, error) {
	for _, note := range cfg.Notes() {
		log.Info(note)
	}
	poller, err := feeds.NewPoller(s.feeds, cfg.Poll, log)
	if err != nil {
		return nil, err
	}
	poller.Headers = cfg.Headers
	courier := bot.NewCourier(db, s.outbox, s.platforms, cfg.Bot, log)
	courier.Limits = db
	return &newsroom{
		store:     db,
		poller:    poller,
		desk:      story.NewDesk(s.stories, db, nil, log),
		courier:   courier,
		clerk:     commands.NewDesk(db, poller, s.platforms, log),
		platforms: s.platforms,
		health:    s.health,
		log:       log,
	}, nil
}

// withNewsroom opens the store, puts the program together, runs work and closes the store again.
func withNewsroom(ctx context.Context, cfg *config.Config, clock func() time.Time,
	stdout io.Writer, log *slog.Logger, work func(*newsroom) error) (err error) {
	db, err := openStore(ctx, cfg, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	health := new(web.Health)
	on, err := platforms(cfg, stdout, health, log)
	if err != nil {
		return err
	}
	room, err := assemble(cfg, db, seams{db, db, db, on, health}, log)
	if err != nil {
		return err
	}
	return work(room)
}

// platforms lists the platforms that are on.
func platforms(cfg *config.Config, stdout io.Writer, health *web.Health,
	log *slog.Logger) (on []bot.Platform, err error) {
	if cfg.Console.Enabled {
		on = append(on, console.New(stdout, cfg.Console, lookOf(stdout)))
	}
	if len(cfg.Slack.Missing()) == 0 {
		p, err := slack.New(cfg.Slack, health, log)
		if err != nil {
			return nil, err
		}
		on = append(on, p)
	}
	if len(cfg.Discord.Missing()) == 0 {
		p, err := discord.New(cfg.Discord, commands.Table(), health, log)
		if err != nil {
			return nil, err
		}
		on = append(on, p)
	}
	return on, nil
}

// lookOf says how text for people looks there.
func lookOf(w io.Writer) (look console.Options) {
	if file, ok := w.(*os.File); ok {
		look = console.Terminal(file)
	}
	return look
}

// roster is what the config asks the store to hold, each feed with its own schedule.
func roster(cfg *config.Config) store.Roster {
	r := store.Roster{
		Watches: cfg.Watches, Aliases: cfg.Aliases, Subscriptions: cfg.Subscriptions,
	}
	for _, source := range cfg.Feeds {
		if source.Schedule == "" {
			source.Schedule = cfg.Poll.Schedule
		}
		if source.Zone == "" {
			source.Zone = cfg.Poll.Zone
		}
		r.Feeds = append(r.Feeds, source)
	}
	return r
}

// welcome says what is new to a channel.
func welcome(a store.Addition) bot.Notice {
	names := make([]string, len(a.Feeds))
	for i, source := range a.Feeds {
		names[i] = feeds.Feed{Source: source}.Label()
	}
	return bot.Welcome(a.Watches, names)
}

// serve runs the stages side by side until ctx ends; what is in hand then is finished.
func (r *newsroom) serve(ctx context.Context, cfg *config.Config, progress *progress) error {
	items, stories := newNudge(), newNudge()
	r.poller.Saved = items.give
	r.poller.Polled = func(p feeds.Poll) {
		r.health.Beat("poll", r.store.Now(), nil)
		progress.polled(p)
	}
	r.courier.Settled = func(bot.Delivery) { r.health.Beat("deliver", r.store.Now(), nil) }
	sift := func(ctx context.Context) (int, error) {
		n, err := r.desk.Sift(ctx)
		if n > 0 {
			stories.give()
		}
		return n, err
	}
	stages, ctx := errgroup.WithContext(ctx)
	stages.Go(func() error { return r.every(ctx, "poll", newNudge(), r.poller.Poll) })
	stages.Go(func() error { return r.every(ctx, "sift", items, sift) })
	stages.Go(func() error { return r.every(ctx, "deliver", stories, r.courier.Deliver) })
	stages.Go(func() error { return r.prune(ctx, cfg.Store.Keep) })
	stages.Go(func() error { return r.tellTroubles(ctx) })
	for _, p := range r.platforms {
		stages.Go(func() error { return r.answer(ctx, p) })
	}
	stages.Go(func() error {
		site := web.Handler(r.health, r.store.Now, r.hooks()...)
		return web.Serve(ctx, cfg.Web.Listen, site, r.log)
	})
	return stages.Wait()
}

// answer answers people on a platform. One that refuses our token is no reason to stop: the news goes
// on being gathered, and what is owed to the platform waits.
func (r *newsroom) answer(ctx context.Context, p bot.Platform) error {
	if err := p.Serve(ctx, r.clerk); err != nil && ctx.Err() == nil {
		r.log.Error("a platform cannot be heard any more", "platform", p.Name(), "err", err)
	}
	return nil
}

// hooks are the paths on which platforms call us.
func (r *newsroom) hooks() (hooks []web.Hook) {
	for _, p := range r.platforms {
		if called, ok := p.(bot.Webhook); ok {
			if path, handler := called.Webhook(r.clerk); path != "" {
				hooks = append(hooks, web.Hook{Path: path, Handler: handler})
			}
		}
	}
	return hooks
}

// every runs a stage's pass, again and again, until ctx ends. A pass that fails because the store
// does is tried again: the store may come back.
func (r *newsroom) every(ctx context.Context, stage string, n nudge,
	pass func(context.Context) (int, error)) error {
	r.health.Expect(stage, r.store.Now())
	for ctx.Err() == nil {
		_, err := pass(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			r.log.Error("a pass failed", "stage", stage, "err", err)
		}
		r.health.Beat(stage, r.store.Now(), err)
		n.wait(ctx, beat)
	}
	return nil
}

// prune deletes old items once an hour.
func (r *newsroom) prune(ctx context.Context, keep time.Duration) error {
	for ctx.Err() == nil {
		if n, err := r.store.Prune(ctx, keep); err != nil && ctx.Err() == nil {
			r.log.Error("pruning failed", "err", err)
		} else if n > 0 {
			r.log.Info("old items pruned", "items", n)
		}
		newNudge().wait(ctx, pruneEvery)
	}
	return nil
}

// tellTroubles tells channels once an hour of feeds that broke or are back. The first time is an hour
// after the start: after a downtime of ours the feeds are to be asked first.
func (r *newsroom) tellTroubles(ctx context.Context) error {
	for newNudge().wait(ctx, troublesEvery); ctx.Err() == nil; newNudge().wait(ctx, troublesEvery) {
		if n, err := r.store.TellTroubles(ctx, bot.JudgeFeed); err != nil && ctx.Err() == nil {
			r.log.Error("telling of feeds in trouble failed", "err", err)
		} else if n > 0 {
			r.log.Info("channels were told of feeds", "channels", n)
		}
	}
	return nil
}

// nudge wakes a stage before its time. It is a hint: one that is lost costs a [beat].
type nudge chan struct{}

func newNudge() nudge { return make(nudge, 1) }

func (n nudge) give() {
	select {
	case n <- struct{}{}:
	default:
	}
}

// wait returns after a rest, a nudge or the end of ctx.
func (n nudge) wait(ctx context.Context, rest time.Duration) {
	timer := time.NewTimer(rest)
	defer timer.Stop()
	select {
	case <-n:
	case <-timer.C:
	case <-ctx.Done():
	}
}
