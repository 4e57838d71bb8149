// Package slacktest is a Slack for tests: it refuses what Slack refuses. It serves the Web API, the
// socket and the response URLs on the loopback, sends a bot what people do in a workspace, keeps what
// they would see, and fails as it is told. It shares no code with the bot, so that a misunderstanding
// in one is not confirmed by the other.
package slacktest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Options tell how a [Server] differs from Slack. The zero value is as strict as Slack.
type Options struct {
	Listen     string           // the address; if empty, a free port of the loopback
	Now        func() time.Time // the clock of ages and rates; if nil, time.Now
	Rates      Rates            // if zero, Slack's
	AckTimeout time.Duration    // how long an acknowledgement is waited for; if zero, 3 s
	Ping       time.Duration    // between two pings on a socket; if zero, 10 s
	Seed       uint64           // what faults with a chance are drawn from
	BotName    string           // if empty, tensionwatch
}

// Server is one Slack with one app, installed to any number of workspaces. Its methods may be called
// from several goroutines at once.
type Server struct {
	opts  Options
	http  *http.Server
	addr  string
	ended chan struct{} // closed by Close

	mu         sync.Mutex
	changed    chan struct{} // closed and made anew whenever something happened
	counter    int           // what ids are made of
	lastSecond int64         // timestamps never go back, whatever the clock does
	chance     *rand.Rand
	workspaces map[string]*Workspace
	tickets    map[string]bool // of sockets; true until used
	sockets    []*Socket
	turn       int  // which socket is next
	disabled   bool // whether Socket Mode is switched off
	t          testing.TB
	pending    map[string]*Delivery
	waiting    []*Delivery // events that no socket was there for
	requestURL string
	signing    Signing
	triggers   map[string]*trigger
	responses  map[string]*response
	views      map[string]*View
	faults     []*fault
	calls      []Call
	buckets    map[string]*bucket
	provoked   int
	slowest    time.Duration // acknowledgement
	story      []line
}

// New starts a Slack that is as strict as the real one, and ends with the test. What only a careless
// test does, such as a click on what is not there, fails the test.
func New(t testing.TB) *Server {
	t.Helper()
	return NewWith(t, Options{})
}

// NewWith starts a Slack like [New] that differs from the real one.
func NewWith(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	s.t = t
	t.Cleanup(s.Close)
	return s
}

// Start starts a Slack that ends when it is closed, for use outside of a test.
func Start(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Listen = or(o.Listen, "127.0.0.1:0")
	o.AckTimeout = or(o.AckTimeout, 3*time.Second)
	o.Ping = or(o.Ping, 10*time.Second)
	o.BotName = or(o.BotName, "tensionwatch")
	o.Rates = o.Rates.orSlacks()
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("starting a fake Slack: %w", err)
	}
	s := &Server{
		opts: o, addr: l.Addr().String(), ended: make(chan struct{}), changed: make(chan struct{}),
		chance:     rand.New(rand.NewPCG(o.Seed, o.Seed)),
		workspaces: make(map[string]*Workspace), tickets: make(map[string]bool),
		pending: make(map[string]*Delivery), triggers: make(map[string]*trigger),
		responses: make(map[string]*response), views: make(map[string]*View),
		buckets: make(map[string]*bucket),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/response/", s.serveResponse)
	mux.HandleFunc("/socket", s.serveSocket)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(l) }()
	return s, nil
}

// Close ends the server, its sockets, and the requests that are held.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.ended:
	default:
		close(s.ended)
	}
	sockets := append([]*Socket(nil), s.sockets...)
	s.mu.Unlock()
	for _, k := range sockets {
		k.Drop()
	}
	_ = s.http.Close()
}

// URL returns the address of the server, without a slash at its end.
func (s *Server) URL() string { return "http://" + s.addr }

// APIURL returns the address of the Web API, with a slash at its end.
func (s *Server) APIURL() string { return s.URL() + "/api/" }

// AppID returns the id of the app.
func (s *Server) AppID() string { return "A0TESTAPP" }

// AppToken returns the token that opens sockets.
func (s *Server) AppToken() string { return "xapp-1-A0TESTAPP-1-secret" }

// SigningSecret returns the secret that requests to the bot are signed with.
func (s *Server) SigningSecret() string { return "8f742231b10e8888abcd99yyyzzz85a5" }

// Wait blocks until cond holds, and fails the test when it does not within ten seconds. It asks
// again whenever something happened here.
func (s *Server) Wait(t testing.TB, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !s.WaitContext(ctx, cond) {
		t.Fatalf("waited in vain for %s; so far:\n%s", what, s.Transcript())
	}
}

// Wait blocks until the channel has n messages, and returns them.
func (c *Channel) Wait(t testing.TB, n int) []*Message {
	t.Helper()
	c.ws.s.Wait(t, fmt.Sprintf("%d messages", n), func() bool { return len(c.Messages()) >= n })
	return c.Messages()
}

// WaitEphemeral blocks until somebody has seen n messages that nobody else sees, and returns them.
func (c *Channel) WaitEphemeral(t testing.TB, u *User, n int) []*Message {
	t.Helper()
	c.ws.s.Wait(t, fmt.Sprintf("%d messages to one", n), func() bool { return len(c.Ephemeral(u)) >= n })
	return c.Ephemeral(u)
}

// WaitWindow blocks until the person sees a window, and returns it.
func (u *User) WaitWindow(t testing.TB) *View {
	t.Helper()
	u.ws.s.Wait(t, "a window", func() bool { return u.Window() != nil })
	return u.Window()
}

// WaitHome blocks until the person sees the app's Home, and returns it.
func (u *User) WaitHome(t testing.TB) *View {
	t.Helper()
	u.ws.s.Wait(t, "Home", func() bool { return u.Home() != nil })
	return u.Home()
}

// WaitContext blocks until cond holds or the context ends, and returns whether it holds.
func (s *Server) WaitContext(ctx context.Context, cond func() bool) bool {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return cond()
		}
	}
}

// happened wakes those who wait. The lock is held.
func (s *Server) happened() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// id returns a new id. The lock is held.
func (s *Server) id(prefix string) string {
	s.counter++
	return fmt.Sprintf("%s%08d", prefix, s.counter)
}

// timestamp returns a new timestamp, which is later than all before it. The lock is held.
func (s *Server) timestamp() string {
	s.counter++
	s.lastSecond = max(s.lastSecond, s.opts.Now().Unix())
	return fmt.Sprintf("%d.%06d", s.lastSecond, s.counter)
}

// botName is what the bot is called in a transcript.
func (s *Server) botName() string { return s.opts.BotName }

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
