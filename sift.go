package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/console"
	"github.com/tensionwatch/tensionwatch/config"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// errUnreadable says that a dry run could not read all that it was given; why has been printed.
var errUnreadable = errors.New("not every feed could be read")

// sift is a dry run of the real desk over feeds that are read once. It opens no store.
func sift(ctx context.Context, c *call) error {
	settings := c.settings()
	asJSON := c.flags.Bool("json", false, "one line of JSON an item")
	all := c.flags.Bool("all", false, "cluster and summarise items that match nothing as well")
	args, err := c.parse()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return usageError{errors.New("sift wants feed files or URLs: tensionwatch sift FEED…")}
	}
	log, err := settings.logger(c.stderr)
	if err != nil {
		return err
	}
	cfg, err := settings.load()
	if err != nil {
		return err
	}
	tray := newTray(cfg)
	readErr := tray.fill(ctx, cfg, args, c.stderr, log)
	desk := story.NewDesk(tray, tray, nil, log)
	desk.All = *all
	if _, err := desk.Sift(ctx); err != nil {
		return err
	}
	return errors.Join(tray.print(c.stdout, *asJSON), readErr)
}

// tray is the memory of a dry run: items in, filings out. It satisfies [story.Store] and
// [story.Rulebook] for one desk.
type tray struct {
	watches []rules.Watch
	aliases []rules.Alias
	now     time.Time
	feeds   []string // the argument that each item came from
	items   []feeds.Item
	filed   map[int64]story.Filing
}

func newTray(cfg *config.Config) *tray {
	return &tray{
		watches: cfg.Watches,
		aliases: cfg.Aliases,
		now:     time.Now().UTC(),
		filed:   make(map[int64]story.Filing),
	}
}

// fill reads every feed. One that cannot be read is told on stderr; the others are sifted.
func (t *tray) fill(ctx context.Context, cfg *config.Config, args []string, stderr io.Writer,
	log *slog.Logger) error {
	poller, err := feeds.NewPoller(nil, cfg.Poll, log)
	if err != nil {
		return err
	}
	defer poller.Close()
	var failed error
	read := int64(0)
	for _, arg := range args {
		found, doc, err := readFeed(ctx, poller, arg)
		if err != nil {
			fmt.Fprintf(stderr, "tensionwatch: %s: %v\n", fetch.Redact(arg), err)
			failed = errUnreadable
			continue
		}
		if found != arg {
			fmt.Fprintf(stderr, "tensionwatch: %s is a page; its feed is %s\n",
				fetch.Redact(arg), fetch.Redact(found))
		}
		read++
		feed := feeds.Feed{ID: read, Source: feeds.Source{URL: found}}
		for _, it := range feeds.Items(doc, feed, t.now, cfg.Poll) {
			it.ID, it.Feed, it.Arrival = int64(len(t.items)), feed.ID, feeds.Fresh
			t.items = append(t.items, it)
			t.feeds = append(t.feeds, arg)
		}
	}
	return failed
}

// readFeed reads a feed from the web or from a file. It returns where the feed is: a page's feed is
// elsewhere.
func readFeed(ctx context.Context, poller *feeds.Poller, arg string) (
	found string, doc syndication.Document, err error) {
	if strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://") {
		f, doc, err := poller.Find(ctx, feeds.Feed{Source: feeds.Source{URL: arg}})
		return f.URL, doc, err
	}
	body, err := os.ReadFile(arg)
	if err != nil {
		return arg, syndication.Document{}, err
	}
	doc, err = syndication.Read(body, "", "")
	return arg, doc, err
}

// Unsifted implements [story.Store]: everything, once, oldest first.
func (t *tray) Unsifted(_ context.Context, n int) ([]story.Arrival, error) {
	arrivals := make([]story.Arrival, 0, len(t.items))
	for _, it := range t.items {
		if _, done := t.filed[it.ID]; !done {
			arrivals = append(arrivals, story.Arrival{Item: it, Now: t.now})
		}
	}
	slices.SortStableFunc(arrivals, func(a, b story.Arrival) int {
		return a.Time().Compare(b.Time())
	})
	return arrivals[:min(n, len(arrivals))], nil
}

// Recent implements [story.Store]: a dry run has no past.
func (t *tray) Recent(context.Context, time.Time) ([]story.Story, error) { return nil, nil }

