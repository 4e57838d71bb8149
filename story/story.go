// Package story gathers the items about one event into a story, summarises it and weighs it.
//
// [Desk.Sift] makes one pass: it matches every unsifted item against the watches, joins it to a
// recent story or begins one, and files item, outcome and story together. Each item gets exactly
// one [Outcome]. The decisions are pure functions of values; only the [Store] touches the world.
package story

import (
	"context"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
)

// Outcome is what became of an item, exactly one each.
type Outcome string

const (
	OutcomeBaseline  Outcome = "baseline"  // there at the feed's first poll: noted, owed to nobody
	OutcomeExpired   Outcome = "expired"   // older than the limit when first seen
	OutcomeDuplicate Outcome = "duplicate" // a copy of something we have, by the same hand
	OutcomeUnmatched Outcome = "unmatched" // no watch asks for it
	OutcomeAlerted   Outcome = "alerted"   // began a story
	OutcomeJoined    Outcome = "joined"    // told by a story that was there already
)

// Outcomes lists every outcome in the order of the ledger.
var Outcomes = [...]Outcome{
	OutcomeBaseline, OutcomeExpired, OutcomeDuplicate, OutcomeUnmatched, OutcomeAlerted, OutcomeJoined,
}

// ID names a story. It is derived from the story's first item, so that filing twice after a crash
// names the same story.
type ID string

// Severity says how loudly a story asks to be told.
type Severity string

const (
	SeverityNone     Severity = "none"
	SeverityNotable  Severity = "notable"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Class says which way a story moves tension.
type Class string

// ClassNeutral is the class of a story that moves tension neither way.
const ClassNeutral Class = "neutral"

// Story is the reports of one event.
type Story struct {
	ID         ID
	Revision   int // 1 when it begins; grows when there is something new to tell
	Headline   string
	Summary    string
	Links      []string // of the reports, the headline's first; may be empty
	Publishers []string // independent ones, in order of arrival
	Why        []Why    // the watches that it answers
	Severity   Severity
	Tension    float64 // -10 (cooperation) to +10 (conflict)
	Class      Class
	Began      time.Time // time of its earliest item
	Latest     time.Time // time of its latest item
	Revised    time.Time // when this revision was filed, by the store's clock; set by the store
	Quiet      bool      // nothing but baseline items so far: it is owed to nobody
	CatchUp    bool      // its latest news came with much else at once: see [feeds.CatchUp]
	Items      []feeds.Item
}

// Why is a watch that a story answers, and the words that did it.
type Why struct {
	Watch string   // ID
	Name  string   // for people
	Words []string // as they stand in the text, each once, in order of place
}

// Arrival is an item for the desk. Outcome and Story are set when it was filed before and its
// words have changed since.
type Arrival struct {
	feeds.Item
	Outcome Outcome
	Story   ID
	Now     time.Time // the store's clock when this batch was read
}

// Filing is what the desk decided about one item. Story is nil when the item belongs to none;
// several filings of one batch may carry the same story, and the last one holds.
type Filing struct {
	Item    feeds.Item
	Refiled bool // filed before: the outcome replaces the earlier one
	Outcome Outcome
	Matches []rules.Match
	Story   *Story
}

// Store is the memory that a [Desk] needs.
type Store interface {
	// Unsifted returns up to n items without an outcome, or with changed words, oldest first.
	Unsifted(ctx context.Context, n int) ([]Arrival, error)

	// Recent returns the stories whose latest item is not older than since, with their items.
	Recent(ctx context.Context, since time.Time) ([]Story, error)

	// File writes outcomes and stories in one transaction.
	File(ctx context.Context, batch []Filing) error
}

// Changes is what became of the rulebook since some version of it.
type Changes struct {
	Version int64         // of the rulebook now
	Watches []rules.Watch // added or changed
	Retired []string      // IDs of watches that ended
	Renamed bool          // an alias was added or ended
	Aliases []rules.Alias // if Renamed, all that are in force, else nothing
}

// Rulebook holds watches and aliases as versioned rows.
type Rulebook interface {
	// Changes returns what changed after version since; zero asks for everything.
	Changes(ctx context.Context, since int64) (Changes, error)
}

// Summarizer writes the summary of a story from its items.
type Summarizer interface {
	Summarize(ctx context.Context, s Story) (string, error)
}
