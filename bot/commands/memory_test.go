package commands_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// memory is a [commands.Memory] that forgets everything at the end of a test. It keeps the promises
// of the interfaces as far as answers show them.
type memory struct {
	mu       sync.Mutex
	now      time.Time
	version  int64
	watches  map[string]rules.Watch
	versions map[string]int64
	follows  map[bot.Channel]map[string]*commands.Following
	feeds    []feeds.Feed
	fixed    map[string]bool // addresses of feeds that come from the config
	aliases  []rules.Alias
	done     []commands.Done
	calls    map[string]bool
	away     map[bot.Channel]string
	items    []feeds.Item
	traces   []commands.Trace
	stories  []story.Story
	told     map[string][]story.Story
	standing commands.Standing
	broken   error
	before   func() // called before each change, for what somebody else does meanwhile
}

func newMemory(now time.Time) *memory {
	return &memory{
		now: now, watches: map[string]rules.Watch{}, versions: map[string]int64{}, fixed: map[string]bool{},
		follows: map[bot.Channel]map[string]*commands.Following{}, calls: map[string]bool{},
		away: map[bot.Channel]string{}, told: map[string][]story.Story{},
	}
}

func (m *memory) Now() time.Time { return m.now }

// set adds a watch, or changes it.
func (m *memory) set(owner, name, rule string) string {
	id := owner + "/" + name
	if owner == rules.Everyone {
		id = name
	}
	m.version++
	m.watches[id] = rules.Watch{ID: id, Name: name, Owner: owner, Rule: rule}
	m.versions[id] = m.version
	return id
}

func (m *memory) follow(c bot.Channel, id, paused string) {
	if m.follows[c] == nil {
		m.follows[c] = map[string]*commands.Following{}
	}
	if m.follows[c][id] == nil {
		m.follows[c][id] = &commands.Following{Watch: m.watches[id], Subscription: bot.Subscription{
			Channel: c, Watch: id, MinPublishers: 1, MinSeverity: story.SeverityNone, Policy: "instant",
		}}
	}
	m.follows[c][id].Paused = paused
}

func (m *memory) Watches(_ context.Context, owner string) (out []commands.Watch, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, w := range m.watches {
		if w.Owner != owner && w.Owner != rules.Everyone {
			continue
		}
		known := commands.Watch{Watch: w, Version: m.versions[id]}
		for c, follows := range m.follows {
			if follows[id] != nil {
				known.Channels = append(known.Channels, c)
			}
		}
		slices.Sort(known.Channels)
		out = append(out, known)
	}
	slices.SortFunc(out, func(a, b commands.Watch) int { return strings.Compare(a.Name, b.Name) })
	return out, m.broken
}

func (m *memory) Followed(_ context.Context, c bot.Channel) (out []commands.Following, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, f := range m.follows[c] {
		following := *f
		following.Watch = m.watches[id]
		if m.away[c] != "" {
			following.Paused = m.away[c]
		}
		out = append(out, following)
	}
	slices.SortFunc(out, func(a, b commands.Following) int { return strings.Compare(a.Watch.Name, b.Watch.Name) })
	return out, m.broken
}

func (m *memory) Aliases(_ context.Context, owner string) (out []rules.Alias, err error) {
	for _, a := range m.aliases {
		if a.Owner == owner || a.Owner == rules.Everyone {
			out = append(out, a)
		}
	}
	return out, m.broken
}

func (m *memory) Feeds(context.Context) ([]feeds.Feed, error) { return slices.Clone(m.feeds), m.broken }

func (m *memory) Change(_ context.Context, c commands.Change) error {
	if m.before != nil {
		m.before()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.broken != nil:
		return m.broken
	case m.calls[c.Call.ID] && c.Call.ID != "":
		return commands.ErrDone
	}
	for _, e := range c.Edits {
		if err := m.edit(e); err != nil {
			return err
		}
	}
	m.calls[c.Call.ID] = true
	m.done = append([]commands.Done{{
		At: m.now, Owner: c.Call.Caller.Owner, Channel: c.Call.Channel, User: c.Call.Caller.User,
		Command: c.Call.Text, Before: c.Before, After: c.After,
	}}, m.done...)
	return nil
}

