package embeds

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/seen"
)

type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkMessage asserts what holds of every message: Discord takes it, and a reader sees in it no
// mention, no formatting and no link but ours.
func checkMessage(t tester, m bot.Message) {
	t.Helper()
	for _, post := range []Post{Message(m), Plain(m)} {
		body := wire(t, post)
		if refused := limits.Message(body, 0); refused != nil {
			t.Errorf("Discord refuses it: %v", refused)
		}
		raw, _ := json.Marshal(body["embeds"])
		texts := seen.Texts(post.Content, raw)
		checkTexts(t, m, texts)
		if pings := seen.Pings(post.Content, json.RawMessage(`{"parse":[]}`)); len(pings) > 0 {
			t.Errorf("it notifies %q", pings)
		}
		var addresses []string
		for _, e := range seen.Embeds(raw) {
			addresses = append(addresses, e.URL)
			checkClean(t, strings.TrimRight(e.Footer.Text, `\`)) // nothing is escaped in it
		}
		if m.Delivery != "" && !Holds(post.Content, addresses, m.Delivery) {
			t.Errorf("the post of %q cannot be found by %q, %q", m.Delivery, post.Content, addresses)
		}
		if Holds(post.Content, addresses, m.Delivery+"x") {
			t.Errorf("it is taken for another delivery")
		}
	}
}

// wire is a post as it is sent.
func wire(t tester, post Post) (body map[string]any) {
	t.Helper()
	text, err := json.Marshal(post)
	if err != nil {
		t.Errorf("no JSON: %v", err)
	}
	if err := json.Unmarshal(text, &body); err != nil {
		t.Errorf("no JSON: %v", err)
	}
	return body
}

func checkTexts(t tester, m bot.Message, texts []string) {
	t.Helper()
	for _, mention := range seen.Mentions(texts) {
		if !ownChannel.MatchString(mention) {
			t.Errorf("mentions %q in %q", mention, texts)
		}
	}
	for _, link := range seen.Links(texts) {
		if !slices.Contains(ownLinks(m), withoutMark(link.URL)) {
			t.Errorf("links to %q in %q", link.URL, texts)
		}
	}
	for _, mark := range seen.Marked(texts) {
		if !strings.HasPrefix(mark, "**") && !strings.HasPrefix(mark, "`") && mark != repeatNote {
			t.Errorf("formats %q in %q", mark, texts)
		}
	}
	for _, text := range texts {
		checkClean(t, text)
	}
}

var ownChannel = regexp.MustCompile(`^<#\d+>$`)

// ownLinks are the addresses that the message may lead to.
func ownLinks(m bot.Message) (own []string) {
	add := func(link string) { own = append(own, safeLink(link)) }
	texts := slices.Clone(m.Lines)
	for _, c := range append(slices.Clone(m.Cards), m.Rest...) {
		for _, link := range c.Links {
			add(link)
		}
		texts = append(texts, c.Headline, c.Summary)
	}
	for _, e := range m.Entries {
		texts = append(append(texts, e.Title), e.Lines...)
	}
	for _, text := range append(texts, m.Foot) {
		for _, span := range text {
			add(span.Link)
		}
	}
	return append(own, home)
}

func withoutMark(address string) string {
	address, _, _ = strings.Cut(address, mark)
	return strings.TrimSuffix(address, "#")
}

// checkClean asserts that nothing in a text is invisible, turns it around, or is torn.
func checkClean(t tester, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%q is torn", text)
	}
	depth := 0
	for _, r := range text {
		switch r {
		case '\u2068':
			depth++
		case '\u2069':
			depth--
		case '\n', '\u2060', '\u2067':
		default:
			if clean.Dangerous(r) {
				t.Errorf("%q holds %U", text, r)
			}
		}
		if depth < 0 {
			t.Errorf("%q ends what it did not begin", text)
		}
	}
	if depth != 0 {
		t.Errorf("%q does not end what it begins", text)
	}
	if trailing := len(text) - len(strings.TrimRight(text, `\`)); trailing%2 != 0 {
		t.Errorf("%q ends within an escape", text)
	}
}
