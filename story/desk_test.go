package story_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// memory is a [story.Store] and [story.Rulebook] that forgets nothing.
type memory struct {
	watches []rules.Watch
	retired []string
	aliases []rules.Alias
	renamed bool
	version int64
	now     time.Time
	tray    []story.Arrival // unsifted
	filed   map[string]story.Filing
	stories map[story.ID]story.Story
	fail    error
}

func newMemory(watches ...rules.Watch) *memory {
	return &memory{
		watches: watches, version: 1,
		now:     time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC),
		filed:   make(map[string]story.Filing),
		stories: make(map[story.ID]story.Story),
	}
}

func nameOf(it feeds.Item) string { return fmt.Sprintf("%d/%s", it.Feed, it.Key) }

// put offers an item, with what became of it before.
func (m *memory) put(it feeds.Item) {
	a := story.Arrival{Item: it, Now: m.now}
	if before, ok := m.filed[nameOf(it)]; ok {
		a.Outcome = before.Outcome
		if before.Story != nil {
			a.Story = before.Story.ID
		}
	}
	m.tray = append(m.tray, a)
}

func (m *memory) Unsifted(_ context.Context, n int) ([]story.Arrival, error) {
	slices.SortStableFunc(m.tray, func(a, b story.Arrival) int { return a.Time().Compare(b.Time()) })
	return slices.Clone(m.tray[:min(n, len(m.tray))]), nil
}

func (m *memory) Recent(_ context.Context, since time.Time) (recent []story.Story, _ error) {
	for _, s := range m.stories {
		if s.Latest.Before(since) {
			continue
		}
		s.Items = nil
		for _, f := range m.filed {
			if f.Story != nil && f.Story.ID == s.ID {
				s.Items = append(s.Items, f.Item)
			}
		}
		recent = append(recent, s)
	}
	return recent, nil
}

func (m *memory) File(_ context.Context, batch []story.Filing) error {
	if m.fail != nil {
		return m.fail
	}
	for _, f := range batch {
		if f.Story == nil {
			f.Story = m.filed[nameOf(f.Item)].Story
		}
		m.filed[nameOf(f.Item)] = f
		if f.Story != nil {
			m.stories[f.Story.ID] = *f.Story
		}
	}
	m.tray = m.tray[len(batch):]
	return nil
}

func (m *memory) Changes(_ context.Context, since int64) (story.Changes, error) {
	if since == m.version {
		return story.Changes{Version: m.version}, nil
	}
	return story.Changes{
		Version: m.version, Watches: m.watches, Retired: m.retired,
		Renamed: m.renamed, Aliases: m.aliases,
	}, nil
}

func newDesk(m *memory) *story.Desk {
	return story.NewDesk(m, m, nil, slog.New(slog.DiscardHandler))
}

func sift(t testing.TB, d *story.Desk) {
	t.Helper()
	if _, err := d.Sift(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// TestDesk plays the scenes of testdata: the header of each says what it shows, then come watches
// and items, a paragraph each, sifted one by one, and what became of them.
func TestDesk(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenes", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			scene, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, scene)
			if *update {
				scene.Files[2].Data = got
				if err := os.WriteFile(file, txtar.Format(scene), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if want := scene.Files[2].Data; !bytes.Equal(got, want) {
				t.Errorf("got:\n%swant:\n%s", got, want)
			}
		})
	}
}

func play(t *testing.T, scene *txtar.Archive) []byte {
	m := newMemory()
	for line := range strings.Lines(string(scene.Files[0].Data)) {
		name, rule, _ := strings.Cut(strings.TrimSpace(line), ": ")
		m.watches = append(m.watches, rules.Watch{ID: name, Name: name, Rule: rule})
	}
	d := newDesk(m)
	var out bytes.Buffer
	for paragraph := range strings.SplitSeq(strings.TrimSpace(string(scene.Files[1].Data)), "\n\n") {
		it := item(t, paragraph)
		if it.Key == "ALL" {
			d.All = true
			continue
		}
		m.put(it)
		sift(t, d)
		describe(&out, m.filed[nameOf(it)])
	}
	return out.Bytes()
}

// item reads an item from lines of "field: value".
func item(t *testing.T, paragraph string) feeds.Item {
	t.Helper()
	it := feeds.Item{Feed: 1, Arrival: feeds.Fresh, Fetched: time.Date(2026, 2, 6, 9, 0, 0, 0, time.UTC)}
	lines := bufio.NewScanner(strings.NewReader(paragraph))
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "key":
			it.Key = value
		case "feed":
			it.Feed = int64(value[0] - '0')
		case "by":
			it.Publisher = value
		case "link":
			it.Link, it.Canonical = value, syndication.Canonical(value)
		case "title":
			it.Title = value
		case "text":
			it.Text = value
		case "as":
			it.Arrival = feeds.Arrival(value)
		case "at":
			at, err := time.Parse("2006-01-02 15:04", value)
			if err != nil {
				t.Fatal(err)
			}
			it.Published = at
		default:
			t.Fatalf("%q is no field", field)
		}
	}
	return it
}

