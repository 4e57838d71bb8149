package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The opcodes of the gateway.
const (
	opDispatch   = 0
	opHeartbeat  = 1
	opIdentify   = 2
	opResume     = 6
	opReconnect  = 7
	opInvalid    = 9
	opHello      = 10
	opACK        = 11
	maxFrame     = 4096
	maxFrames    = 120
	framesWindow = time.Minute
	identifySpan = 5 * time.Second
)

// The intents that matter here. Interactions come whatever is asked for.
const (
	intentGuilds    = 1 << 0
	intentMembers   = 1 << 1
	intentPresences = 1 << 8
	intentMessages  = 1 << 9
	intentDirect    = 1 << 12
	intentContent   = 1 << 15
	allIntents      = 1<<26 - 1
	privileged      = intentMembers | intentPresences | intentContent
)

// session is what a socket listens to. It outlives the socket, until it is resumed on another.
type session struct {
	id      string
	seq     int
	sent    []frame // dispatches, for those that were missed
	intents int
	shard   [2]int
	socket  *Socket // nil while nobody listens
}

// frame is what goes over the gateway.
type frame struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int   `json:"s"`
	Type string `json:"t,omitempty"`
}

// Socket is a connection of the bot to the gateway.
type Socket struct {
	s       *Server
	conn    *websocket.Conn
	resume  bool // whether it was opened at the address for resuming
	writing sync.Mutex

	session    *session // under the server's lock, like what follows
	silent     bool
	deaf       bool // heartbeats are not acknowledged
	closed     bool
	invalid    bool // it was told that its session is none
	heartbeats int
	frames     []time.Time
	code       int         // that the client closed it with
	late       *time.Timer // runs out when no heartbeat comes
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("compress") != "" || (q.Get("encoding") != "" && q.Get("encoding") != "json") {
		http.Error(w, "this Discord speaks plain JSON only", http.StatusNotImplemented)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // the client was told
	}
	k := &Socket{s: s, conn: conn, resume: r.URL.Path == "/gw/resume" || r.URL.Path == "/gw/resume/"}
	s.mu.Lock()
	s.sockets = append(s.sockets, k)
	quiet := s.gatewayFaultOf(SilentBeforeHello) != nil
	s.mu.Unlock()
	if v := q.Get("v"); v != "10" && v != "9" {
		k.Close(4012)
		return
	}
	if quiet {
		k.Silence()
	}
	k.late = time.AfterFunc(s.patience(), func() { k.Close(4000) })
	defer k.late.Stop()
	k.write(frame{Op: opHello, Data: result{
		"heartbeat_interval": s.opts.Heartbeat.Milliseconds(), "_trace": []string{"fake"},
	}})
	s.mu.Lock()
	k.silent = k.silent || s.gatewayFaultOf(SilentAfterHello) != nil
	s.happened()
	s.mu.Unlock()
	k.read()
}

// read takes frames until the connection ends.
func (k *Socket) read() {
	defer k.Drop()
	for {
		_, text, err := k.conn.ReadMessage()
		if err != nil {
			k.left(err)
			return
		}
		if k.isSilent() {
			continue
		}
		if code := k.take(text); code != 0 {
			k.Close(code)
			return
		}
	}
}

// left notes how the client closed the socket. With 1000 and 1001 its session ends.
func (k *Socket) left(err error) {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	closed, ok := err.(*websocket.CloseError)
	if !ok || k.closed {
		return
	}
	k.code = closed.Code
	if k.session != nil && websocket.IsCloseError(err, 1000, 1001) {
		delete(k.s.sessions, k.session.id)
	}
}

// take does what a frame asks for, and returns the code to close the socket with, or 0.
func (k *Socket) take(text []byte) int {
	if len(text) > maxFrame {
		return 4002
	}
	var f struct {
		Op   *int            `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	if json.Unmarshal(text, &f) != nil || f.Op == nil {
		return 4002
	}
	if k.tooMany() {
		return 4008
	}
	switch *f.Op {
	case opHeartbeat:
		k.beat()
		return 0
	case opIdentify:
		return k.identify(f.Data)
	case opResume:
		return k.resumes(f.Data)
	case 3, 4, 8, 31: // presence, voice, members, sounds: allowed, and nothing comes of them
		if !k.listening() {
			return 4003
		}
		return 0
	}
	return 4001
}

// tooMany returns whether the client sent more than it may.
func (k *Socket) tooMany() bool {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	now := k.s.opts.Now()
	k.frames = slices.DeleteFunc(k.frames, func(at time.Time) bool { return now.Sub(at) >= framesWindow })
	k.frames = append(k.frames, now)
	return len(k.frames) > maxFrames
}

// patience is how long a heartbeat is waited for, by the real clock.
func (s *Server) patience() time.Duration {
	return s.opts.Heartbeat + max(s.opts.Heartbeat/2, time.Second)
}

func (k *Socket) beat() {
	k.late.Reset(k.s.patience())
	k.s.mu.Lock()
	k.heartbeats++
	deaf := k.deaf
	k.s.happened()
	k.s.mu.Unlock()
	if !deaf {
		k.write(frame{Op: opACK})
	}
}

func (k *Socket) listening() bool {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.session != nil
}

func (k *Socket) isSilent() bool {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.silent
}

// write sends a frame, unless the socket is silent. A failure shows when reading.
func (k *Socket) write(f frame) {
	if !k.isSilent() {
		k.send(f)
	}
}

// send sends a frame whatever the socket is.
func (k *Socket) send(f frame) {
	k.writing.Lock()
	defer k.writing.Unlock()
	_ = k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = k.conn.WriteJSON(f)
}

// dispatch tells of something in a guild those who listen to it; a nil guild is a direct conversation. The
// lock is held.
func (s *Server) dispatch(g *Guild, intent int, event string, data any) {
	if g != nil && !g.member && event != "GUILD_DELETE" {
		return
	}
	for _, n := range s.sessions {
		if n.intents&intent != 0 && n.hears(g) {
			n.tell(event, data)
		}
	}
}

// hears returns whether a guild belongs to the shard of the session.
func (n *session) hears(g *Guild) bool {
	if g == nil {
		return n.shard[0] == 0
	}
	return (number(g.ID)>>22)%uint64(max(n.shard[1], 1)) == uint64(n.shard[0])
}

// tell sends an event to a session, and keeps it until it is resumed. The lock is held.
func (n *session) tell(event string, data any) {
	n.seq++
	seq := n.seq
	f := frame{Op: opDispatch, Data: raw(data), Seq: &seq, Type: event}
	n.sent = append(n.sent, f)
	if n.socket != nil && !n.socket.silent {
		n.socket.send(f)
	}
}

// dispatchInteraction tells the bot what somebody did. Without a session nobody hears of it. The lock is
// held.
func (s *Server) dispatchInteraction(d *Delivery) {
	for _, n := range s.sessions {
		if n.hears(d.channel.guild) {
			n.tell("INTERACTION_CREATE", json.RawMessage(d.payload))
		}
	}
}

// dispatchMessage tells of a message. The lock is held.
func (s *Server) dispatchMessage(event string, m *Message) {
	intent, r := intentMessages, m.json()
	if m.ch.guild == nil {
		intent = intentDirect
	} else {
		r["guild_id"] = m.ch.guild.ID
	}
	s.dispatch(m.ch.guild, intent, event, r)
}
