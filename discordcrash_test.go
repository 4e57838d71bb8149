package main

import (
	"context"
	"database/sql"
	"flag"
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
	"github.com/tensionwatch/tensionwatch/bot/discord"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

var (
	discordKills   = flag.Int("discordkills", 10, "how often TestDiscordCrash kills the program")
	discordStories = flag.Int("discordstories", 24, "how many stories TestDiscordCrash tells each channel")
)

// discordRooms is how many channels of Discord the stories go to.
const discordRooms = 10

// tellingDiscord is Discord with a witness, and in a hurry: how fast Discord wants it is another test's
// matter.
type tellingDiscord struct {
	*discord.Platform
	*witness
}

func (s tellingDiscord) Post(ctx context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	s.at(beforePost)
	r, err := s.Platform.Post(ctx, c, m)
	s.at(afterPost)
	return r, err
}

func (s tellingDiscord) Pace(bot.Channel, bool) bot.Pace {
	return bot.Pace{Name: "discord", Every: time.Millisecond, Burst: 1000}
}

func (s tellingDiscord) Rest(bot.Channel) time.Duration { return 0 }

// TestDiscordCrash kills the program again and again while alerts go to ten channels of a Discord that
// loses one answer in ten. With folding off every alert is in each channel exactly once, in order;
// with it on every story is told to each channel by exactly one post.
func TestDiscordCrash(t *testing.T) {
	for _, fold := range []int{0, 5} {
		t.Run(fmt.Sprintf("fold %d", fold), func(t *testing.T) {
			w := newDiscordWorld(t, fold)
			w.killAgainAndAgain(t)
			w.assertLedger(t)
			for _, room := range w.rooms {
				w.assertTold(t, room, fold)
			}
			if n := w.discord.Provoked429(); n != 0 {
				t.Errorf("Discord was asked too often %d times", n)
			}
		})
	}
}

// discordWorld is a stream of news, and a Discord with channels that follow it.
type discordWorld struct {
	news       *stream
	discord    *discordtest.Server
	rooms      []*discordtest.Channel
	configFile string
	storeURL   string
	memory     *sql.DB // the program's, to be read
}

func newDiscordWorld(t *testing.T, fold int) *discordWorld {
	t.Helper()
	w := &discordWorld{news: &stream{began: time.Now()}}
	feeds := httptest.NewServer(w.news)
	t.Cleanup(feeds.Close)
	w.discord = discordtest.NewWith(t, discordtest.Options{Rates: discordtest.Rates{Off: true}, Seed: 2026})
	w.discord.Fail(discordtest.PostMessage, discordtest.ResetAfter().Likely(0.1), -1)
	guild := w.discord.Guild("G1", "Desk")
	var config strings.Builder
	dir := t.TempDir()
	file := filepath.Join(dir, "tw.db")
	w.storeURL = "sqlite:" + file
	w.memory, _ = sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=busy_timeout(10000)") // opened when it is asked
	t.Cleanup(func() { w.memory.Close() })
	fmt.Fprintf(&config, "[store]\nurl = %q\n[bot]\nfold = %d\n[console]\nenabled = false\n", w.storeURL, fold)
	fmt.Fprintf(&config, "[discord]\ntoken = %q\napi_url = %q\n", w.discord.Token(), w.discord.APIURL())
	config.WriteString("[web]\nlisten = \"\"\n[poll]\nschedule = \"@every 1s\"\nbackfill = \"24h\"\n" +
		"per_host = 16\nallow_private_networks = true\n[[watch]]\nname = \"oman\"\nrule = \"Oman talks\"\n")
	for i := range crashFeeds {
		fmt.Fprintf(&config, "[[feed]]\nurl = \"%s/%d.xml\"\n", feeds.URL, i)
	}
	for i := range discordRooms {
		room := guild.Channel(fmt.Sprint("room-", i))
		w.rooms = append(w.rooms, room)
		fmt.Fprintf(&config, "[[subscribe]]\nchannel = \"discord:%s\"\nwatches = [\"oman\"]\n", room.ID)
	}
	w.configFile = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(w.configFile, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// killAgainAndAgain kills the program at every kind of place in turn, then lets it end its work.
func (w *discordWorld) killAgainAndAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 5))
	sink := filepath.Join(t.TempDir(), "out")
	struck := make(map[place]int)
	for life := range *discordKills {
		w.news.release((life + 1) * *discordStories / *discordKills)
		struck[live(t, w.configFile, sink, places[life%len(places)], random)]++
	}
	w.news.release(*discordStories)
	w.letItEnd(t, sink)
	for _, p := range places {
		t.Logf("killed %-24s %d times", p, struck[p])
		if struck[p] < *discordKills/10 {
			t.Errorf("killed %s only %d times", p, struck[p])
		}
	}
}

