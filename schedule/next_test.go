package schedule_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/tensionwatch/tensionwatch/schedule"
)

// The tables read like the clock on a wall: times are local, and a letter tells the two turns of
// an hour that comes twice apart.
const (
	newYork   = "America/New_York" // 8 March 02:00 -> 03:00; 1 November 02:00 -> 01:00
	beirut    = "Asia/Beirut"      // 29 March 00:00 -> 01:00; 25 October 00:00 -> 24th 23:00
	jerusalem = "Asia/Jerusalem"   // 27 March 02:00 -> 03:00; 25 October 02:00 -> 01:00
	london    = "Europe/London"    // 29 March 01:00 -> 02:00; 25 October 02:00 -> 01:00
)

var zones = []string{"UTC", newYork, beirut, jerusalem, london}

const stamp = "01-02 15:04 -0700"

func TestNextThroughClockChanges(t *testing.T) {
	for _, test := range []struct {
		name, expr, zone, from string
		want                   string // the firings after from, one a line
	}{
		{"fixed hour in the gap", "30 2 * * *", newYork, "03-07 12:00 -0500", `
			03-08 03:00 -0400
			03-09 02:30 -0400`},
		{"fixed hour in the gap", "30 2 * * *", jerusalem, "03-26 12:00 +0200", `
			03-27 03:00 +0300
			03-28 02:30 +0300`},
		{"fixed hour in the gap", "15 1 * * *", london, "03-28 12:00 +0000", `
			03-29 02:00 +0100
			03-30 01:15 +0100`},
		{"midnight in the gap", "0 0 * * *", beirut, "03-28 12:00 +0200", `
			03-29 01:00 +0300
			03-30 00:00 +0300`},
		{"@daily with midnight in the gap", "@daily", beirut, "03-28 12:00 +0200", `
			03-29 01:00 +0300
			03-30 00:00 +0300`},
		{"fixed hour outside the gap", "0 9 * * *", newYork, "03-07 12:00 -0500", `
			03-08 09:00 -0400
			03-09 09:00 -0400`},
		{"the minute before the gap", "59 23 * * *", beirut, "03-28 12:00 +0200", `
			03-28 23:59 +0200
			03-29 23:59 +0300`},
		{"many times in one gap are one firing", "*/5 2 * * *", newYork, "03-08 01:00 -0500", `
			03-08 03:00 -0400
			03-09 02:00 -0400`},
		{"list into the gap", "0 1,2,3 * * *", newYork, "03-08 00:00 -0500", `
			03-08 01:00 -0500
			03-08 03:00 -0400
			03-09 01:00 -0400`},
		{"range into the gap", "0 1-3 * * *", newYork, "03-08 00:00 -0500", `
			03-08 01:00 -0500
			03-08 03:00 -0400
			03-09 01:00 -0400`},
		{"list and gap, a later minute", "30 2,3 * * *", newYork, "03-08 00:00 -0500", `
			03-08 03:00 -0400
			03-08 03:30 -0400
			03-09 02:30 -0400`},
		{"Sunday in the gap", "0 0 * * sun", beirut, "03-28 12:00 +0200", `
			03-29 01:00 +0300
			04-05 00:00 +0300`},
		{"Saturday's midnight is not Sunday's", "0 0 * * sat", beirut, "03-28 12:00 +0200", `
			04-04 00:00 +0300`},
		{"Sunday in the gap", "30 2 * * 0", newYork, "03-02 00:00 -0500", `
			03-08 03:00 -0400
			03-15 02:30 -0400`},

		{"fixed hour that comes twice", "30 1 * * *", newYork, "10-31 12:00 -0400", `
			11-01 01:30 -0400
			11-02 01:30 -0500`},
		{"asked between its two turns", "30 1 * * *", newYork, "11-01 01:45 -0400", `
			11-02 01:30 -0500`},
		{"asked in its second turn", "30 1 * * *", newYork, "11-01 01:10 -0500", `
			11-02 01:30 -0500`},
		{"fixed hour that comes twice", "30 1 * * *", jerusalem, "10-24 12:00 +0300", `
			10-25 01:30 +0300
			10-26 01:30 +0200`},
		{"fixed hour that comes twice", "30 1 * * *", london, "10-24 12:00 +0100", `
			10-25 01:30 +0100
			10-26 01:30 +0000`},
		{"the last hour of the day twice", "30 23 * * *", beirut, "10-24 12:00 +0300", `
			10-24 23:30 +0300
			10-25 23:30 +0200`},
		{"midnight after a repeated hour", "0 0 * * *", beirut, "10-24 12:00 +0300", `
			10-25 00:00 +0200
			10-26 00:00 +0200`},
		{"the hour of the change itself", "0 2 * * *", newYork, "10-31 12:00 -0400", `
			11-01 02:00 -0500
			11-02 02:00 -0500`},
		{"many times in a repeated hour", "*/20 1 * * *", newYork, "10-31 12:00 -0400", `
			11-01 01:00 -0400
			11-01 01:20 -0400
			11-01 01:40 -0400
			11-02 01:00 -0500`},
		{"list over a repeated hour", "0 1,2,3 * * *", london, "10-25 00:00 +0100", `
			10-25 01:00 +0100
			10-25 02:00 +0000
			10-25 03:00 +0000
			10-26 01:00 +0000`},
		{"range over a repeated hour", "0 1-3 * * *", london, "10-25 00:00 +0100", `
			10-25 01:00 +0100
			10-25 02:00 +0000
			10-25 03:00 +0000
			10-26 01:00 +0000`},
		{"Sunday twice", "30 1 * * 0", newYork, "10-30 00:00 -0400", `
			11-01 01:30 -0400
			11-08 01:30 -0500`},
		{"Saturday twice", "30 23 * * 6", beirut, "10-23 00:00 +0300", `
			10-24 23:30 +0300
			10-31 23:30 +0200`},

		{"every hour over the gap", "0 * * * *", newYork, "03-08 00:30 -0500", `
			03-08 01:00 -0500
			03-08 03:00 -0400
			03-08 04:00 -0400`},
		{"every hour over a gap at midnight", "@hourly", beirut, "03-28 22:30 +0200", `
			03-28 23:00 +0200
			03-29 01:00 +0300
			03-29 02:00 +0300`},
		{"every hour, one twice", "0 * * * *", newYork, "11-01 00:30 -0400", `
			11-01 01:00 -0400
			11-01 01:00 -0500
			11-01 02:00 -0500`},
		{"every hour, one twice", "0 * * * *", beirut, "10-24 22:30 +0300", `
			10-24 23:00 +0300
			10-24 23:00 +0200
			10-25 00:00 +0200`},
		{"every five minutes over the gap", "*/5 * * * *", jerusalem, "03-27 01:50 +0200", `
			03-27 01:55 +0200
			03-27 03:00 +0300
			03-27 03:05 +0300`},
		{"every five minutes into a repeated hour", "*/5 * * * *", jerusalem, "10-25 01:50 +0300", `
			10-25 01:55 +0300
			10-25 01:00 +0200
			10-25 01:05 +0200`},
		{"every five minutes out of it", "*/5 * * * *", london, "10-25 01:50 +0000", `
			10-25 01:55 +0000
			10-25 02:00 +0000`},
		{"every six hours over the gap", "0 */6 * * *", newYork, "03-07 17:00 -0500", `
			03-07 18:00 -0500
			03-08 00:00 -0500
			03-08 06:00 -0400
			03-08 12:00 -0400`},
		{"every six hours, one hour twice", "0 */6 * * *", london, "10-24 17:00 +0100", `
			10-24 18:00 +0100
			10-25 00:00 +0100
			10-25 06:00 +0000
			10-25 12:00 +0000`},
		{"a step into the gap waits for the next fit", "0 */2 * * *", newYork, "03-07 23:00 -0500", `
			03-08 00:00 -0500
			03-08 04:00 -0400`},
		{"@every knows no zone", "@every 45m", newYork, "03-08 01:30 -0500", `
			03-08 03:15 -0400
			03-08 04:00 -0400`},

		{"UTC has no change", "30 2 * * *", "UTC", "03-07 12:00 +0000", `
			03-08 02:30 +0000
			03-09 02:30 +0000`},
		{"a zone left out is UTC", "30 1 * * *", "", "10-24 12:00 +0000", `
			10-25 01:30 +0000
			10-26 01:30 +0000`},
	} {
		t.Run(test.name+" "+test.expr+" "+test.zone, func(t *testing.T) {
			s, at := parse(t, test.expr, test.zone), local(t, test.from)
			for want := range strings.Lines(strings.TrimSpace(test.want)) {
				next := s.Next(at)
				if got := next.In(location(t, test.zone)).Format(stamp); got != strings.TrimSpace(want) {
					t.Fatalf("after %s: %s, want %s", at.In(location(t, test.zone)), got, want)
				}
				at = next
			}
		})
	}
}

