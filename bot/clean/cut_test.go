package clean

import (
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/bot"
)

func TestUnits(t *testing.T) {
	for s, want := range map[string]int{"": 0, "a": 1, "é": 1, "ش": 1, "中": 1, "👩": 2, "👩‍👩": 5, "\xff": 1} {
		if got := Units(s); got != want {
			t.Errorf("%q: %d units, want %d", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		in   string
		most int
		want string
	}{
		{"Oman talks", 10, "Oman talks"},
		{"Oman talks resume", 12, "Oman talks…"},
		{"Talks end. Nobody knows what comes next.", 22, "Talks end. …"},
		{"One. This sentence is much too long to be shown", 30, "One. This sentence is much…"},
		{"Unbreakable", 6, "Unbr…"},
		{"👩‍👩‍👧 👩‍👩‍👧", 12, "👩‍👩‍👧…"},
		{"👩‍👩‍👧", 6, "…"},
		{"伊朗和美国将于周日在阿曼恢复核谈判", 10, "伊朗和美国将于周…"},
		{"شمخانی به مسقط رفت", 12, "شمخانی به…"},
		{"anything", 1, "…"},
	} {
		if got := Cut(test.in, test.most); got != test.want {
			t.Errorf("%q to %d: got %q, want %q", test.in, test.most, got, test.want)
		}
	}
}

// TestCutText asserts that text with marks is cut at the same place, and keeps its marks.
func TestCutText(t *testing.T) {
	in := bot.Text{{Text: "Oman "}, {Text: "talks", Hit: true}, {Text: " resume soon"}}
	got := CutText(in, 19)
	if got.String() != "Oman talks resume…" || !got[1].Hit {
		t.Errorf("%v", got)
	}
	if got := CutText(in, 100); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

// TestCutAnything asserts that what is cut is short enough, begins as the text does and ends where
// a character of it ends.
func TestCutAnything(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"a", " ", ". ", "word", "👩‍👩‍👧", "🇴🇲", "e\u0301", "شم", "\u200d", "中", "?! "})
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(pieces).Draw(t, "pieces"), "") + rapid.String().Draw(t, "more")
		most := rapid.IntRange(1, 60).Draw(t, "most")
		got := Cut(s, most)
		if spans := (bot.Text{{Text: s[:0]}, {Text: s}}); CutText(spans, most).String() != got {
			t.Errorf("%q is cut otherwise with marks", s)
		}
		if Units(got) > most {
			t.Errorf("%q has more than %d units", got, most)
		}
		if got == s {
			return
		}
		kept := strings.TrimSuffix(strings.TrimSuffix(got, ellipsis), " ")
		if !strings.HasPrefix(s, kept) {
			t.Errorf("%q does not begin %q", got, s)
		}
		ends := map[int]bool{0: true}
		for g := graphemes.FromString(s); g.Next(); {
			ends[g.End()] = true
		}
		if !ends[len(kept)] {
			t.Errorf("%q tears a character of %q", got, s)
		}
	})
}
