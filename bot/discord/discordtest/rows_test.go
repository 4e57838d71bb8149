package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

func (r reply) id() string { id, _ := r.body["id"].(string); return id }
func (r reply) code() int  { n, _ := r.body["code"].(float64); return int(n) }

// nested returns the words of the nested mistake at a place.
func (r reply) nested(at string) string {
	var place any = r.body["errors"]
	for key := range strings.SplitSeq(at, "/") {
		o, _ := place.(map[string]any)
		place = o[key]
	}
	o, _ := place.(map[string]any)
	text, _ := json.Marshal(o["_errors"])
	return string(text)
}

// text is a text of so many characters.
func text(n int) string { return strings.Repeat("x", n) }

// times repeats a value.
func times(n int, v any) (all []any) {
	for range n {
		all = append(all, v)
	}
	return all
}

// o makes an object of names and values.
func o(pairs ...any) map[string]any {
	made := make(map[string]any)
	for i := 0; i < len(pairs); i += 2 {
		made[pairs[i].(string)] = pairs[i+1]
	}
	return made
}

// card is a message with one embed.
func card(pairs ...any) any { return o("embeds", []any{o(pairs...)}) }

// field is a field of an embed.
func field(name, value int) any { return o("name", text(name), "value", text(value)) }

// button is a button with a custom_id.
func button(id string, pairs ...any) any {
	b := o("type", 2, "style", 1, "label", "x", "custom_id", id)
	for name, v := range o(pairs...) {
		b[name] = v
	}
	return b
}

// buttons are so many buttons in a row.
func buttons(n int, prefix string) any {
	var all []any
	for i := range n {
		all = append(all, button(fmt.Sprint(prefix, i)))
	}
	return o("type", 1, "components", all)
}

// options are so many options of a menu.
func options(n, label, value, description int) (all []any) {
	for i := range n {
		id := fmt.Sprintf("%02d", i)
		all = append(all, o("label", text(label), "value", id+text(value-2), "description", text(description)))
	}
	return all
}

// menu is a message with a menu.
func menu(options []any) any {
	return o("components", []any{o("type", 1, "components", []any{
		o("type", 3, "custom_id", "m", "placeholder", "x", "options", options)})})
}

func components(rows ...any) any { return o("components", rows) }

func oneButton(id string, pairs ...any) any {
	return components(o("type", 1, "components", []any{button(id, pairs...)}))
}

// sums are ten embeds whose texts have so many characters.
func sums(total int) any {
	embeds := []any{}
	for range 9 {
		embeds = append(embeds, o("description", text(600)))
	}
	return o("embeds", append(embeds, o("description", text(total-5400))))
}

const badForm = limits.InvalidForm