// describe says what became of an item; stories are named by their headline.
func describe(out *bytes.Buffer, f story.Filing) {
	fmt.Fprintf(out, "%s: %s", f.Item.Key, f.Outcome)
	if s := f.Story; s != nil {
		fmt.Fprintf(out, ", %q revision %d by %s", s.Headline, s.Revision, strings.Join(s.Publishers, "+"))
		if s.Quiet {
			out.WriteString(", owed to nobody")
		}
		for _, w := range s.Why {
			fmt.Fprintf(out, "\n   %s: %s", w.Name, strings.Join(w.Words, ", "))
		}
		if s.Summary != "" {
			fmt.Fprintf(out, "\n   %s", s.Summary)
		}
	}
	out.WriteByte('\n')
}

func omanItem(key, publisher, title string) feeds.Item {
	at := time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC)
	return feeds.Item{
		Feed: 1, Key: key, Publisher: publisher, Title: title,
		Arrival: feeds.Fresh, Published: at, Fetched: at,
	}
}

var omanTalks = rules.Watch{ID: "oman", Name: "oman", Rule: "Oman talks"}

// TestDeskLeavesOutABadWatch asserts that a stored rule that cannot be used stops no other.
func TestDeskLeavesOutABadWatch(t *testing.T) {
	m := newMemory(rules.Watch{ID: "bad", Rule: "(("}, omanTalks)
	it := omanItem("1", "BBC", "Oman talks begin")
	m.put(it)
	sift(t, newDesk(m))
	if got := m.filed[nameOf(it)].Outcome; got != story.OutcomeAlerted {
		t.Errorf("outcome %q, want alerted", got)
	}
}

// TestDeskFollowsTheRulebook asserts that a pass goes by the rules as they are when it begins.
func TestDeskFollowsTheRulebook(t *testing.T) {
	m := newMemory(omanTalks)
	d := newDesk(m)
	sift(t, d)
	m.watches = []rules.Watch{{ID: "hormuz", Name: "hormuz", Rule: "Hormuz"}}
	m.retired, m.version = []string{"oman"}, 2
	oman, hormuz := omanItem("1", "BBC", "Oman talks begin"), omanItem("2", "BBC", "Hormuz closed")
	m.put(oman)
	m.put(hormuz)
	sift(t, d)
	if m.filed[nameOf(oman)].Outcome != story.OutcomeUnmatched ||
		m.filed[nameOf(hormuz)].Outcome != story.OutcomeAlerted {
		t.Errorf("filed %v", m.filed)
	}
}

// TestDeskFollowsTheNames asserts that an alias holds from the pass after it was made, for watches
// that were there already, and until it ends.
func TestDeskFollowsTheNames(t *testing.T) {
	m := newMemory(rules.Watch{ID: "s", Name: "s", Owner: "slack:T1", Rule: "Shamkhani"})
	d := newDesk(m)
	outcome := func(key string) story.Outcome {
		it := omanItem(key, "BBC", "Zorblax speaks of "+key)
		m.put(it)
		sift(t, d)
		return m.filed[nameOf(it)].Outcome
	}
	rename := func(aliases ...rules.Alias) {
		m.watches, m.renamed, m.aliases = nil, true, aliases
		m.version++
	}
	before := outcome("before")
	rename(rules.Alias{Owner: rules.Everyone, Names: []string{"Shamkhani", "Zorblax"}})
	during := outcome("during")
	rename()
	after := outcome("after")
	if before != story.OutcomeUnmatched || during != story.OutcomeAlerted || after != story.OutcomeUnmatched {
		t.Errorf("before the alias %s, with it %s, without it %s", before, during, after)
	}
}

// TestDeskReadsTheNamesOnce asserts that a pass in which nothing changed costs nothing to speak of:
// the names that ship are a long text.
func TestDeskReadsTheNamesOnce(t *testing.T) {
	d := newDesk(newMemory(omanTalks))
	sift(t, d)
	if n := testing.AllocsPerRun(10, func() { sift(t, d) }); n > 100 {
		t.Errorf("an idle pass makes %v allocations", n)
	}
}

