// Package places keeps in mind where the bot is and what it may do there, from what the gateway tells.
//
// Events go in, and out comes what they change: a channel that the bot can post in now, or why it
// cannot any more. Nothing here talks to Discord.
package places

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
)

// Change is what became of a channel.
type Change struct {
	Channel string
	Name    string // it is hostile text
	Away    string // why the bot cannot post there; empty if it can
}

// Map is the servers that the bot is in. It is safe for concurrent use.
type Map struct {
	mu      sync.Mutex
	me      string
	servers map[string]*server
}

// New makes a map with nothing on it.
func New() *Map { return &Map{servers: make(map[string]*server)} }

// server is a guild.
type server struct {
	id       string
	roles    map[string]uint64 // what they let one do
	mine     []string          // roles of the bot
	channels map[string]channel
}

// channel is a place in a server.
type channel struct {
	ID         string                `json:"id"`
	Guild      string                `json:"guild_id"`
	Name       string                `json:"name"`
	Type       discordgo.ChannelType `json:"type"`
	Exceptions []exception           `json:"permission_overwrites"`
}

// exception is what somebody may or may not do in one channel.
type exception struct {
	ID    string `json:"id"`
	Allow bits   `json:"allow"`
	Deny  bits   `json:"deny"`
}

// bits are permissions: a number in a string.
type bits uint64

// UnmarshalJSON implements [json.Unmarshaler].
func (b *bits) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	n, err := strconv.ParseUint(s, 10, 64)
	*b = bits(n)
	return err
}

// role is a group of members.
type role struct {
	ID          string `json:"id"`
	Permissions bits   `json:"permissions"`
}

// member is somebody in a server.
type member struct {
	Guild string `json:"guild_id"`
	User  struct {
		ID string `json:"id"`
	} `json:"user"`
	Roles []string `json:"roles"`
}

// Why the bot cannot post.
const (
	removed   = "I was removed from the server"
	deleted   = "the channel was deleted"
	forbidden = "I may not post there any more: give me View Channel, Send Messages and Embed Links"
)

// Take takes an event, and returns what it changes. Those that are about no places change nothing.
func (m *Map) Take(name string, data json.RawMessage) ([]Change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	take, known := map[string]func(json.RawMessage) ([]Change, error){
		"READY":               m.ready,
		"GUILD_CREATE":        m.joined,
		"GUILD_DELETE":        m.left,
		"CHANNEL_CREATE":      m.changed,
		"CHANNEL_UPDATE":      m.changed,
		"CHANNEL_DELETE":      m.deleted,
		"THREAD_DELETE":       m.deleted,
		"GUILD_ROLE_CREATE":   m.role,
		"GUILD_ROLE_UPDATE":   m.role,
		"GUILD_MEMBER_UPDATE": m.member,
	}[name]
	if !known {
		return nil, nil
	}
	return take(data)
}

// read reads an event.
func read[T any](data json.RawMessage) (t T, err error) {
	if err := json.Unmarshal(data, &t); err != nil {
		return t, fmt.Errorf("reading an event: %w", err)
	}
	return t, nil
}

// ready begins anew: servers that we left meanwhile are not told of.
func (m *Map) ready(data json.RawMessage) ([]Change, error) {
	e, err := read[struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
	}](data)
	m.me = e.User.ID
	return nil, err
}

// joined tells of a server, after an invitation or when we listen anew.
func (m *Map) joined(data json.RawMessage) (all []Change, err error) {
	e, err := read[struct {
		ID       string    `json:"id"`
		Away     bool      `json:"unavailable"`
		Channels []channel `json:"channels"`
		Roles    []role    `json:"roles"`
		Members  []member  `json:"members"`
	}](data)
	if err != nil || e.Away {
		return nil, err
	}
	s := &server{id: e.ID, roles: make(map[string]uint64), channels: make(map[string]channel)}
	for _, r := range e.Roles {
		s.roles[r.ID] = uint64(r.Permissions)
	}
	for _, one := range e.Members {
		if one.User.ID == m.me {
			s.mine = one.Roles
		}
	}
	m.servers[e.ID] = s
	for _, c := range e.Channels {
		s.channels[c.ID] = c
		if takesPosts(c.Type) && m.mayPost(s, c) {
			all = append(all, Change{Channel: c.ID, Name: c.Name})
		}
	}
	return all, nil
}

