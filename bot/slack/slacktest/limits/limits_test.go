package limits

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCut(t *testing.T) {
	for _, row := range []struct {
		name, text string
		left       int // UTF-16 units
	}{
		{"short", "x", 1},
		{"just so", strings.Repeat("x", 40000), 40000},
		{"too long", strings.Repeat("x", 40001), 40000},
		{"two units each", strings.Repeat("🜚", 20001), 40000},
		{"not through a character", "x" + strings.Repeat("🜚", 20000), 39999},
	} {
		if got := Length(Cut(row.text)); got != row.left {
			t.Errorf("%s: %d are left, want %d", row.name, got, row.left)
		}
	}
}

func TestViewTooLarge(t *testing.T) {
	view := `{"type":"home","blocks":[],"private_metadata":"` + strings.Repeat("x", 250<<10) + `"}`
	if e := View(json.RawMessage(view), "home"); e == nil || e.Code != "view_too_large" {
		t.Errorf("got %v", e)
	}
	if e := View(json.RawMessage(`{"type":"home","blocks":[]}`), "home"); e != nil {
		t.Errorf("an empty one: %v", e)
	}
	if e := View(json.RawMessage(`{`), "home"); e == nil || e.Code != "invalid_arguments" {
		t.Errorf("no JSON: %v", e)
	}
}

// TestMistakes asserts that all mistakes are told, each with its place.
func TestMistakes(t *testing.T) {
	for blocks, want := range map[string]string{
		`[{"type":"header","text":{"type":"plain_text","text":""}},{"type":"divider","x":1}]`: "invalid_blocks; " +
			"[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]; " +
			"[ERROR] invalid additional property: x [json-pointer:/blocks/1]",
		`[{"type":"section","text":"x"}]`: "invalid_blocks; [ERROR] must be an object [json-pointer:/blocks/0/text]",
		`[{"type":"actions","elements":{}}]`: "invalid_blocks; " +
			"[ERROR] must be an array [json-pointer:/blocks/0/elements]",
		`[{"type":"actions","elements":[{"type":"static_select"}]}]`: "invalid_blocks; " +
			"[ERROR] must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
		`[{"type":"section","text":{"type":"mrkdwn","text":1}}]`: "invalid_blocks; " +
			"[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]; " +
			"[ERROR] must be a string [json-pointer:/blocks/0/text/text]",
	} {
		if e := Blocks(json.RawMessage(blocks)); e == nil || e.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", blocks, e, want)
		}
	}
}

func TestInputs(t *testing.T) {
	const blocks = `[
		{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":{"type":"image","image_url":"u","alt_text":"a"}},
		{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"mute","text":{"type":"plain_text","text":"Mute"}}]},
		{"type":"input","block_id":"r","label":{"type":"plain_text","text":"Rule"},"dispatch_action":true,"optional":true,
			"element":{"type":"static_select","action_id":"s","option_groups":[{"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}]}}]`
	got := Inputs(json.RawMessage(blocks))
	if len(got) != 2 || got[0].Label != "Mute" || got[0].BlockID != "b" || got[0].InInput {
		t.Fatalf("%+v", got)
	}
	if in := got[1]; in.Label != "Rule" || !in.InInput || !in.Dispatch || !in.Optional || !in.OnEnter ||
		in.OnCharacter || len(in.Options) != 1 || in.Options[0].Value != "1" {
		t.Errorf("%+v", in)
	}
}

func TestRichText(t *testing.T) {
	for _, row := range []struct{ elements, want string }{
		{`{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}}]}`, ""},
		{`{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]}`, ""},
		{`{"type":"rich_text_section","elements":[{"type":"date","timestamp":1,"format":"{date}"}]}`, ""},
		{`{"type":"rich_text_section","elements":[{"type":"text","text":""}]}`, "more than 0 characters"},
		{`{"type":"rich_text_section","elements":[{"type":"link","text":"x"}]}`, "missing required field: url"},
		{`{"type":"rich_text_section","elements":[{"type":"marquee","text":"x"}]}`, "type"},
		{`{"type":"rich_text_list","style":"stars","elements":[]}`, "0/style"},
		{`{"type":"text","text":"x"}`, "type"},
	} {
		e := Blocks(json.RawMessage(`[{"type":"rich_text","elements":[` + row.elements + `]}]`))
		switch {
		case row.want == "" && e != nil:
			t.Errorf("%s: refused: %v", row.elements, e)
		case row.want != "" && (e == nil || !strings.Contains(e.Error(), row.want)):
			t.Errorf("%s: %v, want %q", row.elements, e, row.want)
		}
	}
}
