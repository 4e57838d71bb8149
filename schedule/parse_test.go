package schedule_test

import (
	"testing"

	"github.com/tensionwatch/tensionwatch/schedule"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ expr, zone, want string }{
		{"*/5 * * * *", "", "*/5 * * * *"},
		{"  0  9 * *\tmon-fri ", "UTC", "0 9 * * mon-fri"},
		{"0 9 * * *", "Asia/Beirut", "0 9 * * * (Asia/Beirut)"},
		{"0 0 29 feb ?", "", "0 0 29 feb ?"},
		{"05 08-17/3,20 1,15 JAN-MAR,12 SUN", "", "05 08-17/3,20 1,15 JAN-MAR,12 SUN"},
		{"@daily", "Europe/London", "@daily (Europe/London)"},
		{"@every 90s", "Europe/London", "@every 90s"},
		{"@every 1d12h", "", "@every 1d12h"},
	} {
		s, err := schedule.Parse(test.expr, test.zone)
		if err != nil {
			t.Errorf("Parse(%q, %q): %v", test.expr, test.zone, err)
		} else if s.String() != test.want {
			t.Errorf("Parse(%q, %q) is %q, want %q", test.expr, test.zone, s, test.want)
		}
	}
}

func TestParseSaysWhatToWrite(t *testing.T) {
	for _, test := range []struct{ expr, zone, want string }{
		{"", "", "the schedule is empty: write five fields like `*/5 * * * *`"},
		{"*/5 * * *", "", "the schedule has 4 of five fields: write minute, hour, " +
			"day of month, month and day of week, like `*/5 * * * *`"},
		{"0 */5 * * * *", "", "seconds are not supported: write five fields like `*/5 * * * *`"},
		{"60 * * * *", "", `minute "60": "60" does not fit: ` +
			`write 0 to 59, or */5 for every five minutes`},
		{"0 9,24 * * *", "", `hour "9,24": "24" does not fit: write 0 to 23, or * for every hour`},
		{"0 9pm * * *", "", `hour "9pm": "9pm" does not fit: write 0 to 23, or * for every hour`},
		{"0 0 0 * *", "", `day of month "0": "0" does not fit: write 1 to 31, or * for every day`},
		{"0 0 1 june *", "", `month "june": "june" does not fit: ` +
			`write 1 to 12, jan to dec, or * for every month`},
		{"0 0 * * 7", "", `day of week "7": "7" does not fit: ` +
			`write 0 (Sunday) to 6, sun to sat, or * for every day`},
		{"0 22-2 * * *", "", `hour "22-2": the range 22-2 runs backwards: write 22-23,0-2`},
		{"*/90 * * * *", "", `minute "*/90": the step "90" does not fit: ` +
			`write 1 to 59, or a schedule like @every 90m`},
		{"*/0 * * * *", "", `minute "*/0": the step "0" does not fit: ` +
			`write 1 to 59, or a schedule like @every 90m`},
		{"1,,2 * * * *", "", `minute "1,,2": "" does not fit: ` +
			`write 0 to 59, or */5 for every five minutes`},
		{"*-5 * * * *", "", `minute "*-5": "*" does not fit: ` +
			`write 0 to 59, or */5 for every five minutes`},
		{"+5 * * * *", "", `minute "+5": "+5" does not fit: ` +
			`write 0 to 59, or */5 for every five minutes`},
		{"0 0 30 2 *", "", `the schedule "0 0 30 2 *" never fires, as no such month has such a ` +
			`day: write another day or month`},
		{"@reboot", "", `the schedule "@reboot" is not known: write ` +
			`@hourly, @daily, @weekly, @monthly, @yearly or @every 90s`},
		{"@every 5", "", `@every: duration "5": "5" has no unit: ` +
			`write it with s, m, h, d or w, like 30m`},
		{"@every 1500ms", "", `@every 1500ms is not a number of whole seconds: ` +
			`write one such as @every 90s`},
		{"@every 0s", "", `@every 0s is not a number of whole seconds: ` +
			`write one such as @every 90s`},
		{"TZ=UTC 0 9 * * *", "", `"TZ=UTC" does not belong in the schedule: ` +
			`write the zone under its own key, zone`},
		{"CRON_TZ=Asia/Beirut @daily", "", `"CRON_TZ=Asia/Beirut" does not belong in the ` +
			`schedule: write the zone under its own key, zone`},
		{"0 9 * * *", "Beirut", `zone "Beirut" is not known: ` +
			`write an IANA name such as Asia/Beirut`},
		{"0 9 * * *", "New York", `zone "New York" is not known: ` +
			`write an IANA name such as America/New_York`},
		{"0 9 * * *", "GMT+25", `zone "GMT+25" is not known: ` +
			`write an IANA name such as Asia/Beirut`},
		{"0 9 * * *", "../UTC", `zone "../UTC" is not known: ` +
			`write an IANA name such as Asia/Beirut`},
		{"0 9 * * *", "Local", "the machine's own zone is not supported: " +
			"write an IANA name such as Asia/Beirut"},
	} {
		s, err := schedule.Parse(test.expr, test.zone)
		if err == nil {
			t.Errorf("Parse(%q, %q) is %q, want an error", test.expr, test.zone, s)
		} else if err.Error() != test.want {
			t.Errorf("Parse(%q, %q):\n got %s\nwant %s", test.expr, test.zone, err, test.want)
		}
	}
}
