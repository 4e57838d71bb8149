package discordtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/seen"
)

// misuse tells of a test that does what nobody could do.
func (u *Member) misuse(format string, args ...any) *Delivery {
	s := u.guild.s
	why := fmt.Sprintf(format, args...)
	if s.t != nil {
		s.t.Errorf("discordtest: %s: %s", u.Name, why)
	}
	d := &Delivery{s: s, failure: why, done: make(chan struct{})}
	close(d.done)
	return d
}

// interaction makes what the bot is told when somebody does something in a channel. The lock is held.
func (u *Member) interaction(kind int, c *Channel, data result, more result) *Delivery {
	s := u.guild.s
	d := &Delivery{
		ID: s.id(), Token: "aW50ZXJhY3Rpb246" + s.id(), s: s, kind: kind, channel: c, user: u,
		done: make(chan struct{}),
	}
	r := result{
		"id": d.ID, "application_id": s.appID, "type": kind, "token": d.Token, "version": 1,
		"channel_id": c.ID, "channel": c.json(), "locale": u.locale, "app_permissions": c.botMay().String(),
		"entitlements": []any{}, "attachment_size_limit": maxBody,
	}
	if data != nil {
		r["data"] = data
	}
	u.where(c, r)
	if c.guild != nil && !c.guild.member {
		d.foreign = true
		r["authorizing_integration_owners"] = result{"1": u.ID}
	}
	maps.Copy(r, more)
	d.payload = raw(r)
	return d
}

// where tells in what guild somebody does something, or that it is none. The lock is held.
func (u *Member) where(c *Channel, r result) {
	if c.guild == nil {
		r["user"], r["context"] = u.user(), 1
		r["authorizing_integration_owners"] = result{"0": "0"}
		return
	}
	member := u.json()
	member["permissions"] = u.may().String()
	r["member"], r["context"] = member, 0
	r["guild_id"], r["guild_locale"] = c.guild.ID, c.guild.locale
	r["guild"] = result{"id": c.guild.ID, "locale": c.guild.locale, "features": []any{}}
	r["authorizing_integration_owners"] = result{"0": c.guild.ID}
}

// act sends an interaction and waits for the first answer.
func (u *Member) act(d *Delivery) *Delivery {
	u.guild.s.deliver(d).Wait()
	return d
}

// Types writes something in a channel. With a slash at its start it is a command, as somebody types it:
// /tension watch rule:Oman talks, and then this waits for the bot's first answer. What the bot did not
// register cannot be typed. Otherwise it is a message, of which a bot hears that asks for messages.
func (u *Member) Types(c *Channel, text string) *Delivery {
	s := u.guild.s
	s.mu.Lock()
	if text == "" || text[0] != '/' {
		defer s.mu.Unlock()
		return u.says(c, text)
	}
	return u.sends(c, text, text, &typing{})
}

// Fills is [Member.Types] with the options given by their names, as somebody fills them in who types
// /tension watch and then goes from one to the next. What looks like an option in a value is none.
func (u *Member) Fills(c *Channel, command string, options map[string]string) *Delivery {
	u.guild.s.mu.Lock()
	shown := command
	for _, name := range slices.Sorted(maps.Keys(options)) {
		shown += " [" + name + ": " + options[name] + "]"
	}
	return u.sends(c, command, shown, &typing{given: options})
}

// sends sends a command. It unlocks the server.
func (u *Member) sends(c *Channel, text, shown string, t *typing) *Delivery {
	s := u.guild.s
	data, why := u.command(c, strings.TrimPrefix(text, "/"), t)
	if why != "" {
		s.mu.Unlock()
		return u.misuse("cannot type %s: %s", shown, why)
	}
	s.tell(c, u.Name+" → "+c.title()+": "+shown)
	d := u.interaction(commandInteraction, c, data, nil)
	s.mu.Unlock()
	return u.act(d)
}

// Completes types a command up to the value of an option, and returns what the bot offers for it:
// /tension unwatch name:om.
func (u *Member) Completes(c *Channel, text string) []Choice {
	s := u.guild.s
	s.mu.Lock()
	if text == "" || text[0] != '/' {
		s.mu.Unlock()
		u.misuse("completes no command: %q", text)
		return nil
	}
	data, why := u.command(c, text[1:], &typing{focus: true})
	if why != "" {
		s.mu.Unlock()
		u.misuse("cannot complete %s: %s", text, why)
		return nil
	}
	s.tell(c, u.Name+" begins to type: "+text)
	d := u.interaction(completeInteraction, c, data, nil)
	s.mu.Unlock()
	return u.act(d).Choices()
}

// says keeps a message of a person. The lock is held.
func (u *Member) says(c *Channel, text string) *Delivery {
	m := c.write(map[string]any{"content": text}, nil)
	m.Author = u.ID
	u.guild.s.tell(c, u.Name+" → "+c.title()+": "+text)
	u.guild.s.dispatchMessage("MESSAGE_CREATE", m)
	d := &Delivery{s: u.guild.s, acked: true, done: make(chan struct{})}
	close(d.done)
	return d
}

