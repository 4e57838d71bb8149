package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
)

// ask posts a message to a server that answers as told, and returns what that means.
func ask(t *testing.T, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	hc := api.NewHTTPClient()
	defer hc.CloseIdleConnections()
	c := api.NewClient(hc, "xoxb-hunter2", "", server.URL+"/")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, _, err := c.PostMessageContext(ctx, "C1", slack.MsgOptionText("x", false))
	err = api.Meaning(err)
	if err != nil && strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a token in %q", err)
	}
	return err
}

// says answers with a status, a body, and headers.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func code(code string) http.HandlerFunc { return says(200, `{"ok":false,"error":"`+code+`"}`) }

// told puts an error in a few words, for a table.
func told(err error) string {
	var retry *bot.RetryError
	var refused *api.Refused
	switch {
	case err == nil:
		return "posted"
	case errors.Is(err, bot.ErrUncertain):
		return "uncertain"
	case errors.Is(err, bot.ErrGone):
		return "gone"
	case errors.Is(err, api.ErrBlocks):
		return "blocks"
	case errors.Is(err, api.ErrThread):
		return "thread"
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, &retry) && errors.Is(err, bot.ErrLimited):
		return "limited " + retry.After.String()
	case errors.As(err, &retry):
		return "retry " + retry.After.String()
	}
	return "never"
}

