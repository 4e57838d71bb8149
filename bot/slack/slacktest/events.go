package slacktest

import (
	"encoding/json"
	"maps"
)

// tellEvent sends an event of the Events API to the bot.
func (ws *Workspace) tellEvent(event result) *Delivery {
	s := ws.s
	s.mu.Lock()
	stamp := s.timestamp()
	body := result{"event_ts": stamp}
	maps.Copy(body, event)
	id := s.id("Ev")
	payload, err := json.Marshal(result{
		"token": "verification", "team_id": ws.ID, "api_app_id": s.AppID(), "event": body,
		"type": "event_callback", "event_id": id, "event_time": s.opts.Now().Unix(),
		"event_context": "4-" + id, "is_ext_shared_channel": false,
		"authorizations": []result{{
			"enterprise_id": nil, "team_id": ws.ID, "user_id": ws.BotUser(), "is_bot": true,
			"is_enterprise_install": false,
		}},
	})
	if err != nil {
		panic("slacktest: an event is not JSON: " + err.Error())
	}
	d := &Delivery{
		ID: s.id("envelope-"), Kind: "events_api", s: s, ws: ws, event: true, payload: payload,
		done: make(chan struct{}),
	}
	s.mu.Unlock()
	return s.deliver(d)
}

// somebody is who does what nobody in particular does.
const somebody = "USOMEBODY"

// set changes a channel and notes it in the transcript.
func (c *Channel) set(what string, change func()) {
	c.ws.s.mu.Lock()
	defer c.ws.s.mu.Unlock()
	c.ws.s.tell(c, c.title()+" "+what)
	change()
	c.ws.s.happened()
}

// Archive archives the channel. The bot hears of it, and can post there no more.
func (c *Channel) Archive() *Delivery {
	c.set("is archived", func() { c.archived = true })
	return c.ws.tellEvent(result{
		"type": c.kind() + "_archive", "channel": c.ID, "user": somebody, "is_moved": 0,
	})
}

// Unarchive brings an archived channel back.
func (c *Channel) Unarchive() *Delivery {
	c.set("is brought back", func() { c.archived = false })
	return c.ws.tellEvent(result{"type": c.kind() + "_unarchive", "channel": c.ID, "user": somebody})
}

// Rename gives the channel another name.
func (c *Channel) Rename(name string) *Delivery {
	c.set("is called #"+name+" now", func() { c.name = name })
	return c.ws.tellEvent(result{"type": c.kind() + "_rename", "channel": result{
		"id": c.ID, "name": name, "created": 1700000000, "is_channel": !c.private, "is_mpim": false,
		"name_normalized": name,
	}})
}

// Kick removes the bot from the channel. A bot does not hear that a member left when that is itself:
// it hears that it left.
func (c *Channel) Kick() *Delivery {
	c.set("loses "+c.ws.s.botName(), func() { c.bot = false })
	return c.ws.tellEvent(result{"type": c.kind() + "_left", "channel": c.ID, "actor_id": somebody})
}

// Invite brings the bot into the channel.
func (c *Channel) Invite() *Delivery {
	c.set("gets "+c.ws.s.botName(), func() { c.bot = true })
	kind := "C"
	if c.private {
		kind = "G"
	}
	return c.ws.tellEvent(result{
		"type": "member_joined_channel", "user": c.ws.BotUser(), "channel": c.ID, "channel_type": kind,
		"team": c.ws.ID, "inviter": somebody,
	})
}

// Revoke takes the bot's token away without telling it: the next call is answered token_revoked.
func (ws *Workspace) Revoke() { ws.Die("token_revoked") }

// Die makes every call be answered with an error from now on, such as account_inactive or
// invalid_auth; an empty one ends it.
func (ws *Workspace) Die(code string) {
	ws.s.mu.Lock()
	defer ws.s.mu.Unlock()
	ws.dead = code
	ws.s.happened()
}

// Uninstall removes the app. The bot hears so twice: that it was removed, and that its token is gone.
// Slack promises no order of the two.
func (ws *Workspace) Uninstall() [2]*Delivery {
	ws.Die("account_inactive")
	return [2]*Delivery{
		ws.tellEvent(result{"type": "tokens_revoked", "tokens": result{
			"oauth": []string{}, "bot": []string{ws.BotUser()},
		}}),
		ws.tellEvent(result{"type": "app_uninstalled"}),
	}
}
