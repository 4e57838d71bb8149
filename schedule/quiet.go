package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Quiet is a span of hours, each day, in which a channel wants silence. It goes by the wall clock
// of its zone alone: it is quiet whenever a clock on that wall shows a time of the span, so hours
// that come twice are quiet twice, and hours that are jumped over are over. The zero Quiet is
// never quiet.
type Quiet struct {
	from, to time.Duration  // since midnight, half-open; over midnight if from > to
	zone     *time.Location // nil if never quiet
}

// ParseQuiet reads a span like "22:00-07:00", the end not included, in a zone with an IANA name;
// an empty zone means UTC. An empty span is never quiet. "24:00" may stand as the end. A span that
// begins where it ends is refused, since it could mean always as well as never. Errors say what to
// write instead.
func ParseQuiet(span, zone string) (Quiet, error) {
	loc, err := loadZone(zone)
	if err != nil || span == "" {
		return Quiet{}, err
	}
	start, end, _ := strings.Cut(strings.ReplaceAll(span, "–", "-"), "-") // phones write a dash
	from, errFrom := parseClock(start)
	to, errTo := parseClock(end)
	if errFrom != nil || errTo != nil || from == day {
		return Quiet{}, fmt.Errorf("quiet hours %q are not two times of day: "+
			"write them like 22:00-07:00", span)
	}
	if from == to%day {
		return Quiet{}, fmt.Errorf("quiet hours %q begin where they end: write two different "+
			"times like 22:00-07:00, or nothing for no quiet hours", span)
	}
	return Quiet{from: from, to: to, zone: loc}, nil
}

// parseClock reads a time of day, 00:00 to 24:00, as the time since midnight.
func parseClock(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if s == "24:00" {
		return day, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, errors.New("not a time of day")
	}
	return sinceMidnight(t.UTC()), nil
}

// sinceMidnight takes a wall time.
func sinceMidnight(wall time.Time) time.Duration { return wall.Sub(wall.Truncate(day)) }

// Contains reports whether t is quiet.
func (q Quiet) Contains(t time.Time) bool {
	if q.zone == nil {
		return false
	}
	clock := sinceMidnight(periodAt(t, q.zone).wall(t))
	if q.from < q.to {
		return q.from <= clock && clock < q.to
	}
	return q.from <= clock || clock < q.to
}

// End is when the quiet that contains t ends, in UTC: the first instant from t on that is not
// quiet. It is t itself when t is not quiet.
func (q Quiet) End(t time.Time) time.Time {
	for q.Contains(t) {
		p := periodAt(t, q.zone)
		end := p.instant(q.stop(p.wall(t)))
		if !p.reaches(end) {
			end = p.end // the clocks change first: look again at what they show then
		}
		t = end
	}
	return t
}

// stop is the next end of the quiet hours after a wall time, were the clocks never to change.
func (q Quiet) stop(wall time.Time) time.Time {
	stop := wall.Truncate(day).Add(q.to)
	if !stop.After(wall) {
		stop = stop.Add(day)
	}
	return stop
}
