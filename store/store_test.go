package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

var noon = time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)

// room is an open store with a clock that moves only when it is told to.
type room struct {
	*store.DB
	tb    testing.TB
	path  string
	clock *atomic.Int64
	raw   *sql.DB // see own
	calls int     // that asked for something
}

// open opens a store of the test's own. Tests wait for the disk most of the time, so they run side
// by side.
func open(tb testing.TB) *room {
	if t, ok := tb.(*testing.T); ok {
		t.Parallel()
	}
	return openFile(tb, filepath.Join(tb.TempDir(), "news.db"))
}

func openFile(tb testing.TB, file string) *room {
	r := &room{tb: tb, path: file, clock: new(atomic.Int64)}
	r.clock.Store(noon.UnixMilli())
	r.open()
	tb.Cleanup(func() { r.DB.Close() })
	return r
}

func (r *room) open() {
	r.tb.Helper()
	db, err := store.Open(r.tb.Context(), "sqlite:"+r.path, func() time.Time {
		return time.UnixMilli(r.clock.Load())
	})
	r.must(err)
	r.DB = db
}

// reopen ends the process and begins another.
func (r *room) reopen() {
	r.tb.Helper()
	r.must(r.Close())
	r.open()
}

func (r *room) advance(d time.Duration) { r.clock.Add(d.Milliseconds()) }

func (r *room) must(err error) {
	r.tb.Helper()
	if err != nil {
		r.tb.Fatal(err)
	}
}

// count reads one number with a connection of our own.
func (r *room) count(query string, args ...any) (n int) {
	r.tb.Helper()
	r.must(r.own().QueryRow(query, args...).Scan(&n))
	return n
}

// meddle changes the file with a connection of our own.
func (r *room) meddle(query string) {
	r.tb.Helper()
	_, err := r.own().Exec(query)
	r.must(err)
}

func (r *room) own() *sql.DB {
	r.tb.Helper()
	if r.raw == nil {
		var err error
		r.raw, err = sql.Open("sqlite", "file:"+r.path+"?_pragma=busy_timeout(10000)")
		r.must(err)
		r.raw.SetMaxOpenConns(1)
		r.tb.Cleanup(func() { r.raw.Close() })
	}
	return r.raw
}

// greeting is the notice of an addition, for Adopt.
func greeting(a store.Addition) bot.Notice {
	return bot.Notice{Title: "hello", Lines: []string{
		fmt.Sprintf("%d watches, %d feeds", len(a.Watches), len(a.Feeds)),
	}}
}

func (r *room) adopt(roster store.Roster) {
	r.tb.Helper()
	r.must(r.Adopt(r.tb.Context(), roster, greeting))
}

func source(url string) feeds.Source {
	return feeds.Source{URL: url, Name: "name of " + url, Publisher: "publisher",
		Schedule: "*/5 * * * *", Zone: "UTC", FullText: true}
}

var oman = rules.Watch{ID: "oman", Name: "oman", Owner: "config", Rule: "Oman talks"}

func subscription(c bot.Channel) bot.Subscription {
	return bot.Subscription{Channel: c, Watch: oman.ID, MinPublishers: 1, Policy: "instant",
		MinSeverity: story.SeverityNone}
}

func (r *room) ledger() store.Ledger {
	r.tb.Helper()
	l, err := r.Ledger(r.tb.Context(), time.Time{})
	r.must(err)
	return l
}

func TestOneProcess(t *testing.T) {
	r := open(t)
	_, err := store.Open(t.Context(), "sqlite:"+r.path, nil)
	if err == nil || !strings.Contains(err.Error(), "another tensionwatch is running on this file") {
		t.Errorf("a second Open: %v", err)
	}
	r.reopen()
}

func TestFileNames(t *testing.T) {
	for _, name := range []string{
		"two words.db", "50%.db", "%41.db", "what?.db", "a#b.db", "a&b=c.db", "خبر.db",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, name)
			db, err := store.Open(t.Context(), "sqlite:"+file, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(file); err != nil {
				t.Error(err)
			}
			if files, _ := os.ReadDir(dir); len(files) != 2 { // it and its lock
				t.Errorf("files: %v", files)
			}
		})
	}
}

func TestRelativeFile(t *testing.T) {
	t.Chdir(t.TempDir())
	openFile(t, "news.db")
	if _, err := os.Stat("news.db"); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "plain"), "a file, not a folder")
	write(t, filepath.Join(dir, "garbage.db"), strings.Repeat("not a database ", 100))
	for _, tt := range []struct{ name, url, want string }{
		{"no scheme", "news.db", "url must be like sqlite:tensionwatch.db"},
		{"no file", "sqlite:", "url must be like sqlite:tensionwatch.db"},
		{"a secret", "postgres://u:hunter2@h/db", "url must be like"},
		{"no folder", "sqlite:" + dir + "/none/news.db", "can this folder be written?"},
		{"below a file", "sqlite:" + dir + "/plain/news.db", "can this folder be written?"},
		{"no database", "sqlite:" + dir + "/garbage.db", "file is not a database"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			db, err := store.Open(t.Context(), tt.url, nil)
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %q, want %q in it", err, tt.want)
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	r := open(t)
	r.adopt(store.Roster{Feeds: []feeds.Source{source("http://a/")}})
	const schema = `select count(*) + (select count(*) from goose_db_version) from sqlite_master`
	before := r.count(schema)
	r.reopen()
	if after := r.count(schema); after != before || r.count(`select count(*) from feeds`) != 1 {
		t.Errorf("%d rows of schema, then %d", before, after)
	}
}

// TestOlderFileIsMigrated asserts that what an older program wrote is still there.
func TestOlderFileIsMigrated(t *testing.T) {
	r := open(t)
	roster := store.Roster{Watches: []rules.Watch{oman}, Aliases: aliases([]string{"Oman", "عمان"})}
	r.adopt(roster)
	r.must(r.Close())
	older(t, r, "00006_loudness.sql", "00005_chat.sql", "00004_troubles.sql", "00003_manners.sql",
		"00002_aliases.sql")
	r.open()
	before := r.changes(0)
	r.adopt(roster)
	if c := r.changes(before.Version); len(before.Watches) != 1 || !c.Renamed || c.Watches != nil {
		t.Errorf("before %+v, after %+v", before, c)
	}
}

// older takes back migrations, the last first.
func older(t *testing.T, r *room, migrations ...string) {
	for _, name := range migrations {
		text, err := os.ReadFile(filepath.Join("migrations", "sqlite", name))
		r.must(err)
		_, down, _ := strings.Cut(string(text), "-- +goose Down")
		r.meddle(down)
	}
	r.meddle(`delete from goose_db_version where version_id > 1`)
}

func TestNewerFileIsRefused(t *testing.T) {
	r := open(t)
	r.meddle(`insert into goose_db_version (version_id, is_applied) values (99999, 1)`)
	r.must(r.Close())
	_, err := store.Open(t.Context(), "sqlite:"+r.path, nil)
	if err == nil || !strings.Contains(err.Error(), "a newer tensionwatch") {
		t.Errorf("got %v", err)
	}
}
