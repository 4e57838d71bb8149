package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/tensionwatch/tensionwatch/bot/retry"
)

// The operations of the gateway.
const (
	opEvent     = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opBeaten    = 11
)

var (
	errReconnect  = errors.New("we are asked to connect again")
	errInvalid    = errors.New("we are asked to begin again")
	errForgotten  = fmt.Errorf("%w: the session is gone", errInvalid)
	errNotGreeted = errors.New("nothing was said")
	errZombie     = errors.New("no heartbeat was answered")
)

// frame is what goes over the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s,omitempty"`
	Name string          `json:"t,omitempty"`
}

// link is one connection.
type link struct {
	conn *websocket.Conn
	end  func() bool // stops watching the context

	writing sync.Mutex // gorilla allows one writer
	seq     atomic.Int64
	unheard atomic.Bool // a heartbeat has not been answered yet
	zombie  atomic.Bool
}

// dial opens a connection, where the session is if there is one. It ends with ctx.
func (s *Shard) dial(ctx context.Context) (*link, error) {
	address := s.session.address
	if address == "" {
		if wait := s.Turns.take(); wait > 0 {
			retry.Sleep(ctx, wait)
		}
		var err error
		if address, err = s.Open(ctx); err != nil {
			return nil, fmt.Errorf("asking for the gateway: %w", err)
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("asking for the gateway: its address cannot be read")
	}
	u.RawQuery = "v=10&encoding=json"
	if !strings.HasSuffix(u.Path, "/") && u.Path == "" {
		u.Path = "/"
	}
	// No proxy is taken from the environment.
	dialer := &websocket.Dialer{HandshakeTimeout: handshake}
	conn, resp, err := dialer.DialContext(ctx, u.String(), nil)
	if err != nil {
		s.session.address = "" // where it was, there is nobody; elsewhere it may be resumed
		return nil, fmt.Errorf("connecting to the gateway: %w", err)
	}
	_ = resp.Body.Close()
	conn.SetReadLimit(maxFrame)
	l := &link{conn: conn}
	l.end = context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })
	return l, nil
}

// close ends a connection.
func (l *link) close() {
	l.end()
	_ = l.conn.Close()
}

// bye says why we go.
func (l *link) bye(code int) {
	message := websocket.FormatCloseMessage(code, "")
	_ = l.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
}

// read returns the next frame, if one comes in time.
func (l *link) read(ctx context.Context, within time.Duration) (f frame, err error) {
	if err := l.conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		return f, err
	}
	switch { // either may have happened just before the deadline was set
	case ctx.Err() != nil:
		return f, ctx.Err()
	case l.zombie.Load():
		return f, errNotGreeted
	}
	err = l.conn.ReadJSON(&f)
	var timeout interface{ Timeout() bool }
	switch {
	case err == nil:
	case l.zombie.Load(), errors.As(err, &timeout) && timeout.Timeout():
		return f, errNotGreeted
	default:
		return f, fmt.Errorf("reading from the gateway: %w", err)
	}
	if f.Seq != nil {
		l.seq.Store(*f.Seq)
	}
	return f, nil
}

func (l *link) write(op int, data any) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(writing)); err != nil {
		return err
	}
	return l.conn.WriteJSON(struct {
		Op   int `json:"op"`
		Data any `json:"d"`
	}{op, data})
}

// converse greets Discord and hands over what it tells until the connection ends.
func (s *Shard) converse(ctx context.Context, l *link) error {
	hello, err := l.read(ctx, greeting)
	if err != nil {
		return fmt.Errorf("waiting for HELLO: %w", err)
	}
	var said struct {
		Interval int `json:"heartbeat_interval"`
	}
	if hello.Op != opHello || json.Unmarshal(hello.Data, &said) != nil || said.Interval <= 0 {
		return errors.New("it did not begin with HELLO")
	}
	interval := time.Duration(said.Interval) * time.Millisecond
	if err := s.greet(l); err != nil {
		return err
	}
	var beats sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	defer beats.Wait()
	defer stop()
	beats.Go(func() { l.beat(ctx, interval) })
	return s.listen(ctx, l, interval)
}

// greet resumes the session, or begins one.
func (s *Shard) greet(l *link) error {
	if s.session.id != "" {
		l.seq.Store(s.session.seq)
		return l.write(opResume, map[string]any{
			"token": s.Token, "session_id": s.session.id, "seq": s.session.seq,
		})
	}
	identity := map[string]any{
		"token": s.Token, "intents": s.Intents,
		"properties": map[string]string{"os": "linux", "browser": "tensionwatch", "device": "tensionwatch"},
	}
	if s.Of > 1 {
		identity["shard"] = [2]int{s.ID, s.Of}
	}
	return l.write(opIdentify, identity)
}

// listen reads until the connection ends. Until it is greeted it waits for a short time only.
func (s *Shard) listen(ctx context.Context, l *link, interval time.Duration) error {
	greeted := false
	deadline := time.Now().Add(greeting)
	for {
		within := 2 * interval
		if !greeted {
			within = max(time.Until(deadline), 0)
		}
		f, err := l.read(ctx, within)
		if err != nil {
			if greeted && errors.Is(err, errNotGreeted) {
				return errZombie
			}
			return err
		}
		switch f.Op {
		case opHeartbeat:
			_ = l.write(opHeartbeat, l.last()) // a failure shows when reading
		case opBeaten:
			l.unheard.Store(false)
		case opReconnect:
			return errReconnect
		case opInvalid:
			if string(f.Data) != "true" {
				return errForgotten
			}
			return errInvalid
		case opEvent:
			greeted = s.event(f) || greeted
		}
	}
}

// event hands an event over, and reports whether it says that the session stands.
func (s *Shard) event(f frame) (stands bool) {
	switch f.Name {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
			Address string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(f.Data, &ready); err == nil {
			s.session = session{id: ready.Session, address: ready.Address}
		}
		stands = true
	case "RESUMED":
		s.session.failures = 0
		stands = true
	}
	if f.Seq != nil {
		s.session.seq = *f.Seq
	}
	if stands {
		s.changed("")
	}
	s.Take(Event{f.Name, f.Data})
	return stands
}

// last is the number of the last event, or nothing.
func (l *link) last() any {
	if seq := l.seq.Load(); seq > 0 {
		return seq
	}
	return nil
}

// beat sends heartbeats, the first after a part of the interval. When one was not answered until the
// next is due, nobody hears us: the connection ends.
func (l *link) beat(ctx context.Context, interval time.Duration) {
	for pause := rand.N(interval); ; pause = interval {
		retry.Sleep(ctx, pause)
		if ctx.Err() != nil {
			return
		}
		if l.unheard.Swap(true) {
			l.zombie.Store(true)
			_ = l.conn.SetReadDeadline(time.Now())
			return
		}
		if err := l.write(opHeartbeat, l.last()); err != nil {
			l.zombie.Store(true)
			_ = l.conn.SetReadDeadline(time.Now())
			return
		}
	}
}
