package commands_test

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// newsroom is a desk on the real store, with the stages that fill it.
type newsroom struct {
	t       *testing.T
	db      *store.DB
	chat    *chat
	desk    *commands.Desk
	sifter  *story.Desk
	courier *bot.Courier
	now     time.Time
	calls   int
}

func openNewsroom(t *testing.T) *newsroom {
	n := &newsroom{t: t, chat: &chat{}, now: friday}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"),
		func() time.Time { return n.now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	pages := web{"https://example.org/feed.xml": {Title: "Example News", Entries: []syndication.Entry{{Title: "x"}}}}
	n.db, n.desk = db, commands.NewDesk(db, pages, []bot.Platform{n.chat}, log)
	n.sifter = story.NewDesk(db, db, nil, log)
	n.courier = bot.NewCourier(db, db, []bot.Platform{n.chat}, bot.DefaultSettings(), log)
	return n
}

// says gives a command in a channel, and fails unless the answer holds all the words.
func (n *newsroom) says(c bot.Call, words ...string) string {
	n.t.Helper()
	s := &situation{calls: n.calls}
	full := call(s, c.Text)
	n.calls = s.calls
	full.Post = c.Post
	if c.Channel != "" {
		full.Channel = c.Channel
	}
	reply := n.desk.Do(n.t.Context(), full)
	checkLimits(n.t, reply)
	got := shown(reply.Message)
	for _, w := range words {
		if !strings.Contains(got, w) {
			n.t.Errorf("%s\n%s\nlacks %q", c.Text, got, w)
		}
	}
	return got
}

// news brings items in, and tells them.
func (n *newsroom) news(items ...feeds.Item) {
	n.t.Helper()
	n.now = n.now.Add(10 * time.Minute)
	due, err := n.db.Due(n.t.Context(), 1)
	if err != nil || len(due) != 1 {
		n.t.Fatal(due, err)
	}
	f := due[0]
	f.Due, f.Polled = n.now.Add(time.Minute), n.now
	for i := range items {
		items[i].Feed, items[i].Key, items[i].Fetched, items[i].Arrival = f.ID, items[i].Link, n.now, feeds.Fresh
		items[i].Canonical = syndication.Canonical(items[i].Link)
	}
	if _, err := n.db.Save(n.t.Context(), f, items); err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.sifter.Sift(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.courier.Deliver(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

// TestRealStore goes from nothing to alerts and back on the real store.
func TestRealStore(t *testing.T) {
	n := openNewsroom(t)
	say := func(text string, words ...string) { t.Helper(); n.says(bot.Call{Text: text}, words...) }
	say("feed add https://example.org/feed.xml", "# Feed added")
	say("watch Oman talks", "# Watching oman-talks", "No news is stored yet")
	n.news(
		feeds.Item{Title: "Talks in Oman begin", Link: "https://example.org/1", Publisher: "Example"},
		feeds.Item{Title: "Football tonight", Link: "https://example.org/2", Publisher: "Example"})
	if posts := len(n.chat.posts); posts != 2 || n.chat.posts[1].Kind != bot.KindAlert {
		t.Fatalf("%d posts: %+v", posts, n.chat.posts)
	}
	id := string(n.chat.posts[1].Cards[0].Story)
	say("list", "oman-talks", "[good]", "1 alert in 7 days")
	say("brief", "1 story on oman-talks", "*Talks* in *Oman* begin")
	say("why Oman", "It began a story", "It answers oman-talks", "Told here as an alert")
	say("why https://example.org/2", "No watch asks for it")
	n.says(bot.Call{Text: "why", Post: bot.Receipt{ID: "1"}}, "# Why this alert", "Watch oman-talks: *Talks*, *Oman*")
	say("status", "2 reports came", "1 asked for by no watch", "1 began a story", "1 told", "`watch Oman talks`")
	say("test Oman", "would have matched 1 of 2")
	say("feeds", "1 feed", "[good]")
	say("not-relevant "+id, "# Noted")
	say("list", "1 marked as not relevant")
	say("mute oman-talks 8h", "Muted for 8 hours")
	say("list", "Muted until")
	n.news(feeds.Item{Title: "Oman: new talks on prisoners of war", Link: "https://example.org/3", Publisher: "Other"})
	say("why https://example.org/3", "Not told here")
	say("unmute", "# Unmuted")
	say("policy oman-talks digest 8:00 min-publishers 2", "Told in digests")
	say("quiet 22:00-07:00 Asia/Tehran", "# Quiet hours are set")
	say("list", "0 8 * * *", "Asia/Tehran", "from 2 publishers on")
	say("pause", "# Paused")
	say("list", "Paused: by Ada")
	say("resume", "# Resumed")
	say("pause", "# Paused")
	say("resume oman-talks", "# Resumed")
	if got := n.says(bot.Call{Text: "list"}); strings.Contains(got, "Paused") {
		t.Errorf("it was resumed:\n%s", got)
	}
	say("alias add Muscat = مسقط", "# Spellings added")
	say("alias list", "Muscat = مسقط")
	say("alias remove مسقط", "# Spellings removed")
	n.says(bot.Call{Text: "subscribe oman-talks", Channel: there}, "# Following 1 watch")
	say("unwatch oman-talks", "# Delete it for the others too?", string(there))
	say("unsubscribe oman-talks", "# Not followed here any more")
	n.says(bot.Call{Text: "unwatch oman-talks", Channel: there}, "# oman-talks is deleted")
	say("feed remove example.org/feed.xml", "# Feed removed")
	say("list", "# This channel follows nothing yet")
}

// TestRealStoreAway asserts that a channel which we cannot post to is told the one step, and begins
// when we are let in.
func TestRealStoreAway(t *testing.T) {
	n := openNewsroom(t)
	n.chat.fails = bot.ErrGone
	n.says(bot.Call{Text: "watch Oman talks"}, "One step is left", "`/invite @tensionwatch`")
	n.says(bot.Call{Text: "list"}, "[wait] oman-talks", "Paused: the bot is not in the channel.")
	n.chat.fails = nil
	if err := n.desk.Moved(t.Context(), bot.Move{Channel: here}); err != nil {
		t.Fatal(err)
	}
	n.says(bot.Call{Text: "list"}, "[good] oman-talks")
}

// BenchmarkWatch measures how long somebody waits for the answer to a new rule when the real store
// holds 100,000 items.
func BenchmarkWatch(b *testing.B) {
	now := friday
	db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"),
		func() time.Time { return now })
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	desk := commands.NewDesk(db, web{"https://example.org/feed.xml": {}}, nil, slog.New(slog.DiscardHandler))
	s := &situation{}
	desk.Do(b.Context(), call(s, "feed add https://example.org/feed.xml"))
	for range 50 {
		now = now.Add(time.Hour)
		fill(b, db, 2000)
	}
	var reply bot.Reply
	for b.Loop() {
		reply = desk.Do(b.Context(), call(s, "test Oman talks"))
	}
	b.Log(reply.Message.Lines[1])
}

// fill saves so many items, of which one in 97 is about Oman.
func fill(b *testing.B, db *store.DB, n int) {
	due, err := db.Due(b.Context(), 1)
	if err != nil || len(due) != 1 {
		b.Fatal(due, err)
	}
	due[0].Due = db.Now().Add(time.Minute)
	items := make([]feeds.Item, n)
	for i := range items {
		link := fmt.Sprintf("https://example.org/%d/%d", db.Now().Unix(), i)
		items[i] = feeds.Item{Feed: due[0].ID, Key: link, Link: link, Canonical: link, Fetched: db.Now(),
			Arrival: feeds.Fresh, Title: fmt.Sprintf("Football, round %d", i),
			Text: strings.Repeat("The players met in the afternoon, and nothing else is known. ", 8)}
		if i%97 == 0 {
			items[i].Title = fmt.Sprintf("Talks in Oman, round %d", i)
		}
	}
	if _, err := db.Save(b.Context(), due[0], items); err != nil {
		b.Fatal(err)
	}
}
