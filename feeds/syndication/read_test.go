package syndication

import (
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"github.com/tensionwatch/tensionwatch/feeds/mend"
)

// wrap makes a feed of one item.
func wrap(item string) string {
	return "<rss><channel><item>" + item + "</item></channel></rss>"
}

// TestRead reads one document in each format: where they say the same, what is read is the same.
func TestRead(t *testing.T) {
	want := Document{
		Title: "News & more", Link: "https://news.example/en/", Lang: "en-US",
		Entries: []Entry{{
			GUID: "g1", Link: "https://news.example/en/1", Title: "Talks in Muscat",
			Text: "They met for two hours.", Categories: []string{"World"},
			Published: time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC),
		}},
	}
	const body = "&lt;p&gt;They met for &lt;b&gt;two&lt;/b&gt; hours.&lt;/p&gt;"
	for name, text := range map[string]string{
		"RSS": `<rss version="2.0"><channel><title>News &amp;amp; more</title><link>/en/</link>` +
			`<language>en_us</language><item><guid>g1</guid><link>1</link>` +
			`<title>Talks  in Muscat</title><pubDate>Fri, 06 Feb 2026 11:00:00 +0300</pubDate>` +
			`<category>World</category><category> </category><description>They met.</description>` +
			`<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">` + body +
			`</content:encoded></item></channel></rss>`,
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">` +
			`<title type="html">News &amp;amp; more</title><link href="/en/"/><entry><id>g1</id>` +
			`<link href="/en/1"/><title>Talks in Muscat</title><category term="World"/>` +
			`<published>2026-02-06T08:00:00Z</published><content type="html">` + body +
			`</content></entry></feed>`,
		"JSON": `{"version":"https://jsonfeed.org/version/1.1","title":"News & more",` +
			`"home_page_url":"/en/","language":"EN-us","items":[{"id":"g1","url":"1",` +
			`"title":"Talks in Muscat","tags":["World"],"date_published":"2026-02-06T08:00:00Z",` +
			`"content_html":"` + html.UnescapeString(body) + `"}]}`,
	} {
		got, err := Read([]byte(text), "", "https://news.example/feed")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%+v %v, want\n%+v", name, got, err, want)
		}
	}
}

// TestSharedGUIDs: a GUID that unlike entries share names none of them; one that is only repeated
// still names its entry.
func TestSharedGUIDs(t *testing.T) {
	const entry = "<guid>%</guid><link>https://news.example/#</link><title>T#</title>"
	for name, c := range map[string]struct{ second, want string }{
		"shared":   {"2", ""},
		"repeated": {"1", "g"},
	} {
		item := strings.ReplaceAll(entry, "%", "g")
		first := strings.ReplaceAll(item, "#", "1")
		second := strings.ReplaceAll(item, "#", c.second)
		doc, err := Read([]byte(wrap(first+"</item><item>"+second)), "", "")
		if err != nil || len(doc.Entries) != 2 {
			t.Fatalf("%s: %+v %v", name, doc, err)
		}
		for _, e := range doc.Entries {
			if e.GUID != c.want {
				t.Errorf("%s: GUID %q, want %q", name, e.GUID, c.want)
			}
		}
	}
}

// TestEncodings: what is declared, wrongly declared or not declared at all is read as it was
// written.
func TestEncodings(t *testing.T) {
	const russian, persian = "Удар ракет ночью", "گزارش موشک"
	for _, c := range []struct{ written, header, inside, lang, title string }{
		{"utf-8", "", "", "", russian},
		{"utf-8", "text/xml; charset=windows-1251", "iso-8859-1", "", persian},
		{"utf-16le", "text/xml; charset=utf-8", "", "", persian},
		{"utf-16be", "", "utf-8", "", russian},
		{"koi8-r", "text/xml; charset=koi8-r", "", "", russian},
		{"koi8-r", "text/xml; charset=iso-8859-1", "koi8-r", "", russian},
		{"windows-1251", "", "windows-1251", "", russian},
		{"windows-1251", "", "utf-8", "ru", russian},
		{"windows-1252", "", "", "", "Café à Malmö"},
	} {
		text := wrap("<title>" + c.title + "</title>")
		text = strings.Replace(text, "<item>", "<language>"+c.lang+"</language><item>", 1)
		if c.inside != "" {
			text = `<?xml version="1.0" encoding="` + c.inside + `"?>` + text
		}
		encoding, _ := charset.Lookup(c.written)
		body, err := encoding.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Read([]byte(body), c.header, "")
		if err != nil || doc.Entries[0].Title != c.title {
			t.Errorf("%+v: read as %+v, %v", c, doc, err)
		}
	}
}

