package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/seen"
)

// Message is a message as the people of a channel see it, or one of them.
type Message struct {
	ID         string
	Channel    string // its id
	Author     string // who wrote it
	To         string // who alone sees it, or empty for everybody
	Content    string
	Embeds     json.RawMessage
	Components json.RawMessage
	Flags      int
	Nonce      string
	ReplyTo    string          // the message it answers, or empty
	Thinking   bool            // whether the bot has yet to say what it says
	Allowed    json.RawMessage // allowed_mentions, or nil
	Files      []Attachment
	Edits      []Edit // what it said before, oldest first

	ch      *Channel
	at      time.Time
	edited  time.Time
	nonced  any // as it was sent
	deleted bool
}

// Edit is what a message said before it was changed.
type Edit struct {
	Content            string
	Embeds, Components json.RawMessage
}

// Attachment is a file.
type Attachment struct {
	Name, Type, Description string
	Data                    []byte

	id, index string
}

// Messages returns the messages of the channel in order, with edits applied and deleted ones left out.
// They are copies: a later edit does not change them.
func (c *Channel) Messages() []*Message {
	return c.copies(func(m *Message) bool { return m.To == "" })
}

// Ephemeral returns what only one person saw in the channel.
func (c *Channel) Ephemeral(u *Member) []*Message {
	return c.copies(func(m *Message) bool { return m.To == u.ID })
}

// Thread returns the thread that was started from a message, or nil.
func (c *Channel) Thread(m *Message) *Channel {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.threadOf(m.ID)
}

// threadOf returns the thread that was started from a message, which has the id of the message. The first
// message of a forum's post has the id of the post it stands in. The lock is held.
func (c *Channel) threadOf(id string) *Channel {
	if t := c.s.channels[id]; t != nil && t.parent == c {
		return t
	}
	return nil
}

func (c *Channel) copies(keep func(*Message) bool) (kept []*Message) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, m := range c.messages {
		if keep(m) && !m.deleted {
			kept = append(kept, m.copy())
		}
	}
	return kept
}

func (m *Message) copy() *Message {
	n := *m
	n.Edits, n.Files = slices.Clone(m.Edits), slices.Clone(m.Files)
	return &n
}

// Wait blocks until the channel has n messages, and returns them.
func (c *Channel) Wait(t testing.TB, n int) []*Message {
	t.Helper()
	c.s.Wait(t, fmt.Sprintf("%d messages", n), func() bool { return len(c.Messages()) >= n })
	return c.Messages()
}

// WaitEphemeral blocks until somebody has seen n messages that nobody else sees, and returns them.
func (c *Channel) WaitEphemeral(t testing.TB, u *Member, n int) []*Message {
	t.Helper()
	c.s.Wait(t, fmt.Sprintf("%d messages to one", n), func() bool { return len(c.Ephemeral(u)) >= n })
	return c.Ephemeral(u)
}

// find returns the message with an id. The lock is held.
func (c *Channel) find(id string) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.ID == id && !m.deleted })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

// write keeps a new message of the bot. The lock is held.
func (c *Channel) write(body map[string]any, files []Attachment) *Message {
	m := &Message{
		ID: c.s.id(), Channel: c.ID, ch: c, Author: c.s.botID, at: c.s.opts.Now(),
		Flags: limits.Flags(body), nonced: body["nonce"], Embeds: raw([]any{}), Components: raw([]any{}),
	}
	switch n := m.nonced.(type) {
	case string:
		m.Nonce = n
	case float64:
		m.Nonce = strconv.FormatFloat(n, 'f', -1, 64)
	}
	m.says(body, files)
	c.messages = append(c.messages, m)
	return m
}

// says takes what a message says out of a body. What the body leaves out stays.
func (m *Message) says(body map[string]any, files []Attachment) {
	if v, ok := body["content"]; ok {
		text, _ := v.(string)
		m.Content = strings.TrimSpace(text)
	}
	for name, to := range map[string]*json.RawMessage{"embeds": &m.Embeds, "components": &m.Components} {
		if v, ok := body[name]; ok {
			all, _ := v.([]any)
			*to = raw(seen.Kept(list(all)))
		}
	}
	if v := body["allowed_mentions"]; v != nil {
		m.Allowed = raw(v)
	}
	if described, ok := body["attachments"].([]any); ok {
		m.Files = slices.DeleteFunc(m.Files, func(f Attachment) bool {
			return !slices.ContainsFunc(described, func(d any) bool { return named(d) == f.id })
		})
		for i := range files {
			for _, d := range described {
				if o, _ := d.(map[string]any); named(d) == files[i].index {
					files[i].Description, _ = o["description"].(string)
				}
			}
		}
	}
	for _, f := range files {
		f.id = m.ch.s.id()
		m.Files = append(m.Files, f)
	}
}

// named returns the id of an attachment, which may be a number.
func named(v any) string {
	o, _ := v.(map[string]any)
	if s, ok := o["id"].(string); ok {
		return s
	}
	n, _ := o["id"].(float64)
	return strconv.Itoa(int(n))
}

// change makes a message say something else, and keeps what it said.
func (m *Message) change(body map[string]any, files []Attachment) {
	if !m.Thinking {
		m.Edits = append(m.Edits, Edit{m.Content, m.Embeds, m.Components})
	}
	m.edited, m.Thinking = m.ch.s.opts.Now(), false
	m.Flags &^= loadingFlag
	m.says(body, files)
}

// loadingFlag is set while the bot thinks.
const loadingFlag = 1 << 7

// json is the message as Discord shows it. The lock is held.
func (m *Message) json() result {
	s := m.ch.s
	r := result{
		"id": m.ID, "channel_id": m.Channel, "type": 0, "content": m.Content, "flags": m.Flags,
		"embeds":     seen.ShownEmbeds(members(m.Embeds)),
		"components": seen.ShownComponents(members(m.Components)),
		"timestamp":  stamp(m.at), "edited_timestamp": nil,
		"tts": false, "pinned": false, "mention_everyone": false, "mentions": []any{},
		"mention_roles": []any{}, "attachments": m.filesJSON(), "author": s.botJSON(),
	}
	if m.Author != s.botID {
		r["author"] = s.users[m.Author].user()
	}
	if s.novel {
		known, _ := r["components"].([]any)
		r["components"] = append(known, result{"type": novelType, "id": 99})
	}
	if !m.edited.IsZero() {
		r["edited_timestamp"] = stamp(m.edited)
	}
	if m.nonced != nil {
		r["nonce"] = m.nonced
	}
	if m.ReplyTo != "" {
		r["type"] = 19
		r["message_reference"] = result{"type": 0, "message_id": m.ReplyTo, "channel_id": m.Channel}
	}
	if thread := m.ch.threadOf(m.ID); thread != nil {
		r["thread"] = thread.json()
		r["flags"] = m.Flags | 1<<5
	}
	return r
}

// novelType is a type of components that no library knows.
const novelType = 7777

// ShowNovelties makes Discord show each message with a component of a type that no library knows, as it does
// when it has learnt something: in answers, and in what the gateway tells.
func (s *Server) ShowNovelties(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.novel = on
}

func (m *Message) filesJSON() []any {
	all := []any{}
	for _, f := range m.Files {
		url := m.ch.s.URL() + "/attachments/" + m.Channel + "/" + f.id + "/" + f.Name
		one := result{
			"id": f.id, "filename": f.Name, "size": len(f.Data), "url": url, "proxy_url": url,
			"content_type": f.Type,
		}
		if f.Description != "" {
			one["description"] = f.Description
		}
		all = append(all, one)
	}
	return all
}
