package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/rules"
)

// bracketed takes the brackets out of a text and returns what stood in them as hits.
func bracketed(text string) (plain string, hits []rules.Hit) {
	for {
		before, rest, found := strings.Cut(text, "[")
		plain += before
		if !found {
			return plain, hits
		}
		var word string
		word, text, _ = strings.Cut(rest, "]")
		hits = append(hits, rules.Hit{Start: len(plain), End: len(plain) + len(word)})
		plain += word
	}
}

// shown writes a text with its marks as brackets.
func shown(t bot.Text) string {
	var b strings.Builder
	for _, span := range t {
		if span.Hit {
			b.WriteString("[" + span.Text + "]")
		} else {
			b.WriteString(span.Text)
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "\u00a0", " "))
}

func TestExcerpt(t *testing.T) {
	many := "Some " + strings.Repeat("word ", 40)
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "Talks in Oman.", ""},
		{"a whole text", "[Talks] in [Oman].", "[Talks] in [Oman]."},
		{"a sentence", "First. They met in [Oman] today. Last.", "… They met in [Oman] today. …"},
		{"neighbours", "First. In [Oman]. The [talks] go on. Last.",
			"… In [Oman]. The [talks] go on. …"},
		{"a long sentence", many + "in [Oman] for " + strings.ToLower(many),
			"… word word word word word word word word in [Oman] for some word word word word word word word …"},
		{"far apart", "In [Oman] again. " + many + ". The [talks] end.",
			"In [Oman] again. … The [talks] end."},
		{"a word again", "In [Oman] now. " + many + ". In [OMAN] then.", "In [Oman] now. …"},
		{"a word again nearby", "In [Oman], for [Oman], they say.", "In [Oman], for [Oman], they say."},
		{"no words to cut at", strings.Repeat("-", 99) + "[Oman]" + strings.Repeat("-", 99), "… [Oman] …"},
		{"a phrase over two sentences", "At last. In [Oman. Talks] begin. Yes.",
			"… In [Oman. Talks] …"},
		{"without blanks", "外交官在[阿曼]会谈。" + strings.Repeat("很长的句子", 20),
			"外交官在[阿曼]会谈。 …"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, hits := bracketed(test.text)
			if got := shown(bot.Excerpt(text, hits)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestExcerptOfMuch asserts that neither many hits nor a long one are a long excerpt.
func TestExcerptOfMuch(t *testing.T) {
	text := strings.Repeat("Oman and Iran and Iraq and Yemen and Egypt and Syria and Libya and ", 1000)
	var each []rules.Hit
	for _, w := range rules.Words(text)[:64] {
		each = append(each, rules.Hit{Start: w.Start, End: w.End})
	}
	for name, hits := range map[string][]rules.Hit{
		"many": each, "long": {{End: len(text)}}, "long and within": {{End: len(text)}, {Start: 9, End: 13}},
	} {
		if n := utf8.RuneCountInString(bot.Excerpt(text, hits).String()); n > 200 {
			t.Errorf("%s: %d characters", name, n)
		}
	}
	if quoted := bot.Quote(text, rules.Hit{End: len(text)}); utf8.RuneCountInString(quoted) > 100 {
		t.Errorf("quoted %q", quoted)
	}
}

func TestCutAtOverlappingHits(t *testing.T) {
	got := shown(bot.Cut("Oman talks today", []rules.Hit{{Start: 0, End: 10}, {Start: 5, End: 16}, {Start: 6, End: 8}}))
	if want := "[Oman talks][ today]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
