package discordtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// maxBody is the size of a request with its files.
const maxBody = 10 << 20

// Call is a request that the REST API got.
type Call struct {
	Route   string // method and path as Discord's documents write it: POST /channels/{channel_id}/messages
	Path    string // without the version
	Body    json.RawMessage
	Files   []Attachment
	Channel string
	At      time.Time
	Status  int // what it was answered with; 0 when it was not answered
	Code    int // the error of Discord it was answered with, or 0
	Fault   bool
}

// call is a request that is being answered.
type call struct {
	*Call
	s       *Server
	r       *http.Request
	body    map[string]any
	many    []any // the body, where it is a list
	invalid bool  // whether the body is no JSON
	untyped bool  // whether nothing says that the body is JSON
}

// answer is what a route does with a call: a status, a body, or why it is refused.
type answer struct {
	status int
	body   any
}

func ok(body any) (answer, *limits.Error)     { return answer{http.StatusOK, body}, nil }
func empty() (answer, *limits.Error)          { return answer{status: http.StatusNoContent}, nil }
func refuse(code int) (answer, *limits.Error) { return answer{}, limits.Refuse(code) }

// route is what the REST API knows of one of its routes.
type route struct {
	open bool // whether it takes no token of the bot: the path holds one
	do   method
}

// method does what a call asks for.
type method func(*call) (answer, *limits.Error)

// routes are all that the REST API serves, by the names that Discord's documents give them.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, some := range []map[string]route{
		appRoutes(), channelRoutes(), threadRoutes(), guildRoutes(), commandRoutes(), answerRoutes(),
	} {
		for pattern, of := range some {
			mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, pattern, of) })
		}
	}
	mux.HandleFunc("/", s.notFound)
	return mux
}

func (s *Server) notFound(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusNotFound, limits.Refuse(limits.NotFound).JSON())
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that hung up is not told
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, pattern string, of route) {
	c := &call{s: s, r: r, Call: &Call{Route: pattern, Path: r.URL.Path, Channel: r.PathValue("channel_id")}}
	if !c.read(w) {
		return
	}
	s.mu.Lock()
	c.At = s.opts.Now()
	if d := s.deliveries[c.token()]; d != nil {
		c.Channel = d.channel.ID
	}
	s.calls = append(s.calls, *c.Call)
	at := len(s.calls) - 1
	c.Call = &s.calls[at]
	f := s.faultOf(c.Route, c.Channel)
	var done answer
	var refused *limits.Error
	limited := f == nil && s.limited(w, c, of)
	if !limited && (f == nil || f.Accept) {
		done, refused = s.answer(c, of)
	}
	switch {
	case refused != nil:
		done = answer{refused.Status, refused.JSON()}
		c.Code = refused.Code
	case limited:
		c.Status = http.StatusTooManyRequests
	}
	if f == nil && !limited {
		c.Status = done.status
		s.countInvalid(done.status)
	}
	s.happened()
	s.mu.Unlock()
	switch {
	case f != nil:
		s.suffer(w, r, at, f)
	case !limited:
		writeJSON(w, done.status, done.body)
	}
}

// answer does what is asked, unless the asker may not. The lock is held.
func (s *Server) answer(c *call, of route) (answer, *limits.Error) {
	switch {
	case !strings.HasPrefix(c.r.Header.Get("User-Agent"), "DiscordBot ("):
		return refuse(limits.Blocked)
	case !of.open && c.r.Header.Get("Authorization") != "Bot "+s.botToken():
		return refuse(limits.Unauthorized)
	case c.untyped:
		return answer{}, limits.Wrong("", "CONTENT_TYPE_INVALID", "Expected a Content-Type header of application/json.")
	case c.invalid:
		return refuse(limits.InvalidJSON)
	}
	return of.do(c)
}

// read reads the body, which is JSON, or a form with JSON and files. It answers what is too large.
func (c *call) read(w http.ResponseWriter) bool {
	all, err := io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody))
	if err != nil {
		writeJSON(w, http.StatusRequestEntityTooLarge, limits.Refuse(limits.TooLarge).JSON())
		return false
	}
	kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch {
	case kind == "multipart/form-data":
		all = c.readForm(multipart.NewReader(bytes.NewReader(all), params["boundary"]))
	case len(all) > 0 && kind != "application/json":
		c.untyped = true
	}
	if len(all) == 0 {
		c.body = map[string]any{}
		return true
	}
	c.Body = all
	var v any
	c.invalid = c.invalid || json.Unmarshal(all, &v) != nil
	c.many, _ = v.([]any)
	if c.body, _ = v.(map[string]any); c.body == nil {
		c.body = map[string]any{}
	}
	return true
}

