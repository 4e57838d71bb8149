package seen

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestRead(t *testing.T) {
	for _, row := range []struct {
		name     string
		text     string
		mentions []string
		links    []string
		marked   []string
	}{
		{name: "words", text: "Talks in Oman, e.g. on 3.5 %, 2*3*4, snake_case_name"},
		{name: "everybody", text: "@everyone and @here", mentions: []string{"@everyone", "@here"}},
		{name: "people", text: "<@1> <@!2> <@&3> <#4>", mentions: []string{"<@1>", "<@!2>", "<@&3>", "<#4>"}},
		{name: "a broken mention", text: "<@\u200b1> @\u200beveryone"},
		{name: "a link", text: "[Talks](https://a.example/x)", links: []string{"https://a.example/x"}},
		{name: "a quiet link", text: "[Talks](<https://a.example/x>)", links: []string{"https://a.example/x"}},
		{name: "a bare address", text: "see https://a.example/x", links: []string{"https://a.example/x"}},
		{name: "an escaped link", text: `\[Talks\](x)`},
		{name: "a name of a host", text: "see evil.com"},
		{name: "bold", text: "a **b** c", marked: []string{"**b**"}},
		{name: "italic", text: "a *b* c _d_", marked: []string{"*b*", "_d_"}},
		{name: "underlined", text: "a __b__ c", marked: []string{"__b__"}},
		{name: "struck out and hidden", text: "~~a~~ ||b||", marked: []string{"~~a~~", "||b||"}},
		{name: "code", text: "`a` ```b```", marked: []string{"`a`", "```b```"}},
		{name: "code hides", text: "`<@1> **b**`", marked: []string{"`<@1> **b**`"}},
		{name: "a heading", text: "# Talks", marked: []string{"# Talks"}},
		{name: "a quote and a list", text: "> a\n- b\n1. c", marked: []string{"> a", "- b", "1. c"}},
		{name: "escaped", text: `\*\*a\*\* \_b\_ \~\~c\~\~ \|\|d\|\| \# e \> f`},
		{name: "a time", text: "<t:1700000000:R>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			texts := []string{row.text}
			var links []string
			for _, l := range Links(texts) {
				links = append(links, l.URL)
			}
			if got := Mentions(texts); !reflect.DeepEqual(got, row.mentions) {
				t.Errorf("mentions %q", got)
			}
			if !reflect.DeepEqual(links, row.links) {
				t.Errorf("links %q", links)
			}
			if got := Marked(texts); !reflect.DeepEqual(got, row.marked) {
				t.Errorf("marked %q", got)
			}
		})
	}
}

func TestPings(t *testing.T) {
	const content = "@everyone <@1> <@2> <@&3> <#4>"
	for allowed, want := range map[string][]string{
		``:                                     {"@everyone", "<@1>", "<@2>", "<@&3>"},
		`{"parse":[]}`:                         nil,
		`{"parse":["everyone"],"users":["2"]}`: {"@everyone", "<@2>"},
		`{"parse":["roles"]}`:                  {"<@&3>"},
	} {
		if got := Pings(content, json.RawMessage(allowed)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q", allowed, got)
		}
	}
}

func TestMessage(t *testing.T) {
	embeds := `[{"title":"Talks","url":"https://a.example","description":"Two **hosts**, [who](https://b.example)\nand \\*more\\*",
		"color":16753920,"author":{"name":"Reuters"},"footer":{"text":"why: oman"},"image":{"url":"attachment://a.png"},
		"fields":[{"name":"When","value":"<t:1700000000:R>"}]}]`
	components := `[{"type":1,"components":[{"type":2,"style":1,"label":"Mute","custom_id":"a"},{"type":2,"style":5,"label":"Read","url":"https://a.example"},{"type":2,"style":1,"label":"Off","custom_id":"b","disabled":true}]},
		{"type":1,"components":[{"type":3,"custom_id":"m","placeholder":"Snooze","options":[{"label":"1 hour","value":"1"},{"label":"8 hours","value":"8"}]}]}]`
	const want = `News
┌ orange
│ (Reuters)
│ # Talks → https://a.example
│ Two **hosts**, who (https://b.example)
│ and *more*
│ When: ‹how long ago›
│ [picture: attachment://a.png]
│ (why: oman)
{a.png}
[Mute] [Read → https://a.example] [Off (off)]
[Snooze ▾ 1 hour | 8 hours]`
	if got := Message("News", json.RawMessage(embeds), json.RawMessage(components), []string{"a.png"}); got != want {
		t.Errorf("got:\n%s", got)
	}
}

func TestColorName(t *testing.T) {
	for color, want := range map[int]string{
		0: "no colour", 0xCC0000: "red", 0xFF8800: "orange", 0xFFD700: "yellow", 0x2ECC71: "green",
		0x1ABC9C: "teal", 0x3498DB: "blue", 0x9B59B6: "purple", 0x95A5A6: "grey", 0xFFFFFF: "white",
	} {
		if got := ColorName(color); got != want {
			t.Errorf("%06x is %s, want %s", color, got, want)
		}
	}
}
