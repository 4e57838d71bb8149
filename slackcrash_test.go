package main

import (
	"context"
	"database/sql"
	"encoding/json"
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
	"github.com/tensionwatch/tensionwatch/bot/slack"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

var (
	slackKills   = flag.Int("slackkills", 10, "how often TestSlackCrash kills the program")
	slackStories = flag.Int("slackstories", 24, "how many stories TestSlackCrash tells each channel")
)

// slackRooms is how many channels of Slack the stories go to.
const slackRooms = 10

// tellingSlack is Slack with a witness, and in a hurry: how fast Slack wants it is another test's
// matter.
type tellingSlack struct {
	*slack.Platform
	*witness
}

func (s tellingSlack) Post(ctx context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	s.at(beforePost)
	r, err := s.Platform.Post(ctx, c, m)
	s.at(afterPost)
	return r, err
}

func (s tellingSlack) Pace(bot.Channel, bool) bot.Pace {
	return bot.Pace{Name: "slack", Every: time.Millisecond, Burst: 1000}
}

func (s tellingSlack) Rest(bot.Channel) time.Duration { return 0 }

// TestSlackCrash kills the program again and again while alerts go to ten channels of a Slack that
// loses one answer in ten. With folding off every alert is in each channel exactly once, in order;
// with it on every story is told to each channel by exactly one post.
func TestSlackCrash(t *testing.T) {
	for _, fold := range []int{0, 5} {
		t.Run(fmt.Sprintf("fold %d", fold), func(t *testing.T) {
			w := newSlackWorld(t, fold)
			w.killAgainAndAgain(t)
			w.assertLedger(t)
			for _, room := range w.rooms {
				w.assertTold(t, room, fold)
			}
			if n := w.slack.Provoked429(); n != 0 {
				t.Errorf("Slack was asked too often %d times", n)
			}
		})
	}
}

// slackWorld is a stream of news, and a Slack with channels that follow it.
type slackWorld struct {
	news       *stream
	slack      *slacktest.Server
	rooms      []*slacktest.Channel
	configFile string
	storeURL   string
	memory     *sql.DB // the program's, to be read
}

func newSlackWorld(t *testing.T, fold int) *slackWorld {
	t.Helper()
	w := &slackWorld{news: &stream{began: time.Now()}}
	feeds := httptest.NewServer(w.news)
	t.Cleanup(feeds.Close)
	w.slack = slacktest.NewWith(t, slacktest.Options{Rates: slacktest.Rates{Off: true}, Seed: 2026})
	w.slack.Fail("chat.postMessage", slacktest.ResetAfter().Likely(0.1), -1)
	team := w.slack.Workspace("T1")
	var config strings.Builder
	dir := t.TempDir()
	file := filepath.Join(dir, "tw.db")
	w.storeURL = "sqlite:" + file
	w.memory, _ = sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=busy_timeout(10000)") // opened when it is asked
	t.Cleanup(func() { w.memory.Close() })
	fmt.Fprintf(&config, "[store]\nurl = %q\n[bot]\nfold = %d\n[console]\nenabled = false\n", w.storeURL, fold)
	fmt.Fprintf(&config, "[slack]\nbot_token = %q\napp_token = %q\napi_url = %q\n",
		team.BotToken(), w.slack.AppToken(), w.slack.APIURL())
	config.WriteString("[web]\nlisten = \"\"\n[poll]\nschedule = \"@every 1s\"\nbackfill = \"24h\"\n" +
		"per_host = 16\nallow_private_networks = true\n[[watch]]\nname = \"oman\"\nrule = \"Oman talks\"\n")
	for i := range crashFeeds {
		fmt.Fprintf(&config, "[[feed]]\nurl = \"%s/%d.xml\"\n", feeds.URL, i)
	}
	for i := range slackRooms {
		id := fmt.Sprint("C", i)
		room := team.Channel(id, fmt.Sprint("room-", i))
		room.Invite()
		w.rooms = append(w.rooms, room)
		fmt.Fprintf(&config, "[[subscribe]]\nchannel = \"slack:%s\"\nwatches = [\"oman\"]\n", id)
	}
	w.configFile = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(w.configFile, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

// killAgainAndAgain kills the program at every kind of place in turn, then lets it end its work.
func (w *slackWorld) killAgainAndAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 5))
	sink := filepath.Join(t.TempDir(), "out")
	struck := make(map[place]int)
	for life := range *slackKills {
		w.news.release((life + 1) * *slackStories / *slackKills)
		struck[live(t, w.configFile, sink, places[life%len(places)], random)]++
	}
	w.news.release(*slackStories)
	w.letItEnd(t, sink)
	for _, p := range places {
		t.Logf("killed %-24s %d times", p, struck[p])
		if struck[p] < *slackKills/10 {
			t.Errorf("killed %s only %d times", p, struck[p])
		}
	}
}

