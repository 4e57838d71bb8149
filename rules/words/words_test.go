package words

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// TestCut has a line for each claim about where words end.
func TestCut(t *testing.T) {
	tests := []struct{ claim, text, want string }{
		{"nothing to read", "", ""},
		{"nothing but marks", "  … — «» '' .", ""},
		{"a compound is words in a row", "U.S.-Iran talks in the U.S.",
			"U.S.=us Iran=iran talks=talks in=in the=the U.S.=us"},
		{"possessives", "Oman's, Oman’s and can't", "Oman=oman Oman=oman and=and can't=can't"},
		{"possessives of all kinds", "US's OMAN'S x's's 1990's",
			"US=us OMAN=oman x=x 1990=1990 s=s"},
		{"numbers", "F-35s cost $3.5bn, 60%", "F=f 35s=35s cost=cost 3.5bn=3.5bn 60=60"},
		{"numbers of many digits", "1,000,000 or 12.5; 3,4",
			"1,000,000=1,000,000 or=or 12.5=12.5 3,4=3,4"},
		{"a dot without a space", "Oman.The www.bbc.co.uk",
			"Oman=oman The=the www=www bbc=bbc co=co uk=uk"},
		{"initials", "U.S.Navy J.D. Vance Ph.D.",
			"U.S.=us Navy=navy J.D.=jd Vance=vance Ph=ph D=d"},
		{"hashtags and colons", "#حزب_الله a:b _x_", "حزب=حزب الله=الله a=a b=b x=x"},
		{"a joiner is inside", "موشک‌ها", "موشک‌ها=موشكها"},
		{"direction marks are outside", "\u200fשלום\u200f!", "שלום=שלום"},
		{"gershayim are inside", `צה"ל, צה״ל`, `צה"ל=צה"ל צה״ל=צה"ל`},
		{"signs and syllables", "北京 カタカナ", "北=北 京=京 カタカナ=カタカナ"},
		{"vowel signs alone", "ـ ́ ﹷ x", "x=x"},
		{"damaged bytes", "a\xffb", "a=a b=b"},
	}
	for _, test := range tests {
		var got []string
		for _, w := range Cut(test.text) {
			got = append(got, test.text[w.Start:w.End]+"="+w.Folded)
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s: %q\n got %s\nwant %s", test.claim, test.text, got, test.want)
		}
	}
}

// TestFold has a group for each claim about spellings. A group folds to its key; no two do to one.
func TestFold(t *testing.T) {
	tests := map[string][]string{
		// initials and possessives
		"us": {"US", "us", "U.S.", "U.S", "u.s.", "US's"},
		// full case folding
		"strasse": {"Straße", "STRASSE", "STRAẞE"},
		"офис":    {"ОФИС", "Офис"},
		"σοφοσ":   {"σοφος", "ΣΟΦΟΣ"},
		// NFKC
		"fi": {"ﬁ", "ＦＩ"},
		"が":  {"か\u3099"},
		"co": {"c\u00ado", "CO"},
		// diacritics are off in Latin
		"erdogan":  {"Erdoğan", "ERDOĞAN", "Erdog\u0306an"},
		"istanbul": {"İstanbul", "Istanbul", "ıstanbul"},
		"lodz":     {"Łódź", "Lodz"},
		// and stay elsewhere
		"й":        {"Й", "и\u0306"},
		"и":        {"И"},
		"ї":        {"Ї", "і\u0308"},
		"і":        {"І"},
		"αθήνα":    {"Αθήνα"},
		"королев":  {"Королёв", "королев", "Короле\u0308в"},
		"киев":     {"Киев"},
		"киів":     {"Киів"},
		"київ":     {"Київ"},
		"майорка":  {"Майорка"},
		"маиорка":  {"Маиорка"},
		"ўзбек":    {"Ўзбек"},
		"узбек":    {"Узбек"},
		"شمخاني":   {"شمخانی", "شمخاني", "شَمخانی", "شمخـانی"},
		"كويت":     {"کویت", "كويت"},
		"اسراييل":  {"إسرائيل", "اسرائیل", "أسرائيل"},
		"موتمر":    {"مؤتمر", "موتمر"},
		"غزه":      {"غزة", "غزه"},
		"موسي":     {"موسى", "موسی", "مُوسَى"},
		"موشكها":   {"موشک‌ها", "موشکها"},
		"1402":     {"۱۴۰۲", "١٤٠٢", "１４０２"},
		"שלום":     {"שָׁלוֹם", "שלום"},
		`צה"ל`:     {"צה״ל", "צה”ל"},
		"שמח'אני":  {"שמח׳אני", "שמח’אני"},
		"khamenei": {"Khāmeneī"},
	}
	for want, spellings := range tests {
		for _, s := range spellings {
			if got := Fold(s); got != want {
				t.Errorf("Fold(%q) = %q, want %q", s, got, want)
			}
		}
	}
}

