package query

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestParseLimits(t *testing.T) {
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("я ", n)) }
	tests := []struct {
		name, rule string
		start, end int // of the mistake; both zero for none
	}{
		{"64 words", words(64), 0, 0},
		{"65 words", words(65), len(words(64)) + 1, len(words(65))},
		{"1,000 characters", strings.Repeat("я", 1000), 0, 0},
		{"1,001 characters", strings.Repeat("я", 1001), 2000, 2002},
		{"499 parentheses", strings.Repeat("(", 499) + "a" + strings.Repeat(")", 499), 0, 0},
		{"a thousand open", strings.Repeat("(", 1000), 999, 1000},
	}
	for _, test := range tests {
		_, err := Parse(test.rule)
		if test.end == 0 {
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		var mistake *SyntaxError
		if !errors.As(err, &mistake) || mistake.Start != test.start || mistake.End != test.end {
			t.Errorf("%s: %v, want a mistake at %d:%d", test.name, err, test.start, test.end)
		}
	}
}

func TestParseInvalidUTF8(t *testing.T) {
	if _, err := Parse("Oman \xff"); err == nil {
		t.Error("no error")
	}
}

func TestCanonicalTextIsOneLine(t *testing.T) {
	r, err := Parse("\"Oman\x07\x00talks\n now\"")
	if err != nil || r.String() != `"Oman talks now"` {
		t.Errorf("%q, %v", r, err)
	}
}

// ruleText draws a rule, not always one that makes sense.
func ruleText(words []string) *rapid.Generator[string] {
	word := rapid.SampledFrom(words)
	phrase := rapid.Map(rapid.SliceOfN(word, 1, 3), func(w []string) string {
		return `"` + strings.Join(w, " ") + `"`
	})
	prefix := rapid.Map(word, func(w string) string { return w + "*" })
	alike := rapid.Map(word, func(w string) string { return "~" + w })
	exact := rapid.Map(phrase, func(w string) string { return "=" + w })
	term := rapid.OneOf(word, word, word, phrase, prefix, exact, alike)
	either := rapid.Map(rapid.SliceOfN(term, 2, 3), func(terms []string) string {
		return "(" + strings.Join(terms, " OR ") + ")"
	})
	run := rapid.Map(rapid.SliceOfN(rapid.OneOf(term, either), 2, 3), func(kids []string) string {
		return strings.Join(kids, " ")
	})
	near := rapid.Custom(func(t *rapid.T) string {
		text := rapid.OneOf(term, either).Draw(t, "first")
		for range rapid.IntRange(1, 2).Draw(t, "more") {
			text += fmt.Sprintf(" NEAR/%d ", rapid.IntRange(1, 12).Draw(t, "distance"))
			text += rapid.OneOf(term, either).Draw(t, "next")
		}
		return text
	})
	anything := rapid.Custom(func(t *rapid.T) string { return drawAny(t, term, 3) })
	return rapid.OneOf(run, near, anything)
}

func drawAny(t *rapid.T, term *rapid.Generator[string], depth int) string {
	kids := make([]string, rapid.IntRange(1, 3).Draw(t, "kids"))
	for i := range kids {
		kids[i] = drawOperand(t, term, depth)
	}
	return strings.Join(kids, rapid.SampledFrom([]string{" ", " ", " AND ", " OR "}).Draw(t, "join"))
}

func drawOperand(t *rapid.T, term *rapid.Generator[string], depth int) string {
	if depth == 0 {
		return term.Draw(t, "term")
	}
	switch rapid.IntRange(0, 11).Draw(t, "sort") {
	case 0:
		return "-" + drawOperand(t, term, 0)
	case 1:
		return "NOT (" + drawAny(t, term, depth-1) + ")"
	case 2, 3:
		return "(" + drawAny(t, term, depth-1) + ")"
	case 4:
		return rapid.SampledFrom([]string{"title:", "source:", "category:"}).Draw(t, "field") +
			drawOperand(t, term, 0)
	case 5:
		return term.Draw(t, "left") + " NEAR/3 " + term.Draw(t, "right")
	case 6:
		return rapid.SampledFrom([]string{"/ab?c/", "/x.y/", `/(?i)b\/c/`, "/[ab]c+/"}).Draw(t, "re")
	case 7:
		return rapid.SampledFrom([]string{"lang:fa", "lang:(en OR fa)", "=exact"}).Draw(t, "other")
	}
	return term.Draw(t, "term")
}

func TestRoundTrip(t *testing.T) {
	words := []string{"Oman", "oman", "US", "U.S.", "F-35", "and", "AND", "title", "北京", "شَمخانی",
		`צה"ל`, "Oman's", "#x", "3.5bn"}
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		if checkRoundTrip(t, ruleText(words).Draw(t, "rule")) {
			accepted++
		}
	})
	if accepted == 0 {
		t.Error("no rule was accepted")
	}
}

// checkRoundTrip reports whether a rule is accepted; if so its canonical text is that of an equal
// rule.
func checkRoundTrip(t rapid.TB, text string) bool {
	r, err := Parse(text)
	if err != nil {
		checkMistake(t, text, err)
		return false
	}
	again, err := Parse(r.String())
	if err != nil {
		t.Fatalf("%q is printed as %q: %v", text, r, err)
	}
	if !reflect.DeepEqual(r, again) {
		t.Fatalf("%q is printed as %q, which is another rule: %q", text, r, again)
	}
	return true
}

func checkMistake(t rapid.TB, text string, err error) {
	var mistake *SyntaxError
	if !errors.As(err, &mistake) {
		t.Fatalf("%q: %T", text, err)
	}
	if mistake.Rule != text || mistake.Start < 0 || mistake.End < mistake.Start ||
		mistake.End > len(text) {
		t.Fatalf("%q: mistake at %d:%d of %q", text, mistake.Start, mistake.End, mistake.Rule)
	}
	if mistake.Problem == "" || mistake.Remedy == "" || strings.Contains(mistake.Error(), "\n") ||
		strings.Count(mistake.Caret(), "\n") != 1 {
		t.Fatalf("%q: %v\n%s", text, mistake, mistake.Caret())
	}
	if utf8.ValidString(text) && !utf8.ValidString(mistake.Error()) {
		t.Fatalf("%q: %q", text, mistake.Error())
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"Oman talks", `"Strait of Hormuz" AND -title:(a OR =b)`, "lang:fa missil*", "a*b*",
		`צה"ל «ب» „x“`, "a NEAR/5 b", "~a", "/a/", "((", `"`, "U.S.-Iran", "x:y", "é’s", "a\u200d*",
		"- -", "titel:x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rule string) { checkRoundTrip(t, rule) })
}
