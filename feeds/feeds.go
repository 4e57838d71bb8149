// Package feeds reads RSS, Atom and JSON feeds and hands on their items, each article once.
//
// [Poller.Poll] makes one pass: it claims the feeds that are due, fetches them (conditionally,
// bounded, guarded against private addresses), parses what changed and saves the feed's new state
// together with its new items. A feed that fails is a row with a reason and a next time; only the
// store failing is an error.
//
// What is kept about a feed is [State]; what is kept about an article is [Item]. Both are stored
// by whoever implements [Store].
package feeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// Source is what somebody said about a feed: the part that comes from the config.
type Source struct {
	URL       string
	Name      string // shown to people; if empty, the feed's own title or its host
	Publisher string // if empty, the feed's title or the site's host
	Schedule  string // cron; if empty, [Settings.Schedule]
	Zone      string // IANA name; if empty, [Settings.Zone]
	FullText  bool   // fetch the article when the description is short
}

// State is what the polls so far have taught us about a feed. Times are UTC, zero when not so.
type State struct {
	ETag         string
	LastModified string
	BodyHash     string    // of the packed bytes of the last good body
	Due          time.Time // when to ask next
	RetryAfter   time.Time // the server asked not to come before
	Polled       time.Time // the last good answer (304 counts); zero until the first
	BodyAt       time.Time // when the last good body was parsed
	Failures     int       // in a row
	FailingSince time.Time
	LastError    string
	Gone         bool // the server said 410: no more polls

	Moved     string             // where the address permanently redirects: asked instead of it
	Rhythm    syndication.Rhythm // what the last good body says of its publishing
	Pulse     manners.Pulse      // how often there really was news
	Held      int                // items in the last good body
	GapAt     time.Time          // when items may last have been missed between two bodies
	Truncated bool               // the last body was cut off, and is no good one
	Took      time.Duration      // how long answers take, smoothed
}

// Feed is an address that is polled on its schedule.
type Feed struct {
	ID int64
	Source
	State
	Claimed time.Time // the store's clock when this lease began
	Lease   time.Time // when this lease ends
	Epoch   int64     // of the lease; Save refuses an outdated one
}

// Label is the feed's name for people: its name, else its address without secrets.
func (f Feed) Label() string {
	if f.Name != "" {
		return f.Name
	}
	return fetch.Redact(f.URL)
}

// Arrival says how an item came to us, which decides what may be told of it.
type Arrival string

const (
	Fresh    Arrival = "fresh"    // new since the last poll
	Baseline Arrival = "baseline" // already there at the feed's first poll
	Expired  Arrival = "expired"  // older than the limit when first seen
	Reissued Arrival = "reissued" // what the feed has shown before, under a new key
	CatchUp  Arrival = "catchup"  // new, but one of many at once, or after a long time without a poll
)

// Item is one entry of a feed. All text is plain, valid UTF-8, without control characters.
type Item struct {
	ID         int64 // of the row; zero until saved
	Feed       int64
	Key        string // the same for the same article, whatever becomes of its title or date
	Link       string // absolute http(s) address, or empty
	Canonical  string // Link in the form used to compare: see [syndication.Canonical]
	Title      string
	Text       string
	Publisher  string
	Lang       string // BCP 47, or empty
	Categories []string
	Published  time.Time // UTC; zero when absent or absurd
	Fetched    time.Time // UTC; when first seen
	Arrival    Arrival
}

// Time is when the item happened as far as windows and growth are concerned: when it was
// published, else when it was fetched.
func (it Item) Time() time.Time {
	if it.Published.IsZero() {
		return it.Fetched
	}
	return it.Published
}

// Wording is a hash of the item's words: it is the same for the same title and text.
func (it Item) Wording() string {
	sum := sha256.Sum256([]byte(it.Title + "\x00" + it.Text))
	return hex.EncodeToString(sum[:12])
}

// Store is the memory that a [Poller] needs.
type Store interface {
	// Due leases up to n feeds whose time has come, the most overdue first. A leased feed is not
	// handed out again until it is saved or its lease ends.
	Due(ctx context.Context, n int) ([]Feed, error)

	// Known tells what is remembered of the feed's items. It is asked within a lease, so that
	// nothing but pruning changes it before Save.
	Known(ctx context.Context, f Feed, items []Item) (Memory, error)

	// Save commits the feed's state and its items in one transaction and ends the lease. It
	// returns how many items were not known before. A known item whose words changed keeps its
	// row and first fetch time and is offered to the desk again. A lease of an older epoch
	// changes nothing and reports no fresh items.
	Save(ctx context.Context, f Feed, items []Item) (fresh int, err error)
}

// Memory is what a [Store] remembers of some items of a feed.
type Memory struct {
	// Keys are those of the items that are known, by key.
	Keys map[string]Remembered

	// Wordings are those [Item.Wording] of the items with unknown keys that the feed has shown
	// before, under whatever key.
	Wordings map[string]bool

	// Links are those items of the feed, by [Item.Canonical], that have the link of an item with
	// an unknown key. A link that several items share names none of them and is left out.
	Links map[string]Remembered
}

// Remembered is a stored item as far as later polls need it.
type Remembered struct {
	Wording     string
	Title, Text string // empty where the wording is that of the item asked about
	Last        bool   // the feed's last good body held it
}
