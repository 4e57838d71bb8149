package discordtest

// change changes a channel, notes it in the transcript, and tells the bot.
func (c *Channel) change(what, event string, do func()) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.tell(c, c.title()+" "+what)
	do()
	c.s.dispatch(c.guild, intentGuilds, event, c.json())
	c.s.happened()
}

// Delete deletes the channel, with all that stands in it.
func (c *Channel) Delete() {
	event := "CHANNEL_DELETE"
	if c.parent != nil {
		event = "THREAD_DELETE"
	}
	c.change("is deleted", event, func() { c.deleted = true })
}

// Rename gives the channel another name.
func (c *Channel) Rename(name string) {
	c.change("is called #"+name+" now", "CHANNEL_UPDATE", func() { c.name = name })
}

// Forbid takes permissions in this channel away from the bot.
func (c *Channel) Forbid(perms ...Permission) {
	c.change("forbids "+c.s.botName()+" something", "CHANNEL_UPDATE", func() {
		for _, p := range perms {
			c.forbidden |= p
		}
	})
}

// Permit gives permissions back that were taken away with [Channel.Forbid].
func (c *Channel) Permit(perms ...Permission) {
	c.change("permits "+c.s.botName()+" something", "CHANNEL_UPDATE", func() {
		for _, p := range perms {
			c.forbidden &^= p
		}
	})
}

// Remove throws the bot out of the guild. It hears of it when it listens to guilds.
func (g *Guild) Remove() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.member = false
	g.s.story = append(g.s.story, line{text: g.Name + " removes " + g.s.botName()})
	g.s.dispatch(g, intentGuilds, "GUILD_DELETE", result{"id": g.ID})
	g.s.happened()
}

// Invite brings the bot back into the guild.
func (g *Guild) Invite() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.member = true
	g.s.story = append(g.s.story, line{text: g.Name + " invites " + g.s.botName()})
	g.s.dispatch(g, intentGuilds, "GUILD_CREATE", g.created())
	g.s.happened()
}

// Unavailable tells the bot that the guild is away because Discord has an outage: it was not removed.
func (g *Guild) Unavailable() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.s.dispatch(g, intentGuilds, "GUILD_DELETE", result{"id": g.ID, "unavailable": true})
}
