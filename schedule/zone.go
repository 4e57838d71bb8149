package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// period is a stretch of time in which the clocks of a zone run without a change. Inside it, wall
// clock and instant are one fixed offset apart. A wall time is kept as the UTC time that reads the
// same.
type period struct {
	start, end time.Time     // half-open, in UTC; zero where there is no change
	offset     time.Duration // east of UTC
}

// periodAt is the period that holds t. Where a zone's table has ended and its rule goes on, Go ends
// the periods of a leap year a day early, so that 31 December lies in none: such a day is a period
// of its own, or a walk from one to the next would stand still there.
func periodAt(t time.Time, zone *time.Location) period {
	start, end := t.In(zone).ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		end = t.UTC().Truncate(day).Add(day)
	}
	return period{start: start.UTC(), end: end.UTC(), offset: offsetAt(t, zone)}
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

func (p period) wall(t time.Time) time.Time       { return t.UTC().Add(p.offset) }
func (p period) instant(wall time.Time) time.Time { return wall.Add(-p.offset) }

// reaches reports whether t comes before the clocks change.
func (p period) reaches(t time.Time) bool { return p.end.IsZero() || t.Before(p.end) }

// repeats is how long, from its start, the period shows what the one before has shown already;
// not positive unless the clocks were turned back.
func (p period) repeats(zone *time.Location) time.Duration {
	if p.start.IsZero() {
		return 0
	}
	return offsetAt(p.start.Add(-time.Nanosecond), zone) - p.offset
}

// loadZone finds a zone by its IANA name; empty means UTC. The machine's own zone is refused: the
// same config would mean another time on another machine.
func loadZone(name string) (*time.Location, error) {
	switch name {
	case "", "UTC":
		return time.UTC, nil
	case "Local", "localtime":
		return nil, errors.New("the machine's own zone is not supported: " +
			"write an IANA name such as Asia/Beirut")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q is not known: write an IANA name such as %s",
			name, likelyZone(name))
	}
	return zone, nil
}

// regions are where people's zones are filed.
var regions = [...]string{
	"Asia", "Europe", "America", "Africa", "Australia", "Atlantic", "Pacific", "Indian",
}

// likelyZone takes the name for a city: "New York" is America/New_York.
func likelyZone(name string) string {
	city := strings.ReplaceAll(name, " ", "_")
	for _, region := range regions {
		if _, err := time.LoadLocation(region + "/" + city); err == nil {
			return region + "/" + city
		}
	}
	return "Asia/Beirut"
}