func (m *memory) edit(e commands.Edit) error {
	switch e := e.(type) {
	case commands.SetWatch:
		if m.versions[e.Watch.ID] != e.Expect {
			return commands.ErrChanged
		}
		m.set(e.Watch.Owner, e.Watch.Name, e.Watch.Rule)
	case commands.EndWatch:
		if m.versions[e.ID] != e.Expect {
			return commands.ErrChanged
		}
		delete(m.watches, e.ID)
		delete(m.versions, e.ID)
		for _, follows := range m.follows {
			delete(follows, e.ID)
		}
	case commands.Follow:
		if m.watches[e.Watch].ID == "" {
			return commands.ErrUnknown
		}
		m.follow(e.Channel, e.Watch, e.Paused)
		m.away[e.Channel] = ""
	case commands.Unfollow:
		delete(m.follows[e.Channel], e.Watch)
	case commands.Prefer:
		for id, f := range m.follows[e.Channel] {
			if e.Watch == "" || e.Watch == id {
				prefer(f, e.Set)
			}
		}
	case commands.AddFeed:
		m.feeds = append(m.feeds, feeds.Feed{Source: e.Source})
	case commands.RemoveFeed:
		if m.fixed[e.URL] {
			return commands.ErrFromConfig
		}
		m.feeds = slices.DeleteFunc(m.feeds, func(f feeds.Feed) bool { return f.URL == e.URL })
	case commands.AddAlias:
		m.aliases = append(m.aliases, e.Alias)
	case commands.RemoveAlias:
		m.aliases = slices.DeleteFunc(m.aliases, func(a rules.Alias) bool {
			return a.Owner == e.Owner && slices.Contains(a.Names, e.Name)
		})
	case commands.MuteStory, commands.Judge:
	default:
		return fmt.Errorf("no such edit %T", e)
	}
	return nil
}

func prefer(f *commands.Following, set commands.Preference) {
	f.Chosen = true
	s := &f.Subscription
	for _, v := range []struct{ to, from *string }{
		{&s.Policy, set.Policy}, {&s.Digest, set.Digest}, {&s.Quiet, set.Quiet}, {&s.Zone, set.Zone},
		{&f.Paused, set.Paused},
	} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
	if set.MinPublishers != nil {
		s.MinPublishers = *set.MinPublishers
	}
	if set.MinSeverity != nil {
		s.MinSeverity = *set.MinSeverity
	}
	if set.MutedUntil != nil {
		f.MutedUntil = *set.MutedUntil
	}
}

func (m *memory) Audit(_ context.Context, _ string, n int) ([]commands.Done, error) {
	return m.done[:min(n, len(m.done))], m.broken
}

func (m *memory) Count(context.Context, time.Time) (int, error) { return len(m.items), m.broken }

func (m *memory) Items(_ context.Context, _ time.Time, step int) iter.Seq2[feeds.Item, error] {
	return func(yield func(feeds.Item, error) bool) {
		for i := 0; i < len(m.items); i += step {
			if !yield(m.items[i], nil) {
				return
			}
		}
	}
}

func (m *memory) Traces(_ context.Context, asked string, _ bot.Channel, n int) (out []commands.Trace, err error) {
	for _, t := range m.traces {
		text := strings.ToLower(t.Item.Title + " " + t.Item.Text + " " + t.Item.Link)
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(asked)), func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, t)
		}
	}
	return out[:min(n, len(out))], m.broken
}

func (m *memory) Stories(_ context.Context, ids []string, since time.Time, n int) (out []story.Story, err error) {
	for _, s := range m.stories {
		asked := slices.ContainsFunc(s.Why, func(w story.Why) bool { return slices.Contains(ids, w.Watch) })
		if asked && !s.Latest.Before(since) {
			out = append(out, s)
		}
	}
	return out[:min(n, len(out))], m.broken
}

func (m *memory) Told(_ context.Context, _ bot.Channel, post bot.Receipt) ([]story.Story, error) {
	return m.told[post.ID], m.broken
}

func (m *memory) Standing(context.Context, string, time.Time) (commands.Standing, error) {
	return m.standing, m.broken
}

func (m *memory) Moved(_ context.Context, v bot.Move) error {
	m.away[v.Channel] = v.Away
	return m.broken
}

// chat is a platform that remembers what was posted.
type chat struct {
	mu     sync.Mutex
	posts  []bot.Message
	fails  error
	refuse error
}

func (*chat) Name() string { return "chat" }

func (c *chat) Post(_ context.Context, _ bot.Channel, m bot.Message) (bot.Receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fails != nil {
		return bot.Receipt{}, c.fails
	}
	c.posts = append(c.posts, m)
	return bot.Receipt{ID: "1"}, nil
}

func (*chat) Serve(context.Context, bot.Handler) error { return nil }

func (c *chat) Permit(context.Context, bot.Caller, bot.Channel) error { return c.refuse }

func (*chat) Invitation(bot.Channel) string { return "/invite @tensionwatch" }

// web is where feeds are tried.
type web map[string]syndication.Document

func (w web) Find(_ context.Context, f feeds.Feed) (feeds.Feed, syndication.Document, error) {
	doc, ok := w[f.URL]
	if !ok {
		return f, doc, errors.New("the server has no such page (404)")
	}
	if doc.Link == f.URL {
		f.URL += "/feed.xml"
	}
	return f, doc, nil
}
