package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Workspace is a team the app is installed to.
type Workspace struct {
	ID, Name string

	s        *Server
	scopes   []string
	dead     string // the error that every call is answered with
	users    map[string]*User
	channels map[string]*Channel
	order    []string // of the channels
	groups   []userGroup
}

type userGroup struct {
	id, handle string
	users      []string
}

// Role tells what somebody is in a workspace.
type Role int

// The roles.
const (
	Member Role = iota
	Admin
	Owner
	Guest    // may use some channels only
	External // of another organisation, in a shared channel
)

// User is a person of a workspace.
type User struct {
	ID, Name string
	Role     Role

	ws   *Workspace
	home *View
}

// Channel is a conversation of a workspace: public, private or between the bot and one person.
type Channel struct {
	ID string

	ws       *Workspace
	name     string
	private  bool
	with     string // the person, in a direct conversation
	archived bool
	bot      bool // whether the bot is in it
	messages []*Message
}

// slackScopes are what a bot is granted unless [Workspace.Scopes] says otherwise.
func slackScopes() []string {
	return []string{
		"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands",
		"groups:history", "groups:read", "im:history", "im:read", "im:write", "team:read",
		"usergroups:read", "users:read",
	}
}

// Workspace returns the workspace with an id; the first call installs the app to it.
func (s *Server) Workspace(id string) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	ws := s.workspaces[id]
	if ws == nil {
		ws = &Workspace{
			ID: id, Name: "Workspace " + id, s: s, scopes: slackScopes(),
			users: make(map[string]*User), channels: make(map[string]*Channel),
		}
		s.workspaces[id] = ws
	}
	return ws
}

// BotToken returns the token of the bot in this workspace.
func (ws *Workspace) BotToken() string { return "xoxb-" + ws.ID + "-secret" }

// BotUser returns the user id of the bot in this workspace.
func (ws *Workspace) BotUser() string { return "UBOT" + ws.ID }

// BotID returns the id of the bot itself in this workspace.
func (ws *Workspace) BotID() string { return "BBOT" + ws.ID }

// Scopes grants the bot just these scopes.
func (ws *Workspace) Scopes(scopes ...string) {
	ws.s.mu.Lock()
	defer ws.s.mu.Unlock()
	ws.scopes = scopes
}

// User returns the person with an id; the first call invites them, with a name and a role.
func (ws *Workspace) User(id, name string, role ...Role) *User {
	ws.s.mu.Lock()
	defer ws.s.mu.Unlock()
	u := ws.users[id]
	if u == nil {
		u = &User{ID: id, Name: or(name, id), ws: ws}
		if len(role) > 0 {
			u.Role = role[0]
		}
		ws.users[id] = u
	}
	return u
}

// Channel returns the public channel with an id; the first call makes it, with the bot in it.
func (ws *Workspace) Channel(id, name string) *Channel {
	return ws.channel(&Channel{ID: id, name: name, bot: true})
}

// PrivateChannel returns the private channel with an id; the first call makes it, with the bot in it.
func (ws *Workspace) PrivateChannel(id, name string) *Channel {
	return ws.channel(&Channel{ID: id, name: name, bot: true, private: true})
}

// DM returns the conversation between the bot and a person.
func (ws *Workspace) DM(u *User) *Channel {
	return ws.channel(&Channel{ID: "D" + u.ID, name: "dm-" + u.Name, bot: true, with: u.ID})
}

func (ws *Workspace) channel(made *Channel) *Channel {
	ws.s.mu.Lock()
	defer ws.s.mu.Unlock()
	return ws.channelLocked(made)
}

func (ws *Workspace) channelLocked(made *Channel) *Channel {
	if c := ws.channels[made.ID]; c != nil {
		return c
	}
	made.ws = ws
	ws.channels[made.ID] = made
	ws.order = append(ws.order, made.ID)
	return made
}

// UserGroup makes a group of people, or changes who is in it.
func (ws *Workspace) UserGroup(id, handle string, users ...*User) {
	ws.s.mu.Lock()
	defer ws.s.mu.Unlock()
	g := userGroup{id: id, handle: handle}
	for _, u := range users {
		g.users = append(g.users, u.ID)
	}
	ws.groups = slices.DeleteFunc(ws.groups, func(old userGroup) bool { return old.id == id })
	ws.groups = append(ws.groups, g)
}

// Name returns the name of the channel, without its number sign.
func (c *Channel) Name() string {
	c.ws.s.mu.Lock()
	defer c.ws.s.mu.Unlock()
	return c.name
}

// Messages returns the messages of the channel in order, threads flattened, with edits applied and
// deleted ones left out. They are copies: a later edit does not change them.
func (c *Channel) Messages() []*Message {
	return c.copies(func(m *Message) bool { return m.To == "" && !m.deleted })
}

// Thread returns a message and its replies.
func (c *Channel) Thread(m *Message) []*Message {
	return c.copies(func(r *Message) bool {
		return r.To == "" && !r.deleted && (r.TS == m.TS || r.ThreadTS == m.TS)
	})
}

// Ephemeral returns what only one person saw in the channel.
func (c *Channel) Ephemeral(u *User) []*Message {
	return c.copies(func(m *Message) bool { return m.To == u.ID && !m.deleted })
}

func (c *Channel) copies(keep func(*Message) bool) (kept []*Message) {
	c.ws.s.mu.Lock()
	defer c.ws.s.mu.Unlock()
	for _, m := range c.messages {
		if keep(m) {
			kept = append(kept, m.copy())
		}
	}
	return kept
}

// find returns the message with a timestamp. The lock is held.
func (c *Channel) find(ts string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.TS == ts && !m.deleted })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// kind is what Slack calls it in events.
func (c *Channel) kind() string {
	switch {
	case c.with != "":
		return "im"
	case c.private:
		return "group"
	}
	return "channel"
}

// title is the channel in a transcript.
func (c *Channel) title() string {
	if c.with != "" {
		return strings.TrimPrefix(c.name, "dm-") + " (directly)"
	}
	return "#" + c.name
}

// Message is a message as the people of a channel see it, or one of them.
type Message struct {
	Channel     string
	TS          string
	ThreadTS    string // of the message it replies to, or empty
	User        string // who wrote it
	To          string // who alone sees it, or empty for everybody
	Text        string
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Metadata    json.RawMessage
	Broadcast   bool              // whether a reply is shown in the channel also
	Args        map[string]string // the arguments of the call that posted it
	Edits       []Edit            // what it said before, oldest first

	deleted bool
}

// Edit is what a message said before it was changed.
type Edit struct {
	Text     string
	Blocks   json.RawMessage
	Metadata json.RawMessage
}

func (m *Message) copy() *Message {
	c := *m
	c.Edits = slices.Clone(m.Edits)
	return &c
}
