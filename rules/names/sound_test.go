package names

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/rules/words"
)

func TestKey(t *testing.T) {
	tests := []struct{ word, want string }{
		{"Shamkhani", "SMKNa"},
		{"شَمخانی", "SMKNa"},
		{"Шамхани", "SMKNa"},
		{"שמח'אני", "SMNa"}, // the second key is SMKNa
		{"Ali", "ALa"},
		{"Hussein", "HSN"},
		{"Yusuf", "YSF"},
		{"Mohammed", "MMT"},
		{"محمد", "MMT"},
		{"ﻣﺤﻤﺪ", "MMT"}, // presentation forms
		{"ERDOĞAN", "ARTKN"},
		{"Yahya", ""}, // no consonant but y and h
		{"O", ""},
		{"F-35", ""},
		{"習近平", ""},
		{"Պուտին", ""},
		{"", ""},
		{"^$", ""},
		{"\xff", ""},
	}
	for _, test := range tests {
		if got := Key(test.word); got != test.want {
			t.Errorf("Key(%q) = %q, want %q", test.word, got, test.want)
		}
	}
}

func TestAlikeNames(t *testing.T) {
	tests := []struct {
		a, b  string
		alike bool
	}{
		{"Shamkhani", "שמח'אני", true},
		{"Ali Shamkhani", "علی شمخانی", true},
		{"Ali Shamkhani", "شمخانی علی", false}, // the order is kept
		{"Ali Shamkhani", "Шамхани", false},    // and so is every word
		{"Bashar al-Assad", "بشار الأسد", true},
		{"Bashar al-Assad", "Башар Асад", true},
		{"Mohammed bin Salman", "محمد بن سلمان", true},
		{"Abdel Fattah el-Sisi", "عبد الفتاح السيسي", true},
		{"Hezbollah", "حزب الله", true},
		{"Yahya Sinwar", "يحيى السنوار", true},
		{"Yahya", "يحيى", false}, // too short by itself
		{"Erdoğan", "ארדואן", true},
		{"Zelenskyy", "Зеленський", true},
		{"Oman", "Иран", false},
		{"Oman", "Romania", false},
		{"習近平", "习近平", false},
		{"al", "al", true},
		{"", "al", false},
	}
	for _, test := range tests {
		if got := AlikeNames(test.a, test.b); got != test.alike {
			t.Errorf("AlikeNames(%q, %q) = %v", test.a, test.b, got)
		}
	}
}

func TestTableReadsEachSpellingOnce(t *testing.T) {
	for _, entries := range table {
		for i, e := range entries {
			same := func(other entry) bool { return other.letters == e.letters }
			if slices.ContainsFunc(entries[:i], same) || len(e.readings) == 0 {
				t.Errorf("%q has two entries, or no reading", e.letters)
			}
		}
	}
}

// TestFoldedWordsHaveKeys holds because a matcher knows only the folded words of a text.
func TestFoldedWordsHaveKeys(t *testing.T) {
	for _, set := range Shipped() {
		for _, s := range set.Spellings {
			for _, w := range words.Cut(s.Text) {
				word := s.Text[w.Start:w.End]
				if !isDiacritic(word) && !slices.Equal(Keys(word), Keys(w.Folded)) {
					t.Errorf("%q: %v, folded %v", word, Keys(word), Keys(w.Folded))
				}
			}
		}
	}
}

// isDiacritic reports whether a word has a letter that its sign makes another.
func isDiacritic(word string) bool { return strings.ContainsAny(word, "şçğəŞÇĞƏ") }

func TestAlikeIsSymmetricAndReflexive(t *testing.T) {
	alphabet := []rune("abcdeghijkmnstuwxyzşç'^$ -شمخانیالحو عשמחנו'יшамханиєў5習")
	name := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		checkLaws(t, name.Draw(t, "a"), name.Draw(t, "b"))
	})
}

func checkLaws(t rapid.TB, a, b string) {
	if !AlikeNames(a, a) || !Alike(a, a) {
		t.Fatalf("%q is not like itself", a)
	}
	if AlikeNames(a, b) != AlikeNames(b, a) || Alike(a, b) != Alike(b, a) {
		t.Fatalf("%q and %q are alike in one order only", a, b)
	}
}

func FuzzKeys(f *testing.F) {
	for _, seed := range []string{
		"Shamkhani", "شمخانی", "שמח'אני", "Шамхани", "chchchchchch", "\xff^$",
		strings.Repeat("ge", 100),
	} {
		f.Add(seed, "Ali "+seed)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		keys := Keys(a)
		if len(keys) > maxKeys {
			t.Fatalf("%q has %d keys", a, len(keys))
		}
		for i, k := range keys {
			if len(k) < minSounds || len(k) > maxSounds+1 || slices.Contains(keys[:i], k) ||
				!utf8.ValidString(k) || strings.Trim(k, "AHYPFKTSLMNRa") != "" {
				t.Fatalf("%q has the keys %q", a, keys)
			}
		}
		checkLaws(t, a, b)
	})
}
