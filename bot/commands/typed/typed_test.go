package typed

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// table is a command of each kind.
var table = Table{
	{Name: "help", Args: []Arg{{Name: "command", Kind: Rest, Optional: true}}},
	{Name: "watch", Args: []Arg{
		{Name: "rule", Kind: Rule, Help: "what to watch for"},
		{Name: "name", Kind: Watch, Lead: "as", Optional: true},
	}},
	{Name: "list", Paged: true},
	{Name: "test", Args: []Arg{{Name: "rule", Kind: Rule, Help: "a rule"}}, Paged: true},
	{Name: "test-alert"},
	{Name: "subscribe", Args: []Arg{{Name: "name", Kind: Watch, Optional: true, Repeated: true}}},
	{Name: "mute", Args: []Arg{
		{Name: "name", Kind: Watch, Help: "a name"}, {Name: "for", Kind: Duration, Optional: true}}},
	{Name: "brief", Args: []Arg{
		{Name: "name", Kind: Watch, Optional: true}, {Name: "period", Kind: Period, Optional: true}}},
	{Name: "policy", Args: []Arg{
		{Name: "name", Kind: Watch, Help: "a name"},
		{Name: "how", Kind: OneOf, Choices: []string{"instant", "digest"}, Optional: true},
		{Name: "times", Kind: Cron, Optional: true},
		{Name: "min-publishers", Kind: Number, Lead: "min-publishers", Optional: true, Help: "a number"},
	}},
	{Name: "quiet", Args: []Arg{
		{Name: "hours", Kind: Hours, Help: "hours"}, {Name: "zone", Kind: Zone, Optional: true}}},
	{Name: "feeds"},
	{Name: "feed add", Args: []Arg{{Name: "url", Kind: URL, Help: "an address"}}},
	{Name: "feed remove", Args: []Arg{{Name: "feed", Kind: Feed, Help: "a feed"}}},
	{Name: "alias add", Args: []Arg{
		{Name: "name", Kind: Word, Help: "a name"}, {Name: "spellings", Kind: Spellings, Help: "spellings"}}},
}

