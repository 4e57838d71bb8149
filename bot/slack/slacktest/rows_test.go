package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// text returns a text of n characters.
func text(n int) string { return strings.Repeat("x", n) }

// blocks makes a list of n blocks of one block.
func blocks(n int, block string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(block+",", n), ",") + "]"
}

func section(text string) string {
	return fmt.Sprintf(`{"type":"section","text":{"type":"mrkdwn","text":%q}}`, text)
}

func fields(n, length int) string {
	field := fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, text(length))
	return fmt.Sprintf(`[{"type":"section","fields":%s}]`, blocks(n, field))
}

func header(n int) string {
	return fmt.Sprintf(`[{"type":"header","text":{"type":"plain_text","text":%q}}]`, text(n))
}

// button makes a button with more fields.
func button(label int, more string) string {
	return fmt.Sprintf(`{"type":"button","text":{"type":"plain_text","text":%q}%s}`, text(label), more)
}

func actions(elements string) string {
	return fmt.Sprintf(`[{"type":"actions","elements":%s}]`, elements)
}

func field(name string, n int) string { return fmt.Sprintf(`,%q:%q`, name, text(n)) }

func address(name string, n int) string {
	const start = "https://a.example/"
	return fmt.Sprintf(`,%q:%q`, name, start+text(n-len(start)))
}

func picture(alt, title, url int) string {
	return fmt.Sprintf(`[{"type":"image"%s%s,"title":{"type":"plain_text","text":%q}}]`,
		field("alt_text", alt), address("image_url", url), text(title))
}

// options makes n options.
func options(n, label, value int) string {
	return blocks(n, fmt.Sprintf(`{"text":{"type":"plain_text","text":%q},"value":%q}`, text(label), text(value)))
}

func menu(kind, options string) string {
	return actions(fmt.Sprintf(`[{"type":%q,"options":%s}]`, kind, options))
}

func confirmed(title, body, yes int) string {
	return actions("[" + button(1, fmt.Sprintf(`,"confirm":{"title":{"type":"plain_text","text":%q},`+
		`"text":{"type":"mrkdwn","text":%q},"confirm":{"type":"plain_text","text":%q},`+
		`"deny":{"type":"plain_text","text":"no"}}`, text(title), text(body), text(yes))) + "]")
}

func markdown(n int) string { return fmt.Sprintf(`[{"type":"markdown","text":%q}]`, text(n)) }

func remarks(n int) string {
	return fmt.Sprintf(`[{"type":"context","elements":%s}]`, blocks(n, `{"type":"mrkdwn","text":"x"}`))
}

// tooLong is what Slack says of a text at a place.
func tooLong(most int, at string) string {
	return fmt.Sprintf("[ERROR] must be less than %d characters [json-pointer:%s]", most+1, at)
}

func tooMany(most int, at string) string {
	return fmt.Sprintf("[ERROR] no more than %d items allowed [json-pointer:%s]", most, at)
}

