package words

import (
	"strings"
	"testing"
)

// TestLanguage has a line for each claim about how the language of a text is known.
func TestLanguage(t *testing.T) {
	tests := []struct{ declared, text, want string }{
		// The feed says it, in any spelling of the code.
		{"en", "Talks in Oman", "en"},
		{"en-GB", "Talks in Oman", "en"},
		{"en_US", "Talks in Oman", "en"},
		{"EN-us", "Talks in Oman", "en"},
		{" de ", "Gespräche im Oman", "de"},
		{"fas", "گفت‌وگو", "fa"},
		{"iw", "שיחות", "he"},
		{"zh-hans", "北京", "zh"},
		{"fa", "محادثات", "fa"},
		{"tr", "Umman", "tr"},
		{"ru", "", "ru"},
		{"ja", "東京", "ja"},
		// Another script proves it wrong.
		{"en", "محادثات في مسقط", "ar"},
		{"en-us", "مذاکرات در مسقط و گفت‌وگو", "fa"},
		{"en", "Переговоры в Омане", "ru"},
		{"ar", "Talks in Muscat", "en"},
		{"en", "Talks on موشک‌ها in Muscat", "en"},
		{"sr", "Pregovori u Omanu", "sr"},
		{"kk", "Omandağy kelissözder", "kk"},
		// A declaration that is none.
		{"", "", ""},
		{"", "2023 – 60%", ""},
		{"english", "Talks in Oman", "en"},
		{"xx-yy-zz-!", "Talks in Oman", "en"},
		{"und", "Talks in Oman", "en"},
		// Letters tell languages of one script apart.
		{"", "صواريخ على ميناء إيلات", "ar"},
		{"", "علی شمخانی دبیر شورای دفاع شد", "fa"},
		{"", "پہلے مذاکرات مسقط میں ہوئے", "ur"},
		{"", "رئيس الوزراء التقى وفد شركة گوگل في العاصمة العمانية مسقط اليوم الخميس", "ar"},
		{"", "Переговоры в Омане", "ru"},
		{"", "Переговори в Омані", "uk"},
		{"", "שיחות במסקט", "he"},
		{"", "北京和东京", "zh"},
		{"", "東京でイランと協議", "ja"},
		{"", "오만 회담", "ko"},
		{"", "ওমানে আলোচনা", "bn"},
		{"", "Umman'daki görüşmeler başladı", "tr"},
		{"", "Les pourparlers dans le sultanat d'Oman", "fr"},
		{"", "L’Iran et les États-Unis à Mascate", "fr"},
		{"", "Erdoğan meets the foreign minister of Oman", "en"},
		{"", "Café talks at the Élysée", "en"},
		{"", "Oman", "en"},
		{"", "a\xff\xfe", "en"},
	}
	for _, test := range tests {
		if got := Language(test.declared, test.text); got != test.want {
			t.Errorf("Language(%q, %q) = %q, want %q", test.declared, test.text, got, test.want)
		}
	}
}

// TestLanguageOfLong proves that a text of any length costs little.
func TestLanguageOfLong(t *testing.T) {
	text := strings.Repeat("گفت‌وگوها ", 1000) + strings.Repeat("talks ", 100_000)
	if got := Language("", text); got != "fa" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkLanguage(b *testing.B) {
	for name, sentence := range samples {
		text := strings.Repeat(sentence, 15)
		for _, declared := range []string{"en-us", "fa", ""} {
			b.Run(name+"/"+declared, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Language(declared, text)
				}
			})
		}
	}
}
