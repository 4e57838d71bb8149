package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/tensionwatch/tensionwatch/story"
)

// bulletin is a feed as it is at some moment.
type bulletin struct {
	guids  string        // what its GUIDs begin with
	links  string        // what its links begin with
	items  int           // how many it holds
	newest int           // the number of the newest
	age    time.Duration // between two items
	bumped bool          // all are dated now
}

// write writes the feed as RSS. The words of an item go by its number.
func (b bulletin) write(now time.Time) string {
	var out strings.Builder
	out.WriteString(`<rss version="2.0"><channel><title>Bulletin</title><link>https://b.example/</link>`)
	for i := range b.items {
		n := b.newest - i
		at := now.Add(-time.Duration(i) * b.age)
		if b.bumped {
			at = now
		}
		fmt.Fprintf(&out, `<item><guid isPermaLink="false">%s%d</guid><link>%s%d</link>`+
			`<pubDate>%s</pubDate><title>Oman talks, report %s</title>`+
			`<description>%s</description></item>`,
			b.guids, n, b.links, n, at.UTC().Format(time.RFC1123Z), ordinal(n), ordinal(n+7000))
	}
	return out.String() + `</channel></rss>`
}

// ordinal writes a number in words that no other number shares, so that no two reports are alike.
func ordinal(n int) string {
	sum := sha256.Sum256(fmt.Append(nil, n))
	digits := strings.NewReplacer("0", "k", "1", "l", "2", "m", "3", "n", "4", "o", "5", "p", "6", "q",
		"7", "r", "8", "s", "9", "t")
	words := make([]string, 8)
	for i := range words {
		words[i] = digits.Replace(hex.EncodeToString(sum[i*4 : i*4+4]))
	}
	return strings.Join(words, " ")
}

// deluge is what once made a bot flood its channels, and what must come of it.
type deluge struct {
	name          string
	before, after bulletin
	pause         time.Duration // between the two polls
	feeds         int
	want          map[story.Outcome]int // of the second poll
}

// TestNoFlood: whatever a feed does, a channel gets at most one message of it, and each fresh item
// has its outcome.
func TestNoFlood(t *testing.T) {
	steady := bulletin{"g", "https://b.example/", 40, 1000, 10 * time.Minute, false}
	with := func(b bulletin, change func(*bulletin)) bulletin {
		change(&b)
		return b
	}
	table := new(bytes.Buffer)
	w := tabwriter.NewWriter(table, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\nwhat happens\tfetched\tknown\tfresh\toutcomes\tmessages\tdeliveries\n")
	for _, c := range []deluge{
		{"first subscription, 200 items", bulletin{}, with(steady, func(b *bulletin) { b.items = 200 }),
			0, 1, map[story.Outcome]int{story.OutcomeBaseline: 200}},
		{"GUIDs renumbered", steady, with(steady, func(b *bulletin) { b.guids = "new-" }),
			time.Hour, 1, map[story.Outcome]int{story.OutcomeDuplicate: 40}},
		{"GUIDs and links renumbered", steady,
			with(steady, func(b *bulletin) { b.guids, b.links = "new-", "https://b.example/?id=" }),
			time.Hour, 1, map[story.Outcome]int{story.OutcomeDuplicate: 40}},
		{"dates bumped", steady, with(steady, func(b *bulletin) { b.bumped = true }),
			time.Hour, 1, map[story.Outcome]int{}},
		{"GUIDs and links over http, with www", with(steady, func(b *bulletin) { b.guids = "https://b.example/g/" }),
			with(steady, func(b *bulletin) {
				b.guids, b.links = "http://www.b.example/g/", "http://b.example/"
			}), time.Hour, 1, map[story.Outcome]int{}},
		{"a week of downtime", steady,
			with(steady, func(b *bulletin) { b.newest, b.age = 1600, 4*time.Hour }), 7 * 24 * time.Hour, 1,
			map[story.Outcome]int{story.OutcomeAlerted: 18, story.OutcomeExpired: 22}},
		{"a week of downtime, 3 new each", steady,
			with(steady, func(b *bulletin) { b.newest = 1003 }), 7 * 24 * time.Hour, 4, nil},
		{"an archive poured out", steady,
			with(steady, func(b *bulletin) { b.newest, b.age = 3000, time.Minute }), time.Hour, 1,
			map[story.Outcome]int{story.OutcomeAlerted: 40}},
	} {
		p := c.run(t)
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%d\t%s\n", c.name, p.tally.Items.Fetched,
			p.tally.Items.Known, p.tally.Items.Fresh, sparse(p.tally.Outcomes), len(p.posts),
			sparse(p.tally.Deliveries))
		assertAddsUp(t, c.name, p.tally)
		if len(p.posts) > 1 {
			t.Errorf("%s: %d messages", c.name, len(p.posts))
		}
		for _, o := range story.Outcomes {
			if c.want != nil && p.tally.Outcomes[o] != c.want[o] {
				t.Errorf("%s: %d %s, want %d", c.name, p.tally.Outcomes[o], o, c.want[o])
			}
		}
	}
	w.Flush()
	t.Log(table)
}

// run polls the feeds as they were before, if at all, and then as they are after; it returns the
// second pass.
func (c deluge) run(t *testing.T) pass {
	t.Helper()
	var now atomic.Value
	var current atomic.Pointer[bulletin]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := *current.Load()
		at := now.Load().(time.Time)
		own := strings.Trim(r.URL.Path, "/")
		text := b.write(at)
		if c.feeds > 1 { // each tells of something else
			text = strings.ReplaceAll(text, "report", "report "+own+own+own+" "+strings.Repeat(own+"x ", 9))
			text = strings.ReplaceAll(text, "https://b.example/", "https://"+own+".example/")
		}
		fmt.Fprint(w, text)
	}))
	defer server.Close()
	file := c.config(t, server.URL)
	begin := time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC)
	if c.before.items > 0 {
		current.Store(&c.before)
		now.Store(begin)
		runPass(t, file, begin)
	}
	current.Store(&c.after)
	now.Store(begin.Add(c.pause))
	return runPass(t, file, begin.Add(c.pause))
}

func (c deluge) config(t *testing.T, server string) (file string) {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("[store]\nurl = %q\n[console]\nformat = \"json\"\n[poll]\n"+
		"allow_private_networks = true\n[[watch]]\nname = \"oman\"\nrule = \"Oman talks\"\n",
		"sqlite:"+filepath.Join(dir, "tw.db"))
	for i := range c.feeds {
		text += fmt.Sprintf("[[feed]]\nurl = \"%s/%c\"\n", server, 'a'+i)
	}
	file = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// sparse writes the counts that are not zero.
func sparse[K ~string](counts map[K]int) string {
	var out []string
	for k, n := range counts {
		if n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, k))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
