package mend

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// TestXML writes broken documents anew. What is left of ~ in both columns is <rss><channel>, what
// is right of it the ends of those.
func TestXML(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"bare ampersand", "~<title>A & B &c; &</title>~", "~<title>A &amp; B &amp;c; &amp;</title>~"},
		{"names of HTML", "~<title>&laquo;&eacute;&#233;&raquo;</title>~", "~<title>«éé»</title>~"},
		{"bare brackets", "~<title>1 < 2 <3</title>~", "~<title>1 &lt; 2 &lt;3</title>~"},
		{"attributes", `~<a href=x b c='1"2' c=3 d="4&5" />~`, `~<a href="x" b="b" c="1&#34;2" d="4&amp;5"></a>~`},
		{"quote never closed", `~<a b="1>x</a>~`, `~<a b="1">x</a>~`},
		{"tag never closed", "~<a b<c>x</c>~", `~<a b="b"><c>x</c></a>~`},
		{"left open", "~<item><a><b>x</item>~", "~<item><a><b>x</b></a></item>~"},
		{"never opened", "~<item>x</b></item>~", "~<item>x</item>~"},
		{"crossed", "~<a><b>x</a></b>~", "~<a><b>x</b></a>~"},
		{"other case", "~<Title>x</title>~", "~<Title>x</Title>~"},
		{"entries left open", "~<item>1<item>2</item>~", "~<item>1</item><item>2</item>~"},
		{"an end of outside", "~<b><item>x</b>y</item>~", "~<b><item>xy</item></b>~"},
		{"comments", "~<!-- a -- b --><a/><!-->~", "~<a></a>~"},
		{"comment never closed", "~<!-- <a>x</a>~", "~ <a>x</a>~"},
		{"instruction", "~<?php echo '</rss>' ?>~", "~~"},
		{"CDATA", "~<![CDATA[1 < 2 & 3]]>~", "~<![CDATA[1 < 2 & 3]]>~"},
		{"CDATA never closed", "~<a><![CDATA[1 < 2</a>~", "~<a><![CDATA[1 < 2]]></a>~"},
		{"junk around", "Warning: <br>x <b>y</b>~<a/>~ z", "~<a></a>~"},
		{"no root", "<CHANNEL><item>x</item></CHANNEL>", "<rss><CHANNEL><item>x</item></CHANNEL></rss>"},
		{"DTD", "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://x/rss.dtd'>~~", "~~"},
		{"entity of its own", `<!DOCTYPE rss [<!ENTITY id "tag:a&#44;">]>~&id;1~`, "~tag:a,1~"},
		{"late DTD", "~<!DOCTYPE a [<!ENTITY b 'c'>&b;~", "~&amp;b;~"},
		{"not a character", "~a\ufffe&#xffff;b~", "~ab~"},
		{"HTML body", `~<item><xhtml:body a="b">1<i>2</i> 3</xhtml:body></item>~`,
			"~<item><body>1&lt;i&gt;2&lt;/i&gt; 3</body></item>~"},
		{"base64", `<feed><title mode="base64"> PGI+\n </title></feed>`,
			`<feed><title mode="base64"> PGI+\n </title></feed>`},
		{"no feed", "<html><body>x</body></html>", ""},
	} {
		in, want := whole(c.in), whole(c.want)
		m, err := XML([]byte(in))
		if c.name == "base64" {
			want = `<feed><title mode="escaped"> PGI+\n </title></feed>`
		}
		if err != nil || string(m.Text) != want || m.Cut {
			t.Errorf("%s: %+v %v\n%s\n%s", c.name, m.Cut, err, m.Text, want)
		}
	}
}

func whole(s string) string {
	s = strings.Replace(s, "~", "<rss><channel>", 1)
	return strings.Replace(s, "~", "</channel></rss>", 1)
}

// TestXMLCut: the entry in which a document ends is left out, and only that.
func TestXMLCut(t *testing.T) {
	const open, one, end = "<rss><channel><title>T</title>", "<item>1</item>", "</channel></rss>"
	for _, c := range []struct {
		name, in, want string
		cut, lost      bool
	}{
		{"in an entry", open + one + "<item><title>2</ti", open + one + end, true, true},
		{"in the end of an entry", open + one[:len(one)-1], open + one + end, true, true},
		{"in a tag", open + one + "<ite", open + one + end, true, true},
		{"in an attribute", open + one + `<item a="`, open + one + end, true, true},
		{"in CDATA", open + one + "<item><![CDATA[2", open + one + end, true, true},
		{"between entries", open + one, open + one + end, true, true},
		{"after the channel", open + one + "</channel>", open + one + end, true, false},
		{"in the last tag", open + one + end[:len(end)-1], open + one + end, true, false},
		{"not at all", open + one + end, open + one + end, false, false},
		{"a root without an end", "<feed><entry>1</entry></feed", "<feed><entry>1</entry></feed>", true, false},
		{"only a beginning", "<feed><title>T", "<feed><title>T</title></feed>", true, true},
	} {
		m, err := XML([]byte(c.in))
		if err != nil || string(m.Text) != c.want || m.Cut != c.cut || m.Lost != c.lost {
			t.Errorf("%s: %s %v %v %v", c.name, m.Text, m.Cut, m.Lost, err)
		}
	}
}

