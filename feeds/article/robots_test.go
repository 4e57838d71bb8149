package article

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestRobots(t *testing.T) {
	for _, c := range []struct {
		name, text string
		yes, no    string // paths
	}{
		{"empty", "", "/ /a /a?b=c", ""},
		{"everybody", "User-agent: *\nDisallow: /private\n", "/ /priv /Private", "/private /private/a"},
		{"nothing", "User-agent: *\nDisallow:\n", "/ /a", ""},
		{"all", "User-agent: *\nDisallow: /\n", "", "/ /a"},
		{"named", "User-agent: *\nDisallow: /\n\nUser-agent: TensionWatch\nDisallow: /a\n", "/b", "/a"},
		{"version", "User-agent: tensionwatch/2.0\nDisallow: /a\n", "/b", "/a"},
		{"longer name", "User-agent: tensionwatcher\nDisallow: /\n", "/a", ""},
		{"others", "User-agent: googlebot\nDisallow: /\n", "/a", ""},
		{"two names", "User-agent: x\nUser-agent: tensionwatch\nDisallow: /a\n", "/b",
			"/a"},
		{"groups of one name", "User-agent: tensionwatch\nDisallow: /a\nUser-agent: x\nDisallow: /c\n" +
			"User-agent: tensionwatch\nDisallow: /b\n", "/c", "/a /b"},
		{"longest", "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\n", "/a/b /a/b/d",
			"/a/x /a/b/c"},
		{"tie", "User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", ""},
		{"stars", "User-agent: *\nDisallow: /*/print\nDisallow: *.pdf$\n", "/print /a.pdfx",
			"/a/print/b /x/a.pdf"},
		{"end", "User-agent: *\nDisallow: /a$\nDisallow: /b*c$\n", "/ab /bcd", "/a /bc /bxc /bccc"},
		{"star at the end", "User-agent: *\nDisallow: /a*\n", "/b", "/a /abc"},
		{"query", "User-agent: *\nDisallow: /*?print=\n", "/a", "/a?print=1"},
		{"escapes", "User-agent: *\nDisallow: /%7ejoe\nDisallow: /ب\nDisallow: /a%2fb\n", "/a/b",
			"/~joe /%D8%A8 /%d8%a8 /a%2Fb"},
		{"form", "\ufeffUSER-AGENT : *  # who\r\ndisallow:/a#b\r\n", "/b", "/a"},
		{"old line ends", "User-agent: *\rDisallow: /a\r", "/b", "/a"},
		{"sitemap between", "User-agent: x\nSitemap: https://a.example/s.xml\nUser-agent: *\n" +
			"Disallow: /a\n", "/b", "/a"},
		{"delay ends names", "User-agent: *\nCrawl-delay: 5\nUser-agent: x\nDisallow: /\n", "/a", ""},
		{"rule before a group", "Disallow: /\nUser-agent: *\nDisallow: /a\n", "/b", "/a"},
		{"not robots", "<!DOCTYPE html><html><body>Disallow: /</body></html>", "/a", ""},
	} {
		rules := parseRobots([]byte(c.text))
		for _, path := range strings.Fields(c.yes) {
			if !rules.allows(at(t, path)) {
				t.Errorf("%s: %s is disallowed", c.name, path)
			}
		}
		for _, path := range strings.Fields(c.no) {
			if rules.allows(at(t, path)) {
				t.Errorf("%s: %s is allowed", c.name, path)
			}
		}
	}
}

func at(t testing.TB, path string) *url.URL {
	t.Helper()
	u, err := url.Parse("https://news.example" + path)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCrawlDelay(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"User-agent: *\nCrawl-delay: 2.5\n":                                 2500 * time.Millisecond,
		"User-agent: *\nCrawl-delay: 9\nUser-agent: tensionwatch\nAllow: /": 0,
		"User-agent: *\nCrawl-delay: 1e300\n":                               maxDelay,
		"User-agent: *\nCrawl-delay: -1\n":                                  0,
		"User-agent: *\nCrawl-delay: NaN\n":                                 0,
		"User-agent: *\nCrawl-delay: soon\n":                                0,
		"User-agent: bingbot\nCrawl-delay: 10\n":                            0,
	} {
		if got := parseRobots([]byte(text)).delay; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestLongRobots: what stands beyond the limit is not read, and the line at the limit is not
// mistaken for a shorter one.
func TestLongRobots(t *testing.T) {
	head := "User-agent: *\nDisallow: /a\n"
	comment := "#" + strings.Repeat("x", maxRobots-len(head)-len("#\nDisallow: /")) + "\n"
	rules := parseRobots([]byte((head + comment + "Disallow: /private\n")[:maxRobots]))
	if !rules.allows(at(t, "/b")) || rules.allows(at(t, "/a")) {
		t.Errorf("%+v", rules)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%7e\nCrawl-delay: 3\n", "/a%2fb?c=d")
	f.Fuzz(func(t *testing.T, text, path string) {
		u, err := url.Parse("https://news.example/" + strings.TrimLeft(path, "/"))
		if err != nil {
			t.Skip()
		}
		rules := parseRobots([]byte(text))
		rules.allows(u)
		if e := escaped(path); e != escaped(e) {
			t.Errorf("escaping %q twice gives %q", e, escaped(e))
		}
		if rules.delay < 0 || rules.delay > maxDelay {
			t.Errorf("a delay of %v", rules.delay)
		}
	})
}
