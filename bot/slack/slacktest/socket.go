package slacktest

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxSockets = 10
	maxAnswer  = 20480 // bytes of an acknowledgement; a longer one is dropped without a word
	host       = "applink-test"
)

// Socket is a connection of the app.
type Socket struct {
	s    *Server
	conn *websocket.Conn

	writing sync.Mutex // gorilla allows one writer

	silent bool // under the server's lock, like what follows
	closed bool
	told   bool // that it will be closed: no envelopes come any more
}

// envelope is a frame of the server.
type envelope struct {
	ID      string          `json:"envelope_id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
	Accepts bool            `json:"accepts_response_payload"`
	Attempt *int            `json:"retry_attempt,omitempty"`
	Reason  *string         `json:"retry_reason,omitempty"`
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	fresh := s.tickets[ticket]
	s.tickets[ticket] = false
	s.mu.Unlock()
	if !fresh {
		http.Error(w, "this ticket is used or was never given", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // the client was told
	}
	k := &Socket{s: s, conn: conn}
	s.mu.Lock()
	n := len(s.live()) + 1
	if n <= maxSockets {
		s.sockets = append(s.sockets, k)
	}
	s.mu.Unlock()
	if n > maxSockets {
		k.Disconnect("too_many_websockets")
		return
	}
	k.write(map[string]any{
		"type": "hello", "num_connections": n,
		"debug_info":      map[string]any{"host": host, "build_number": 1, "approximate_connection_time": 18060},
		"connection_info": map[string]any{"app_id": s.AppID()},
	})
	s.mu.Lock()
	waiting := s.waiting
	s.waiting = nil
	s.happened()
	s.mu.Unlock()
	go k.ping()
	for _, d := range waiting {
		s.send(d, "")
	}
	k.read()
}

// read takes acknowledgements until the connection ends.
func (k *Socket) read() {
	pong := k.conn.PingHandler()
	k.conn.SetPingHandler(func(data string) error {
		if k.isSilent() {
			return nil
		}
		return pong(data)
	})
	for {
		_, frame, err := k.conn.ReadMessage()
		if err != nil {
			k.Drop()
			return
		}
		if !k.isSilent() {
			k.s.acknowledge(frame)
		}
	}
}

func (k *Socket) isSilent() bool {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	return k.silent
}

func (k *Socket) ping() {
	tick := time.NewTicker(k.s.opts.Ping)
	defer tick.Stop()
	for {
		select {
		case <-k.s.ended:
			return
		case <-tick.C:
		}
		k.s.mu.Lock()
		closed, silent := k.closed, k.silent
		k.s.mu.Unlock()
		if closed {
			return
		}
		if !silent {
			_ = k.conn.WriteControl(websocket.PingMessage, []byte("Ping from "+host), time.Now().Add(time.Second))
		}
	}
}

// write sends a frame, unless the socket is silent. A failure shows when reading.
func (k *Socket) write(v any) {
	if k.isSilent() {
		return
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	_ = k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = k.conn.WriteJSON(v)
}

// Disconnect tells the app that the socket will be closed, and why: warning, refresh_requested,
// link_disabled or too_many_websockets. After a warning the socket stays open until somebody closes
// it; after any other reason it is closed at once.
func (k *Socket) Disconnect(reason string) {
	k.s.mu.Lock()
	k.told = true
	k.s.mu.Unlock()
	k.write(map[string]any{
		"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": host},
	})
	if reason == "warning" {
		return
	}
	k.writing.Lock()
	_ = k.conn.WriteControl(websocket.CloseMessage,
		websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	k.writing.Unlock()
	k.Drop()
}

// Silence makes the socket answer and ping no more, while it stays open. Envelopes that are sent on
// it are lost.
func (k *Socket) Silence() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.silent = true
}

// Drop ends the connection without a word. Events that were not acknowledged go to another socket.
func (k *Socket) Drop() {
	_ = k.conn.Close()
	s := k.s
	s.mu.Lock()
	if k.closed {
		s.mu.Unlock()
		return
	}
	k.closed = true
	s.sockets = slices.DeleteFunc(s.sockets, func(other *Socket) bool { return other == k })
	var lost []*Delivery
	for _, d := range s.pending {
		if d.on == k && d.event {
			lost = append(lost, d)
		}
	}
	s.happened()
	s.mu.Unlock()
	for _, d := range lost {
		s.send(d, "timeout")
	}
}

// live returns the sockets that envelopes go to. The lock is held.
func (s *Server) live() (live []*Socket) {
	for _, k := range s.sockets {
		if !k.closed && !k.told {
			live = append(live, k)
		}
	}
	return live
}

// Sockets returns the connections of the app that envelopes go to, the oldest first.
func (s *Server) Sockets() []*Socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live()
}

// Disconnect tells the app that all its sockets will be closed; see [Socket.Disconnect]. After
// link_disabled it can open no other until [Server.EnableLink].
func (s *Server) Disconnect(reason string) {
	if reason == "link_disabled" {
		s.mu.Lock()
		s.disabled = true
		s.mu.Unlock()
	}
	for _, k := range s.Sockets() {
		k.Disconnect(reason)
	}
}

// EnableLink lets the app open sockets again.
func (s *Server) EnableLink() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disabled = false
}

// acknowledge notes that an envelope was acknowledged. On which socket does not matter.
func (s *Server) acknowledge(frame []byte) {
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if len(frame) >= maxAnswer || json.Unmarshal(frame, &ack) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.pending[ack.ID]
	if d == nil {
		return
	}
	s.finish(d, ack.Payload, "")
}