// TestRefused: what could grow, or go on for ever, is neither read nor mended.
func TestRefused(t *testing.T) {
	const doctype, end = "<!DOCTYPE rss [", "]><rss><channel>&a;</channel></rss>"
	for name, in := range map[string]string{
		"entity in entity": doctype + `<!ENTITY a "b"><!ENTITY c "&a;&a;">` + end,
		"file":             doctype + `<!ENTITY a SYSTEM "file:///etc/passwd">` + end,
		"parameter":        doctype + `<!ENTITY % a "b">%a;` + end,
		"outside DTD":      doctype + `<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd">%a;` + end,
		"long":             doctype + `<!ENTITY a "` + strings.Repeat("b", 257) + `">` + end,
		"markup":           doctype + `<!ENTITY a "<b/>">` + end,
		"many":             doctype + strings.Repeat(`<!ENTITY a "b">`, 300) + end,
		"often": doctype + `<!ENTITY a "` + strings.Repeat("b", 256) + `">]><rss>` +
			strings.Repeat("&a;", 300) + "</rss>",
	} {
		_, err := Look([]byte(in))
		m, again := XML([]byte(in))
		if err != ErrEntities && again != ErrEntities || m.Text != nil && again != nil {
			t.Errorf("%s: %v %v", name, err, again)
		}
	}
	deep := []byte("<rss>" + strings.Repeat("<a>", 10_000))
	if _, err := XML(deep); err != ErrNested {
		t.Errorf("nested: %v", err)
	}
}

// TestJSON closes what is cut off and mends the usual slips.
func TestJSON(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		cut            bool
	}{
		{"whole", `{"a":[{"b":1}]}`, `{"a":[{"b":1}]}`, false},
		{"commas", `{"a":[1,2,],}`, `{"a":[1,2]}`, false},
		{"line break", "{\"a\":\"1\n2\\n3\t\"}", `{"a":"1\n2\n3\t"}`, false},
		{"after", `{"a":1} x`, `{"a":1}`, false},
		{"in an item", `{"v":1,"items":[{"id":"1"},{"id":"2`, `{"v":1,"items":[{"id":"1"}]}`, true},
		{"in a list of an item", `{"items":[{"id":"1"},{"tags":["a",`, `{"items":[{"id":"1"}]}`, true},
		{"after an item", `{"items":[{"id":"1"},`, `{"items":[{"id":"1"}]}`, true},
		{"after the items", `{"items":[{"id":"}]"}],"v`, `{"items":[{"id":"}]"}]}`, true},
		{"in the first member", `{"items":`, "", true},
	} {
		got, cut := JSON([]byte(c.in))
		if string(got) != c.want || cut != c.cut {
			t.Errorf("%s: %s %v", c.name, got, cut)
		}
	}
}

// TestLinear: input that makes a careless search start over at each step takes no time.
func TestLinear(t *testing.T) {
	const n = 1 << 20
	for _, piece := range []string{"<!--", "<![CDATA[", "<!", "<?", "</", "<a ", "<a b=\"", "&", "&a",
		"<![>", "<body>", "</a><a>", "<item>", "<a b='\"", "<!DOCTYPE [", "]", "<a><b></a>"} {
		in := "<rss><channel><item>" + strings.Repeat(piece, n/len(piece)) + " ]"
		if m, err := XML([]byte(in)); err == nil && len(m.Text) > 16*n {
			t.Errorf("%q grew to %d", piece, len(m.Text))
		}
		if m, err := XML([]byte(strings.Repeat(piece, n/len(piece)))); err == nil && len(m.Text) > 16*n {
			t.Errorf("%q grew to %d", piece, len(m.Text))
		}
	}
}

// FuzzXML asserts that what was mended is well formed and stays as it is.
func FuzzXML(f *testing.F) {
	for _, in := range []string{"<rss><a b=c>&amp;&x;<!--", "<feed><entry><![CDATA[]]></feed",
		"<channel><item><body>x</body>", `<!DOCTYPE a [<!ENTITY b "c">]><rss>&b;</rss>`,
		`<feed xmlns="x"><a mode="base64">PGI+</a>`} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		m, err := XML([]byte(strings.ToValidUTF8(in, "")))
		if err != nil || m.Text == nil {
			return
		}
		d := xml.NewDecoder(strings.NewReader(visible(string(m.Text))))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v: %q", err, m.Text)
			}
		}
	})
}

// visible drops controls, as the readers before and after do.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' {
			return -1
		}
		return r
	}, s)
}

// FuzzJSON asserts that a document cut off anywhere is one again.
func FuzzJSON(f *testing.F) {
	const whole = `{"v":"1","items":[{"id":"1","tags":["a"]},{"id":"2"}],"x":{"y":[1,2]}}`
	f.Add(uint(20))
	f.Fuzz(func(t *testing.T, n uint) {
		got, _ := JSON([]byte(whole[:n%uint(len(whole))]))
		if got != nil && !json.Valid(got) {
			t.Errorf("%d: %s", n, got)
		}
	})
}
