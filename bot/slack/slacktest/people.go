package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

// Surface is where somebody can click: a [Message] or a [View].
type Surface interface {
	// find returns what the person sees now, or false when it is gone. The lock is held.
	find(u *User) (shown, bool)
}

// shown is a surface at the moment somebody uses it.
type shown struct {
	blocks  json.RawMessage
	payload result // what Slack says of it in an interaction
	channel *Channel
	message *Message
	view    *View
}

// control is an element that can be used.
type control struct {
	block string // block_id
	input bool   // whether it stands in an input, and then whether the bot hears of it at once
	heard bool
	limits.Input
	e map[string]any
}

func (m *Message) find(u *User) (shown, bool) {
	ch := u.ws.channels[m.Channel]
	if ch == nil {
		return shown{}, false
	}
	now := ch.find(m.TS)
	if now == nil || (now.To != "" && now.To != u.ID) {
		return shown{}, false
	}
	container := result{
		"type": "message", "message_ts": now.TS, "channel_id": ch.ID, "is_ephemeral": now.To != "",
	}
	if now.ThreadTS != "" {
		container["thread_ts"] = now.ThreadTS
	}
	return shown{blocks: now.Blocks, channel: ch, message: now, payload: result{
		"container": container, "channel": result{"id": ch.ID, "name": ch.name},
		"message": now.json(u.ws, true), "state": result{"values": result{}},
	}}, true
}

func (v *View) find(u *User) (shown, bool) {
	now := u.ws.s.views[v.ID]
	if now == nil || now.closed || now.User != u.ID {
		return shown{}, false
	}
	return shown{blocks: now.shape().Blocks, view: now, payload: result{
		"container": result{"type": "view", "view_id": now.ID}, "view": now.json(),
	}}, true
}

// misuse tells of a test that does what nobody could do.
func (u *User) misuse(format string, args ...any) *Delivery {
	s := u.ws.s
	why := fmt.Sprintf(format, args...)
	if s.t != nil {
		s.t.Errorf("slacktest: %s: %s", u.Name, why)
	}
	d := &Delivery{s: s, ws: u.ws, failure: why, done: make(chan struct{})}
	close(d.done)
	return d
}

// interaction makes a delivery that may open a window for somebody. The lock is held.
func (u *User) interaction(kind string, payload result) *Delivery {
	s := u.ws.s
	d := &Delivery{
		ID: s.id("envelope-"), Kind: kind, s: s, ws: u.ws, done: make(chan struct{}),
		TriggerID: fmt.Sprintf("%s.%s.%s", s.id("1"), s.id("2"), s.id("abcdef")),
	}
	s.triggers[d.TriggerID] = &trigger{ws: u.ws, user: u.ID, at: s.opts.Now()}
	payload["trigger_id"] = d.TriggerID
	payload["token"], payload["api_app_id"] = "verification", s.AppID()
	return d
}

// act sends an interaction that is not a slash command, and waits until it is acknowledged.
func (u *User) act(payload result, answers *response) *Delivery {
	s := u.ws.s
	s.mu.Lock()
	d := u.interaction("interactive", payload)
	payload["team"] = result{"id": u.ws.ID, "domain": strings.ToLower(u.ws.ID)}
	payload["user"] = result{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.ws.ID}
	payload["enterprise"], payload["is_enterprise_install"] = nil, false
	if answers != nil {
		d.ResponseURL = s.respond(answers)
		payload["response_url"] = d.ResponseURL
	}
	if payload["type"] == "view_submission" {
		v := u.ws.s.views[payload["view"].(result)["id"].(string)]
		d.effect = func(answer json.RawMessage) string { return v.submitted(answer) }
	}
	d.payload, _ = json.Marshal(payload) // made of maps and JSON
	s.mu.Unlock()
	s.deliver(d).Wait()
	return d
}