// TestReadable proves for each character that Each may take it for a word without folding it.
func TestReadable(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if readable(r) && strings.TrimSpace(Fold(string(r))) == "" {
			t.Errorf("%U is readable and folds to nothing", r)
		}
	}
}

// standardSpans is AppendSpans by the full rules alone.
func standardSpans(text string) (spans []Span) {
	for segments := words.FromString(text); segments.Next(); {
		spans = appendParts(spans, text, segments.Start(), segments.End())
	}
	return spans
}

// checkCut holds the laws of the cutter for one text.
func checkCut(t *testing.T, text string) {
	t.Helper()
	want := standardSpans(text)
	if got := AppendSpans(nil, text); !slices.Equal(got, want) {
		t.Fatalf("%q: AppendSpans gives %v, UAX #29 %v", text, got, want)
	}
	end := 0
	for i, w := range Cut(text) {
		if want[i] != (Span{uint32(w.Start), uint32(w.End)}) || w.Start < end || w.End <= w.Start {
			t.Fatalf("%q: %+v, want %v", text, w, want[i])
		}
		end = w.End
		if utf8.ValidString(text) && !utf8.ValidString(text[w.Start:w.End]) {
			t.Fatalf("%q: %+v cuts a character", text, w)
		}
		if got := Fold(text[w.Start:w.End]); got != w.Folded || got == "" {
			t.Fatalf("%q: Fold(%q) = %q, not %q", text, text[w.Start:w.End], got, w.Folded)
		}
		if got := Fold(w.Folded); got != w.Folded {
			t.Fatalf("%q: folds again to %q", w.Folded, got)
		}
	}
}

// TestSpansAreStandard cuts random texts whose characters are of every class and script, the long
// ones mostly of letters.
func TestSpansAreStandard(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("“”—«\u2018aZsS09'.,;:_-\" \n\r\t’:·é\u0301\u200d\u200f\u00adקה״و‌يЙї北カ가ก🇺🇸ℹ©\ufffd٣")
	for i := range 200_000 {
		var b strings.Builder
		for range rng.IntN(10) {
			b.WriteRune(alphabet[rng.IntN(len(alphabet))])
		}
		for i%20 == 0 && b.Len() < 3*window {
			b.WriteString("abcdefgh"[:rng.IntN(9)])
			b.WriteRune(alphabet[rng.IntN(len(alphabet)>>rng.IntN(3))])
		}
		text := b.String()
		if got, want := AppendSpans(nil, text), standardSpans(text); !slices.Equal(got, want) {
			t.Fatalf("%q: AppendSpans gives %v, UAX #29 %v", text, got, want)
		}
	}
}

// TestClassify asserts of every byte, in every place, what it is.
func TestClassify(t *testing.T) {
	for c := range 256 {
		text := []byte(strings.Repeat(" ", window))
		at := c % window
		text[at] = byte(c)
		letters, beyond := classify(string(text))
		isLetter := classes[c] == letter || classes[c] == digit
		if letters != bit(isLetter, at) || beyond != bit(c >= 0x80, at) {
			t.Errorf("byte %#x at %d: letters %b, beyond %b", c, at, letters, beyond)
		}
	}
}

func bit(set bool, at int) uint64 {
	if set {
		return 1 << at
	}
	return 0
}

// TestSpansAllocate asserts that cutting costs no memory, in the fast way and in the full one.
func TestSpansAllocate(t *testing.T) {
	text := strings.Join([]string{samples["English"], samples["Persian"], samples["Russian"]}, " ")
	spans := make([]Span, 0, len(text))
	if got := testing.AllocsPerRun(100, func() { AppendSpans(spans, text) }); got != 0 {
		t.Errorf("AppendSpans allocates %v times", got)
	}
}

func FuzzCut(f *testing.F) {
	for _, seed := range []string{
		"U.S.-Iran F-35s", "Oman’s's Oman's's", "موشک‌ها «شمخانی»", "צה״ל", "北京", "a\xff.b",
		"a.b.c_d:e", "\xf7's", "A.A\xc2", "A․A", "00\xf4ʸ",
		"\u200fa\u200f's", "a:\u0301b _\u0301x", " \u200dℹ 3.5.a 1,2'3 ﹷ",
	} {
		f.Add(seed)
	}
	f.Fuzz(checkCut)
}

// samples are a sentence in each of three scripts.
var samples = map[string]string{
	"English": "The United States and Iran begin negotiations in Oman's capital, Muscat. ",
	"Persian": "علی شمخانی دبیر شورای دفاع شد و گفت‌وگوها در مسقط آغاز می‌شود. ",
	"Russian": "Али Шамхани назначен секретарём совета обороны, переговоры начнутся. ",
}

func BenchmarkCut(b *testing.B) {
	for name, sentence := range samples {
		text := sentence
		for len(Cut(text)) < 200 {
			text += sentence
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Cut(text)
			}
		})
		b.Run("Spans"+name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			spans := make([]Span, 0, len(text))
			for b.Loop() {
				AppendSpans(spans, text)
			}
		})
	}
}
