package slacktest

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

// View is a window or a Home as somebody sees it.
type View struct {
	ID       string
	Type     string // modal or home
	Callback string
	Private  string // private_metadata
	External string // external_id
	Hash     string
	User     string
	JSON     json.RawMessage   // as the bot sent it, with ids
	Errors   map[string]string // of inputs, by block_id: what the bot answered a submission with

	ws     *Workspace
	state  map[string]map[string]any
	closed bool
}

// trigger allows the bot to open one window, for a short time.
type trigger struct {
	ws   *Workspace
	user string
	at   time.Time
	used bool
}

const triggerAge = 3 * time.Second

// shape is what a bot sends of a view.
type shape struct {
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Private  string `json:"private_metadata"`
	External string `json:"external_id"`
	Title    struct {
		Text string `json:"text"`
	} `json:"title"`
	Blocks json.RawMessage `json:"blocks"`
}

func (v *View) shape() (sh shape) {
	_ = json.Unmarshal(v.JSON, &sh) // it was validated when it came
	return sh
}

// set makes a view show something else. What was typed into inputs that stay is kept. The lock is held.
func (v *View) set(raw json.RawMessage) {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(raw, &fields) // it was validated by the caller
	fields["blocks"] = named(v.ws.s, fields["blocks"])
	v.JSON, _ = json.Marshal(fields) // it was JSON before
	sh := v.shape()
	v.Type, v.Callback, v.Private, v.External = sh.Type, sh.Callback, sh.Private, sh.External
	v.Hash = v.ws.s.id("hash.")
	v.Errors = nil
	v.ws.s.views[v.ID] = v
}

// json returns a view as Slack sends it.
func (v *View) json() result {
	r := result{
		"id": v.ID, "team_id": v.ws.ID, "app_id": v.ws.s.AppID(), "app_installed_team_id": v.ws.ID,
		"bot_id": v.ws.BotID(), "hash": v.Hash, "root_view_id": v.ID, "previous_view_id": nil,
		"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false,
		"notify_on_close": false, "close": nil, "submit": nil,
	}
	var own map[string]json.RawMessage
	_ = json.Unmarshal(v.JSON, &own) // made by set
	for name, raw := range own {
		r[name] = raw
	}
	state := make(map[string]map[string]any) // a copy: it is written out without the lock
	for block, of := range v.state {
		state[block] = maps.Clone(of)
	}
	r["state"] = result{"values": state}
	return r
}

// open shows somebody a window. The lock is held.
func (s *Server) open(ws *Workspace, user string, raw json.RawMessage) *View {
	v := &View{ID: s.id("V"), ws: ws, User: user}
	v.set(raw)
	s.tellView(v, "is shown a window")
	return v
}

// taken returns whether another view has an external id.
func (s *Server) taken(raw json.RawMessage, by *View) bool {
	var sh shape
	_ = json.Unmarshal(raw, &sh) // validated before
	for _, v := range s.views {
		if v != by && !v.closed && sh.External != "" && v.External == sh.External {
			return true
		}
	}
	return false
}

func viewsOpen(c *call) (result, *limits.Error) {
	t := c.s.triggers[c.Args["trigger_id"]]
	raw := json.RawMessage(c.Args["view"])
	switch refused := limits.View(raw, "modal"); {
	case c.Args["trigger_id"] == "":
		return missing("trigger_id")
	case t == nil || t.ws != c.ws:
		return fail("invalid_trigger_id")
	case t.used:
		return fail("exchanged_trigger_id")
	case c.At.Sub(t.at) > triggerAge:
		return fail("expired_trigger_id")
	case refused != nil:
		return nil, refused
	case c.s.taken(raw, nil):
		return fail("duplicate_external_id")
	}
	t.used = true
	return result{"view": c.s.open(c.ws, t.user, raw).json()}, nil
}

func viewsUpdate(c *call) (result, *limits.Error) {
	var v *View
	for _, candidate := range c.s.views {
		external := c.Args["external_id"] != "" && candidate.External == c.Args["external_id"]
		if candidate.ws == c.ws && !candidate.closed && (candidate.ID == c.Args["view_id"] || external) {
			v = candidate
		}
	}
	raw := json.RawMessage(c.Args["view"])
	switch {
	case c.Args["view_id"] == "" && c.Args["external_id"] == "":
		return missing("view_id")
	case v == nil:
		return fail("not_found")
	case c.Args["hash"] != "" && c.Args["hash"] != v.Hash:
		return fail("hash_conflict")
	}
	if refused := limits.View(raw, v.Type); refused != nil {
		return nil, refused
	}
	if c.s.taken(raw, v) {
		return fail("duplicate_external_id")
	}
	v.set(raw)
	c.s.tellView(v, "sees the window change")
	return result{"view": v.json()}, nil
}

func viewsPublish(c *call) (result, *limits.Error) {
	u := c.ws.users[c.Args["user_id"]]
	raw := json.RawMessage(c.Args["view"])
	switch refused := limits.View(raw, "home"); {
	case u == nil:
		return fail("user_not_found")
	case refused != nil:
		return nil, refused
	case u.home != nil && c.Args["hash"] != "" && c.Args["hash"] != u.home.Hash:
		return fail("hash_conflict")
	}
	if u.home == nil {
		u.home = &View{ID: c.s.id("V"), ws: c.ws, User: u.ID}
	}
	u.home.set(raw)
	c.s.tellView(u.home, "sees Home")
	return result{"view": u.home.json()}, nil
}
