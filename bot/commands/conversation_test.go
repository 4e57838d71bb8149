package commands_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

var update = flag.Bool("update", false, "rewrite the conversations in testdata")

const (
	here  bot.Channel = "chat:C1"
	there bot.Channel = "chat:C2"
	owner             = "chat:T1"
)

var friday = time.Date(2026, 2, 6, 9, 0, 0, 0, time.UTC)

// situation is what a conversation begins with; its settings stand in the header of the archive, a
// line each.
type situation struct {
	memory *memory
	chat   *chat
	desk   *commands.Desk
	calls  int
	post   string // the message from which the next calls come
}

func newSituation(settings string) *situation {
	s := &situation{memory: newMemory(friday), chat: &chat{}}
	pages := web{
		"https://example.org/feed.xml": {Title: "Example News", Entries: []syndication.Entry{
			{Title: "Talks in Oman begin", Link: "https://example.org/1"}, {Title: "Football *tonight*"}}},
		"https://example.org": {Title: "Example", Link: "https://example.org"},
	}
	s.desk = commands.NewDesk(s.memory, pages, []bot.Platform{s.chat}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	for line := range strings.Lines(settings) {
		words := strings.Fields(line)
		if len(words) > 0 && words[0] != "#" {
			s.apply(words[0], strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), words[0])))
		}
	}
	return s
}