// left tells that we are not in a server any more, unless it is Discord that is ill.
func (m *Map) left(data json.RawMessage) (all []Change, err error) {
	e, err := read[struct {
		ID   string `json:"id"`
		Away bool   `json:"unavailable"`
	}](data)
	s := m.servers[e.ID]
	if err != nil || e.Away || s == nil {
		return nil, err
	}
	delete(m.servers, e.ID)
	for _, c := range s.channels {
		if takesPosts(c.Type) {
			all = append(all, Change{Channel: c.ID, Name: c.Name, Away: removed})
		}
	}
	return all, nil
}

func (m *Map) changed(data json.RawMessage) ([]Change, error) {
	c, err := read[channel](data)
	s := m.servers[c.Guild]
	if err != nil || s == nil {
		return nil, err
	}
	s.channels[c.ID] = c
	if !takesPosts(c.Type) {
		return nil, nil
	}
	return []Change{m.change(s, c)}, nil
}

// change says how it is about a channel.
func (m *Map) change(s *server, c channel) Change {
	found := Change{Channel: c.ID, Name: c.Name}
	if !m.mayPost(s, c) {
		found.Away = forbidden
	}
	return found
}

func (m *Map) deleted(data json.RawMessage) ([]Change, error) {
	c, err := read[channel](data)
	if err != nil {
		return nil, err
	}
	if s := m.servers[c.Guild]; s != nil {
		delete(s.channels, c.ID)
	}
	return []Change{{Channel: c.ID, Name: c.Name, Away: deleted}}, nil
}

func (m *Map) role(data json.RawMessage) ([]Change, error) {
	e, err := read[struct {
		Guild string `json:"guild_id"`
		Role  role   `json:"role"`
	}](data)
	s := m.servers[e.Guild]
	if err != nil || s == nil {
		return nil, err
	}
	return m.compare(s, func() { s.roles[e.Role.ID] = uint64(e.Role.Permissions) }), nil
}

func (m *Map) member(data json.RawMessage) ([]Change, error) {
	e, err := read[member](data)
	s := m.servers[e.Guild]
	if err != nil || s == nil || e.User.ID != m.me {
		return nil, err
	}
	return m.compare(s, func() { s.mine = e.Roles }), nil
}

// compare returns the channels of a server in which the bot may do something else after a change.
func (m *Map) compare(s *server, change func()) (all []Change) {
	before := make(map[string]bool)
	for id, c := range s.channels {
		before[id] = m.mayPost(s, c)
	}
	change()
	for id, c := range s.channels {
		if takesPosts(c.Type) && before[id] != m.mayPost(s, c) {
			all = append(all, m.change(s, c))
		}
	}
	return all
}

// takesPosts reports whether a channel is of a kind in which alerts can stand.
func takesPosts(t discordgo.ChannelType) bool {
	switch t {
	case discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews, discordgo.ChannelTypeGuildForum,
		discordgo.ChannelTypeGuildVoice, discordgo.ChannelTypeGuildStageVoice:
		return true
	}
	return false
}

// mayPost works out what the bot may do, as Discord's documents say.
func (m *Map) mayPost(s *server, c channel) bool {
	const wanted = visit.ViewChannel | visit.SendMessages | visit.EmbedLinks
	may := s.roles[s.id] // everyone's
	for _, id := range s.mine {
		may |= s.roles[id]
	}
	if may&visit.Administrator != 0 {
		return true
	}
	var allow, deny uint64
	for _, e := range c.Exceptions {
		if e.ID == s.id {
			may = may&^uint64(e.Deny) | uint64(e.Allow)
		}
		for _, id := range s.mine {
			if e.ID == id {
				allow, deny = allow|uint64(e.Allow), deny|uint64(e.Deny)
			}
		}
	}
	may = may&^deny | allow
	for _, e := range c.Exceptions {
		if e.ID == m.me {
			may = may&^uint64(e.Deny) | uint64(e.Allow)
		}
	}
	return may&wanted == wanted
}
