package discordtest

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/spec"
)

const sharedData = "../../../../shared/data"

// TestAnswersAsSpecified asserts that the answers are such as Discord's own description says.
func TestAnswersAsSpecified(t *testing.T) {
	document := spec.Corpus(t, sharedData)
	x := newScene(t, Options{Rates: Rates{Off: true}}, nil)
	g := x.Guild("G1", "")
	g.Role("editors")
	forum := g.Forum("alerts", "Urgent")
	check := func(route string, body any) reply {
		t.Helper()
		a := open(t, x.Server, route, body)
		if !strings.Contains(route, "/webhooks/") && !strings.Contains(route, "/interactions/") {
			a = send(t, x.Server, route, body)
		}
		method, path, _ := strings.Cut(route, " ")
		if err := document.CheckAnswer(method, path, a.status, []byte(a.text)); err != nil {
			t.Errorf("%s\n%s", err, a.text)
		}
		return a
	}
	for _, path := range []string{
		"/gateway", "/gateway/bot", "/users/@me", "/applications/@me", "/oauth2/applications/@me",
		"/channels/" + x.news.ID, "/channels/" + forum.ID, "/guilds/" + g.ID, "/guilds/" + g.ID + "/channels",
		"/guilds/" + g.ID + "/roles", "/guilds/" + g.ID + "/members/" + x.amal.ID,
		"/applications/" + x.AppID() + "/commands",
	} {
		check("GET "+path, nil)
	}
	check("POST /users/@me/channels", o("recipient_id", x.amal.ID))
	messages := "/channels/" + x.news.ID + "/messages"
	posted := o("content", "Talks", "nonce", "n", "embeds", []any{o("title", "x", "fields", []any{field(1, 1)})},
		"components", []any{row(button("a"))})
	id := check("POST "+messages, posted).id()
	check("PATCH "+messages+"/"+id, o("content", "x"))
	check("POST "+messages+"/"+id+"/threads", o("name", "x"))
	check("POST "+messages, o("content", "x", "message_reference", o("message_id", id)))
	check("GET "+messages, nil)
	check("POST /channels/"+forum.ID+"/threads", o("name", "x", "message", o("content", "x"), "applied_tags", []any{forum.Tags()[0].ID}))
	check("POST /applications/"+x.AppID()+"/guilds/"+g.ID+"/commands", newCommand("name", "other"))
	check("PUT /applications/"+x.AppID()+"/commands", []any{object([]byte(tension))})
	in, _ := x.later(t)
	check(callbackOf(in)+"?with_response=true", o("type", answerThinking, "data", o("flags", 64)))
	again, _ := x.later(t)
	check(callbackOf(again)+"?with_response=true", says("x", 64))
	check("PATCH "+x.webhook(in)+"/messages/@original", o("content", "x"))
	check("POST "+x.webhook(in), o("content", "x"))
	check("DELETE "+messages+"/"+id, nil)
}

// recorded reads a recorded interaction, and skips the test where there are none.
func recorded(t *testing.T, name string) map[string]any {
	t.Helper()
	archive := sharedData + "/api-specs.tar.xz"
	if _, err := os.Stat(archive); err != nil {
		t.Skip("no api-specs.tar.xz beside the checkout")
	}
	text, err := exec.CommandContext(t.Context(), "tar", "-xJOf", archive, "api-specs/disgo-interactions/"+name+".json").Output()
	if err != nil {
		t.Fatal(err)
	}
	return object(text)
}

// lacks returns the fields of a value that another one has not. Ids are not fields.
func lacks(want, got any, at string) (missing []string) {
	switch want := want.(type) {
	case map[string]any:
		o, _ := got.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			found, ok := o[name]
			if len(name) > 15 && number(name) > 0 {
				for id, v := range o {
					found, ok = v, number(id) > 0
				}
			}
			if !ok {
				missing = append(missing, at+name)
			} else {
				missing = append(missing, lacks(want[name], found, at+name+".")...)
			}
		}
	case []any:
		if len(want) == 0 {
			return nil
		}
		all, _ := got.([]any)
		for i, one := range all { // the one that is most like it
			if few := lacks(want[0], one, at); i == 0 || len(few) < len(missing) {
				missing = few
			}
		}
	}
	return missing
}

// TestRecorded asserts that what the bot is told has the fields that were recorded of Discord.
func TestRecorded(t *testing.T) {
	x := newScene(t, Options{}, func(map[string]any) any { return says("x", 64) })
	send(t, x.Server, "POST /channels/"+x.news.ID+"/messages", o("content", "x", "components", []any{
		row(button("a")), row(o("type", 3, "custom_id", "m", "placeholder", "x", "min_values", 1, "max_values", 1,
			"options", []any{o("label", "x", "value", "x", "description", "x")})),
	}))
	m := x.news.Messages()[0]
	for name, do := range map[string]func(){
		"slash_command":         func() { x.amal.Types(x.news, "/tension watch rule:x") },
		"button_component":      func() { x.amal.Clicks(m, "a") },
		"select_menu_component": func() { x.amal.Picks(m, "m", "x") },
		"message_command":       func() { x.amal.MessageCommand(m, "Why this alert?") },
	} {
		t.Run(name, func(t *testing.T) {
			want := recorded(t, name)
			do()
			missing := slices.DeleteFunc(lacks(want, any(<-x.in), ""), func(field string) bool {
				// What Discord no longer sends, or only of an answer to an interaction, or of an emoji.
				return strings.HasSuffix(field, "is_pending") || strings.HasPrefix(field, "message.interaction") ||
					field == "message.application_id" || field == "message.webhook_id" || strings.HasSuffix(field, "emoji")
			})
			if len(missing) > 0 {
				got, _ := json.Marshal(want)
				t.Errorf("the bot is not told %v of\n%s", missing, got)
			}
		})
	}
}
