package slacktest

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

// conversation finds the channel of a call. A private channel that the bot is not in does not exist
// for it.
func (c *call) conversation() (*Channel, *limits.Error) {
	id := c.Args["channel"]
	if id == "" {
		_, refused := missing("channel")
		return nil, refused
	}
	ch := c.ws.channels[id]
	if u := c.ws.users[id]; u != nil && c.Method == "chat.postMessage" {
		ch = c.ws.channelLocked(&Channel{ID: "D" + u.ID, name: "dm-" + u.Name, bot: true, with: u.ID})
	}
	if ch == nil || (ch.private && !ch.bot) {
		return nil, &limits.Error{Code: "channel_not_found"}
	}
	return ch, nil
}

// writable finds the channel of a call that posts.
func (c *call) writable() (*Channel, *limits.Error) {
	ch, refused := c.conversation()
	switch {
	case refused != nil:
		return nil, refused
	case ch.archived:
		return nil, &limits.Error{Code: "is_archived"}
	case !ch.bot && c.need("chat:write.public") != nil:
		return nil, &limits.Error{Code: "not_in_channel"}
	}
	return ch, nil
}

// message is what the arguments of a call would post.
func (c *call) message() limits.Message {
	return limits.Message{
		Text: c.Args["text"], Blocks: json.RawMessage(c.Args["blocks"]),
		Attachments: json.RawMessage(c.Args["attachments"]), Metadata: json.RawMessage(c.Args["metadata"]),
	}
}

// post keeps what the bot wrote in a channel. The lock is held.
func (s *Server) post(ch *Channel, m limits.Message, args map[string]string) *Message {
	posted := &Message{
		Channel: ch.ID, TS: s.timestamp(), User: ch.ws.BotUser(), Args: args,
		Text: limits.Cut(m.Text), Blocks: named(s, m.Blocks), Attachments: m.Attachments,
		Metadata: m.Metadata, ThreadTS: args["thread_ts"], Broadcast: args["reply_broadcast"] == "true",
	}
	ch.messages = append(ch.messages, posted)
	return posted
}

func chatPostMessage(c *call) (result, *limits.Error) {
	ch, refused := c.writable()
	if refused != nil {
		return nil, refused
	}
	m := c.message()
	if refused := limits.Posted(m); refused != nil {
		return nil, refused
	}
	if ts := c.Args["thread_ts"]; ts != "" {
		switch parent := ch.find(ts); {
		case parent == nil:
			return fail("thread_not_found")
		case parent.ThreadTS != "" || parent.To != "": // a reply has no replies
			return fail("cannot_reply_to_message")
		}
	}
	posted := c.s.post(ch, m, c.Args)
	c.s.tellPost(ch, posted)
	return result{"channel": ch.ID, "ts": posted.TS, "message": posted.json(c.ws, true)}, nil
}

func chatPostEphemeral(c *call) (result, *limits.Error) {
	ch, refused := c.writable()
	if refused != nil {
		return nil, refused
	}
	u := c.ws.users[c.Args["user"]]
	if u == nil {
		return fail("user_not_in_channel")
	}
	m := c.message()
	if refused := limits.Ephemeral(m); refused != nil {
		return nil, refused
	}
	posted := c.s.post(ch, m, c.Args)
	posted.To = u.ID
	c.s.tellPost(ch, posted)
	return result{"message_ts": posted.TS}, nil
}

// own finds the message of a call that changes one of the bot's.
func (c *call) own(not string) (*Channel, *Message, *limits.Error) {
	ch, refused := c.conversation()
	if refused != nil {
		return nil, nil, refused
	}
	m := ch.find(c.Args["ts"])
	switch {
	case m == nil || m.To != "":
		return nil, nil, &limits.Error{Code: "message_not_found"}
	case m.User != c.ws.BotUser():
		return nil, nil, &limits.Error{Code: not}
	}
	return ch, m, nil
}

