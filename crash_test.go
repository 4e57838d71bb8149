package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/config"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
	"github.com/tensionwatch/tensionwatch/web"
)

// kills is how often TestCrash kills the program; the items of the stream grow with it.
var kills = flag.Int("kills", 30, "how often TestCrash kills the program")

const (
	crashFeeds   = 20
	itemsPerKill = 10
)

// place is a moment in the program's work at which it may be killed.
type place byte

const (
	savingItems   place = 's'
	filingStories place = 'f'
	beforePost    place = 'b'
	afterPost     place = 'p' // posted, not settled
	afterSettle   place = 'e'
)

var places = []place{savingItems, filingStories, beforePost, afterPost, afterSettle}

func (p place) String() string {
	return map[place]string{
		savingItems: "while saving items", filingStories: "while filing stories",
		beforePost: "before the post", afterPost: "between post and settle",
		afterSettle: "after the settle",
	}[p]
}

// stricken is the program, with seams that tell the test where it is and wait for leave to go on.
// The test answers, or kills it.
func stricken() {
	if err := runStricken(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runStricken(configFile string) error {
	ctx := context.Background()
	cfg, err := config.Load(configFile, os.Getenv)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, cfg, nil)
	if err != nil {
		return err
	}
	w := &witness{tell: os.NewFile(3, "tell"), leave: os.NewFile(4, "leave")}
	log, health := slog.New(slog.DiscardHandler), new(web.Health)
	on, err := platforms(cfg, os.Stdout, health, log)
	if err != nil {
		return err
	}
	room, err := assemble(cfg, db, seams{
		feeds:     tellingFeeds{db, w},
		stories:   tellingStories{db, w},
		outbox:    tellingOutbox{db, w},
		platforms: []bot.Platform{watched(on[0], w)},
		health:    health,
	}, log)
	if err != nil {
		return err
	}
	return room.serve(ctx, cfg, newScreen(io.Discard).progress(len(cfg.Feeds)))
}

// watched is a platform that tells where it is.
func watched(p bot.Platform, w *witness) bot.Platform {
	if chat, ok := p.(chatPlatform); ok {
		return tellingChat{chat, w}
	}
	return tellingPlatform{p, w}
}

// witness tells the test where the program is, one place at a time.
type witness struct {
	mu          sync.Mutex
	tell, leave *os.File
}

func (w *witness) at(p place) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tell.Write([]byte{byte(p)})
	w.leave.Read(make([]byte, 1))
}

type tellingFeeds struct {
	feeds.Store
	*witness
}

func (s tellingFeeds) Save(ctx context.Context, f feeds.Feed, items []feeds.Item) (int, error) {
	if len(items) > 0 {
		s.at(savingItems)
	}
	return s.Store.Save(ctx, f, items)
}

type tellingStories struct {
	story.Store
	*witness
}

func (s tellingStories) File(ctx context.Context, batch []story.Filing) error {
	s.at(filingStories)
	return s.Store.File(ctx, batch)
}

type tellingPlatform struct {
	bot.Platform
	*witness
}

func (s tellingPlatform) Post(ctx context.Context, c bot.Channel, m bot.Message) (bot.Receipt, error) {
	s.at(beforePost)
	r, err := s.Platform.Post(ctx, c, m)
	s.at(afterPost)
	return r, err
}

type tellingOutbox struct {
	bot.Outbox
	*witness
}

func (s tellingOutbox) Settle(ctx context.Context, d bot.Delivery) error {
	err := s.Outbox.Settle(ctx, d)
	s.at(afterSettle)
	return err
}

// stream serves feeds whose items appear one by one, as far as released allows.
type stream struct {
	mu        sync.Mutex
	items     [crashFeeds]int
	published int
	released  int
	began     time.Time
}

func (s *stream) release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released = n
}