// messageRows are the rows of the table that a message can break.
func messageRows() []limitRow {
	length := func(most int) string { return fmt.Sprintf("Must be %d or fewer in length.", most) }
	between := func(most int) string { return fmt.Sprintf("Must be between 1 and %d in length.", most) }
	both := func(parse string) any {
		return o("content", "x", "allowed_mentions", o("parse", []any{parse}, "users", []any{"1"}))
	}
	return []limitRow{
		{"content", o("content", text(2000)), o("content", text(2001)), badForm, "content", length(2000)},
		{"content in UTF-16 units", o("content", strings.Repeat("😀", 1000)), o("content", strings.Repeat("😀", 1001)), badForm, "content", length(2000)},
		{"content is text", o("content", "1"), o("content", 1), badForm, "content", "STRING_TYPE_CONVERT"},
		{"nonce", o("content", "x", "nonce", text(25)), o("content", "x", "nonce", text(26)), badForm, "nonce", length(25)},
		{"enforce_nonce", o("content", "x", "enforce_nonce", true), o("content", "x", "enforce_nonce", "yes"), badForm, "enforce_nonce", "BOOLEAN_TYPE_CONVERT"},
		{"embeds", o("embeds", times(10, o("title", "x"))), o("embeds", times(11, o("title", "x"))), badForm, "embeds", length(10)},
		{"embed title", card("title", text(256)), card("title", text(257)), badForm, "embeds/0/title", length(256)},
		{"embed title is trimmed", card("title", " "+text(256)+"\n"), card("title", " "+text(257)), badForm, "embeds/0/title", length(256)},
		{"embed description", card("description", text(4096)), card("description", text(4097)), badForm, "embeds/0/description", length(4096)},
		{"embed fields", card("fields", times(25, field(1, 1))), card("fields", times(26, field(1, 1))), badForm, "embeds/0/fields", length(25)},
		{"embed field name", card("fields", []any{field(256, 1)}), card("fields", []any{field(257, 1)}), badForm, "embeds/0/fields/0/name", between(256)},
		{"embed field value", card("fields", []any{field(1, 1024)}), card("fields", []any{field(1, 1025)}), badForm, "embeds/0/fields/0/value", between(1024)},
		{"embed field is not empty", card("fields", []any{field(1, 1)}), card("fields", []any{field(1, 0)}), badForm, "embeds/0/fields/0/value", "BASE_TYPE_REQUIRED"},
		{"embed footer", card("footer", o("text", text(2048))), card("footer", o("text", text(2049))), badForm, "embeds/0/footer/text", between(2048)},
		{"embed author", card("author", o("name", text(256))), card("author", o("name", text(257))), badForm, "embeds/0/author/name", between(256)},
		{"embeds together", sums(6000), sums(6001), badForm, "embeds", "MAX_EMBED_SIZE_EXCEEDED"},
		{"embeds together are trimmed", o("embeds", []any{o("description", text(3000)+"\n\n"), o("description", "  "+text(3000))}),
			o("embeds", []any{o("description", text(3000)+"\n\n"), o("description", "  "+text(3001))}), badForm, "embeds", "MAX_EMBED_SIZE_EXCEEDED"},
		{"embed url", card("title", "x", "url", "https://a.example/"), card("title", "x", "url", "javascript:x"), badForm, "embeds/0/url", "URL_TYPE_INVALID_SCHEME"},
		{"embed color", card("title", "x", "color", 0xFFFFFF), card("title", "x", "color", 0x1000000), badForm, "embeds/0/color", "NUMBER_TYPE_MAX"},
		{"rows", components(buttons(1, "a"), buttons(1, "b"), buttons(1, "c"), buttons(1, "d"), buttons(1, "e")),
			components(buttons(1, "a"), buttons(1, "b"), buttons(1, "c"), buttons(1, "d"), buttons(1, "e"), buttons(1, "f")), badForm, "components", length(5)},
		{"buttons of a row", components(buttons(5, "a")), components(buttons(6, "a")), badForm, "components/0/components", between(5)},
		{"button label", oneButton("a", "label", text(80)), oneButton("a", "label", text(81)), badForm, "components/0/components/0/label", length(80)},
		{"custom_id", oneButton(text(100)), oneButton(text(101)), badForm, "components/0/components/0/custom_id", between(100)},
		{"custom_id is not empty", oneButton("a"), oneButton(""), badForm, "components/0/components/0/custom_id", "BASE_TYPE_REQUIRED"},
		{"custom_id is unique", components(buttons(1, "a"), buttons(1, "b")), components(buttons(1, "a"), buttons(1, "a")), badForm, "components/1/components/0/custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
		{"a link has no custom_id", oneButton("a"), oneButton("a", "style", 5, "url", "https://a.example"), badForm, "components/0/components/0", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
		{"known components", oneButton("a"), components(o("type", 77)), badForm, "components/0/type", "UNION_TYPE_CHOICES"},
		{"options of a menu", menu(options(25, 1, 2, 1)), menu(options(26, 1, 2, 1)), badForm, "components/0/components/0/options", between(25)},
		{"option label", menu(options(1, 100, 2, 1)), menu(options(1, 101, 2, 1)), badForm, "components/0/components/0/options/0/label", between(100)},
		{"option value", menu(options(1, 1, 100, 1)), menu(options(1, 1, 101, 1)), badForm, "components/0/components/0/options/0/value", between(100)},
		{"option description", menu(options(1, 1, 2, 100)), menu(options(1, 1, 2, 101)), badForm, "components/0/components/0/options/0/description", length(100)},
		{"empty message", o("content", "x"), o("content", " \n"), limits.EmptyMessage, "", ""},
		{"empty message, nulls", o("content", "x", "embeds", nil, "components", nil), o("content", nil, "embeds", nil), limits.EmptyMessage, "", ""},
		{"empty message, an empty embed", card("title", "x"), card("color", 1), limits.EmptyMessage, "", ""},
		{"allowed_mentions", o("content", "x", "allowed_mentions", o("parse", []any{})), o("content", "x", "allowed_mentions", o("parse", []any{"all"})), badForm, "allowed_mentions/parse/0", "BASE_TYPE_CHOICES"},
		{"allowed_mentions excludes", both("roles"), both("users"), badForm, "allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
		{"ephemeral is for answers", o("content", "x", "flags", 4096), o("content", "x", "flags", 64), badForm, "flags", "MESSAGE_FLAGS_INVALID"},
		{"replies to what is there", o("content", "x"), o("content", "x", "message_reference", o("message_id", "1")), badForm, "message_reference", "REPLIES_UNKNOWN_MESSAGE"},
		{"JSON", o("content", "x"), "{", limits.InvalidJSON, "", ""},
	}
}

// limitRow is a row of the table of limits: what is just permitted, and what is just not.
type limitRow struct {
	name                 string
	permitted, violating any
	code                 int
	at, word             string
}

// meets sends both sides of a row.
func (r limitRow) meets(t *testing.T, s *Server, route string) {
	t.Helper()
	if a := send(t, s, route, r.permitted); a.status >= 300 {
		t.Errorf("what is permitted is refused: %d %s", a.status, a.text)
	}
	a := send(t, s, route, r.violating)
	if a.status != http.StatusBadRequest || a.code() != r.code {
		t.Fatalf("answered %d %s, want %d", a.status, a.text, r.code)
	}
	if r.at != "" && !strings.Contains(a.nested(r.at), r.word) {
		t.Errorf("answered %s, want %q at %s", a.text, r.word, r.at)
	}
}

// TestMessageLimits asserts each limit of a message.
func TestMessageLimits(t *testing.T) {
	for _, row := range messageRows() {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			row.meets(t, s, "POST /channels/"+s.Guild("G1", "Desk").Channel("news").ID+"/messages")
		})
	}
}

// TestEditLimits asserts that edits are as limited as posts.
func TestEditLimits(t *testing.T) {
	for _, row := range messageRows() {
		if strings.HasPrefix(row.name, "e") && !strings.HasPrefix(row.name, "embed") || strings.HasPrefix(row.name, "repl") {
			continue // what concerns posting only
		}
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			news := "/channels/" + s.Guild("G1", "Desk").Channel("news").ID + "/messages"
			id := send(t, s, "POST "+news, o("content", "x")).id()
			row.meets(t, s, "PATCH "+news+"/"+id)
		})
	}
}

