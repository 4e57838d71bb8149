package charset

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// texts are headlines in the encodings that feeds of their languages are found in.
var texts = []struct{ encodings, text string }{
	{"windows-1251 koi8-r iso-8859-5", "Удар ракет ночью: министр обороны заявил о переговорах в Омане"},
	{"windows-1251 koi8-u", "Президент України обговорив із міністром оборони постачання ракет"},
	{"windows-1256", "گزارش پرتاب موشک؛ معاون امور خارجه از ادامه مذاکرات در مسقط خبر داد"},
	{"windows-1256 iso-8859-6", "وزير الخارجية يصل إلى مسقط لإجراء محادثات حول وقف إطلاق النار"},
	{"windows-1255 iso-8859-8", "שר החוץ הגיע למוסקט לשיחות על הפסקת האש ועל שחרור החטופים"},
	{"windows-1253 iso-8859-7", "Ο υπουργός Εξωτερικών έφτασε στο Μουσκάτ για συνομιλίες"},
	{"windows-1252 iso-8859-1 iso-8859-15", "Le président a reçu le ministre des Affaires étrangères à Téhéran"},
	{"windows-1252 iso-8859-1", "Die Außenminister führten Gespräche über die Lage in Nahost"},
	{"windows-1250 iso-8859-2", "Ministr zahraničí jednal o příměří, řekl mluvčí vlády v neděli večer"},
	{"windows-1250 iso-8859-2", "Minister spraw zagranicznych ogłosił, że rozmowy będą dłuższe"},
	{"windows-1250", "A külügyminiszter szerint a tárgyalások jövő héten folytatódnak, előbb a tűzszünetről döntenek"},
	{"windows-1254 iso-8859-9", "Dışişleri Bakanı görüşmelerin süreceğini açıkladı, ateşkes için çağrı yaptı"},
	{"gbk gb2312 gb18030", "外交部长抵达马斯喀特，就停火问题与伊朗代表举行会谈"},
	{"big5", "外交部長抵達馬斯喀特，就停火問題與伊朗代表舉行會談"},
	{"shift_jis euc-jp iso-2022-jp", "外務大臣は停戦についての会談のためマスカットに到着した"},
	{"euc-kr", "외무장관은 휴전 문제를 논의하기 위해 무스카트에 도착했다고 밝혔다"},
	{"windows-874", "รัฐมนตรีต่างประเทศเดินทางถึงมัสกัตเพื่อเจรจาหยุดยิง"},
}