// letItEnd runs the program until every channel has been told every story.
func (w *slackWorld) letItEnd(t *testing.T, sink string) {
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
		if told == *slackStories*slackRooms && waiting == 0 {
			return
		}
		select {
		case <-again:
		case <-late:
			t.Fatalf("%d of %d told, %d posts wait", told, *slackStories*slackRooms, waiting)
		}
	}
}

// query reads a row of the program's memory beside it.
func (w *slackWorld) query(t *testing.T, query string, dest ...any) {
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

func (w *slackWorld) posts(t *testing.T, room *slacktest.Channel) (posts []post) {
	t.Helper()
	rows, err := w.memory.QueryContext(t.Context(), `select id, receipt, kind, state, repeated
		from deliveries where channel = $1 and notice = 'null' order by seq`, "slack:"+room.ID)
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
func (w *slackWorld) assertTold(t *testing.T, room *slacktest.Channel, fold int) {
	t.Helper()
	var stories int
	w.query(t, fmt.Sprintf(`select count(distinct story_id) from tellings t join deliveries d
		on d.id = t.delivery_id where t.channel = 'slack:%s' and d.state = 'sent'`, room.ID), &stories)
	if stories != *slackStories {
		t.Errorf("%s: %d stories were told by a post, want %d", room.ID, stories, *slackStories)
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
		if id := deliveryOf(t, m); id != "" {
			got = append(got, id+" "+m.TS)
			headlines[reportIn(m.Text)] = true
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: in the channel stand\n%s\nthe program remembers\n%s", room.ID, got, want)
	}
	if fold == 0 && len(headlines) != *slackStories {
		t.Errorf("%s: %d headlines, want %d", room.ID, len(headlines), *slackStories)
	}
	t.Logf("%s: %d posts tell %d stories", room.ID, len(got), stories)
}

// deliveryOf is the delivery that a message is, or nothing for what the bot says of itself.
func deliveryOf(t *testing.T, m *slacktest.Message) string {
	t.Helper()
	var metadata struct {
		Payload struct {
			ID   string   `json:"delivery_id"`
			Kind bot.Kind `json:"kind"`
		} `json:"event_payload"`
	}
	if len(m.Metadata) == 0 {
		return ""
	}
	if err := json.Unmarshal(m.Metadata, &metadata); err != nil {
		t.Fatalf("%s: %v", m.Metadata, err)
	}
	if metadata.Payload.Kind == bot.KindNotice {
		return ""
	}
	return metadata.Payload.ID
}

// reportIn finds which report a message is about.
func reportIn(text string) string {
	return regexp.MustCompile(`report \d+ of feed \d+`).FindString(text)
}

func (w *slackWorld) assertLedger(t *testing.T) {
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
	if ledger.Fresh != *slackStories || ledger.Outcomes[story.OutcomeAlerted] != *slackStories ||
		told != *slackStories*slackRooms {
		t.Errorf("%d fresh items, outcomes %v, deliveries %v", ledger.Fresh, ledger.Outcomes, ledger.Deliveries)
	}
	t.Logf("deliveries %v", ledger.Deliveries)
}
