package discordtest

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

// TestCodes is the row "JSON error codes": who gets which.
func TestCodes(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	news, gone, hidden, mute := g.Channel("news"), g.Channel("gone"), g.Channel("hidden"), g.Channel("mute")
	gone.Delete()
	hidden.Forbid(ViewChannel)
	mute.Forbid(SendMessages, EmbedLinks, ReadMessageHistory)
	away := s.Guild("G2", "Away")
	lost := away.Channel("lost")
	away.Remove()
	shy := g.Member("amal")
	shy.RefusesDMs()
	amalSays := func() string {
		shy.Types(news, "hello")
		return news.Messages()[0].ID
	}()
	say, embed := o("content", "x"), o("embeds", []any{o("title", "x")})
	app := "/applications/" + s.AppID()
	for _, row := range []struct {
		name, route  string
		body         any
		status, code int
	}{
		{"no such channel", "POST /channels/1/messages", say, 404, limits.UnknownChannel},
		{"a deleted channel", "POST /channels/" + gone.ID + "/messages", say, 404, limits.UnknownChannel},
		{"no such message", "PATCH /channels/" + news.ID + "/messages/1", say, 404, limits.UnknownMessage},
		{"somebody else's message", "PATCH /channels/" + news.ID + "/messages/" + amalSays, say, 403, limits.NotTheAuthor},
		{"deleting it", "DELETE /channels/" + news.ID + "/messages/" + amalSays, nil, 403, limits.MissingPermissions},
		{"no such webhook", "POST /webhooks/" + s.AppID() + "/none", say, 404, limits.UnknownWebhook},
		{"no such interaction", "POST /interactions/1/none/callback", says("x", 0), 404, limits.UnknownInteraction},
		{"a hidden channel", "POST /channels/" + hidden.ID + "/messages", say, 403, limits.MissingAccess},
		{"a guild without the bot", "POST /channels/" + lost.ID + "/messages", say, 403, limits.MissingAccess},
		{"that guild", "GET /guilds/" + away.ID, nil, 403, limits.MissingAccess},
		{"no such guild", "GET /guilds/1", nil, 404, limits.UnknownGuild},
		{"its commands", "PUT " + app + "/guilds/" + away.ID + "/commands", []any{}, 403, limits.MissingAccess},
		{"another application", "GET /applications/1/commands", nil, 403, limits.NotYourApp},
		{"no such command", "DELETE " + app + "/commands/1", nil, 404, limits.UnknownCommand},
		{"no permission to write", "POST /channels/" + mute.ID + "/messages", say, 403, limits.MissingPermissions},
		{"no permission for embeds", "POST /channels/" + mute.ID + "/messages", embed, 403, limits.MissingPermissions},
		{"an empty message", "POST /channels/" + news.ID + "/messages", o(), 400, limits.EmptyMessage},
		{"an invalid form", "POST /channels/" + news.ID + "/messages", o("content", text(2001)), 400, limits.InvalidForm},
		{"a closed door", "POST /channels/" + shy.DM().ID + "/messages", say, 403, limits.NoDirectMessages},
		{"no such person", "POST /users/@me/channels", o("recipient_id", "1"), 400, limits.InvalidForm},
		{"no such member", "GET /guilds/" + g.ID + "/members/1", nil, 404, limits.UnknownMember},
		{"no such route", "GET /nothing", nil, 404, limits.NotFound},
	} {
		t.Run(row.name, func(t *testing.T) {
			if a := send(t, s, row.route, row.body); a.status != row.status || a.code() != row.code {
				t.Errorf("%d %s, want %d %d", a.status, a.text, row.status, row.code)
			}
		})
	}
	if a := sendAs(t, s, "Bot x", "", "GET /users/@me", nil); a.status != 401 || a.text != "{\"code\":0,\"message\":\"401: Unauthorized\"}\n" {
		t.Errorf("a wrong token: %d %s", a.status, a.text)
	}
	if a := sendAs(t, s, "Bot "+s.Token(), "text/plain", "POST /channels/"+news.ID+"/messages", say); a.code() != limits.InvalidForm {
		t.Errorf("a wrong type: %d %s", a.status, a.text)
	}
	response, err := http.Get(s.APIURL() + "/gateway") // with the user agent of Go
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 403 {
		t.Errorf("a wrong user agent: %d", response.StatusCode)
	}
}

