package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Traces implements [commands.Archive].
func (d *DB) Traces(ctx context.Context, linkOrWords string, c bot.Channel, n int) (
	[]commands.Trace, error) {
	find := d.itemsWith
	if canonical := address(linkOrWords); canonical != "" {
		find, linkOrWords = d.itemsAt, canonical
	}
	ids, err := find(ctx, linkOrWords, n)
	if err != nil {
		return nil, fmt.Errorf("looking for items: %w", err)
	}
	traces := make([]commands.Trace, len(ids))
	for i, id := range ids {
		if traces[i], err = d.trace(ctx, id, c); err != nil {
			return nil, fmt.Errorf("reading what became of an item: %w", err)
		}
	}
	return traces, nil
}

// address is the canonical form of what people paste as one, with or without its scheme; empty if
// it is words.
func address(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "<>")
	if strings.ContainsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		return ""
	}
	if canonical := syndication.Canonical(text); canonical != "" {
		return canonical
	}
	if host, _, ok := strings.Cut(text, "/"); !ok || !strings.Contains(host, ".") {
		return ""
	}
	return syndication.Canonical("https://" + text)
}

// itemsAt lists the latest n items with an address. The index that holds addresses goes by feed.
func (d *DB) itemsAt(ctx context.Context, canonical string, n int) ([]int64, error) {
	return all(ctx, d.reader, scanID, `select id from items
		where feed_id in (select id from feeds) and canonical = $1
		order by fetched desc, id desc limit $2`, canonical, n)
}

func scanID(row scanner) (id int64, err error) {
	err = row.Scan(&id)
	return id, err
}

// maxSearched bounds how many items are searched for words: a month of many feeds. It is what a
// search that finds nothing costs, about a second.
const maxSearched = 100_000

// itemsWith lists the latest n items that hold all the words, in title and text taken together. No
// index knows words as rules know them, so it reads items, the latest first, until it has n.
func (d *DB) itemsWith(ctx context.Context, text string, n int) (found []int64, err error) {
	var wanted []string
	for _, w := range rules.Words(text) {
		wanted = append(wanted, w.Folded)
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	before := page{fetched: 1 << 62}
	for searched := 0; searched < maxSearched && len(found) < n; searched += itemsAtOnce {
		pages, err := d.pagesBefore(ctx, before)
		if err != nil || len(pages) == 0 {
			return found, err
		}
		for _, p := range pages {
			if len(found) < n && p.holds(wanted) {
				found = append(found, p.id)
			}
		}
		before = pages[len(pages)-1]
	}
	return found, nil
}

// page is the words of an item, and its place among all.
type page struct {
	id, fetched int64
	title, text string
}

// pagesBefore reads the items that come before one, the latest first.
func (d *DB) pagesBefore(ctx context.Context, p page) ([]page, error) {
	return all(ctx, d.reader, func(row scanner) (p page, err error) {
		err = row.Scan(&p.id, &p.fetched, &p.title, &p.text)
		return p, err
	}, `select id, fetched, title, text from items where (fetched, id) < ($1, $2)
		order by fetched desc, id desc limit $3`, p.fetched, p.id, itemsAtOnce)
}

// holds reports whether all the words stand on the page.
func (p page) holds(wanted []string) bool {
	missing := slices.Clone(wanted)
	for _, text := range []string{p.title, p.text} {
		for _, w := range rules.Words(text) {
			missing = slices.DeleteFunc(missing, func(m string) bool { return m == w.Folded })
			if len(missing) == 0 {
				return true
			}
		}
	}
	return false
}

// trace reads what became of an item. One that is pruned meanwhile leaves an empty trace.
func (d *DB) trace(ctx context.Context, id int64, c bot.Channel) (commands.Trace, error) {
	var where story.ID
	found, err := all(ctx, d.reader, func(row scanner) (t commands.Trace, err error) {
		var f feeds.Feed
		var a story.Arrival
		var matches []rules.Match
		err = row.Scan(append(arrivalFields(&a), when(&t.Sifted), fromJSON(&matches),
			&f.Name, &f.URL)...)
		t.Item, t.Outcome, t.Feed, where = a.Item, a.Outcome, f.Label(), a.Story
		for _, m := range matches {
			t.Matched = append(t.Matched, m.Watch)
		}
		return t, err
	}, `select `+arrivalColumns+`, sifted, matches,
			(select name from feeds where feeds.id = feed_id),
			(select url from feeds where feeds.id = feed_id)
		from items where id = $1`, id)
	if err != nil || len(found) == 0 {
		return commands.Trace{}, err
	}
	t := found[0]
	if t.Earlier, err = d.earlier(ctx, id); err != nil || where == "" {
		return t, err
	}
	stories, err := all(ctx, d.reader, scanStory, `select `+storyColumns+` from stories
		where id = $1`, string(where))
	if err != nil || len(stories) == 0 {
		return t, err
	}
	t.Story = &stories[0]
	t.Tellings, err = d.tellings(ctx, c, where)
	return t, err
}

// earlier reads the outcomes that an item had before the one that it has.
func (d *DB) earlier(ctx context.Context, id int64) ([]commands.Verdict, error) {
	return all(ctx, d.reader, func(row scanner) (v commands.Verdict, err error) {
		err = row.Scan(&v.Outcome, when(&v.Until))
		return v, err
	}, `select outcome, at from item_history where item_id = $1 order by id`, id)
}

// tellings reads what became of the revisions of a story in a channel.
func (d *DB) tellings(ctx context.Context, c bot.Channel, id story.ID) ([]commands.Telling, error) {
	return all(ctx, d.reader, scanTelling, `select p.revision, p.state, p.why, p.at,
			coalesce(d.kind, ''), coalesce(d.state, ''), coalesce(d.why, ''),
			coalesce(d.settled, 0)
		from tellings p left join deliveries d on d.id = p.delivery_id
		where p.channel = $1 and p.story_id = $2 order by p.revision`, string(c), string(id))
}

// scanTelling counts states as the ledger does. Why something was owed later than at once is of no
// interest once it is told.
func scanTelling(row scanner) (t commands.Telling, err error) {
	var own, post bot.State
	var owed, posted string
	var settled time.Time
	err = row.Scan(&t.Revision, &own, &owed, when(&t.At), &t.Kind, &post, &posted, when(&settled))
	t.State, t.Why = post, posted
	if post == "" || post == bot.StateSent && own != "" {
		t.State = own
	}
	if t.Why == "" && t.State != bot.StateSent && t.State != bot.StateBurst {
		t.Why = owed
	}
	if !settled.IsZero() {
		t.At = settled
	}
	return t, err
}
