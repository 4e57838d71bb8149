package discordtest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/seen"
)

// Modal is a window with inputs that somebody sees.
type Modal struct {
	CustomID, Title string
	Components      json.RawMessage

	s       *Server
	user    *Member
	channel *Channel
	on      *Message // whose button opened it, or nil
	values  map[string]string
}

// modal makes the window that an answer asks for. The lock is held.
func (s *Server) modal(d *Delivery, data map[string]any) *Modal {
	w := &Modal{
		Components: raw(data["components"]), s: s, user: d.user, channel: d.channel, on: d.on,
		values: make(map[string]string),
	}
	w.CustomID, _ = data["custom_id"].(string)
	w.Title, _ = data["title"].(string)
	for _, k := range seen.Controls(w.Components) {
		w.values[k.CustomID] = k.Value
		for _, o := range k.Options {
			if o.Default {
				w.values[k.CustomID] = o.Value
			}
		}
	}
	return w
}

// Window returns the window that the person sees, or nil.
func (u *Member) Window() *Modal {
	u.guild.s.mu.Lock()
	defer u.guild.s.mu.Unlock()
	return u.window
}

// WaitWindow blocks until the person sees a window, and returns it.
func (u *Member) WaitWindow(t testing.TB) *Modal {
	t.Helper()
	u.guild.s.Wait(t, "a window", func() bool { return u.Window() != nil })
	return u.Window()
}

// Values returns what stands in the inputs, by their custom_id.
func (w *Modal) Values() map[string]string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	values := make(map[string]string)
	for id, v := range w.values {
		values[id] = v
	}
	return values
}

// Closes closes the window without submitting it. The bot does not hear of it.
func (u *Member) Closes(w *Modal) {
	u.guild.s.mu.Lock()
	defer u.guild.s.mu.Unlock()
	if u.window == w {
		u.window = nil
	}
}

// Submits fills in the window and submits it, and waits for the bot's first answer. An input is named by
// its custom_id or its label; what is not named keeps its value. What Discord does not let somebody
// submit is misuse.
func (u *Member) Submits(w *Modal, values map[string]string) *Delivery {
	s := u.guild.s
	s.mu.Lock()
	if w == nil || u.window != w {
		s.mu.Unlock()
		return u.misuse("does not see that window")
	}
	if why := w.fill(values); why != "" {
		s.mu.Unlock()
		return u.misuse("%s", why)
	}
	s.tellOne(w.channel, u.ID, u.Name+" submits the window:"+after(w.rendered()))
	u.window = nil
	more := result{}
	if w.on != nil {
		more["message"] = w.on.json()
	}
	data := result{"custom_id": w.CustomID, "components": w.submitted()}
	d := u.interaction(submitInteraction, w.channel, data, more)
	d.on = w.on
	s.mu.Unlock()
	return u.act(d)
}

// fill puts values into the inputs, or says why Discord would not take them.
func (w *Modal) fill(values map[string]string) string {
	for name, value := range values {
		k, found := seen.Find(w.Components, name, 1)
		if !found {
			return fmt.Sprintf("sees no %q in the window", name)
		}
		if k.Type != limits.TextInputType {
			chosen, ok := k.Pick(value)
			if !ok {
				return fmt.Sprintf("%q does not offer %q", name, value)
			}
			value = chosen
		}
		w.values[k.CustomID] = value
	}
	for _, k := range seen.Controls(w.Components) {
		n := limits.Length(w.values[k.CustomID])
		switch {
		case n == 0 && k.Required:
			return k.Label + " is required"
		case k.Type == limits.TextInputType && n > 0 && (n < k.Least || n > k.Most):
			return fmt.Sprintf("%s takes %d to %d characters", k.Label, k.Least, k.Most)
		}
	}
	return ""
}

// submitted is what the bot is told of the inputs: in the rows or labels that they stood in.
func (w *Modal) submitted() []any {
	all := []any{}
	for i, row := range members(w.Components) {
		o, _ := row.(map[string]any)
		var ids []any
		if inner, ok := o["component"]; ok {
			ids = []any{inner}
		} else {
			ids, _ = o["components"].([]any)
		}
		for _, inner := range ids {
			one := w.one(inner)
			one["id"] = i + 2
			if o["component"] != nil {
				all = append(all, result{"type": limits.LabelType, "id": i + 1, "component": one})
			} else {
				all = append(all, result{"type": limits.RowType, "id": i + 1, "components": []any{one}})
			}
		}
	}
	return all
}

// one is what the bot is told of one input.
func (w *Modal) one(v any) result {
	o, _ := v.(map[string]any)
	id, _ := o["custom_id"].(string)
	if o["type"] == float64(limits.TextInputType) {
		return result{"type": o["type"], "custom_id": id, "value": w.values[id]}
	}
	values := []string{}
	if w.values[id] != "" {
		values = append(values, w.values[id])
	}
	return result{"type": o["type"], "custom_id": id, "values": values}
}