func TestRead(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "help"},
		{"  \u00a0 ", "help"},
		{"/tension", "help"},
		{"/tension list", "list"},
		{"tension LIST", "list"},
		{"/list", "list"},
		{"list page 3", "list page 3"},
		{"list page 0", `! "page 0" is more than list needs.`},
		{"list page", `! "page" is more than list needs.`},
		{"test-alert", "test-alert"},
		{"test—alert", "test-alert"},
		{"test alert", "test rule=alert"},
		{"test page 2", "test rule=page 2"},
		{"test Oman page 2", "test rule=Oman page 2"},
		{"test \"Oman page 2\"", `test rule="Oman page 2"`},
		{"watch Oman talks", "watch rule=Oman talks"},
		{"watch  Oman\u00a0talks as\u00a0oman", "watch name=oman rule=Oman\u00a0talks"},
		{"watch “Strait of Hormuz” AS hormuz", "watch name=hormuz rule=“Strait of Hormuz”"},
		{"watch known as", "watch rule=known as"},
		{"watch as is", "watch rule=as is"},
		{"watch x as y!", "watch rule=x as y!"},
		{`watch x "as" y`, `watch rule=x "as" y`},
		{"watch `Oman talks`", "watch rule=Oman talks"},
		{"watch Iran's talks", "watch rule=Iran's talks"},
		{"watch", "! watch needs what to watch for."},
		{"subscribe a, b c,a", "subscribe name=a b c"},
		{"subscribe «oman–talks»", "subscribe name=oman-talks"},
		{"subscribe o.man", `! "o.man" is not a name: write one like oman-talks, of at most 64 letters, digits, - and _.`},
		{"mute x 1 day", "mute for=1 day name=x"},
		{"mute x for 8h", "mute for=for 8h name=x"},
		{"mute 'x' ’", "! \"’\" is not a length of time: write one like 8h, 2 days or 1w."},
		{"brief 7d", "brief period=7d"},
		{"brief last week", "brief period=last week"},
		{"brief x today", "brief name=x period=today"},
		{"brief \"7d\"", "brief name=7d"},
		{"policy x digest 8:00 min-publishers 2", "policy how=digest min-publishers=2 name=x times=0 8 * * *"},
		{"policy x min-publishers=2 instant", "policy how=instant min-publishers=2 name=x"},
		{"policy x min—publishers 2", "policy min-publishers=2 name=x"},
		{"policy x 8:00, 18:30", "policy name=x times=8:00, 18:30"},
		{"policy x at 8:05 and 18:05", "policy name=x times=5 8,18 * * *"},
		{"policy x digets", `! "digets" is not understood here: it may be instant, digest. Did you mean digest?`},
		{"policy x min-publishers", "! policy needs a number."},
		{"policy x min-publishers 0", `! "0" is not a number from 1 to 1000: write one like 2.`},
		{"quiet 22-7 Asia/Tehran", "quiet hours=22:00-07:00 zone=Asia/Tehran"},
		{"quiet 22:00 – 07:00", "quiet hours=22:00-07:00"},
		{"quiet 9.30 to 10 New York", "quiet hours=09:30-10:00 zone=New York"},
		{"quiet 22-7 asia/tehran", "quiet hours=22:00-07:00 zone=Asia/Tehran"},
		{"quiet 22-7 utc", "quiet hours=22:00-07:00 zone=UTC"},
		{"quiet 22-7 america/new york", "quiet hours=22:00-07:00 zone=America/New York"},
		{"quiet OFF", "quiet hours=off"},
		{"feed add <https://example.org/x>", "feed add url=https://example.org/x"},
		{"feed-add example.org/x", "feed add url=https://example.org/x"},
		{"feed add http://", `! "http://" is not an address: write one like https://example.org/feed.xml.`},
		{"feed remove 'BBC News'", "feed remove feed=BBC News"},
		{"feed", `! The command "feed" wants another word. | feed add | feed remove`},
		{"alias add A B = c, d", "alias add name=A B spellings=c, d"},
		{"alias add a, b، c", "alias add name=a spellings=b، c"},
		{"alias add a", "! alias add needs spellings."},
		{"mtue x 8h", `! There is no command "mtue". | mute x 8h`},
		{"feed ad x.org", `! The command "feed" wants another word. | feed add | feed remove`},
		{"fede add x.org", `! There is no command "fede". | feed add x.org`},
		{"Oman talks", `! There is no command "Oman". | watch Oman talks`},
		{"list all", `! "all" is more than list needs.`},
	} {
		in, mistake := table.Read(test.text)
		if got := written(in, mistake); got != test.want {
			t.Errorf("%q\ngot  %s\nwant %s", test.text, got, test.want)
		}
	}
}

func written(in Input, m *Mistake) string {
	if m != nil {
		return strings.Join(append([]string{"! " + m.Problem}, m.Meant...), " | ")
	}
	out := in.Command.Name
	for _, name := range slices.Sorted(maps.Keys(in.Args)) {
		out += " " + name + "=" + in.Args[name]
	}
	if in.Page > 1 {
		out += fmt.Sprintf(" page %d", in.Page)
	}
	return out
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		command string
		args    map[string]string
		want    string
	}{
		{"mute", map[string]string{"name": "x", "for": "1 day"}, "mute for=1 day name=x"},
		{"Mute", map[string]string{"name": " x "}, "mute name=x"},
		{"mute", map[string]string{"for": "1 day"}, "! mute needs a name."},
		{"mute", map[string]string{"name": "x", "for": "soon"},
			`! "soon" is not a length of time: write one like 8h, 2 days or 1w.`},
		{"list", map[string]string{"page": "3"}, "list page=3 page 3"},
		{"watch", map[string]string{"rule": "a", "version": "7"}, "watch rule=a version=7"},
		{"feed add", map[string]string{"url": "x.org"}, "feed add url=https://x.org"},
		{"wacth", nil, `! There is no command "wacth". | watch`},
	} {
		in, mistake := table.Check(test.command, test.args)
		if got := written(in, mistake); got != test.want {
			t.Errorf("%s %v\ngot  %s\nwant %s", test.command, test.args, got, test.want)
		}
	}
}

func TestNear(t *testing.T) {
	known := []string{"subscribe", "unsubscribe", "list", "test-alert", "شمخانی", "oman-talks"}
	for wrong, want := range map[string]string{
		"subscirbe": "subscribe", "usnubscribe": "unsubscribe subscribe", "lsit": "list", "testalert": "test-alert", "شمخانى": "شمخانی",
		"omantalk": "oman-talks", "oma": "oman-talks", "xyz": "", "": "", "sub": "subscribe",
		strings.Repeat("x", 1000): "",
	} {
		if got := strings.Join(Near(wrong, known), " "); got != want {
			t.Errorf("%s: %q, want %q", wrong, got, want)
		}
	}
}

