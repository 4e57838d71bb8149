package discordtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// Permission is something that somebody may do in a guild. Several are added with |.
type Permission uint64

// The permissions that matter to a bot which posts news.
const (
	Administrator         Permission = 1 << 3
	ManageChannels        Permission = 1 << 4
	ManageGuild           Permission = 1 << 5
	ViewChannel           Permission = 1 << 10
	SendMessages          Permission = 1 << 11
	ManageMessages        Permission = 1 << 13
	EmbedLinks            Permission = 1 << 14
	AttachFiles           Permission = 1 << 15
	ReadMessageHistory    Permission = 1 << 16
	MentionEveryone       Permission = 1 << 17
	UseCommands           Permission = 1 << 31
	ManageThreads         Permission = 1 << 34
	CreatePublicThreads   Permission = 1 << 35
	SendMessagesInThreads Permission = 1 << 38
)

// common is what anybody may do in a guild.
const common = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory |
	UseCommands | CreatePublicThreads | SendMessagesInThreads

// has returns whether all of wanted is permitted.
func (p Permission) has(wanted Permission) bool {
	return p&Administrator != 0 || p&wanted == wanted
}

func (p Permission) String() string { return strconv.FormatUint(uint64(p), 10) }

// Guild is a server of Discord.
type Guild struct {
	ID, Name string

	s       *Server
	locale  string
	member  bool // whether the bot is in it
	bot     Permission
	members []*Member
	roles   []*Role
	order   []*Channel
}

// Role is a group of members.
type Role struct {
	ID, Name string
	perms    Permission
}

// Member is a person in a guild.
type Member struct {
	ID, Name string

	guild  *Guild
	perms  Permission
	roles  []string
	locale string
	window *Modal
	dm     *Channel
	closed bool // whether the person takes no direct messages
}

// The types of channels.
const (
	textChannel   = 0
	dmChannel     = 1
	publicThread  = 11
	privateThread = 12
	forumChannel  = 15
)

// Tag is a tag that posts of a forum can have.
type Tag struct {
	ID, Name string
}

// Channel is where messages stand: a channel of text, a forum, a thread, or the conversation between
// the bot and one person.
type Channel struct {
	ID string

	s         *Server
	guild     *Guild // nil in a direct conversation
	name      string
	kind      int
	parent    *Channel // of a thread
	with      *Member  // of a direct conversation
	forbidden Permission
	tags      []Tag // that a forum has
	needsTag  bool
	applied   []string // that a post of a forum has
	deleted   bool
	archived  bool
	messages  []*Message
}

// Guild returns the guild that a test calls by an id; the first call makes it, with the bot in it. An id
// that is no snowflake gets one: see [Guild.ID].
func (s *Server) Guild(id, name string) *Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guildKeys[id]; g != nil {
		return g
	}
	g := &Guild{ID: id, Name: or(name, id), s: s, member: true, bot: common, locale: "en-US"}
	if _, err := strconv.ParseUint(id, 10, 64); err != nil {
		g.ID = s.id()
	}
	s.guilds[g.ID], s.guildKeys[id] = g, g
	s.guildOrder = append(s.guildOrder, g)
	s.dispatch(g, intentGuilds, "GUILD_CREATE", g.created())
	return g
}

// Member returns the person with a name; the first call lets them join. Who joins may do what anybody
// may, and what is given.
func (g *Guild) Member(name string, more ...Permission) *Member {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	i := slices.IndexFunc(g.members, func(u *Member) bool { return u.Name == name })
	if i >= 0 {
		return g.members[i]
	}
	u := &Member{ID: g.s.id(), Name: name, guild: g, perms: common, locale: "en-US"}
	for _, p := range more {
		u.perms |= p
	}
	g.members = append(g.members, u)
	g.s.users[u.ID] = u
	joined := u.json()
	joined["guild_id"] = g.ID
	g.s.dispatch(g, intentMembers, "GUILD_MEMBER_ADD", joined)
	return u
}

// Role returns the role with a name; the first call makes it.
func (g *Guild) Role(name string, perms ...Permission) *Role {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	i := slices.IndexFunc(g.roles, func(r *Role) bool { return r.Name == name })
	if i >= 0 {
		return g.roles[i]
	}
	r := &Role{ID: g.s.id(), Name: name}
	for _, p := range perms {
		r.perms |= p
	}
	g.roles = append(g.roles, r)
	return r
}

