package discordtest

import (
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/seen"
)

// line is one thing that happened, with who could see it.
type line struct {
	channel string // or empty, when it happened in a guild
	user    string // the only one who sees it, or empty
	text    string
}

// Link is a link that a reader can follow.
type Link = seen.Link

func (m *Message) texts() []string { return seen.Texts(m.Content, m.Embeds) }

// Mentions returns what the message mentions, as it stands in it: <@1>, <#2>, @everyone.
func (m *Message) Mentions() []string { return seen.Mentions(m.texts()) }

// Pings returns whom the message notifies: of those that its content mentions, whom its allowed_mentions
// allow.
func (m *Message) Pings() []string { return seen.Pings(m.Content, m.Allowed) }

// Links returns what the message links to: what is marked, addresses that nobody marked, titles, and where
// its buttons lead.
func (m *Message) Links() []Link {
	links := seen.Links(m.texts())
	for _, e := range seen.Embeds(m.Embeds) {
		for url, text := range map[string]string{e.URL: e.Title, e.Author.URL: e.Author.Name} {
			if url != "" {
				links = append(links, Link{URL: url, Text: text})
			}
		}
	}
	for _, k := range seen.Controls(m.Components) {
		if k.URL != "" {
			links = append(links, Link{URL: k.URL, Text: k.Label})
		}
	}
	return links
}

// Formatting returns what is bold, italic, struck out, code, a heading, a list or quoted, with its marks.
func (m *Message) Formatting() []string { return seen.Marked(m.texts()) }

// Rendered returns the message as lines of plain text.
func (m *Message) Rendered() string {
	if m.Thinking {
		return "thinking…"
	}
	var files []string
	for _, f := range m.Files {
		files = append(files, f.Name)
	}
	return seen.Message(m.Content, m.Embeds, m.Components, files)
}

// summary is the first line of a message that says something.
func (m *Message) summary() string {
	for line := range strings.Lines(m.Rendered()) {
		if line = strings.Trim(line, "│# \n"); line != "" && !strings.HasPrefix(line, "┌") {
			return line
		}
	}
	return ""
}

// Rendered returns the window as lines of plain text, with what is entered in its inputs.
func (w *Modal) Rendered() string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.rendered()
}

func (w *Modal) rendered() string {
	text := "# " + w.Title
	for _, k := range seen.Controls(w.Components) {
		text += fmt.Sprintf("\n%s: [%s]", k.Label, w.values[k.CustomID])
	}
	return text
}

// tell notes something that everybody in a channel sees. The lock is held.
func (s *Server) tell(c *Channel, text string) {
	s.story = append(s.story, line{channel: c.ID, text: c.indented(text)})
	s.happened()
}

// tellOne notes something that only one person sees, or everybody when that is empty. The lock is held.
func (s *Server) tellOne(c *Channel, user, text string) {
	s.story = append(s.story, line{channel: c.ID, user: user, text: c.indented(text)})
	s.happened()
}

// indented sets what happens in a thread below the channel.
func (c *Channel) indented(text string) string {
	if c.parent != nil {
		return indent("↳ " + text)
	}
	return text
}

// tellPost notes a message of the bot. The lock is held.
func (s *Server) tellPost(m *Message) {
	text := s.botName() + " → " + m.ch.title() + ":"
	if to := m.ch.find(m.ReplyTo); to != nil {
		text = s.botName() + " → " + m.ch.title() + ", in reply to “" + to.summary() + "”:"
	}
	if m.To != "" {
		text = fmt.Sprintf("%s (only %s sees it):", s.botName(), s.nameOf(m.To))
	}
	s.tellOne(m.ch, m.To, text+after(m.Rendered()))
}

// tellEdit notes what a message says now. The lock is held.
func (s *Server) tellEdit(m *Message) {
	what := " edited:"
	if m.To != "" {
		what = " edited (only " + s.nameOf(m.To) + " sees it):"
	}
	s.tellOne(m.ch, m.To, s.botName()+what+after(m.Rendered()))
}

// tellModal notes the window that somebody sees. The lock is held.
func (s *Server) tellModal(w *Modal) {
	s.tellOne(w.channel, w.user.ID, w.user.Name+" is shown a window:"+after(w.rendered()))
}

// tellChoices notes what an option is completed with. The lock is held.
func (s *Server) tellChoices(d *Delivery) {
	names := make([]string, len(d.choices))
	for i, c := range d.choices {
		names[i] = c.Name
	}
	s.tellOne(d.channel, d.user.ID, d.user.Name+" is offered: "+strings.Join(names, " | "))
}

// tellUse notes what somebody does with a control. The lock is held.
func (s *Server) tellUse(u *Member, m *Message, k seen.Control, values []string) {
	what := "clicks [" + k.Label + "]"
	if k.Type != limits.ButtonType {
		labels := make([]string, len(values))
		for i, v := range values {
			labels[i] = v
			for _, o := range k.Options {
				if o.Value == v {
					labels[i] = o.Label
				}
			}
		}
		what = fmt.Sprintf("picks [%s] from [%s]", strings.Join(labels, ", "), k.Label)
	}
	s.tellOne(m.ch, u.ID, u.Name+" "+what)
}

// nameOf returns the name of somebody. The lock is held.
func (s *Server) nameOf(id string) string {
	if u := s.users[id]; u != nil {
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

// Transcript returns what happened in the channel and its threads, with what only some people saw of it.
func (c *Channel) Transcript() string {
	return c.s.transcript(func(l line) bool {
		of := c.s.channels[l.channel]
		return l.channel == c.ID || (of != nil && of.parent == c)
	})
}

// Transcript returns what the person saw: the channels of the guild, what the bot told them directly, and
// their windows.
func (u *Member) Transcript() string {
	s := u.guild.s
	return s.transcript(func(l line) bool {
		c := s.channels[l.channel]
		return (l.user == "" || l.user == u.ID) && (c == nil || c.with == u || c.guild == u.guild)
	})
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