// Types writes something in a channel and waits until the bot acknowledged it. With a slash at its
// start it is a command; otherwise it is a message, of which the bot hears only where it is mentioned
// or spoken to directly.
func (u *User) Types(c *Channel, text string) *Delivery {
	s := u.ws.s
	s.mu.Lock()
	s.tell(c, u.Name+" → "+c.title()+": "+text)
	if !strings.HasPrefix(text, "/") {
		return u.says(c, text)
	}
	command, rest, _ := strings.Cut(text, " ")
	name := c.name
	if c.with != "" {
		name = "directmessage"
	}
	payload := result{}
	d := u.interaction("slash_commands", payload)
	d.ResponseURL = s.respond(&response{channel: c, user: u.ID})
	fields := map[string]string{
		"command": command, "text": strings.TrimSpace(rest), "user_id": u.ID, "user_name": u.Name,
		"channel_id": c.ID, "channel_name": name, "team_id": u.ws.ID,
		"team_domain": strings.ToLower(u.ws.ID), "is_enterprise_install": "false",
		"response_url": d.ResponseURL,
	}
	for name, value := range payload {
		fields[name] = value.(string)
	}
	d.payload, _ = json.Marshal(fields) // strings have JSON
	d.effect = func(answer json.RawMessage) string { return s.said(c, u.ID, answer) }
	s.mu.Unlock()
	s.deliver(d).Wait()
	return d
}

// says keeps a message of a person, and tells the bot of it if that may hear it. It unlocks the server.
func (u *User) says(c *Channel, text string) *Delivery {
	s := u.ws.s
	m := &Message{Channel: c.ID, TS: s.timestamp(), User: u.ID, Text: text}
	c.messages = append(c.messages, m)
	s.happened()
	event := m.json(u.ws, false)
	event["channel"], event["channel_type"] = c.ID, c.kind()
	s.mu.Unlock()
	switch {
	case c.with != "":
	case c.bot && strings.Contains(text, "<@"+u.ws.BotUser()+">"):
		event["type"] = "app_mention"
	default:
		d := &Delivery{s: s, ws: u.ws, acked: true, done: make(chan struct{})}
		close(d.done)
		return d
	}
	d := u.ws.tellEvent(event)
	d.Wait()
	return d
}

// Clicks presses a button, which is named by its action_id or by what stands on it. Where there are
// several, it is the first; see [User.ClicksNth].
func (u *User) Clicks(on Surface, button string) *Delivery { return u.ClicksNth(on, button, 1) }

// ClicksNth presses the nth of several buttons with one name, counted from one.
func (u *User) ClicksNth(on Surface, button string, n int) *Delivery {
	return u.uses(on, button, n, func(k *control, action result) string {
		if k.Kind != "button" {
			return "is no button but a " + k.Kind
		}
		for _, name := range []string{"text", "value", "style"} {
			if v := k.e[name]; v != nil {
				action[name] = v
			}
		}
		return ""
	})
}

// Picks chooses from a menu, which is named by its action_id or by its placeholder; what is chosen is
// named by its value or by its label, or by an id where people or channels are chosen.
func (u *User) Picks(on Surface, menu, choice string) *Delivery {
	return u.PicksNth(on, menu, 1, choice)
}

// PicksNth chooses from the nth of several menus with one name, counted from one.
func (u *User) PicksNth(on Surface, menu string, n int, choice string) *Delivery {
	return u.uses(on, menu, n, func(k *control, action result) string {
		return k.pick(action, choice)
	})
}

// pick notes a choice in an action, or says why it cannot be made.
func (k *control) pick(action result, choice string) string {
	switch k.Kind {
	case "conversations_select", "channels_select", "users_select":
		action["selected_"+strings.TrimSuffix(k.Kind, "s_select")] = choice
		return ""
	}
	i := slices.IndexFunc(k.Options, func(o limits.Option) bool {
		return o.Value == choice || o.Label == choice
	})
	switch {
	case i < 0:
		return fmt.Sprintf("does not offer %q", choice)
	case k.Kind == "checkboxes" || k.Kind == "multi_static_select":
		action["selected_options"] = []any{k.Options[i].JSON}
	default:
		action["selected_option"] = k.Options[i].JSON
	}
	return ""
}

