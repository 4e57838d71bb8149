package clean

import (
	"strings"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

func TestClean(t *testing.T) {
	for _, test := range []struct {
		in   bot.Text
		want string
	}{
		{bot.Text{{Text: " Oman \n"}, {Text: "\t talks", Hit: true}, {Text: " "}, {Text: "\n"}},
			"Oman talks"},
		{bot.Text{{Text: "a\x00b\x1bc\x7fd\u0085e\u009bf"}}, "abcd ef"},
		{bot.Text{{Text: "\u202aa\u202eb\u2066c\u2069d\ufeffe\u200bf\u00adg"}}, "abcdefg"},
		{bot.Text{{Text: "می\u200cکنیم\u200f!"}}, "می\u200cکنیم\u200f!"},
		{bot.Text{{Text: "\ue000a\xffb"}}, "a\ufffdb"},
		{bot.Text{{Text: "10\u00a0000\u202fkm"}}, "10\u00a0000\u202fkm"},
		{bot.Text{{Text: "a" + strings.Repeat("\u0301", 9)}}, "a" + strings.Repeat("\u0301", maxMarks)},
		{bot.Text{{Text: "\n"}}, ""},
		{bot.Text{{Text: "\u00a0a \u00a0b\u00a0"}}, "a b"},
		{bot.Text{{Text: "\u200c\u0301"}}, ""},
	} {
		if got := Text(test.in).String(); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"Oman talks":         "Oman talks",
		"شمخانی (NATO) 12!":  "\u200f\u2068شمخانی (NATO) 12!\u2069",
		"IAEA: نطنز":         "\u2068IAEA: نطنز\u2069",
		"\u202eevil\u202c a": "evil a",
		"":                   "",
	} {
		if got := Line(bot.Plain(in), 100).String(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := Line(bot.Plain(strings.Repeat("شمخانی ", 50)), 60).String(); Units(got) > 60 ||
		!strings.HasSuffix(got, "…\u2069") {
		t.Errorf("%q", got)
	}
}

func TestAside(t *testing.T) {
	for in, want := range map[string]string{"BBC": "BBC", "الجزيرة": "\u2068الجزيرة\u2069", "\n": ""} {
		if got := Aside(in, 100); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := LeftFirst(Aside("الجزيرة", 100) + ", BBC"); got != "\u200e\u2068الجزيرة\u2069, BBC" {
		t.Errorf("%q", got)
	}
}

// TestNamedSpans asserts that what a platform shows in place of text keeps its blanks.
func TestNamedSpans(t *testing.T) {
	in := bot.Text{{Text: "since "}, {When: time.Unix(1, 0)}, {Text: " in "}, {Channel: "slack:C1"}}
	got := Text(in)
	if len(got) != 4 || got[0].Text != "since " || got[2].Text != " in " || got[3].Channel != "slack:C1" {
		t.Errorf("%q", got)
	}
}

func TestWebLink(t *testing.T) {
	for in, want := range map[string]string{
		"https://news.example/a b?c=é":      "https://news.example/a%20b?c=%C3%A9",
		"HTTP://news.example/":              "http://news.example/",
		"https://bbc.example@evil.example/": "", "javascript:alert(1)": "", "//news.example": "", "https://": "", "": "",
	} {
		if got := WebLink(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestTyped(t *testing.T) {
	if got := Typed("a  b\n\tc\x1b[1m\u202eد\u2028"); got != "a  b\n c [1mد " {
		t.Errorf("got %q", got)
	}
}
