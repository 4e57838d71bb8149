package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// chatRooms is how many channels the stories go to.
const chatRooms = 10

// chatPlatform is all that a platform for chat can do.
type chatPlatform interface {
	bot.Platform
	bot.Editor
	bot.Finder
	bot.Webhook
	bot.Gatekeeper
	bot.Guest
}

// tellingChat is a platform with a witness, and in a hurry: how fast it wants it is another test's
// matter.
type tellingChat struct {
	chatPlatform
	*witness
}

func (s tellingChat) Post(ctx context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	s.at(beforePost)
	r, err := s.chatPlatform.Post(ctx, c, m)
	s.at(afterPost)
	return r, err
}

func (s tellingChat) Pace(bot.Channel, bool) bot.Pace {
	return bot.Pace{Name: "chat", Every: time.Millisecond, Burst: 1000}
}

func (s tellingChat) Rest(bot.Channel) time.Duration { return 0 }

// chatWorld is a stream of news, and a platform with channels that follow it.
type chatWorld struct {
	kills, stories int
	rooms          []chatRoom
	news           *stream
	configFile     string
	storeURL       string
	memory         *sql.DB // the program's, to be read
}

// chatRoom is a channel, and what stands in it.
type chatRoom struct {
	channel string
	shows   func(t *testing.T) []shownPost
}

// shownPost is what stands in a channel, other than what the bot says of itself.
type shownPost struct{ delivery, receipt, text string }

// newChatWorld makes a world whose config has the section of the platform.
func newChatWorld(t *testing.T, fold, kills, stories int, section string, rooms []chatRoom) *chatWorld {
	t.Helper()
	w := &chatWorld{kills: kills, stories: stories, rooms: rooms, news: &stream{began: time.Now()}}
	feeds := httptest.NewServer(w.news)
	t.Cleanup(feeds.Close)
	var config strings.Builder
	dir := t.TempDir()
	file := filepath.Join(dir, "tw.db")
	w.storeURL = "sqlite:" + file
	w.memory, _ = sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=busy_timeout(10000)") // opened when it is asked
	t.Cleanup(func() { w.memory.Close() })
	fmt.Fprintf(&config, "[store]\nurl = %q\n[bot]\nfold = %d\n[console]\nenabled = false\n%s", w.storeURL, fold, section)
	config.WriteString("[web]\nlisten = \"\"\n[poll]\nschedule = \"@every 1s\"\nbackfill = \"24h\"\n" +
		"per_host = 16\nallow_private_networks = true\n[[watch]]\nname = \"oman\"\nrule = \"Oman talks\"\n")
	for i := range crashFeeds {
		fmt.Fprintf(&config, "[[feed]]\nurl = \"%s/%d.xml\"\n", feeds.URL, i)
	}
	for _, room := range rooms {
		fmt.Fprintf(&config, "[[subscribe]]\nchannel = %q\nwatches = [\"oman\"]\n", room.channel)
	}
	w.configFile = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(w.configFile, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// crash kills the program again and again, and asserts that with folding off every alert is in each
// channel exactly once, in order, and with it on every story is told to each by exactly one post.
func (w *chatWorld) crash(t *testing.T, fold int) {
	t.Helper()
	w.killAgainAndAgain(t)
	w.assertLedger(t)
	for _, room := range w.rooms {
		w.assertTold(t, room, fold)
	}
}

// killAgainAndAgain kills the program at every kind of place in turn, then lets it end its work.
func (w *chatWorld) killAgainAndAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 5))
	sink := filepath.Join(t.TempDir(), "out")
	struck := make(map[place]int)
	for life := range w.kills {
		w.news.release((life + 1) * w.stories / w.kills)
		struck[live(t, w.configFile, sink, places[life%len(places)], random)]++
	}
	w.news.release(w.stories)
	w.letItEnd(t, sink)
	for _, p := range places {
		t.Logf("killed %-24s %d times", p, struck[p])
		if struck[p] < w.kills/10 {
			t.Errorf("killed %s only %d times", p, struck[p])
		}
	}
}

