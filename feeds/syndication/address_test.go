package syndication

import (
	"testing"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ link, want string }{
		{"https://example.com/a", "https://example.com/a"},
		{"HTTP://WWW.Example.COM:80/a/", "https://example.com/a"},
		{"https://example.com:443", "https://example.com"},
		{"https://example.com:8443/", "https://example.com:8443"},
		{"https://example.com./a#part", "https://example.com/a"},
		{"https://user:pass@example.com/a", "https://example.com/a"},
		{"https://example.com?b=2&utm_source=x&a=1&fbclid=y&a=0", "https://example.com?a=1&a=0&b=2"},
		{"https://example.com/a?UTM_Medium=x&gclid=1&at_medium=RSS", "https://example.com/a"},
		{"https://example.com/a?from=rss", "https://example.com/a"},
		{"https://example.com/s?msid=7&id=1&gid=3", "https://example.com/s?gid=3&id=1&msid=7"},
		{"https://example.com/?p=12", "https://example.com?p=12"},
		{"https://example.com/Case/%D8%B4", "https://example.com/Case/%D8%B4"},
		{"https://example.com/شمخانی", "https://example.com/%D8%B4%D9%85%D8%AE%D8%A7%D9%86%DB%8C"},
		{"http://[::1]:8080/a", "https://[::1]:8080/a"},
		{"/a", ""},
		{"mailto:a@example.com", ""},
		{"javascript:alert(1)", ""},
		{"https://", ""},
		{"", ""},
	} {
		if got := Canonical(c.link); got != c.want {
			t.Errorf("Canonical(%q) = %q, want %q", c.link, got, c.want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, link := range []string{
		"http://www.example.com:80/a/?b=1&a=%zz#x", "https://[::1]/", "https://a/;x?%",
		"https://www.www.a.:1/%2f//", "http://ü/?q=ü&&=", "https://a?1&2",
	} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		once := Canonical(link)
		if twice := Canonical(once); twice != once {
			t.Errorf("%q becomes %q, then %q", link, once, twice)
		}
	})
}
