package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// overheard is a driver that keeps the text of every statement that goes through it.
type overheard struct {
	real driver.Driver
	dsn  string
	mu   sync.Mutex
	said []string
}

func (o *overheard) hear(query string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Contains(o.said, query) {
		o.said = append(o.said, query)
	}
}

// Connect implements [driver.Connector].
func (o *overheard) Connect(context.Context) (driver.Conn, error) {
	conn, err := o.real.Open(o.dsn)
	return overheardConn{conn, o}, err
}

// Driver implements [driver.Connector].
func (o *overheard) Driver() driver.Driver { return o.real }

type overheardConn struct {
	driver.Conn
	by *overheard
}

func (c overheardConn) ExecContext(ctx context.Context, query string,
	args []driver.NamedValue) (driver.Result, error) {
	c.by.hear(query)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c overheardConn) QueryContext(ctx context.Context, query string,
	args []driver.NamedValue) (driver.Rows, error) {
	c.by.hear(query)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// overhear opens a store with one feed and one channel, and keeps what it
// says to SQLite from then on.
func overhear(t *testing.T) (*DB, *overheard) {
	file := filepath.Join(t.TempDir(), "news.db")
	db, err := Open(t.Context(), "sqlite:"+file, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.writer.Exec(`insert into feeds (url, name, publisher, schedule, zone,
			full_text, origin)
		values ('', '', '', '', '', false, ''); insert into channels (channel) values ('console:')`)
	if err != nil {
		t.Fatal(err)
	}
	o := &overheard{real: db.writer.Driver(), dsn: dsn(file, "rwc")}
	db.writer.Close()
	db.reader.Close()
	db.writer, db.reader = sql.OpenDB(o), sql.OpenDB(o)
	db.writer.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db, o
}

// workday makes every call of a running bot at least once.
func workday(t *testing.T, db *DB) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	due, err := db.Due(ctx, 1)
	must(err)
	f := due[0]
	f.BodyAt = db.Now()
	_, err = db.Save(ctx, f, []feeds.Item{{Key: "1"}, {Key: "2", Title: "a"}, {Key: "2", Title: "b"}})
	must(err)
	_, err = db.Known(ctx, f, []feeds.Item{{Key: "1", Title: "a"}, {Key: "3", Canonical: "https://a/"}})
	must(err)
	arrivals, err := db.Unsifted(ctx, 1)
	must(err)
	filing := story.Filing{Item: arrivals[0].Item, Refiled: true, Story: &story.Story{ID: "s"}}
	for filing.Story.Revision = range 3 {
		must(db.File(ctx, []story.Filing{filing}))
		owe(t, db, *filing.Story)
		_, err = db.Untold(ctx, 1)
		must(err)
	}
	_, err = db.Recent(ctx, time.Time{})
	must(err)
	_, err = db.Followers(ctx, []string{"w"})
	must(err)
	_, err = db.Changes(ctx, 0)
	must(err)
	_, _, err = db.Waiting(ctx)
	must(err)
	must(db.EndWaits(ctx))
	_, err = db.Prune(ctx, time.Hour)
	must(err)
	must(chat(ctx, db))
}

// chat asks for all that can be asked for in chat.
func chat(ctx context.Context, db *DB) error {
	w := rules.Watch{ID: "slack:T1/w", Name: "w", Owner: "slack:T1", Rule: "Oman"}
	alias := rules.Alias{Owner: "slack:T1", Names: []string{"Oman", "عمان"}}
	feed := feeds.Source{URL: "http://chat/"}
	call := func(id string, edits ...commands.Edit) error {
		return db.Change(ctx, commands.Change{Edits: edits, Call: bot.Call{ID: id,
			Channel: "console:", Caller: bot.Caller{Owner: "slack:T1"}}})
	}
	err := errors.Join(
		call("1", commands.SetWatch{Watch: w}, commands.Follow{Channel: "console:", Watch: w.ID},
			commands.Prefer{Channel: "console:", Watch: w.ID, Set: commands.Preference{
				MutedUntil: new(time.Time{}), Paused: new("")}},
			commands.Judge{Channel: "console:", Story: "s"}, commands.AddFeed{Source: feed},
			commands.AddAlias{Alias: alias}),
		call("2", commands.Unfollow{Channel: "console:", Watch: w.ID},
			commands.EndWatch{ID: w.ID, Expect: 1}, commands.RemoveFeed{URL: feed.URL},
			commands.RemoveAlias{Owner: "slack:T1", Name: "Oman"}),
		db.Moved(ctx, bot.Move{Channel: "console:", Name: "here"}),
	)
	for _, read := range []func() error{
		func() error { _, err := db.Watches(ctx, "slack:T1"); return err },
		func() error { _, err := db.Followed(ctx, "console:"); return err },
		func() error { _, err := db.Aliases(ctx, "slack:T1"); return err },
		func() error { _, err := db.Audit(ctx, "slack:T1", 9); return err },
		func() error { _, err := db.Count(ctx, time.Time{}); return err },
		func() error { _, err := db.Traces(ctx, "https://a/", "console:", 9); return err },
		func() error { _, err := db.Traces(ctx, "a", "console:", 9); return err },
		func() error { _, err := db.Stories(ctx, []string{"w"}, time.Time{}, 9); return err },
		func() error { _, err := db.Told(ctx, "console:", bot.Receipt{ID: "1"}); return err },
		func() error { _, err := db.Standing(ctx, "slack:T1", time.Time{}); return err },
	} {
		err = errors.Join(err, read())
	}
	for _, failed := range db.Items(ctx, time.Time{}, 1) {
		err = errors.Join(err, failed)
	}
	return err
}

// owe owes a story to the console and posts what is owed.
func owe(t *testing.T, db *DB, s story.Story) {
	t.Helper()
	owed := bot.Route(s, []bot.Subscription{{Channel: "console:", Watch: "w"}})
	if err := db.Owe(t.Context(), s, owed); err != nil {
		t.Fatal(err)
	}
	claimed, err := db.Claim(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range claimed {
		d.State, d.Absorbs, d.Gone = bot.StateSent, []string{"none"}, true
		if err := db.Settle(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
}

// walk is a step of a plan that reads a whole table, and not an index of what is open.
var walk = regexp.MustCompile(`^SCAN (\w+)$`)

// walked are the steps that may read a whole table: none of these grows with the bot's history.
var walked = []string{
	"SCAN pairs",    // a subquery of one delivery
	"SCAN rulebook", // one row
	"SCAN channels", // asked for by people, who are few
}

// TestNoTableIsWalked asserts that nothing a running bot asks for grows with its history: every
// statement finds its rows by an index. That a search for words reads item after item, the latest
// first, until it has enough or has read its fill, is in no plan: see maxSearched.
func TestNoTableIsWalked(t *testing.T) {
	db, o := overhear(t)
	workday(t, db)
	said := slices.Clone(o.said)
	if len(said) < 30 {
		t.Fatalf("only %d statements were overheard", len(said))
	}
	for _, query := range said {
		for _, step := range plan(t, db, query) {
			if walk.MatchString(step) && !slices.Contains(walked, step) {
				t.Errorf("%s in\n%s", step, query)
			}
		}
	}
}

// TestHotQueriesUseTheirIndex asserts that what is asked every second reads only what is to be
// done.
func TestHotQueriesUseTheirIndex(t *testing.T) {
	db, o := overhear(t)
	workday(t, db)
	said := slices.Clone(o.said)
	for _, tt := range []struct{ query, index string }{
		{"update feeds set lease = $1", "feeds_due"},
		{"where unsifted order by", "items_unsifted"},
		{"and words in", "items_words"},
		{"and canonical in", "items_canonical"},
		{"where told < revision", "stories_untold"},
		{"update channels set lease = $1, epoch", "deliveries_open"},
		{"order by case when state", "deliveries_open"},
		{"min(case when c.due", "deliveries_open"},
		{"where story_id <> ''", "items_story"},
		{"as pairs on", "tellings_delivery"},
		{"(fetched, id) <", "items_fetched"},
		{"canonical = $1", "items_canonical"},
		{"order by latest desc", "stories_latest"},
		{"d.receipt = $2", "deliveries_receipt"},
		{"and p.at >=", "tellings_channel"},
		{"from following where watch_id in", "subscriptions_watch"},
		{"before, after from audit", "audit_owner"},
		{"from audit where channel", "audit_channel"},
		{"select id, name, owner, rule, version from watches", "watches_owner"},
	} {
		i := slices.IndexFunc(said, func(q string) bool { return strings.Contains(q, tt.query) })
		if i < 0 {
			t.Errorf("no statement has %q", tt.query)
			continue
		}
		if steps := strings.Join(plan(t, db, said[i]), "\n"); !strings.Contains(steps, " "+tt.index) {
			t.Errorf("%s is not used in\n%s\n%s", tt.index, said[i], steps)
		}
	}
}

func plan(t *testing.T, db *DB, query string) []string {
	t.Helper()
	steps, err := all(t.Context(), db.writer, func(row scanner) (detail string, err error) {
		var id, parent, unused int
		err = row.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, "explain query plan "+query, make([]any, params(query))...)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	return steps
}

// params is the highest number of a statement's parameters.
func params(query string) (n int) {
	for strings.Contains(query, fmt.Sprintf("$%d", n+1)) {
		n++
	}
	return n
}

// TestRenumberingStaysCheap asserts that to remember the items of a feed that has renumbered at each of
// many polls takes no more than after a few.
func TestRenumberingStaysCheap(t *testing.T) {
	db, _ := overhear(t)
	polls := 0
	recall := func(upto int) float64 {
		var f feeds.Feed
		var items []feeds.Item
		for ; polls < upto; polls++ {
			due, err := db.Due(t.Context(), 1)
			if err != nil || len(due) != 1 {
				t.Fatal(due, err)
			}
			f, items = due[0], nil
			for n := range 20 {
				items = append(items, feeds.Item{Key: fmt.Sprint(polls, "-", n),
					Title: fmt.Sprint("Report ", n), Canonical: fmt.Sprint("https://a/", n)})
			}
			if _, err := db.Save(t.Context(), f, items); err != nil {
				t.Fatal(err)
			}
		}
		for i := range items {
			items[i].Key = "new" + items[i].Key
		}
		return testing.AllocsPerRun(3, func() {
			if m, err := db.Known(t.Context(), f, items); err != nil || len(m.Wordings) != 20 {
				t.Fatal(m, err)
			}
		})
	}
	if few, many := recall(2), recall(100); many > 2*few {
		t.Errorf("%v allocations after two polls, %v after a hundred", few, many)
	}
}
