package places

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// all is what the bot needs, as Discord writes it.
const all = "19456" // 1<<10 | 1<<11 | 1<<14

func told(everyone, exceptions string) string {
	return fmt.Sprintf(`{"id":"1","roles":[{"id":"1","permissions":%q},{"id":"5","permissions":"0"}],`+
		`"members":[{"user":{"id":"9"},"roles":["5"]}],"channels":[{"id":"2","type":0,"name":"news",`+
		`"permission_overwrites":[%s]},{"id":"3","type":4,"name":"a category"}]}`, everyone, exceptions)
}

// TestPermissions asserts that what the bot may do is worked out as Discord does.
func TestPermissions(t *testing.T) {
	for name, test := range map[string]struct {
		everyone, exceptions string
		may                  bool
	}{
		"all":                    {all, "", true},
		"none":                   {"0", "", false},
		"administrator":          {"8", `{"id":"1","allow":"0","deny":"2048"}`, true},
		"denied to all":          {all, `{"id":"1","allow":"0","deny":"2048"}`, false},
		"… but not to a role":    {all, `{"id":"1","allow":"0","deny":"2048"},{"id":"5","allow":"2048","deny":"0"}`, true},
		"denied to a role":       {all, `{"id":"5","allow":"0","deny":"1024"}`, false},
		"… but not to us":        {all, `{"id":"5","allow":"0","deny":"1024"},{"id":"9","allow":"1024","deny":"0"}`, true},
		"denied to others":       {all, `{"id":"77","allow":"0","deny":"1024"}`, true},
		"denied to us":           {all, `{"id":"9","allow":"0","deny":"16384"}`, false},
		"a right of another one": {"1024", `{"id":"9","allow":"18432","deny":"0"}`, true},
	} {
		m := New()
		mustTake(t, m, "READY", `{"user":{"id":"9"}}`)
		got := mustTake(t, m, "GUILD_CREATE", told(test.everyone, test.exceptions))
		if may := len(got) == 1; may != test.may {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func mustTake(t *testing.T, m *Map, name, data string) []Change {
	t.Helper()
	got, err := m.Take(name, json.RawMessage(data))
	if err != nil {
		t.Fatal(name, err)
	}
	return got
}

// TestStory follows a channel through what can become of it.
func TestStory(t *testing.T) {
	m := New()
	for _, step := range []struct{ event, data, want string }{
		{"READY", `{"user":{"id":"9"}}`, ""},
		{"GUILD_CREATE", told(all, ""), "2 news: "},
		{"MESSAGE_CREATE", `{}`, ""},
		{"CHANNEL_UPDATE", `{"id":"2","guild_id":"1","type":0,"name":"world","permission_overwrites":[]}`, "2 world: "},
		{"GUILD_ROLE_UPDATE", `{"guild_id":"1","role":{"id":"1","permissions":"1024"}}`, "2 world: " + forbidden},
		{"GUILD_ROLE_UPDATE", `{"guild_id":"1","role":{"id":"5","permissions":"` + all + `"}}`, "2 world: "},
		{"GUILD_MEMBER_UPDATE", `{"guild_id":"1","user":{"id":"8"},"roles":[]}`, ""},
		{"GUILD_MEMBER_UPDATE", `{"guild_id":"1","user":{"id":"9"},"roles":[]}`, "2 world: " + forbidden},
		{"GUILD_DELETE", `{"id":"1","unavailable":true}`, ""},
		{"GUILD_DELETE", `{"id":"1"}`, "2 world: " + removed},
		{"GUILD_CREATE", told(all, ""), "2 news: "},
		{"CHANNEL_DELETE", `{"id":"2","guild_id":"1","name":"news"}`, "2 news: " + deleted},
		{"GUILD_DELETE", `{"id":"1"}`, ""},
	} {
		var got []string
		for _, c := range mustTake(t, m, step.event, step.data) {
			got = append(got, c.Channel+" "+c.Name+": "+c.Away)
		}
		slices.Sort(got)
		if strings.Join(got, "; ") != step.want {
			t.Errorf("%s: %q, want %q", step.event, got, step.want)
		}
	}
}
