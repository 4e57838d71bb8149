package syndication

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

const atSite = "https://news.example/world/"

// declaredFeed is a feed as a page declares it.
func declaredFeed(kind, href, title string) string {
	return `<link rel="alternate" type="` + kind + `" href="` + href + `" title="` + title + `">`
}

func TestDiscover(t *testing.T) {
	const rss, atom = "application/rss+xml", "application/atom+xml"
	for _, c := range []struct{ name, page, want string }{
		{"declared", declaredFeed(rss, "/feed", "News"), "https://news.example/feed"},
		{"relative", declaredFeed(atom, "feed.atom", ""), "https://news.example/world/feed.atom"},
		{"elsewhere", declaredFeed(rss, "//feeds.other.example/n", ""), "https://feeds.other.example/n"},
		{"base", `<base href="/en/"><base href="/fa/">` + declaredFeed(rss, "rss", ""),
			"https://news.example/en/rss"},
		{"base behind it", declaredFeed(rss, "rss", "") + `<base href="https://a.example/b/">`,
			"https://a.example/b/rss"},
		{"a base that is none", `<base href="javascript:x">` + declaredFeed(rss, "rss", ""),
			"https://news.example/world/rss"},
		{"JSON", declaredFeed("application/feed+json", "/feed.json", ""),
			"https://news.example/feed.json"},
		{"any case, no quotes", `<LINK REL=Alternate TYPE="Application/RSS+XML; charset=utf-8" HREF=/f>`,
			"https://news.example/f"},
		{"rel=feed", `<link rel="feed home" href="/f">`, "https://news.example/f"},
		{"entities", declaredFeed(rss, "/f?a=1&amp;b=2#top", ""), "https://news.example/f?a=1&b=2"},
		{"no feeds", declaredFeed("application/json", "/wp-json/1", "") +
			declaredFeed("text/html", "/fa", "") +
			`<link rel="alternate stylesheet" type="text/xml" href="/a">` +
			`<link rel=stylesheet href=/feed.css><link rel=alternate>` +
			declaredFeed("text/xml+oembed", "/oembed", ""), ""},
		{"comments last", declaredFeed(rss, "/comments/feed", "Comments") +
			declaredFeed(rss, "/p/feed", "A post » Comments Feed") + declaredFeed(rss, "/feed", "") +
			`<a href="/rss.xml">`, "https://news.example/feed https://news.example/rss.xml " +
			"https://news.example/comments/feed https://news.example/p/feed"},
		{"links that look so", `<a href=/rss>a</a><a href="/x/atom.xml">b</a><a href="?feed=rss2">c</a>` +
			`<a href="https://www.news.example/a.rss"><a href=/news/feed/?x=1>`,
			"https://news.example/rss https://news.example/x/atom.xml " +
				"https://news.example/world/?feed=rss2 https://www.news.example/a.rss " +
				"https://news.example/news/feed/?x=1"},
		{"links that do not", `<a href=/feedback>a</a><a href=/sitemap.xml>b</a>` +
			`<a href="https://other.example/rss">c</a><a href="mailto:rss@news.example">d</a><a>e</a>` +
			`<a href="/article?id=rss">f</a>`, ""},
		{"once", declaredFeed(rss, "/feed", "") + declaredFeed(atom, "/feed#2", "") + `<a href=/feed>`,
			"https://news.example/feed"},
		{"not itself", declaredFeed(rss, "", "") + declaredFeed(rss, "#", "") +
			declaredFeed(rss, atSite, ""), ""},
		{"not http", declaredFeed(rss, "feed:1", "") + declaredFeed(rss, "javascript:rss", "") +
			declaredFeed(rss, "file:///etc/rss", ""), ""},
		{"no secrets", declaredFeed(rss, "https://user:pass@news.example/feed", ""),
			"https://news.example/feed"},
		{"unseen", `<!-- ` + declaredFeed(rss, "/a", "") + ` --><script>'` +
			declaredFeed(rss, "/b", "") + `'</script>`, ""},
	} {
		var got []string
		for _, found := range Discover([]byte("<!doctype html><html>"+c.page), "text/html", atSite) {
			got = append(got, found.URL)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, s, c.want)
		}
	}
}

