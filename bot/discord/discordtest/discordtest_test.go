package discordtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// reply is how a request was answered.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
	many   []map[string]any
}

// send sends a request as the bot, with plain net/http. The path is "POST /channels/…".
func send(t testing.TB, s *Server, route string, body any) reply {
	t.Helper()
	return sendAs(t, s, "Bot "+s.Token(), "application/json", route, body)
}

func sendAs(t testing.TB, s *Server, authorization, kind, route string, body any) reply {
	t.Helper()
	a, err := request(s, authorization, kind, route, body)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func request(s *Server, authorization, kind, route string, body any) (a reply, err error) {
	method, path, _ := strings.Cut(route, " ")
	text, isText := body.(string)
	if !isText && body != nil {
		text = string(raw(body))
	}
	r, err := http.NewRequest(method, s.APIURL()+path, strings.NewReader(text))
	if err != nil {
		return a, err
	}
	if text != "" {
		r.Header.Set("Content-Type", kind)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	r.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	response, err := (&http.Client{Timeout: 5 * time.Second}).Do(r)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	answered, err := io.ReadAll(response.Body)
	a = reply{status: response.StatusCode, header: response.Header, text: string(answered)}
	_ = json.Unmarshal(answered, &a.body)
	_ = json.Unmarshal(answered, &a.many)
	return a, err
}

// wire is a plain client of the gateway.
type wire struct {
	t    testing.TB
	conn *websocket.Conn
}

// got is a frame that came.
type got struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int             `json:"s"`
	Type string          `json:"t"`
}

func dial(t testing.TB, url string) *wire {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), url+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &wire{t, conn}
}

func (w *wire) write(op int, data any) {
	w.t.Helper()
	if err := w.conn.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		w.t.Error(err)
	}
}

// next reads a frame, or returns the code that the connection was closed with.
func (w *wire) next() (f got, code int) {
	_ = w.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	if err := w.conn.ReadJSON(&f); err != nil {
		if closed, ok := err.(*websocket.CloseError); ok {
			return f, closed.Code
		}
		return f, -1
	}
	return f, 0
}

// want reads frames until one has an opcode and an event.
func (w *wire) want(op int, event string) got {
	w.t.Helper()
	for {
		f, code := w.next()
		if code != 0 {
			w.t.Fatalf("closed with %d, want op %d %s", code, op, event)
		}
		if f.Op == op && f.Type == event {
			return f
		}
	}
}

func identity(s *Server, intents int) map[string]any {
	return map[string]any{"token": s.Token(), "intents": intents, "properties": map[string]any{"os": "linux"}}
}

// listen connects to the gateway and answers each interaction with what answer returns, if anything.
func listen(t testing.TB, s *Server, answer func(interaction map[string]any) any) *wire {
	t.Helper()
	w := dial(t, s.GatewayURL())
	w.want(opHello, "")
	w.write(opIdentify, identity(s, 0))
	w.want(opDispatch, "READY")
	go func() {
		for {
			var f got
			if w.conn.ReadJSON(&f) != nil {
				return
			}
			if f.Type != "INTERACTION_CREATE" {
				continue
			}
			var in map[string]any
			_ = json.Unmarshal(f.Data, &in)
			if a := answer(in); a != nil {
				_, _ = request(s, "", "application/json", callbackOf(in), a) // the test may have ended
			}
		}
	}()
	return w
}

func callbackOf(in map[string]any) string {
	return fmt.Sprintf("POST /interactions/%s/%s/callback", in["id"], in["token"])
}

// says is an answer to an interaction with a text.
func says(text string, flags int) map[string]any {
	return map[string]any{"type": answerMessage, "data": map[string]any{"content": text, "flags": flags}}
}

// register registers a global command.
func register(t testing.TB, s *Server, body any) reply {
	t.Helper()
	a := send(t, s, "POST /applications/"+s.AppID()+"/commands", body)
	if a.status >= 300 {
		t.Fatalf("registering a command: %d %s", a.status, a.text)
	}
	return a
}

const tension = `{"name":"tension","description":"News","options":[
	{"type":1,"name":"watch","description":"Watch","options":[
		{"type":3,"name":"rule","description":"Rule","required":true,"max_length":20},
		{"type":3,"name":"lang","description":"Language","choices":[{"name":"Arabic","value":"ar"}]},
		{"type":4,"name":"level","description":"Level","min_value":1,"max_value":5}]},
	{"type":1,"name":"unwatch","description":"Stop","options":[
		{"type":3,"name":"name","description":"Name","required":true,"autocomplete":true}]}]}`

func TestSession(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	amal, news := g.Member("amal"), g.Channel("news")
	register(t, s, tension)
	listen(t, s, func(in map[string]any) any {
		if in["type"] == float64(completeInteraction) {
			return map[string]any{"type": answerChoices, "data": map[string]any{"choices": []any{
				map[string]any{"name": "oman talks", "value": "7"},
			}}}
		}
		return says("Watching.", 64)
	})
	if d := amal.Types(news, "/tension watch rule:Oman talks lang:Arabic level:3"); !d.Acked() {
		t.Fatal(d.Failure())
	}
	if got := amal.Completes(news, "/tension unwatch name:om"); len(got) != 1 || got[0].Value != "7" {
		t.Errorf("offered %v", got)
	}
	a := send(t, s, "POST /channels/"+news.ID+"/messages", map[string]any{
		"embeds":     []any{map[string]any{"title": "Talks in Oman", "description": "Two **hosts**", "color": 0xCC0000}},
		"components": []any{row(map[string]any{"type": 2, "style": 2, "label": "Mute story", "custom_id": "mute"})},
	})
	if a.status != 200 {
		t.Fatal(a.text)
	}
	amal.Clicks(news.Messages()[0], "Mute story")
	const want = `amal → #news: /tension watch rule:Oman talks lang:Arabic level:3
tensionwatch (only amal sees it): Watching.
amal begins to type: /tension unwatch name:om
amal is offered: oman talks
tensionwatch → #news:
    ┌ red
    │ # Talks in Oman
    │ Two **hosts**
    [Mute story]
amal clicks [Mute story]
tensionwatch (only amal sees it): Watching.
`
	if got := s.Transcript(); got != want {
		t.Errorf("got:\n%s", got)
	}
}

func row(components ...any) map[string]any {
	return map[string]any{"type": 1, "components": components}
}