// File implements [story.Store].
func (t *tray) File(_ context.Context, batch []story.Filing) error {
	for _, f := range batch {
		t.filed[f.Item.ID] = f
	}
	return nil
}

// Changes implements [story.Rulebook].
func (t *tray) Changes(context.Context, int64) (story.Changes, error) {
	return story.Changes{
		Version: 1, Watches: t.watches, Renamed: len(t.aliases) > 0, Aliases: t.aliases,
	}, nil
}

func (t *tray) print(w io.Writer, asJSON bool) error {
	out := t.text(lookOf(w))
	if asJSON {
		out = t.json()
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// names is what people call the watches, by ID.
func (t *tray) names() map[string]string {
	names := make(map[string]string, len(t.watches))
	for _, watch := range t.watches {
		names[watch.ID] = watch.Name
	}
	return names
}

// text is what the dry run says to people: each item, and what became of how many.
func (t *tray) text(look console.Options) []byte {
	var out bytes.Buffer
	names := t.names()
	n := make(map[story.Outcome]int)
	for _, it := range t.items {
		f := t.filed[it.ID]
		out.Write(console.Sifted(f, names, look))
		n[f.Outcome]++
	}
	fmt.Fprintf(&out, "\n%d in all: %d alerted, %d joined, %d duplicate, %d unmatched\n",
		len(t.items), n[story.OutcomeAlerted], n[story.OutcomeJoined],
		n[story.OutcomeDuplicate], n[story.OutcomeUnmatched])
	return out.Bytes()
}

// json is what the dry run says to programs: a line an item, which does nothing to a terminal.
func (t *tray) json() []byte {
	var out bytes.Buffer
	names := t.names()
	for i, it := range t.items {
		var line bytes.Buffer
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(sifted(t.feeds[i], t.filed[it.ID], names)); err != nil {
			panic(err) // strings and numbers can always be written
		}
		out.Write(console.EscapeInvisible(line.Bytes()))
	}
	return out.Bytes()
}

// siftedItem is what a dry run says of an item. Its fields are a contract: programs read them.
type siftedItem struct {
	Feed      string         `json:"feed"`
	Key       string         `json:"key"`
	Link      string         `json:"link"`
	Title     string         `json:"title"`
	Text      string         `json:"text"`
	Published *time.Time     `json:"published"`
	Publisher string         `json:"publisher"`
	Lang      string         `json:"lang"`
	Outcome   story.Outcome  `json:"outcome"`
	Watches   []siftedWatch  `json:"watches"`
	Story     *story.ID      `json:"story"`
	Tension   float64        `json:"tension"`
	Severity  story.Severity `json:"severity"`
	Class     story.Class    `json:"class"`
	Summary   string         `json:"summary"`
}

type siftedWatch struct {
	Name string      `json:"name"`
	Hits []siftedHit `json:"hits"`
}

type siftedHit struct {
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

func sifted(feed string, f story.Filing, names map[string]string) siftedItem {
	it, doc := f.Item, story.Document(f.Item)
	s := siftedItem{
		Feed: feed, Key: it.Key, Link: it.Link, Title: it.Title, Text: it.Text,
		Publisher: it.Publisher, Lang: doc.Lang, Outcome: f.Outcome,
		Watches:  make([]siftedWatch, len(f.Matches)),
		Severity: story.SeverityNone, Class: story.ClassNeutral,
	}
	if !it.Published.IsZero() {
		published := it.Published.UTC()
		s.Published = &published
	}
	if f.Story != nil {
		s.Story, s.Summary = &f.Story.ID, f.Story.Summary
		s.Tension, s.Severity, s.Class = f.Story.Tension, f.Story.Severity, f.Story.Class
	}
	for i, m := range f.Matches {
		s.Watches[i] = siftedWatch{Name: names[m.Watch], Hits: siftedHits(doc, m.Hits)}
	}
	return s
}

// siftedHits quotes what the hits point at.
func siftedHits(doc rules.Document, hits []rules.Hit) []siftedHit {
	out := make([]siftedHit, len(hits))
	for i, h := range hits {
		quoted := doc.Field(h.Field)[h.Start:h.End]
		out[i] = siftedHit{Field: h.Field, Start: h.Start, End: h.End, Text: quoted}
	}
	return out
}
