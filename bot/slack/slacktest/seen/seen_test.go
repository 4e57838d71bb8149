package seen

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

func TestRead(t *testing.T) {
	for _, row := range []struct {
		name     string
		text     Text
		mentions []string
		links    []string
		marked   []string
	}{
		{name: "words", text: Text{Text: "Talks in Oman, e.g. on 3.5 %"}},
		{name: "everybody", text: Text{Text: "<!channel> <!here> <!everyone> <!subteam^S1>"}, mentions: []string{"<!channel>", "<!here>", "<!everyone>", "<!subteam^S1>"}},
		{name: "people and channels", text: Text{Text: "<@U1> <#C1|news>"}, mentions: []string{"<@U1>", "<#C1|news>"}},
		{name: "escaped", text: Text{Text: "&lt;!channel&gt; &lt;@U1&gt;"}},
		{name: "a bare name", text: Text{Text: "hey @here, a@here.example"}, mentions: []string{"@here"}},
		{name: "a bare name, verbatim", text: Text{Text: "hey @here", Verbatim: true}},
		{name: "plain", text: Text{Text: "<!channel> <https://a.example> *b* @here a.com", Plain: true}},
		{name: "a link", text: Text{Text: "<https://a.example/?a=1&amp;b=2|Talks>"}, links: []string{"https://a.example/?a=1&b=2"}},
		{name: "a bare address", text: Text{Text: "see https://a.example/x, or evil.com"}, links: []string{"https://a.example/x,", "http://evil.com"}},
		{name: "a bare address, verbatim", text: Text{Text: "see https://a.example/x or evil.com", Verbatim: true}},
		{name: "a date", text: Text{Text: "<!date^1700000000^{time}|noon>"}},
		{name: "a date that links", text: Text{Text: "<!date^1700000000^{time}^https://a.example|noon>"}, links: []string{"https://a.example"}},
		{name: "Markdown", text: Text{Text: "[two](https://a.example)", Markdown: true, Verbatim: true}, links: []string{"https://a.example"}},
		{name: "bold", text: Text{Text: "a *b c* d"}, marked: []string{"*b c*"}},
		{name: "others", text: Text{Text: "_i_ ~s~ `c`\n&gt; quote"}, marked: []string{"`c`", "_i_", "~s~", "&gt; quote"}},
		{name: "no marks", text: Text{Text: "2*3*4, snake_case_name, a * b * c"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			texts := []Text{row.text}
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

const everything = `[
	{"type":"header","text":{"type":"plain_text","text":"Talks & more"}},
	{"type":"section","text":{"type":"mrkdwn","text":"*Oman* &amp; <https://a.example|two>\nhosts"},
		"accessory":{"type":"overflow","options":[{"text":{"type":"plain_text","text":"Hide"},"value":"h"}]}},
	{"type":"section","fields":[{"type":"mrkdwn","text":"*Count*\n3"}]},
	{"type":"divider"},
	{"type":"context","elements":[{"type":"mrkdwn","text":"Reuters"},{"type":"image","image_url":"https://a.example","alt_text":"flag"}]},
	{"type":"actions","elements":[
		{"type":"button","text":{"type":"plain_text","text":"Mute story"}},
		{"type":"button","text":{"type":"plain_text","text":"Read"},"url":"https://evil.example"},
		{"type":"static_select","placeholder":{"type":"plain_text","text":"Snooze watch"},
			"options":[{"text":{"type":"plain_text","text":"1 hour"}},{"text":{"type":"plain_text","text":"8 hours"}}]}]},
	{"type":"input","block_id":"rule","label":{"type":"plain_text","text":"Rule"},
		"element":{"type":"plain_text_input","initial_value":"oman"},"hint":{"type":"plain_text","text":"as in a query"}},
	{"type":"markdown","text":"**bold**"},
	{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"rich"}]}]}
]`

func TestBlocks(t *testing.T) {
	const want = `# Talks & more
*Oman* & two (https://a.example)
hosts [… ▾ Hide]
| *Count*: 3
---
(Reuters · [picture: flag])
[Mute story] [Read → https://evil.example] [Snooze watch ▾ 1 hour | 8 hours]
Rule: [iran] (as in a query)
! no such word
**bold**
rich`
	got := Blocks(json.RawMessage(everything), map[string]string{"rule": "iran"}, map[string]string{"rule": "no such word"})
	if got != want {
		t.Errorf("got:\n%s", got)
	}
	if got := Buttons(json.RawMessage(everything)); len(got) != 1 || got[0].URL != "https://evil.example" {
		t.Errorf("buttons lead to %v", got)
	}
	if got := len(Texts(json.RawMessage(everything))); got != 14 {
		t.Errorf("%d texts", got)
	}
}

// TestRichText asserts that what rich text mentions and links to is found like what mrkdwn does.
func TestRichText(t *testing.T) {
	const blocks = `[{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[
			{"type":"text","text":"Oman ","style":{"bold":true}},
			{"type":"link","url":"https://a.example","text":"talks"},
			{"type":"text","text":" <@U9> *x*"},
			{"type":"user","user_id":"U1"},{"type":"broadcast","range":"here"},{"type":"channel","channel_id":"C1"},
			{"type":"usergroup","usergroup_id":"S1"},{"type":"emoji","name":"wave"},
			{"type":"date","timestamp":1,"format":"{date}","fallback":"1970"}]},
		{"type":"rich_text_list","style":"bullet","elements":[
			{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},
			{"type":"rich_text_section","elements":[{"type":"text","text":"two","style":{"code":true}}]}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a\nb"}]}]}]`
	texts := Texts(json.RawMessage(blocks))
	if got := Mentions(texts); !slices.Equal(got, []string{"<@U1>", "<!here>", "<#C1>", "<!subteam^S1>"}) {
		t.Errorf("it mentions %q", got)
	}
	if got := Links(texts); len(got) != 1 || got[0] != (Link{"https://a.example", "talks"}) {
		t.Errorf("it links to %v", got)
	}
	if got := Marked(texts); got != nil {
		t.Errorf("taken for formatting: %q", got)
	}
	const want = "*Oman* talks (https://a.example) <@U9> *x*<@U1><!here><#C1><!subteam^S1>:wave:1970\n" +
		"• one\n• `two`\n```\na\nb\n```"
	if got := Blocks(json.RawMessage(blocks), nil, nil); got != want {
		t.Errorf("got:\n%s", got)
	}
}
