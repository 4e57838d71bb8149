package console

import (
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// filing is an item with hits of one watch, which is called w.
func filing(it feeds.Item, hits ...rules.Hit) story.Filing {
	return story.Filing{Item: it, Outcome: story.OutcomeAlerted,
		Matches: []rules.Match{{Watch: "id", Hits: hits}}}
}

var siftedNames = map[string]string{"id": "w"}

func TestSifted(t *testing.T) {
	text := func(start, end int, word string) rules.Hit {
		return rules.Hit{Field: rules.FieldText, Start: start, End: end, Word: word}
	}
	for _, test := range []struct {
		name, want string
		f          story.Filing
	}{
		{"an inflected form", "alerted    T\n           w: talks ← talk\n             The talk\n",
			filing(feeds.Item{Title: "T", Text: "The talk"}, text(4, 8, "talks"))},
		{"the same word in other letters", "alerted    T\n           w: ⟨شمخاني⟩\n" +
			"             ⟨قال شمخاني⟩\n",
			filing(feeds.Item{Title: "T", Text: "قال شمخاني"}, text(7, 19, "شمخانی"))},
		{"another script", "alerted    T\n           w: Shamkhani ← ⟨شمخانی⟩\n" +
			"             ⟨شمخانی گفت⟩\n",
			filing(feeds.Item{Title: "T", Text: "شمخانی گفت"}, text(0, 12, "Shamkhani"))},
		{"a word twice", "alerted    T\n           w: Oman\n             Oman, oman\n",
			filing(feeds.Item{Title: "T", Text: "Oman, oman"}, text(0, 4, "Oman"), text(6, 10, "Oman"))},
		{"a source", "alerted    T\n           w: bbc ← BBC News (source)\n",
			filing(feeds.Item{Title: "T", Publisher: "BBC News"},
				rules.Hit{Field: rules.FieldSource, End: 8, Word: "bbc"})},
		{"a category", "alerted    T\n           w: Iran (category)\n",
			filing(feeds.Item{Title: "T", Categories: []string{"World", "Iran"}},
				rules.Hit{Field: rules.FieldCategory, Start: 7, End: 11, Word: "Iran"})},
		{"no title", "alerted    The talk.\n           w: talk\n             The talk.\u00a0…\n",
			filing(feeds.Item{Text: "The talk. It ends."}, text(4, 8, "talk"))},
		{"no words", "unmatched  (no title)\n", story.Filing{Outcome: story.OutcomeUnmatched}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := readable.Replace(string(Sifted(test.f, siftedNames, Options{})))
			if got != test.want {
				t.Errorf("got:\n%swant:\n%s", got, test.want)
			}
		})
	}
}

// TestSiftedColors asserts that what matched stands out in title and text, and that an item that
// nobody asks for stands back.
func TestSiftedColors(t *testing.T) {
	f := filing(feeds.Item{Title: "Oman talks", Text: "The talk"},
		rules.Hit{Field: rules.FieldTitle, Start: 5, End: 10, Word: "talks"},
		rules.Hit{Field: rules.FieldText, Start: 4, End: 8, Word: "talks"})
	got := readable.Replace(string(Sifted(f, siftedNames, Options{Color: true})))
	want := "alerted    ␛[1mOman ␛[0m␛[1;4mtalks␛[0m\n" +
		"           w␛[2m: ␛[0mtalks␛[2m, talks ← ␛[0mtalk\n" +
		"             The ␛[4mtalk␛[0m\n"
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	f = story.Filing{Item: f.Item, Outcome: story.OutcomeUnmatched}
	got = readable.Replace(string(Sifted(f, nil, Options{Color: true})))
	if want := "unmatched  ␛[2mOman talks␛[0m\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzSifted asserts of any item, and wherever its hits lie, what [FuzzText] asserts of posts.
func FuzzSifted(f *testing.F) {
	f.Add("Oman talks", "The talks in Oman. They end.", "talks", uint16(4), uint16(9), uint16(13), uint16(17))
	f.Add("\x1b[31mOman\x1b]0;owned\x07\r\nalerted    fake \u202eslaid\u009b2J",
		"talks\u2066\x00\x1b[2J Om\x1ban "+strings.Repeat("\u0301", 40), "tal\x1b[4mk",
		uint16(0), uint16(5), uint16(13), uint16(18))
	f.Add("علی شمخانی", "شمخانی\u202e گفت", "شمخانی*", uint16(0), uint16(12), uint16(2), uint16(900))
	f.Add("", "\r\n\n", "", uint16(0), uint16(0), uint16(1), uint16(1))
	f.Fuzz(func(t *testing.T, title, text, word string, a, b, c, d uint16) {
		it := feeds.Item{Title: title, Text: text, Publisher: word, Categories: []string{text, word}}
		hit := func(field string, from, to uint16) rules.Hit {
			size := len(story.Document(it).Field(field))
			start := min(int(from), size)
			return rules.Hit{Field: field, Start: start, End: max(start, min(int(to), size)), Word: word}
		}
		filed := filing(it, hit(rules.FieldTitle, a, b), hit(rules.FieldText, min(a, c), b),
			hit(rules.FieldText, max(a, c), d), hit(rules.FieldSource, 0, b), hit(rules.FieldCategory, a, d))
		names := map[string]string{"id": "w" + word}
		printed := string(Sifted(filed, names, Options{}))
		checkLines(t, printed+"\n", usualWidth)
		colored := string(Sifted(filed, names, Options{Color: true}))
		if escape.ReplaceAllString(colored, "") != printed {
			t.Errorf("with colour %q, without %q", colored, printed)
		}
	})
}
