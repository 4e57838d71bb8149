package feeds

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// edition is a feed with the items from..to, under keys and links that begin so.
func edition(keys, links string, from, to int) (items []Item) {
	for n := from; n < to; n++ {
		link := fmt.Sprintf("%s%d", links, n)
		items = append(items, Item{Feed: 1, Key: fmt.Sprint(keys, n), Link: link,
			Canonical: syndication.Canonical(link), Title: fmt.Sprintf("Report %d of the day", n),
			Arrival: Fresh})
	}
	return items
}

// remember is a memory of items, as a store would have it when asked for others.
func remember(t *testing.T, f Feed, stored, asked []Item) Memory {
	t.Helper()
	store := newMemory()
	for _, it := range stored {
		name := f.URL + " " + it.Key
		store.items[name], store.seen[name] = it, f.BodyAt
	}
	m, err := store.Known(t.Context(), f, asked)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRecall(t *testing.T) {
	const here = "https://a.example/"
	f := Feed{ID: 1, State: State{BodyAt: noon, Polled: noon, Held: 40}}
	base := edition("g", here, 0, 40)
	long := edition("x", "", 0, 1)
	long[0].Text = strings.Repeat("The delegations met for two hours and left the hall. ", 5)
	same := edition("y", "", 0, 1)
	same[0].Text = long[0].Text
	home := edition("g", "", 0, 40)
	for i := range home {
		home[i].Canonical = here // every item of the feed has the site's address
	}
	homeNews := edition("h", "", 40, 45)
	for i := range homeNews {
		homeNews[i].Canonical = here
	}
	for _, c := range []struct {
		name     string
		stored   []Item
		now      []Item
		absent   bool
		fresh    int
		reissued int
		catchUp  int
		gap      bool
	}{
		{"nothing new", base, base, false, 0, 0, 0, false},
		{"three new", base, edition("g", here, 3, 43), false, 3, 0, 0, false},
		{"three new after long", base, edition("g", here, 3, 43), true, 3, 0, 3, false},
		{"other keys", base, edition("n", here, 0, 40), false, 0, 40, 0, false},
		{"other keys and links", base, edition("n", "https://b.example/", 0, 40), false, 0, 40, 0, false},
		{"other keys, three new", base, edition("n", "https://b.example/", 3, 43), false, 3, 37, 0, false},
		{"all new", base, edition("g", here, 100, 140), false, 40, 0, 40, true},
		{"five new, nothing old", base, edition("g", here, 100, 105), false, 5, 0, 0, true},
		{"one under another key", base, append(edition("n", here, 39, 40), base...), false, 0, 1, 0, false},
		{"one text under another key", append(long, base...), append(same, base...), false, 0, 1, 0, false},
		{"a short title again", base, append(edition("n", "https://b.example/", 39, 40), base...), false,
			1, 0, 0, false},
		{"one link for all", home, append(homeNews, home...), false, 5, 0, 0, false},
		{"empty", base, nil, false, 0, 0, 0, false},
	} {
		r := reading{items: append([]Item(nil), c.now...)}
		r.recall(f, remember(t, f, c.stored, r.items), c.absent)
		arrived := map[Arrival]int{}
		for _, it := range r.items {
			arrived[it.Arrival]++
		}
		if r.fresh != c.fresh || arrived[Reissued] != c.reissued || arrived[CatchUp] != c.catchUp ||
			r.gap != c.gap {
			t.Errorf("%s: fresh %d, gap %t, %v", c.name, r.fresh, r.gap, arrived)
		}
	}
}

// TestRecallKeepsWords: what reads as before keeps its words, unless destroyed ones come back.
func TestRecallKeepsWords(t *testing.T) {
	f := Feed{ID: 1, State: State{BodyAt: noon, Polled: noon, Held: 1}}
	for _, c := range []struct {
		old, now string
		taken    bool
	}{
		{"Oman talks begin", "OMAN TALKS BEGIN!", false},
		{"Oman talks begin", "Oman talks begin to fail", true},
		{"Oman talks begin", "Oman t\ufffdlks begin", false},
		{"Oman t\ufffdlks begin", "Oman talks begin", true},
		{"Oman talks begin", "Oman talks: 3 hurt", true},
	} {
		old, now := Item{Feed: 1, Key: "k", Title: c.old}, Item{Feed: 1, Key: "k", Title: c.now}
		r := reading{items: []Item{now}}
		r.recall(f, remember(t, f, []Item{old}, r.items), false)
		if taken := r.items[0].Title == c.now; taken != c.taken {
			t.Errorf("%q, then %q: taken %t", c.old, c.now, taken)
		}
	}
}

// TestGapIsNoticed: a feed of which nothing is left says so, and is asked at every tick.
func TestGapIsNoticed(t *testing.T) {
	var edition atomic.Int32
	url := serve(t, paths{"/": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600")
		fmt.Fprintf(w, `<rss version="2.0"><channel><item><guid>%[1]d</guid><title>News %[1]d</title>`+
			`</item></channel></rss>`, edition.Add(1))
	}})
	store := newMemory(url + "/feed")
	p, polls := poller(t, store)
	runPass(t, p, 1)
	if f := store.feed(1); !f.GapAt.IsZero() || f.Due.Sub(noon) < 50*time.Minute {
		t.Errorf("the first poll: %+v", f.State)
	}
	store.advance(2 * time.Hour)
	runPass(t, p, 1)
	o := (*polls)[1]
	if o.Feed.GapAt.IsZero() || o.Fresh != 1 || o.Feed.Due.Sub(o.Feed.Claimed) > 6*time.Minute+time.Second {
		t.Errorf("the second poll: %+v", o)
	}
	if c := Health(o.Feed, o.Feed.Polled); !strings.Contains(c.Why, "may have been missed") {
		t.Errorf("the row says %q", c.Why)
	}
}

