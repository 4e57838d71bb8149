package spec

import "testing"

// TestCorpus asserts that the document takes what a bot sends, and finds what is wrong with it.
func TestCorpus(t *testing.T) {
	d := Corpus(t, "../../../../../shared/data")
	for _, row := range []struct {
		name, method, path, body string
		good                     bool
	}{
		{"a text", "POST", "/channels/{channel_id}/messages", `{"content":"x","nonce":"a","enforce_nonce":true}`, true},
		{"nulls", "POST", "/api/v10/channels/1/messages", `{"content":"x","embeds":null,"components":null,"sticker_ids":null}`, true},
		{"a card", "POST", "/channels/1/messages", `{"embeds":[{"title":"x","color":1,"fields":[{"name":"a","value":"b"}]}],"components":[{"type":1,"components":[{"type":2,"style":2,"label":"x","custom_id":"a"}]}],"allowed_mentions":{"parse":[]}}`, true},
		{"mentions", "POST", "/channels/1/messages", `{"content":"x","allowed_mentions":{"parse":["all"]}}`, false},
		{"a number as text", "POST", "/channels/1/messages", `{"content":1}`, false},
		{"a long nonce", "POST", "/channels/1/messages", `{"content":"x","nonce":"12345678901234567890123456"}`, false},
		{"a component of no kind", "POST", "/channels/1/messages", `{"components":[{"type":77}]}`, false},
		{"an answer", "POST", "/interactions/1/abc/callback", `{"type":4,"data":{"content":"x","flags":64}}`, true},
		{"choices", "POST", "/interactions/1/abc/callback", `{"type":8,"data":{"choices":[{"name":"a","value":"b"}]}}`, true},
		{"a window", "POST", "/interactions/1/abc/callback", `{"type":9,"data":{"custom_id":"a","title":"x","components":[{"type":1,"components":[{"type":4,"custom_id":"b","label":"x","style":1}]}]}}`, true},
		{"an answer of no kind", "POST", "/interactions/1/abc/callback", `{"type":99}`, false},
		{"an edit", "PATCH", "/webhooks/1/abc/messages/@original", `{"content":"x"}`, true},
		{"commands", "PUT", "/applications/1/commands", `[{"name":"tension","description":"x","options":null}]`, true},
		{"a command without a name", "PUT", "/applications/1/commands", `[{"description":"x"}]`, false},
		{"a post of a forum", "POST", "/channels/1/threads", `{"name":"x","applied_tags":["1"],"message":{"content":"x"}}`, true},
		{"no such path", "POST", "/shout", `{}`, false},
		{"no body", "GET", "/channels/1/messages", ``, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := d.Check(row.method, row.path, []byte(row.body)); (err == nil) != row.good {
				t.Errorf("good %v, want %v: %v", err == nil, row.good, err)
			} else if err != nil {
				t.Log(err)
			}
		})
	}
}