// TestNoFeed reads bodies that are no whole feed: none is taken in part, each has its reason.
func TestNoFeed(t *testing.T) {
	for text, want := range map[string]error{
		" \n\ufeff": errEmpty,
		"<!doctype html><html lang=en><body>Hello</body></html>": errHTML,
		"Service unavailable":                                    errUnknown,
		`{"error": "not found"}`:                                 errUnknown,
		`{"version": "https://jsonfeed.org/version/1", "items":`: errCutOff,
		wrap("<guid>1</guid>")[:36]:                              errCutOff,
	} {
		doc, err := Read([]byte(text), "", "")
		if err != want || doc.Entries != nil {
			t.Errorf("%q: %+v, %v, want %v", text, doc, err, want)
		}
	}
	_, err := Read([]byte("<urlset/>"), "", "")
	if err == nil || !strings.Contains(err.Error(), "<urlset>") {
		t.Errorf("the error does not name the root: %v", err)
	}
}

// TestTruncated cuts documents off at each byte: what is read is always a beginning of the
// entries of the whole, never less than what was whole before, and it says that it is cut.
func TestTruncated(t *testing.T) {
	for name, whole := range map[string]string{
		"RSS": `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>` +
			`<item><guid>1</guid><title>One & more</title></item>` +
			`<item><guid>2</guid><description><![CDATA[<p>Two</p>]]></description></item>` +
			`<item><guid>3</guid><title>Three</title></item></channel></rss>`,
		"RDF": `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" ` +
			`xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel>` +
			`<item><title>One</title></item><item><title>Two</title></item></rdf:RDF>`,
		"Atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>` +
			`<entry><id>1</id><title>One</title></entry><entry><id>2</id>` +
			`<content type="xhtml"><div>Two<br/></div></content></entry></feed>`,
		"JSON": `{"version":"https://jsonfeed.org/version/1","title":"T","items":[` +
			`{"id":"1","title":"{One}"},{"id":"2","tags":["a","b"]},{"id":"3"}]}`,
	} {
		all, err := Read([]byte(whole), "", "")
		if err != nil || all.Truncated || len(all.Entries) < 2 {
			t.Fatalf("%s: %+v %v", name, all, err)
		}
		before := 0
		for n := range len(whole) {
			doc, err := Read([]byte(whole[:n]), "", "")
			if err != nil && before == 0 {
				continue
			}
			got := len(doc.Entries)
			if err != nil || !doc.Truncated || got < before || got > len(all.Entries) ||
				!reflect.DeepEqual(doc.Entries, all.Entries[:got]) {
				t.Fatalf("%s cut at %d: %+v %v", name, n, doc, err)
			}
			before = got
		}
		if before != len(all.Entries) {
			t.Errorf("%s: %d entries at last", name, before)
		}
	}
}

func TestByline(t *testing.T) {
	for _, c := range []struct {
		authors []string
		want    string
	}{
		{nil, ""},
		{[]string{"Sara Ahmadi"}, "Sara Ahmadi"},
		{[]string{"sara@news.example (Sara Ahmadi)"}, "Sara Ahmadi"},
		{[]string{"Sara Ahmadi (sara@news.example)"}, "Sara Ahmadi"},
		{[]string{"Sara Ahmadi <sara@news.example>"}, "Sara Ahmadi"},
		{[]string{"mailto:sara@news.example"}, "mailto:sara@news.example"},
		{[]string{"<b>Sara</b>", " ", "Omid &amp; Ali", "Sara"}, "Sara, Omid & Ali"},
		{[]string{strings.Repeat("a", 300), "b"}, strings.Repeat("a", maxName)},
	} {
		if got := byline(c.authors...); got != c.want {
			t.Errorf("byline(%q) = %q, want %q", c.authors, got, c.want)
		}
	}
}

