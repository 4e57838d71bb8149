package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// noon is the time of every test that needs one.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

func TestHandler(t *testing.T) {
	hook := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		page(w, http.StatusAccepted, "taken")
	})
	well, ill := new(Health), new(Health)
	well.Beat("poll", noon, nil)
	ill.Refused("slack", "invalid_auth <&>")
	for _, test := range []struct {
		health       *Health
		method, path string
		status       int
		kind, body   string
	}{
		{well, "GET", "/healthz", 200, "text/plain; charset=utf-8", "ok\n"},
		{ill, "GET", "/healthz", 200, "text/plain; charset=utf-8", "ok\n"},
		{well, "GET", "/readyz", 200, "application/json", `{"ready":true,"reasons":[]}` + "\n"},
		{ill, "GET", "/readyz", 503, "application/json", `{"ready":false,"reasons":["slack refuses ` +
			`our token (invalid_auth <&>): put a valid one into [slack] and restart tensionwatch"]}` + "\n"},
		{ill, "HEAD", "/readyz", 503, "application/json", ""},
		{well, "HEAD", "/healthz", 200, "text/plain; charset=utf-8", ""},
		{well, "POST", "/healthz", 405, "text/plain; charset=utf-8", "this can only be read: use GET\n"},
		{well, "DELETE", "/readyz", 405, "text/plain; charset=utf-8", "this can only be read: use GET\n"},
		{well, "GET", "/", 404, "text/plain; charset=utf-8",
			"nothing is here; there are /healthz and /readyz\n"},
		{well, "POST", "/slack/events", 202, "text/plain; charset=utf-8", "taken"},
		{well, "GET", "/readyz/x", 404, "text/plain; charset=utf-8",
			"nothing is here; there are /healthz and /readyz\n"},
	} {
		t.Run(test.method+test.path, func(t *testing.T) {
			server := httptest.NewServer(Handler(test.health, atNoon, Hook{"/slack/events", hook}))
			defer server.Close()
			got := ask(t, test.method, server.URL+test.path)
			body, err := io.ReadAll(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			header := got.Header
			if got.StatusCode != test.status || string(body) != test.body ||
				header.Get("Content-Type") != test.kind {
				t.Errorf("got %d, %s, %q", got.StatusCode, header.Get("Content-Type"), body)
			}
			if header.Get("X-Content-Type-Options") != "nosniff" ||
				header.Get("Cache-Control") != "no-store" {
				t.Errorf("header %v", header)
			}
			if (header.Get("Allow") == "GET, HEAD") != (test.status == 405) {
				t.Errorf("Allow: %q", header.Get("Allow"))
			}
		})
	}
}

func ask(t *testing.T, method, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func TestReport(t *testing.T) {
	broken := errors.New("dial tcp: postgres://bot:hunter2@db")
	before := func(d time.Duration) time.Time { return noon.Add(-d) }
	for _, test := range []struct {
		name string
		told func(*Health)
		want []string // how each reason begins
	}{
		{"nothing told", func(*Health) {}, nil},
		{"a stage has just begun", func(h *Health) { h.Expect("poll", noon) }, nil},
		{"a stage never ended a pass", func(h *Health) { h.Expect("poll", before(passLimit)) },
			[]string{"poll has not ended a pass since 2026-11-23T11:55:00Z: "}},
		{"a stage is just in time", func(h *Health) { h.Beat("poll", before(passLimit-1), nil) }, nil},
		{"a stage hangs", func(h *Health) { h.Beat("sift", before(time.Hour), nil) },
			[]string{"sift has not ended a pass since 2026-11-23T11:00:00Z: "}},
		{"the clock went back", func(h *Health) { h.Beat("sift", before(-time.Hour), nil) }, nil},
		{"the store fails", func(h *Health) {
			h.Beat("sift", noon, broken)
			h.Beat("poll", noon, broken)
			h.Beat("deliver", noon, nil)
		}, []string{"the store fails (poll, sift): "}},
		{"the store is back", func(h *Health) {
			h.Beat("sift", noon, broken)
			h.Beat("sift", noon, nil)
		}, nil},
		{"a platform refuses", func(h *Health) { h.Refused("slack", "token_revoked") },
			[]string{"slack refuses our token (token_revoked): "}},
		{"a platform accepts again", func(h *Health) {
			h.Accepted("discord")
			h.Refused("slack", "token_revoked")
			h.Accepted("slack")
		}, nil},
		{"everything at once", func(h *Health) {
			h.Refused("slack", "b")
			h.Refused("discord", "a")
			h.Beat("sift", before(time.Hour), broken)
			h.Beat("poll", before(time.Hour), nil)
		}, []string{"the store fails (sift)", "poll has", "sift has", "discord", "slack"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var h Health
			test.told(&h)
			got := h.Report(noon)
			if got.Ready != (len(test.want) == 0) || got.Reasons == nil ||
				len(got.Reasons) != len(test.want) {
				t.Fatalf("got %+v, want %q", got, test.want)
			}
			for i, reason := range got.Reasons {
				if !strings.HasPrefix(reason, test.want[i]) || strings.Contains(reason, "hunter2") {
					t.Errorf("reason %q, want %q", reason, test.want[i])
				}
			}
		})
	}
}
