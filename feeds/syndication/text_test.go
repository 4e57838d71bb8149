package syndication

import (
	"strings"
	"testing"
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
