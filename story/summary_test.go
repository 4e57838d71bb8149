package story

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/feeds"
)

func TestSentences(t *testing.T) {
	for _, test := range []struct {
		name, text string // sentences are parted by " | "
	}{
		{"abbreviations", "Gen. Smith met Mr. Ali of the U.S. Navy. | They spoke for 3.5 hours."},
		{"initials", "J. Vance arrived. | He left."},
		{"quotes", "“We are ready,” he said. | “Are you?” | She was."},
		{"numbers", "Oil rose 3.5bn to $72.10. | Gold fell."},
		{"persian", "مذاکرات آغاز شد. | آیا ادامه دارد؟ | بله."},
		{"urdu", "مذاکرات شروع ہوئے۔ | وہ جاری ہیں۔"},
		{"russian", "Ген. Иванов прибыл в г. Маскат. | Переговоры идут."},
		{"hebrew", "השיחות החלו. | האם יימשכו?"},
		{"chinese", "谈判开始了。 | 会继续吗？"},
		{"no stop at the end", "First one. | Then nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := strings.Split(test.text, " | ")
			text := strings.ReplaceAll(test.text, " | ", " ")
			if got := sentences(text); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func summarize(title, text string, asked ...string) string {
	s := Story{
		Headline: title, Why: []Why{{Words: asked}}, Items: []feeds.Item{{Title: title, Text: text}},
	}
	summary, _ := Extractive{}.Summarize(context.Background(), s)
	return summary
}

func TestSummary(t *testing.T) {
	long := strings.Repeat("word ", 90) + "end."
	for _, test := range []struct {
		name, title, text string
		asked             []string
		want              string
	}{
		{"nothing to say", "Title", "", nil, ""},
		{"the headline is not repeated", "Oman hosts talks", "Oman hosts talks. They last a week.",
			nil, "They last a week."},
		{"what was asked for comes before what stands first", "News of the day",
			"One. " + strings.Repeat("Filler about bread and milk prices rising again. ", 8) +
				"Shamkhani will speak in parliament tomorrow.", []string{"Shamkhani"}, "Shamkhani will speak"},
		{"too long a sentence is left out, not cut", "Title", long + " Short one.", nil, "Short one."},
		{"nothing is said twice", "Title", "Ships wait off Oman. Ships wait off Oman.", nil,
			"Ships wait off Oman."},
		{"nothing fits", "Title", long, nil, ""},
		{"a sentence that was broken off yields to whole ones", "Title",
			"The talks begin in Muscat on Friday. The minister said that the…", nil,
			"The talks begin in Muscat on Friday."},
		{"a sentence that was broken off is better than none", "Title",
			"The minister said that the [...]", nil, "The minister said that the [...]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := summarize(test.title, test.text, test.asked...)
			if test.want == "" && got != "" || strings.Count(got, test.want) != 1 && test.want != "" {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestSummaryLaws asserts that a summary is whole sentences of the text, in their order, within its
// bounds.
func TestSummaryLaws(t *testing.T) {
	words := rapid.SampledFrom(strings.Fields("Oman talks begin in the U.S. Gen. Iran شمخانی گفت Маскат 3.5 , — ."))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 300).Draw(t, "text"), " ")
		summary := summarize("Oman", text, "Iran")
		if utf8.RuneCountInString(summary) > summaryLength {
			t.Fatalf("%d characters", utf8.RuneCountInString(summary))
		}
		if !madeOf(summary, sentences(text), summarySentences) {
			t.Fatalf("%q is not made of the sentences of %q", summary, text)
		}
	})
}

// madeOf reports whether a summary is at most so many of the sentences, in their order. A sentence may
// begin as another one does.
func madeOf(summary string, from []string, most int) bool {
	if summary == "" {
		return true
	}
	for i, s := range from {
		rest, ok := strings.CutPrefix(summary, s)
		if ok && most > 0 && madeOf(strings.TrimPrefix(rest, " "), from[i+1:], most-1) {
			return true
		}
	}
	return false
}

func FuzzSentences(f *testing.F) {
	f.Add("Gen. Smith said so. Then he left. مذاکرات آغاز شد؟ بله.")
	f.Fuzz(func(t *testing.T, text string) {
		fold := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if got := fold(strings.Join(sentences(text), " ")); strings.ReplaceAll(got, " ", "") !=
			strings.ReplaceAll(fold(text), " ", "") {
			t.Errorf("%q became %q", text, got)
		}
		if short := shorten(text, 20); utf8.RuneCountInString(short) > 20 {
			t.Errorf("%q was cut to %q", text, short)
		}
	})
}

// TestCopiesMissNothing asserts that the index finds what comparing with every text finds.
func TestCopiesMissNothing(t *testing.T) {
	words := rapid.SampledFrom(strings.Fields("oman talks iran muscat begin end again today week envoy"))
	rapid.Check(t, func(t *rapid.T) {
		c := newCopies()
		var all []wording
		draw := func() feeds.Item {
			return feeds.Item{Title: strings.Join(rapid.SliceOfN(words, 6, 14).Draw(t, "title"), " ")}
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "texts") {
			it := draw()
			c.add(ID(rune('a'+i)), it)
			all = append(all, c.wording(it))
		}
		it := draw()
		best := 0.0
		for _, w := range all {
			best = max(best, jaccard(c.wording(it).pairs, w.pairs))
		}
		if found := c.find(it); (found != "") != (best >= sameness) {
			t.Fatalf("found %q though the nearest is %v", found, best)
		}
	})
}

// TestCopiesAnyOrder asserts that of equal copies the nearest in time is found, whichever was
// remembered first: after a crash the same items make the same stories.
func TestCopiesAnyOrder(t *testing.T) {
	at := time.Date(2026, 2, 6, 0, 0, 0, 0, time.UTC)
	report := func(after time.Duration) feeds.Item {
		return feeds.Item{
			Title: "Oman hosts another round of talks in Muscat", Published: at.Add(after),
		}
	}
	far, near := report(0), report(80*time.Hour)
	forth, back := newCopies(), newCopies()
	forth.add("far", far)
	forth.add("near", near)
	back.add("near", near)
	back.add("far", far)
	for _, c := range []*copies{forth, back} {
		if got := c.find(report(50 * time.Hour)); got != "near" {
			t.Errorf("found %q, want the nearest", got)
		}
	}
}

func TestShorten(t *testing.T) {
	family := "👨‍👩‍👧‍👦"
	for _, test := range []struct{ text, want string }{
		{"twelve chars", "twelve chars"},
		{"Oman hosts the talks", "Oman hosts…"},
		{"Oman hosted talks", "Oman hosted…"},
		{"A 谈判谈判谈判谈判谈判谈判", "A 谈判谈判谈判谈判谈…"},
		{family + family + family, family + "…"},
	} {
		if got := shorten(test.text, 12); got != test.want {
			t.Errorf("%q was cut to %q, want %q", test.text, got, test.want)
		}
	}
}
