package discordtest

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// identify begins a session, and returns the code to close the socket with, or 0.
func (k *Socket) identify(raw json.RawMessage) int {
	var d struct {
		Token      string         `json:"token"`
		Intents    *int           `json:"intents"`
		Shard      *[2]int        `json:"shard"`
		Properties map[string]any `json:"properties"`
	}
	s := k.s
	if json.Unmarshal(raw, &d) != nil || d.Properties == nil || d.Intents == nil {
		return 4002
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.gatewayFaultOf(refuseIdentify); f != nil {
		return f.code
	}
	n := &session{id: s.id(), intents: *d.Intents, shard: [2]int{0, 1}, socket: k}
	if d.Shard != nil {
		n.shard = *d.Shard
	}
	if code := k.refuses(d.Token, n); code != 0 {
		return code
	}
	if len(s.identifiedSince(identifySpan)) >= s.opts.Identifies {
		k.invalid = true
		k.send(frame{Op: opInvalid, Data: false})
		return 0
	}
	if len(s.identifiedSince(24*time.Hour)) >= maxIdentifies {
		s.token++ // and whoever owns the bot gets a letter
		s.sessions = make(map[string]*session)
		return 4004
	}
	s.identified = append(s.identified, s.opts.Now())
	s.sessions[n.id], k.session = n, n
	if s.gatewayFaultOf(LostReady) != nil {
		n.socket = nil // it is kept, and never sent
		k.silent = true
	}
	n.ready(s)
	n.socket = k
	s.happened()
	return 0
}

// maxIdentifies is how many sessions may begin in a day; then the token is reset.
const maxIdentifies = 1000

// refuses returns the code that an IDENTIFY is refused with, or 0. The lock is held.
func (k *Socket) refuses(token string, n *session) int {
	s := k.s
	switch {
	case k.session != nil, k.invalid && s.opts.Strict:
		return 4005
	case token != s.botToken() && token != "Bot "+s.botToken():
		return 4004
	case n.intents < 0 || n.intents > allIntents:
		return 4013
	case n.intents&privileged&^s.opts.Intents != 0:
		return 4014
	case n.shard[1] < 1 || n.shard[0] < 0 || n.shard[0] >= n.shard[1]:
		return 4010
	case n.shard[1] < s.opts.Shards && s.opts.Strict:
		return 4011
	}
	return 0
}

// ready tells a session that it began, and what guilds there are. The lock is held.
func (n *session) ready(s *Server) {
	away := []any{}
	for _, g := range s.guildOrder {
		if g.member && n.hears(g) {
			away = append(away, result{"id": g.ID, "unavailable": true})
		}
	}
	n.tell("READY", result{
		"v": 10, "user": s.botJSON(), "guilds": away, "session_id": n.id, "resume_gateway_url": s.ResumeURL(),
		"shard": n.shard, "application": result{"id": s.appID, "flags": 0}, "private_channels": []any{},
		"session_type": "normal", "relationships": []any{}, "presences": []any{}, "user_settings": result{},
	})
	if n.intents&intentGuilds == 0 {
		return
	}
	for _, g := range s.guildOrder {
		if g.member && n.hears(g) {
			n.tell("GUILD_CREATE", g.created())
		}
	}
}

// identifiedSince returns when sessions began not longer ago than that. The lock is held.
func (s *Server) identifiedSince(ago time.Duration) []time.Time {
	now := s.opts.Now()
	return slices.DeleteFunc(slices.Clone(s.identified), func(at time.Time) bool { return now.Sub(at) >= ago })
}

// resumes goes on with a session, and returns the code to close the socket with, or 0.
func (k *Socket) resumes(raw json.RawMessage) int {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     *int   `json:"seq"`
	}
	if json.Unmarshal(raw, &d) != nil || d.Seq == nil {
		return 4002
	}
	s := k.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.gatewayFaultOf(refuseResume); f != nil {
		return f.code
	}
	n := s.sessions[d.Session]
	switch {
	case k.session != nil:
		return 4005
	case d.Token != s.botToken() && d.Token != "Bot "+s.botToken():
		return 4004
	case n == nil:
		k.invalid = true
		k.send(frame{Op: opInvalid, Data: false})
		return 0
	case *d.Seq > n.seq:
		return 4007
	}
	if n.socket != nil {
		n.socket.session = nil
	}
	n.socket, k.session = k, n
	if s.gatewayFaultOf(SilentAfterResume) != nil {
		k.silent = true
		return 0
	}
	for _, f := range n.sent {
		if *f.Seq > *d.Seq {
			k.send(f)
		}
	}
	n.tell("RESUMED", result{"_trace": []string{"fake"}})
	s.happened()
	return 0
}

// GatewayFault is what goes wrong when the bot connects to the gateway.
type GatewayFault struct {
	kind int
	code int
}

type gatewayFault struct {
	GatewayFault
	left int
}

const (
	silentBeforeHello = iota + 1
	silentAfterHello
	silentAfterResume
	lostReady
	refuseIdentify
	refuseResume
)

// SilentBeforeHello accepts a connection and never says a word.
const SilentBeforeHello = silentBeforeHello

// SilentAfterHello says nothing after HELLO.
const SilentAfterHello = silentAfterHello

// SilentAfterResume says nothing after a RESUME, which is done.
const SilentAfterResume = silentAfterResume

// LostReady begins a session and never tells that it did.
const LostReady = lostReady

// FailGateway makes the next connections fail in one of the ways [SilentBeforeHello], [SilentAfterHello],
// [SilentAfterResume] or [LostReady], as often as times says; a negative number is for ever.
func (s *Server) FailGateway(how, times int) { s.failGateway(GatewayFault{kind: how}, times) }

// RefuseIdentify answers the next attempts to begin a session with a close code: 4004, 4013 and so on.
func (s *Server) RefuseIdentify(code, times int) {
	s.failGateway(GatewayFault{refuseIdentify, code}, times)
}

// RefuseResume answers the next attempts to resume a session with a close code: 4007, 4009 and so on.
func (s *Server) RefuseResume(code, times int) {
	s.failGateway(GatewayFault{refuseResume, code}, times)
}

func (s *Server) failGateway(f GatewayFault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gwFaults = append(s.gwFaults, &gatewayFault{f, times})
}

// gatewayFaultOf returns the fault of a kind that comes next, if any, and uses it up. The lock is held.
func (s *Server) gatewayFaultOf(kind int) *gatewayFault {
	for _, f := range s.gwFaults {
		if f.kind == kind && f.left != 0 {
			f.left--
			return f
		}
	}
	return nil
}

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
	_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, closeReason(code)), time.Now().Add(time.Second))
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
