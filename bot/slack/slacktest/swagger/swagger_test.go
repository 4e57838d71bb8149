package swagger

import (
	"slices"
	"strings"
	"testing"
)

const document = `{"paths":{
	"/chat.update":{"post":{"parameters":[
		{"name":"token","in":"header","type":"string","required":true},
		{"name":"channel","in":"formData","type":"string","required":true},
		{"name":"ts","in":"formData","type":"string","required":true},
		{"name":"as_user","in":"formData","type":"boolean"}]}},
	"/conversations.history":{"get":{"parameters":[
		{"name":"limit","in":"query","type":"integer"},
		{"name":"oldest","in":"query","type":"number"}]}}}}`

func TestCheck(t *testing.T) {
	d, err := Read(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		method string
		args   map[string]string
		wrong  []string
	}{
		{"chat.update", map[string]string{"channel": "C1", "ts": "1.2", "as_user": "true", "metadata": "{}"}, nil},
		{"chat.update", map[string]string{"channel": "C1", "as_user": "yes", "tx": "1"}, []string{
			"chat.update does not know tx", "chat.update lacks ts", `chat.update: as_user is no boolean: "yes"`,
		}},
		{"conversations.history", map[string]string{"limit": "10", "oldest": "1700000000.000001"}, nil},
		{"conversations.history", map[string]string{"limit": "ten", "oldest": "now"}, []string{
			`conversations.history: limit is no integer: "ten"`, `conversations.history: oldest is no number: "now"`,
		}},
		{"chat.shout", nil, []string{"no such method: chat.shout"}},
	} {
		if got := d.Check(row.method, row.args); !slices.Equal(got, row.wrong) {
			t.Errorf("%s %v: %q", row.method, row.args, got)
		}
	}
}

// TestCorpus asserts that the document has the methods that a bot calls.
func TestCorpus(t *testing.T) {
	d := Corpus(t, "../../../../../shared/data")
	for method, args := range map[string]map[string]string{
		"chat.postMessage": {"channel": "C1", "text": "x", "unfurl_links": "false", "metadata": "{}"},
		"views.publish":    {"user_id": "U1", "view": "{}"},
		"users.info":       {"user": "U1"},
	} {
		if wrong := d.Check(method, args); len(wrong) > 0 {
			t.Error(wrong)
		}
	}
	if d.Knows("apps.connections.open") {
		t.Error("the document is newer than 2021: look at since again")
	}
}
