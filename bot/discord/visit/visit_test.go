package visit

import (
	"maps"
	"slices"
	"testing"
)

const who = `"member":{"user":{"id":"7","username":"anna","global_name":"Anna"},"nick":null,` +
	`"roles":["8","9"],"permissions":"16"},"guild_id":"1","channel_id":"2","channel":{"id":"2","name":"news"},` +
	`"app_permissions":"19456","id":"5","token":"t","application_id":"6"`

func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		in   string
		want func(Visit) bool
	}{
		"ping": {`{"type":1,"id":"5"}`, func(v Visit) bool { return v.Kind == Ping }},
		"command": {`{"type":2,` + who + `,"data":{"type":1,"name":"tension","options":[{"type":2,"name":"feed",` +
			`"options":[{"type":1,"name":"add","options":[{"type":3,"name":"url","value":"https://a.example"}]}]}]}}`,
			func(v Visit) bool {
				return v.Kind == Command && v.Command == "feed add" && v.Args["url"] == "https://a.example" &&
					v.Guild == "1" && v.Channel == "2" && v.ChannelName == "news" && v.User == "7" && v.Name == "Anna" &&
					v.MayPost
			}},
		"numbers": {`{"type":2,` + who + `,"data":{"type":1,"name":"tension","options":[{"type":1,"name":"policy",` +
			`"options":[{"type":4,"name":"min-publishers","value":3}]}]}}`,
			func(v Visit) bool { return v.Command == "policy" && v.Args["min-publishers"] == "3" }},
		"completion": {`{"type":4,` + who + `,"data":{"type":1,"name":"tension","options":[{"type":1,"name":"unwatch",` +
			`"options":[{"type":3,"name":"name","value":"om","focused":true}]}]}}`,
			func(v Visit) bool { return v.Kind == Completion && v.Args["name"] == "?" && v.Typed == "om" }},
		"on a message": {`{"type":2,` + who + `,"data":{"type":3,"name":"Why this alert?","target_id":"33",` +
			`"resolved":{"messages":{"33":{"components":[{"type":99}]}}}}}`,
			func(v Visit) bool { return v.Kind == Shortcut && v.Post == "33" && v.Says == "why" }},
		"button on a message with unknown components": {`{"type":3,` + who + `,"message":{"id":"33","components":` +
			`[{"type":99,"components":[{"type":98,"new":{}}]}],"embeds":[{"type":"new"}]},"data":{"custom_id":"list 2","component_type":2}}`,
			func(v Visit) bool { return v.Kind == Press && v.Says == "list 2" && v.Post == "33" && !v.Ask }},
		"menu": {`{"type":3,` + who + `,"message":{"id":"33"},"data":{"custom_id":"menu:2","component_type":3,"values":["snooze oman 1h"]}}`,
			func(v Visit) bool { return v.Says == "snooze oman 1h" }},
		"form": {`{"type":5,` + who + `,"data":{"custom_id":"form:1","components":[{"type":18,"component":{"type":4,` +
			`"custom_id":"rule","value":"Oman"}},{"type":1,"components":[{"type":4,"custom_id":"name","value":"x"}]},{"type":10}]}}`,
			func(v Visit) bool {
				return v.Kind == Submission && v.Form == "form:1" && maps.Equal(v.Made, map[string]string{"rule": "Oman", "name": "x"})
			}},
		"between two": {`{"type":2,"id":"5","channel_id":"2","user":{"id":"7","username":"anna"},"data":{"type":1,"options":[]}}`,
			func(v Visit) bool { return v.User == "7" && v.Name == "anna" && v.Guild == "" && !v.MayPost }},
		"of a new kind": {`{"type":77,` + who + `}`, func(v Visit) bool { return v.Kind == Nothing }},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Read([]byte(test.in))
			if err != nil || !test.want(v) {
				t.Errorf("%+v, %v", v, err)
			}
		})
	}
	if _, err := Read([]byte("{")); err == nil {
		t.Error("read what is no JSON")
	}
}

func TestRights(t *testing.T) {
	bits, roles := ReadRights(WriteRights("16", []string{"8", "9"}))
	if bits != ManageChannels || !slices.Equal(roles, []string{"8", "9"}) {
		t.Errorf("%d %q", bits, roles)
	}
	if bits, roles := ReadRights(""); bits != 0 || roles != nil {
		t.Errorf("%d %q", bits, roles)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"type":2,` + who + `}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		if v, err := Read(payload); err != nil && v.Kind != Nothing {
			t.Errorf("%+v, %v", v, err)
		}
	})
}
