package discordtest

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// channelRoutes are those of channels and their messages.
func channelRoutes() map[string]route {
	const one = "/channels/{channel_id}/messages/{message_id}"
	return map[string]route{
		"GET /channels/{channel_id}": {do: inChannel(0, func(c *call, ch *Channel) (answer, *limits.Error) {
			return ok(ch.json())
		})},
		ListMessages:  {do: inChannel(0, (*call).list)},
		PostMessage:   {do: inChannel(0, (*call).post)},
		"GET " + one:  {do: ofMessage(func(_ *call, m *Message) (answer, *limits.Error) { return ok(m.json()) })},
		EditMessage:   {do: ofMessage((*call).edit)},
		DeleteMessage: {do: ofMessage((*call).remove)},
	}
}

// inChannel does something in the channel of the path, when the bot sees it and may do it.
func inChannel(wanted Permission, do func(*call, *Channel) (answer, *limits.Error)) method {
	return func(c *call) (answer, *limits.Error) {
		ch := c.s.channels[c.r.PathValue("channel_id")]
		if ch == nil || ch.gone() {
			return refuse(limits.UnknownChannel)
		}
		if code := ch.forbids(wanted); code != 0 {
			return refuse(code)
		}
		return do(c, ch)
	}
}

// gone returns whether the channel, or the one it is a thread of, was deleted.
func (c *Channel) gone() bool { return c.deleted || (c.parent != nil && c.parent.deleted) }

// forbids returns the error with which Discord forbids the bot something, or 0.
func (c *Channel) forbids(wanted Permission) int {
	may := c.botMay()
	switch {
	case c.guild != nil && !c.guild.member, !may.has(ViewChannel):
		return limits.MissingAccess
	case !may.has(wanted):
		return limits.MissingPermissions
	}
	return 0
}

// ofMessage does something with the message of the path. What only one person sees is none for the bot.
func ofMessage(do func(*call, *Message) (answer, *limits.Error)) method {
	return inChannel(0, func(c *call, ch *Channel) (answer, *limits.Error) {
		m := ch.find(c.r.PathValue("message_id"))
		if m == nil || m.To != "" {
			return refuse(limits.UnknownMessage)
		}
		if c.r.Method == http.MethodGet {
			if code := ch.forbids(ReadMessageHistory); code != 0 {
				return refuse(code)
			}
		}
		return do(c, m)
	})
}

// needed returns what the bot must be permitted in order to post a message.
func (c *call) needed(ch *Channel, body map[string]any) Permission {
	wanted := SendMessages
	if ch.parent != nil {
		wanted = SendMessagesInThreads
	}
	if all, _ := body["embeds"].([]any); len(all) > 0 {
		wanted |= EmbedLinks
	}
	if len(c.Files) > 0 {
		wanted |= AttachFiles
	}
	return wanted
}

func (c *call) post(ch *Channel) (answer, *limits.Error) {
	if ch.kind == forumChannel {
		return refuse(limits.WrongChannelType)
	}
	if code := ch.forbids(c.needed(ch, c.body)); code != 0 {
		return refuse(code)
	}
	if ch.with != nil && ch.with.closed {
		return refuse(limits.NoDirectMessages)
	}
	if refused := postable(c.body, len(c.Files)); refused != nil {
		return answer{}, refused
	}
	if m := c.s.sameNonce(c.body); m != nil {
		return ok(m.json())
	}
	to, refused := ch.reference(c.body)
	if refused != nil {
		return answer{}, refused
	}
	m := ch.write(c.body, c.Files)
	m.ReplyTo = to
	ch.archived = false // a message wakes a thread
	if m.Nonce != "" {
		c.s.nonces[m.Nonce] = m
	}
	c.s.tellPost(m)
	c.s.dispatchMessage("MESSAGE_CREATE", m)
	return ok(m.json())
}

// postable says why a message cannot stand in a channel.
func postable(body map[string]any, files int) *limits.Error {
	if refused := limits.Message(body, files); refused != nil {
		return refused
	}
	if limits.Flags(body)&limits.Ephemeral != 0 {
		return limits.Wrong("flags", "MESSAGE_FLAGS_INVALID", "A message of a channel cannot be ephemeral")
	}
	return nil
}

