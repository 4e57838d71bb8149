// Package socket hears from Slack through its Socket Mode, without a gap.
//
// [Sockets.Run] keeps two connections, so that one is there while the other is replaced; a
// connection that Slack is about to close is read until its successor stands. What comes is handed
// over as [Envelope], maybe more than once, and is acknowledged on whichever connection is there.
//
// This is not slack-go's client, which hides why Slack disconnects, reconnects at once however
// often it is sent away, waits without jitter, and takes a proxy from the environment.
package socket

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/tensionwatch/tensionwatch/bot/retry"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
)

// Envelope is a frame of Slack's.
type Envelope struct {
	Type         string          `json:"type"` // "events_api", "slash_commands", "interactive"
	ID           string          `json:"envelope_id"`
	Payload      json.RawMessage `json:"payload"`
	RetryAttempt int             `json:"retry_attempt"`
	Reason       string          `json:"reason"` // of a "disconnect"
}

// Sockets are the connections of one app.
type Sockets struct {
	// Open asks Slack for the address of a new connection. Its error has a meaning, see
	// [api.Meaning]; after an *[api.Refused] no more is asked.
	Open func(context.Context) (address string, err error)

	// Take is called for each envelope, one at a time for each connection. It must not block.
	Take func(Envelope)

	// Changed, if set, hears that a connection stands (an empty reason) or why there is none.
	Changed func(reason string)

	Silence time.Duration // a connection on which nothing comes for so long is replaced
	Log     *slog.Logger

	// Wait waits before a connection is opened again; if nil, for the time given.
	Wait func(ctx context.Context, pause time.Duration)

	mu    sync.Mutex
	live  []*link  // the newest last
	spool [][]byte // acknowledgements that found no connection
}

const (
	connections = 2

	shortLived = 10 * time.Second // a connection that ends earlier counts as a failure
	mostPause  = 5 * time.Minute
	crowded    = 10 * time.Minute // until a second connection is tried again after too many

	handshake = 15 * time.Second
	writing   = 5 * time.Second
	ackTime   = 3 * time.Second // Slack waits no longer for an acknowledgement
	maxFrame  = 4 << 20
	maxSpool  = 100
	// MaxAck is the size from which on Slack drops an acknowledgement without a word.
	MaxAck = 20 * 1024
)

// Why a connection ended, where we do something about it.
const (
	reasonWarning  = "warning"
	reasonRefresh  = "refresh_requested"
	reasonDisabled = "link_disabled"
	reasonCrowded  = "too_many_websockets"
)

// ErrTooLarge says that an acknowledgement is one that Slack would drop.
var ErrTooLarge = errors.New("an acknowledgement is too large")

// Run keeps the connections until ctx ends; the error is nil then. It returns early only when our
// token is refused. Everything it began has ended when it returns.
func (s *Sockets) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for n := range connections {
		all.Go(func() {
			if err := s.keep(ctx, n, &all); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	var refused *api.Refused
	if err := context.Cause(ctx); errors.As(err, &refused) {
		return err
	}
	return nil
}

// keep replaces one connection whenever it ends. The second one is the spare.
func (s *Sockets) keep(ctx context.Context, n int, all *sync.WaitGroup) error {
	for failures := 0; ctx.Err() == nil; {
		begun := time.Now()
		reason, err := s.once(ctx, all)
		var refused *api.Refused
		if errors.As(err, &refused) {
			return err
		}
		if err == nil && time.Since(begun) >= shortLived {
			failures = 0 // it was a good one: the next may be opened at once
		} else {
			failures++
		}
		pause := retry.Pause(failures, mostPause, err)
		if reason == reasonCrowded && n > 0 {
			pause = retry.Jitter(crowded)
		}
		if err != nil || reason != reasonRefresh && reason != reasonWarning {
			s.Log.Warn("a socket to Slack ended", "reason", reason, "err", err, "again", pause)
		}
		s.wait(ctx, pause)
	}
	return nil
}

// once opens a connection and reads it until it is to be replaced. One that Slack will close itself
// is read on beside its successor.
func (s *Sockets) once(ctx context.Context, all *sync.WaitGroup) (reason string, err error) {
	l, err := s.dial(ctx)
	if err != nil {
		if !s.standing() && ctx.Err() == nil {
			s.changed("no socket can be opened: " + err.Error())
		}
		return "", err
	}
	reason, err = s.read(l)
	if reason == reasonWarning || reason == reasonRefresh {
		s.retire(l)
		all.Go(func() {
			defer s.close(l)
			_, _ = s.read(l)
		})
		return reason, nil
	}
	s.close(l)
	if reason == reasonDisabled {
		s.changed("Socket Mode is off: turn it on in the app's settings")
	}
	return reason, err
}

func (s *Sockets) wait(ctx context.Context, pause time.Duration) {
	if s.Wait != nil {
		s.Wait(ctx, pause)
		return
	}
	retry.Sleep(ctx, pause)
}

func (s *Sockets) changed(reason string) {
	if s.Changed != nil {
		s.Changed(reason)
	}
}

// Ack acknowledges an envelope, with an answer where one is allowed. Without a connection it waits
// for the next.
func (s *Sockets) Ack(id string, answer any) error {
	frame, err := json.Marshal(struct {
		ID     string `json:"envelope_id"`
		Answer any    `json:"payload,omitempty"`
	}{id, answer})
	if err != nil {
		return err
	}
	if len(frame) >= MaxAck {
		return ErrTooLarge
	}
	s.send(frame)
	return nil
}

// send writes a frame on the newest connection that takes it.
func (s *Sockets) send(frame []byte) {
	s.mu.Lock()
	live := slices.Clone(s.live)
	s.mu.Unlock()
	for _, l := range slices.Backward(live) {
		if l.write(frame) == nil {
			return // should it be lost after all, close sends it again
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.spool) == maxSpool {
		s.spool = s.spool[1:]
	}
	s.spool = append(s.spool, frame)
}

// standing reports whether there is a connection.
func (s *Sockets) standing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.live) > 0
}

// welcome takes a connection into use.
func (s *Sockets) welcome(l *link) {
	s.mu.Lock()
	s.live = append(s.live, l)
	spool := s.spool
	s.spool = nil
	s.mu.Unlock()
	s.changed("")
	for _, frame := range spool {
		s.send(frame)
	}
}

// retire has a connection read for a while only, and keeps acknowledgements off it unless there is
// no other.
func (s *Sockets) retire(l *link) {
	l.last = time.Now().Add(s.Silence)
	s.alive(l)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = slices.DeleteFunc(s.live, func(other *link) bool { return other == l })
	s.live = append([]*link{l}, s.live...)
}

// close ends a connection. What it may have taken along is acknowledged again: twice does no harm.
func (s *Sockets) close(l *link) {
	s.mu.Lock()
	s.live = slices.DeleteFunc(s.live, func(other *link) bool { return other == l })
	s.mu.Unlock()
	l.end()
	_ = l.conn.Close()
	for _, frame := range l.unsure() {
		s.send(frame)
	}
}

// dialer takes no proxy from the environment. Slack does not put fragments together again, so a
// whole acknowledgement has to fit into the buffer.
func dialer() *websocket.Dialer {
	return &websocket.Dialer{HandshakeTimeout: handshake, WriteBufferSize: MaxAck + 1024}
}
