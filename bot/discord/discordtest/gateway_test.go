package discordtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// begin begins a session and returns its READY.
func begin(t *testing.T, s *Server, intents int) (*wire, map[string]any) {
	t.Helper()
	w := dial(t, s.GatewayURL())
	w.want(opHello, "")
	w.write(opIdentify, identity(s, intents))
	return w, object(w.want(opDispatch, "READY").Data)
}

// wantClose reads until the connection ends with a code.
func (w *wire) wantClose(code int) {
	w.t.Helper()
	for {
		if _, got := w.next(); got != 0 {
			if got != code {
				w.t.Errorf("closed with %d, want %d", got, code)
			}
			return
		}
	}
}

// TestClosed is the row "close codes": what each of them is for.
func TestClosed(t *testing.T) {
	changed := func(name string, v any) func(*Server) map[string]any {
		return func(s *Server) map[string]any {
			d := identity(s, 0)
			d[name] = v
			return d
		}
	}
	frame := func(op int, d any) func(*wire) { return func(w *wire) { w.write(op, d) } }
	for _, row := range []struct {
		name     string
		identify func(*Server) map[string]any
		then     func(*wire)
		code     int
	}{
		{"an opcode of nothing", nil, frame(99, nil), 4001},
		{"no JSON", nil, func(w *wire) { _ = w.conn.WriteMessage(websocket.TextMessage, []byte("{")) }, 4002},
		{"before IDENTIFY", nil, frame(3, o()), 4003},
		{"a wrong token", changed("token", "x"), nil, 4004},
		{"IDENTIFY twice", changed("compress", true), frame(opIdentify, o("token", "x", "intents", 0, "properties", o())), 4005},
		{"a shard that is none", changed("shard", []int{2, 2}), nil, 4010},
		{"intents that are none", changed("intents", 1<<30), nil, 4013},
		{"intents that are not allowed", changed("intents", intentContent), nil, 4014},
		{"no properties", changed("properties", nil), nil, 4002},
		{"a frame too long", nil, frame(opHeartbeat, text(4096)), 4002},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			w := dial(t, s.GatewayURL())
			w.want(opHello, "")
			if row.identify != nil {
				w.write(opIdentify, row.identify(s))
			}
			if row.then != nil {
				row.then(w)
			}
			w.wantClose(row.code)
		})
	}
	s := New(t)
	conn, _, err := websocket.DefaultDialer.Dial(s.GatewayURL()+"?v=5", nil)
	if err != nil {
		t.Fatal(err)
	}
	(&wire{t, conn}).wantClose(4012)
}

// TestFrames is the row "gateway send": 120 in 60 s, and 4096 bytes.
func TestFrames(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now})
	w, _ := begin(t, s, 0)
	for range 119 { // with IDENTIFY it is 120
		w.write(opHeartbeat, nil)
		w.want(opACK, "")
	}
	c.Advance(time.Minute)
	w.write(opHeartbeat, strings.Repeat("x", 4096-len(`{"d":"","op":1}`)-1)) // and the end of the line
	w.want(opACK, "")
	for range 119 {
		w.write(opHeartbeat, nil)
		w.want(opACK, "")
	}
	w.write(opHeartbeat, nil)
	w.wantClose(4008)
}

// TestIdentify is the row "identify": max_concurrency in 5 s, and 1000 in a day.
func TestIdentify(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now, Shards: 2})
	a := send(t, s, "GET /gateway/bot", nil)
	if limit := object(raw(a.body["session_start_limit"])); a.body["shards"] != 2.0 || limit["max_concurrency"] != 1.0 || limit["remaining"] != 1000.0 {
		t.Errorf("/gateway/bot: %s", a.text)
	}
	begin(t, s, 0)
	w := dial(t, s.GatewayURL())
	w.want(opHello, "")
	w.write(opIdentify, identity(s, 0))
	if f := w.want(opInvalid, ""); string(f.Data) != "false" {
		t.Errorf("told %s", f.Data)
	}
	c.Advance(5 * time.Second)
	w.write(opIdentify, identity(s, 0)) // on the same socket: only a strict Discord minds
	w.want(opDispatch, "READY")
	if n := s.Identified(); n != 2 {
		t.Errorf("%d sessions began", n)
	}
	s.mu.Lock()
	for range 998 {
		s.identified = append(s.identified, c.Now())
	}
	s.mu.Unlock()
	c.Advance(5 * time.Second)
	old := s.Token()
	w = dial(t, s.GatewayURL())
	w.want(opHello, "")
	w.write(opIdentify, identity(s, 0))
	w.wantClose(4004)
	if s.Token() == old {
		t.Error("the token was not reset")
	}
}

