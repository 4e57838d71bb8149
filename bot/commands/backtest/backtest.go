// Package backtest tells what a rule would have matched among the items that are stored.
//
// [Run] takes a bounded time: of more items than can be looked at it takes an even sample, and when
// the time is over it returns what it has; a [Result] says which. It stores nothing.
package backtest

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

const (
	// Days is how many days are looked at, today included.
	Days = 7

	// Limit is how long it may take. Whoever asked waits for it.
	Limit = 1500 * time.Millisecond

	// mostItems is how many items are looked at: the time is enough for them on a slow machine.
	mostItems = 30_000

	// mostKept is how many of the items that matched are kept to be shown.
	mostKept = 200

	day = 24 * time.Hour
)

// Archive is the items that are stored.
type Archive interface {
	// Count tells how many items came after since.
	Count(ctx context.Context, since time.Time) (int, error)

	// Items yields every step-th of them, the oldest first.
	Items(ctx context.Context, since time.Time, step int) iter.Seq2[feeds.Item, error]
}

// Result is what a rule would have matched.
type Result struct {
	Stored  int // items of these days
	Looked  int // of them that were looked at
	Step    int // every so many; 1 means all
	Matched int // of those that were looked at
	Late    bool
	Days    [Days]int // that matched, by day in UTC, the oldest first
	Latest  []Example // the latest first, without copies of one headline
}

// Whole reports whether every item was looked at.
func (r Result) Whole() bool { return r.Step <= 1 && !r.Late }

// Estimate is how many of all items would have matched.
func (r Result) Estimate() int {
	if r.Whole() || r.Looked == 0 {
		return r.Matched
	}
	return int(float64(r.Matched) * float64(r.Stored) / float64(r.Looked))
}

// Example is an item that matched.
type Example struct {
	Item feeds.Item
	Hits []rules.Hit
}

// In are the hits in one field.
func (e Example) In(field string) (hits []rules.Hit) {
	for _, h := range e.Hits {
		if h.Field == field {
			hits = append(hits, h)
		}
	}
	return hits
}

// Since is the first instant that is looked at.
func Since(now time.Time) time.Time {
	return now.UTC().Truncate(day).Add(-(Days - 1) * day)
}

// Run looks at the items of the last days. The set holds the one rule that is asked about. The
// error is the archive's; that the time is over is none.
func Run(ctx context.Context, a Archive, set *rules.Set, now time.Time) (Result, error) {
	bounded, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	since := Since(now)
	stored, err := a.Count(bounded, since)
	r := Result{Stored: stored, Step: max(1, (stored+mostItems-1)/mostItems)}
	if err != nil {
		r.Late, err = overtime(ctx, bounded, err)
		return r, err
	}
	for it, err := range a.Items(bounded, since, r.Step) {
		if err == nil {
			err = bounded.Err()
		}
		if err != nil {
			r.Late, err = overtime(ctx, bounded, err)
			return r.done(), err
		}
		r.look(set, it, since)
	}
	return r.done(), nil
}

// overtime tells an error that only says that the time is over from the others.
func overtime(ctx, bounded context.Context, err error) (late bool, other error) {
	if ctx.Err() == nil && bounded.Err() != nil {
		return true, nil
	}
	return false, err
}

// look matches one item.
func (r *Result) look(set *rules.Set, it feeds.Item, since time.Time) {
	r.Looked++
	matches := set.Match(story.Document(it))
	if len(matches) == 0 {
		return
	}
	r.Matched++
	r.Days[min(max(int(it.Time().Sub(since)/day), 0), Days-1)]++
	r.Latest = append(r.Latest, Example{it, matches[0].Hits})
	if len(r.Latest) == 2*mostKept {
		r.Latest = slices.Delete(r.Latest, 0, mostKept)
	}
}

// done puts the examples in order.
func (r Result) done() Result {
	slices.Reverse(r.Latest)
	seen := make(map[string]bool)
	r.Latest = slices.DeleteFunc(r.Latest, func(e Example) bool {
		headline := rules.Fold(story.Headline(e.Item))
		again := seen[headline]
		seen[headline] = true
		return again
	})
	r.Latest = r.Latest[:min(len(r.Latest), mostKept)]
	return r
}
