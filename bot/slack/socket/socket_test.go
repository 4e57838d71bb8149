package socket_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/slack/api"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
	"github.com/tensionwatch/tensionwatch/bot/slack/socket"
)

// fixture is the connections to a fake Slack, which run until the test ends.
type fixture struct {
	*socket.Sockets
	slack *slacktest.Server
	ended chan error

	mu      sync.Mutex
	take    func(socket.Envelope)
	reasons []string
	pauses  []time.Duration
}

func start(t *testing.T, o slacktest.Options, silence time.Duration) *fixture {
	t.Helper()
	o.Rates.Off = true
	server, err := slacktest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	f := &fixture{slack: server, ended: make(chan error, 1)}
	c := api.NewClient(api.NewHTTPClient(), "", server.AppToken(), server.APIURL())
	f.take = func(e socket.Envelope) { _ = f.Ack(e.ID, nil) }
	f.Sockets = &socket.Sockets{
		Open: func(ctx context.Context) (string, error) {
			_, address, err := c.StartSocketModeContext(ctx)
			return address, api.Meaning(err)
		},
		Take:    func(e socket.Envelope) { f.locked(func() { f.take(e) }) },
		Changed: func(why string) { f.locked(func() { f.reasons = append(f.reasons, why) }) },
		Silence: silence,
		Log:     slog.New(slog.DiscardHandler),
		Wait: func(ctx context.Context, pause time.Duration) {
			f.locked(func() { f.pauses = append(f.pauses, pause) })
			if pause > 5*time.Minute {
				<-ctx.Done()
			}
		},
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { f.ended <- f.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-f.ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return f
}

func (f *fixture) locked(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
}

// stands waits until there are so many connections, none of which is among the old ones.
func (f *fixture) stands(t *testing.T, n int, old ...*slacktest.Socket) []*slacktest.Socket {
	t.Helper()
	f.slack.Wait(t, "sockets", func() bool {
		live := f.slack.Sockets()
		for _, k := range live {
			for _, o := range old {
				if k == o {
					return false
				}
			}
		}
		return len(live) == n
	})
	return f.slack.Sockets()
}

// Whatever the reason, what people do afterwards arrives.
func TestDisconnects(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "link_disabled", "no_such_reason"} {
		t.Run(reason, func(t *testing.T) {
			f := start(t, slacktest.Options{}, time.Minute)
			ws := f.slack.Workspace("T1")
			old := f.stands(t, 2)
			f.slack.Disconnect(reason)
			f.slack.EnableLink()
			f.stands(t, 2, old...)
			if d := ws.User("U1", "Anna").Types(ws.Channel("C1", "news"), "/tension list"); !d.Acked() {
				t.Errorf("not acknowledged: %s", d.Failure())
			}
		})
	}
}

// A disabled link is told, and told to be over.
func TestLinkDisabled(t *testing.T) {
	f := start(t, slacktest.Options{}, time.Minute)
	f.stands(t, 2)
	f.slack.Disconnect("link_disabled")
	f.slack.Wait(t, "tries", func() bool {
		told := 0
		f.locked(func() {
			for _, why := range f.reasons {
				if strings.Contains(why, "turn it on") {
					told++
				}
			}
		})
		return told > 1 && len(f.slack.Calls("apps.connections.open")) > 4
	})
	f.slack.EnableLink()
	f.stands(t, 2)
}

// While one connection is replaced the other takes what comes.
func TestNoGap(t *testing.T) {
	f := start(t, slacktest.Options{}, time.Minute)
	ws := f.slack.Workspace("T1")
	anna, news := ws.User("U1", "Anna"), ws.Channel("C1", "news")
	for range 6 {
		live := f.stands(t, 2)
		live[0].Disconnect("refresh_requested")
		if d := anna.Types(news, "/tension list"); !d.Acked() {
			t.Fatalf("not acknowledged: %s", d.Failure())
		}
	}
}

// Too many sockets: one is enough, and nobody is asked again and again.
func TestTooMany(t *testing.T) {
	f := start(t, slacktest.Options{}, time.Minute)
	f.stands(t, 2)
	f.slack.Disconnect("too_many_websockets")
	f.slack.Wait(t, "a long pause and one socket", func() (ok bool) {
		long := 0
		f.locked(func() {
			for _, pause := range f.pauses {
				if pause > 5*time.Minute {
					long++
				}
			}
		})
		return long == 1 && len(f.slack.Sockets()) == 1
	})
}

// A connection that says nothing is replaced; one that pings is not.
func TestSilence(t *testing.T) {
	f := start(t, slacktest.Options{Ping: 50 * time.Millisecond}, 500*time.Millisecond)
	old := f.stands(t, 2)
	old[0].Silence()
	f.slack.Wait(t, "another socket", func() bool {
		return len(f.slack.Calls("apps.connections.open")) == 3
	})
	for _, k := range f.slack.Sockets() {
		if k == old[1] {
			return
		}
	}
	t.Error("the good socket was replaced too")
}

// An acknowledgement that comes late goes out on the next connection.
func TestLateAck(t *testing.T) {
	f := start(t, slacktest.Options{}, time.Minute)
	came := make(chan string, 1)
	f.locked(func() { f.take = func(e socket.Envelope) { came <- e.ID } })
	ws := f.slack.Workspace("T1")
	old := f.stands(t, 2)
	acked := make(chan bool)
	go func() { acked <- ws.User("U1", "Anna").Types(ws.Channel("C1", "news"), "/tension").Acked() }()
	id := <-came
	for _, k := range old {
		k.Drop()
	}
	if err := f.Ack(id, nil); err != nil {
		t.Fatal(err)
	}
	if !<-acked {
		t.Error("not acknowledged")
	}
}

func TestLargeAck(t *testing.T) {
	f := start(t, slacktest.Options{}, time.Minute)
	large := map[string]string{"text": strings.Repeat("x", socket.MaxAck)}
	if err := f.Ack("e", large); !errors.Is(err, socket.ErrTooLarge) {
		t.Errorf("%v, want ErrTooLarge", err)
	}
}

// A token that is refused is not tried again.
func TestRefused(t *testing.T) {
	server := slacktest.New(t)
	c := api.NewClient(api.NewHTTPClient(), "", "xapp-wrong", server.APIURL())
	s := &socket.Sockets{
		Open: func(ctx context.Context) (string, error) {
			_, address, err := c.StartSocketModeContext(ctx)
			return address, api.Meaning(err)
		},
		Silence: time.Minute, Log: slog.New(slog.DiscardHandler),
	}
	var refused *api.Refused
	if err := s.Run(t.Context()); !errors.As(err, &refused) || refused.Code != "invalid_auth" {
		t.Errorf("%v, want invalid_auth", err)
	}
	if n := len(server.Calls("apps.connections.open")); n > 2 {
		t.Errorf("asked %d times", n)
	}
}
