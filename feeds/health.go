package feeds

import (
	"fmt"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// HealthKind is the worst that can be said of a feed.
type HealthKind string

const (
	HealthOK        HealthKind = "ok"
	HealthSlow      HealthKind = "slow"      // its answers take long
	HealthSilent    HealthKind = "silent"    // without news for longer than its own rhythm explains
	HealthTruncated HealthKind = "truncated" // its last body was cut off
	HealthFailing   HealthKind = "failing"   // it cannot be read
	HealthGone      HealthKind = "gone"      // it has ended, and is not asked any more
)

// slowAnswer is how long answers must take, smoothed, to be called slow.
const slowAnswer = 5 * time.Second

// Condition is how a feed is, for people.
type Condition struct {
	Kind   HealthKind
	Why    string    // one sentence or two, without secrets
	Since  time.Time // zero when it is ok, or nobody knows
	Next   time.Time // when it is asked again; zero when it is not
	Missed time.Time // when items may last have been missed, if that is not long ago
}

// Health judges a feed by its state. It is pure.
func Health(f Feed, now time.Time) Condition {
	c := f.condition(now)
	if c.Kind != HealthGone {
		c.Next = f.Due
		if f.RetryAfter.After(f.Due) {
			c.Next = f.RetryAfter
		}
	}
	if f.Moved != "" && c.Kind != HealthGone {
		c.Why += fmt.Sprintf(" Read at %s, where its address leads.", fetch.Redact(f.Moved))
	}
	if !f.GapAt.IsZero() && now.Sub(f.GapAt) < gapMemory {
		c.Missed = f.GapAt
		c.Why += fmt.Sprintf(" Items may have been missed before %s, as none of those before was "+
			"left: give it a faster schedule.", moment(f.GapAt))
	}
	return c
}

// condition is the worst that can be said.
func (f Feed) condition(now time.Time) Condition {
	switch {
	case f.Gone:
		return Condition{Kind: HealthGone, Since: f.FailingSince,
			Why: "The feed has ended, says its server. Remove it, or give its new address."}
	case f.Failures > 0:
		return Condition{Kind: HealthFailing, Since: f.FailingSince, Why: fmt.Sprintf(
			"Cannot be read since %s (%s): %s.", moment(f.FailingSince), times(f.Failures), f.LastError)}
	case f.LastError != "":
		return Condition{Kind: HealthOK, Why: "Could not be asked: " + f.LastError + "."}
	case f.Polled.IsZero():
		return Condition{Kind: HealthOK, Why: "Not asked yet."}
	case f.Truncated:
		return Condition{Kind: HealthTruncated, Since: f.Polled, Why: fmt.Sprintf(
			"The last answer, %s, was cut off: only its whole items were taken.", moment(f.Polled))}
	case f.Pulse.Silent(now):
		return Condition{Kind: HealthSilent, Since: f.Pulse.News, Why: fmt.Sprintf(
			"Has nothing new since %s, and used to have news every %s. Is it still kept up?",
			moment(f.Pulse.News), roughly(f.Pulse.Every))}
	case f.Took >= slowAnswer:
		return Condition{Kind: HealthSlow, Why: fmt.Sprintf("Takes %s to answer.", roughly(f.Took))}
	}
	return Condition{Kind: HealthOK, Why: fmt.Sprintf("Last read %s.", moment(f.Polled))}
}

// moment writes a time for people.
func moment(t time.Time) string { return t.UTC().Format("2 Jan 15:04 UTC") }

func times(n int) string {
	if n == 1 {
		return "tried once"
	}
	return fmt.Sprintf("tried %d times", n)
}

// roughly writes a duration in its largest unit.
func roughly(d time.Duration) string {
	for _, unit := range []struct {
		name string
		of   time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}} {
		switch n := (d + unit.of/2) / unit.of; {
		case n == 1:
			return "1 " + unit.name
		case n > 1:
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "a moment"
}
