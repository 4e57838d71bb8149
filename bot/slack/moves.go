package slack

import (
	"context"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/retry"
	"github.com/tensionwatch/tensionwatch/bot/seen"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
	"github.com/tensionwatch/tensionwatch/bot/slack/team"
	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

const maxMoves = 256

// moves are events on their way to the handler, in order. None is acknowledged before the handler has
// it: if we die meanwhile, Slack tells of it again.
type moves struct {
	queue chan visit.Visit

	mu      sync.Mutex
	waiting map[string][]func(any) // the acknowledgements of those that are in the queue
	pause   func(ctx context.Context, d time.Duration)
}

func newMoves() *moves {
	return &moves{
		queue: make(chan visit.Visit, maxMoves), waiting: make(map[string][]func(any)), pause: retry.Sleep,
	}
}

// happened takes an event.
func (p *Platform) happened(v visit.Visit, h bot.Handler, ack func(any)) {
	if _, ok := h.(bot.Presence); !ok || !v.Happened.Moves() {
		ack(nil)
		return
	}
	m := p.moves
	m.mu.Lock()
	defer m.mu.Unlock()
	if acks, inHand := m.waiting[v.Key]; inHand {
		m.waiting[v.Key] = append(acks, ack)
		return
	}
	if p.seen.Has("event " + v.Key) {
		ack(nil)
		return
	}
	select {
	case m.queue <- v:
		m.waiting[v.Key] = []func(any){ack}
	default: // Slack will tell of it again
	}
}

// keepMoves hands events to the handler until ctx ends, each until the handler has it: a later one
// may take an earlier one back.
func (p *Platform) keepMoves(ctx context.Context, h bot.Handler) {
	m := p.moves
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case v := <-m.queue:
			pause := time.Second
			for p.move(ctx, h, v) != nil && ctx.Err() == nil {
				m.pause(ctx, retry.Jitter(pause))
				pause = min(2*pause, time.Minute)
			}
			m.mu.Lock()
			acks := m.waiting[v.Key]
			delete(m.waiting, v.Key)
			done := ctx.Err() == nil
			if done {
				p.seen.Again("event "+v.Key, seen.Span)
			}
			m.mu.Unlock()
			if !done {
				return
			}
			for _, ack := range acks {
				ack(nil)
			}
			p.depart(ctx, v)
		}
	}
}

// move hands one event to the handler. The error says that it has to be handed in again.
func (p *Platform) move(ctx context.Context, h bot.Handler, v visit.Visit) error {
	presence, ok := h.(bot.Presence)
	t := p.home(ctx, v)
	if !ok || t == nil {
		return nil
	}
	e := v.Happened
	if e.Type == "member_joined_channel" || e.Type == "member_left_channel" {
		me, err := t.Me(ctx)
		if err != nil {
			p.log.Warn("an event must wait", "event", e.Type, "err", err)
			return err
		}
		if e.User != me.UserID {
			return nil
		}
	}
	move := bot.Move{
		Channel: p.channel(t, e.Channel), Every: e.Revoked() != "", Away: e.Away(), Name: e.Name,
	}
	ctx, cancel := context.WithTimeout(ctx, workTime)
	defer cancel()
	err := presence.Moved(ctx, move)
	if err != nil {
		p.log.Warn("an event must wait", "event", e.Type, "channel", move.Channel, "err", err)
	}
	return err
}

// readmitted tells the handler that a workspace takes our token. Where we are away for another
// reason, we still are.
func (p *Platform) readmitted(ctx context.Context, t *team.Team, h bot.Handler) error {
	presence, ok := h.(bot.Presence)
	if !ok {
		return nil
	}
	for _, reason := range visit.Revocations() {
		err := presence.Moved(ctx, bot.Move{Channel: p.channel(t, ""), Every: true, Was: reason})
		if err != nil {
			return err
		}
	}
	return nil
}

// depart takes notice that no token of a workspace is good any more.
func (p *Platform) depart(ctx context.Context, v visit.Visit) {
	code := v.Happened.Revoked()
	if code == "" {
		return
	}
	if t := p.home(ctx, v); t != nil {
		p.standing.hear(t, &api.Refused{Code: code})
	}
}