// TestDiscoverBounds: a page of nothing but feeds is not read for ever.
func TestDiscoverBounds(t *testing.T) {
	page := strings.Repeat(`<a href=/rss>`, maxLinks/2) + strings.Repeat(`<a href="x/`, 20_000)
	for i := range 26 {
		page = `<a href="/` + string(rune('a'+i)) + `.rss">` + page
	}
	if got := Discover([]byte(page), "", atSite); len(got) != maxCandidates {
		t.Errorf("%d candidates", len(got))
	}
	page = strings.Repeat(`<a href=/article>`, 10*maxLinks) + `<a href=/rss>`
	if got := Discover([]byte(page), "", atSite); len(got) != 1 {
		t.Errorf("behind many other links: %d candidates", len(got))
	}
}

// TestDiscoverTitles: a page's own charset is read, wherever it is declared.
func TestDiscoverTitles(t *testing.T) {
	const title = "Новости дня"
	encoding, _ := charset.Lookup("windows-1251")
	link := declaredFeed("application/rss+xml", "/f", title)
	for header, page := range map[string]string{
		"text/html":                       `<html><meta charset="windows-1251">` + link,
		"text/html; charset=windows-1251": `<html>` + link,
	} {
		body, err := encoding.NewEncoder().String(page)
		if err != nil {
			t.Fatal(err)
		}
		want := []Candidate{{"https://news.example/f", title, "application/rss+xml"}}
		if got := Discover([]byte(body), header, atSite); !slices.Equal(got, want) {
			t.Errorf("%s: %+v", header, got)
		}
	}
}

func TestIsPage(t *testing.T) {
	for body, want := range map[string]bool{
		"<!doctype html><p>Hello": true, "<html><body>": true, "": false, "Hello": false,
		"<urlset/>": false, "<rss><channel>": false,
		"<html><body>" + strings.Repeat("<img src=a><br>", 5_000): true,
	} {
		if _, err := Read([]byte(body), "", ""); IsPage(err) != want {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		" BBC\n News ":              "BBC News",
		"Tom &amp;amp; Jerry":       "Tom & Jerry",
		"&lt;b&gt;News&lt;/b&gt;":   "News",
		"News <World> & 3 < 5":      "News <World> & 3 < 5",
		"a\u202eb\x1b[31m &abcdef;": "ab[31m &abcdef;",
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzDiscover asserts what [Candidate] promises, whatever the page.
func FuzzDiscover(f *testing.F) {
	for _, page := range []string{
		declaredFeed("application/rss+xml", "/feed", "A &amp;amp; B"), `<base href="//x"><a href=rss>`,
		"<a href='http://\x00@[::1]/rss'>", "\xff\xfe<\x00a\x00", `<meta charset=utf-16><a href=/rss`,
		"<link rel=feed href='http://a:b@c/%zz?\u00fc#x'>",
	} {
		f.Add([]byte(page), "text/html", atSite)
	}
	f.Fuzz(func(t *testing.T, page []byte, contentType, base string) {
		found := Discover(page, contentType, base)
		if len(found) > maxCandidates {
			t.Errorf("%d candidates", len(found))
		}
		seen := map[string]bool{}
		for _, c := range found {
			checkLink(t, c.URL)
			checkText(t, c.Title, maxName)
			if c.URL == "" || c.URL == base || seen[c.URL] {
				t.Errorf("%q stands twice, is empty or the page itself", c.URL)
			}
			if Name(c.Title) != c.Title {
				t.Errorf("the name of %q is %q", c.Title, Name(c.Title))
			}
			seen[c.URL] = true
		}
	})
}
