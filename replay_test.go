package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// unpack returns a folder that holds the corpus of that name.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "shared", "data", archive))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the corpus %s is not here", archive)
	}
	dir := t.TempDir()
	if out, err := exec.Command("tar", "-xJf", file, "-C", dir).CombinedOutput(); err != nil {
		t.Fatalf("unpacking %s: %v\n%s", archive, err, out)
	}
	return dir
}

// morning is the outlets of a real morning, each polled several times.
type morning struct {
	dir   string
	polls map[string][]string // by outlet: file names, in order of time
	stamp atomic.Value        // the poll that is served, as its file name begins
}

const stampForm = "20060102T150405Z"

func readMorning(t *testing.T) *morning {
	m := &morning{
		dir:   filepath.Join(unpack(t, "feeds.tar.xz"), "feeds", "repolls"),
		polls: make(map[string][]string),
	}
	files, err := fs.Glob(os.DirFS(m.dir), "*/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no polls in %s: %v", m.dir, err)
	}
	for _, file := range files {
		outlet := path.Dir(file)
		m.polls[outlet] = append(m.polls[outlet], path.Base(file))
	}
	return m
}

// stamps lists the times of all polls, in order.
func (m *morning) stamps() (all []string) {
	for _, files := range m.polls {
		for _, file := range files {
			stamp, _, _ := strings.Cut(file, "-")
			all = append(all, stamp)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ServeHTTP answers for an outlet as it was at the stamp.
func (m *morning) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	outlet := strings.TrimPrefix(r.URL.Path, "/")
	latest := ""
	for _, file := range m.polls[outlet] {
		if stamp, _, _ := strings.Cut(file, "-"); stamp <= m.stamp.Load().(string) {
			latest = file
		}
	}
	if latest == "" {
		http.NotFound(w, r)
		return
	}
	body, err := os.ReadFile(filepath.Join(m.dir, outlet, latest))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(body)
}

// favourite is the longer word that most of an outlet's first titles hold: the one of each poll.
func (m *morning) favourite(t *testing.T, outlet string) string {
	count := make(map[string]int)
	for _, file := range m.polls[outlet] {
		body, err := os.ReadFile(filepath.Join(m.dir, outlet, file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := syndication.Read(body, "", "")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, w := range rules.Words(doc.Entries[0].Title) {
			if utf8.RuneCountInString(w.Folded) >= 5 {
				count[w.Folded]++
			}
		}
	}
	best := ""
	for word, n := range count {
		if n > count[best] || (n == count[best] && word < best) {
			best = word
		}
	}
	return best
}

func (m *morning) config(t *testing.T, server string) (file string) {
	dir := t.TempDir()
	var b strings.Builder
	fmt.Fprintf(&b, "[store]\nurl = %q\n", "sqlite:"+filepath.Join(dir, "tw.db"))
	b.WriteString("[console]\nformat = \"json\"\n")
	b.WriteString("[poll]\nbackfill = \"24h\"\nallow_private_networks = true\n")
	for outlet := range m.polls {
		fmt.Fprintf(&b, "[[feed]]\nurl = %q\npublisher = %q\n", server+"/"+outlet, outlet)
		fmt.Fprintf(&b, "[[watch]]\nname = %q\nrule = '=%s source:%s'\n",
			outlet, m.favourite(t, outlet), strings.ReplaceAll(outlet, "_", " source:"))
	}
	file = filepath.Join(dir, "tw.toml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// pass is what one run of the program printed.
type pass struct {
	posts []struct {
		Kind    bot.Kind
		Stories []struct {
			Story      string
			Publishers []string
			Links      []string
		}
	}
	tally tally
}

// runPass runs the program once, as if it were then.
func runPass(t *testing.T, configFile string, now time.Time) (p pass) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := []string{"run", "-once", "-config", configFile, "-now", now.Format(time.RFC3339)}
	if code := program(t.Context(), args, &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	lines := bytes.Split(bytes.TrimSpace(stdout.Bytes()), []byte("\n"))
	last := len(lines) - 1
	sum := struct{ Tally *tally }{&p.tally}
	if err := json.Unmarshal(lines[last], &sum); err != nil {
		t.Fatalf("%s: %v", lines[last], err)
	}
	p.posts = slices.Grow(p.posts, last)[:last]
	for i, line := range lines[:last] {
		if err := json.Unmarshal(line, &p.posts[i]); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	return p
}

// TestMorning replays a real morning of eleven outlets, whose headlines change under one guid, and
// asserts that each outlet is heard, that nothing is told twice, and that the ledger adds up.
func TestMorning(t *testing.T) {
	m := readMorning(t)
	server := httptest.NewServer(m)
	defer server.Close()
	configFile := m.config(t, server.URL)
	toldAt := make(map[string]string) // when a story was told
	heard := make(map[string]bool)    // outlets
	for _, stamp := range m.stamps() {
		m.stamp.Store(stamp)
		now, err := time.Parse(stampForm, stamp)
		if err != nil {
			t.Fatal(err)
		}
		p := runPass(t, configFile, now)
		t.Logf("%s %+v %v %d posts", stamp, p.tally.Items, p.tally.Outcomes, len(p.posts))
		assertAddsUp(t, stamp, p.tally)
		for _, post := range p.posts {
			for _, s := range post.Stories {
				for _, name := range append(s.Links, s.Story) {
					if before, twice := toldAt[name]; twice {
						t.Errorf("%s was told at %s and again at %s", name, before, stamp)
					}
					toldAt[name] = stamp
				}
				for _, outlet := range s.Publishers {
					heard[outlet] = true
				}
			}
		}
		again := runPass(t, configFile, now.Add(time.Minute))
		if again.tally.Items.Fetched != 0 || again.tally.Polls.OK != 0 || len(again.posts) != 0 {
			t.Errorf("%s: on the same bytes %+v, %d posts",
				stamp, again.tally, len(again.posts))
		}
	}
	for outlet := range m.polls {
		if !heard[outlet] {
			t.Errorf("%s was never heard", outlet)
		}
	}
	t.Logf("%d outlets heard, %d stories and links told once", len(heard), len(toldAt))
}

func assertAddsUp(t *testing.T, when string, got tally) {
	t.Helper()
	filed := 0
	for _, o := range story.Outcomes {
		filed += got.Outcomes[o]
	}
	if got.Items.Fetched != got.Items.Known+got.Items.Fresh || got.Items.Fresh != filed {
		t.Errorf("%s: the ledger does not add up: %+v %v", when, got.Items, got.Outcomes)
	}
}