// Gets gives the person a role.
func (u *Member) Gets(r *Role) {
	u.guild.s.mu.Lock()
	defer u.guild.s.mu.Unlock()
	if !slices.Contains(u.roles, r.ID) {
		u.roles = append(u.roles, r.ID)
	}
	changed := u.json()
	changed["guild_id"] = u.guild.ID
	u.guild.s.dispatch(u.guild, intentMembers, "GUILD_MEMBER_UPDATE", changed)
}

// Leaves makes the person leave the guild.
func (u *Member) Leaves() {
	g := u.guild
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.members = slices.DeleteFunc(g.members, func(other *Member) bool { return other == u })
	g.s.dispatch(g, intentMembers, "GUILD_MEMBER_REMOVE", result{"guild_id": g.ID, "user": u.user()})
}

// Speaks sets the language of the person's Discord, such as es-ES.
func (u *Member) Speaks(locale string) *Member {
	u.guild.s.mu.Lock()
	defer u.guild.s.mu.Unlock()
	if !limits.KnownLocale(locale) && u.guild.s.t != nil {
		u.guild.s.t.Errorf("discordtest: Discord has no language %q", locale)
	}
	u.locale = locale
	return u
}

// BotMay sets what the bot may do in the guild.
func (g *Guild) BotMay(perms ...Permission) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.bot = 0
	for _, p := range perms {
		g.bot |= p
	}
}

// Channel returns the channel with a name; the first call makes it.
func (g *Guild) Channel(name string) *Channel {
	return g.channel(&Channel{name: name, kind: textChannel})
}

// Forum returns the forum with a name; the first call makes it, with its tags.
func (g *Guild) Forum(name string, tags ...string) *Channel {
	c := &Channel{name: name, kind: forumChannel}
	for _, tag := range tags {
		c.tags = append(c.tags, Tag{Name: tag})
	}
	return g.channel(c)
}

func (g *Guild) channel(made *Channel) *Channel {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	for _, c := range g.order {
		if c.name == made.name && c.parent == nil && !c.deleted {
			return c
		}
	}
	for i := range made.tags {
		made.tags[i].ID = g.s.id()
	}
	g.add(made)
	g.s.dispatch(g, intentGuilds, "CHANNEL_CREATE", made.json())
	return made
}

// add keeps a new channel of the guild. The lock is held.
func (g *Guild) add(c *Channel) {
	c.ID, c.s, c.guild = or(c.ID, g.s.id()), g.s, g
	g.s.channels[c.ID] = c
	g.order = append(g.order, c)
}

// DM returns the conversation between the bot and the person.
func (u *Member) DM() *Channel {
	u.guild.s.mu.Lock()
	defer u.guild.s.mu.Unlock()
	return u.directly()
}

// directly is [Member.DM] while the lock is held.
func (u *Member) directly() *Channel {
	if u.dm == nil {
		s := u.guild.s
		u.dm = &Channel{ID: s.id(), s: s, name: u.Name, kind: dmChannel, with: u}
		s.channels[u.dm.ID] = u.dm
	}
	return u.dm
}

// RefusesDMs makes the person take no direct messages of the bot.
func (u *Member) RefusesDMs() {
	u.guild.s.mu.Lock()
	defer u.guild.s.mu.Unlock()
	u.closed = true
}

// Tags returns the tags of a forum, or those that a post of it has.
func (c *Channel) Tags() (tags []Tag) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.parent == nil {
		return slices.Clone(c.tags)
	}
	for _, tag := range c.parent.tags {
		if slices.Contains(c.applied, tag.ID) {
			tags = append(tags, tag)
		}
	}
	return tags
}

// RequireTag makes the forum refuse posts without a tag.
func (c *Channel) RequireTag() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.needsTag = true
}

// Name returns the name of the channel, without its number sign.
func (c *Channel) Name() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.name
}

// Threads returns the threads of the channel, or the posts of a forum, the oldest first.
func (c *Channel) Threads() (threads []*Channel) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if c.guild == nil {
		return nil
	}
	for _, t := range c.guild.order {
		if t.parent == c && !t.deleted {
			threads = append(threads, t)
		}
	}
	return threads
}

// botMay returns what the bot may do in the channel. The lock is held.
func (c *Channel) botMay() Permission {
	switch {
	case c.guild == nil:
		return common
	case c.parent != nil:
		return c.parent.botMay() &^ c.forbidden
	}
	return c.guild.bot &^ c.forbidden
}

// title is the channel in a transcript.
func (c *Channel) title() string {
	switch {
	case c.with != nil:
		return c.name + " (directly)"
	case c.parent != nil:
		return c.parent.title() + " › " + c.name
	}
	return "#" + strings.TrimPrefix(c.name, "#")
}
