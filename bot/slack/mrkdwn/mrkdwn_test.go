package mrkdwn

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

func TestText(t *testing.T) {
	at := time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC)
	for want, in := range map[string]bot.Text{
		"":                                 nil,
		"Oman talks":                       bot.Plain("Oman\ntalks"),
		"&lt;!here|\u2060&gt;":             bot.Plain("<!here|>"),
		"∗a∗ ＿b＿ ∼c∼ ‵d‵ &amp;":            bot.Plain("*a* _b_ ~c~ `d` &"),
		"@\u2060here #\u2060b :\u2060a:":   bot.Plain("@here #b :a:"),
		"http:\u2060//a.\u2060example 1.5": bot.Plain("http://a.example 1.5"),
		"a.\u2060example":                  {{Text: "a."}, {Text: "example", Hit: true}},
		"in <#C1>.":                        {{Text: "in "}, {Text: "#gulf", Channel: "slack:T1/C1"}, {Text: "."}},
		"in #\u2060gulf":                   {{Text: "in "}, {Text: "#gulf", Channel: "discord:1"}},
		"<https://a.example/?a=1&amp;b=2|see|\u2060&gt;>": {{Text: "see|>", Link: "https://a.example/?a=1&b=2"}},
		"since 2026-02-06 08:\u206000 UTC":                {{Text: "since "}, {When: at}},
		"\u200f\u2068شمخانی!\u2069":                       bot.Plain("شمخانی!"),
	} {
		if got := Text(in, 200); strings.TrimSuffix(got, "\u2060") != strings.TrimSuffix(want, "\u2060") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestTextIsShort asserts that escapes are counted and none is torn.
func TestTextIsShort(t *testing.T) {
	for _, s := range []string{strings.Repeat("&", 500), strings.Repeat("<a> ", 200), strings.Repeat("שלום & ", 100)} {
		got := Text(bot.Plain(s), 100)
		if n := clean.Units(got); n > 100 || n < 30 || strings.Count(got, "&") != strings.Count(got, ";") {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestMoment(t *testing.T) {
	const want = "<!date^1770364800^{date_short_pretty} {time}|2026-02-06 08:00 UTC>"
	if got := Moment(time.Date(2026, 2, 6, 9, 0, 0, 0, time.FixedZone("CET", 3600)), WhenFormat); got != want {
		t.Errorf("got %q", got)
	}
}

func TestLink(t *testing.T) {
	for link, want := range map[string]string{
		"https://news.example/a?b=1&c=2": "https://news.example/a?b=1&c=2",
		"http://news.example/a|b>c<d\"e": "http://news.example/a%7Cb%3Ec%3Cd%22e",
		"https://news.example/a b":       "https://news.example/a%20b",
		"javascript:alert(1)":            "",
		"mailto:a@news.example":          "",
		"//news.example/a":               "",
		"https://":                       "",
		"":                               "",
		"https://news.example/" + strings.Repeat("a", maxLink): "",
	} {
		if got := Link(link); got != want {
			t.Errorf("%.40q: got %q, want %q", link, got, want)
		}
	}
}

func TestChannelID(t *testing.T) {
	for c, want := range map[bot.Channel]string{
		"slack:C123": "C123", "slack:T1/C123": "C123", "slack:U123": "", "discord:1": "", "slack:<!here>": "", "": "",
	} {
		if got := ChannelID(c); got != want {
			t.Errorf("%q: got %q, want %q", c, got, want)
		}
	}
}
