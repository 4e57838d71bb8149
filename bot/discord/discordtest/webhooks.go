package discordtest

import (
	"net/http"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// answerRoutes are those that interactions are answered with. Their token is in the path.
func answerRoutes() map[string]route {
	const original = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
	const one = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
	get := func(c *call, d *Delivery, m *Message) (answer, *limits.Error) { return ok(m.json()) }
	return map[string]route{
		Callback:             {open: true, do: (*call).callback},
		Followup:             {open: true, do: ofToken((*call).followUp)},
		"GET " + original:    {open: true, do: ofReply(get)},
		EditOriginal:         {open: true, do: ofReply((*call).editReply)},
		"DELETE " + original: {open: true, do: ofReply((*call).dropReply)},
		"GET " + one:         {open: true, do: ofReply(get)},
		"PATCH " + one:       {open: true, do: ofReply((*call).editReply)},
		"DELETE " + one:      {open: true, do: ofReply((*call).dropReply)},
	}
}

// callback takes the first answer to an interaction.
func (c *call) callback() (answer, *limits.Error) {
	d := c.s.deliveries[c.token()]
	if d == nil || d.ID != c.r.PathValue("interaction_id") {
		return refuse(limits.UnknownInteraction)
	}
	if refused := d.callback(c.body, c.Files); refused != nil {
		return answer{}, refused
	}
	if c.r.URL.Query().Get("with_response") != "true" {
		return empty()
	}
	of := result{"id": d.ID, "type": d.kind}
	response := result{"interaction": of}
	if m := d.original; m != nil {
		of["response_message_id"], of["response_message_loading"] = m.ID, m.Thinking
		of["response_message_ephemeral"] = m.To != ""
		if kind := c.body["type"]; kind == float64(answerMessage) || kind == float64(answerUpdate) {
			response["resource"] = result{"type": kind, "message": m.json()}
		}
	}
	return ok(response)
}

// ofToken does something with the interaction whose token is in the path. Before its first answer
// Discord does not know the webhook.
func ofToken(do func(*call, *Delivery) (answer, *limits.Error)) method {
	return func(c *call) (answer, *limits.Error) {
		d := c.s.deliveries[c.token()]
		switch {
		case d == nil || c.r.PathValue("webhook_id") != c.s.appID || !d.acked:
			return refuse(limits.UnknownWebhook)
		case c.s.opts.Now().Sub(d.at) > tokenAge:
			return refuse(limits.InvalidToken)
		}
		return do(c, d)
	}
}

// maxFollowUps is how often an interaction can be followed up in a guild that the bot is not in.
const maxFollowUps = 5

// followUp posts another answer. While the bot thinks it is the one that was promised.
func (c *call) followUp(d *Delivery) (answer, *limits.Error) {
	if refused := limits.Message(c.body, len(c.Files)); refused != nil {
		return answer{}, refused
	}
	if d.original != nil && d.original.Thinking {
		delete(c.body, "flags")
		d.original.change(c.body, c.Files)
		c.s.tellEdit(d.original)
		return ok(d.original.json())
	}
	if d.followUps++; d.foreign && d.followUps > maxFollowUps {
		return refuse(limits.TooManyFollowUps)
	}
	m := d.channel.write(c.body, c.Files)
	m.toWhom(d)
	c.s.tellPost(m)
	return ok(m.json())
}

// ofReply does something with an answer to an interaction: the original, or the one with an id.
func ofReply(do func(*call, *Delivery, *Message) (answer, *limits.Error)) method {
	return ofToken(func(c *call, d *Delivery) (answer, *limits.Error) {
		m := d.original
		if id := c.r.PathValue("message_id"); id != "" {
			m = d.channel.find(id)
		}
		if m == nil || m.deleted || m.Author != c.s.botID || (m.To != "" && m.To != d.user.ID) {
			return refuse(limits.UnknownMessage)
		}
		return do(c, d, m)
	})
}

func (c *call) editReply(_ *Delivery, m *Message) (answer, *limits.Error) {
	if refused := limits.Edit(c.body); refused != nil {
		return answer{}, refused
	}
	if m.emptied(c.body, len(c.Files)) {
		return refuse(limits.EmptyMessage)
	}
	m.change(c.body, c.Files)
	c.s.tellEdit(m)
	return answer{http.StatusOK, m.json()}, nil
}

func (c *call) dropReply(_ *Delivery, m *Message) (answer, *limits.Error) {
	m.deleted = true
	c.s.tellOne(m.ch, m.To, c.s.botName()+" deleted a message: "+m.summary())
	return empty()
}
