package fetch

import (
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ link, want string }{
		{"https://example.com/feed", "https://example.com/feed"},
		{"https://user:hunter2@example.com/feed?x=1#f", "https://example.com/feed?x=1"},
		{"https://example.com?key=hunter2&q=a&API_KEY=hunter2", "https://example.com?key=***&q=a&API_KEY=***"},
		{"https://example.com?access_token=hunter2&keyword=oman",
			"https://example.com?access_token=***&keyword=oman"},
		{"https://example.com?sig=hunter2;x", "https://example.com?sig=***"},
		{"user:hunter2@example.com/feed?x", "example.com/feed"},
		{"https://user:hunter2@exa mple.com/?key=hunter2", "exa mple.com/"},
		{"://user:hunter2@", ""},
	} {
		got := Redact(c.link)
		if got != c.want || strings.Contains(got, "hunter2") {
			t.Errorf("Redact(%q) = %q, want %q", c.link, got, c.want)
		}
	}
}