// TestArticlesAreFetchedOnce: of what is new, and what they hold is not taken for the feed's change.
func TestArticlesAreFetchedOnce(t *testing.T) {
	var last, asked atomic.Int32
	last.Store(1)
	url := serve(t, paths{
		"/robots.txt": status(404),
		"/feed": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<rss version="2.0"><channel>`)
			for n := last.Load(); n > 0; n-- {
				fmt.Fprintf(w, `<item><guid>%[1]d</guid><link>/good?n=%[1]d</link>`+
					`<title>Oman to host new round of talks</title>`+
					`<description>The fifth round is on Friday.</description></item>`, n)
			}
			fmt.Fprint(w, `</channel></rss>`)
		},
		"/good": func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			fmt.Fprint(w, articleOf(lead, rest))
		},
	})
	store := newMemory(url + "/feed")
	store.feeds[1].FullText = true
	p, _ := poller(t, store)
	for n := range int32(3) {
		last.Store(n + 1)
		runPass(t, p, 1)
		store.advance(2 * time.Hour)
	}
	if asked.Load() != 2 || len(store.changed) != 0 {
		t.Errorf("%d articles were asked for, %d items changed", asked.Load(), len(store.changed))
	}
	if it := store.items[url+"/feed 2"]; it.Text != lead+" "+rest {
		t.Errorf("%+v", it)
	}
}

// TestChangesUnderFullText: a feed with full_text whose own texts are long, or whose articles could
// not be had, is heard when its words change; one that repeats its teaser keeps the article.
func TestChangesUnderFullText(t *testing.T) {
	long := strings.Repeat("The delegations met for two hours and left the hall. ", 8)
	f := Feed{ID: 1, Source: Source{FullText: true}, State: State{BodyAt: noon, Polled: noon, Held: 1}}
	for _, c := range []struct {
		name, old, now string
		taken          bool
	}{
		{"a long text", "Three were hurt. " + long, "Twelve were killed. " + long, true},
		{"a short text", "Three people were hurt.", "Three people were hurt, twelve killed.", true},
		{"an article", long, "Three people were hurt.", false},
	} {
		old := Item{Feed: 1, Key: "k", Title: "Blast in the port", Text: c.old}
		now := old
		now.Text = c.now
		r := reading{items: []Item{now}}
		r.recall(f, remember(t, f, []Item{old}, r.items), false)
		if taken := r.items[0].Text == c.now; taken != c.taken {
			t.Errorf("%s: taken %t", c.name, taken)
		}
	}
}

// TestAlarms: a feed that tells every alarm in the same words has news all the same.
func TestAlarms(t *testing.T) {
	f := Feed{ID: 1, State: State{BodyAt: noon, Polled: noon, Held: 10}}
	alarms := func(from, to int, at time.Time) []Item {
		items := edition("alarm", "https://a.example/", from, to)
		for i := range items {
			items[i].Title, items[i].Published = fmt.Sprintf("Sirens in district %d", i%3), at
		}
		return items
	}
	r := reading{items: append(alarms(10, 17, noon.Add(time.Minute)), alarms(7, 10, noon.Add(-time.Hour))...)}
	r.recall(f, remember(t, f, alarms(0, 10, noon.Add(-time.Hour)), r.items), false)
	if r.fresh != 7 {
		t.Errorf("of 7 new alarms %d are told", r.fresh)
	}
}

// TestRestOfTheFirstBody: what a first body that was cut off did not show comes together.
func TestRestOfTheFirstBody(t *testing.T) {
	f := Feed{ID: 1, State: State{Polled: noon, Truncated: true}}
	all := edition("g", "https://a.example/", 0, 40)
	for _, cut := range []bool{false, true} {
		r := reading{items: append([]Item(nil), all...), truncated: cut}
		r.recall(f, remember(t, f, all[:25], r.items), false)
		if caughtUp := r.items[39].Arrival == CatchUp; r.fresh != 15 || caughtUp == cut {
			t.Errorf("cut off again %t: %d fresh, the last %s", cut, r.fresh, r.items[39].Arrival)
		}
	}
}
