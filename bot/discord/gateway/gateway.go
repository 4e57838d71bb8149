// Package gateway hears from Discord through its gateway, and comes back when it is sent away.
//
// [Shard.Run] keeps one connection. When it ends the session is resumed where Discord has it, and
// begun anew where it has not; events that came meanwhile are told after a RESUME, maybe some of
// them twice. A connection that says nothing, or answers no heartbeat, is replaced within two
// intervals. Only what Discord will not change its mind about ends a Run.
//
// This is not discordgo's connection, which blocks for ever when Discord is silent after HELLO,
// notices a dead one after minutes, resumes at the wrong address, begins a new session on a socket
// that is to be closed, waits without jitter, and knocks for ever with a token that is refused.
package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/retry"
)

// Event is something that happened: its name, as Discord writes it, and its data.
type Event struct {
	Name string
	Data json.RawMessage
}

// Shard is a connection for some of the guilds.
type Shard struct {
	// Open asks Discord for the address. Its error has a meaning, see [api.Meaning].
	Open func(context.Context) (address string, err error)

	Token   string
	Intents int
	ID, Of  int

	// Take is called for each event, one at a time. It must not block.
	Take func(Event)

	// Changed, if set, hears that the connection stands (an empty reason) or why there is none.
	Changed func(reason string)

	Turns *Turns // shared by the shards of a bot; if nil, there is only this one
	Log   *slog.Logger

	// Wait waits before a connection is opened again; if nil, for the time given.
	Wait func(ctx context.Context, pause time.Duration)

	session session
}

// session is what Discord keeps for us between two connections.
type session struct {
	id, address string
	seq         int64
	failures    int // resumes in a row that came to nothing
}

const (
	// greeting is how long HELLO, and what answers IDENTIFY or RESUME, may take.
	greeting = 4 * time.Second

	handshake  = 10 * time.Second
	writing    = 5 * time.Second
	maxFrame   = 64 << 20 // a large guild is told of in one frame
	shortLived = 10 * time.Second
	mostPause  = 2 * time.Minute

	// resumes is how often a session is tried before a new one is begun.
	resumes = 2

	// betweenSessions is how long Discord wants between two of a bot's new sessions, and a little:
	// it looks at when they arrive.
	betweenSessions = 5500 * time.Millisecond
)

// closeAgain is a code that keeps the session: 1000 and 1001 would end it.
const closeAgain = 4900

// refusals are the codes after which there is no coming back, and what to do.
var refusals = map[int]string{
	4004: "the token is not valid (4004): reset it in the application's page (Bot, Reset Token) and " +
		"put the new one into [discord]",
	4010: "the shard does not exist (4010): leave shards out of [discord], or set it to 0",
	4011: "the bot is in too many servers for so few connections (4011): raise shards in [discord], " +
		"or set it to 0",
	4012: "Discord does not speak this version of the gateway any more (4012): update tensionwatch",
	4013: "Discord does not know what we asked to hear of (4013): update tensionwatch",
	4014: "Discord does not let us hear what we asked for (4014): update tensionwatch",
}

// forgets are the codes after which Discord has no session to resume.
var forgets = map[int]bool{4003: true, 4005: true, 4007: true, 4009: true}

// Turns lets a bot's sessions begin one after the other.
type Turns struct {
	mu   sync.Mutex
	next time.Time
}

// take returns how long to wait for a turn.
func (t *Turns) take() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	wait := max(t.next.Sub(now), 0)
	t.next = now.Add(wait + betweenSessions)
	return wait
}

// Run keeps the connection until ctx ends; the error is nil then. Otherwise it is an *[api.Refused].
func (s *Shard) Run(ctx context.Context) error {
	if s.Turns == nil {
		s.Turns = new(Turns)
	}
	for failures := 0; ctx.Err() == nil; {
		begun := time.Now()
		err := s.once(ctx)
		var refused *api.Refused
		if errors.As(err, &refused) {
			return refused
		}
		if ctx.Err() != nil {
			break
		}
		if failures++; time.Since(begun) >= shortLived || errors.Is(err, errReconnect) {
			failures = 0
		}
		if failures > 1 { // one alone is nothing to tell anybody of
			s.changed("no connection to the gateway: " + err.Error())
		}
		pause := pauseAfter(failures, err)
		s.Log.Warn("the connection to Discord ended", "shard", s.ID, "err", err, "again", pause)
		s.wait(ctx, pause)
	}
	return nil
}

// pauseAfter is how long to wait before another try, and not before Discord wants it.
func pauseAfter(failures int, err error) time.Duration {
	if errors.Is(err, errInvalid) {
		return time.Second + rand.N(4*time.Second) // as Discord asks
	}
	return retry.Pause(failures, mostPause, err)
}

func (s *Shard) wait(ctx context.Context, pause time.Duration) {
	if s.Wait != nil {
		s.Wait(ctx, pause)
		return
	}
	retry.Sleep(ctx, pause)
}

func (s *Shard) changed(reason string) {
	if s.Changed != nil {
		s.Changed(reason)
	}
}

// once opens a connection and reads it until it ends.
func (s *Shard) once(ctx context.Context) error {
	l, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	err = s.converse(ctx, l)
	if ctx.Err() != nil {
		l.bye(websocket.CloseNormalClosure)
		return nil
	}
	err = s.judge(err)
	l.bye(closeAgain)
	return err
}

// judge says what the end of a connection means for the session.
func (s *Shard) judge(err error) error {
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &closed) && refusals[closed.Code] != "":
		return &api.Refused{Reason: refusals[closed.Code]}
	case errors.As(err, &closed) && forgets[closed.Code]:
		s.session = session{}
	case errors.Is(err, errForgotten):
		s.session = session{}
	case errors.Is(err, errNotGreeted) && s.session.id != "":
		if s.session.failures++; s.session.failures >= resumes {
			s.session = session{}
		}
	}
	return err
}
