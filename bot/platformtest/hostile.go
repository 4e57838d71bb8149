package platformtest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// hostileText is text that others wrote to do more than be read.
var hostileText = []string{
	"<!here> <!channel> <@U123> <#C123> @channel @here", "*bold* _italic_ ~strike~ `code` ```block```",
	"> quote", "a\n> quote\r\n• bullet", ":rotating_light: :100: :a::b:", "&amp; &lt;!here&gt; <script>",
	"http://evil.example https://evil.example/?a=1&b=2 www.evil.example evil.example a@evil.example",
	"mailto:a@evil.example tel:+1 slack://open javascript:alert(1)", "<https://evil.example|the BBC>",
	"<!date^0^{date}^https://evil.example|now>", "\u202eevil\u202c \u2066a \u2067b \u2069\u2069 \u2068",
	"\x00\x1b[31m\u0085\u2028\u2029\ufeff\u200b\u2060", "شمخانی: (NATO) 12!", "איראן", "伊朗和美国将于周日在阿曼恢复核谈判",
	"👩‍👩‍👧‍👦🏳️‍🌈🇴🇲", "e" + strings.Repeat("\u0301", 50), strings.Repeat("👩‍", 3000), strings.Repeat("a", 9000),
	strings.Repeat("&", 5000), strings.Repeat("<", 4000), strings.Repeat("Ein Satz. ", 1000), "", " ", "\u200d", "`", "*", "\\*a\\*",
}

// links are addresses as feeds send them.
var links = []string{
	"https://news.example/a?b=1&c=2", "http://news.example/a|b>c<d", "javascript:alert(1)", "https://", "",
	"https://news.example/" + strings.Repeat("a", 2900), "https://news.example/" + strings.Repeat("a", 4000),
	"HTTPS://NEWS.EXAMPLE/a b", "https://user:pass@news.example/", "https://новости.example/я", "https://[::1]/a",
	"https://news.example/%zz", "mailto:a@b.example", "//news.example/a", "https://news.example/*a*_b_",
}

// Hostile is text, and addresses, that others wrote to do more than be read.
func Hostile() []string { return slices.Concat(hostileText, links) }

// MessageWith puts a text wherever a message takes one.
func MessageWith(s string) bot.Message {
	text := bot.Text{{Text: s}, {Text: s, Hit: true}, {Text: s, Code: true}}
	card := bot.Card{
		Headline: text, Summary: text, Links: links, Publishers: []string{s, s, s, s, s, s, s},
		Latest: time.Unix(1_764_000_000, 0), Began: time.Unix(1_763_000_000, 0), Severity: story.SeverityHigh,
		Why: []story.Why{{Watch: s, Name: s, Words: []string{s, s}}},
	}
	button := bot.Button{Label: s, Says: "why " + s, Confirm: s, Style: bot.ButtonDanger}
	menu := bot.Button{Label: s, Choices: []bot.Choice{{Label: s, Value: "snooze " + s}, {Label: "1 h", Value: "1h"}}}
	return bot.Message{
		Delivery: "d1", Kind: bot.KindDigest, Title: s, Lines: []bot.Text{text}, Cards: []bot.Card{card},
		Rest: []bot.Card{card}, Foot: text, Buttons: []bot.Button{button, menu},
		Entries: []bot.Entry{{Mark: bot.MarkBad, Title: text, Lines: []bot.Text{text}, Buttons: []bot.Button{button}}},
	}
}

// AlertWith puts it into an alert about one story.
func AlertWith(s string) bot.Message {
	m := MessageWith(s)
	m.Kind, m.Title, m.Lines, m.Rest, m.Entries = bot.KindEscalation, "", nil, nil, nil
	return m
}

// anyText is text of any kind, mostly of a bad one.
func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(hostileText), rapid.String()), 0, 4).Draw(t, "parts")
		return strings.Join(parts, rapid.SampledFrom([]string{"", " ", "."}).Draw(t, "between"))
	})
}

