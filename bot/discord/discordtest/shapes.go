package discordtest

import (
	"encoding/json"
)

// result is an object of JSON that Discord sends.
type result map[string]any

// botJSON is the bot as a user.
func (s *Server) botJSON() result {
	return result{
		"id": s.botID, "username": s.opts.BotName, "discriminator": "0001", "avatar": nil, "bot": true,
		"global_name": nil, "public_flags": 0, "flags": 0, "banner": nil, "accent_color": nil,
		"mfa_enabled": true, "locale": "en-US", "verified": true, "email": nil, "primary_guild": nil,
	}
}

func (s *Server) applicationJSON() result {
	return result{
		"id": s.appID, "name": s.opts.BotName, "icon": nil, "description": "", "type": nil,
		"bot_public": true, "bot_require_code_grant": false, "verify_key": s.PublicKey(), "flags": 0,
		"bot": s.botJSON(), "summary": "", "interactions_endpoint_url": nil,
		"flags_new": "0", "redirect_uris": []any{}, "role_connections_verification_url": nil,
		"owner": s.botJSON(), "approximate_guild_count": len(s.guilds), "team": nil,
		"approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "eligible_oauth2_scopes": []any{},
	}
}

// user is the person as a user.
func (u *Member) user() result {
	return result{
		"id": u.ID, "username": u.Name, "global_name": u.Name, "discriminator": "0", "avatar": nil,
		"public_flags": 0, "flags": 0, "primary_guild": nil,
	}
}

// json is the person as a member.
func (u *Member) json() result {
	return result{
		"user": u.user(), "nick": nil, "avatar": nil, "roles": list(u.roles), "mute": false, "deaf": false,
		"joined_at": "2017-03-13T19:19:14.040000+00:00", "premium_since": nil, "pending": false,
		"flags": 0, "communication_disabled_until": nil, "banner": nil,
	}
}

// may returns what the person may do, with what their roles allow. The lock is held.
func (u *Member) may() Permission {
	p := u.perms
	for _, r := range u.guild.roles {
		for _, id := range u.roles {
			if r.ID == id {
				p |= r.perms
			}
		}
	}
	return p
}

func (g *Guild) json() result {
	return result{
		"id": g.ID, "name": g.Name, "icon": nil, "owner_id": g.owner(), "roles": g.rolesJSON(),
		"preferred_locale": g.locale, "features": []any{}, "emojis": []any{}, "stickers": []any{},
		"afk_timeout": 300, "afk_channel_id": nil, "verification_level": 0, "mfa_level": 0,
		"default_message_notifications": 0, "explicit_content_filter": 0, "nsfw_level": 0,
		"premium_tier": 0, "system_channel_id": nil, "system_channel_flags": 0, "description": nil,
		"banner": nil, "splash": nil, "discovery_splash": nil, "rules_channel_id": nil,
		"public_updates_channel_id": nil, "application_id": nil, "vanity_url_code": nil,
		"premium_progress_bar_enabled": false, "nsfw": false, "region": "deprecated",
		"safety_alerts_channel_id": nil, "widget_enabled": false, "widget_channel_id": nil,
		"max_members": 500000, "max_presences": nil, "max_video_channel_users": 25,
		"home_header": nil, "incidents_data": nil, "max_stage_video_channel_users": 50, "premium_subscription_count": 0,
	}
}

// owner is the first who joined, or the bot in a guild without people.
func (g *Guild) owner() string {
	if len(g.members) > 0 {
		return g.members[0].ID
	}
	return g.s.botID
}

// created is the guild as the gateway tells of it.
func (g *Guild) created() result {
	r := g.json()
	channels, threads := []any{}, []any{}
	for _, c := range g.order {
		switch {
		case c.deleted:
		case c.parent != nil:
			threads = append(threads, c.json())
		default:
			channels = append(channels, c.json())
		}
	}
	r["channels"], r["threads"], r["members"] = channels, threads, []any{g.botMember()}
	r["joined_at"], r["large"], r["unavailable"] = "2017-03-13T19:19:14.040000+00:00", false, false
	r["member_count"] = len(g.members) + 1
	for _, none := range []string{"voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"} {
		r[none] = []any{}
	}
	return r
}

func (g *Guild) botMember() result {
	u := &Member{guild: g}
	r := u.json()
	r["user"] = g.s.botJSON()
	return r
}

func (g *Guild) rolesJSON() []any {
	all := []any{roleJSON(g.ID, "@everyone", g.bot, 0)}
	for i, r := range g.roles {
		all = append(all, roleJSON(r.ID, r.Name, r.perms, i+1))
	}
	return all
}

func roleJSON(id, name string, perms Permission, position int) result {
	return result{
		"id": id, "name": name, "description": nil, "permissions": perms.String(), "position": position,
		"color": 0, "colors": result{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "managed": false, "mentionable": false, "icon": nil, "unicode_emoji": nil, "flags": 0,
	}
}

// json is the channel as Discord shows it to the bot. The lock is held.
func (c *Channel) json() result {
	r := result{"id": c.ID, "type": c.kind, "flags": 0, "last_message_id": nil}
	if n := len(c.messages); n > 0 {
		r["last_message_id"] = c.messages[n-1].ID
	}
	if c.with != nil {
		r["recipients"] = []any{c.with.user()}
		return r
	}
	r["guild_id"], r["name"], r["parent_id"], r["rate_limit_per_user"] = c.guild.ID, c.name, nil, 0
	switch {
	case c.parent != nil:
		r["parent_id"], r["owner_id"], r["applied_tags"] = c.parent.ID, c.s.botID, list(c.applied)
		r["message_count"], r["member_count"], r["total_message_sent"] = len(c.messages), 1, len(c.messages)
		r["thread_metadata"] = result{
			"archived": c.archived, "locked": false, "auto_archive_duration": 4320,
			"archive_timestamp": stamp(c.s.opts.Now()), "create_timestamp": stamp(c.s.opts.Now()),
		}
		return r
	case c.kind == forumChannel:
		r["available_tags"], r["default_reaction_emoji"] = c.tagsJSON(), nil
		r["default_sort_order"], r["default_forum_layout"] = nil, 0
		if c.needsTag {
			r["flags"] = 1 << 4
		}
	}
	r["position"], r["topic"], r["nsfw"], r["permission_overwrites"] = 0, nil, false, c.overwrites()
	return r
}

func (c *Channel) tagsJSON() []any {
	tags := []any{}
	for _, t := range c.tags {
		tags = append(tags, result{"id": t.ID, "name": t.Name, "moderated": false, "emoji_id": nil, "emoji_name": nil})
	}
	return tags
}

// overwrites are what is forbidden to the bot in the channel.
func (c *Channel) overwrites() []any {
	if c.forbidden == 0 {
		return []any{}
	}
	return []any{result{"id": c.s.botID, "type": 1, "allow": "0", "deny": c.forbidden.String()}}
}

// list is a list that is empty and not null when it has no members.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// object reads JSON as an object, which is empty when it is none.
func object(raw json.RawMessage) (o map[string]any) {
	_ = json.Unmarshal(raw, &o) // what is no object is empty
	if o == nil {
		o = map[string]any{}
	}
	return o
}

// raw writes a value that came as JSON.
func raw(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic("discordtest: what came as JSON is none: " + err.Error())
	}
	return text
}