// MessageCommand uses a command of the bot on a message.
func (u *Member) MessageCommand(m *Message, name string) *Delivery {
	s := u.guild.s
	s.mu.Lock()
	now := m.ch.find(m.ID)
	cmd := s.visible(m.ch, limits.MessageCommand, name)
	why := ""
	switch {
	case now == nil || (now.To != "" && now.To != u.ID):
		why = "does not see that message"
	case cmd == nil:
		why = fmt.Sprintf("sees no command %q for messages", name)
	case !cmd.permitted(u):
		why = fmt.Sprintf("may not use %q", name)
	}
	if why != "" {
		s.mu.Unlock()
		return u.misuse("%s", why)
	}
	data := result{
		"id": cmd.id, "name": cmd.name, "type": cmd.kind, "target_id": now.ID,
		"resolved": result{"messages": result{now.ID: now.json()}},
	}
	if cmd.guild != "" {
		data["guild_id"] = cmd.guild
	}
	s.tell(m.ch, fmt.Sprintf("%s uses %s on: %s", u.Name, name, now.summary()))
	d := u.interaction(commandInteraction, m.ch, data, nil)
	s.mu.Unlock()
	return u.act(d)
}

// Clicks presses a button, which is named by its custom_id or by what stands on it. Where there are
// several, it is the first; see [Member.ClicksNth].
func (u *Member) Clicks(m *Message, button string) *Delivery { return u.ClicksNth(m, button, 1) }

// ClicksNth presses the nth of several buttons with one name, counted from one.
func (u *Member) ClicksNth(m *Message, button string, n int) *Delivery {
	return u.uses(m, button, n, func(k seen.Control) ([]string, string) {
		switch {
		case k.Type != limits.ButtonType:
			return nil, "is no button"
		case k.URL != "":
			return nil, "leads to " + k.URL + ", and the bot does not hear of it"
		}
		return nil, ""
	})
}

// Picks chooses from a menu, which is named by its custom_id or by its placeholder; what is chosen is
// named by its value or by its label, or by an id where people, roles or channels are chosen.
func (u *Member) Picks(m *Message, menu string, choices ...string) *Delivery {
	return u.uses(m, menu, 1, func(k seen.Control) (values []string, why string) {
		if k.Type == limits.ButtonType {
			return nil, "is no menu"
		}
		for _, choice := range choices {
			value, ok := k.Pick(choice)
			if !ok {
				return nil, fmt.Sprintf("does not offer %q", choice)
			}
			values = append(values, value)
		}
		if len(values) < k.Least || len(values) > k.Most {
			return nil, fmt.Sprintf("wants %d to %d choices", k.Least, k.Most)
		}
		return values, ""
	})
}

// uses does something with a control of a message.
func (u *Member) uses(m *Message, name string, n int, do func(seen.Control) ([]string, string)) *Delivery {
	s := u.guild.s
	s.mu.Lock()
	now := m.ch.find(m.ID)
	if now == nil || (now.To != "" && now.To != u.ID) {
		s.mu.Unlock()
		return u.misuse("does not see that message any more")
	}
	k, found := seen.Find(now.Components, name, n)
	if !found {
		s.mu.Unlock()
		return u.misuse("sees no %q in %s", name, now.Components)
	}
	values, why := do(k)
	if k.Disabled {
		why = "is greyed out"
	}
	if why != "" {
		s.mu.Unlock()
		return u.misuse("%q %s", name, why)
	}
	data := result{"custom_id": k.CustomID, "component_type": k.Type}
	if k.Type != limits.ButtonType {
		data["values"] = values
	}
	s.tellUse(u, now, k, values)
	d := u.interaction(clickInteraction, m.ch, data, result{"message": now.json()})
	d.on = now
	s.mu.Unlock()
	return u.act(d)
}

// visible returns the command that somebody sees in a channel; one of the guild hides a global one. The
// lock is held.
func (s *Server) visible(c *Channel, kind int, name string) *command {
	if c.guild != nil && !c.guild.member && !s.opts.UserInstalled {
		return nil
	}
	if c.guild != nil && c.guild.member {
		if cmd := s.command(c.guild.ID, kind, name); cmd != nil {
			return cmd
		}
	}
	cmd := s.command("", kind, name)
	if cmd == nil || !cmd.in(c) {
		return nil
	}
	return cmd
}

// in returns whether the command can be used in a channel.
func (cmd *command) in(c *Channel) bool {
	if contexts, ok := cmd.body["contexts"].([]any); ok {
		context := 0.0
		if c.guild == nil {
			context = 1
		}
		return slices.Contains(contexts, any(context))
	}
	return c.guild != nil || cmd.body["dm_permission"] != false
}

// permitted returns whether the person may use the command.
func (cmd *command) permitted(u *Member) bool {
	needed, ok := cmd.body["default_member_permissions"].(string)
	if !ok {
		return true
	}
	bits := Permission(number(needed))
	if bits == 0 {
		return u.may()&Administrator != 0
	}
	return u.may().has(bits)
}
