package clean

import (
	"strings"
	"testing"

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
