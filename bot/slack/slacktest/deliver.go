package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Delivery is something that the bot is told: what somebody did, or what happened.
type Delivery struct {
	ID          string // of the envelope
	Kind        string // slash_commands, interactive or events_api
	TriggerID   string
	ResponseURL string

	s       *Server
	ws      *Workspace
	event   bool
	payload []byte // JSON; of a slash command also what the form is made of
	effect  func(answer json.RawMessage) string
	done    chan struct{}

	sent     time.Time // by the real clock, which the bot is measured with
	on       *Socket
	attempts int
	acked    bool
	took     time.Duration
	answer   json.RawMessage
	failure  string
	status   int
	last     *http.Request // the last request, for replays
	body     []byte
}

const maxAttempts = 4 // the first, and Slack's three retries

// Signing tells how requests to the bot are signed. The zero value is right.
type Signing struct {
	Skew    time.Duration // what the time in the header is off by
	Damaged bool          // the signature is of something else
	Missing bool          // there is no signature
}

// SendTo makes the server send everything to a request URL of the bot; with an empty one it goes to
// the sockets again.
func (s *Server) SendTo(requestURL string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requestURL = requestURL
}

// Sign makes the server sign its requests differently from now on.
func (s *Server) Sign(how Signing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signing = how
}

// Acked returns whether the bot acknowledged.
func (d *Delivery) Acked() bool { return d.locked(func() bool { return d.acked }) }

// Failure returns what Slack shows instead of a result: operation_timeout, dispatch_failed, or why
// the answer was refused; and nothing when all is well.
func (d *Delivery) Failure() string {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.failure
}

// Took returns how long the acknowledgement took, by the real clock.
func (d *Delivery) Took() time.Duration {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.took
}

// Attempts returns how often it was sent.
func (d *Delivery) Attempts() int {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.attempts
}

// Answer returns what came with the acknowledgement.
func (d *Delivery) Answer() json.RawMessage {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.answer
}

// Status returns the status of the bot's answer over HTTP.
func (d *Delivery) Status() int {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.status
}

func (d *Delivery) locked(f func() bool) bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return f()
}

// Wait blocks until the bot acknowledged, or Slack gave up, or the server was closed, and returns
// whether the bot acknowledged.
func (d *Delivery) Wait() bool {
	select {
	case <-d.done:
	case <-d.s.ended:
	}
	return d.Acked()
}

// Again sends the same once more, as Slack does when an acknowledgement was lost on its way: the same
// envelope, or the very same request with its old signature. Over HTTP it returns the status of the
// answer.
func (d *Delivery) Again() int {
	d.s.mu.Lock()
	over, body, last := d.s.requestURL != "", d.body, d.last
	live := d.s.live()
	d.s.mu.Unlock()
	if over && last != nil {
		again := last.Clone(context.Background())
		again.Body = io.NopCloser(bytes.NewReader(body))
		status, _ := d.s.do(again)
		return status
	}
	if len(live) > 0 {
		live[0].write(d.envelope(0, ""))
	}
	return 0
}

func (d *Delivery) envelope(attempt int, reason string) envelope {
	e := envelope{ID: d.ID, Type: d.Kind, Payload: d.payload, Accepts: !d.event}
	if d.event {
		e.Attempt, e.Reason = &attempt, &reason
	}
	return e
}

// finish ends a delivery. The lock is held.
func (s *Server) finish(d *Delivery, answer json.RawMessage, failure string) {
	delete(s.pending, d.ID)
	select {
	case <-d.done:
		return
	default:
	}
	d.failure = failure
	if failure == "" {
		d.acked, d.took, d.answer = true, time.Since(d.sent), answer
		s.slowest = max(s.slowest, d.took)
		if d.effect != nil {
			d.failure = d.effect(answer)
		}
	}
	close(d.done)
	s.happened()
}

// deliver sends something for the first time.
func (s *Server) deliver(d *Delivery) *Delivery {
	s.mu.Lock()
	requestURL := s.requestURL
	s.mu.Unlock()
	if requestURL != "" {
		go s.request(d, requestURL)
	} else {
		s.send(d, "")
	}
	return d
}

// send puts an envelope on one of the sockets. Without one an event waits, and a person is told that
// the app does not answer.
func (s *Server) send(d *Delivery, reason string) {
	s.mu.Lock()
	live := s.live()
	switch {
	case d.acked || d.attempts >= maxAttempts:
		s.finish(d, nil, "operation_timeout")
	case len(live) == 0 && d.event:
		delete(s.pending, d.ID)
		s.waiting = append(s.waiting, d)
	case len(live) == 0:
		s.finish(d, nil, "dispatch_failed")
	default:
		s.turn++
		d.on = live[s.turn%len(live)]
		d.attempts++
		attempt := d.attempts
		if attempt == 1 {
			d.sent = time.Now()
		}
		s.pending[d.ID] = d
		s.mu.Unlock()
		d.on.write(d.envelope(attempt-1, reason))
		time.AfterFunc(s.opts.AckTimeout, func() { s.expire(d, attempt) })
		return
	}
	s.mu.Unlock()
}