func encode(t *testing.T, name, text string) []byte {
	t.Helper()
	body, err := encoding.ReplaceUnsupported(lookup(name).NewEncoder()).Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestDecode reads each text declared rightly, not at all, and wrongly in each usual way.
func TestDecode(t *testing.T) {
	for _, c := range texts {
		for _, name := range strings.Fields(c.encodings) {
			for _, claim := range []string{name, "", "utf-8", "iso-8859-1", "us-ascii", "nonsense", "utf-16"} {
				text := "<rss><title>" + c.text + "</title></rss>"
				said := `<?xml version="1.0" encoding="` + claim + `"?>`
				got := string(Decode(encode(t, name, said+text), ""))
				if got != text {
					t.Errorf("%s declared %q: %s", name, claim, got)
				}
				got = string(Decode(encode(t, name, text), "text/xml; charset="+claim))
				if got != text {
					t.Errorf("%s with a header %q: %s", name, claim, got)
				}
			}
		}
	}
}

// TestDecodeOtherClaims: what is declared is also wrong among encodings of one alphabet.
func TestDecodeOtherClaims(t *testing.T) {
	for _, c := range []struct{ name, claim string }{
		{"windows-1251", "koi8-r"}, {"koi8-r", "windows-1251"}, {"windows-1251", "iso-8859-5"},
		{"windows-1256", "iso-8859-6"}, {"windows-1256", "windows-1252"}, {"big5", "gbk"},
		{"gbk", "big5"}, {"shift_jis", "euc-jp"}, {"euc-jp", "shift_jis"}, {"euc-kr", "gbk"},
		{"windows-1255", "windows-1256"}, {"windows-1253", "windows-1251"},
	} {
		for _, text := range texts {
			if !strings.HasPrefix(text.encodings+" ", c.name+" ") && !strings.Contains(text.encodings, " "+c.name) {
				continue
			}
			doc := "<rss><title>" + text.text + "</title></rss>"
			if got := string(Decode(encode(t, c.name, doc), "text/xml; charset="+c.claim)); got != doc {
				t.Errorf("%s called %s: %s", c.name, c.claim, got)
			}
		}
	}
}

// TestWide reads UTF-16 and UTF-32 with and without a mark, whatever is declared.
func TestWide(t *testing.T) {
	const text = "<rss><title>گزارش موشک</title><description>missile report</description></rss>"
	for _, name := range []string{"utf-16le", "utf-16be", "utf-32le", "utf-32be"} {
		for _, mark := range []string{"", "\ufeff"} {
			for _, before := range []string{"", "\n", `<?xml version="1.0" encoding="utf-8"?>`} {
				whole := mark + before + text
				body := encode(t, name, whole)
				if strings.HasPrefix(name, "utf-32") {
					body = utf32Bytes(whole, name == "utf-32be")
				}
				if got := string(Decode(body, "text/xml; charset=windows-1252")); got != text {
					t.Errorf("%s %q %q: %q", name, mark, before, got)
				}
			}
		}
	}
}

func utf32Bytes(text string, big bool) (body []byte) {
	for _, r := range text {
		if big {
			body = append(body, 0, byte(r>>16), byte(r>>8), byte(r))
			continue
		}
		body = append(body, byte(r), byte(r>>8), byte(r>>16), 0)
	}
	return body
}

func TestDecodeSmall(t *testing.T) {
	for _, c := range []struct{ name, body, header, want string }{
		{"nothing", "", "", ""},
		{"ASCII called UTF-16", "<rss/>", "text/xml; charset=utf-16", "<rss/>"},
		{"declaration and mark go", "\xef\xbb\xbf <?xml version='1.0'?>\n<rss/>", "", "<rss/>"},
		{"a control goes", "<rss>\x00a\x0bb</rss>", "", "<rss>ab</rss>"},
		{"Windows controls", "<rss>don\u0092t \u0085</rss>", "", "<rss>don’t …</rss>"},
		{"one bad byte in UTF-8", "<rss>گزارش موشک \xff</rss>", "", "<rss>گزارش موشک \ufffd</rss>"},
		{"one letter, told", "<rss>\xb3\xe2</rss>", "text/xml; charset=euc-kr", "<rss>년</rss>"},
		{"one letter, untold", "<rss>caf\xe9</rss>", "", "<rss>café</rss>"},
		{"told late", "<rss>" + strings.Repeat(" ", sample) + "\xd3\xe4\xe0\xf0 \xf0\xe0\xea\xe5\xf2</rss>",
			"", "<rss>" + strings.Repeat(" ", sample) + "Удар ракет</rss>"},
		{"quotation marks, untold", "<rss>He said \x93no\x94 \x96 and \x91&#1; &#1;\x92</rss>", "",
			"<rss>He said “no” – and ‘&#1; &#1;’</rss>"},
		{"euro", "<rss>5 \x80</rss>", "text/xml; charset=iso-8859-1", "<rss>5 €</rss>"},
	} {
		if got := string(Decode([]byte(c.body), c.header)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// FuzzDecode asserts that whatever comes in is UTF-8 without controls when it goes out.
func FuzzDecode(f *testing.F) {
	for _, c := range texts {
		for _, name := range strings.Fields(c.encodings) {
			body, _ := encoding.ReplaceUnsupported(lookup(name).NewEncoder()).Bytes([]byte(c.text))
			f.Add(body, "text/xml; charset="+name)
		}
	}
	f.Add([]byte("\xff\xfe\x00\xd8"), "")
	f.Add([]byte("\x00\x00\xfe\xff\x00\x11\x00\x00"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text := Decode(body, contentType)
		if !utf8.Valid(text) || bytes.ContainsFunc(text, func(r rune) bool {
			return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x80 && r < 0xa0
		}) {
			t.Errorf("%q", text)
		}
	})
}