// readForm keeps the files of a form and returns its JSON.
func (c *call) readForm(form *multipart.Reader) (payload []byte) {
	for {
		part, err := form.NextPart()
		if err != nil {
			c.invalid = c.invalid || err != io.EOF
			return payload
		}
		data, err := io.ReadAll(part)
		name := part.FormName()
		switch {
		case err != nil:
			c.invalid = true
		case name == "payload_json":
			payload = data
		case strings.HasPrefix(name, "files[") && part.FileName() != "":
			c.Files = append(c.Files, Attachment{
				Name: part.FileName(), Type: part.Header.Get("Content-Type"), Data: data,
				index: strings.TrimSuffix(strings.TrimPrefix(name, "files["), "]"),
			})
		default:
			c.invalid = true
		}
	}
}

// token is the token of the interaction that the path holds, or empty.
func (c *call) token() string {
	return or(c.r.PathValue("interaction_token"), c.r.PathValue("webhook_token"))
}

// queried returns a number of the query, within bounds.
func (c *call) queried(name string, otherwise, least, most int) (int, *limits.Error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, limits.Wrong(name, "NUMBER_TYPE_MAX", "int value should be between "+
			strconv.Itoa(least)+" and "+strconv.Itoa(most)+".")
	}
	return n, nil
}

// Calls returns the requests to a route that the REST API got, or all with an empty one. A route is
// written as in Discord's documents: POST /channels/{channel_id}/messages.
func (s *Server) Calls(route string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.calls), func(c Call) bool {
		return route != "" && c.Route != route
	})
}

// appRoutes are those that tell the bot of itself.
func appRoutes() map[string]route {
	application := route{do: func(c *call) (answer, *limits.Error) { return ok(c.s.applicationJSON()) }}
	return map[string]route{
		"GET /gateway": {open: true, do: func(c *call) (answer, *limits.Error) {
			return ok(result{"url": c.s.GatewayURL()})
		}},
		"GET /gateway/bot":             {do: (*call).gatewayBot},
		"GET /users/@me":               {do: func(c *call) (answer, *limits.Error) { return ok(c.s.botJSON()) }},
		"GET /applications/@me":        application,
		"GET /oauth2/applications/@me": application,
		"POST /users/@me/channels":     {do: (*call).openDM},
	}
}

func (c *call) gatewayBot() (answer, *limits.Error) {
	left := maxIdentifies - len(c.s.identifiedSince(24*time.Hour))
	return ok(result{"url": c.s.GatewayURL(), "shards": c.s.opts.Shards, "session_start_limit": result{
		"total": maxIdentifies, "remaining": left, "reset_after": 86400000,
		"max_concurrency": c.s.opts.Identifies,
	}})
}

func (c *call) openDM() (answer, *limits.Error) {
	id, _ := c.body["recipient_id"].(string)
	u := c.s.users[id]
	if u == nil {
		return answer{}, limits.Wrong("recipient_id", "CHANNEL_RECIPIENT_INVALID", "Invalid Recipient(s)")
	}
	return ok(u.directly().json())
}

// guildRoutes are those that tell the bot of guilds.
func guildRoutes() map[string]route {
	return map[string]route{
		"GET /guilds/{guild_id}": {do: inGuild(func(_ *call, g *Guild) (answer, *limits.Error) {
			return ok(g.json())
		})},
		"GET /guilds/{guild_id}/roles": {do: inGuild(func(c *call, g *Guild) (answer, *limits.Error) {
			return ok(g.rolesJSON())
		})},
		"GET /guilds/{guild_id}/channels": {do: inGuild(func(c *call, g *Guild) (answer, *limits.Error) {
			return ok(g.created()["channels"])
		})},
		"GET /guilds/{guild_id}/members/{user_id}": {do: inGuild(func(c *call, g *Guild) (answer, *limits.Error) {
			if c.r.PathValue("user_id") == c.s.botID {
				return ok(g.botMember())
			}
			i := slices.IndexFunc(g.members, func(u *Member) bool { return u.ID == c.r.PathValue("user_id") })
			if i < 0 {
				return refuse(limits.UnknownMember)
			}
			return ok(g.members[i].json())
		})},
	}
}

// inGuild does something in the guild of the path, when the bot is in it.
func inGuild(do func(*call, *Guild) (answer, *limits.Error)) method {
	return func(c *call) (answer, *limits.Error) {
		g := c.s.guilds[c.r.PathValue("guild_id")]
		switch {
		case g == nil:
			return refuse(limits.UnknownGuild)
		case !g.member:
			return refuse(limits.MissingAccess)
		}
		return do(c, g)
	}
}