// uses does something with a control.
func (u *User) uses(on Surface, name string, n int, do func(*control, result) string) *Delivery {
	s := u.ws.s
	s.mu.Lock()
	sh, ok := on.find(u)
	if !ok {
		s.mu.Unlock()
		return u.misuse("does not see that any more")
	}
	k := controlNamed(sh.blocks, name, n)
	if k == nil {
		s.mu.Unlock()
		return u.misuse("sees no %q in %s", name, sh.blocks)
	}
	action := result{
		"type": k.Kind, "action_id": k.ActionID, "block_id": k.block, "action_ts": s.timestamp(),
	}
	if why := do(k, action); why != "" {
		s.mu.Unlock()
		return u.misuse("%q %s", name, why)
	}
	s.tellUse(u, sh, k, action)
	return u.used(sh, k, action)
}

// used tells the bot of an action, unless that is only kept until a window is submitted. It unlocks
// the server.
func (u *User) used(sh shown, k *control, action result) *Delivery {
	s := u.ws.s
	if sh.view != nil && k.Kind != "button" {
		sh.view.keep(k, action)
		sh.payload["view"] = sh.view.json()
	}
	if k.input && !k.heard {
		d := &Delivery{s: s, ws: u.ws, acked: true, done: make(chan struct{})}
		close(d.done)
		s.mu.Unlock()
		return d
	}
	payload := result{"type": "block_actions", "actions": []result{action}}
	for name, v := range sh.payload {
		payload[name] = v
	}
	var answers *response
	if sh.channel != nil {
		answers = &response{channel: sh.channel, user: u.ID, original: sh.message}
	}
	s.mu.Unlock()
	return u.act(payload, answers)
}

// controlNamed finds the nth control with a name among blocks.
func controlNamed(raw json.RawMessage, name string, n int) *control {
	for _, in := range limits.Inputs(raw) {
		if in.ActionID != name && in.Label != name {
			continue
		}
		if n--; n == 0 {
			k := &control{block: in.BlockID, input: in.InInput, heard: in.Dispatch, Input: in}
			_ = json.Unmarshal(in.JSON, &k.e) // it was JSON before
			return k
		}
	}
	return nil
}

// Shortcut uses a shortcut of the app on a message.
func (u *User) Shortcut(m *Message, callbackID string) *Delivery {
	s := u.ws.s
	s.mu.Lock()
	sh, ok := m.find(u)
	if !ok {
		s.mu.Unlock()
		return u.misuse("does not see that message")
	}
	s.tell(sh.channel, fmt.Sprintf("%s uses the shortcut %s on: %s", u.Name, callbackID, sh.message.summary()))
	payload := result{
		"type": "message_action", "callback_id": callbackID, "action_ts": s.timestamp(),
		"message_ts": sh.message.TS, "channel": sh.payload["channel"], "message": sh.payload["message"],
	}
	s.mu.Unlock()
	return u.act(payload, &response{channel: sh.channel, user: u.ID, original: sh.message})
}

// OpensHome looks at the app's Home, and waits until the bot acknowledged that.
func (u *User) OpensHome() *Delivery {
	s := u.ws.s
	s.mu.Lock()
	s.story = append(s.story, line{user: u.ID, text: u.Name + " opens Home"})
	event := result{"type": "app_home_opened", "user": u.ID, "channel": "D" + u.ID, "tab": "home"}
	if u.home != nil {
		event["view"] = u.home.json()
	}
	s.mu.Unlock()
	d := u.ws.tellEvent(event)
	d.Wait()
	return d
}

// Home returns the app's Home as the person sees it, or nil before it was published.
func (u *User) Home() *View {
	u.ws.s.mu.Lock()
	defer u.ws.s.mu.Unlock()
	return u.home.copy()
}