func TestStrict(t *testing.T) {
	s := NewWith(t, Options{Strict: true})
	w, _ := begin(t, s, 0)
	s.Sockets()[0].InvalidSession(false)
	w.want(opInvalid, "")
	w.write(opIdentify, identity(s, 0))
	w.wantClose(4005)
}

// TestHeartbeat is the row "heartbeat".
func TestHeartbeat(t *testing.T) {
	s := NewWith(t, Options{Heartbeat: time.Millisecond})
	w, _ := begin(t, s, 0)
	k := s.Sockets()[0]
	k.RequestHeartbeat()
	w.want(opHeartbeat, "")
	w.write(opHeartbeat, 1)
	w.want(opACK, "")
	k.Deafen()
	w.write(opHeartbeat, 1)
	s.Wait(t, "a heartbeat", func() bool { return k.Heartbeats() == 2 })
	w.wantClose(4000) // as no other comes
}

// resume resumes a session on a new connection.
func resume(t *testing.T, s *Server, ready map[string]any, seq int) *wire {
	t.Helper()
	w := dial(t, ready["resume_gateway_url"].(string))
	w.want(opHello, "")
	w.write(opResume, o("token", s.Token(), "session_id", ready["session_id"], "seq", seq))
	return w
}

// TestResume is the row "resume".
func TestResume(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	w, ready := begin(t, s, intentGuilds)
	created := w.want(opDispatch, "GUILD_CREATE")
	s.Sockets()[0].Reconnect()
	w.want(opReconnect, "")
	_ = w.conn.Close()
	s.Wait(t, "the end of the socket", func() bool { return len(s.Sockets()) == 0 })
	g.Channel("news").Rename("old-news")
	g.Remove()
	w = resume(t, s, ready, created.Seq)
	var missed []string
	for {
		f, code := w.next()
		if code != 0 {
			t.Fatalf("closed with %d after %v", code, missed)
		}
		if missed = append(missed, f.Type); f.Type == "RESUMED" {
			break
		}
	}
	if got := fmt.Sprint(missed); got != "[CHANNEL_CREATE CHANNEL_UPDATE GUILD_DELETE RESUMED]" {
		t.Errorf("missed %s", got)
	}
	if k := s.Sockets()[0]; !k.Resuming() || k.Intents() != intentGuilds {
		t.Error("it was not resumed at the address for it")
	}
	// A client that closes with 1000 ends its session.
	_ = w.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
	s.Wait(t, "the end of the session", func() bool { return len(s.Sockets()) == 0 })
	w = resume(t, s, ready, 1)
	if f := w.want(opInvalid, ""); string(f.Data) != "false" {
		t.Errorf("told %s", f.Data)
	}
}

// TestResumeRefused asserts when a session cannot be resumed.
func TestResumeRefused(t *testing.T) {
	s := NewWith(t, Options{Identifies: 9})
	_, ready := begin(t, s, 0)
	resume(t, s, ready, 99).wantClose(4007)
	_, ready = begin(t, s, 0)
	s.RefuseResume(4009, 1)
	resume(t, s, ready, 1).wantClose(4009)
	_, ready = begin(t, s, 0)
	s.ForgetSessions()
	resume(t, s, ready, 1).want(opInvalid, "")
	w, ready := begin(t, s, 0)
	for _, k := range s.Sockets() {
		k.InvalidSession(true)
	}
	if f := w.want(opInvalid, ""); string(f.Data) != "true" {
		t.Errorf("told %s", f.Data)
	}
	resume(t, s, ready, 1).want(opDispatch, "RESUMED")
}