// TestHostileXML reads documents that are small and ruinous to a parser that trusts them.
func TestHostileXML(t *testing.T) {
	var prefixes strings.Builder
	for i := range 1000 {
		prefixes.WriteString(` xmlns:` + strings.Repeat("a", i+1) + `="x"`)
	}
	for name, text := range map[string]string{
		"nesting":  wrap(strings.Repeat("<x:a>", 500_000)),
		"disguise": wrap("\x01" + strings.Repeat("<x:a b='/>'>", 500_000)),
		"second":   wrap(`<?xml encoding="koi8-r"?>` + strings.Repeat("<x:a>", 500_000)),
		"prefixes": "<rss" + prefixes.String() + ">" + wrap("") + "</rss>",
		"late DTD": wrap("<!DOCTYPE x [<!ENTITY a '&b;&b;'>]>"),
	} {
		_, err := Read([]byte(text), "", "")
		if err != mend.ErrNested && err != mend.ErrEntities {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTag(t *testing.T) {
	for declared, want := range map[string]string{
		"en": "en", "EN-us": "en-US", "fa_IR": "fa-IR", " ar ": "ar", "iw": "he",
		"zh-hant-tw": "zh-Hant-TW", "": "", "english": "", "und": "", "<b>": "",
	} {
		if got := tag(declared); got != want {
			t.Errorf("tag(%q) = %q, want %q", declared, got, want)
		}
	}
}

// FuzzRead asserts what [Document] promises, whatever the bytes, and that reading them takes no
// time to speak of.
func FuzzRead(f *testing.F) {
	for _, seed := range []struct{ body, contentType string }{
		{wrap("<title>&amp;lt;b&gt;\u202e</title><link>/a?ü</link>"), "text/xml; charset=koi8-r"},
		{`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><content type="xhtml">` +
			`<div>a</div></content></entry></feed>`, ""},
		{`{"version":"https://jsonfeed.org/version/1","items":[{"url":"http://a/\u0000",` +
			`"title":"\ud800"}]}`, "application/json"},
		{"\xff\xfe<\x00r\x00", "utf-16"},
		{"<?xml version='1.0' encoding='iso-2022-jp'?>" + wrap("<title>\x1b$B\x1b(B</title>"), ""},
		{"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + wrap("<title>&a;&nbsp;& <b</title>"), ""},
		{"<rdf:RDF xmlns='http://purl.org/rss/1.0/'><item rdf:about=x><dc:date>2026-02-06T08Z", ""},
		{"<feed xmlns='x'><title mode='base64'>PGI+</title><entry><author><name>a (b@c.de)", ""},
		{"PHP <br>" + wrap("<body><i>a</i> b</body><pubDate>6 فبراير 2026</pubDate>")[:60], ""},
		{"<rss><channel><ttl>1</ttl><skipHours><hour>24</hour></skipHours>" +
			"<sy:updatePeriod>hourly</sy:updatePeriod><item>&#0;</item>", ""},
		{`{"items":[{"id":1,"authors":[{"name":"a"}],},{"id":`, ""},
	} {
		f.Add([]byte(seed.body), seed.contentType)
	}
	for _, body := range smallFeeds(f) {
		f.Add(body, "")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		began := time.Now()
		doc, err := Read(body, contentType, "https://news.example/feed")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%d bytes took %v", len(body), took)
		}
		if err != nil && (doc.Title != "" || doc.Entries != nil) {
			t.Errorf("an error, and yet %+v", doc)
		}
		if len(doc.Entries)*len("<item/>") > len(body) {
			t.Errorf("%d entries from %d bytes", len(doc.Entries), len(body))
		}
		checkDocument(t, doc)
	})
}

// smallFeeds are real feeds of at most 16 KiB, if the corpus is here.
func smallFeeds(f *testing.F) (bodies [][]byte) {
	const archive = "feeds.tar.xz"
	if _, err := os.Stat(filepath.Join("..", "..", "..", "shared", "data", archive)); err != nil {
		f.Logf("the corpus %s is not here: seeds are only those written by hand", archive)
		return nil
	}
	err := filepath.WalkDir(corpus(f, archive), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".md") {
			return err
		}
		if body, err := os.ReadFile(path); err == nil && len(body) <= 16<<10 {
			bodies = append(bodies, body)
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return bodies
}

// checkDocument asserts what the fields of a document promise.
func checkDocument(t *testing.T, doc Document) {
	t.Helper()
	checkText(t, doc.Title, maxTitle)
	checkText(t, doc.Lang, len(doc.Lang))
	checkLink(t, doc.Link)
	r := doc.Rhythm
	if r.TTL < 0 || r.Period < 0 || len(r.SkipHours) > 24 || len(r.SkipDays) > 7 {
		t.Errorf("rhythm %+v", r)
	}
	for _, e := range doc.Entries {
		checkText(t, e.GUID, len(e.GUID))
		checkText(t, e.Title, maxTitle)
		checkText(t, e.Text, maxText)
		checkText(t, e.Publisher, maxName)
		checkText(t, e.Author, maxName)
		checkLink(t, e.Link)
		if len(e.Categories) > maxCategories {
			t.Errorf("%d categories", len(e.Categories))
		}
		for _, c := range e.Categories {
			checkText(t, c, maxName)
		}
	}
}

// checkText asserts that a text is clean and no longer than its limit.
func checkText(t *testing.T, s string, limit int) {
	t.Helper()
	hidden := func(r rune) bool {
		return unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' || r >= '\u2028' && r <= '\u202e'
	}
	if !utf8.ValidString(s) || len(s) > limit || strings.ContainsFunc(s, hidden) ||
		s != strings.Join(strings.Fields(s), " ") {
		t.Errorf("%d bytes, not clean: %q", len(s), s)
	}
}

var webLink = regexp.MustCompile(`^https?://[^/]`)

func checkLink(t *testing.T, link string) {
	t.Helper()
	checkText(t, link, len(link))
	if link != "" && !webLink.MatchString(link) {
		t.Errorf("link %q", link)
	}
}

// TestEntriesLeftOpen: an entry that is never closed swallows none of the others, in any place.
func TestEntriesLeftOpen(t *testing.T) {
	for _, c := range []string{
		"<item><title>A</title><item><title>B</title></item><item><title>C</title></item>",
		"<item><title>A</title></item><item><title>B</title><item><title>C</title></item>",
		"<item><title>A</title><item><title>B</title><item><title>C</title>",
	} {
		doc, err := Read([]byte(`<rss version="2.0"><channel>`+c+`</channel></rss>`), "", "")
		var titles string
		for _, e := range doc.Entries {
			titles += e.Title
		}
		if err != nil || titles != "ABC" || doc.Truncated {
			t.Errorf("%s: %q, truncated %t, %v", c, titles, doc.Truncated, err)
		}
	}
}
