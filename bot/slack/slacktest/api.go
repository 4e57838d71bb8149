package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

// Call is a request that the Web API got, with its arguments as text: a value that was JSON stays JSON.
type Call struct {
	Method  string
	Args    map[string]string // without the token
	Channel string
	At      time.Time
	Status  int    // what it was answered with; 0 when it was not answered
	Error   string // the error it was answered with, or empty
}

// call is a request that is being answered.
type call struct {
	*Call
	s      *Server
	ws     *Workspace
	token  string
	header bool // whether the token came in the header
	posted bool // whether the request was a POST
}

// result is what a method answers, without "ok".
type result map[string]any

// method is what the Web API knows of one of its methods.
type method struct {
	tier  int    // requests a minute, see [Rates]; 0: not limited by a tier
	scope string // what the token needs, or empty
	write bool   // whether it takes a body of JSON
	do    func(*call) (result, *limits.Error)
}

func methods() map[string]method {
	return map[string]method{
		"apps.connections.open": {0, "", true, connectionsOpen},
		"auth.test":             {0, "", true, authTest},
		"chat.delete":           {3, "chat:write", true, chatDelete},
		"chat.getPermalink":     {0, "", false, chatGetPermalink},
		"chat.postEphemeral":    {4, "chat:write", true, chatPostEphemeral},
		"chat.postMessage":      {0, "chat:write", true, chatPostMessage},
		"chat.update":           {3, "chat:write", true, chatUpdate},
		"conversations.history": {3, "", false, conversationsHistory},
		"conversations.info":    {3, "", false, conversationsInfo},
		"conversations.list":    {2, "", false, conversationsList},
		"conversations.open":    {3, "im:write", true, conversationsOpen},
		"conversations.replies": {3, "", false, conversationsReplies},
		"team.info":             {3, "team:read", false, teamInfo},
		"usergroups.list":       {2, "usergroups:read", false, usergroupsList},
		"usergroups.users.list": {2, "usergroups:read", false, usergroupsUsersList},
		"users.info":            {4, "users:read", false, usersInfo},
		"views.open":            {4, "", true, viewsOpen},
		"views.publish":         {4, "", true, viewsPublish},
		"views.update":          {4, "", true, viewsUpdate},
	}
}

// fail is the error of a method, in one word.
func fail(code string) (result, *limits.Error) { return nil, &limits.Error{Code: code} }

// missing is what a request is refused with that lacks an argument.
func missing(arg string) (result, *limits.Error) {
	return nil, &limits.Error{
		Code: "invalid_arguments", Messages: []string{"[ERROR] missing required field: " + arg},
	}
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	m, known := methods()[name]
	c := &call{
		Call: &Call{Method: name, At: s.opts.Now()}, s: s, posted: r.Method == http.MethodPost,
	}
	refused := c.read(r, m.write)
	c.Channel = c.Args["channel"]
	s.mu.Lock()
	s.calls = append(s.calls, *c.Call)
	at := len(s.calls) - 1
	f := s.faultOf(name, c.Channel)
	s.mu.Unlock()
	if f != nil && !f.Accept {
		s.suffer(w, r, at, f)
		return
	}
	var got result
	var wait time.Duration
	switch {
	case refused != nil:
	case !known:
		_, refused = fail("unknown_method")
	default:
		got, wait, refused = c.run(m)
	}
	if f != nil {
		s.suffer(w, r, at, f)
		return
	}
	s.answer(w, at, got, wait, refused)
}

// run does what a request asks for, unless the caller may not or asks too often.
func (c *call) run(m method) (got result, wait time.Duration, refused *limits.Error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	defer c.s.happened()
	if refused = c.authorise(m.scope); refused != nil {
		return nil, 0, refused
	}
	if wait = c.limited(m.tier); wait > 0 {
		return nil, wait, &limits.Error{Code: "ratelimited"}
	}
	got, refused = m.do(c)
	return got, 0, refused
}

