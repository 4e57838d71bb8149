// Package store is all memory of the program: feeds, items, stories, subscriptions and deliveries.
//
// It satisfies the small interfaces that the stages own ([feeds.Store], [story.Store],
// [story.Rulebook], [bot.Newsroom], [bot.Outbox], [bot.Limiter]) and those of chat
// ([commands.Ledger] and its sisters, [bot.Presence]); no stage knows that it exists. Every call is one
// transaction: whatever happens to the process, an item has its outcome and a revision its state,
// or neither. A [DB] is safe for concurrent use.
//
// The SQL keeps to what SQLite and PostgreSQL share: numbered parameters, times as integer
// milliseconds, lists as JSON text. The schema is in the migrations folder.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/story"
)

var (
	_ feeds.Store    = (*DB)(nil)
	_ story.Store    = (*DB)(nil)
	_ story.Rulebook = (*DB)(nil)
	_ bot.Newsroom   = (*DB)(nil)
	_ bot.Outbox     = (*DB)(nil)
	_ bot.Limiter    = (*DB)(nil)
	_ bot.Presence   = (*DB)(nil)

	_ commands.Rulebook = (*DB)(nil)
	_ commands.Feedbook = (*DB)(nil)
	_ commands.Ledger   = (*DB)(nil)
	_ commands.Archive  = (*DB)(nil)

	_ commands.Newsstand = (*DB)(nil)
)

// ErrInUse says that another process has the store.
var ErrInUse = errors.New("another tensionwatch is running on this file")

//go:embed migrations
var migrations embed.FS

// Settings is the [store] section of the config.
type Settings struct {
	URL  string        // "sqlite:FILE"
	Keep time.Duration // how long the text of an item is kept
}

// DefaultSettings are the settings of a config that says nothing.
func DefaultSettings() Settings {
	return Settings{URL: "sqlite:tensionwatch.db", Keep: 30 * 24 * time.Hour}
}

// DB is an open store.
type DB struct {
	writer *sql.DB // one connection: SQLite has one writer
	ready  statements
	reader *sql.DB
	lock   *flock.Flock
	now    func() time.Time
}

// Open opens the store that url names, making and migrating it as needed, and takes it for this
// process alone. Leases that an earlier process left are void: what it was posting is uncertain.
// now is the store's clock, time.Now if nil.
func Open(ctx context.Context, url string, now func() time.Time) (*DB, error) {
	file, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || file == "" {
		return nil, fmt.Errorf("opening the store: url must be like sqlite:tensionwatch.db")
	}
	if now == nil {
		now = time.Now
	}
	db := &DB{now: now}
	if err := db.open(ctx, file); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening the store %s: %w", file, err)
	}
	return db, nil
}

func (d *DB) open(ctx context.Context, file string) (err error) {
	if d.lock, err = lockFile(file); err != nil {
		return err
	}
	if d.writer, err = sql.Open("sqlite", dsn(file, "rwc")); err != nil {
		return err
	}
	d.writer.SetMaxOpenConns(1)
	if err := migrate(ctx, d.writer); err != nil {
		return err
	}
	if d.reader, err = sql.Open("sqlite", dsn(file, "ro")); err != nil {
		return err
	}
	d.reader.SetMaxOpenConns(readers)
	return d.voidLeases(ctx)
}

// readers is the size of the read pool. Readers never wait for the writer in WAL mode.
const readers = 4

// dsn names the file with the pragmas that every connection needs. A commit is on the disk before
// it returns (synchronous FULL): a post must not be forgotten by a power cut.
func dsn(file, mode string) string {
	path := filepath.ToSlash(filepath.Clean(file)) // a leading "//" would name a host
	path = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return "file:" + path + "?mode=" + mode + "&_txlock=immediate" +
		"&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
}

// lockFile makes sure that one process at a time works on the file.
func lockFile(file string) (*flock.Flock, error) {
	lock := flock.New(file + ".lock")
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking: %w (can this folder be written?)", err)
	}
	if !got {
		return nil, fmt.Errorf("%w: stop it, or give this one its own [store] url", ErrInUse)
	}
	return lock, nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	tree, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, tree)
	if err != nil {
		return err
	}
	found, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if found > known {
		return errors.New("a newer tensionwatch has worked on this file: use that one, or a backup")
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

// voidLeases ends what the last process had in hand. It may have posted what it was posting.
func (d *DB) voidLeases(ctx context.Context) error {
	return d.write(ctx, "ending old leases", func(t *tx) {
		t.exec(`update feeds set lease = 0 where lease > 0`)
		t.exec(`update channels set lease = 0 where lease > 0`)
		t.exec(`update deliveries set state = 'uncertain' where state = 'posting'`)
	})
}

// Close ends all work on the store and lets another process have it.
func (d *DB) Close() error {
	var errs []error
	for _, db := range []*sql.DB{d.reader, d.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Unlock())
	}
	return errors.Join(errs...)
}

// Now is the store's clock, which every stage goes by.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Millisecond) }