// TestGatewayFaults asserts the ways in which a gateway is of no use.
func TestGatewayFaults(t *testing.T) {
	quiet := func(t *testing.T, w *wire) {
		t.Helper()
		_ = w.conn.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
		if _, frame, err := w.conn.ReadMessage(); err == nil {
			t.Errorf("it said %s", frame)
		}
	}
	t.Run("silent after HELLO", func(t *testing.T) {
		s := New(t)
		s.FailGateway(SilentAfterHello, 1)
		w := dial(t, s.GatewayURL())
		w.want(opHello, "")
		w.write(opIdentify, identity(s, 0))
		quiet(t, w)
		begin(t, s, 0)
	})
	t.Run("silent before HELLO", func(t *testing.T) {
		s := New(t)
		s.FailGateway(SilentBeforeHello, 1)
		quiet(t, dial(t, s.GatewayURL()))
		begin(t, s, 0)
	})
	t.Run("silent after RESUME", func(t *testing.T) {
		s := New(t)
		_, ready := begin(t, s, 0)
		s.FailGateway(SilentAfterResume, 1)
		quiet(t, resume(t, s, ready, 1))
		resume(t, s, ready, 1).want(opDispatch, "RESUMED")
	})
	t.Run("lost READY", func(t *testing.T) {
		s := NewWith(t, Options{Identifies: 2})
		s.FailGateway(LostReady, 1)
		w := dial(t, s.GatewayURL())
		w.want(opHello, "")
		w.write(opIdentify, identity(s, 0))
		quiet(t, w)
		if n := s.Identified(); n != 1 {
			t.Errorf("%d sessions began", n)
		}
		begin(t, s, 0)
	})
	for _, code := range []int{4000, 4004, 4010, 4011, 4012, 4013, 4014} {
		t.Run(fmt.Sprint("refused with ", code), func(t *testing.T) {
			s := New(t)
			s.RefuseIdentify(code, 1)
			w := dial(t, s.GatewayURL())
			w.want(opHello, "")
			w.write(opIdentify, identity(s, 0))
			w.wantClose(code)
			w, _ = begin(t, s, 0)
			s.Sockets()[len(s.Sockets())-1].Close(code)
			w.wantClose(code)
		})
	}
	t.Run("token reset", func(t *testing.T) {
		s := New(t)
		w, _ := begin(t, s, 0)
		old := s.Token()
		s.ResetToken()
		w.wantClose(4004)
		if a := sendAs(t, s, "Bot "+old, "", "GET /users/@me", nil); a.status != 401 || s.InvalidRequests() != 1 {
			t.Errorf("%d %s, %d invalid requests", a.status, a.text, s.InvalidRequests())
		}
	})
	t.Run("zombie", func(t *testing.T) {
		x := newScene(t, Options{}, func(map[string]any) any { return says("x", 0) })
		x.Sockets()[0].Deafen()
		if d := x.amal.Types(x.news, "/tension watch rule:x"); !d.Acked() {
			t.Error("interactions come no more")
		}
	})
}

// TestIntents asserts that a bot hears of what it asked for, of its shard, and of interactions always.
func TestIntents(t *testing.T) {
	s := NewWith(t, Options{Identifies: 9, Intents: intentMembers})
	g := s.Guild("1", "Desk") // of shard 0, whose number is in the bits above
	other := s.Guild(fmt.Sprint(1<<22), "Other")
	deaf, _ := begin(t, s, 0)
	guilds, _ := begin(t, s, intentGuilds|intentMembers)
	w := dial(t, s.GatewayURL())
	w.want(opHello, "")
	d := identity(s, intentGuilds)
	d["shard"] = []int{1, 2}
	w.write(opIdentify, d)
	if ready := object(w.want(opDispatch, "READY").Data); len(ready["guilds"].([]any)) != 1 {
		t.Errorf("shard 1 has %v", ready["guilds"])
	}
	amal := g.Member("amal")
	guilds.want(opDispatch, "GUILD_MEMBER_ADD")
	zaid := g.Member("zaid")
	zaid.Gets(g.Role("editors"))
	zaid.Leaves()
	guilds.want(opDispatch, "GUILD_MEMBER_UPDATE")
	guilds.want(opDispatch, "GUILD_MEMBER_REMOVE")
	news := g.Channel("news")
	news.Forbid(SendMessages)
	news.Delete()
	guilds.want(opDispatch, "CHANNEL_UPDATE")
	guilds.want(opDispatch, "CHANNEL_DELETE")
	other.Remove()
	w.want(opDispatch, "GUILD_DELETE")
	register(t, s, o("name", "ping", "description", "x"))
	go amal.Types(g.Channel("talk"), "/ping")
	if f, code := deaf.next(); f.Type != "INTERACTION_CREATE" {
		t.Errorf("told %q %d", f.Type, code)
	}
}
