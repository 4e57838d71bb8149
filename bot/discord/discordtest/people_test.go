package discordtest

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestMisuse asserts that people cannot do what nobody could do.
func TestMisuse(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := s.Guild("G1", "Desk")
	amal, news := g.Member("amal"), g.Channel("news")
	register(t, s, tension)
	register(t, s, newCommand("name", "admin", "default_member_permissions", ManageChannels.String()))
	register(t, s, newCommand("name", "here", "contexts", []any{0}))
	listen(t, s, func(map[string]any) any { return says("x", 0) })
	send(t, s, "POST /channels/"+news.ID+"/messages", o("components", []any{
		row(button("a"), o("type", 2, "style", 5, "label", "Read", "url", "https://a.example"), button("off", "disabled", true)),
		row(o("type", 3, "custom_id", "m", "options", options(2, 1, 2, 1))),
	}))
	m := news.Messages()[0]
	for want, d := range map[string]*Delivery{
		"there is no such command":   amal.Types(news, "/shout"),
		"may not use it":             amal.Types(news, "/admin"),
		"no such command":            amal.Types(amal.DM(), "/here"),
		"rule is required":           amal.Types(news, "/tension watch level:3"),
		"takes 20 characters":        amal.Types(news, "/tension watch rule:"+text(21)),
		"has no choice":              amal.Types(news, "/tension watch rule:x lang:English"),
		"wants a whole number":       amal.Types(news, "/tension watch rule:x level:three"),
		"is at most 5":               amal.Types(news, "/tension watch rule:x level:6"),
		"no subcommand":              amal.Types(news, "/tension shout"),
		"no option in":               amal.Types(news, "/tension watch oman"),
		"not all options":            amal.Fills(news, "/tension watch", map[string]string{"rule": "x", "colour": "red"}),
		"is given twice":             amal.Types(news, "/tension watch rule:a rule:b"),
		`sees no "Mute"`:             amal.Clicks(m, "Mute"),
		"leads to https://a.example": amal.Clicks(m, "Read"),
		"is greyed out":              amal.Clicks(m, "off"),
		"is no menu":                 amal.Picks(m, "a", "b"),
		"does not offer":             amal.Picks(m, "m", "zz"),
		"wants 1 to 1 choices":       amal.Picks(m, "m"),
		"sees no command":            amal.MessageCommand(m, "Why"),
		"does not see that window":   amal.Submits(nil, nil),
	} {
		if !strings.Contains(d.Failure(), want) || d.Acked() {
			t.Errorf("%q, want %q", d.Failure(), want)
		}
	}
	if d := amal.Picks(m, "m", "00"); !d.Acked() {
		t.Error(d.Failure())
	}
	if d := g.Member("root", Administrator).Types(news, "/admin"); !d.Acked() {
		t.Error(d.Failure())
	}
}

// TestModal asserts that a window is filled in, checked and submitted.
func TestModal(t *testing.T) {
	var submitted map[string]any
	x := newScene(t, Options{}, func(in map[string]any) any {
		switch in["type"] {
		case float64(submitInteraction):
			submitted = in
			return o("type", answerUpdate, "data", o("content", "saved", "components", []any{}))
		case float64(clickInteraction):
			return o("type", answerModal, "data", o("custom_id", "w", "title", "Edit watch", "components", []any{
				row(o("type", 4, "custom_id", "rule", "label", "Rule", "style", 1, "value", "oman", "min_length", 3)),
				o("type", 18, "label", "Level", "component", o("type", 3, "custom_id", "level", "options",
					[]any{o("label", "High", "value", "5"), o("label", "Low", "value", "1", "default", true)})),
			}))
		}
		return says("x", 64)
	})
	send(t, x.Server, "POST /channels/"+x.news.ID+"/messages", oneButton("edit", "label", "Edit"))
	x.amal.Clicks(x.news.Messages()[0], "Edit")
	w := x.amal.WaitWindow(t)
	if got := w.Rendered(); got != "# Edit watch\nRule: [oman]\nLevel: [1]" {
		t.Errorf("shown:\n%s", got)
	}
	x.amal.Submits(w, map[string]string{"Level": "High", "rule": "oman talks"})
	want := `[{"component":null,"components":[{"custom_id":"rule","id":2,"type":4,"value":"oman talks"}],"id":1,"type":1}`
	got := string(raw(object(raw(submitted["data"]))["components"]))
	if !strings.Contains(got, `"value":"oman talks"`) || !strings.Contains(got, `"values":["5"]`) {
		t.Errorf("submitted %s, want %s", got, want)
	}
	if submitted["message"] == nil || x.news.Messages()[0].Content != "saved" || x.amal.Window() != nil {
		t.Error(x.Transcript())
	}
}

// endpoint is a bot that interactions are sent to over HTTP.
func endpoint(t *testing.T, s *Server, answer func(in map[string]any) (int, any)) string {
	key, err := hex.DecodeString(s.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), signature) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		in := object(body)
		if in["type"] == float64(pingInteraction) {
			_ = json.NewEncoder(w).Encode(o("type", pong))
			return
		}
		status, a := answer(in)
		w.WriteHeader(status)
		if a != nil {
			_ = json.NewEncoder(w).Encode(a)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// TestHTTP is the row "HTTP interactions".
func TestHTTP(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	amal, news := g.Member("amal"), g.Channel("news")
	register(t, s, newCommand())
	to := endpoint(t, s, func(in map[string]any) (int, any) { return 200, says("ok", 64) })
	if err := s.VerifyURL(to); err != nil {
		t.Error(err)
	}
	s.SendTo(to)
	d := amal.Types(news, "/tension")
	if !d.Acked() || d.Status() != 200 || len(news.Ephemeral(amal)) != 1 {
		t.Errorf("%d %s", d.Status(), d.Failure())
	}
	if status := d.Again(); status != 200 {
		t.Errorf("a replay: %d", status)
	}
	for _, how := range []Signing{{Damaged: true}, {Missing: true}} {
		s.Sign(how)
		if d := amal.Types(news, "/tension"); d.Acked() || d.Status() != 401 {
			t.Errorf("signed %+v: %v %d", how, d.Acked(), d.Status())
		}
	}
	s.Sign(Signing{Skew: -time.Hour}) // the signature is right, and old
	if d := amal.Types(news, "/tension"); !d.Acked() {
		t.Error(d.Failure())
	}
	careless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"type":1}`) }))
	defer careless.Close()
	if err := s.VerifyURL(careless.URL); err == nil || !strings.Contains(err.Error(), "want 401") {
		t.Errorf("a bot that verifies nothing: %v", err)
	}
}

// TestHTTPLater asserts that the answer may come on its own, after a 202.
func TestHTTPLater(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	register(t, s, newCommand())
	s.SendTo(endpoint(t, s, func(in map[string]any) (int, any) {
		go func() { _, _ = request(s, "", "application/json", callbackOf(in), says("later", 64)) }()
		return http.StatusAccepted, nil
	}))
	if d := g.Member("amal").Types(g.Channel("news"), "/tension"); !d.Acked() || d.Original().Content != "later" {
		t.Error(d.Failure())
	}
}
