package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// link is one connection.
type link struct {
	conn *websocket.Conn
	end  func() bool // stops watching the context
	last time.Time   // it is not read on beyond this; zero: for as long as it is good

	writing sync.Mutex // gorilla allows one writer
	sent    []sentFrame
}

// sentFrame is an acknowledgement that was written a moment ago.
type sentFrame struct {
	at   time.Time
	data []byte
}

// dial opens a connection and waits until Slack greets on it. It ends with ctx.
func (s *Sockets) dial(ctx context.Context) (*link, error) {
	address, err := s.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening a socket: %w", err)
	}
	// Slack's own clients send this; it has no meaning.
	origin := http.Header{"Origin": {"https://api.slack.com"}}
	conn, resp, err := dialer().DialContext(ctx, address, origin)
	if err != nil {
		return nil, fmt.Errorf("opening a socket: %w", withoutAddress(err))
	}
	_ = resp.Body.Close()
	conn.SetReadLimit(maxFrame)
	l := &link{conn: conn}
	l.end = context.AfterFunc(ctx, func() { _ = conn.Close() })
	conn.SetPingHandler(func(data string) error {
		s.alive(l)
		return l.pong(data)
	})
	s.alive(l)
	return l, nil
}

// withoutAddress is the error without the address, which lets anybody in.
func withoutAddress(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// alive notes that something came: the connection is good for a while again.
func (s *Sockets) alive(l *link) {
	until := time.Now().Add(s.Silence)
	if !l.last.IsZero() && until.After(l.last) {
		until = l.last
	}
	_ = l.conn.SetReadDeadline(until)
}

// read hands over what comes until the connection ends, or Slack says that it will and why.
func (s *Sockets) read(l *link) (reason string, err error) {
	for {
		_, frame, err := l.conn.ReadMessage()
		if err != nil {
			return "", fmt.Errorf("reading from a socket: %w", err)
		}
		s.alive(l)
		var e Envelope
		if err := json.Unmarshal(frame, &e); err != nil {
			s.Log.Warn("Slack sent what is not JSON", "bytes", len(frame))
			continue
		}
		switch {
		case e.Type == "hello":
			s.welcome(l)
		case e.Type == "disconnect":
			return e.Reason, nil
		case e.ID != "":
			s.Take(e)
		}
	}
}

func (l *link) write(frame []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(writing)); err != nil {
		return err
	}
	now := time.Now()
	l.sent = slices.DeleteFunc(l.sent, func(f sentFrame) bool { return now.Sub(f.at) > ackTime })
	l.sent = append(l.sent, sentFrame{now, frame})
	return l.conn.WriteMessage(websocket.TextMessage, frame)
}

// unsure returns what was written so shortly before the end that it may not have arrived.
func (l *link) unsure() (frames [][]byte) {
	l.writing.Lock()
	defer l.writing.Unlock()
	for _, f := range l.sent {
		if time.Since(f.at) <= ackTime {
			frames = append(frames, f.data)
		}
	}
	l.sent = nil
	return frames
}

// pong answers a ping; gorilla lets that be written beside anything else.
func (l *link) pong(data string) error {
	err := l.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writing))
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return nil // the next ping will tell
	}
	return err
}
