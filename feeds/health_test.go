package feeds

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/manners"
)

func TestHealth(t *testing.T) {
	polled := noon.Add(-time.Minute)
	lively := manners.Pulse{News: noon.Add(-time.Hour), Every: time.Hour}
	dead := manners.Pulse{News: noon.Add(-96 * time.Hour), Every: 2 * time.Hour}
	for _, c := range []struct {
		name   string
		state  State
		health HealthKind
		why    string
	}{
		{"new", State{}, HealthOK, "Not asked yet."},
		{"ok", State{Polled: polled, Pulse: lively}, HealthOK, "Last read 6 Feb 11:59 UTC."},
		{"gone", State{Polled: polled, Gone: true, Failures: 1, FailingSince: polled}, HealthGone,
			"The feed has ended"},
		{"failing", State{Polled: polled, Failures: 3, FailingSince: noon.Add(-time.Hour),
			LastError: "the server answers 500", Truncated: true}, HealthFailing,
			"Cannot be read since 6 Feb 11:00 UTC (tried 3 times): the server answers 500."},
		{"failing once", State{Failures: 1, FailingSince: polled, LastError: "x"}, HealthFailing, "tried once"},
		{"cut off from the world", State{Polled: polled, LastError: "no names"}, HealthOK, "no names"},
		{"truncated", State{Polled: polled, Truncated: true, Pulse: dead}, HealthTruncated, "cut off"},
		{"silent", State{Polled: polled, Pulse: dead, Took: time.Minute}, HealthSilent,
			"nothing new since 2 Feb 12:00 UTC, and used to have news every 2 hours"},
		{"slow", State{Polled: polled, Pulse: lively, Took: 12 * time.Second}, HealthSlow,
			"Takes 12 seconds to answer."},
		{"moved", State{Polled: polled, Moved: "https://b.example/?token=hunter2"}, HealthOK,
			"Read at https://b.example/?token=***, where its address leads."},
		{"a gap", State{Polled: polled, Pulse: lively, GapAt: noon.Add(-time.Hour)}, HealthOK,
			"Items may have been missed before 6 Feb 11:00 UTC"},
		{"a gap of long ago", State{Polled: polled, GapAt: noon.Add(-25 * time.Hour)}, HealthOK,
			"Last read"},
	} {
		c.state.Due, c.state.RetryAfter = noon.Add(time.Minute), noon.Add(time.Hour)
		got := Health(Feed{State: c.state}, noon)
		if got.Kind != c.health || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: %s, %q", c.name, got.Kind, got.Why)
		}
		if asked := !got.Next.IsZero(); asked == c.state.Gone || asked && got.Next != c.state.RetryAfter {
			t.Errorf("%s: next %v", c.name, got.Next)
		}
		if missed := !got.Missed.IsZero(); missed != (c.name == "a gap") {
			t.Errorf("%s: missed %v", c.name, got.Missed)
		}
	}
}