// expire gives up an attempt that nobody acknowledged.
func (s *Server) expire(d *Delivery, attempt int) {
	s.mu.Lock()
	if d.acked || d.attempts != attempt || s.pending[d.ID] == nil {
		s.mu.Unlock()
		return
	}
	if !d.event {
		s.finish(d, nil, "operation_timeout")
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	s.send(d, "timeout")
}

// request sends something to the request URL, an event up to four times. Slack waits a minute and five
// before its last two retries; nobody waits for them here.
func (s *Server) request(d *Delivery, to string) {
	reason := ""
	for attempt := range maxAttempts {
		r := s.signed(d, to)
		if attempt > 0 {
			r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
			r.Header.Set("X-Slack-Retry-Reason", reason)
		}
		s.mu.Lock()
		d.attempts++
		d.last = r
		if attempt == 0 {
			d.sent = time.Now()
		}
		s.mu.Unlock()
		status, answer := s.do(r)
		s.mu.Lock()
		d.status = status
		switch {
		case status >= 200 && status < 300:
			s.finish(d, plainOrJSON(answer), "")
		case !d.event && status == 0:
			s.finish(d, nil, "operation_timeout")
		case !d.event:
			s.finish(d, nil, "dispatch_failed")
		case attempt == maxAttempts-1:
			s.finish(d, nil, "http_error")
		}
		ended := d.acked || d.failure != ""
		s.mu.Unlock()
		if ended {
			return
		}
		if reason = "http_error"; status == 0 {
			reason = "http_timeout"
		}
	}
}

// plainOrJSON makes JSON of an answer that is plain text.
func plainOrJSON(answer []byte) json.RawMessage {
	if answer = bytes.TrimSpace(answer); len(answer) == 0 || json.Valid(answer) {
		return answer
	}
	text, _ := json.Marshal(map[string]string{"text": string(answer)}) // strings have JSON
	return text
}

// do sends a request and waits as long as Slack does. It returns 0 when there was no answer.
func (s *Server) do(r *http.Request) (int, []byte) {
	ctx, cancel := context.WithTimeout(r.Context(), s.opts.AckTimeout)
	defer cancel()
	resp, err := http.DefaultClient.Do(r.WithContext(ctx))
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, answer
}

// signed makes the request of a delivery.
func (s *Server) signed(d *Delivery, to string) *http.Request {
	kind, body := "application/x-www-form-urlencoded", []byte(nil)
	switch d.Kind {
	case "slash_commands":
		var fields map[string]string
		_ = json.Unmarshal(d.payload, &fields) // made by Types
		form := make(url.Values)
		for name, value := range fields {
			form.Set(name, value)
		}
		body = []byte(form.Encode())
	case "interactive":
		body = []byte(url.Values{"payload": {string(d.payload)}}.Encode())
	default:
		kind, body = "application/json", d.payload
	}
	d.body = body
	r, err := http.NewRequest(http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		panic(fmt.Sprintf("slacktest: the request URL %q is none: %v", to, err))
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	s.mu.Lock()
	how := s.signing
	s.mu.Unlock()
	stamp := strconv.FormatInt(s.opts.Now().Add(how.Skew).Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.SigningSecret()))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	if how.Damaged {
		fmt.Fprint(mac, "damage")
	}
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	if !how.Missing {
		r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	}
	return r
}

// SlowestAck returns the longest that an acknowledgement took, by the real clock.
func (s *Server) SlowestAck() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slowest
}

// VerifyURL does what Slack does when a request URL is entered: it sends a challenge and wants it back.
func (s *Server) VerifyURL(requestURL string) error {
	challenge := "challenge-" + s.opts.BotName
	d := &Delivery{s: s, payload: fmt.Appendf(nil,
		`{"token":"verification","challenge":%q,"type":"url_verification"}`, challenge)}
	status, answer := s.do(s.signed(d, requestURL))
	var back struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(answer, &back) != nil {
		back.Challenge = string(bytes.TrimSpace(answer))
	}
	if status != http.StatusOK || back.Challenge != challenge {
		return fmt.Errorf("verifying the request URL: status %d, challenge %q", status, back.Challenge)
	}
	return nil
}
