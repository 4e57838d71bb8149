package slacktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/limits"
)

// keep notes what was entered into a control of a view. The lock is held.
func (v *View) keep(k *control, action result) {
	kept := map[string]any{"type": k.Kind}
	for name, value := range action {
		if strings.HasPrefix(name, "selected_") || name == "value" {
			kept[name] = value
		}
	}
	if v.state == nil {
		v.state = make(map[string]map[string]any)
	}
	if v.state[k.block] == nil {
		v.state[k.block] = make(map[string]any)
	}
	v.state[k.block][k.ActionID] = kept
}

// TypesInto writes into a text field of a view, which is named by its action_id. The bot hears of it at
// once only where it asked for that: on every character, or on Enter, which is a newline at the end.
func (u *User) TypesInto(v *View, field, text string) *Delivery {
	text, enter := strings.CutSuffix(text, "\n")
	return u.uses(v, field, 1, func(k *control, action result) string {
		if k.Kind != "plain_text_input" {
			return "is no text field but a " + k.Kind
		}
		k.heard = k.heard && (k.OnCharacter || enter && k.OnEnter)
		action["value"] = text
		return ""
	})
}

// Submits fills in a window and submits it. The values are by action_id; a menu gets the value of one of
// its choices. Fields that are not named keep what they hold.
func (u *User) Submits(v *View, values map[string]string) *Delivery {
	for _, field := range slices.Sorted(maps.Keys(values)) {
		var d *Delivery
		s := u.ws.s
		s.mu.Lock()
		sh, ok := v.find(u)
		k := controlNamed(sh.blocks, field, 1)
		s.mu.Unlock()
		switch {
		case !ok || k == nil:
			return u.misuse("sees no field %q", field)
		case k.Kind == "plain_text_input":
			d = u.TypesInto(v, field, values[field])
		default:
			d = u.Picks(v, field, values[field])
		}
		if d.Failure() != "" {
			return d
		}
	}
	s := u.ws.s
	s.mu.Lock()
	sh, ok := v.find(u)
	if !ok {
		s.mu.Unlock()
		return u.misuse("does not see the window any more")
	}
	if why := sh.view.incomplete(); why != "" {
		s.mu.Unlock()
		return u.misuse("cannot submit: %s", why)
	}
	s.story = append(s.story, line{user: u.ID, text: u.Name + " submits the window"})
	payload := result{"type": "view_submission", "view": sh.view.json(), "response_urls": []any{}}
	s.mu.Unlock()
	return u.act(payload, nil)
}

// incomplete says which input Slack itself would complain about. The lock is held.
func (v *View) incomplete() string {
	for _, in := range limits.Inputs(v.shape().Blocks) {
		if !in.InInput {
			continue
		}
		kept, _ := v.state[in.BlockID][in.ActionID].(map[string]any)
		text, _ := kept["value"].(string)
		if kept == nil {
			text = in.Initial
			v.keep(&control{block: in.BlockID, Input: in}, in.InitialState())
		}
		switch n := limits.Length(text); {
		case in.Kind != "plain_text_input":
		case text == "" && !in.Optional:
			return in.BlockID + " is empty"
		case in.MaxLength > 0 && n > in.MaxLength, n > 0 && n < in.MinLength:
			return fmt.Sprintf("%s has %d characters", in.BlockID, n)
		}
	}
	return ""
}

// submitted does what the bot answered a submission with. The lock is held.
func (v *View) submitted(answer json.RawMessage) string {
	var a struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(answer) > 0 && json.Unmarshal(answer, &a) != nil {
		return "invalid_response"
	}
	s := v.ws.s
	if a.Action == "update" || a.Action == "push" {
		if refused := limits.View(a.View, "modal"); refused != nil {
			return refused.Error()
		}
	}
	switch a.Action {
	case "":
		v.closed = true
	case "clear":
		for _, other := range s.views {
			other.closed = other.closed || (other.User == v.User && other.Type == "modal")
		}
	case "update":
		v.set(a.View)
		s.tellView(v, "sees the window change")
	case "push":
		s.open(v.ws, v.User, a.View)
	case "errors":
		return v.complain(a.Errors)
	default:
		return "invalid_response_action"
	}
	s.happened()
	return ""
}

// complain shows what is wrong with inputs. Slack wants each to be of an input that is there.
func (v *View) complain(wrong map[string]string) string {
	for block := range wrong {
		if !slices.ContainsFunc(limits.Inputs(v.shape().Blocks), func(in limits.Input) bool {
			return in.InInput && in.BlockID == block
		}) {
			return "invalid_block_id: " + block
		}
	}
	v.Errors = wrong
	v.ws.s.tellErrors(v)
	return ""
}

// Closes closes a window without submitting it.
func (u *User) Closes(v *View) *Delivery {
	s := u.ws.s
	s.mu.Lock()
	sh, ok := v.find(u)
	if !ok {
		s.mu.Unlock()
		return u.misuse("does not see the window any more")
	}
	sh.view.closed = true
	notify := sh.view.notifies()
	payload := result{"type": "view_closed", "view": sh.view.json(), "is_cleared": false}
	s.mu.Unlock()
	if !notify {
		d := &Delivery{s: s, ws: u.ws, acked: true, done: make(chan struct{})}
		close(d.done)
		return d
	}
	return u.act(payload, nil)
}

func (v *View) notifies() bool {
	var sh struct {
		Notify bool `json:"notify_on_close"`
	}
	_ = json.Unmarshal(v.JSON, &sh) // validated when it came
	return sh.Notify
}

// Window returns the window that the person sees, the newest when there are several, or nil.
func (u *User) Window() *View {
	s := u.ws.s
	s.mu.Lock()
	defer s.mu.Unlock()
	var top *View
	for _, v := range s.views {
		if v.Type == "modal" && v.User == u.ID && v.ws == u.ws && !v.closed && (top == nil || v.ID > top.ID) {
			top = v
		}
	}
	return top.copy()
}

func (v *View) copy() *View {
	if v == nil {
		return nil
	}
	c := *v
	c.state = make(map[string]map[string]any)
	for block, of := range v.state {
		c.state[block] = maps.Clone(of)
	}
	return &c
}
