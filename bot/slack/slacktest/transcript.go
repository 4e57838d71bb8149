package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest/seen"
)

// line is one thing that happened, with who could see it.
type line struct {
	channel string // or empty, when it happened in a window or in Home
	user    string // the only one who sees it, or empty
	text    string
}

// Link is a link that a reader can follow.
type Link = seen.Link

func (m *Message) texts() []seen.Text {
	texts := seen.Texts(m.Blocks)
	plain := m.Args["mrkdwn"] == "false"
	return append([]seen.Text{{Text: m.Text, Plain: plain}}, texts...)
}

// Mentions returns whom the message mentions, as it stands in it: <!channel>, <@U1>, <#C1>. When Slack
// was asked to look for names in the text, a bare @here is one too.
func (m *Message) Mentions() []string { return seen.Mentions(m.texts()) }

// Links returns what the message links to: what is marked, what Slack makes a link of although nobody
// marked it, and where its buttons lead.
func (m *Message) Links() []Link { return append(seen.Links(m.texts()), seen.Buttons(m.Blocks)...) }

// Formatting returns what is bold, italic, struck out, code or quoted, with its marks.
func (m *Message) Formatting() []string { return seen.Marked(m.texts()) }

// Rendered returns the message as lines of plain text: its blocks, or its text when it has none.
func (m *Message) Rendered() string {
	if len(m.Blocks) > 0 {
		return seen.Blocks(m.Blocks, nil, nil)
	}
	return seen.Plain(m.Text)
}

// summary is the first line of a message.
func (m *Message) summary() string {
	first, _, _ := strings.Cut(or(seen.Plain(m.Text), m.Rendered()), "\n")
	return first
}

// Rendered returns the view as lines of plain text, with what is entered in its fields.
func (v *View) Rendered() string {
	values := make(map[string]string)
	for block, of := range v.state {
		for _, kept := range of {
			values[block] = entered(kept)
		}
	}
	var sh struct {
		Submit, Close struct{ Text string }
	}
	_ = json.Unmarshal(v.JSON, &sh) // validated when it came
	text := seen.Blocks(v.shape().Blocks, values, v.Errors)
	for _, button := range []string{sh.Submit.Text, sh.Close.Text} {
		if button != "" {
			text += "\n[" + button + "]"
		}
	}
	if title := v.shape().Title.Text; title != "" {
		text = "# " + title + "\n" + text
	}
	return text
}

// entered is what a field holds, as text.
func entered(kept any) string {
	fields, _ := kept.(map[string]any)
	for _, name := range []string{"value", "selected_conversation", "selected_channel", "selected_user"} {
		if s, ok := fields[name].(string); ok {
			return s
		}
	}
	var labels []string
	raw, _ := json.Marshal([]any{fields["selected_option"], fields["selected_options"]}) // JSON
	var chosen [2]json.RawMessage
	_ = json.Unmarshal(raw, &chosen)
	for _, one := range append([]json.RawMessage{chosen[0]}, items(chosen[1])...) {
		var o struct{ Text struct{ Text string } }
		if json.Unmarshal(one, &o) == nil && o.Text.Text != "" {
			labels = append(labels, o.Text.Text)
		}
	}
	return strings.Join(labels, ", ")
}

func items(raw json.RawMessage) (all []json.RawMessage) {
	_ = json.Unmarshal(raw, &all) // null has none
	return all
}

// tell notes something that everybody in a channel sees. The lock is held.
func (s *Server) tell(c *Channel, text string) {
	s.story = append(s.story, line{channel: c.ID, text: text})
}

// tellPost notes a message of the bot. The lock is held.
func (s *Server) tellPost(c *Channel, m *Message) {
	l := line{channel: c.ID, user: m.To, text: s.botName() + " → " + c.title() + ":"}
	if m.To != "" {
		l.text = fmt.Sprintf("%s (only %s sees it):", s.botName(), c.ws.nameOf(m.To))
	}
	l.text += after(m.Rendered())
	if m.ThreadTS != "" {
		l.text = indent("↳ " + l.text)
	}
	s.story = append(s.story, l)
	s.happened()
}

// tellEdit notes what a message says now. The lock is held.
func (s *Server) tellEdit(c *Channel, m *Message) {
	text := s.botName() + " edited:" + after(m.Rendered())
	if m.ThreadTS != "" {
		text = indent("↳ " + text)
	}
	s.story = append(s.story, line{channel: c.ID, user: m.To, text: text})
	s.happened()
}

// tellView notes what somebody sees of a view. The lock is held.
func (s *Server) tellView(v *View, what string) {
	text := v.ws.nameOf(v.User) + " " + what + ":" + after(v.Rendered())
	s.story = append(s.story, line{user: v.User, text: text})
	s.happened()
}

// tellErrors notes what somebody is told of what they submitted. The lock is held.
func (s *Server) tellErrors(v *View) { s.tellView(v, "is told what is wrong") }

// tellUse notes what somebody does with a control. The lock is held.
func (s *Server) tellUse(u *User, sh shown, k *control, action result) {
	what := ""
	switch {
	case k.Kind == "button":
		what = "clicks [" + k.Label + "]"
	case k.Kind == "plain_text_input":
		what = fmt.Sprintf("types into [%s]: %s", k.Label, action["value"])
	default:
		what = fmt.Sprintf("picks [%s] from [%s]", entered(map[string]any(action)), k.Label)
	}
	l := line{user: u.ID, text: u.Name + " " + what}
	if sh.channel != nil {
		l.channel = sh.channel.ID
	}
	s.story = append(s.story, l)
}

// nameOf returns the name of somebody. The lock is held.
func (ws *Workspace) nameOf(id string) string {
	if u := ws.users[id]; u != nil {
		return u.Name
	}
	return id
}

// after sets a text of several lines below the colon that stands before it.
func after(text string) string {
	if strings.Contains(text, "\n") {
		return "\n" + indent(text)
	}
	return " " + text
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ")
}

// Transcript returns all that happened, as a text that reads like a conversation. It has no ids and no
// times in it.
func (s *Server) Transcript() string { return s.transcript(func(line) bool { return true }) }

// Transcript returns what happened in the channel, with what only some people saw of it.
func (c *Channel) Transcript() string {
	return c.ws.s.transcript(func(l line) bool { return l.channel == c.ID })
}

// Transcript returns what the person saw: all channels, their windows and their Home.
func (u *User) Transcript() string {
	return u.ws.s.transcript(func(l line) bool { return l.user == "" || l.user == u.ID })
}

func (s *Server) transcript(keep func(line) bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, l := range s.story {
		if keep(l) {
			b.WriteString(l.text + "\n")
		}
	}
	return b.String()
}