// ServeHTTP publishes one more item of the feed, if one is released, and shows them all.
func (s *stream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var feed int
	fmt.Sscanf(r.URL.Path, "/%d.xml", &feed)
	s.mu.Lock()
	if s.published < s.released {
		s.items[feed]++
		s.published++
	}
	n := s.items[feed]
	s.mu.Unlock()
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Feed %d</title>`, feed)
	for i := n; i > 0; i-- {
		fmt.Fprintf(w, "<item><guid>%d</guid><title>Oman talks, report %d of feed %d</title>"+
			"<pubDate>%s</pubDate></item>", i, i, feed, s.began.Format(time.RFC1123Z))
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// TestCrash kills the program again and again while news streams in, at every kind of place, and
// asserts that each item is alerted, and twice only where a post was in hand at a kill.
func TestCrash(t *testing.T) {
	news := &stream{began: time.Now()}
	server := httptest.NewServer(news)
	defer server.Close()
	sink := filepath.Join(t.TempDir(), "sink.jsonl")
	configFile, storeURL := crashConfig(t, server.URL)
	total := *kills * itemsPerKill
	random := rand.New(rand.NewPCG(2026, 2))
	struck := make(map[place]int)
	for life := range *kills {
		news.release((life + 1) * itemsPerKill)
		target := places[life%len(places)]
		struck[live(t, configFile, sink, target, random)]++
	}
	news.release(total)
	liveUntil(t, configFile, sink, total)

	for _, p := range places {
		t.Logf("killed %-24s %d times", p, struck[p])
		if struck[p] < *kills/10 {
			t.Errorf("killed %s only %d times", p, struck[p])
		}
	}
	assertToldOnce(t, sink, total, *kills)
	assertLedger(t, storeURL, total)
}

func crashConfig(t *testing.T, server string) (file, storeURL string) {
	t.Helper()
	dir := t.TempDir()
	storeURL = "sqlite:" + filepath.Join(dir, "tw.db")
	var b strings.Builder
	fmt.Fprintf(&b, "[store]\nurl = %q\n[bot]\nfold = 0\n[console]\nformat = \"json\"\n", storeURL)
	b.WriteString("[web]\nlisten = \"\"\n[poll]\nschedule = \"@every 1s\"\nbackfill = \"24h\"\n")
	b.WriteString("per_host = 16\nallow_private_networks = true\n")
	for i := range crashFeeds {
		fmt.Fprintf(&b, "[[feed]]\nurl = \"%s/%d.xml\"\n", server, i)
	}
	b.WriteString("[[watch]]\nname = \"oman\"\nrule = \"Oman talks\"\n")
	file = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, storeURL
}

// process is one life of the program.
type process struct {
	*exec.Cmd
	told  *bufio.Reader
	leave *os.File
}

func start(t *testing.T, configFile, sink string) *process {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.OpenFile(sink, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	toldR, toldW, err1 := os.Pipe()
	leaveR, leaveW, err2 := os.Pipe()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	defer toldW.Close()
	defer leaveR.Close()
	cmd := &exec.Cmd{
		Path: exe, Args: []string{"stricken", configFile},
		Stdout: out, Stderr: os.Stderr, ExtraFiles: []*os.File{toldW, leaveR},
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { toldR.Close(); leaveW.Close() })
	return &process{cmd, bufio.NewReader(toldR), leaveW}
}

// next is where the program is; ok is false when it has ended.
func (p *process) next() (at place, ok bool) {
	b, err := p.told.ReadByte()
	return place(b), err == nil
}

func (p *process) goOn() { p.leave.Write([]byte{1}) }

func (p *process) kill() {
	p.Process.Kill()
	p.Wait()
}

// live starts the program and kills it at one of the first arrivals at target; it returns where it
// was killed. In the midst of a transaction it is killed some random moment after it began.
func live(t *testing.T, configFile, sink string, target place, random *rand.Rand) place {
	t.Helper()
	p := start(t, configFile, sink)
	defer p.kill()
	passBy := random.IntN(4)
	if target == savingItems || target == filingStories {
		passBy = 0 // one transaction may take all that there is
	}
	for {
		at, ok := p.next()
		if !ok {
			t.Fatal("the program ended by itself")
		}
		if at == target && passBy == 0 {
			if at == savingItems || at == filingStories {
				moment := time.NewTimer(time.Duration(random.IntN(1500)) * time.Microsecond)
				p.goOn()
				<-moment.C
			}
			return at
		}
		if at == target {
			passBy--
		}
		p.goOn()
	}
}

// liveUntil lets the program run until every story has been told.
func liveUntil(t *testing.T, configFile, sink string, total int) {
	t.Helper()
	p := start(t, configFile, sink)
	defer p.kill()
	for len(toldStories(t, sink)) < total {
		if _, ok := p.next(); !ok {
			t.Fatal("the program ended by itself")
		}
		p.goOn()
	}
	for at, ok := p.next(); ok && at != afterSettle; at, ok = p.next() {
		p.goOn()
	}
}

// told is a line of the sink.
type told struct {
	Kind    bot.Kind
	Repeat  bool
	Stories []struct{ Story string }
}

// toldStories counts the alerts of each story.
func toldStories(t *testing.T, sink string) map[string][]told {
	t.Helper()
	body, err := os.ReadFile(sink)
	if err != nil {
		t.Fatal(err)
	}
	stories := make(map[string][]told)
	for line := range bytes.Lines(body) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break // the program is writing it
		}
		var post told
		if err := json.Unmarshal(line, &post); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		for _, s := range post.Stories {
			stories[s.Story] = append(stories[s.Story], post)
		}
	}
	return stories
}

func assertToldOnce(t *testing.T, sink string, total, mayRepeat int) {
	t.Helper()
	stories := toldStories(t, sink)
	if len(stories) != total {
		t.Errorf("%d stories were told, want %d", len(stories), total)
	}
	repeats := 0
	for id, posts := range stories {
		for _, again := range posts[1:] {
			repeats++
			if !again.Repeat {
				t.Errorf("story %s was told again without being marked as a repeat", id)
			}
		}
	}
	t.Logf("%d stories told, %d repeated", len(stories), repeats)
	if repeats > mayRepeat {
		t.Errorf("%d repeats, want at most one for each of %d kills", repeats, mayRepeat)
	}
}

func assertLedger(t *testing.T, storeURL string, total int) {
	t.Helper()
	db, err := store.Open(t.Context(), storeURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ledger, err := db.Ledger(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if ledger.Fresh != total || ledger.Outcomes[story.OutcomeAlerted] != total {
		t.Errorf("%d items with an outcome, %v; want %d alerted",
			ledger.Fresh, ledger.Outcomes, total)
	}
	if ledger.Deliveries[bot.StateSent] != total {
		t.Errorf("deliveries %v, want %d sent", ledger.Deliveries, total)
	}
}
