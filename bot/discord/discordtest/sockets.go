package discordtest

import (
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Sockets returns the connections to the gateway, the oldest first, those included that have no session.
func (s *Server) Sockets() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sockets)
}

// Listening returns how many connections have a session, and so hear of what people do.
func (s *Server) Listening() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		if k.session != nil && !k.silent {
			n++
		}
	}
	return n
}

// WaitListening blocks until a connection has a session.
func (s *Server) WaitListening(t testing.TB) {
	t.Helper()
	s.Wait(t, "a connection to the gateway", func() bool { return s.Listening() > 0 })
}

// Identified returns how many sessions began in the last day.
func (s *Server) Identified() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.identifiedSince(24 * time.Hour))
}

// ForgetSessions makes all sessions such that cannot be resumed. Their sockets stay.
func (s *Server) ForgetSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = make(map[string]*session)
}

// Resuming returns whether the connection was opened at the address for resuming.
func (k *Socket) Resuming() bool { return k.resume }

// Heartbeats returns how many heartbeats came.
func (k *Socket) Heartbeats() int {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.heartbeats
}

// ClosedWith returns the code that the client closed the connection with, or 0.
func (k *Socket) ClosedWith() int {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.code
}

// Intents returns the intents that the bot asked for, or -1 before it did.
func (k *Socket) Intents() int {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	if k.session == nil {
		return -1
	}
	return k.session.intents
}

// RequestHeartbeat asks for a heartbeat at once.
func (k *Socket) RequestHeartbeat() { k.write(frame{Op: opHeartbeat}) }

// Reconnect asks the bot to connect anew and resume. The connection stays open until the bot closes it.
func (k *Socket) Reconnect() { k.write(frame{Op: opReconnect}) }

// InvalidSession tells the bot that its session is none. One that is not resumable ends.
func (k *Socket) InvalidSession(resumable bool) {
	k.s.mu.Lock()
	if n := k.session; n != nil {
		if !resumable {
			delete(k.s.sessions, n.id)
		}
		n.socket, k.session = nil, nil
	}
	k.invalid = !resumable
	k.s.mu.Unlock()
	k.write(frame{Op: opInvalid, Data: resumable})
}

// Silence makes the connection say nothing any more, while it stays open. Dispatches are kept until the
// session is resumed.
func (k *Socket) Silence() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.silent = true
}

// Deafen makes the connection acknowledge no heartbeats, while dispatches still come: a zombie.
func (k *Socket) Deafen() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.deaf = true
}

// Close closes the connection with a code. After 4004, 4007, 4009 and 4010 to 4014 its session cannot be
// resumed.
func (k *Socket) Close(code int) {
	k.s.mu.Lock()
	if k.session != nil && (code == 4004 || code == 4007 || code == 4009 || code >= 4010) {
		delete(k.s.sessions, k.session.id)
	}
	k.s.mu.Unlock()
	k.writing.Lock()
	said := websocket.FormatCloseMessage(code, closeReason(code))
	_ = k.conn.WriteControl(websocket.CloseMessage, said, time.Now().Add(time.Second))
	k.writing.Unlock()
	k.Drop()
}

// closeReason is what stands beside a close code.
func closeReason(code int) string {
	return map[int]string{
		4000: "Unknown error.", 4001: "Unknown opcode.", 4002: "Error while decoding payload.",
		4003: "Not authenticated.", 4004: "Authentication failed.", 4005: "Already authenticated.",
		4007: "Invalid `seq`.", 4008: "Rate limited.", 4009: "Session timed out.", 4010: "Invalid shard.",
		4011: "Sharding required.", 4012: "Invalid API version.", 4013: "Invalid intent(s).",
		4014: "Disallowed intent(s).",
	}[code]
}

// Drop ends the connection without a word. Its session can be resumed.
func (k *Socket) Drop() {
	_ = k.conn.Close()
	s := k.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.closed {
		return
	}
	k.closed = true
	if k.session != nil && k.session.socket == k {
		k.session.socket = nil
	}
	s.sockets = slices.DeleteFunc(s.sockets, func(other *Socket) bool { return other == k })
	s.happened()
}