func TestNameFor(t *testing.T) {
	for rule, want := range map[string]string{
		"Oman talks":                          "oman-talks",
		`"Strait of Hormuz" OR Iran's (U.S.)`: "strait-of-hormuz-or-irans-us",
		"شمخانی":                              "شمخانی",
		"می‌خواهد":                            "میخواهد",
		"गाज़ा युद्ध":                         "गाज़ा-युद्ध",
		"!!!":                                 "watch",
		"-football":                           "football",
		strings.Repeat("x", 500):              strings.Repeat("x", 56),
		"one two three four five six seven eight": "one-two-three-four-five-six-seven",
	} {
		got := NameFor(rule)
		if got != want {
			t.Errorf("%s: %q, want %q", rule, got, want)
		}
		if name, err := ReadName(got); err != nil || name != got {
			t.Errorf("%s: %q is no name: %v", rule, got, err)
		}
	}
}

func TestDurations(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"8h": 8 * time.Hour, "1 day": 24 * time.Hour, "a week": 7 * 24 * time.Hour, "for 2 hours": 2 * time.Hour,
		"an hour": time.Hour, "90 min": 90 * time.Minute, "1d12h": 36 * time.Hour, "one month": 30 * 24 * time.Hour,
		"2 weeks": 14 * 24 * time.Hour, "Week": 7 * 24 * time.Hour,
		"": 0, "soon": 0, "-8h": 0, "3s": 0, "2000d": 0, "8": 0, "8 parsecs": 0, "999999999999999999 weeks": 0,
	} {
		if got, err := ReadDuration(s); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

func TestPeriods(t *testing.T) {
	now := time.Date(2026, 2, 6, 9, 30, 0, 0, time.UTC)
	for s, want := range map[string]string{
		"24h": "2026-02-05 09:30", "today": "2026-02-06 00:00", "since yesterday": "2026-02-05 00:00",
		"last week": "2026-01-30 09:30", "the last 3 days": "2026-02-03 09:30", "later": "0001-01-01 00:00",
	} {
		if got, _ := ReadPeriod(s, now); got.Format("2006-01-02 15:04") != want {
			t.Errorf("%q: %v, want %s", s, got, want)
		}
	}
}

func TestCron(t *testing.T) {
	for s, want := range map[string]string{
		"8:00": "0 8 * * *", "08:05": "5 8 * * *", "0:00": "0 0 * * *", "8:00 and 18:00": "0 8,18 * * *",
		"hourly": "@hourly", "0 8 * * 1-5": "0 8 * * 1-5", "8:00 9:30": "8:00 9:30", "@every 2h": "@every 2h", "": "",
	} {
		if got := ReadCron(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// FuzzRead asserts that any text is understood or refused with a sentence, and that nothing of a
// rule is lost.
func FuzzRead(f *testing.F) {
	for _, c := range table {
		f.Add(c.Name + " x")
	}
	f.Add("watch “a” as b")
	f.Add("quiet 22:00—07:00 \xff")
	f.Add("alias add a=b,c")
	f.Fuzz(func(t *testing.T, text string) {
		in, m := table.Read(text)
		if m != nil && (m.Problem == "" || len([]rune(m.Problem)) > 300) {
			t.Errorf("%q: %q", text, m.Problem)
		}
		if m == nil && in.Command == nil {
			t.Errorf("%q: nothing", text)
		}
		if utf8.ValidString(text) && m != nil && !utf8.ValidString(m.Problem) {
			t.Errorf("%q: %q", text, m.Problem)
		}
		if rule := in.Args["rule"]; m == nil && rule != "" && !strings.Contains(text, rule) {
			t.Errorf("%q became the rule %q", text, rule)
		}
	})
}

func FuzzNameFor(f *testing.F) {
	f.Add("Oman talks")
	f.Fuzz(func(t *testing.T, rule string) {
		if made := NameFor(rule); utf8.ValidString(rule) {
			if _, err := ReadName(made); err != nil {
				t.Errorf("%q: %q: %v", rule, made, err)
			}
		}
	})
}