func chatUpdate(c *call) (result, *limits.Error) {
	ch, m, refused := c.own("cant_update_message")
	switch {
	case refused != nil:
		return nil, refused
	case ch.archived:
		return fail("is_inactive")
	}
	next := c.message()
	_, hasText := c.Args["text"]
	if refused := limits.Updated(next); refused != nil {
		return nil, refused
	}
	m.change(c.s, next, hasText)
	c.s.tellEdit(ch, m)
	return result{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": m.json(c.ws, true)}, nil
}

// change replaces what a message says. Without text its blocks stay unless there are new ones; with
// text alone they go. Metadata stays unless there is new.
func (m *Message) change(s *Server, next limits.Message, hasText bool) {
	m.Edits = append(m.Edits, Edit{m.Text, m.Blocks, m.Metadata})
	if hasText {
		m.Text = next.Text
	}
	if hasText || len(next.Blocks) > 0 {
		m.Blocks = named(s, next.Blocks)
	}
	if hasText || len(next.Attachments) > 0 {
		m.Attachments = next.Attachments
	}
	if len(next.Metadata) > 0 {
		m.Metadata = next.Metadata
	}
}

func chatDelete(c *call) (result, *limits.Error) {
	ch, m, refused := c.own("cant_delete_message")
	if refused != nil {
		return nil, refused
	}
	m.deleted = true
	c.s.tell(ch, c.s.botName()+" deleted a message: "+m.summary())
	return result{"channel": ch.ID, "ts": m.TS}, nil
}

func chatGetPermalink(c *call) (result, *limits.Error) {
	ch, refused := c.conversation()
	if refused != nil {
		return nil, refused
	}
	m := ch.find(c.Args["message_ts"])
	if m == nil {
		return fail("message_not_found")
	}
	return result{"channel": ch.ID, "permalink": m.permalink(c.ws)}, nil
}

func (m *Message) permalink(ws *Workspace) string {
	return "https://" + strings.ToLower(ws.ID) + ".slack.com/archives/" + m.Channel + "/p" +
		strings.Replace(m.TS, ".", "", 1)
}

// json returns a message as Slack sends it.
func (m *Message) json(ws *Workspace, metadata bool) result {
	r := result{"type": "message", "ts": m.TS, "user": m.User, "text": m.Text, "team": ws.ID}
	if m.User == ws.BotUser() {
		r["bot_id"], r["app_id"] = ws.BotID(), ws.s.AppID()
	}
	if m.ThreadTS != "" {
		r["thread_ts"] = m.ThreadTS
	}
	if len(m.Blocks) > 0 {
		r["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		r["attachments"] = m.Attachments
	}
	if metadata && len(m.Metadata) > 0 {
		r["metadata"] = m.Metadata
	}
	if len(m.Edits) > 0 {
		r["edited"] = result{"user": m.User, "ts": m.TS}
	}
	return r
}

// named gives blocks without a block_id one, as Slack does. The lock is held.
func named(s *Server, raw json.RawMessage) json.RawMessage {
	var blocks []map[string]any
	if len(raw) == 0 || json.Unmarshal(raw, &blocks) != nil || len(blocks) == 0 {
		return nil
	}
	for _, b := range blocks {
		if id, _ := b["block_id"].(string); id == "" {
			s.counter++
			b["block_id"] = "b" + strconv.Itoa(s.counter)
		}
		nameElements(s, b)
	}
	text, err := json.Marshal(blocks)
	if err != nil {
		return raw
	}
	return text
}

// nameElements gives elements without an action_id one. The lock is held.
func nameElements(s *Server, block map[string]any) {
	var elements []any
	for _, name := range []string{"accessory", "element"} {
		if e := block[name]; e != nil {
			elements = append(elements, e)
		}
	}
	if block["type"] == "actions" {
		more, _ := block["elements"].([]any)
		elements = append(elements, more...)
	}
	for _, v := range elements {
		e, ok := v.(map[string]any)
		if id, _ := e["action_id"].(string); ok && id == "" && e["type"] != "image" {
			s.counter++
			e["action_id"] = "a" + strconv.Itoa(s.counter)
		}
	}
}