// answer writes what a method returned, and notes it.
func (s *Server) answer(
	w http.ResponseWriter, at int, got result, wait time.Duration, refused *limits.Error,
) {
	body, status := result{"ok": refused == nil}, http.StatusOK
	if refused != nil {
		body["error"] = refused.Code
		if len(refused.Messages) > 0 {
			plain := make([]string, len(refused.Messages))
			for i, m := range refused.Messages {
				plain[i] = strings.TrimPrefix(m, "[ERROR] ")
			}
			body["errors"] = plain
			body["response_metadata"] = result{"messages": refused.Messages}
		}
		if refused.Needed != "" {
			body["needed"], body["provided"] = refused.Needed, refused.Provided
		}
	}
	maps.Copy(body, got)
	if wait > 0 {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", fmt.Sprint(int((wait+time.Second-1)/time.Second)))
	}
	s.mu.Lock()
	s.calls[at].Status = status
	if refused != nil {
		s.calls[at].Error = refused.Code
	}
	s.happened()
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// read takes the arguments and the token out of a request.
func (c *call) read(r *http.Request, write bool) *limits.Error {
	c.Args = make(map[string]string)
	for name, values := range r.URL.Query() {
		c.Args[name] = values[0]
	}
	if c.posted && r.ContentLength != 0 {
		if refused := c.readBody(r, write); refused != nil {
			return refused
		}
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.token, c.header = bearer, true
	} else {
		c.token = c.Args["token"]
	}
	delete(c.Args, "token")
	return nil
}

func (c *call) readBody(r *http.Request, write bool) *limits.Error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return &limits.Error{Code: "invalid_form_data"}
		}
		for name, values := range r.PostForm {
			c.Args[name] = values[0]
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			return &limits.Error{Code: "invalid_form_data"}
		}
		for name, values := range r.MultipartForm.Value {
			c.Args[name] = values[0]
		}
	case "application/json":
		return c.readJSON(r.Body, write)
	case "":
		return &limits.Error{Code: "missing_post_type"}
	default:
		return &limits.Error{Code: "invalid_post_type"}
	}
	return nil
}

// readJSON reads a body of JSON. Methods that only read know forms alone: they see no arguments.
func (c *call) readJSON(body io.Reader, write bool) *limits.Error {
	text, err := io.ReadAll(body)
	if err != nil {
		return &limits.Error{Code: "request_timeout"}
	}
	var any any
	if json.Unmarshal(text, &any) != nil {
		return &limits.Error{Code: "invalid_json"}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil {
		return &limits.Error{Code: "json_not_object"}
	}
	if !write {
		return nil
	}
	for name, raw := range fields {
		var plain string
		if json.Unmarshal(raw, &plain) == nil && raw[0] == '"' {
			c.Args[name] = plain
		} else if string(raw) != "null" {
			c.Args[name] = string(raw)
		}
	}
	delete(c.Args, "token") // in JSON the token belongs in the header
	return nil
}

// authorise finds the workspace of the token, and refuses a token that may not.
func (c *call) authorise(scope string) *limits.Error {
	if c.token == "" {
		return &limits.Error{Code: "not_authed"}
	}
	if c.Method == "apps.connections.open" {
		return nil
	}
	for _, ws := range c.s.workspaces {
		if ws.BotToken() == c.token {
			c.ws = ws
		}
	}
	switch {
	case c.token == c.s.AppToken():
		return &limits.Error{Code: "not_allowed_token_type"}
	case c.ws == nil:
		return &limits.Error{Code: "invalid_auth"}
	case c.ws.dead != "":
		return &limits.Error{Code: c.ws.dead}
	}
	return c.need(scope)
}

// need refuses a token that lacks a scope.
func (c *call) need(scope string) *limits.Error {
	if scope == "" || slices.Contains(c.ws.scopes, scope) {
		return nil
	}
	return &limits.Error{Code: "missing_scope", Needed: scope, Provided: strings.Join(c.ws.scopes, ",")}
}

// Calls returns the requests of a method in the order they came, or of all methods when it is empty.
func (s *Server) Calls(method string) (calls []Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			calls = append(calls, c)
		}
	}
	return calls
}

func connectionsOpen(c *call) (result, *limits.Error) {
	switch {
	case !c.header || !c.posted: // Slack wants this token in the header alone
		return fail("not_authed")
	case strings.HasPrefix(c.token, "xoxb-"):
		return fail("not_allowed_token_type")
	case c.token != c.s.AppToken():
		return fail("invalid_auth")
	case c.s.disabled:
		return fail("access_denied")
	}
	ticket := c.s.id("ticket-")
	c.s.tickets[ticket] = true
	return result{"url": "ws://" + c.s.addr + "/socket?ticket=" + ticket + "&app_id=" + c.s.AppID()}, nil
}

func authTest(c *call) (result, *limits.Error) {
	return result{
		"url": "https://" + strings.ToLower(c.ws.ID) + ".slack.com/", "team": c.ws.Name,
		"team_id": c.ws.ID, "user": c.s.botName(), "user_id": c.ws.BotUser(), "bot_id": c.ws.BotID(),
		"is_enterprise_install": false,
	}, nil
}
