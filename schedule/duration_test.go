package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/schedule"
)

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		text string
		want time.Duration
	}{
		{"0", 0},
		{"0s", 0},
		{"90s", 90 * time.Second},
		{"1h30m", 90 * time.Minute},
		{"1.5h", 90 * time.Minute},
		{"250ms", 250 * time.Millisecond},
		{"5µs", 5 * time.Microsecond},
		{"30d", 30 * day},
		{"1d12h", 36 * time.Hour},
		{"12h1d", 36 * time.Hour},
		{"2w", 14 * day},
		{"1w.5d", 180 * time.Hour},
		{"106751d", 106751 * day},
	} {
		if got, err := schedule.ParseDuration(test.text); err != nil || got != test.want {
			t.Errorf("ParseDuration(%q) is %v, %v, want %v", test.text, got, err, test.want)
		}
	}
}

func TestParseDurationSaysWhatToWrite(t *testing.T) {
	const malformed = "write numbers with units (s, m, h, d or w), like 90s, 30d or 1d12h"
	for _, test := range []struct{ text, want string }{
		{"", malformed},
		{"d", malformed},
		{"1.2.3h", malformed},
		{"30 days", malformed},
		{"30D", malformed},
		{"1mo", malformed},
		{"+5m", malformed},
		{"5m-1s", malformed},
		{"30", `"30" has no unit: write it with s, m, h, d or w, like 30m`},
		{"1h30", `"30" has no unit: write it with s, m, h, d or w, like 30m`},
		{"-5m", "it is negative: write it without the minus"},
		{"106752d", "it is too long: write at most 106751d"},
		{"106751d24h", "it is too long: write at most 106751d"},
		{"99999w", "it is too long: write at most 106751d"},
		{"9999999999h", "it is too long: write at most 106751d"},
		{"99999999999999999999d", "it is too long: write at most 106751d"},
	} {
		d, err := schedule.ParseDuration(test.text)
		if err == nil || !strings.HasSuffix(err.Error(), test.want) {
			t.Errorf("ParseDuration(%q) is %v, %v, want %q", test.text, d, err, test.want)
		}
	}
}