// command is a command of which some fields differ.
func newCommand(pairs ...any) map[string]any {
	c := o("name", "tension", "description", "News")
	for name, v := range o(pairs...) {
		c[name] = v
	}
	return c
}

// asking is a command with an option of which some fields differ.
func asking(pairs ...any) any {
	option := o("type", 3, "name", "rule", "description", "Rule")
	for name, v := range o(pairs...) {
		option[name] = v
	}
	return newCommand("options", []any{option})
}

func manyOptions(n int) any {
	var all []any
	for i := range n {
		all = append(all, o("type", 3, "name", fmt.Sprint("o", i), "description", "x"))
	}
	return newCommand("options", all)
}

// big is a command whose texts have so many characters.
func big(total int) any {
	c := newCommand("name", "a", "description", "b")
	var choices, all []any
	for i := range 25 {
		choices = append(choices, o("name", fmt.Sprintf("%02d", i)+text(98), "value", text(55)))
	}
	left := total - 2
	for i := range 2 {
		all = append(all, o("type", 3, "name", fmt.Sprint("o", i), "description", "x", "choices", choices))
		left -= 3 + 25*155
	}
	for i := 0; left > 0; i++ {
		n := min(left-3, 100)
		all = append(all, o("type", 3, "name", fmt.Sprintf("p%02d", i), "description", text(n)))
		left -= n + 3
	}
	c["options"] = all
	return c
}

