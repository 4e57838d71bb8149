package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

const (
	responseUses = 5
	responseAge  = 30 * time.Minute
)

// response is an address at which the bot can answer somebody.
type response struct {
	channel  *Channel
	user     string
	original *Message // what was clicked on, or nil
	at       time.Time
	used     int
}

// respond gives an address to answer at. The lock is held.
func (s *Server) respond(r *response) string {
	r.at = s.opts.Now()
	id := s.id("R")
	s.responses[id] = r
	return s.URL() + "/response/" + id
}

// reply is what the bot sends there, or answers a slash command with.
type reply struct {
	Text     string          `json:"text"`
	Blocks   json.RawMessage `json:"blocks"`
	Attached json.RawMessage `json:"attachments"`
	Metadata json.RawMessage `json:"metadata"`
	Kind     string          `json:"response_type"`
	Thread   string          `json:"thread_ts"`
	Replace  bool            `json:"replace_original"`
	Delete   bool            `json:"delete_original"`
}

func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "no_text", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	answers := s.responses[strings.TrimPrefix(r.URL.Path, "/response/")]
	channel := ""
	if answers != nil {
		channel = answers.channel.ID
	}
	s.calls = append(s.calls, Call{
		Method: "response_url", Args: map[string]string{"body": string(body)}, Channel: channel,
		At: s.opts.Now(),
	})
	at := len(s.calls) - 1
	f := s.faultOf("response_url", channel)
	status, code := 0, ""
	if f == nil || f.Accept {
		status, code = s.answered(answers, r.Method, body)
		s.calls[at].Status, s.calls[at].Error = status, code
	}
	s.happened()
	s.mu.Unlock()
	switch {
	case f != nil:
		s.suffer(w, r, at, f)
	case code == "":
		_, _ = io.WriteString(w, "ok")
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(result{"ok": false, "error": code})
	}
}

// answered does what was sent to a response URL, and returns how that is answered. The lock is held.
func (s *Server) answered(r *response, method string, body []byte) (status int, code string) {
	var a reply
	switch {
	case r == nil || method != http.MethodPost:
		return http.StatusNotFound, "no_service"
	case s.opts.Now().Sub(r.at) > responseAge:
		return http.StatusNotFound, "expired_url"
	case r.used >= responseUses:
		return http.StatusNotFound, "used_url"
	case json.Unmarshal(body, &a) != nil:
		return http.StatusBadRequest, "invalid_payload"
	}
	r.used++
	if a.Delete && r.original != nil {
		r.original.deleted = true
		s.tell(r.channel, s.botName()+" deleted a message: "+r.original.summary())
		return http.StatusOK, ""
	}
	m := limits.Message{Text: a.Text, Blocks: a.Blocks, Attachments: a.Attached, Metadata: a.Metadata}
	if refused := limits.Ephemeral(m); refused != nil {
		return http.StatusBadRequest, refused.Code
	}
	if a.Replace && r.original != nil {
		if now := r.channel.find(r.original.TS); now != nil {
			now.change(s, m, true)
			s.tellEdit(r.channel, now)
		}
		return http.StatusOK, ""
	}
	s.show(r.channel, r.user, a, m)
	return http.StatusOK, ""
}

// show keeps an answer to somebody, which only they see unless it says otherwise. The lock is held.
func (s *Server) show(c *Channel, user string, a reply, m limits.Message) {
	posted := s.post(c, m, map[string]string{"thread_ts": a.Thread, "response_type": a.Kind})
	if a.Kind != "in_channel" {
		posted.To = user
	}
	s.tellPost(c, posted)
}

// said shows what a slash command was acknowledged with, and returns why Slack refuses that. The lock
// is held.
func (s *Server) said(c *Channel, user string, answer json.RawMessage) string {
	var a reply
	if len(answer) == 0 || string(answer) == "null" || string(answer) == "{}" {
		return ""
	}
	if json.Unmarshal(answer, &a) != nil {
		return "invalid_response"
	}
	m := limits.Message{Text: a.Text, Blocks: a.Blocks, Attachments: a.Attached}
	if a.Text == "" && len(a.Blocks) == 0 && len(a.Attached) == 0 {
		return ""
	}
	if refused := limits.Ephemeral(m); refused != nil {
		return refused.Error()
	}
	s.show(c, user, a, m)
	return ""
}
