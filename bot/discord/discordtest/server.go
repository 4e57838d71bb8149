// Package discordtest is a Discord for tests: it refuses what Discord refuses. It serves the REST API
// and the gateway on the loopback, sends a bot what people do in a guild, keeps what they would see,
// and fails as it is told. It shares no code with the bot, so that a misunderstanding in one is not
// confirmed by the other.
package discordtest

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Options tell how a [Server] differs from Discord. The zero value is as strict as Discord.
type Options struct {
	Listen        string           // the address; if empty, a free port of the loopback
	Now           func() time.Time // the clock of ages and rates; if nil, time.Now
	Rates         Rates            // if zero, Discord's
	AckTimeout    time.Duration    // how long the first answer is waited for; if zero, 3 s
	NonceWindow   time.Duration    // how long a nonce is remembered; if zero, 3 min
	Heartbeat     time.Duration    // the interval that HELLO asks for; if zero, 41.25 s
	Shards        int              // that /gateway/bot advises; if zero, 1
	Identifies    int              // at once in 5 s (max_concurrency); if zero, 1
	Intents       int              // the privileged intents that are switched on
	UserInstalled bool             // whether people use global commands where the bot is not
	Strict        bool             // whether a second IDENTIFY on a socket is an error even after op 9
	Seed          uint64           // what faults with a chance are drawn from
	BotName       string           // if empty, tensionwatch
}

// Server is one Discord with one application, whose bot is in any number of guilds. Its methods may be
// called from several goroutines at once.
type Server struct {
	opts  Options
	http  *http.Server
	addr  string
	key   ed25519.PrivateKey
	ended chan struct{} // closed by Close
	t     testing.TB

	mu         sync.Mutex
	changed    chan struct{} // closed and made anew whenever something happened
	lastID     uint64        // ids never go back, whatever the clock does
	chance     *rand.Rand
	appID      string
	botID      string
	token      int // how often the token was reset
	guilds     map[string]*Guild
	guildKeys  map[string]*Guild // by what the test calls them
	guildOrder []*Guild
	channels   map[string]*Channel
	users      map[string]*Member // by id; somebody in two guilds is two people
	commands   []*command
	created    map[string][]time.Time // commands, by guild or "" for global ones
	sessions   map[string]*session
	sockets    []*Socket
	identified []time.Time
	gwFaults   []*gatewayFault
	deliveries map[string]*Delivery // by token
	requestURL string
	signing    Signing
	novel      bool                // whether messages are shown with a component that nobody knows
	nonces     map[string]*Message // of the bot
	faults     []*fault
	calls      []Call
	buckets    map[string]*bucket
	global     bucket
	provoked   int
	invalid    []time.Time
	slowest    time.Duration // first answer
	story      []line
}

// New starts a Discord that is as strict as the real one, and ends with the test. What only a careless
// test does, such as a click on what is not there, fails the test.
func New(t testing.TB) *Server {
	t.Helper()
	return NewWith(t, Options{})
}

// NewWith starts a Discord like [New] that differs from the real one.
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

// Start starts a Discord that ends when it is closed, for use outside of a test.
func Start(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Listen = or(o.Listen, "127.0.0.1:0")
	o.AckTimeout = or(o.AckTimeout, 3*time.Second)
	o.NonceWindow = or(o.NonceWindow, 3*time.Minute)
	o.Heartbeat = or(o.Heartbeat, 41250*time.Millisecond)
	o.Shards = or(o.Shards, 1)
	o.Identifies = or(o.Identifies, 1)
	o.BotName = or(o.BotName, "tensionwatch")
	o.Rates = o.Rates.orDiscords()
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("starting a fake Discord: %w", err)
	}
	s := &Server{
		opts: o, addr: l.Addr().String(), ended: make(chan struct{}), changed: make(chan struct{}),
		chance: rand.New(rand.NewPCG(o.Seed, o.Seed)),
		key:    ed25519.NewKeyFromSeed([]byte("tensionwatch tests sign with it!")),
		guilds: make(map[string]*Guild), guildKeys: make(map[string]*Guild),
		channels: make(map[string]*Channel), users: make(map[string]*Member),
		created: make(map[string][]time.Time), sessions: make(map[string]*session),
		deliveries: make(map[string]*Delivery), nonces: make(map[string]*Message), buckets: make(map[string]*bucket),
	}
	s.appID = s.id()
	s.botID = s.appID // a new application and its bot have one id
	mux := http.NewServeMux()
	api := s.routes()
	mux.Handle("/api/v10/", http.StripPrefix("/api/v10", api))
	mux.Handle("/api/v9/", http.StripPrefix("/api/v9", api))
	mux.HandleFunc("/gw", s.serveGateway)
	mux.HandleFunc("/gw/", s.serveGateway)
	mux.HandleFunc("/", s.notFound)
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

// APIURL returns the address of the REST API, without a slash at its end.
func (s *Server) APIURL() string { return s.URL() + "/api/v10" }

// GatewayURL returns the address of the gateway, as /gateway answers it.
func (s *Server) GatewayURL() string { return "ws://" + s.addr + "/gw" }

// ResumeURL returns the address where sessions are resumed, as READY answers it.
func (s *Server) ResumeURL() string { return "ws://" + s.addr + "/gw/resume" }

// AppID returns the id of the application.
func (s *Server) AppID() string { return s.appID }

// BotUser returns the user id of the bot.
func (s *Server) BotUser() string { return s.botID }

// PublicKey returns the key, in hexadecimal, that requests to the bot are verified with.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// Token returns the token of the bot, without "Bot " before it.
func (s *Server) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.botToken()
}

func (s *Server) botToken() string { return fmt.Sprintf("MTIz.secret%d.of-the-bot", s.token) }

// ResetToken gives the bot another token: the old one is refused, and its sockets are closed with
// 4004.
func (s *Server) ResetToken() {
	s.mu.Lock()
	s.token++
	s.sessions = make(map[string]*session)
	s.mu.Unlock()
	for _, k := range s.Sockets() {
		k.Close(4004)
	}
}

// Wait blocks until cond holds, and fails the test when it does not within ten seconds. It asks again
// whenever something happened here.
func (s *Server) Wait(t testing.TB, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !s.WaitContext(ctx, cond) {
		t.Fatalf("waited in vain for %s; so far:\n%s", what, s.Transcript())
	}
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

const epoch = 1420070400000 // the first second of 2015, in milliseconds

// id returns a new snowflake, which is greater than all before it. The lock is held.
func (s *Server) id() string {
	now := uint64(max(s.opts.Now().UnixMilli()-epoch, 0)) << 22
	s.lastID = max(now, s.lastID+1)
	return strconv.FormatUint(s.lastID, 10)
}

// stamp is a time as Discord writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// botName is what the bot is called in a transcript.
func (s *Server) botName() string { return s.opts.BotName }

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