// TestBlockLimits asserts each limit of blocks: what is just permitted passes, and one more is refused
// with what Slack says of it.
func TestBlockLimits(t *testing.T) {
	long := strings.Repeat("🜚", 1500) // two units each
	for _, row := range []struct{ name, permitted, violating, message string }{
		{"blocks per message", blocks(50, `{"type":"divider"}`), blocks(51, `{"type":"divider"}`), tooMany(50, "/blocks")},
		{"section text", "[" + section(text(3000)) + "]", "[" + section(text(3001)) + "]", tooLong(3000, "/blocks/0/text/text")},
		{"section text in UTF-16 units", "[" + section(long) + "]", "[" + section(long+"x") + "]", tooLong(3000, "/blocks/0/text/text")},
		{"fields", fields(10, 10), fields(11, 10), tooMany(10, "/blocks/0/fields")},
		{"field text", fields(1, 2000), fields(1, 2001), tooLong(2000, "/blocks/0/fields/0/text")},
		{"header", header(150), header(151), tooLong(150, "/blocks/0/text/text")},
		{"header is plain_text", header(1), strings.Replace(header(1), "plain_text", "mrkdwn", 1), "[ERROR] value must be one of plain_text [json-pointer:/blocks/0/text/type]"},
		{"actions elements", actions(blocks(25, button(1, ""))), actions(blocks(26, button(1, ""))), tooMany(25, "/blocks/0/elements")},
		{"context elements", remarks(10), remarks(11), tooMany(10, "/blocks/0/elements")},
		{"button text", actions("[" + button(75, "") + "]"), actions("[" + button(76, "") + "]"), tooLong(75, "/blocks/0/elements/0/text/text")},
		{"button value", actions("[" + button(1, field("value", 2000)) + "]"), actions("[" + button(1, field("value", 2001)) + "]"), tooLong(2000, "/blocks/0/elements/0/value")},
		{"button url", actions("[" + button(1, address("url", 3000)) + "]"), actions("[" + button(1, address("url", 3001)) + "]"), tooLong(3000, "/blocks/0/elements/0/url")},
		{"button url is one", actions("[" + button(1, `,"url":"https://a.example"`) + "]"), actions("[" + button(1, `,"url":"javascript:x"`) + "]"), "[ERROR] must be a valid URL [json-pointer:/blocks/0/elements/0/url]"},
		{"action_id", actions("[" + button(1, field("action_id", 255)) + "]"), actions("[" + button(1, field("action_id", 256)) + "]"), tooLong(255, "/blocks/0/elements/0/action_id")},
		{"action_id is unique", actions("[" + button(1, `,"action_id":"a"`) + "," + button(1, `,"action_id":"b"`) + "]"), actions(blocks(2, button(1, `,"action_id":"a"`))), "[ERROR] `action_id` already exists: a [json-pointer:/blocks/0/elements/1/action_id]"},
		{"block_id", `[{"type":"divider"` + field("block_id", 255) + "}]", `[{"type":"divider"` + field("block_id", 256) + "}]", tooLong(255, "/blocks/0/block_id")},
		{"block_id is unique", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}]`, blocks(2, `{"type":"divider","block_id":"a"}`), "[ERROR] `block_id` already exists: a [json-pointer:/blocks/1/block_id]"},
		{"image alt", picture(2000, 1, 30), picture(2001, 1, 30), tooLong(2000, "/blocks/0/alt_text")},
		{"image title", picture(1, 2000, 30), picture(1, 2001, 30), tooLong(2000, "/blocks/0/title/text")},
		{"image url", picture(1, 1, 3000), picture(1, 1, 3001), tooLong(3000, "/blocks/0/image_url")},
		{"option text", menu("static_select", options(1, 75, 1)), menu("static_select", options(1, 76, 1)), tooLong(75, "/blocks/0/elements/0/options/0/text/text")},
		{"option value", menu("static_select", options(1, 1, 150)), menu("static_select", options(1, 1, 151)), tooLong(150, "/blocks/0/elements/0/options/0/value")},
		{"options of a menu", menu("static_select", options(100, 1, 1)), menu("static_select", options(101, 1, 1)), tooMany(100, "/blocks/0/elements/0/options")},
		{"options of an overflow", menu("overflow", options(5, 1, 1)), menu("overflow", options(6, 1, 1)), tooMany(5, "/blocks/0/elements/0/options")},
		{"confirm title", confirmed(100, 1, 1), confirmed(101, 1, 1), tooLong(100, "/blocks/0/elements/0/confirm/title/text")},
		{"confirm text", confirmed(1, 300, 1), confirmed(1, 301, 1), tooLong(300, "/blocks/0/elements/0/confirm/text/text")},
		{"confirm buttons", confirmed(1, 1, 30), confirmed(1, 1, 31), tooLong(30, "/blocks/0/elements/0/confirm/confirm/text")},
		{"markdown block", markdown(12000), markdown(12001), tooLong(12000, "/blocks/0/text")},
		{"empty text", "[" + section("x") + "]", "[" + section("") + "]", "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"a section says something", "[" + section("x") + "]", `[{"type":"section"}]`, "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0]"},
		{"known blocks", "[" + section("x") + "]", `[{"type":"banner"}]`, "[ERROR] unsupported type: banner [json-pointer:/blocks/0/type]"},
		{"known fields", "[" + section("x") + "]", `[{"type":"divider","colour":"red"}]`, "[ERROR] invalid additional property: colour [json-pointer:/blocks/0]"},
		{"required fields", header(1), `[{"type":"header"}]`, "[ERROR] missing required field: text [json-pointer:/blocks/0]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			token := s.Workspace("T1").BotToken()
			s.Workspace("T1").Channel("C1", "news")
			if a := form(t, s, token, "chat.postMessage", "channel", "C1", "text", "x", "blocks", row.permitted); !a.OK {
				t.Errorf("what is permitted is refused: %s %s", a.Error, a.Metadata.Messages)
			}
			a := form(t, s, token, "chat.postMessage", "channel", "C1", "text", "x", "blocks", row.violating)
			got := strings.Join(a.Metadata.Messages, "\n")
			if a.OK || a.Error != "invalid_blocks" || !strings.Contains(got, row.message) {
				t.Errorf("got %q: %s\nwant %s", a.Error, got, row.message)
			}
		})
	}
}

// TestMessageLimits asserts the limits that one word is the answer to.
func TestMessageLimits(t *testing.T) {
	metadata := func(kind, payload string) string {
		return fmt.Sprintf(`{"event_type":%q,"event_payload":%s}`, kind, payload)
	}
	five := blocks(5, section(text(2600)))
	for _, row := range []struct {
		name, arg, permitted, violating, err string
	}{
		{"all blocks together", "blocks", five, blocks(5, section(text(2601))), "msg_blocks_too_long"},
		{"blocks are a list", "blocks", "[]", `{"type":"divider"}`, "invalid_blocks_format"},
		{"blocks are JSON", "blocks", "[]", `[`, "invalid_blocks_format"},
		{"no text", "text", "x", "", "no_text"},
		{"attachments", "attachments", blocks(100, `{"text":"x"}`), blocks(101, `{"text":"x"}`), "too_many_attachments"},
		{"metadata is JSON", "metadata", metadata("alert", "{}"), "alert", "invalid_metadata_format"},
		{"metadata has a type", "metadata", metadata("alert", "{}"), metadata("no word", "{}"), "invalid_metadata_schema"},
		{"metadata has a payload", "metadata", metadata("alert", "{}"), `{"event_type":"alert"}`, "invalid_metadata_schema"},
		{"metadata size", "metadata", metadata("alert", `{"a":"b"}`), metadata("alert", fmt.Sprintf(`{"a":%q}`, text(17000))), "metadata_too_large"},
		{"channels that are there", "channel", "C1", "C9", "channel_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			token := s.Workspace("T1").BotToken()
			s.Workspace("T1").Channel("C1", "news")
			args := func(value string) []string {
				return []string{"channel", "C1", "text", "x", row.arg, value}
			}
			if a := form(t, s, token, "chat.postMessage", args(row.permitted)...); !a.OK {
				t.Errorf("what is permitted is refused: %s", a.Error)
			}
			if a := form(t, s, token, "chat.postMessage", args(row.violating)...); a.Error != row.err {
				t.Errorf("got %q, want %q", a.Error, row.err)
			}
		})
	}
}

// TestTextIsCut asserts that a long text is cut and not refused when it is posted, and refused when a
// message is changed to it.
func TestTextIsCut(t *testing.T) {
	s := New(t)
	token, news := s.Workspace("T1").BotToken(), s.Workspace("T1").Channel("C1", "news")
	a := form(t, s, token, "chat.postMessage", "channel", "C1", "text", text(40001))
	if got := len(news.Messages()[0].Text); !a.OK || got != 40000 {
		t.Errorf("%v %s: %d characters are left", a.OK, a.Error, got)
	}
	if a := form(t, s, token, "chat.update", "channel", "C1", "ts", a.TS, "text", text(4000)); !a.OK {
		t.Error(a.Error)
	}
	if a := form(t, s, token, "chat.update", "channel", "C1", "ts", a.TS, "text", text(4001)); a.Error != "msg_too_long" {
		t.Error(a.Error)
	}
}

// modal makes a window with a title, more fields, and blocks.
func modal(title int, more, blocks string) string {
	return fmt.Sprintf(`{"type":"modal","title":{"type":"plain_text","text":%q}%s,"blocks":%s}`, text(title), more, blocks)
}

func input(element string) string {
	return fmt.Sprintf(`[{"type":"input","label":{"type":"plain_text","text":"x"},"element":%s}]`, element)
}

// TestViewLimits asserts each limit of windows.
func TestViewLimits(t *testing.T) {
	plain := func(name string, n int) string {
		return fmt.Sprintf(`,%q:{"type":"plain_text","text":%q}`, name, text(n))
	}
	field := func(name string, n int) string { return fmt.Sprintf(`,%q:%q`, name, text(n)) }
	asked := input(`{"type":"plain_text_input"}`)
	for _, row := range []struct{ name, permitted, violating, message string }{
		{"blocks", modal(1, "", blocks(100, `{"type":"divider"}`)), modal(1, "", blocks(101, `{"type":"divider"}`)), tooMany(100, "/view/blocks")},
		{"title", modal(24, "", "[]"), modal(25, "", "[]"), tooLong(24, "/view/title/text")},
		{"submit", modal(1, plain("submit", 24), "[]"), modal(1, plain("submit", 25), "[]"), tooLong(24, "/view/submit/text")},
		{"close", modal(1, plain("close", 24), "[]"), modal(1, plain("close", 25), "[]"), tooLong(24, "/view/close/text")},
		{"private_metadata", modal(1, field("private_metadata", 3000), "[]"), modal(1, field("private_metadata", 3001), "[]"), tooLong(3000, "/view/private_metadata")},
		{"callback_id", modal(1, field("callback_id", 255), "[]"), modal(1, field("callback_id", 256), "[]"), tooLong(255, "/view/callback_id")},
		{"an input wants a button", modal(1, plain("submit", 1), asked), modal(1, "", asked), "[ERROR] missing required field: submit [json-pointer:/view]"},
		{"what is typed", modal(1, plain("submit", 1), input(`{"type":"plain_text_input","max_length":3000}`)), modal(1, plain("submit", 1), input(`{"type":"plain_text_input","max_length":3001}`)), "[ERROR] must be between 1 and 3000 [json-pointer:/view/blocks/0/element/max_length]"},
		{"no markdown", modal(1, "", "[]"), modal(1, "", markdown(1)), "[ERROR] unsupported type: markdown [json-pointer:/view/blocks/0/type]"},
		{"kind", modal(1, "", "[]"), strings.Replace(modal(1, "", "[]"), `"modal"`, `"home"`, 1), "[ERROR] value must be one of modal [json-pointer:/view/type]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			ws := s.Workspace("T1")
			amal, news := ws.User("U1", "amal"), ws.Channel("C1", "news")
			connect(t, s, func(frame) any { return nil })
			trigger := func() string { return amal.Types(news, "/tension").TriggerID }
			if a := form(t, s, ws.BotToken(), "views.open", "trigger_id", trigger(), "view", row.permitted); !a.OK {
				t.Errorf("what is permitted is refused: %s %s", a.Error, a.Metadata.Messages)
			}
			a := form(t, s, ws.BotToken(), "views.open", "trigger_id", trigger(), "view", row.violating)
			got := strings.Join(a.Metadata.Messages, "\n")
			if a.Error != "invalid_arguments" || !strings.Contains(got, row.message) {
				t.Errorf("got %q: %s\nwant %s", a.Error, got, row.message)
			}
		})
	}
}

// TestMarshalled asserts that what this file makes is JSON: a limit is not shown by a typing error.
func TestMarshalled(t *testing.T) {
	for _, s := range []string{
		confirmed(1, 1, 1), picture(1, 1, 30), menu("overflow", options(5, 1, 1)), fields(2, 2),
		modal(1, "", input(`{"type":"plain_text_input"}`)), actions(blocks(2, button(1, field("value", 1)))),
	} {
		if !json.Valid([]byte(s)) {
			t.Errorf("no JSON: %s", s)
		}
	}
}
