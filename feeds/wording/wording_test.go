package wording

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSubstantive(t *testing.T) {
	for _, c := range []struct {
		name, old, now string
		want           bool
	}{
		{"nothing", "Iran talks begin in Oman", "Iran talks begin in Oman", false},
		{"case", "Iran talks begin in Oman", "IRAN TALKS BEGIN IN OMAN", false},
		{"punctuation", "Swift wedding - 'Best night'", "Swift wedding: “Best night”", false},
		{"white space", "Rs 150 crore  debt", "Rs 150-crore debt", false},
		{"a letter", "600 protestors held", "600 protesters held", false},
		{"a slip", "Isreal strikes port", "Israel strikes port", false},
		{"a mark", "Iran talks begin", "LIVE: Iran talks begin", false},
		{"a mark behind", "Iran talks begin", "Iran talks begin - live updates", false},
		{"breaking", "BREAKING | Iran talks begin", "Iran talks begin", false},
		{"a preposition", "Japan protests Putin visit", "Japan protests against Putin visit", false},
		{"one modest word", "Iran hails talks with Oman", "Iran praises talks with Oman", false},
		{"an accent", "Macron à Téhéran", "Macron a Teheran", false},
		{"digits of another script", "۱۲ نفر در تهران", "12 نفر در تهران", false},
		{"thousands", "10,000 flee Rafah", "10000 flee Rafah", false},
		{"Arabic letters", "محادثات في مسقط", "محادثات فى مسقط", false},
		{"tatweel and harakat", "مُحَادَثَات في مسقط", "محادثـات في مسقط", false},
		{"عاجل", "محادثات في مسقط", "عاجل | محادثات في مسقط", false},
		{"ZWNJ", "می‌خواهد مذاکره", "میخواهد مذاکره", false},
		{"ё", "Самолёт сбит над Донецком", "Самолет сбит над Донецком", false},
		{"damaged Bengali", "নীলফ\ufffd\ufffdমারীতে যুব দিবস", "নীলফামারীতে যুব দিবস", false},
		{"damaged again", "নীলফামারীতে যুব দিবস", "নীলফামারীতে যু\ufffd\ufffd দিবস", false},
		{"damaged twice", "জ্বালানি প্র\ufffd\ufffdিমন্ত্রী", "জ্বালানি প্রতিমন্ত\ufffd\ufffd", false},
		{"a damaged number", "ফেরিতে ছিল \ufffd\ufffd২০", "ফেরিতে ছিল ১২০", false},
		{"a word less", "Iran talks finally begin in Oman", "Iran talks begin in Oman", false},

		{"a number", "3 killed in Beirut strike", "5 killed in Beirut strike", true},
		{"a number more", "Killed in Beirut strike", "Killed in Beirut strike: 12", true},
		{"a number less", "12 killed in Beirut strike", "Killed in Beirut strike", true},
		{"a number in words", "Three killed in strike", "Five killed in strike", true},
		{"a number in Bengali", "২ সেনা নিহত", "৫ সেনা নিহত", true},
		{"Iran and Iraq", "Missiles hit base in Iran", "Missiles hit base in Iraq", true},
		{"Иран и Ирак", "Удар по базе в Иране", "Удар по базе в Ираке", true},
		{"ইরান", "ইরানের ঘাঁটিতে হামলা", "ইরাকের ঘাঁটিতে হামলা", true},
		{"a place", "Explosion heard in capital", "Explosion heard in Muscat", true},
		{"a name", "Minister meets envoy", "Minister Araghchi meets envoy", true},
		{"casualties", "Strike on Rafah", "Strike on Rafah, dozens dead", true},
		{"another story", "Twitch users can now block Amazon", "Twitch faces backlash", true},
		{"a denial", "Iran strikes base", "Iran denies strikes on base", true},
		{"no denial any more", "Iran did not strike base", "Iran did strike base", true},
		{"who hits whom", "Iran attacks Israel", "Israel attacks Iran", true},
		{"a Russian name", "Министр прибыл", "Министр Лавров прибыл", true},
		{"an Arabic word", "وزير الخارجية يصل مسقط", "وزير الخارجية يغادر مسقط", true},
		{"a Persian name", "مذاکره در مسقط", "مذاکره شمخانی در مسقط", true},
		{"a Hebrew word", "שיחות במסקט", "שיחות במסקט נכשלו", true},
		{"Chinese", "伊朗与美国谈判", "伊朗与美国谈判破裂", true},
		{"emptied", "Iran talks begin in Oman, 3 hurt", "", true},
		{"filled", "", "Iran talks begin", true},
	} {
		if got := Substantive(c.old, c.now); got != c.want {
			t.Errorf("%s: %q, then %q: %t", c.name, c.old, c.now, got)
		}
	}
}

func TestSame(t *testing.T) {
	long := "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
		"sixteen seventeen eighteen nineteen twenty twenty-one"
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Iran talks begin", "IRAN: talks begin!", true},
		{"Iran talks begin", "Iran talks to begin", false},
		{"Iran talks begin", "talks Iran begin", false},
		{"Isreal strikes", "Israel strikes", false},
		{"নীলফ\ufffd\ufffdমারীতে যুব", "নীলফামারীতে যু\ufffd", true},
		{long + " and", long + " an", true},
		{long + " were hurt…", long + " were hu...", true},
		{long + " were hurt.", long + " were hurt, twelve killed.", false},
		{long, long + " and two words and then some more", false},
		{"", "Iran", false},
	} {
		if Same(c.a, c.b) != c.want || Same(c.b, c.a) != c.want {
			t.Errorf("%q, %q: not %t", c.a, c.b, c.want)
		}
	}
}

// TestNoTextTakesLong: not even one made to compare every word with every other.
func TestNoTextTakesLong(t *testing.T) {
	var a, b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&a, "w%cxyz%d ", 'a'+i%26, i%7)
		fmt.Fprintf(&b, "waxyz%c\ufffd ", 'a'+i%26)
	}
	began := time.Now()
	Retold(a.String(), b.String())
	Same(a.String(), b.String())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzSubstantive(f *testing.F) {
	f.Add("3 killed in Beirut", "LIVE: 5 killed \ufffd")
	f.Add("নীলফ\ufffd\ufffdমারীতে", "伊朗 ١٢٬٠٠٠")
	f.Fuzz(func(t *testing.T, a, b string) {
		if Substantive(a, a) || Retold(b, b) || !Same(a, a) {
			t.Errorf("%q is not itself", a)
		}
		Substantive(a, b)
		Retold(a, b)
		Same(a, b)
	})
}
