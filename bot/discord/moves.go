package discord

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/gateway"
	"github.com/tensionwatch/tensionwatch/bot/discord/places"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
	"github.com/tensionwatch/tensionwatch/bot/retry"
)

// hereTime is how long it is believed that the bot is where somebody used it.
const hereTime = time.Hour

// moves are where the bot cannot be any more, or can again, on their way to the handler. Of what is
// said of one channel only the latest matters.
type moves struct {
	places *places.Map

	mu    sync.Mutex
	queue []bot.Move
	wake  chan struct{}
	pause func(ctx context.Context, d time.Duration)
}

func newMoves() *moves {
	return &moves{places: places.New(), wake: make(chan struct{}, 1), pause: retry.Sleep}
}

// add puts moves at the end of the queue.
func (m *moves) add(all ...bot.Move) {
	if len(all) == 0 {
		return
	}
	m.mu.Lock()
	for _, one := range all {
		m.queue = slices.DeleteFunc(m.queue, func(old bot.Move) bool { return old.Channel == one.Channel })
		m.queue = append(m.queue, one)
	}
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// next takes the first of the queue.
func (m *moves) next() (one bot.Move, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return one, false
	}
	one, m.queue = m.queue[0], m.queue[1:]
	return one, true
}

// back returns one that the handler could not keep, unless something newer is known.
func (m *moves) back(one bot.Move) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, other := range m.queue {
		if other.Channel == one.Channel {
			return
		}
	}
	m.queue = slices.Insert(m.queue, 0, one)
}

// happened takes an event about places.
func (p *Platform) happened(e gateway.Event) {
	found, err := p.moves.places.Take(e.Name, e.Data)
	if err != nil {
		p.log.Warn("discord told what cannot be read", "event", e.Name, "err", err)
	}
	var all []bot.Move
	for _, f := range found {
		all = append(all, bot.Move{Channel: bot.Channel(name + ":" + f.Channel), Away: f.Away, Name: f.Name})
	}
	p.moves.add(all...)
}

// arrived takes notice that the bot can post where somebody used it. Over HTTP nothing else tells.
func (p *Platform) arrived(v visit.Visit) {
	if v.Guild != "" && v.MayPost && !p.seen.Again("here "+v.Channel, hereTime) {
		p.moves.add(bot.Move{Channel: bot.Channel(name + ":" + v.Channel), Name: v.ChannelName})
	}
}

// keepMoves hands moves to the handler until ctx ends, each until the handler has it.
func (p *Platform) keepMoves(ctx context.Context, h bot.Handler) {
	presence, ok := h.(bot.Presence)
	if !ok {
		return
	}
	m, pause := p.moves, time.Second
	for ctx.Err() == nil {
		one, some := m.next()
		if !some {
			select {
			case <-m.wake:
			case <-ctx.Done():
			}
			continue
		}
		if err := p.move(ctx, presence, one); err != nil && ctx.Err() == nil {
			m.back(one)
			p.log.Warn("an event must wait", "channel", one.Channel, "err", err)
			m.pause(ctx, retry.Jitter(pause))
			pause = min(2*pause, time.Minute)
			continue
		}
		pause = time.Second
	}
}

// move hands one to the handler.
func (p *Platform) move(ctx context.Context, presence bot.Presence, one bot.Move) error {
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	return presence.Moved(ctx, one)
}