// apply carries out a line of a header, or one that begins with "!" in a conversation.
func (s *situation) apply(setting, rest string) {
	m := s.memory
	name, rule, _ := strings.Cut(rest, " ")
	switch setting {
	case "config":
		m.set(rules.Everyone, name, rule)
	case "watch":
		m.follow(here, m.set(owner, name, rule), "")
	case "elsewhere":
		m.follow(there, m.set(owner, name, rule), "")
	case "also-there":
		m.follow(there, owner+"/"+name, "")
	case "follow":
		m.follow(here, name, "")
	case "many-watches":
		for i := range atoi(rest) {
			m.follow(here, m.set(owner, fmt.Sprintf("watch-%03d", i), fmt.Sprintf("word%d", i)), "")
		}
	case "volume":
		f := m.follows[here][owner+"/"+name]
		f.Alerts, f.Irrelevant, f.LastAlert = 12, 2, friday.Add(-time.Hour)
	case "news":
		m.items = append(m.items, item(len(m.items), rest))
	case "many-news":
		for i := range atoi(rest) {
			m.items = append(m.items, item(i, fmt.Sprintf("Talks in Oman, round %d", i)))
		}
	case "feed":
		m.feeds = append(m.feeds, feed(name, rule))
	case "config-feed":
		m.feeds, m.fixed[name] = append(m.feeds, feed(name, "good")), true
	case "many-feeds":
		for i := range atoi(rest) {
			m.feeds = append(m.feeds, feed(fmt.Sprintf("https://example.org/%03d", i), []string{"good", "failing"}[i/499]))
		}
	case "alias", "config-alias":
		m.aliases = append(m.aliases, rules.Alias{Owner: map[string]string{"alias": owner}[setting], Names: strings.Split(rest, " = ")})
		if setting == "config-alias" {
			m.aliases[len(m.aliases)-1].Owner = rules.Everyone
		}
	case "many-stories":
		for i := range atoi(rest) {
			m.stories = append(m.stories, tale(i))
		}
	case "many-traces":
		for i := range atoi(rest) {
			m.traces = append(m.traces, commands.Trace{Item: item(i, fmt.Sprintf("Oman report %d", i)), Feed: "BBC",
				Outcome: story.OutcomeUnmatched, Sifted: friday})
		}
	case "trace":
		var t commands.Trace
		must(json.Unmarshal([]byte(rest), &t))
		m.traces = append(m.traces, t)
	case "told":
		s := tale(1)
		s.Links = []string{"https://example.org/1"}
		m.told["P1"] = []story.Story{s}
		m.traces = append(m.traces, commands.Trace{Item: feeds.Item{Link: s.Links[0]}, Story: &s, Tellings: []commands.Telling{
			{Revision: 1, Kind: bot.KindAlert, State: bot.StateSent, At: friday.Add(-time.Hour)},
		}})
	case "standing":
		must(json.Unmarshal([]byte(rest), &m.standing))
	case "broken":
		m.broken = errors.New("disk on fire")
	case "gone":
		s.chat.fails = fmt.Errorf("not_in_channel: %w", bot.ErrGone)
	case "busy":
		s.chat.fails = &bot.RetryError{After: time.Minute, Err: errors.New("rate_limited")}
	case "lost":
		s.chat.fails = bot.ErrUncertain
	case "refused":
		s.chat.fails = errors.New("invalid_blocks")
	case "guest":
		s.chat.refuse = &bot.Refusal{Needs: "Only full members of the workspace may change this."}
	case "undecided":
		s.chat.refuse = errors.New("timeout")
	case "meanwhile":
		m.before = func() { m.before = nil; m.set(owner, name, rule) }
	case "same-call":
		s.calls--
	case "post":
		s.post = rest
	default:
		panic("no such setting: " + setting)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func atoi(s string) (n int) {
	_, err := fmt.Sscan(s, &n)
	must(err)
	return n
}

func item(i int, title string) feeds.Item {
	title, text, _ := strings.Cut(title, " | ")
	return feeds.Item{Title: title, Text: text, Link: fmt.Sprintf("https://example.org/%d", i), Publisher: "Example News",
		Fetched: friday.Add(time.Duration(i-200) * 10 * time.Minute)}
}

func feed(url, state string) feeds.Feed {
	f := feeds.Feed{Source: feeds.Source{URL: url}}
	f.Polled, f.Due = friday.Add(-time.Minute), friday.Add(time.Minute)
	switch state {
	case "failing":
		f.Failures, f.FailingSince, f.LastError = 4, friday.Add(-7*time.Hour), "the server answers 500"
	case "gone":
		f.Gone = true
	case "new":
		f.Polled = time.Time{}
	}
	f.Pulse.News = friday.Add(-time.Hour)
	return f
}

func tale(i int) story.Story {
	return story.Story{
		ID: story.ID(fmt.Sprint("story", i)), Revision: 1, Headline: fmt.Sprintf("Talks in Oman, day %d", i),
		Summary: "Both sides met in Muscat. No result was told.", Links: []string{fmt.Sprintf("https://example.org/%d", i)},
		Publishers: []string{"BBC", "Mehr"}, Severity: story.SeverityNotable,
		Why:   []story.Why{{Watch: owner + "/oman-talks", Name: "oman-talks", Words: []string{"Talks", "Oman"}}},
		Began: friday.Add(-2 * time.Hour), Latest: friday.Add(-time.Hour),
	}
}

// TestConversations has each conversation of testdata again: what is typed stands behind ">", and
// the answer under it. A line with "!" changes the situation; one with "form" fills in a form, "home"
// looks at the home page, "suggest" asks for choices.
func TestConversations(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no conversations", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s := newSituation(string(archive.Comment))
			for i, f := range archive.Files {
				got := []byte(s.hear(t, f.Name))
				if *update {
					archive.Files[i].Data = got
				} else if !bytes.Equal(got, f.Data) {
					t.Errorf("%s\ngot:\n%swant:\n%s", f.Name, got, f.Data)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// hear does what one line of a conversation says.
func (s *situation) hear(t *testing.T, line string) string {
	kind, rest, _ := strings.Cut(line, " ")
	s.calls++
	c := bot.Call{ID: fmt.Sprint("call ", s.calls), Channel: here, Post: bot.Receipt{ID: s.post},
		Caller: bot.Caller{Platform: "chat", Owner: owner, User: "U1", Name: "Ada"}}
	posted := len(s.chat.posts)
	switch kind {
	case "!":
		s.calls--
		setting, rest, _ := strings.Cut(rest, " ")
		s.apply(setting, rest)
		return ""
	case "home":
		return shown(s.desk.Home(t.Context(), c.Caller))
	case "suggest":
		var out strings.Builder
		s.read(&c, rest)
		for _, choice := range s.desk.Suggest(t.Context(), c) {
			fmt.Fprintf(&out, "%s → %s\n", choice.Label, choice.Value)
		}
		return out.String()
	case "form", "draft":
		s.read(&c, rest)
		c.Draft = kind == "draft"
	case "direct":
		c.Channel, c.Text = "", strings.TrimPrefix(rest, "> ")
	default:
		c.Text = strings.ReplaceAll(rest, `\n`, "\n")
	}
	reply := s.desk.Do(t.Context(), c)
	checkLimits(t, reply)
	var out strings.Builder
	for _, m := range s.chat.posts[posted:] {
		out.WriteString("(posted in the channel)\n" + shown(m) + "\n")
	}
	switch {
	case reply.Open:
		out.WriteString("(everybody sees)\n")
	case reply.Replace:
		out.WriteString("(in place of the last answer)\n")
	}
	if reply.Form != nil {
		return out.String() + formed(*reply.Form)
	}
	return out.String() + shown(reply.Message)
}

// read takes "command name=value name=value" apart; the last value may hold blanks.
func (s *situation) read(c *bot.Call, line string) {
	parts := strings.Split(line, " / ")
	c.Command, c.Args = parts[0], map[string]string{}
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		if begun, asked := strings.CutPrefix(value, "?"); asked {
			c.Text, value = begun, "?"
		}
		c.Args[name] = value
	}
}

// shown writes a message as plain text with its marks.
func shown(m bot.Message) string {
	var b strings.Builder
	if m.Sample {
		b.WriteString("(sample) ")
	}
	if m.Title != "" {
		fmt.Fprintf(&b, "# %s\n", m.Title)
	}
	for _, line := range m.Lines {
		b.WriteString(text(line) + "\n")
	}
	for _, c := range m.Cards {
		fmt.Fprintf(&b, "= %s\n  %s\n  (%s; %s)\n", text(c.Headline), text(c.Summary), strings.Join(c.Publishers, ", "), c.Severity)
	}
	for _, e := range m.Entries {
		mark := ""
		if e.Mark != "" {
			mark = "[" + string(e.Mark) + "] "
		}
		fmt.Fprintf(&b, "- %s%s\n", mark, text(e.Title))
		for _, line := range e.Lines {
			fmt.Fprintf(&b, "  %s\n", text(line))
		}
		b.WriteString(pressed("  ", e.Buttons))
	}
	if len(m.Foot) > 0 {
		fmt.Fprintf(&b, "(%s)\n", text(m.Foot))
	}
	return b.String() + pressed("", m.Buttons)
}

func text(t bot.Text) string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.Hit:
			b.WriteString("*" + s.Text + "*")
		case s.Code && strings.Contains(s.Text, "\n"):
			b.WriteString("```\n" + s.Text + "\n```")
		case s.Code:
			b.WriteString("`" + s.Text + "`")
		case s.Link != "":
			fmt.Fprintf(&b, "%s <%s>", s.Text, s.Link)
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func pressed(in string, buttons []bot.Button) string {
	var out strings.Builder
	for _, b := range buttons {
		out.WriteString(in)
		if b.Confirm != "" {
			fmt.Fprintf(&out, "[%s → asks %q → %s]\n", b.Label, b.Confirm, b.Says)
		} else {
			fmt.Fprintf(&out, "[%s → %s]\n", b.Label, b.Says)
		}
	}
	return out.String()
}

func formed(f bot.Form) string {
	var b strings.Builder
	fmt.Fprintf(&b, "form %q, %s %v\n", f.Title, f.Command, f.Args)
	for _, line := range f.Lines {
		b.WriteString(text(line) + "\n")
	}
	for _, field := range f.Fields {
		fmt.Fprintf(&b, "%s: %s\n", field.Label, field.Value)
		for _, say := range []string{field.Hint, "wrong: " + field.Error, "right: " + text(field.Note)} {
			if !slices.Contains([]string{"", "wrong: ", "right: "}, say) {
				b.WriteString("  " + say + "\n")
			}
		}
	}
	return b.String() + "[" + f.Submit + "]\n"
}