// sameNonce returns the message that was posted a little while ago with the same nonce, in whatever
// channel, when the bot asks not to post it again. The lock is held.
func (s *Server) sameNonce(body map[string]any) *Message {
	nonce, _ := body["nonce"].(string)
	if n, ok := body["nonce"].(float64); ok {
		nonce = strconv.FormatFloat(n, 'f', -1, 64)
	}
	m := s.nonces[nonce]
	switch {
	case nonce == "" || body["enforce_nonce"] != true || m == nil || m.deleted:
		return nil
	case s.opts.Now().Sub(m.at) >= s.opts.NonceWindow:
		return nil
	}
	return m
}

// reference returns the message that is answered, or why that cannot be answered. The lock is held.
func (c *Channel) reference(body map[string]any) (string, *limits.Error) {
	to, _ := body["message_reference"].(map[string]any)
	if to == nil {
		return "", nil
	}
	if !c.botMay().has(ReadMessageHistory) {
		return "", limits.Refuse(limits.CannotReply)
	}
	id, _ := to["message_id"].(string)
	if m := c.find(id); m != nil && m.To == "" {
		return id, nil
	}
	if to["fail_if_not_exists"] == false {
		return "", nil
	}
	return "", limits.Wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
}

func (c *call) list(ch *Channel) (answer, *limits.Error) {
	limit, refused := c.queried("limit", 50, 1, 100)
	if refused != nil {
		return answer{}, refused
	}
	shown := []any{}
	if !ch.botMay().has(ReadMessageHistory) {
		return ok(shown) // no error: there is nothing to see
	}
	q := c.r.URL.Query()
	for _, m := range page(ch.messages, limit, q.Get("before"), q.Get("after"), q.Get("around")) {
		shown = append(shown, m.json())
	}
	return ok(shown)
}

// page returns some of the messages, the newest first: those next before an id, next after one, or
// around one.
func page(all []*Message, limit int, before, after, around string) []*Message {
	all = slices.DeleteFunc(slices.Clone(all), func(m *Message) bool { return m.deleted || m.To != "" })
	older := func(m *Message, than string) bool { return number(m.ID) < number(than) }
	from, to := max(len(all)-limit, 0), len(all)
	switch {
	case before != "":
		for to > 0 && !older(all[to-1], before) {
			to--
		}
		from = max(to-limit, 0)
	case after != "":
		for from = 0; from < len(all) && number(all[from].ID) <= number(after); from++ {
			continue
		}
		to = min(from+limit, len(all))
	case around != "":
		for to = 0; to < len(all) && older(all[to], around); to++ {
			continue
		}
		from, to = max(to-limit/2, 0), min(to+(limit+1)/2, len(all))
	}
	part := slices.Clone(all[from:to])
	slices.Reverse(part)
	return part
}

// number reads a snowflake; what is none is 0.
func number(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}

func (c *call) edit(m *Message) (answer, *limits.Error) {
	if m.Author != c.s.botID {
		return refuse(limits.NotTheAuthor)
	}
	if refused := limits.Edit(c.body); refused != nil {
		return answer{}, refused
	}
	if m.emptied(c.body, len(c.Files)) {
		return refuse(limits.EmptyMessage)
	}
	m.change(c.body, c.Files)
	c.s.tellEdit(m)
	c.s.dispatchMessage("MESSAGE_UPDATE", m)
	return ok(m.json())
}

// emptied returns whether an edit would leave nothing of the message.
func (m *Message) emptied(body map[string]any, files int) bool {
	left := map[string]any{"content": m.Content}
	for name, now := range map[string][]byte{"embeds": m.Embeds, "components": m.Components} {
		left[name] = members(now)
	}
	for name, v := range body {
		left[name] = v
	}
	kept, replaced := body["attachments"].([]any)
	if !replaced && len(m.Files) > 0 || len(kept) > 0 {
		return false
	}
	return files == 0 && limits.Empty(left)
}

func (c *call) remove(m *Message) (answer, *limits.Error) {
	if m.Author != c.s.botID {
		if code := m.ch.forbids(ManageMessages); code != 0 {
			return refuse(code)
		}
	}
	m.deleted = true
	c.s.tell(m.ch, c.s.botName()+" deleted a message: "+m.summary())
	c.s.dispatch(m.ch.guild, intentMessages, "MESSAGE_DELETE", result{"id": m.ID, "channel_id": m.Channel})
	return empty()
}