// letItEnd runs the program until every channel has been told every story.
func (w *discordWorld) letItEnd(t *testing.T, sink string) {
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
		if told == *discordStories*discordRooms && waiting == 0 {
			return
		}
		select {
		case <-again:
		case <-late:
			t.Fatalf("%d of %d told, %d posts wait", told, *discordStories*discordRooms, waiting)
		}
	}
}

// query reads a row of the program's memory beside it.
func (w *discordWorld) query(t *testing.T, query string, dest ...any) {
	t.Helper()
	if err := w.memory.QueryRowContext(t.Context(), query).Scan(dest...); err != nil {
		t.Fatal(err)
	}
}

func (w *discordWorld) posts(t *testing.T, room *discordtest.Channel) (posts []post) {
	t.Helper()
	rows, err := w.memory.QueryContext(t.Context(), `select id, receipt, kind, state, repeated
		from deliveries where channel = $1 and notice = 'null' order by seq`, "discord:"+room.ID)
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
func (w *discordWorld) assertTold(t *testing.T, room *discordtest.Channel, fold int) {
	t.Helper()
	var stories int
	w.query(t, fmt.Sprintf(`select count(distinct story_id) from tellings t join deliveries d
		on d.id = t.delivery_id where t.channel = 'discord:%s' and d.state = 'sent'`, room.ID), &stories)
	if stories != *discordStories {
		t.Errorf("%s: %d stories were told by a post, want %d", room.ID, stories, *discordStories)
	}
	var want, got []string
	for _, p := range w.posts(t, room) {
		if p.state != "sent" || p.repeated {
			t.Errorf("%s: %s is %s, repeated %v", room.ID, p.id, p.state, p.repeated)
		}
		want = append(want, p.id+" "+p.receipt)
	}
	headlines := make(map[string]bool)
	for _, m := range room.Messages() {
		if id := deliveryIn(m); id != "" {
			got = append(got, id+" "+m.ID)
			headlines[reportIn(m.Rendered())] = true
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: in the channel stand\n%s\nthe program remembers\n%s", room.ID, got, want)
	}
	if fold == 0 && len(headlines) != *discordStories {
		t.Errorf("%s: %d headlines, want %d", room.ID, len(headlines), *discordStories)
	}
	t.Logf("%s: %d posts tell %d stories", room.ID, len(got), stories)
}

// deliveryIn is the delivery that a message is, or nothing for what the bot says of itself.
func deliveryIn(m *discordtest.Message) string {
	found := regexp.MustCompile(`:~:tw=(\w+)"`).FindSubmatch(m.Embeds)
	if found == nil || reportIn(m.Rendered()) == "" {
		return ""
	}
	return string(found[1])
}

func (w *discordWorld) assertLedger(t *testing.T) {
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
	if ledger.Fresh != *discordStories || ledger.Outcomes[story.OutcomeAlerted] != *discordStories ||
		told != *discordStories*discordRooms {
		t.Errorf("%d fresh items, outcomes %v, deliveries %v", ledger.Fresh, ledger.Outcomes, ledger.Deliveries)
	}
	t.Logf("deliveries %v", ledger.Deliveries)
}