// letItEnd runs the program until every channel has been told every story.
func (w *chatWorld) letItEnd(t *testing.T, sink string) {
	p := start(t, w.configFile, sink)
	defer p.kill()
	go func() {
		for _, ok := p.next(); ok; _, ok = p.next() {
			p.goOn()
		}
	}()
	late := time.After(5 * time.Minute)
	for again := time.Tick(50 * time.Millisecond); ; {
		var told, waiting int
		w.query(t, `select (select count(*) from tellings), (select count(*) from deliveries
			where state in ('pending', 'held', 'posting', 'uncertain'))`, &told, &waiting)
		if told == w.stories*chatRooms && waiting == 0 {
			return
		}
		select {
		case <-again:
		case <-late:
			t.Fatalf("%d of %d told, %d posts wait", told, w.stories*chatRooms, waiting)
		}
	}
}

// query reads a row of the program's memory beside it.
func (w *chatWorld) query(t *testing.T, query string, dest ...any) {
	t.Helper()
	if err := w.memory.QueryRowContext(t.Context(), query).Scan(dest...); err != nil {
		t.Fatal(err)
	}
}

// post is a delivery as the program remembers it.
type post struct {
	id, receipt, kind, state string
	repeated                 bool
}

func (w *chatWorld) posts(t *testing.T, room chatRoom) (posts []post) {
	t.Helper()
	rows, err := w.memory.QueryContext(t.Context(), `select id, receipt, kind, state, repeated
		from deliveries where channel = $1 and notice = 'null' order by seq`, room.channel)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p post
		if err := rows.Scan(&p.id, &p.receipt, &p.kind, &p.state, &p.repeated); err != nil {
			t.Fatal(err)
		}
		posts = append(posts, p)
	}
	return posts
}

// assertTold compares what stands in a channel with what the program remembers of it.
func (w *chatWorld) assertTold(t *testing.T, room chatRoom, fold int) {
	t.Helper()
	var stories int
	w.query(t, fmt.Sprintf(`select count(distinct story_id) from tellings t join deliveries d
		on d.id = t.delivery_id where t.channel = '%s' and d.state = 'sent'`, room.channel), &stories)
	if stories != w.stories {
		t.Errorf("%s: %d stories were told by a post, want %d", room.channel, stories, w.stories)
	}
	var want, got []string
	for _, p := range w.posts(t, room) {
		if p.state != "sent" || p.repeated {
			t.Errorf("%s: %s is %s, repeated %v", room.channel, p.id, p.state, p.repeated)
		}
		want = append(want, p.id+" "+p.receipt)
	}
	headlines := make(map[string]bool)
	for _, p := range room.shows(t) {
		got = append(got, p.delivery+" "+p.receipt)
		headlines[reportIn(p.text)] = true
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: in the channel stand\n%s\nthe program remembers\n%s", room.channel, got, want)
	}
	if fold == 0 && len(headlines) != w.stories {
		t.Errorf("%s: %d headlines, want %d", room.channel, len(headlines), w.stories)
	}
	t.Logf("%s: %d posts tell %d stories", room.channel, len(got), stories)
}

// reportIn finds which report a message is about.
func reportIn(text string) string {
	return regexp.MustCompile(`report \d+ of feed \d+`).FindString(text)
}

func (w *chatWorld) assertLedger(t *testing.T) {
	t.Helper()
	db, err := store.Open(t.Context(), w.storeURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ledger, err := db.Ledger(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	told := ledger.Deliveries[bot.StateSent] + ledger.Deliveries[bot.StateBurst]
	if ledger.Fresh != w.stories || ledger.Outcomes[story.OutcomeAlerted] != w.stories ||
		told != w.stories*chatRooms {
		t.Errorf("%d fresh items, outcomes %v, deliveries %v", ledger.Fresh, ledger.Outcomes, ledger.Deliveries)
	}
	t.Logf("deliveries %v", ledger.Deliveries)
}