func TestNextIsUTCOnFullSecondsWithoutMonotonicClock(t *testing.T) {
	for _, expr := range []string{"*/5 * * * *", "0 9 * * *", "@every 90s"} {
		next := parse(t, expr, beirut).Next(time.Now())
		if next != next.Round(0) || next.Location() != time.UTC || next.Nanosecond() != 0 {
			t.Errorf("%s: %#v is not a plain UTC second", expr, next)
		}
	}
}

func TestNextOfRareDays(t *testing.T) {
	for _, test := range []struct{ expr, from, want string }{
		{"0 0 29 2 *", "2026-01-01", "2028-02-29"},
		{"0 0 29 2 *", "2096-03-01", "2104-02-29"}, // 2100 has none
		{"0 0 31 * *", "2026-02-01", "2026-03-31"},
		{"@yearly", "2026-02-01", "2027-01-01"},
		{"0 0 1 * mon", "2026-02-03", "2026-02-09"}, // either day
	} {
		from, _ := time.Parse(time.DateOnly, test.from)
		got := parse(t, test.expr, "").Next(from).Format(time.DateOnly)
		if got != test.want {
			t.Errorf("%s after %s: %s, want %s", test.expr, test.from, got, test.want)
		}
	}
}

// Beyond its table a zone goes by a rule, and the last day of a leap year is a trap there.
func TestNextAtTheEndOfALeapYear(t *testing.T) {
	for _, zone := range zones {
		loc := location(t, zone)
		s := parse(t, "30 12 1 1 *", zone)
		for year := 2028; year <= 2100; year += 4 {
			want := time.Date(year+1, time.January, 1, 12, 30, 0, 0, loc)
			for _, hour := range []int{-24, 0, 1, 12, 23} {
				at := time.Date(year, time.December, 31, hour, 30, 0, 0, time.UTC)
				if got := s.Next(at); !got.Equal(want) {
					t.Errorf("%s after %v: %v, want %v", s, at, got, want)
				}
			}
		}
	}
}

