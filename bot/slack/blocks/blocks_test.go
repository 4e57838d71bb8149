package blocks

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// TestManyStories asserts that a digest of any size is one post that says what it leaves out.
func TestManyStories(t *testing.T) {
	for _, n := range []int{1, 16, 17, 50, 1000} {
		m := bot.Message{Kind: bot.KindDigest, Title: fmt.Sprintf("%d stories for oman-talks", n)}
		for i := range n {
			c := bot.Card{Headline: bot.Plain(fmt.Sprintf("Headline %d of many", i)),
				Links: []string{"https://news.example/" + strings.Repeat("a", i%2000)}}
			m.Rest = append(m.Rest, c)
		}
		checkMessage(t, m)
		text, _ := json.Marshal(Message(m).Blocks)
		shown := strings.Count(string(text), "of many")
		left := fmt.Sprintf("and %d more", n-shown)
		if n > shown && !strings.Contains(string(text), left) {
			t.Errorf("%d of %d stories are shown, without %q", shown, n, left)
		}
		if shown < min(n, 5) {
			t.Errorf("only %d of %d stories are shown", shown, n)
		}
		m.Cards, m.Rest = m.Rest, nil
		checkMessage(t, m)
	}
}

func TestManyEntries(t *testing.T) {
	m := bot.Message{Title: "500 watches", Foot: bot.Plain("the end"), Buttons: []bot.Button{{Label: "More", Says: "list 2"}}}
	for i := range 500 {
		m.Entries = append(m.Entries, bot.Entry{Title: bot.Plain(fmt.Sprintf("watch %d", i)),
			Buttons: []bot.Button{{Label: "Edit", Says: "edit"}}})
	}
	checkMessage(t, m)
	text, _ := json.Marshal(Message(m).Blocks)
	for _, want := range []string{"watch 13", "more", "the end", "list 2"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestMetadata(t *testing.T) {
	got := Message(bot.Message{Delivery: "d1", Kind: bot.KindAlert}).Metadata
	if got.EventType != EventType || got.EventPayload["delivery_id"] != "d1" || got.EventPayload["kind"] != "alert" {
		t.Errorf("%v", got)
	}
}

func TestSays(t *testing.T) {
	for want, action := range map[string]*slack.BlockAction{
		"mute-story 1":   {Type: "button", Value: "mute-story 1"},
		"snooze oman 1h": {Type: "static_select", SelectedOption: slack.OptionBlockObject{Value: "snooze oman 1h"}},
		"":               {Type: "plain_text_input", Value: "being typed"},
	} {
		if got := Says(action); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestButtonsSayAll asserts that a button never says half of a command.
func TestButtonsSayAll(t *testing.T) {
	m := bot.Message{Buttons: []bot.Button{
		{Label: "long", Says: strings.Repeat("a", maxValue+1)}, {Label: "", Says: "a"}, {Label: "nothing"},
		{Label: "menu", Choices: []bot.Choice{{Label: "long", Value: strings.Repeat("a", maxOptionSays+1)}}},
	}}
	if got := Message(m).Blocks; len(got) != 1 || got[0].BlockType() != slack.MBTContext {
		t.Errorf("%v", got)
	}
}

func TestSources(t *testing.T) {
	for want, names := range map[string][]string{
		"":                        nil,
		"BBC":                     {"BBC"},
		"BBC, AFP · 2 publishers": {"BBC", "AFP"},
		"A, B, C, D, E and 2 more · 7 publishers": {"A", "B", "C", "D", "E", "F", "G"},
		"\u2068الجزيرة\u2069, BBC · 2 publishers": {"الجزيرة", "BBC"},
	} {
		if got := (bot.Card{Publishers: names}).Sources(named); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	latest := time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC)
	const written = "<!date^1770364800^{date_short_pretty} {time}|2026-02-06 08:00 UTC>"
	for since, want := range map[time.Duration]string{
		0:                written,
		30 * time.Minute: written + ", since <!date^1770363000^{time}|2026-02-06 07:30 UTC>",
		24 * time.Hour:   written + ", since <!date^1770278400^{date_short_pretty} {time}|2026-02-05 08:00 UTC>",
	} {
		if got := times(latest.Add(-since), latest); got != want {
			t.Errorf("%v: got %q, want %q", since, got, want)
		}
	}
}

// TestSeverityHasAWord asserts that no severity is told by a colour alone, and none by nothing.
func TestSeverityHasAWord(t *testing.T) {
	for _, s := range []story.Severity{story.SeverityNotable, story.SeverityHigh, story.SeverityCritical} {
		if sign, word := severity(s); sign == "" || !strings.EqualFold(word, string(s)) {
			t.Errorf("%s: %q %q", s, sign, word)
		}
	}
	if sign, word := severity(story.SeverityNone); sign+word != "" {
		t.Errorf("none: %q %q", sign, word)
	}
}
