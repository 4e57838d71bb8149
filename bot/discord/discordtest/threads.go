package discordtest

import (
	"net/http"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// threadRoutes are those that open threads.
func threadRoutes() map[string]route {
	return map[string]route{
		"POST /channels/{channel_id}/messages/{message_id}/threads": {do: ofMessage((*call).startThread)},
		"POST /channels/{channel_id}/threads":                       {do: inChannel(0, (*call).openThread)},
		"PATCH /channels/{channel_id}":                              {do: inChannel(0, (*call).changeChannel)},
	}
}

// startThread starts a thread from a message, which has the id of the message.
func (c *call) startThread(m *Message) (answer, *limits.Error) {
	ch := m.ch
	switch {
	case ch.kind != textChannel:
		return refuse(limits.WrongChannelType)
	case ch.threadOf(m.ID) != nil:
		return refuse(limits.ThreadExists)
	}
	if code := ch.forbids(CreatePublicThreads); code != 0 {
		return refuse(code)
	}
	if refused := limits.Thread(c.body); refused != nil {
		return answer{}, refused
	}
	t := c.thread(ch, m.ID)
	c.s.tell(ch, c.s.botName()+" starts a thread: "+t.name)
	return answer{http.StatusCreated, t.json()}, nil
}

// thread makes a thread of a channel. The lock is held.
func (c *call) thread(ch *Channel, id string) *Channel {
	name, _ := c.body["name"].(string)
	t := &Channel{ID: id, name: name, kind: publicThread, parent: ch}
	ch.guild.add(t)
	c.s.dispatch(ch.guild, intentGuilds, "THREAD_CREATE", t.json())
	return t
}

// openThread opens a thread without a message, or posts to a forum.
func (c *call) openThread(ch *Channel) (answer, *limits.Error) {
	switch {
	case ch.kind != forumChannel && ch.kind != textChannel:
		return refuse(limits.WrongChannelType)
	case ch.kind == textChannel:
		if code := ch.forbids(CreatePublicThreads); code != 0 {
			return refuse(code)
		}
		if refused := limits.Thread(c.body); refused != nil {
			return answer{}, refused
		}
		return answer{http.StatusCreated, c.thread(ch, "").json()}, nil
	}
	message, _ := c.body["message"].(map[string]any)
	if code := ch.forbids(c.needed(ch, message)); code != 0 {
		return refuse(code)
	}
	if refused := limits.ForumPost(c.body, len(c.Files)); refused != nil {
		return answer{}, refused
	}
	tags, refused := ch.applying(c.body)
	if refused != nil {
		return answer{}, refused
	}
	t := c.thread(ch, "")
	t.applied = tags
	m := t.write(message, c.Files)
	m.ID = t.ID // the first message of a post has the id of the post
	c.s.tellPost(m)
	c.s.dispatchMessage("MESSAGE_CREATE", m)
	posted := t.json()
	posted["message"] = m.json()
	return answer{http.StatusCreated, posted}, nil
}

// applying returns the tags that a post gets, or why it cannot have them.
func (c *Channel) applying(body map[string]any) ([]string, *limits.Error) {
	wanted, _ := body["applied_tags"].([]any)
	if len(wanted) == 0 && c.needsTag {
		return nil, limits.Refuse(limits.TagRequired)
	}
	var tags []string
	for _, id := range wanted {
		known := false
		for _, t := range c.tags {
			known = known || t.ID == id
		}
		if !known {
			return nil, limits.Wrong("applied_tags", "FORUM_TAG_INVALID", "Unknown tag")
		}
		tags = append(tags, id.(string))
	}
	return tags, nil
}

// changeChannel renames or archives a thread, or changes the tags of a post.
func (c *call) changeChannel(ch *Channel) (answer, *limits.Error) {
	if ch.parent == nil {
		if code := ch.forbids(ManageChannels); code != 0 {
			return refuse(code)
		}
	}
	if refused := limits.ChannelChange(c.body); refused != nil {
		return answer{}, refused
	}
	if _, ok := c.body["applied_tags"]; ok && ch.parent != nil {
		tags, refused := ch.parent.applying(c.body)
		if refused != nil {
			return answer{}, refused
		}
		ch.applied = tags
	}
	if name, ok := c.body["name"].(string); ok {
		ch.name = name
	}
	if archived, ok := c.body["archived"].(bool); ok {
		ch.archived = archived
	}
	return ok(ch.json())
}
