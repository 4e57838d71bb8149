package gateway_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
	"github.com/tensionwatch/tensionwatch/bot/discord/gateway"
)

// listen runs a shard until the test ends.
func listen(t *testing.T, s *discordtest.Server, shard *gateway.Shard) (events func(name string) int) {
	var mu sync.Mutex
	seen := make(map[string]int)
	shard.Open = func(context.Context) (string, error) { return s.GatewayURL(), nil }
	shard.Token, shard.Intents, shard.Log = s.Token(), 1, slog.New(slog.DiscardHandler)
	shard.Take = func(e gateway.Event) {
		mu.Lock()
		defer mu.Unlock()
		seen[e.Name]++
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- shard.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return func(name string) int {
		mu.Lock()
		defer mu.Unlock()
		return seen[name]
	}
}

// until waits for what the shard sees: that changes without Discord's noticing.
func until(t *testing.T, s *discordtest.Server, what string, cond func() bool) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < 10*time.Second; {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		met := s.WaitContext(ctx, cond)
		cancel()
		if met {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// TestShards asserts that two shards hear of a server once between them.
func TestShards(t *testing.T) {
	s := discordtest.NewWith(t, discordtest.Options{Shards: 2, Strict: true, Identifies: 2})
	s.Guild("G1", "Desk")
	s.Guild("G2", "Night")
	first := listen(t, s, &gateway.Shard{ID: 0, Of: 2, Turns: new(gateway.Turns)})
	second := listen(t, s, &gateway.Shard{ID: 1, Of: 2, Turns: new(gateway.Turns)})
	until(t, s, "both servers", func() bool {
		return first("READY") == 1 && second("READY") == 1 && first("GUILD_CREATE")+second("GUILD_CREATE") == 2
	})
}

// TestMissed asserts that what happened while nobody listened is told after a resume.
func TestMissed(t *testing.T) {
	s := discordtest.New(t)
	g := s.Guild("G1", "Desk")
	c := g.Channel("news")
	gate := make(chan struct{})
	events := listen(t, s, &gateway.Shard{Of: 1, Wait: func(ctx context.Context, _ time.Duration) {
		select {
		case <-gate:
		case <-ctx.Done():
		}
	}})
	s.WaitListening(t)
	s.Sockets()[0].Drop()
	s.Wait(t, "nobody to listen", func() bool { return s.Listening() == 0 })
	c.Rename("world")
	close(gate)
	until(t, s, "what was missed", func() bool { return events("CHANNEL_UPDATE") == 1 && events("RESUMED") == 1 })
	if k := s.Sockets()[0]; !k.Resuming() {
		t.Error("it was resumed at another address than Discord gave")
	}
}

// TestHeartbeatOnDemand asserts that a heartbeat which is asked for comes at once.
func TestHeartbeatOnDemand(t *testing.T) {
	s := discordtest.New(t)
	listen(t, s, &gateway.Shard{Of: 1})
	s.WaitListening(t)
	k := s.Sockets()[0]
	before := k.Heartbeats()
	k.RequestHeartbeat()
	s.Wait(t, "a heartbeat", func() bool { return k.Heartbeats() > before })
}
