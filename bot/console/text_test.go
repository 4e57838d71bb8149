package console

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/story"
)

func TestColumns(t *testing.T) {
	for character, want := range map[string]int{
		"a": 1, "é": 1, "e\u0301": 1, "ж": 1, "ش": 1, "中": 2, "ｱ": 1, "Ａ": 2, "한": 2,
		"\u1112\u1161\u11ab": 2, "\u05e9\u05c1": 1, "🇴🇲": 2, "👩‍👩‍👧": 2, "☎\ufe0f": 2,
		"\u200c": 0, "\u0301": 0,
	} {
		if got := columns(character); got != want {
			t.Errorf("%q: %d columns, want %d", character, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text    string
		columns int
		want    []string
	}{
		{"", 5, nil},
		{"Oman hosts talks", 10, []string{"Oman hosts", "talks"}},
		{"Oman hosts talks", 9, []string{"Oman", "hosts", "talks"}},
		{"negotiations", 5, []string{"negot", "iatio", "ns"}},
		{"in negotiations", 5, []string{"in", "negot", "iatio", "ns"}},
		{"by 10\u00a0000 men", 7, []string{"by", "10\u00a0000", "men"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"阿曼谈判", 5, []string{"阿曼", "谈判"}},
		{"阿曼谈，判", 6, []string{"阿曼", "谈，判"}},
		{"阿（曼谈）判", 4, []string{"阿", "（曼", "谈）", "判"}},
		{"한국 회담", 6, []string{"한국", "회담"}},
		{"中", 1, []string{"中"}},
	} {
		var got []string
		var p paragraph
		p.say(test.text, plain)
		for _, line := range wrap(p, test.columns) {
			got = append(got, textOf(line))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q in %d columns: got %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func textOf(line []cell) (s string) {
	for _, c := range line {
		s += c.text
	}
	return s
}

func TestTimes(t *testing.T) {
	zone := time.FixedZone("EET", 2*60*60)
	at := func(day, hour, minute, second int) time.Time {
		return time.Date(2026, 11, day, hour, minute, second, 0, time.UTC)
	}
	for _, test := range []struct {
		began, latest time.Time
		want          string
	}{
		{time.Time{}, time.Time{}, ""},
		{time.Time{}, at(23, 12, 5, 0), "Mon 23 Nov 2026 14:05 EET"},
		{at(23, 12, 5, 1), at(23, 12, 5, 59), "Mon 23 Nov 2026 14:05 EET"},
		{at(22, 22, 10, 0), at(23, 12, 5, 0), "Mon 23 Nov 2026 14:05 EET, since 00:10"},
		{at(22, 21, 10, 0), at(23, 12, 5, 0),
			"Mon 23 Nov 2026 14:05 EET, since Sun 22 Nov 2026 23:10 EET"},
	} {
		if got := textOf(times(test.began, test.latest, zone)); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// escape is what we ourselves send to a terminal.
var escape = regexp.MustCompile("\x1b\\[[0-9;]+m")

// FuzzText asserts what no text may break: lines no longer than the terminal, unless a link stands
// on them alone; nothing on them that a terminal acts on; all isolation ended in its line; and
// colour that adds nothing but colour.
func FuzzText(f *testing.F) {
	f.Add("Oman hosts talks", "They are in *Muscat*.", "Example News", "Oman", uint8(40))
	f.Add("\x1b[31mred\u202e", "a\r\n\nb\u0301\u0301", "\u2066شمخانی", "\u2069", uint8(20))
	f.Add("中文谈判，在阿曼", strings.Repeat("👩‍👩‍👧", 30), "חדשות", "👍🏽", uint8(21))
	f.Add("a\ufe0f\u200d\u0903", " \u00a0 ", "\u0600١", "", uint8(0))
	f.Fuzz(func(t *testing.T, headline, summary, publisher, word string, width uint8) {
		c := bot.Card{
			Headline:   bot.Text{{Text: headline}, {Text: word, Hit: true}, {Text: summary}},
			Summary:    bot.Text{{Text: summary}, {Text: word, Hit: true}},
			Publishers: []string{publisher, word},
			Severity:   story.SeverityHigh,
			Why:        []story.Why{{Name: publisher, Words: []string{word}}},
		}
		m := bot.Message{Kind: bot.KindDigest, Title: "2 stories for " + publisher, Repeat: true,
			Lines: bot.Plains(summary), Cards: []bot.Card{c}, Rest: []bot.Card{c}}
		look := Options{Width: int(width)}
		text := string(renderText(m, look))
		checkLines(t, text, newPage(look, false).look.Width)
		look.Color = true
		if colored := escape.ReplaceAllString(string(renderText(m, look)), ""); colored != text {
			t.Errorf("with colour %q, without %q", colored, text)
		}
		checkJSON(t, m)
	})
}

func checkLines(t *testing.T, text string, width int) {
	t.Helper()
	body, ended := strings.CutSuffix(text, "\n\n")
	if !ended {
		t.Errorf("%q does not end with an empty line", text)
	}
	for line := range strings.SplitSeq(body, "\n") {
		if strings.TrimSpace(line) == "" {
			t.Errorf("an empty line in %q", text)
		}
		used := 0
		for _, c := range cells(bot.Text{{Text: line}}, plain, nil) {
			used += c.width
		}
		if used > width {
			t.Errorf("%q takes %d columns of %d", line, used, width)
		}
		checkSigns(t, line)
	}
}

func checkSigns(t *testing.T, line string) {
	t.Helper()
	isolated := false
	for _, r := range line {
		switch string(r) {
		case isolate, endIsolate:
			if isolated == (string(r) == isolate) {
				t.Errorf("isolation is not ended or not begun in %q", line)
			}
			isolated = !isolated
		default:
			if clean.Dangerous(r) {
				t.Errorf("%U in %q", r, line)
			}
		}
	}
	if isolated || !utf8.ValidString(line) {
		t.Errorf("%q is not whole", line)
	}
}

// checkJSON asserts that a line of JSON holds the whole text and nothing that a terminal acts on.
func checkJSON(t *testing.T, m bot.Message) {
	t.Helper()
	line, err := renderJSON("console:", m)
	if err != nil {
		t.Fatal(err)
	}
	checkSigns(t, strings.TrimSuffix(string(line), "\n"))
	var got post
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	want := strings.ToValidUTF8(m.Cards[0].Headline.String(), "\ufffd")
	if utf8.ValidString(m.Cards[0].Headline.String()) && got.Stories[0].Headline != want {
		t.Errorf("headline %q, want %q", got.Stories[0].Headline, want)
	}
}
