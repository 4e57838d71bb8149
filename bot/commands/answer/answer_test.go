package answer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands/backtest"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
)

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		Count(1, "watch"): "1 watch", Count(2, "watch"): "2 watches", Count(0, "story"): "0 stories",
		Count(3, "feed"): "3 feeds", And(nil): "", And([]string{"a"}): "a", And([]string{"a", "b", "c"}): "a, b and c",
		Lasts(8 * time.Hour): "8 hours", Lasts(48 * time.Hour): "2 days", Lasts(7 * 24 * time.Hour): "1 week",
		Lasts(90 * time.Minute): "1 hour 30 minutes", Lasts(time.Minute): "1 minute",
		Shorten("مرحبا بالعالم", 6): "مرحبا…", Shorten("short", 6): "short",
		strings.Join(some([]string{"a", "b", "c"}, 2), " "): "a b 1 more",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestLine(t *testing.T) {
	at := time.Date(2026, 2, 6, 9, 0, 0, 0, time.UTC)
	line := Line("a ", Code("b"), "", Link{"c", "https://example.org"}, at, bot.Channel("chat:C1"), 7)
	if len(line) != 6 || !line[1].Code || line[2].Link == "" || !line[3].When.Equal(at) || line[4].Channel != "chat:C1" {
		t.Errorf("%+v", line)
	}
	if got := line.String(); got != "a bc6 Feb 09:00 UTCchat:C17" {
		t.Errorf("%q", got)
	}
}

// TestCut asserts that every entry stands on exactly one page, whatever page is asked for.
func TestCut(t *testing.T) {
	for _, n := range []int{0, 1, 9, 10, 11, 500} {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		_, p := Cut(all, 1, PageSize)
		var seen []int
		for page := 1; page <= p.Of; page++ {
			part, _ := Cut(all, page, PageSize)
			seen = append(seen, part...)
		}
		if fmt.Sprint(seen) != fmt.Sprint(all) {
			t.Errorf("%d entries: %v", n, seen)
		}
		for _, page := range []int{-1, 0, p.Of + 1, 1 << 40} {
			if _, p := Cut(all, page, PageSize); p.Page < 1 || p.Page > p.Of {
				t.Errorf("page %d is %+v", page, p)
			}
		}
	}
}

// TestPagesWithoutButtons asserts that a long command says how its pages are turned.
func TestPagesWithoutButtons(t *testing.T) {
	var m bot.Message
	Pages{2, 3}.On(&m, "test "+strings.Repeat("word ", 30))
	if len(m.Buttons) != 0 || !strings.Contains(m.Foot.String(), "page 2") {
		t.Errorf("%+v", m)
	}
}

func TestButtons(t *testing.T) {
	all := Buttons(bot.Button{Label: "none"}, bot.Button{Label: "long", Says: strings.Repeat("ü", 101)},
		bot.Button{Label: strings.Repeat("ü", 50), Says: strings.Repeat("ü", 100)})
	if len(all) != 1 || len([]rune(all[0].Label)) > 40 {
		t.Errorf("%+v", all)
	}
}

func TestVolume(t *testing.T) {
	for want, r := range map[string]backtest.Result{
		"No news is stored yet, so nothing can be said of the last 7 days.":                                  {},
		"In the last 7 days it would have matched none of 10 reports.":                                       {Stored: 10, Looked: 10, Step: 1},
		"In the last 7 days it would have matched 3 of 10 reports.":                                          {Stored: 10, Looked: 10, Step: 1, Matched: 3},
		"In the last 7 days it would have matched about 12 of 100 reports: one in 4 was looked at.":          {Stored: 100, Looked: 25, Step: 4, Matched: 3},
		"In the last 7 days it would have matched about 6 of 100 reports: time was enough for 50 of them.":   {Stored: 100, Looked: 50, Step: 1, Matched: 3, Late: true},
		"The stored news could not be read in time: what it would have matched is not known.":                {Stored: 100, Late: true},
		"In the last 7 days it would have matched about 600 of 1000 reports: time was enough for 5 of them.": {Stored: 1000, Looked: 5, Matched: 3, Late: true},
	} {
		if got := Volume(r); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := Advice(backtest.Result{Stored: 9000, Looked: 9000, Step: 1, Matched: 7000}); !strings.Contains(got, "1000 a day") {
		t.Errorf("advice %q", got)
	}
}

// TestBadRule asserts that the mistake in a long rule is shown with what stands around it alone,
// and that the caret stands under it.
func TestBadRule(t *testing.T) {
	for _, rule := range []string{
		"Oman AND (", strings.Repeat("Oman OR ", 50) + "( OR Iran " + strings.Repeat("OR Iran ", 50), strings.Repeat("(", 900),
		strings.Repeat("عمان OR ", 60) + "/[/", "-" + strings.Repeat("x", 800),
	} {
		_, err := rules.Parse(rule)
		wrong, ok := err.(*rules.SyntaxError)
		if !ok {
			t.Errorf("%.20s: %v", rule, err)
			continue
		}
		shown := window(wrong)
		if shown.Rule[shown.Start:shown.End] != wrong.Rule[wrong.Start:wrong.End] &&
			!strings.HasPrefix(wrong.Rule[wrong.Start:wrong.End], shown.Rule[shown.Start:shown.End]) {
			t.Errorf("%.20s: shows %q", rule, shown.Rule[shown.Start:shown.End])
		}
		if lines := strings.Split(BadRule(wrong)[1].String(), "\n"); len(lines) != 2 || len([]rune(lines[0])) > 153 {
			t.Errorf("%.20s: %q", rule, lines)
		}
	}
}

// TestFeedsWorstFirst asserts that what needs somebody stands first, and the rest by name.
func TestFeedsWorstFirst(t *testing.T) {
	now := time.Date(2026, 2, 6, 9, 0, 0, 0, time.UTC)
	good := feeds.State{Polled: now}
	m := Feeds([]feeds.Feed{
		{Source: feeds.Source{Name: "b"}, State: good}, {Source: feeds.Source{Name: "A"}, State: good},
		{Source: feeds.Source{Name: "failing"}, State: feeds.State{Failures: 1}},
		{Source: feeds.Source{Name: "slow"}, State: feeds.State{Polled: now, Took: time.Minute}},
		{Source: feeds.Source{Name: "gone"}, State: feeds.State{Gone: true}},
	}, 1, now)
	var order []string
	for _, e := range m.Entries {
		order = append(order, e.Title.String()+":"+string(e.Mark))
	}
	if got, want := strings.Join(order, " "), "gone:bad failing:bad slow:good A:good b:good"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHomeOfMany(t *testing.T) {
	var all []Watch
	for i := range 30 {
		all = append(all, Watch{Watch: rules.Watch{Name: fmt.Sprint("w", i), Owner: "chat:T1"}})
	}
	if m := Home(all, Line("Fine.")); len(m.Entries) != 20 || !strings.Contains(m.Foot.String(), "10 more") {
		t.Errorf("%d entries, %s", len(m.Entries), m.Foot)
	}
}
