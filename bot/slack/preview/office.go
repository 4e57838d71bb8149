package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// office is the program with a wall in the place of Slack: its stages and its command core, over a
// store of its own, by a clock that we turn. It stops at the first thing that goes wrong.
type office struct {
	ctx     context.Context
	db      *store.DB
	desk    *commands.Desk
	sifter  *story.Desk
	courier *bot.Courier
	wall    wall
	time    time.Time
	calls   int
	err     error
}

// openOffice opens an office that keeps its store in dir.
func openOffice(ctx context.Context, dir string, opens time.Time) *office {
	o := &office{ctx: ctx, time: opens}
	clock := func() time.Time { return o.time }
	o.wall.now = clock
	o.db, o.err = store.Open(ctx, "sqlite:"+filepath.Join(dir, "preview.db"), clock)
	if o.err != nil {
		return o
	}
	log, on := slog.New(slog.DiscardHandler), []bot.Platform{&o.wall}
	o.desk = commands.NewDesk(o.db, noWeb{}, on, log)
	o.sifter = story.NewDesk(weighing{o.db}, o.db, nil, log)
	o.courier = bot.NewCourier(o.db, o.db, on, bot.DefaultSettings(), log)
	return o
}

func (o *office) close() error {
	if o.db == nil {
		return o.err
	}
	return errors.Join(o.err, o.db.Close())
}

// fail keeps the first error, for close.
func (o *office) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// asks is what somebody types in a channel, and the answer.
func (o *office) asks(c bot.Channel, text string) bot.Message {
	return o.call(bot.Call{Channel: c, Text: text}).Message
}

func (o *office) call(c bot.Call) bot.Reply {
	if o.err != nil {
		return bot.Reply{}
	}
	o.calls++
	c.ID, c.Caller = strconv.Itoa(o.calls), amal
	return o.desk.Do(o.ctx, c)
}

// read makes one pass of all stages: the feeds bring these reports, and what follows is told.
func (o *office) read(at time.Time, brought []report) {
	if o.err != nil {
		return
	}
	o.time = at
	due, err := o.db.Due(o.ctx, 100)
	o.fail(err)
	for _, f := range due {
		var items []feeds.Item
		for _, r := range brought {
			if s := sourceOf(f.URL); slices.Contains(strings.Fields(r.by), s.id) {
				items = append(items, r.item(f, s, at))
			}
		}
		f.State = sourceOf(f.URL).state(at, len(items) > 0, f.State)
		_, err := o.db.Save(o.ctx, f, items)
		o.fail(err)
	}
	_, err = o.sifter.Sift(o.ctx)
	o.fail(err)
	_, err = o.courier.Deliver(o.ctx)
	o.fail(err)
}

// wall is a platform: what is posted hangs there.
type wall struct {
	now   func() time.Time
	mu    sync.Mutex
	posts []note
}

// note is a message in a channel. Edited in place, it stays where it was.
type note struct {
	channel bot.Channel
	receipt bot.Receipt
	at      time.Time
	bot.Message
}

func (w *wall) Name() string { return "slack" }

func (w *wall) Serve(context.Context, bot.Handler) error { return nil }

func (w *wall) Post(_ context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := bot.Receipt{ID: strconv.Itoa(len(w.posts))}
	w.posts = append(w.posts, note{c, r, w.now(), m})
	return r, nil
}

func (w *wall) Edit(_ context.Context, _ bot.Channel, r bot.Receipt, m bot.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.posts {
		if w.posts[i].receipt == r {
			w.posts[i].Message = m
		}
	}
	return nil
}

// find is the post of a kind in a channel that tells of something.
func (o *office) find(c bot.Channel, k bot.Kind, of string) note {
	for _, p := range o.wall.posts {
		if p.channel == c && p.Kind == k && (p.Title == of || len(p.Cards) > 0 && strings.Contains(p.Cards[0].Headline.String(), of)) {
			return p
		}
	}
	o.fail(fmt.Errorf("no %s of %q was posted in %s", k, of, c))
	return note{}
}

// weighing files stories as severe as their reports say that they are: the desk does not weigh any
// yet.
type weighing struct{ *store.DB }

func (w weighing) File(ctx context.Context, batch []story.Filing) error {
	for _, f := range batch {
		if f.Story != nil {
			f.Story.Severity = weight(f.Item)
		}
	}
	return w.DB.File(ctx, batch)
}

// noWeb is a world in which no other feed is found.
type noWeb struct{}

func (noWeb) Find(context.Context, feeds.Feed) (feeds.Feed, syndication.Document, error) {
	return feeds.Feed{}, syndication.Document{}, errors.New("there is no web here")
}
