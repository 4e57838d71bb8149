package feeds

import (
	"strings"
	"testing"
	"time"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Oman talks", "Oman talks"},
		{"folded", "  a\t\n b\u00a0c\u2028d ", "a b c d"},
		{"blocks part words", "<p>one</p><p>two</p>three<br>four", "one two three four"},
		{"inline markup does not", "mis<b>sile</b>s", "missiles"},
		{"script and style", "a<script>if (x<y) z()</script><style>p{}</style>b", "a b"},
		{"comment", "a<!-- b -->c", "ac"},
		{"entities", "Tom &amp; Jerry &lt;3 &#8217;", "Tom & Jerry <3 ’"},
		{"escaped twice", "Tom &amp;amp; Jerry&amp;#39;s", "Tom & Jerry's"},
		{"markup escaped", "&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "one two"},
		{"not markup", "3 < 5 & 7 > 2", "3 < 5 & 7 > 2"},
		{"controls", "a\x00b\x1b[31mc\u0085d\u009be", "ab[31mc de"},
		{"bidi", "a\u202eb\u2066c\u200fd", "abcd"},
		{"zero width", "a\u200bb\ufeffc\u00add\U000e0041e", "abcde"},
		{"joiners stay", "موشک\u200cها র\u200d্য", "موشک\u200cها র\u200d্য"},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"unfinished tag", "one <b", "one"},
	} {
		if got := plain(c.in, maxText); got != c.want {
			t.Errorf("%s: plain(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestPlainLimit(t *testing.T) {
	long := strings.Repeat("شمخانی ", 20_000)
	got := plain(long, maxText)
	if len(got) > maxText || len(got) < maxText-8 {
		t.Errorf("%d bytes, want just under %d", len(got), maxText)
	}
	if !strings.HasPrefix(long, got) {
		t.Error("the text was cut inside a character")
	}
}

// wrap makes a feed of one item.
func wrap(item string) string {
	return "<rss><channel><item>" + item + "</item></channel></rss>"
}

func FuzzItems(f *testing.F) {
	for _, seed := range []struct{ body, contentType string }{
		{wrap("<title>&amp;lt;b&gt;\u202e</title><link>/a?ü</link>"), "text/xml; charset=koi8-r"},
		{`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id><content type="xhtml">` +
			`<div>a</div></content></entry></feed>`, ""},
		{`{"version":"https://jsonfeed.org/version/1","items":[{"url":"http://a/\u0000",` +
			`"title":"\ud800"}]}`, "application/json"},
		{"\xff\xfe<\x00r\x00", "utf-16"},
		{"<?xml version='1.0' encoding='iso-2022-jp'?>" + wrap("<title>\x1b$B\x1b(B</title>"), ""},
	} {
		f.Add([]byte(seed.body), seed.contentType)
	}
	now := time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := Read(body, contentType, "https://news.example/feed")
		if err != nil {
			return
		}
		keys := map[string]bool{}
		for _, it := range doc.Items(Feed{}, now, DefaultSettings()) {
			checkItem(t, it, now)
			if keys[it.Key] {
				t.Errorf("two items with key %q", it.Key)
			}
			keys[it.Key] = true
		}
	})
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
		"late DTD": wrap("<!DOCTYPE x [<!ENTITY a 'b'>]>"),
	} {
		_, err := Read([]byte(text), "", "")
		if err != errNested && err != errDTD {
			t.Errorf("%s: %v", name, err)
		}
	}
}