func anySpans() *rapid.Generator[bot.Text] {
	span := rapid.Custom(func(t *rapid.T) bot.Span {
		s := bot.Span{Text: anyText().Draw(t, "text")}
		switch rapid.IntRange(0, 5).Draw(t, "mark") {
		case 0:
			s.Hit = true
		case 1:
			s.Code = true
		case 2:
			s.Link = rapid.SampledFrom(links).Draw(t, "link")
		case 3:
			s.When = time.Unix(rapid.Int64Range(-1e9, 1e11).Draw(t, "when"), 0)
		case 4:
			s.Channel = bot.Channel(rapid.SampledFrom([]string{"slack:C1", "slack:T1/C2", "slack:<!here>",
				"discord:1", "slack:U1"}).Draw(t, "channel"))
		}
		return s
	})
	return rapid.Custom(func(t *rapid.T) bot.Text { return rapid.SliceOfN(span, 0, 4).Draw(t, "spans") })
}

func anyCard() *rapid.Generator[bot.Card] {
	return rapid.Custom(func(t *rapid.T) bot.Card {
		return bot.Card{
			Headline: anySpans().Draw(t, "headline"), Summary: anySpans().Draw(t, "summary"),
			Links:      rapid.SliceOfN(rapid.SampledFrom(links), 0, 4).Draw(t, "links"),
			Publishers: rapid.SliceOfN(anyText(), 0, 8).Draw(t, "publishers"),
			Latest:     time.Unix(rapid.Int64Range(0, 1e10).Draw(t, "latest"), 0),
			Severity:   rapid.SampledFrom([]story.Severity{"", "none", "high", "critical"}).Draw(t, "severity"),
			Why:        []story.Why{{Name: anyText().Draw(t, "watch"), Words: rapid.SliceOfN(anyText(), 0, 12).Draw(t, "words")}},
		}
	})
}

// AnyMessage is a message of any kind, mostly of a bad one.
func AnyMessage(t *rapid.T) bot.Message {
	kinds := []bot.Kind{bot.KindAlert, bot.KindUpdate, bot.KindEscalation, bot.KindDigest, bot.KindReply}
	button := rapid.Custom(func(t *rapid.T) bot.Button {
		return bot.Button{Label: anyText().Draw(t, "label"), Says: anyText().Draw(t, "says"),
			Confirm: anyText().Draw(t, "confirm")}
	})
	entry := rapid.Custom(func(t *rapid.T) bot.Entry {
		return bot.Entry{Title: anySpans().Draw(t, "title"), Lines: rapid.SliceOfN(anySpans(), 0, 3).Draw(t, "lines"),
			Buttons: rapid.SliceOfN(button, 0, 2).Draw(t, "buttons")}
	})
	return bot.Message{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Repeat: rapid.Bool().Draw(t, "repeat"),
		Title: anyText().Draw(t, "title"), Lines: rapid.SliceOfN(anySpans(), 0, 5).Draw(t, "lines"),
		Cards: rapid.SliceOfN(anyCard(), 0, 3).Draw(t, "cards"), Rest: rapid.SliceOfN(anyCard(), 0, 5).Draw(t, "rest"),
		Entries: rapid.SliceOfN(entry, 0, 4).Draw(t, "entries"), Foot: anySpans().Draw(t, "foot"),
		Buttons: rapid.SliceOfN(button, 0, 30).Draw(t, "buttons"),
	}
}

// Naughty is the strings that broke other programs, of bad-input.tar.xz in a folder. Where that is
// absent the test is skipped.
func Naughty(t *testing.T, dir string) []string {
	t.Helper()
	archive := filepath.Join(dir, "bad-input.tar.xz")
	if _, err := os.Stat(archive); err != nil {
		t.Skip("no bad-input.tar.xz beside the checkout")
	}
	text, err := exec.CommandContext(t.Context(), "tar", "-xJOf", archive, "bad-input/blns.json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var naughty []string
	if err := json.Unmarshal(text, &naughty); err != nil {
		t.Fatal(err)
	}
	if len(naughty) < 500 {
		t.Fatalf("only %d strings", len(naughty))
	}
	return naughty
}