func TestNextOfADayThatAZoneSkipped(t *testing.T) {
	// Apia went from 29 to 31 December 2011 over the date line.
	s := parse(t, "0 9 * * *", "Pacific/Apia")
	at := time.Date(2011, time.December, 29, 20, 0, 0, 0, time.UTC)
	for _, want := range []string{"2011-12-31 00:00", "2011-12-31 09:00", "2012-01-01 09:00"} {
		at = s.Next(at)
		got := at.In(location(t, "Pacific/Apia")).Format("2006-01-02 15:04")
		if got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}

func TestInterval(t *testing.T) {
	for _, test := range []struct {
		expr, zone, at string
		want           time.Duration
	}{
		{"*/5 * * * *", "", "03-08 01:02 +0000", 5 * time.Minute},
		{"0 9,17 * * *", "", "03-08 10:00 +0000", 16 * time.Hour},
		{"@every 90s", "", "03-08 10:00 +0000", 90 * time.Second},
		{"0 9 * * *", newYork, "03-07 01:00 -0500", 23 * time.Hour},
		{"0 9 * * *", newYork, "10-31 01:00 -0400", 25 * time.Hour},
		{"0 * * * *", newYork, "11-01 00:10 -0400", time.Hour},
	} {
		if got := parse(t, test.expr, test.zone).Interval(local(t, test.at)); got != test.want {
			t.Errorf("%s at %s: %v, want %v", test.expr, test.at, got, test.want)
		}
	}
}

func parse(t testing.TB, expr, zone string) *schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(expr, zone)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// local reads a time of 2026 in the form of the tables.
func local(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006 "+stamp, "2026 "+s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func location(t testing.TB, zone string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
