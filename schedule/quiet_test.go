package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/schedule"
)

func TestQuiet(t *testing.T) {
	for _, test := range []struct {
		name, span, zone, at string
		end                  string // empty: not quiet
	}{
		{"before", "22:00-07:00", beirut, "02-01 21:59 +0200", ""},
		{"first minute", "22:00-07:00", beirut, "02-01 22:00 +0200", "02-02 07:00 +0200"},
		{"after midnight", "22:00-07:00", beirut, "02-02 06:59 +0200", "02-02 07:00 +0200"},
		{"its end is not quiet", "22:00-07:00", beirut, "02-02 07:00 +0200", ""},
		{"within a day", "13:00-14:30", london, "02-02 14:00 +0000", "02-02 14:30 +0000"},
		{"to midnight", "22:00-24:00", london, "02-01 23:00 +0000", "02-02 00:00 +0000"},
		{"from midnight", "00:00-07:00", london, "02-02 00:00 +0000", "02-02 07:00 +0000"},
		{"another zone asks", "22:00-07:00", beirut, "02-01 20:00 +0000", "02-02 07:00 +0200"},

		{"a night an hour short", "22:00-07:00", newYork, "03-07 23:00 -0500", "03-08 07:00 -0400"},
		{"a night an hour long", "22:00-07:00", newYork, "10-31 23:00 -0400", "11-01 07:00 -0500"},
		{"ends in the gap", "22:00-02:30", newYork, "03-08 01:00 -0500", "03-08 03:00 -0400"},
		{"begins in the gap", "02:30-07:00", newYork, "03-08 03:00 -0400", "03-08 07:00 -0400"},
		{"lies in the gap", "02:10-02:50", newYork, "03-08 03:00 -0400", ""},
		{"ends at a midnight that is skipped", "22:00-00:00", beirut, "03-28 23:00 +0200",
			"03-29 01:00 +0300"},
		{"midnight comes late", "22:00-00:00", beirut, "10-24 23:30 +0300", "10-25 00:00 +0200"},
		{"ends in a repeated hour", "22:00-01:30", london, "10-25 01:10 +0100", "10-25 01:30 +0100"},
		{"is quiet in its second turn", "22:00-01:30", london, "10-25 01:10 +0000",
			"10-25 01:30 +0000"},
		{"begins in a repeated hour", "01:30-07:00", jerusalem, "10-25 01:40 +0300",
			"10-25 01:00 +0200"},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := schedule.ParseQuiet(test.span, test.zone)
			if err != nil {
				t.Fatal(err)
			}
			at := local(t, test.at)
			if quiet := test.end != ""; q.Contains(at) != quiet {
				t.Fatalf("Contains is %v, want %v", !quiet, quiet)
			}
			want := at
			if test.end != "" {
				want = local(t, test.end)
			}
			if got := q.End(at); !got.Equal(want) {
				t.Errorf("End is %v, want %v", got.In(location(t, test.zone)), want)
			}
		})
	}
}

func TestNeverQuiet(t *testing.T) {
	q, err := schedule.ParseQuiet("", beirut)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if q.Contains(now) || q.End(now) != now {
		t.Error("an empty span is quiet")
	}
}

func TestParseQuietIsLenientWithSpacesAndDashes(t *testing.T) {
	want, err := schedule.ParseQuiet("22:00-07:00", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	for _, span := range []string{"22:00–07:00", "22:00 - 7:00", " 22:00-07:00 "} {
		if got, err := schedule.ParseQuiet(span, "UTC"); err != nil || got != want {
			t.Errorf("ParseQuiet(%q) is %v, %v", span, got, err)
		}
	}
}

func TestParseQuietSaysWhatToWrite(t *testing.T) {
	for _, test := range []struct{ span, zone, want string }{
		{"22-7", "", "write them like 22:00-07:00"},
		{"22:00", "", "write them like 22:00-07:00"},
		{"10pm-7am", "", "write them like 22:00-07:00"},
		{"22:00-25:00", "", "write them like 22:00-07:00"},
		{"24:00-07:00", "", "write them like 22:00-07:00"},
		{"22:00-23:00-24:00", "", "write them like 22:00-07:00"},
		{"22:00-22:00", "", "begin where they end: write two different times"},
		{"00:00-24:00", "", "begin where they end: write two different times"},
		{"22:00-07:00", "Beirut", "such as Asia/Beirut"},
		{"", "Beirut", "such as Asia/Beirut"},
	} {
		_, err := schedule.ParseQuiet(test.span, test.zone)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("ParseQuiet(%q, %q): %v, want %q", test.span, test.zone, err, test.want)
		}
	}
}
