package slacktest

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// quick is a Slack that waits for an acknowledgement shortly.
func quick(t *testing.T) *Server {
	t.Helper()
	s, err := Start(Options{AckTimeout: 50 * time.Millisecond, Rates: Rates{Off: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func ack(t *testing.T, conn *websocket.Conn, f frame, payload any) {
	t.Helper()
	if err := conn.WriteJSON(map[string]any{"envelope_id": f.ID, "payload": payload}); err != nil {
		t.Fatal(err)
	}
}

// TestTicket asserts that a ticket opens one socket, from whatever origin.
func TestTicket(t *testing.T) {
	s := New(t)
	to := open(t, s)
	header := http.Header{"Origin": {"https://api.slack.com"}}
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), to, header)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if hello := next(t, conn); hello.Type != "hello" || hello.Connections != 1 {
		t.Errorf("%+v", hello)
	}
	if _, resp, err := websocket.DefaultDialer.DialContext(t.Context(), to, nil); err == nil || resp.StatusCode != 403 {
		t.Errorf("the second time: %v", err)
	}
}

// TestAppToken asserts that the token of an app goes into the header of a POST and nowhere else.
func TestAppToken(t *testing.T) {
	s := New(t)
	if a := form(t, s, s.AppToken(), "apps.connections.open"); a.Error != "not_authed" {
		t.Errorf("in the body: %q", a.Error)
	}
	if open(t, s) == "" {
		t.Error("in the header: refused")
	}
	if a := form(t, s, s.AppToken(), "auth.test"); a.Error != "not_allowed_token_type" {
		t.Errorf("for another method: %q", a.Error)
	}
}

// TestTooManySockets asserts ten sockets, and what the eleventh is told.
func TestTooManySockets(t *testing.T) {
	s := New(t)
	for i := range 10 {
		if hello := next(t, dial(t, s)); hello.Type != "hello" || hello.Connections != i+1 {
			t.Errorf("socket %d: %+v", i+1, hello)
		}
	}
	conn := dial(t, s)
	if f := next(t, conn); f.Type != "disconnect" || f.Reason != "too_many_websockets" {
		t.Errorf("%+v", f)
	}
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("the eleventh stays open")
	}
	if got := len(s.Sockets()); got != 10 {
		t.Errorf("%d are left", got)
	}
}

// TestDisconnect asserts each reason: a warned socket stays open, any other is closed.
func TestDisconnect(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "link_disabled"} {
		s := quick(t)
		conn := dial(t, s)
		next(t, conn)
		s.Disconnect(reason)
		if f := next(t, conn); f.Type != "disconnect" || f.Reason != reason {
			t.Errorf("%s: %+v", reason, f)
		}
		s.Wait(t, "no socket", func() bool { return len(s.Sockets()) == 0 })
		if reason == "warning" {
			_ = conn.Close()
			continue
		}
		if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			t.Errorf("%s: %v", reason, err)
		}
		if refused := open(t, s) == ""; refused != (reason == "link_disabled") {
			t.Errorf("%s: another socket is refused: %v", reason, refused)
		}
	}
}