// TestDocumentLanguage asserts that the language is the feed's own word, unless the script belies it,
// else that of title and text together.
func TestDocumentLanguage(t *testing.T) {
	long := strings.Repeat("عمان ", 200)
	for _, test := range []struct{ lang, title, text, want string }{
		{"fa-IR", "شمخانی", "", "fa"},
		{"en-us", "شمخانی گفت", "", "fa"},
		{"", "Diplomats gather", "in Oman", "en"},
		{"", "123", "گفت‌وگوها در عمان", "fa"},
		{"", "", "وصل إلى مسقط", "ar"},
		{"", long, "English " + long, "ar"},
		{"", "", "", ""},
		{"", "123", "", ""},
	} {
		got := story.Document(feeds.Item{Lang: test.lang, Title: test.title, Text: test.text}).Lang
		if got != test.want {
			t.Errorf("%q %.20q %.20q: got %q, want %q", test.lang, test.title, test.text, got, test.want)
		}
	}
}

// TestDeskAfterAFailure asserts that a pass whose filing failed is made again with the same result.
func TestDeskAfterAFailure(t *testing.T) {
	m := newMemory(omanTalks)
	d := newDesk(m)
	it := omanItem("1", "BBC", "Oman talks begin")
	m.put(it)
	m.fail = errors.New("disk full")
	if _, err := d.Sift(t.Context()); !errors.Is(err, m.fail) {
		t.Fatalf("error %v, want the store's", err)
	}
	m.fail = nil
	sift(t, d)
	f := m.filed[nameOf(it)]
	if f.Outcome != story.OutcomeAlerted || f.Story.Revision != 1 {
		t.Errorf("filed %+v, want the item to begin its story", f)
	}
}

// TestDeskLaws asserts, whatever comes in whatever cuts, that each item gets one outcome, that a
// story's publishers are distinct, and that a desk that begins anew decides alike.
func TestDeskLaws(t *testing.T) {
	titles := []string{
		"Oman talks resume between Iran and the United States in Muscat",
		"Oman talks resume between Iran and United States in Muscat today",
		"Oman hosts talks on Yemen prisoners as Houthi envoys arrive",
		"Prices of bread rise in all of the provinces again this week",
	}
	rapid.Check(t, func(t *rapid.T) {
		m := newMemory(omanTalks)
		d := newDesk(m)
		put := make(map[string]bool)
		for i := range rapid.IntRange(1, 30).Draw(t, "items") {
			it := omanItem(fmt.Sprint(i),
				rapid.SampledFrom([]string{"BBC", "AFP", "TASS"}).Draw(t, "by"),
				rapid.SampledFrom(titles).Draw(t, "title"))
			it.Arrival = rapid.SampledFrom(
				[]feeds.Arrival{feeds.Fresh, feeds.Fresh, feeds.Baseline, feeds.Expired}).Draw(t, "as")
			m.put(it)
			put[nameOf(it)] = true
			switch rapid.IntRange(0, 3).Draw(t, "then") {
			case 0:
				d.Sift(context.Background())
			case 1:
				d = newDesk(m) // the program began anew
			}
		}
		d.Sift(context.Background())
		if len(m.filed) != len(put) || len(m.tray) != 0 {
			t.Fatalf("%d of %d items filed, %d left", len(m.filed), len(put), len(m.tray))
		}
		for name, f := range m.filed {
			if !slices.Contains(story.Outcomes[:], f.Outcome) {
				t.Fatalf("%s has outcome %q", name, f.Outcome)
			}
		}
		for _, s := range m.stories {
			if sorted := slices.Sorted(slices.Values(s.Publishers)); len(slices.Compact(sorted)) != len(s.Publishers) {
				t.Fatalf("publishers %v", s.Publishers)
			}
		}
	})
}

// BenchmarkSift sifts a thousand items into ten thousand remembered stories.
func BenchmarkSift(b *testing.B) {
	m := newMemory(omanTalks)
	d := newDesk(m)
	put := func(key int) {
		m.put(omanItem(fmt.Sprint(key), "BBC", fmt.Sprintf(
			"Oman talks of delegation %d go on in hall %d of the old palace", key, key%97)))
	}
	for key := range 10_000 {
		put(key)
	}
	sift(b, d)
	key := 10_000
	for b.Loop() {
		for range 1000 {
			put(key)
			key++
		}
		sift(b, d)
	}
}
