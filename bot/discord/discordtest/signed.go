package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Signing tells how requests to the bot are signed. The zero value is right.
type Signing struct {
	Skew    time.Duration // what the time in the header is off by
	Damaged bool          // the signature is of something else
	Missing bool          // there is no signature
}

// signedRequest is a request to the bot, for replays.
type signedRequest struct {
	url    string
	header http.Header
	body   []byte
}

// SendTo makes the server send interactions to an interactions endpoint of the bot; with an empty one they
// go over the gateway again.
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

// sign makes the request that brings a body to the bot.
func (s *Server) sign(url string, body []byte, how Signing) *signedRequest {
	at := strconv.FormatInt(s.opts.Now().Add(how.Skew).Unix(), 10)
	signed := append([]byte(at), body...)
	if how.Damaged {
		signed = append(signed, ' ')
	}
	r := &signedRequest{url: url, header: make(http.Header), body: body}
	r.header.Set("Content-Type", "application/json")
	r.header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	if !how.Missing {
		r.header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(s.key, signed)))
		r.header.Set("X-Signature-Timestamp", at)
	}
	return r
}

// do sends a request, and returns the status and the body of the answer.
func (r *signedRequest) do(timeout time.Duration) (int, []byte, error) {
	request, err := http.NewRequest(http.MethodPost, r.url, bytes.NewReader(r.body))
	if err != nil {
		return 0, nil, err
	}
	request.Header = r.header.Clone()
	response, err := (&http.Client{Timeout: timeout}).Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, body, err
}

// request brings an interaction to the bot, and takes the first answer if it comes at once.
func (s *Server) request(d *Delivery, url string) {
	s.mu.Lock()
	r := s.sign(url, d.payload, s.signing)
	d.resent = r
	s.mu.Unlock()
	status, body, err := r.do(s.opts.AckTimeout)
	s.mu.Lock()
	defer s.mu.Unlock()
	d.status = status
	switch {
	case err != nil:
		return // the time runs out
	case status == http.StatusAccepted || status == http.StatusNoContent:
		return // the answer comes on its own
	case status != http.StatusOK:
		d.dead = true
		s.finish(d, "The application did not respond")
		return
	}
	if refused := d.callback(object(body), nil); refused != nil {
		d.dead = true
		s.finish(d, "The application did not respond ("+refused.Error()+")")
	}
}

// Again sends the same once more: over HTTP the very same request with its old signature, of which it
// returns the status of the answer; over the gateway the same interaction.
func (d *Delivery) Again() int {
	d.s.mu.Lock()
	r := d.resent
	if r == nil {
		d.s.dispatchInteraction(d)
	}
	d.s.mu.Unlock()
	if r == nil {
		return 0
	}
	status, _, _ := r.do(d.s.opts.AckTimeout) // 0 when there is none
	return status
}

// VerifyURL does what Discord does when somebody enters an interactions endpoint: it sends a PING that is
// signed well and one that is not, and returns what is wrong with the answers.
func (s *Server) VerifyURL(url string) error {
	s.mu.Lock()
	ping := raw(result{
		"id": s.id(), "application_id": s.appID, "type": pingInteraction, "token": "ping" + s.id(),
		"version": 1,
	})
	good, bad := s.sign(url, ping, Signing{}), s.sign(url, ping, Signing{Damaged: true})
	s.mu.Unlock()
	status, body, err := good.do(s.opts.AckTimeout)
	if err != nil {
		return fmt.Errorf("sending a PING: %w", err)
	}
	var answered struct{ Type int }
	if json.Unmarshal(body, &answered) != nil || status != http.StatusOK || answered.Type != pong {
		return fmt.Errorf("a PING is answered %d %s, want a PONG", status, body)
	}
	status, _, err = bad.do(s.opts.AckTimeout)
	if err != nil {
		return fmt.Errorf("sending a PING with a wrong signature: %w", err)
	}
	if status != http.StatusUnauthorized {
		return fmt.Errorf("a wrong signature is answered %d, want 401", status)
	}
	return nil
}