// TestRedelivery asserts that an event goes to one socket, and to another when it was not acknowledged;
// and that what a person did is not sent twice.
func TestRedelivery(t *testing.T) {
	s := quick(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	first := dial(t, s)
	next(t, first)
	d := news.Archive()
	f := next(t, first)
	if f.Type != "events_api" || f.Attempt != 0 || f.RetryReason != "" {
		t.Errorf("the first time: %+v", f)
	}
	again := next(t, first)
	if again.ID != f.ID || again.Attempt != 1 || again.RetryReason != "timeout" {
		t.Errorf("after a timeout: %+v", again)
	}
	s.Sockets()[0].Drop()
	second := dial(t, s)
	next(t, second)
	if again = next(t, second); again.ID != f.ID || again.Attempt != 2 {
		t.Errorf("on another socket: %+v", again)
	}
	ack(t, second, again, nil)
	if !d.Wait() || d.Attempts() != 3 || d.Took() <= 0 || s.SlowestAck() != d.Took() {
		t.Errorf("%d attempts, %v", d.Attempts(), d.Took())
	}
	if d := amal.Types(news, "/tension"); d.Failure() != "operation_timeout" || d.Attempts() != 1 {
		t.Errorf("a command: %s after %d attempts", d.Failure(), d.Attempts())
	}
	s.Sockets()[0].Drop()
	if d := amal.Types(news, "/tension"); d.Failure() != "dispatch_failed" {
		t.Errorf("without a socket: %s", d.Failure())
	}
}

// TestEventsWait asserts that an event waits for a socket, and that it is given up in the end.
func TestEventsWait(t *testing.T) {
	s := quick(t)
	news := s.Workspace("T1").Channel("C1", "news")
	d := news.Archive()
	conn := dial(t, s)
	next(t, conn)
	if f := next(t, conn); f.Type != "events_api" {
		t.Errorf("%+v", f)
	}
	if d.Wait() || d.Attempts() != 4 || d.Failure() != "operation_timeout" {
		t.Errorf("%d attempts, %s", d.Attempts(), d.Failure())
	}
}

// TestLateAck asserts that an acknowledgement counts on whatever socket it comes.
func TestLateAck(t *testing.T) {
	s := New(t)
	news := s.Workspace("T1").Channel("C1", "news")
	first, second := dial(t, s), dial(t, s)
	next(t, first)
	next(t, second)
	d := news.Archive()
	s.Wait(t, "an attempt", func() bool { return d.Attempts() == 1 })
	frames := make(chan frame, 2)
	for _, conn := range []*websocket.Conn{first, second} {
		go func() {
			var f frame
			if conn.ReadJSON(&f) == nil {
				frames <- f
			}
		}()
	}
	f := <-frames
	ack(t, first, f, nil)
	ack(t, second, f, nil)
	if !d.Wait() {
		t.Error("it does not count")
	}
}

// TestBigAck asserts that an acknowledgement of 20,480 bytes is dropped without a word.
func TestBigAck(t *testing.T) {
	for size, counts := range map[int]bool{20479: true, 20480: false} {
		s := quick(t)
		ws := s.Workspace("T1")
		amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
		conn := dial(t, s)
		next(t, conn)
		go func() {
			var f frame
			_ = conn.ReadJSON(&f)
			head, tail := `{"envelope_id":"`+f.ID+`","payload":{"text":"`, `"}}`
			_ = conn.WriteMessage(websocket.TextMessage, []byte(head+text(size-len(head)-len(tail))+tail))
		}()
		if d := amal.Types(news, "/tension"); d.Acked() != counts {
			t.Errorf("%d bytes: %v", size, d.Acked())
		}
	}
}

// TestSilence asserts that a silent socket stays open, and that events find their way around it.
func TestSilence(t *testing.T) {
	s := quick(t)
	news := s.Workspace("T1").Channel("C1", "news")
	next(t, dial(t, s))
	s.Sockets()[0].Silence()
	connect(t, s, func(frame) any { return nil })
	for range 4 {
		if d := news.Archive(); !d.Wait() {
			t.Errorf("lost after %d attempts", d.Attempts())
		}
	}
	if got := len(s.Sockets()); got != 2 {
		t.Errorf("%d sockets are open", got)
	}
}

// TestPing asserts that an open socket is pinged, and a silent one is not.
func TestPing(t *testing.T) {
	s, err := Start(Options{Ping: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	conn := dial(t, s)
	pinged := make(chan string, 100)
	conn.SetPingHandler(func(data string) error {
		select {
		case pinged <- data:
		default:
		}
		return nil
	})
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	<-pinged
	s.Sockets()[0].Silence()
}

// TestDuplicate asserts that the same envelope can be sent twice.
func TestDuplicate(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	ids := make(chan string, 2)
	connect(t, s, func(f frame) any { ids <- f.ID; return map[string]string{"text": "done"} })
	d := amal.Types(news, "/tension")
	d.Again()
	if first, second := <-ids, <-ids; first != second || first != d.ID {
		t.Errorf("%s and %s", first, second)
	}
	if got := len(news.Ephemeral(amal)); got != 1 {
		t.Errorf("%d answers are shown", got)
	}
}
