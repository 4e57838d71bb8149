package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// answer is what the Web API answers.
type answer struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
	TS       string `json:"ts"`
	URL      string `json:"url"`
	Needed   string `json:"needed"`
	Provided string `json:"provided"`
	Metadata struct {
		Messages   []string `json:"messages"`
		NextCursor string   `json:"next_cursor"`
	} `json:"response_metadata"`
	Messages []struct {
		TS, Text string
		Metadata json.RawMessage
	} `json:"messages"`
	View struct{ ID, Hash string } `json:"view"`

	status int
	header http.Header
}

// form calls a method as slack-go does.
func form(t *testing.T, s *Server, token, method string, args ...string) answer {
	t.Helper()
	values := url.Values{"token": {token}}
	for i := 0; i < len(args); i += 2 {
		values.Set(args[i], args[i+1])
	}
	resp, err := http.PostForm(s.APIURL()+method, values)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}

func read(t *testing.T, resp *http.Response) answer {
	t.Helper()
	defer func() { _ = resp.Body.Close() }()
	a := answer{status: resp.StatusCode, header: resp.Header}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return a
}

// open asks for the address of a socket.
func open(t *testing.T, s *Server) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+"apps.connections.open", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.AppToken())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp).URL
}

// frame is what comes on a socket.
type frame struct {
	Type        string          `json:"type"`
	ID          string          `json:"envelope_id"`
	Reason      string          `json:"reason"`
	RetryReason string          `json:"retry_reason"`
	Attempt     int             `json:"retry_attempt"`
	Connections int             `json:"num_connections"`
	Payload     json.RawMessage `json:"payload"`
}

// dial connects a socket.
func dial(t *testing.T, s *Server) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), open(t, s), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// next reads a frame.
func next(t *testing.T, conn *websocket.Conn) frame {
	t.Helper()
	var f frame
	if err := conn.ReadJSON(&f); err != nil {
		t.Fatal(err)
	}
	return f
}

// connect makes a bot of a socket: it acknowledges every envelope with what ack returns.
func connect(t *testing.T, s *Server, ack func(frame) any) {
	t.Helper()
	conn := dial(t, s)
	if hello := next(t, conn); hello.Type != "hello" {
		t.Fatalf("the first frame is %s", hello.Type)
	}
	go func() {
		for {
			var f frame
			if conn.ReadJSON(&f) != nil {
				return
			}
			_ = conn.WriteJSON(map[string]any{"envelope_id": f.ID, "payload": ack(f)})
		}
	}()
}

func TestConversation(t *testing.T) {
	s := New(t)
	ws := s.Workspace("T1")
	amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
	connect(t, s, func(frame) any { return map[string]string{"text": "No watches yet."} })
	if d := amal.Types(news, "/tension list"); !d.Acked() || d.Failure() != "" {
		t.Errorf("acked %v, failure %q", d.Acked(), d.Failure())
	}
	if a := form(t, s, ws.BotToken(), "chat.postMessage", "channel", "C1", "text", "hello"); !a.OK {
		t.Error(a.Error)
	}
	want := strings.TrimLeft(`
amal → #news: /tension list
tensionwatch (only amal sees it): No watches yet.
tensionwatch → #news: hello
`, "\n")
	if got := s.Transcript(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}