func TestCommandLimits(t *testing.T) {
	between := func(most int) string { return fmt.Sprintf("Must be between 1 and %d in length.", most) }
	choices := func(n, name, value int) []any {
		return times(n, o("name", text(name), "value", text(value)))
	}
	for _, row := range []limitRow{
		{"options", manyOptions(25), manyOptions(26), badForm, "options", "Must be 25 or fewer in length."},
		{"choices", asking("choices", choices(25, 1, 1)), asking("choices", choices(26, 1, 1)), badForm, "options/0/choices", "Must be 25 or fewer in length."},
		{"name", newCommand("name", text(32)), newCommand("name", text(33)), badForm, "name", between(32)},
		{"name is lower case", newCommand("name", "новости_1"), newCommand("name", "News"), badForm, "name", "APPLICATION_COMMAND_INVALID_NAME"},
		{"name is one word", newCommand("name", "a-b"), newCommand("name", "a b"), badForm, "name", "APPLICATION_COMMAND_INVALID_NAME"},
		{"name of a message command", o("type", 3, "name", "Why this alert?"), o("type", 3, "name", text(33)), badForm, "name", between(32)},
		{"a message command is not described", o("type", 3, "name", "Why"), o("type", 3, "name", "Why", "description", "x"), badForm, "description", "Must be 0 or fewer in length."},
		{"description", newCommand("description", text(100)), newCommand("description", text(101)), badForm, "description", between(100)},
		{"description is there", newCommand(), newCommand("description", ""), badForm, "description", "BASE_TYPE_REQUIRED"},
		{"option description", asking("description", text(100)), asking("description", text(101)), badForm, "options/0/description", between(100)},
		{"choice name", asking("choices", choices(1, 100, 1)), asking("choices", choices(1, 101, 1)), badForm, "options/0/choices/0/name", between(100)},
		{"choice value", asking("choices", choices(1, 1, 100)), asking("choices", choices(1, 1, 101)), badForm, "options/0/choices/0/value", between(100)},
		{"choices or autocomplete", asking("autocomplete", true), asking("autocomplete", true, "choices", choices(1, 1, 1)), badForm, "options/0/choices", "AUTOCOMPLETE"},
		{"8000 together", big(8000), big(8001), badForm, "", ""},
		{"known locales", newCommand("name_localizations", o("ru", "новости", "es-ES", "noticias")), newCommand("name_localizations", o("ar", "x")), badForm, "name_localizations/ar", "BASE_TYPE_CHOICES"},
		{"required first", manyOptions(2), newCommand("options", []any{o("type", 3, "name", "a", "description", "x"), o("type", 3, "name", "b", "description", "x", "required", true)}), badForm, "options", "REQUIRED_INVALID"},
		{"option names are unique", manyOptions(2), newCommand("options", times(2, o("type", 3, "name", "a", "description", "x"))), badForm, "options", "NAME_ALREADY_EXISTS"},
		{"options null", newCommand("options", nil), newCommand("options", "none"), badForm, "options", "LIST_TYPE_CONVERT"},
		{"groups hold subcommands", newCommand("options", []any{o("type", 2, "name", "a", "description", "x", "options", []any{o("type", 1, "name", "b", "description", "x")})}),
			newCommand("options", []any{o("type", 2, "name", "a", "description", "x", "options", []any{o("type", 3, "name", "b", "description", "x")})}), badForm, "options/0/options/0/type", "BASE_TYPE_CHOICES"},
		{"subcommands or values", manyOptions(2), newCommand("options", []any{o("type", 1, "name", "a", "description", "x"), o("type", 3, "name", "b", "description", "x")}), badForm, "options", "TYPE_INVALID"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := New(t)
			row.meets(t, s, "POST /applications/"+s.AppID()+"/commands")
			row.meets(t, s, "POST /applications/"+s.AppID()+"/guilds/"+s.Guild("G1", "Desk").ID+"/commands")
		})
	}
}

// TestCommandCounts asserts how many commands there can be, and how many can be made in a day.
func TestCommandCounts(t *testing.T) {
	c := newClock()
	s := NewWith(t, Options{Now: c.Now, Rates: Rates{Off: true}})
	route := "/applications/" + s.AppID() + "/commands"
	add := func(i int) reply { return send(t, s, "POST "+route, newCommand("name", fmt.Sprint("c", i))) }
	var ids []string
	for i := range 100 {
		ids = append(ids, add(i).id())
	}
	if a := add(100); a.code() != limits.TooManyCommands {
		t.Errorf("the 101st command: %s", a.text)
	}
	if a := add(7); a.status != http.StatusOK || a.id() != ids[7] {
		t.Errorf("one that is there: %d %s", a.status, a.text)
	}
	for i, id := range ids {
		send(t, s, "DELETE "+route+"/"+id, nil)
		add(200 + i)
	}
	send(t, s, "DELETE "+route+"/"+send(t, s, "GET "+route, nil).many[0]["id"].(string), nil)
	if a := add(300); a.code() != limits.TooManyCreated {
		t.Errorf("the 201st of a day: %s", a.text)
	}
	c.Advance(24 * 60 * 60e9)
	if a := add(300); a.status != http.StatusCreated {
		t.Errorf("the next day: %s", a.text)
	}
	many := make([]any, 101)
	for i := range many {
		many[i] = newCommand("name", fmt.Sprint("c", i))
	}
	if a := send(t, s, "PUT "+route, many); a.code() != limits.TooManyCommands {
		t.Errorf("101 at once: %s", a.text)
	}
	c.Advance(24 * 60 * 60e9)
	if a := send(t, s, "PUT "+route, many[:100]); len(a.many) != 100 {
		t.Errorf("100 at once: %s", a.text)
	}
}
