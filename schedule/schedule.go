// Package schedule says when something is due: cron, zones, clock changes, quiet hours.
//
// The next time is a pure function of the schedule and an instant, so it can be kept as a column,
// survives a restart and comes out the same in every process. [Parse] reads a schedule, and
// [Schedule.Next] promises that nothing is lost or doubled when the clocks of its zone change:
//
//   - A schedule with fixed hours (`30 2 * * *`, `0 1,2 * * *`, `0 9-17 * * *`) keeps each of its
//     wall-clock times once. Times that the clocks jump over fall together into one firing right
//     after the gap; of a time that comes twice, the first counts.
//   - A schedule whose hour field holds `*` or a step (`*/5 * * * *`, `0 */6 * * *`) fires at every
//     instant whose wall clock fits: `0 * * * *` goes on each sixty minutes through both changes.
//   - `@every 90s` counts from the instant that it is given and knows no zone.
//
// Without a zone everything is in UTC, where clocks never change. All values are immutable and
// safe for concurrent use; the package reads no clock and stores nothing. Zones come from the
// machine or from the binary (time/tzdata): that is the choice of the main package.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Schedule is a recurring time, made by [Parse].
type Schedule struct {
	spec  cron.Schedule
	zone  *time.Location
	fixed bool // the hours are named one by one, so each of them is owed once a day
	text  string
}

// Next is the first firing strictly after the given instant, in UTC and on a full second. It
// never goes back: a later instant has the same or a later firing. The time is zero only if after
// lies so far off that the calendar itself ends.
func (s *Schedule) Next(after time.Time) time.Time {
	from := after.UTC() // drops the monotonic clock too: equal instants give equal answers
	p := periodAt(from, s.zone)
	for {
		wall := s.nextWall(p.wall(s.pastRepeat(p, from)))
		if wall.IsZero() {
			return wall
		}
		if due := p.instant(wall); p.reaches(due) {
			return due
		}
		next := periodAt(p.end, s.zone)
		if s.fixed && wall.Before(next.wall(p.end)) {
			return p.end // the clocks jump over it: it fires right after the gap
		}
		p, from = next, p.end.Add(-time.Nanosecond)
	}
}

// pastRepeat moves from over the part of the period in which the clocks show once more what they
// have shown before: fixed hours have had their turn.
func (s *Schedule) pastRepeat(p period, from time.Time) time.Time {
	if !s.fixed {
		return from
	}
	last := p.start.Add(p.repeats(s.zone) - time.Nanosecond)
	if from.Before(last) {
		return last
	}
	return from
}

// nextWall asks cron on a clock that never changes, where it makes no mistakes. cron gives up
// after five years, but from 1896 or 2096 the next 29 February is eight years away.
func (s *Schedule) nextWall(after time.Time) time.Time {
	if t := s.spec.Next(after); !t.IsZero() {
		return t
	}
	return s.spec.Next(after.AddDate(5, 0, 0))
}

// Interval is the time between the next two firings after the given instant.
func (s *Schedule) Interval(at time.Time) time.Duration {
	next := s.Next(at)
	return s.Next(next).Sub(next)
}

// String is the schedule for people, with its zone unless that is UTC: `0 9 * * * (Asia/Beirut)`.
func (s *Schedule) String() string {
	if s.zone == time.UTC {
		return s.text
	}
	return fmt.Sprintf("%s (%s)", s.text, s.zone)
}

// Parse reads a schedule: the five fields of cron (minute, hour, day of month, month, day of
// week), `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, or `@every` with a duration as
// [ParseDuration] reads it. The zone is an IANA name; empty means UTC. When both days are
// restricted, either may fit, as cron has always done. An error is one sentence for whoever wrote
// the schedule: what is wrong, and what to write instead.
func Parse(expr, zone string) (*Schedule, error) {
	loc, err := loadZone(zone)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(expr)
	if len(words) == 0 {
		return nil, errors.New("the schedule is empty: write five fields like `*/5 * * * *`")
	}
	switch first := words[0]; {
	case strings.HasPrefix(first, "TZ="), strings.HasPrefix(first, "CRON_TZ="):
		return nil, fmt.Errorf(
			"%q does not belong in the schedule: write the zone under its own key, zone", first)
	case first == "@every":
		return parseEvery(strings.Join(words[1:], " "))
	case strings.HasPrefix(first, "@"):
		return parseDescriptor(strings.Join(words, " "), loc)
	}
	return parseFields(words, loc)
}

// parseEvery reads what stands after @every. Elapsed time is the same everywhere, hence UTC.
func parseEvery(span string) (*Schedule, error) {
	d, err := ParseDuration(span)
	if err != nil {
		return nil, fmt.Errorf("@every: %w", err)
	}
	if d < time.Second || d%time.Second != 0 {
		return nil, fmt.Errorf(
			"@every %s is not a number of whole seconds: write one such as @every 90s", span)
	}
	return &Schedule{spec: cron.Every(d), zone: time.UTC, text: "@every " + span}, nil
}

func parseDescriptor(name string, zone *time.Location) (*Schedule, error) {
	spec, err := cron.ParseStandard(name)
	if err != nil {
		return nil, fmt.Errorf("the schedule %q is not known: write "+
			"@hourly, @daily, @weekly, @monthly, @yearly or @every 90s", name)
	}
	return &Schedule{spec: spec, zone: zone, fixed: name != "@hourly", text: name}, nil
}

func parseFields(words []string, zone *time.Location) (*Schedule, error) {
	if err := checkFields(words); err != nil {
		return nil, err
	}
	text := strings.Join(words, " ")
	spec, err := cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("reading the schedule %q: %w", text, err)
	}
	// 2000 is a leap year: what has no day in it or in the years after has none in any.
	if spec.Next(time.Date(1999, time.December, 31, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, fmt.Errorf("the schedule %q never fires, as no such month has such a day: "+
			"write another day or month", text)
	}
	fixed := !strings.ContainsAny(words[1], "*?/")
	return &Schedule{spec: spec, zone: zone, fixed: fixed, text: text}, nil
}
