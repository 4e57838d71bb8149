package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/tensionwatch/tensionwatch/schedule"
	"pgregory.net/rapid"
)

// field draws a valid cron field.
func field(low, high int) *rapid.Generator[string] {
	value := rapid.IntRange(low, high)
	return rapid.OneOf(
		rapid.Just("*"),
		rapid.Map(value, func(n int) string { return fmt.Sprint(n) }),
		rapid.Map(rapid.IntRange(1, high), func(n int) string { return fmt.Sprintf("*/%d", n) }),
		rapid.Map(value, func(n int) string { return fmt.Sprintf("%d-%d", n, high) }),
		rapid.Map(value, func(n int) string { return fmt.Sprintf("%d,%d", low, n) }),
	)
}

// expression draws a cron expression that can fire: no day of a month is beyond the 28th.
func expression(t *rapid.T) string {
	return fmt.Sprintf("%s %s %s %s %s",
		field(0, 59).Draw(t, "minute"), field(0, 23).Draw(t, "hour"),
		field(1, 28).Draw(t, "day"), field(1, 12).Draw(t, "month"),
		field(0, 6).Draw(t, "weekday"))
}

func instant(t *rapid.T) time.Time {
	start := time.Date(2025, time.December, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	span := (400 * 24 * time.Hour).Milliseconds()
	return time.UnixMilli(start + rapid.Int64Range(0, span).Draw(t, "at"))
}

func mustParse(t *rapid.T, expr, zone string) *schedule.Schedule {
	s, err := schedule.Parse(expr, zone)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNextIncreases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := mustParse(t, expression(t), rapid.SampledFrom(zones).Draw(t, "zone"))
		at := instant(t)
		for range 20 {
			next := s.Next(at)
			if !next.After(at) {
				t.Fatalf("after %v comes %v", at, next)
			}
			between := at.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(at))-1).Draw(t, "wait")))
			if again := s.Next(between); again != next {
				t.Fatalf("from %v the next is %v, from %v it is %v", at, next, between, again)
			}
			at = next
		}
	})
}

func TestNextInUTCIsThatOfCron(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expr, at := expression(t), instant(t).UTC()
		spec, err := cron.ParseStandard(expr)
		if err != nil {
			t.Fatal(err)
		}
		s := mustParse(t, expr, "UTC")
		for range 20 {
			want := spec.Next(at)
			if got := s.Next(at); !got.Equal(want) {
				t.Fatalf("after %v: %v, want %v", at, got, want)
			}
			at = want
		}
	})
}

// TestWildcardHoursFollowTheWall compares with a count of every minute of the days around each
// change: those whose wall clock fits, and no others.
func TestWildcardHoursFollowTheWall(t *testing.T) {
	changes := []string{"03-08", "03-27", "03-29", "10-25", "11-01"}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, _ := time.LoadLocation(zone)
		day, _ := time.Parse(time.DateOnly, "2026-"+rapid.SampledFrom(changes).Draw(t, "change"))
		expr := fmt.Sprintf("%s %s * * %s", field(0, 59).Draw(t, "minute"),
			rapid.SampledFrom([]string{"*", "*/2", "*/6", "1/2"}).Draw(t, "hour"),
			field(0, 6).Draw(t, "weekday"))
		spec, _ := cron.ParseStandard(expr)
		at := day.Add(-24*time.Hour - time.Second)
		next := mustParse(t, expr, zone).Next(at)
		for m := day.Add(-24 * time.Hour); m.Before(day.Add(48 * time.Hour)); m = m.Add(time.Minute) {
			_, offset := m.In(loc).Zone()
			wall := m.Add(time.Duration(offset) * time.Second)
			fits := spec.Next(wall.Add(-time.Second)).Equal(wall)
			if fires := next.Equal(m); fires != fits {
				t.Fatalf("%s: at %v fires: %v, fits: %v", expr, m.In(loc), fires, fits)
			}
			if fits {
				next = mustParse(t, expr, zone).Next(m)
			}
		}
	})
}

func TestFixedHourFiresOnceEachLocalDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		loc, _ := time.LoadLocation(zone)
		hour, minute := rapid.IntRange(0, 23).Draw(t, "h"), rapid.IntRange(0, 59).Draw(t, "m")
		s := mustParse(t, fmt.Sprintf("%d %d * * *", minute, hour), zone)
		at := time.Date(2025, time.December, 31, 23, 59, 59, 0, loc)
		for day := range 365 {
			at = s.Next(at)
			want := time.Date(2026, time.January, 1+day, 12, 0, 0, 0, loc).Format(time.DateOnly)
			if got := at.In(loc).Format(time.DateOnly); got != want {
				t.Fatalf("%s fires on %s, want %s", s, got, want)
			}
		}
	})
}

func TestQuietEndIsTheFirstInstantThatIsNotQuiet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		to := (from + rapid.IntRange(1, 1439).Draw(t, "length")) % 1440
		span := fmt.Sprintf("%02d:%02d-%02d:%02d", from/60, from%60, to/60, to%60)
		q, err := schedule.ParseQuiet(span, rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		at := instant(t)
		end := q.End(at)
		if q.Contains(end) || end.Equal(at) == q.Contains(at) {
			t.Fatalf("%s: the quiet of %v ends at %v", span, at, end)
		}
		for m := at; m.Before(end); m = m.Add(time.Minute) {
			if !q.Contains(m) {
				t.Fatalf("%s: %v is before the end %v and not quiet", span, m, end)
			}
		}
	})
}
