package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
)

func TestFeedNews(t *testing.T) {
	trouble := func(n int) (list []bot.FeedTrouble) {
		for i := range n {
			list = append(list, bot.FeedTrouble{
				Feed: fmt.Sprintf("Feed %d", i), Why: "Cannot be read since 6 Feb 04:30 UTC.",
			})
		}
		return list
	}
	for _, test := range []struct {
		broken, back int
		title        string
		lines        []string // what some of the lines hold
	}{
		{1, 0, "1 feed has stopped working",
			[]string{"Feed 0: Cannot be read since 6 Feb 04:30 UTC.", "until they work again"}},
		{2, 1, "2 feeds have stopped working, 1 feed back", []string{"Feed 1: Cannot", "Feed 0 works again."}},
		{0, 2, "2 feeds back", []string{"Feed 0 works again.", "Feed 1 works again."}},
		{17, 0, "17 feeds have stopped working", []string{"Feed 14: Cannot", "And 2 feeds more."}},
	} {
		got := bot.FeedNews(trouble(test.broken), trouble(test.back))
		text := strings.Join(got.Lines, "\n")
		if got.Title != test.title {
			t.Errorf("%d broken, %d back: %q, want %q", test.broken, test.back, got.Title, test.title)
		}
		for _, want := range test.lines {
			if !strings.Contains(text, want) {
				t.Errorf("%d broken, %d back: nothing says %q in\n%s", test.broken, test.back, want, text)
			}
		}
		if strings.Contains(text, "Feed 15") {
			t.Errorf("more feeds are named than anybody reads:\n%s", text)
		}
	}
}