// TestReading asserts that what the bot may ask for is answered.
func TestReading(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	amal, news := g.Member("amal"), g.Channel("news")
	g.Role("editors")
	for route, want := range map[string]string{
		"/gateway": s.GatewayURL(), "/users/@me": s.BotUser(), "/applications/@me": s.PublicKey(),
		"/oauth2/applications/@me": s.AppID(), "/channels/" + news.ID: g.ID, "/guilds/" + g.ID: "Desk",
		"/guilds/" + g.ID + "/channels": news.ID, "/guilds/" + g.ID + "/roles": "editors",
		"/guilds/" + g.ID + "/members/" + amal.ID: "amal", "/guilds/" + g.ID + "/members/" + s.BotUser(): "tensionwatch",
	} {
		if a := send(t, s, "GET "+route, nil); a.status != 200 || !strings.Contains(a.text, want) {
			t.Errorf("%s: %d %s", route, a.status, a.text)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/api/v9/gateway", nil)
	r.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	if old, err := http.DefaultClient.Do(r); err != nil || old.StatusCode != 200 || old.Body.Close() != nil {
		t.Errorf("the ninth version: %v %v", old, err)
	}
	dm := send(t, s, "POST /users/@me/channels", o("recipient_id", amal.ID))
	send(t, s, "POST /channels/"+dm.id()+"/messages", o("content", "psst"))
	if got := amal.DM().Wait(t, 1); got[0].Content != "psst" {
		t.Error(s.Transcript())
	}
}

// TestList asserts which messages are listed, and in what order.
func TestList(t *testing.T) {
	s := NewWith(t, Options{Rates: Rates{Off: true}})
	news := s.Guild("G1", "Desk").Channel("news")
	route := "/channels/" + news.ID + "/messages"
	var ids []string
	for i := range 9 {
		ids = append(ids, send(t, s, "POST "+route, o("content", fmt.Sprint(i))).id())
	}
	send(t, s, "DELETE "+route+"/"+ids[4], nil)
	for query, want := range map[string]string{
		"": "87653210", "?limit=2": "87", "?limit=2&before=" + ids[3]: "21", "?limit=2&after=" + ids[3]: "65",
		"?limit=4&around=" + ids[4]: "6532", "?after=" + ids[8]: "", "?before=" + ids[0]: "",
	} {
		got := ""
		for _, m := range send(t, s, "GET "+route+query, nil).many {
			got += m["content"].(string)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if a := send(t, s, "GET "+route+"?limit=101", nil); a.code() != badForm {
		t.Errorf("too many: %s", a.text)
	}
	news.Forbid(ReadMessageHistory)
	if a := send(t, s, "GET "+route, nil); a.status != 200 || len(a.many) != 0 {
		t.Errorf("without permission: %d %s", a.status, a.text)
	}
	if a := send(t, s, "POST "+route, o("content", "x", "message_reference", o("message_id", ids[0]))); a.code() != limits.CannotReply {
		t.Errorf("a reply: %d %s", a.status, a.text)
	}
}

// TestFiles asserts that files arrive, and that an edit keeps those it names.
func TestFiles(t *testing.T) {
	s := New(t)
	news := s.Guild("G1", "Desk").Channel("news")
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("payload_json", `{"content":"see","attachments":[{"id":0,"description":"A chart"}]}`)
	part, _ := form.CreateFormFile("files[0]", "chart.png")
	_, _ = part.Write([]byte("png"))
	_ = form.Close()
	a := sendAs(t, s, "Bot "+s.Token(), form.FormDataContentType(), "POST /channels/"+news.ID+"/messages", b.String())
	m := news.Messages()[0]
	if a.status != 200 || len(m.Files) != 1 || m.Files[0].Description != "A chart" || string(m.Files[0].Data) != "png" {
		t.Fatalf("%d %s %v", a.status, a.text, m.Files)
	}
	if calls := s.Calls(PostMessage); len(calls) != 1 || len(calls[0].Files) != 1 || !strings.Contains(string(calls[0].Body), "see") {
		t.Errorf("recorded %v", calls)
	}
	route := "PATCH /channels/" + news.ID + "/messages/" + m.ID
	id := object(raw(a.body["attachments"].([]any)[0]))["id"]
	send(t, s, route, o("content", "", "attachments", []any{o("id", id)}))
	if m := news.Messages()[0]; len(m.Files) != 1 || m.Content != "" || m.Edits[0].Content != "see" {
		t.Errorf("%d files, %q", len(m.Files), m.Content)
	}
	if a := send(t, s, route, o("attachments", []any{})); a.code() != limits.EmptyMessage {
		t.Errorf("nothing is left: %s", a.text)
	}
	news.Forbid(AttachFiles)
	if a := sendAs(t, s, "Bot "+s.Token(), form.FormDataContentType(), "POST /channels/"+news.ID+"/messages", b.String()); a.code() != limits.MissingPermissions {
		t.Errorf("files are forbidden: %s", a.text)
	}
}

// TestThreads asserts threads of messages and posts of forums.
func TestThreads(t *testing.T) {
	s := New(t)
	g := s.Guild("G1", "Desk")
	news, forum := g.Channel("news"), g.Forum("alerts", "Urgent", "Calm")
	id := send(t, s, "POST /channels/"+news.ID+"/messages", o("content", "Talks")).id()
	start := "POST /channels/" + news.ID + "/messages/" + id + "/threads"
	if a := send(t, s, start, o("name", text(101))); a.code() != badForm {
		t.Errorf("a long name: %s", a.text)
	}
	thread := send(t, s, start, o("name", "Talks"))
	if thread.status != 201 || thread.id() != id || thread.body["parent_id"] != news.ID {
		t.Errorf("%d %s", thread.status, thread.text)
	}
	if a := send(t, s, start, o("name", "Talks")); a.code() != limits.ThreadExists {
		t.Errorf("a second: %s", a.text)
	}
	send(t, s, "POST /channels/"+id+"/messages", o("content", "more"))
	if got := news.Thread(news.Messages()[0]).Messages(); len(got) != 1 || got[0].Content != "more" {
		t.Error(s.Transcript())
	}
	if a := send(t, s, "POST /channels/"+forum.ID+"/messages", o("content", "x")); a.code() != limits.WrongChannelType {
		t.Errorf("a message to a forum: %s", a.text)
	}
	post := func(content string, tags ...any) reply {
		return send(t, s, "POST /channels/"+forum.ID+"/threads", o("name", "Talks", "applied_tags", tags, "message", o("content", content)))
	}
	if a := post(text(2001)); !strings.Contains(a.nested("message/content"), "2000") {
		t.Errorf("a long message: %s", a.text)
	}
	if a := post("x", "1"); a.code() != badForm {
		t.Errorf("no such tag: %s", a.text)
	}
	forum.RequireTag()
	if a := post("x"); a.code() != limits.TagRequired {
		t.Errorf("no tag: %s", a.text)
	}
	a := post("Talks in Oman", forum.Tags()[0].ID)
	posts := forum.Threads()
	if a.status != 201 || len(posts) != 1 || posts[0].Tags()[0].Name != "Urgent" || posts[0].Messages()[0].ID != a.id() {
		t.Errorf("%d %s", a.status, a.text)
	}
	send(t, s, "PATCH /channels/"+a.id(), o("applied_tags", []any{forum.Tags()[1].ID}, "name", "Calm talks"))
	if got := posts[0]; got.Tags()[0].Name != "Calm" || got.Name() != "Calm talks" {
		t.Errorf("changed to %v %s", got.Tags(), got.Name())
	}
	const want = `tensionwatch → #news: Talks
tensionwatch starts a thread: Talks
    ↳ tensionwatch → #news › Talks: more
    ↳ tensionwatch → #alerts › Talks: Talks in Oman
`
	if got := s.Transcript(); got != want {
		t.Errorf("got:\n%s", got)
	}
	if got := forum.Transcript(); !strings.Contains(got, "Talks in Oman") || strings.Contains(got, "more") {
		t.Errorf("of the forum:\n%s", got)
	}
}

// TestOneEmbedOfAURL is the row "embeds deduped by URL".
func TestOneEmbedOfAURL(t *testing.T) {
	s := New(t)
	news := s.Guild("G1", "Desk").Channel("news")
	same := func(title string) any { return o("title", title, "url", "https://a.example") }
	send(t, s, "POST /channels/"+news.ID+"/messages", o("embeds", []any{same("first"), same("second"), o("title", "third")}))
	if got := news.Messages()[0].Rendered(); strings.Contains(got, "second") || !strings.Contains(got, "third") {
		t.Error(got)
	}
}

// TestNovelties asserts that a component which nobody knows is shown, and not kept.
func TestNovelties(t *testing.T) {
	s := New(t)
	news := s.Guild("G1", "Desk").Channel("news")
	s.ShowNovelties(true)
	if a := send(t, s, "POST /channels/"+news.ID+"/messages", o("content", "x")); !strings.Contains(a.text, `"type":7777`) {
		t.Error(a.text)
	}
	if got := string(news.Messages()[0].Components); got != "[]" {
		t.Error(got)
	}
}