func TestMeaning(t *testing.T) {
	for _, test := range []struct {
		what   string
		answer http.HandlerFunc
		want   string
	}{
		{"done", says(200, `{"ok":true,"channel":"C1","ts":"1.2"}`), "posted"},
		{"429, whole seconds", says(429, `{"ok":false}`, "Retry-After", "7"), "limited 7s"},
		{"429, missing", says(429, `{"ok":false}`), "limited 10s"},
		{"429, fractional", says(429, `{}`, "Retry-After", "0.5"), "limited 500ms"},
		{"429, nonsense", says(429, `{}`, "Retry-After", "soon"), "limited 10s"},
		{"429, negative", says(429, `{}`, "Retry-After", "-5"), "limited 10s"},
		{"429, not a number", says(429, `{}`, "Retry-After", "NaN"), "limited 10s"},
		{"429, infinite", says(429, `{}`, "Retry-After", "Inf"), "limited 24h0m0s"},
		{"429, a date", says(429, `{}`, "Date", "Mon, 02 Feb 2026 10:00:00 GMT",
			"Retry-After", "Mon, 02 Feb 2026 10:00:09 GMT"), "limited 9s"},
		{"200 ratelimited", code("ratelimited"), "limited 10s"},
		{"200 rate_limited", code("rate_limited"), "limited 10s"},
		{"200 ratelimited with a header", says(200, `{"ok":false,"error":"ratelimited"}`,
			"Retry-After", "3"), "limited 3s"},
		{"429, HTML", says(429, `<html>Too many`, "Content-Type", "text/html"), "limited 10s"},
		{"500", says(500, `oops`), "uncertain"},
		{"502", says(502, `<html>`), "uncertain"},
		{"503", says(503, ``), "retry 0s"},
		{"503 with a header", says(503, ``, "Retry-After", "30"), "retry 30s"},
		{"504", says(504, ``), "uncertain"},
		{"a redirect", says(302, ``, "Location", "https://example.org/"), "retry 0s"},
		{"HTML in a 200", says(200, `<html>`, "Content-Type", "text/html"), "uncertain"},
		{"half a body", says(200, `{"ok":true,"ts":"1.`, "Content-Length", "99"), "uncertain"},
		{"internal_error", code("internal_error"), "uncertain"},
		{"service_unavailable", code("service_unavailable"), "retry 0s"},
		{"message_limit_exceeded", code("message_limit_exceeded"), "retry 1m0s"},
		{"channel_not_found", code("channel_not_found"), "gone"},
		{"is_archived", code("is_archived"), "gone"},
		{"not_in_channel", code("not_in_channel"), "gone"},
		{"invalid_blocks", code("invalid_blocks"), "blocks"},
		{"invalid_blocks_format", code("invalid_blocks_format"), "blocks"},
		{"msg_blocks_too_long", code("msg_blocks_too_long"), "blocks"},
		{"cannot_reply_to_message", code("cannot_reply_to_message"), "thread"},
		{"invalid_auth", code("invalid_auth"), "refused"},
		{"token_revoked", code("token_revoked"), "refused"},
		{"account_inactive", code("account_inactive"), "refused"},
		{"not_authed", code("not_authed"), "refused"},
		{"missing_scope", code("missing_scope"), "never"},
		{"restricted_action", code("restricted_action"), "never"},
		{"what we do not know", code("no_such_error"), "never"},
	} {
		t.Run(test.what, func(t *testing.T) {
			if got := told(ask(t, test.answer)); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// What people are told names the permission, and what Slack said of the blocks.
func TestMeaningSaysWhatToDo(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{`"missing_scope","needed":"groups:history","provided":"chat:write"`, "groups:history"},
		{`"missing_scope"`, "manifest"},
		{`"invalid_blocks","response_metadata":{"messages":["[ERROR] no more than 50"]}`,
			"no more than 50"},
		{`"token_revoked"`, "token_revoked: the token was revoked"},
	} {
		err := ask(t, says(200, `{"ok":false,"error":`+test.body+`}`))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.body, err, test.want)
		}
	}
}

// Whether the request had left decides whether it may have been done.
func TestMeaningOfSilence(t *testing.T) {
	reset := func(w http.ResponseWriter, r *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
	silent := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	for what, answer := range map[string]http.HandlerFunc{"reset": reset, "silent": silent} {
		if got := told(ask(t, answer)); got != "uncertain" {
			t.Errorf("%s: %s, want uncertain", what, got)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()
	c := api.NewClient(api.NewHTTPClient(), "xoxb", "", "http://"+free.Addr().String()+"/")
	_, _, err = c.PostMessageContext(t.Context(), "C1", slack.MsgOptionText("x", false))
	if got := told(api.Meaning(err)); got != "retry 0s" {
		t.Errorf("nobody there: %s (%v), want retry 0s", got, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = c.PostMessageContext(ended, "C1", slack.MsgOptionText("x", false))
	if got := told(api.Meaning(err)); got != "retry 0s" {
		t.Errorf("out of time before it left: %s (%v), want retry 0s", got, err)
	}
}

func TestRespond(t *testing.T) {
	var got string
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = string(body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "ok")
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	respond := func(address string, hosts ...string) error {
		got = ""
		return api.Respond(t.Context(), api.NewHTTPClient(), address, hosts,
			api.Response{ResponseType: "ephemeral", Text: "<hello>"})
	}
	if err := respond(server.URL+"/hunter2", host); err != nil || got == "" {
		t.Errorf("%v, sent %q", err, got)
	}
	status = http.StatusNotFound
	err := respond(server.URL+"/hunter2", host)
	var used *api.Status
	if !errors.As(err, &used) || used.Code != http.StatusNotFound {
		t.Errorf("%v, want a 404", err)
	}
	if strings.Contains(fmt.Sprint(err), "hunter2") {
		t.Errorf("a secret address in %q", err)
	}
	for _, address := range []string{
		server.URL + "/", "", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.test/",
		"https://hooks.slack.com@evil.test/", "file:///etc/passwd", "https://hooks.slack.com:1/",
	} {
		if err := respond(address, "hooks.slack.com"); !errors.Is(err, api.ErrHost) || got != "" {
			t.Errorf("%s: %v, want ErrHost", address, err)
		}
	}
}

// A method that is called too often is called again when Slack says, unless there is no time.
func TestPatiently(t *testing.T) {
	calls := 0
	ask := func(context.Context) error {
		if calls++; calls == 1 {
			return &api.Status{Code: 429, After: time.Millisecond}
		}
		return nil
	}
	if err := api.Patiently(t.Context(), ask); err != nil || calls != 2 {
		t.Errorf("%v after %d calls", err, calls)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := api.Patiently(ctx, func(context.Context) error {
		return &api.Status{Code: 429, After: time.Hour}
	})
	if got := told(err); got != "limited 1h0m0s" {
		t.Errorf("%s, want limited 1h0m0s", got)
	}
}
