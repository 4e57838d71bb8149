package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

const maxCommands = 100

// command is a command that the bot registered.
type command struct {
	id, guild, name string // guild is empty for a global one
	version         string
	kind            int
	body            map[string]any
}

// commandRoutes are those of application commands, global and of a guild.
func commandRoutes() map[string]route {
	routes := make(map[string]route)
	for _, place := range []string{"", "/guilds/{guild_id}"} {
		all := "/applications/{application_id}" + place + "/commands"
		one := all + "/{command_id}"
		routes["GET "+all] = route{do: ofApp((*call).listCommands)}
		routes["POST "+all] = route{do: ofApp((*call).addCommand)}
		routes["PUT "+all] = route{do: ofApp((*call).putCommands)}
		routes["GET "+one] = route{do: ofCommand(func(c *call, cmd *command) (answer, *limits.Error) {
			return ok(cmd.json(c.s))
		})}
		routes["PATCH "+one] = route{do: ofCommand((*call).changeCommand)}
		routes["DELETE "+one] = route{do: ofCommand((*call).dropCommand)}
	}
	return routes
}

// ofApp does something when the path names the application and, if any, a guild with the bot.
func ofApp(do method) method {
	return func(c *call) (answer, *limits.Error) {
		g := c.s.guilds[c.r.PathValue("guild_id")]
		switch {
		case c.r.PathValue("application_id") != c.s.appID:
			return refuse(limits.NotYourApp)
		case c.r.PathValue("guild_id") != "" && (g == nil || !g.member):
			return refuse(limits.MissingAccess)
		}
		return do(c)
	}
}

func ofCommand(do func(*call, *command) (answer, *limits.Error)) method {
	return ofApp(func(c *call) (answer, *limits.Error) {
		for _, cmd := range c.s.commands {
			if cmd.id == c.r.PathValue("command_id") && cmd.guild == c.r.PathValue("guild_id") {
				return do(c, cmd)
			}
		}
		return refuse(limits.UnknownCommand)
	})
}

func (cmd *command) json(s *Server) result {
	r := result{
		"default_member_permissions": nil, "nsfw": false, "dm_permission": true, "contexts": nil,
		"integration_types": []int{0}, "description": "", "options": []any{},
		"name_localizations": nil, "description_localizations": nil,
	}
	for name, v := range cmd.body {
		r[name] = v
	}
	if r["options"] == nil {
		delete(r, "options") // null is taken and nothing is kept
	}
	r["id"], r["application_id"], r["version"], r["type"] = cmd.id, s.appID, cmd.version, cmd.kind
	if cmd.guild != "" {
		r["guild_id"] = cmd.guild
		delete(r, "contexts")
		delete(r, "dm_permission")
	}
	return r
}

func (c *call) listCommands() (answer, *limits.Error) {
	all := []any{}
	for _, cmd := range c.s.commands {
		if cmd.guild == c.r.PathValue("guild_id") {
			all = append(all, cmd.json(c.s))
		}
	}
	return ok(all)
}

// newCommand makes a command out of a body, with the id of the one that it takes the place of.
func (s *Server) newCommand(guild string, body map[string]any) *command {
	cmd := &command{guild: guild, kind: limits.ChatInput, body: body, id: s.id(), version: s.id()}
	cmd.name, _ = body["name"].(string)
	if n, ok := body["type"].(float64); ok {
		cmd.kind = int(n)
	}
	if old := s.command(guild, cmd.kind, cmd.name); old != nil {
		cmd.id = old.id
	}
	return cmd
}

// command returns the command with a name that was registered in a place. The lock is held.
func (s *Server) command(guild string, kind int, name string) *command {
	for _, cmd := range s.commands {
		if cmd.guild == guild && cmd.kind == kind && cmd.name == name {
			return cmd
		}
	}
	return nil
}

// addCommand registers a command, in the place of one with the same name if there is one.
func (c *call) addCommand() (answer, *limits.Error) {
	if refused := limits.Command(c.body); refused != nil {
		return answer{}, refused
	}
	guild := c.r.PathValue("guild_id")
	cmd := c.s.newCommand(guild, c.body)
	for i, old := range c.s.commands {
		if old.id == cmd.id {
			c.s.commands[i] = cmd
			return ok(cmd.json(c.s))
		}
	}
	n := 0
	for _, other := range c.s.commands {
		if other.guild == guild && other.kind == cmd.kind {
			n++
		}
	}
	if n >= maxCommands {
		return refuse(limits.TooManyCommands)
	}
	if refused := c.s.countCreated(guild); refused != nil {
		return answer{}, refused
	}
	c.s.commands = append(c.s.commands, cmd)
	return answer{http.StatusCreated, cmd.json(c.s)}, nil
}

// putCommands registers all commands of a place, and drops what is not among them.
func (c *call) putCommands() (answer, *limits.Error) {
	if c.many == nil {
		return answer{}, limits.Wrong("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
	}
	guild, all, made := c.r.PathValue("guild_id"), []any{}, []*command(nil)
	if refused := limits.Commands(c.many); refused != nil {
		return answer{}, refused
	}
	for _, one := range c.many {
		cmd := c.s.newCommand(guild, one.(map[string]any))
		if c.s.command(guild, cmd.kind, cmd.name) == nil {
			if refused := c.s.countCreated(guild); refused != nil {
				return answer{}, refused
			}
		}
		made, all = append(made, cmd), append(all, cmd.json(c.s))
	}
	c.s.commands = slices.DeleteFunc(c.s.commands, func(old *command) bool { return old.guild == guild })
	c.s.commands = append(c.s.commands, made...)
	return ok(all)
}

func (c *call) changeCommand(cmd *command) (answer, *limits.Error) {
	body := make(map[string]any)
	for _, from := range []map[string]any{cmd.body, c.body} {
		for name, v := range from {
			body[name] = v
		}
	}
	if refused := limits.Command(body); refused != nil {
		return answer{}, refused
	}
	cmd.body, cmd.version = body, c.s.id()
	cmd.name, _ = body["name"].(string)
	return ok(cmd.json(c.s))
}

func (c *call) dropCommand(cmd *command) (answer, *limits.Error) {
	c.s.commands = slices.DeleteFunc(c.s.commands, func(other *command) bool { return other == cmd })
	return empty()
}

// Commands returns the commands that the bot registered in a guild, or the global ones with nil, as
// Discord answers them.
func (s *Server) Commands(g *Guild) (all []json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cmd := range s.commands {
		if (g == nil && cmd.guild == "") || (g != nil && cmd.guild == g.ID) {
			all = append(all, raw(cmd.json(s)))
		}
	}
	return all
}
