package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// identify begins a session, and returns the code to close the socket with, or 0.
func (k *Socket) identify(raw json.RawMessage) int {
	var d struct {
		Token      string         `json:"token"`
		Intents    *int           `json:"intents"`
		Shard      *[2]int        `json:"shard"`
		Properties map[string]any `json:"properties"`
	}
	s := k.s
	if json.Unmarshal(raw, &d) != nil || d.Properties == nil || d.Intents == nil {
		return 4002
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.gatewayFaultOf(refuseIdentify); f != nil {
		return f.code
	}
	n := &session{id: s.id(), intents: *d.Intents, shard: [2]int{0, 1}, socket: k}
	if d.Shard != nil {
		n.shard = *d.Shard
	}
	if code := k.refuses(d.Token, n); code != 0 {
		return code
	}
	if len(s.identifiedSince(identifySpan)) >= s.opts.Identifies {
		k.invalid = true
		k.send(frame{Op: opInvalid, Data: false})
		return 0
	}
	if len(s.identifiedSince(24*time.Hour)) >= maxIdentifies {
		s.token++ // and whoever owns the bot gets a letter
		s.sessions = make(map[string]*session)
		return 4004
	}
	s.identified = append(s.identified, s.opts.Now())
	s.sessions[n.id], k.session = n, n
	if s.gatewayFaultOf(LostReady) != nil {
		n.socket = nil // it is kept, and never sent
		k.silent = true
	}
	n.ready(s)
	n.socket = k
	s.happened()
	return 0
}

// maxIdentifies is how many sessions may begin in a day; then the token is reset.
const maxIdentifies = 1000

// refuses returns the code that an IDENTIFY is refused with, or 0. The lock is held.
func (k *Socket) refuses(token string, n *session) int {
	s := k.s
	switch {
	case k.session != nil, k.invalid && s.opts.Strict:
		return 4005
	case token != s.botToken() && token != "Bot "+s.botToken():
		return 4004
	case n.intents < 0 || n.intents > allIntents:
		return 4013
	case n.intents&privileged&^s.opts.Intents != 0:
		return 4014
	case n.shard[1] < 1 || n.shard[0] < 0 || n.shard[0] >= n.shard[1]:
		return 4010
	case n.shard[1] < s.opts.Shards && s.opts.Strict:
		return 4011
	}
	return 0
}

// ready tells a session that it began, and what guilds there are. The lock is held.
func (n *session) ready(s *Server) {
	away := []any{}
	for _, g := range s.guildOrder {
		if g.member && n.hears(g) {
			away = append(away, result{"id": g.ID, "unavailable": true})
		}
	}
	n.tell("READY", result{
		"v": 10, "user": s.botJSON(), "guilds": away, "session_id": n.id, "resume_gateway_url": s.ResumeURL(),
		"shard": n.shard, "application": result{"id": s.appID, "flags": 0}, "private_channels": []any{},
		"session_type": "normal", "relationships": []any{}, "presences": []any{}, "user_settings": result{},
	})
	if n.intents&intentGuilds == 0 {
		return
	}
	for _, g := range s.guildOrder {
		if g.member && n.hears(g) {
			n.tell("GUILD_CREATE", g.created())
		}
	}
}

// identifiedSince returns when sessions began not longer ago than that. The lock is held.
func (s *Server) identifiedSince(ago time.Duration) []time.Time {
	now := s.opts.Now()
	return slices.DeleteFunc(slices.Clone(s.identified), func(at time.Time) bool { return now.Sub(at) >= ago })
}

// resumes goes on with a session, and returns the code to close the socket with, or 0.
func (k *Socket) resumes(raw json.RawMessage) int {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     *int   `json:"seq"`
	}
	if json.Unmarshal(raw, &d) != nil || d.Seq == nil {
		return 4002
	}
	s := k.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.gatewayFaultOf(refuseResume); f != nil {
		return f.code
	}
	n := s.sessions[d.Session]
	switch {
	case k.session != nil:
		return 4005
	case d.Token != s.botToken() && d.Token != "Bot "+s.botToken():
		return 4004
	case n == nil:
		k.invalid = true
		k.send(frame{Op: opInvalid, Data: false})
		return 0
	case *d.Seq > n.seq:
		return 4007
	}
	if n.socket != nil {
		n.socket.session = nil
	}
	n.socket, k.session = k, n
	if s.gatewayFaultOf(SilentAfterResume) != nil {
		k.silent = true
		return 0
	}
	for _, f := range n.sent {
		if *f.Seq > *d.Seq {
			k.send(f)
		}
	}
	n.tell("RESUMED", result{"_trace": []string{"fake"}})
	s.happened()
	return 0
}
