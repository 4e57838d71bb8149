package article

import (
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	long := strings.Repeat("Маскат ", 100)
	for _, c := range []struct{ body, contentType, want string }{
		{"Маскат", "text/html; charset=windows-1251", "Маскат"}, // the bytes know better
		{"\xef\xbb\xbfMuscat", "", "Muscat"},
		{"\xff\xfeM\x00u\x00", "", "Mu"},
		{"\xcc\xe0\xf1\xea\xe0\xf2", "text/html; charset=windows-1251", "Маскат"},
		{"\x1b$B4F\x1b(B", "text/html; charset=iso-2022-jp", "監"},
		{"un caf\xe9 noir", "text/html; charset=utf-8", "un café noir"},
		{"Маска\xd1", "", "Маска\xd1"},                                      // cut in the last letter
		{long + "\xff.", "text/html; charset=windows-1251", long + "\xff."}, // one slip of the pen
		{"\xff", "text/html; charset=hz-gb-2312", ""},
	} {
		if got := decode([]byte(c.body), c.contentType); string(got) != c.want {
			t.Errorf("%q: %q", c.body, got)
		}
	}
}
