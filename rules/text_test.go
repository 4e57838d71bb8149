package rules

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"  … — «»", ""},
		{"U.S.-Iran talks in the U.S.", "U.S.=us Iran=iran talks=talks in=in the=the U.S.=us"},
		{"Oman's, Oman’s and can't", "Oman=oman Oman=oman and=and can't=can't"},
		{"F-35s cost $3.5bn, 60%", "F=f 35s=35s cost=cost 3.5bn=3.5bn 60=60"},
		{"Oman.The www.bbc.co.uk", "Oman=oman The=the www=www bbc=bbc co=co uk=uk"},
		{"U.S.Navy J.D. Vance Ph.D.", "U.S.=us Navy=navy J.D.=jd Vance=vance Ph=ph D=d"},
		{"#حزب_الله a:b", "حزب=حزب الله=الله a=a b=b"},
		{"موشک‌ها", "موشک‌ها=موشكها"},
		{"\u200fשלום\u200f!", "שלום=שלום"},
		{"北京 カタカナ", "北=北 京=京 カタカナ=カタカナ"},
		{"ـ ́ x", "x=x"},
		{"a\xffb", "a=a b=b"},
	}
	for _, test := range tests {
		var got []string
		for _, w := range Words(test.text) {
			got = append(got, test.text[w.Start:w.End]+"="+w.Folded)
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%q\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestFold(t *testing.T) {
	tests := map[string][]string{ // each group folds to its key and to nothing else here
		"us":       {"US", "us", "U.S.", "U.S", "u.s.", "US's"},
		"strasse":  {"Straße", "STRASSE", "STRAẞE"},
		"erdogan":  {"Erdoğan", "ERDOĞAN", "Erdog\u0306an"},
		"istanbul": {"İstanbul", "Istanbul", "ıstanbul"},
		"lodz":     {"Łódź", "Lodz"},
		"офис":     {"ОФИС", "Офис"},
		"й":        {"Й", "и\u0306"},
		"и":        {"И"},
		"ї":        {"Ї", "і\u0308"},
		"і":        {"І"},
		"σοφοσ":    {"σοφος", "ΣΟΦΟΣ"},
		"αθήνα":    {"Αθήνα"},
		"شمخاني":   {"شمخانی", "شمخاني", "شَمخانی", "شمخـانی"},
		"كويت":     {"کویت", "كويت"},
		"اسراييل":  {"إسرائيل", "اسرائیل", "أسرائيل"},
		"غزه":      {"غزة", "غزه"},
		"موشكها":   {"موشک‌ها", "موشکها"},
		"1402":     {"۱۴۰۲", "١٤٠٢", "１４０２"},
		"שלום":     {"שָׁלוֹם", "שלום"},
		`צה"ל`:     {"צה״ל", "צה”ל"},
		"שמח'אני":  {"שמח׳אני", "שמח’אני"},
		"が":        {"か\u3099"},
		"fi":       {"ﬁ", "ＦＩ"},
		"co":       {"c\u00ado", "CO"},
	}
	for want, spellings := range tests {
		for _, s := range spellings {
			if got := Fold(s); got != want {
				t.Errorf("Fold(%q) = %q, want %q", s, got, want)
			}
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, seed := range []string{
		"U.S.-Iran F-35s", "Oman’s's", "موشک‌ها «شمخانی»", "צה״ל", "北京", "a\xff.b", "a.b.c_d:e",
		"\u200fa\u200f's",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkWords(t, text, Words(text)) })
}

func checkWords(t *testing.T, text string, cut []Word) {
	end := 0
	for _, w := range cut {
		if w.Start < end || w.End <= w.Start || w.End > len(text) {
			t.Fatalf("%q: %+v", text, cut)
		}
		end = w.End
		if utf8.ValidString(text) && !utf8.ValidString(text[w.Start:w.End]) {
			t.Fatalf("%q: %+v cuts a character", text, w)
		}
		if got := Fold(text[w.Start:w.End]); got != w.Folded || got == "" {
			t.Fatalf("%q: Fold(%q) = %q, not %q", text, text[w.Start:w.End], got, w.Folded)
		}
	}
}
