package discordtest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

const tokenAge = 15 * time.Minute

// The types of interactions.
const (
	pingInteraction     = 1
	commandInteraction  = 2
	clickInteraction    = 3
	completeInteraction = 4
	submitInteraction   = 5
)

// The types of answers to interactions.
const (
	pong           = 1
	answerMessage  = 4
	answerThinking = 5
	deferUpdate    = 6
	answerUpdate   = 7
	answerChoices  = 8
	answerModal    = 9
)

// Choice is what completes an option.
type Choice struct {
	Name  string
	Value any // a string or a number
}

// Delivery is an interaction: something that somebody did, of which the bot is told.
type Delivery struct {
	ID    string
	Token string

	s       *Server
	kind    int
	channel *Channel
	user    *Member
	on      *Message // what was clicked on, or nil
	payload []byte
	done    chan struct{} // closed when there is a first answer, or it is too late

	sent      time.Time // by the real clock, which the bot is measured with
	at        time.Time // by the clock of the server
	timer     *time.Timer
	acked     bool
	dead      bool // the first answer came too late
	took      time.Duration
	answer    json.RawMessage
	choices   []Choice
	failure   string
	status    int
	original  *Message
	foreign   bool // of somebody who installed the application, in a guild that the bot is not in
	followUps int
	resent    *signedRequest
}

// Acked returns whether the bot answered in time.
func (d *Delivery) Acked() bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.acked
}

// Failure returns why the person is told that the application did not respond, and nothing when all is
// well.
func (d *Delivery) Failure() string {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.failure
}

// Took returns how long the first answer took, by the real clock.
func (d *Delivery) Took() time.Duration {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.took
}

// Answer returns the first answer.
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

// Choices returns what the bot completes an option with.
func (d *Delivery) Choices() []Choice {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.choices
}

// Payload returns what the bot was told.
func (d *Delivery) Payload() json.RawMessage { return d.payload }

// Original returns the message that the first answer posted, as it is now, or nil.
func (d *Delivery) Original() *Message {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if d.original == nil || d.original.deleted {
		return nil
	}
	return d.original.copy()
}

// Wait blocks until the bot gave its first answer, or it is too late, or the server was closed, and
// returns whether the bot answered.
func (d *Delivery) Wait() bool {
	select {
	case <-d.done:
	case <-d.s.ended:
	}
	return d.Acked()
}

// WaitSaid blocks until the answer says something: a bot that thinks has not said it yet. It returns the
// message.
func (d *Delivery) WaitSaid(t testing.TB) *Message {
	t.Helper()
	d.s.Wait(t, "the answer", func() bool { m := d.Original(); return m != nil && !m.Thinking })
	return d.Original()
}

// Slowest returns how long the slowest first answer took, by the real clock.
func (s *Server) Slowest() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slowest
}

// deliver sends an interaction, over HTTP or over the gateway. The lock is not held.
func (s *Server) deliver(d *Delivery) *Delivery {
	s.mu.Lock()
	d.sent, d.at = time.Now(), s.opts.Now()
	s.deliveries[d.Token] = d
	d.timer = time.AfterFunc(s.opts.AckTimeout, func() { s.tooLate(d) })
	requestURL := s.requestURL
	if requestURL == "" {
		s.dispatchInteraction(d)
	}
	s.mu.Unlock()
	if requestURL != "" {
		go s.request(d, requestURL)
	}
	return d
}

// tooLate ends an interaction that got no answer in time: its token is of no use any more.
func (s *Server) tooLate(d *Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.acked || d.dead {
		return
	}
	d.dead = true
	s.finish(d, "The application did not respond")
}

// finish ends the wait for a first answer. The lock is held.
func (s *Server) finish(d *Delivery, failure string) {
	select {
	case <-d.done:
		return
	default:
	}
	d.failure = failure
	if failure == "" {
		d.acked, d.took = true, time.Since(d.sent)
		s.slowest = max(s.slowest, d.took)
	} else {
		s.tellOne(d.channel, d.user.ID, d.user.Name+" is told: "+failure)
	}
	if d.timer != nil {
		d.timer.Stop()
	}
	close(d.done)
	s.happened()
}

// callback takes the first answer to an interaction, and returns why it is refused. The lock is held.
func (d *Delivery) callback(body map[string]any, files []Attachment) *limits.Error {
	kind, _ := body["type"].(float64)
	data, _ := body["data"].(map[string]any)
	switch {
	case d.acked:
		return limits.Refuse(limits.Acknowledged)
	case d.dead || d.s.opts.Now().Sub(d.at) > d.s.opts.AckTimeout:
		d.dead = true
		return limits.Refuse(limits.UnknownInteraction)
	case !d.allows(int(kind)):
		return limits.Wrong("type", "BASE_TYPE_CHOICES", "Value must be an answer to this interaction.")
	}
	if refused := answerable(int(kind), data, len(files)); refused != nil {
		return refused
	}
	d.answer = raw(body)
	d.take(int(kind), data, files)
	d.s.finish(d, "")
	return nil
}

// allows returns whether this interaction can be answered so.
func (d *Delivery) allows(kind int) bool {
	switch kind {
	case pong:
		return d.kind == pingInteraction
	case answerMessage, answerThinking:
		return d.kind == commandInteraction || d.kind == clickInteraction || d.kind == submitInteraction
	case deferUpdate, answerUpdate:
		return d.on != nil && (d.kind == clickInteraction || d.kind == submitInteraction)
	case answerChoices:
		return d.kind == completeInteraction
	case answerModal:
		return d.kind == commandInteraction || d.kind == clickInteraction
	}
	return false
}

// answerable says what is wrong with the data of an answer.
func answerable(kind int, data map[string]any, files int) *limits.Error {
	var refused *limits.Error
	switch kind {
	case answerMessage:
		refused = limits.Message(data, files)
	case answerUpdate:
		refused = limits.Edit(data)
	case answerChoices:
		return limits.Choices(data)
	case answerModal:
		return limits.Modal(data)
	}
	if refused != nil && refused.Errors != nil {
		refused.Errors = map[string]any{"data": refused.Errors}
	}
	return refused
}

// take does what an answer says. The lock is held.
func (d *Delivery) take(kind int, data map[string]any, files []Attachment) {
	s := d.s
	switch kind {
	case answerMessage, answerThinking:
		m := d.channel.write(data, files)
		m.toWhom(d)
		m.Thinking = kind == answerThinking
		if m.Thinking {
			m.Flags |= loadingFlag
		}
		d.original = m
		s.tellPost(m)
	case answerUpdate:
		d.original = d.on
		d.on.change(data, files)
		s.tellEdit(d.on)
	case deferUpdate:
		d.original = d.on
	case answerChoices:
		for _, one := range members(raw(data["choices"])) {
			o, _ := one.(map[string]any)
			name, _ := o["name"].(string)
			d.choices = append(d.choices, Choice{name, o["value"]})
		}
		s.tellChoices(d)
	case answerModal:
		d.user.window = s.modal(d, data)
		s.tellModal(d.user.window)
	}
}

// toWhom makes a message one that only the person sees, when its flags say so.
func (m *Message) toWhom(d *Delivery) {
	if m.Flags&limits.Ephemeral != 0 {
		m.To = d.user.ID
	}
}

// members reads JSON as a list.
func members(text json.RawMessage) (all []any) {
	_ = json.Unmarshal(text, &all) // null has none
	return all
}
