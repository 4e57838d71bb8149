package embeds

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"*bold* _it_ ~~no~~ `c` ||s||": "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~ \\`c\\` \\|\\|s\\|\\|",
		"# heading":                    `\# heading`,
		"- list":                       `\- list`,
		"12. list":                     `12\. list`,
		"-# small":                     `\-\# small`,
		"> quote":                      `\> quote`,
		"@everyone <@1> <#2>":          "@" + joiner + `everyone \<@` + joiner + `1\> \<\#2\>`,
		"[x](https://evil.example)":    `\[x\](https\://evil.example)`,
		"<t:0:R> </mute:1>":            `\<t:0:R\> \</mute:1\>`,
		`a\*b`:                         `a\\\*b`,
		"5-6 December. 3.5%":           "5-6 December. 3.5%",
	} {
		if got := escape(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for want, in := range map[string]bot.Text{
		"Oman **talks** resume": {{Text: "Oman "}, {Text: "talks", Hit: true}, {Text: " resume"}},
		"**Oman talks**":        {{Text: "Oman ", Hit: true}, {Text: "talks", Hit: true}},
		"type `watch *a*`":      {{Text: "type "}, {Text: "watch *a*", Code: true}},
		"in <#12>":              {{Text: "in "}, {Channel: "discord:12", Text: "#news"}},
		"in \\#news":            {{Text: "in "}, {Channel: "slack:C1", Text: "#news"}},
		"[a \\[b\\]](https://news.example/%28a%29)": {{Text: "a [b]", Link: "https://news.example/(a)"}},
	} {
		if got := markdown(in, 200); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestBlocks asserts that code of several lines is a block, and stays one whatever is in it.
func TestBlocks(t *testing.T) {
	in := bot.Text{{Text: "Write"}, {Text: "one\n``` two\n@everyone", Code: true}, {Text: "or nothing"}}
	want := "Write\n```\none\nˋˋˋ two\n@" + joiner + "everyone\n```\nor nothing"
	if got := paragraph(in, 500); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	long := bot.Text{{Text: strings.Repeat("a line\n", 500), Code: true}}
	if got := paragraph(long, 100); len(got) > 110 || !strings.HasSuffix(got, "…\n```") {
		t.Errorf("%q", got)
	}
}

// TestManyStories asserts that a digest of any size is one post that says what it leaves out.
func TestManyStories(t *testing.T) {
	for _, n := range []int{1, 9, 10, 16, 50, 1000} {
		m := bot.Message{Kind: bot.KindDigest, Delivery: "d1", Title: fmt.Sprintf("%d stories for oman-talks", n)}
		for i := range n {
			m.Rest = append(m.Rest, bot.Card{Headline: bot.Plain(fmt.Sprintf("Headline %d of many", i)),
				Links: []string{"https://news.example/" + strings.Repeat("a", i%2000)}})
		}
		checkMessage(t, m)
		checkLeftOut(t, m, n)
		m.Cards, m.Rest = m.Rest, nil
		checkMessage(t, m)
		checkLeftOut(t, m, n)
	}
}

func checkLeftOut(t *testing.T, m bot.Message, n int) {
	t.Helper()
	text, _ := json.Marshal(Message(m))
	shown := strings.Count(string(text), "of many")
	if left := fmt.Sprintf("and %d more", n-shown); n > shown && !strings.Contains(string(text), left) {
		t.Errorf("%d of %d stories are shown, without %q", shown, n, left)
	}
	if shown < min(n, 5) {
		t.Errorf("only %d of %d stories are shown", shown, n)
	}
}

// TestAddressesDiffer asserts that no two embeds have one address: Discord would merge them.
func TestAddressesDiffer(t *testing.T) {
	for _, delivery := range []string{"", "d1"} {
		m := bot.Message{Kind: bot.KindDigest, Title: "Digest", Delivery: delivery}
		for range 6 {
			m.Cards = append(m.Cards, bot.Card{Headline: bot.Plain("a"), Links: []string{"https://news.example/#a"}})
		}
		known := make(map[string]bool)
		for _, e := range Message(m).Embeds {
			if known[e.URL] {
				t.Errorf("%s is there twice", e.URL)
			}
			known[e.URL] = true
		}
	}
}

// TestButtons asserts that a button never says half of a command, nor two the same.
func TestButtons(t *testing.T) {
	m := bot.Message{Title: "t", Buttons: []bot.Button{
		{Label: "long", Says: strings.Repeat("a", maxID+1)}, {Label: "", Says: "a"}, {Label: "nothing"},
		{Label: "menu", Choices: []bot.Choice{{Label: "long", Value: strings.Repeat("a", maxID+1)}}},
	}}
	if got := Message(m).Components; len(got) != 0 {
		t.Errorf("%v", got)
	}
	m.Buttons = nil
	for i := range 40 {
		m.Buttons = append(m.Buttons, bot.Button{Label: "b", Says: fmt.Sprint("list ", i/2)})
	}
	m.Buttons = append(m.Buttons, bot.Button{Label: "m", Choices: []bot.Choice{{Label: "1h", Value: "mute 1h"}}})
	checkMessage(t, m)
	for id, want := range map[string]string{"mute-story 1": "mute-story 1", "menu:2": "snooze a 1h", "ask:unwatch a": "unwatch a"} {
		says, ask := Says(id, []string{"snooze a 1h"})
		if says != want || ask != strings.HasPrefix(id, asking) {
			t.Errorf("%s says %q, %v", id, says, ask)
		}
	}
	checkMessage(t, Ask("unwatch oman-talks everywhere"))
}

// formWith is a form with a text in every part.
func formWith(s string) bot.Form {
	field := bot.Field{Name: "rule", Label: s, Hint: s, Value: s, Error: s, Note: bot.Plain(s)}
	fields := []bot.Field{field}
	for i := range 6 {
		field.Name = fmt.Sprint("more", i)
		fields = append(fields, field)
	}
	return bot.Form{Title: s, Submit: s, Command: "edit", Args: map[string]string{"name": s}, Fields: fields}
}

func checkForm(t tester, f bot.Form) {
	t.Helper()
	text, err := json.Marshal(Form(f, "form:1"))
	var body map[string]any
	if err != nil || json.Unmarshal(text, &body) != nil {
		t.Errorf("no JSON: %v", err)
	}
	if refused := limits.Modal(body); refused != nil {
		t.Errorf("Discord refuses %s: %v", text, refused)
	}
	checkMessage(t, Again(f, "again:1"))
}

func TestHolds(t *testing.T) {
	if Holds("", nil, "") || Holds("x", []string{"https://news.example/#:~:tw=d12"}, "d1") {
		t.Error("found what is not there")
	}
	if !Holds("", []string{"https://news.example/#a:~:tw=d1"}, "d1") {
		t.Error("did not find what is there")
	}
}
