package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/tensionwatch/tensionwatch/feeds"
)

// Known implements [feeds.Store].
func (d *DB) Known(ctx context.Context, f feeds.Feed, items []feeds.Item) (feeds.Memory, error) {
	m := feeds.Memory{
		Keys:     make(map[string]feeds.Remembered, len(items)),
		Wordings: make(map[string]bool),
		Links:    make(map[string]feeds.Remembered),
	}
	for batch := range slices.Chunk(items, keysAtOnce) {
		if err := d.recall(ctx, f, batch, m); err != nil {
			return m, fmt.Errorf("recalling items: %w", err)
		}
	}
	return m, nil
}

// recall fills the memory in for a batch of items. Texts are read only of what has changed.
func (d *DB) recall(ctx context.Context, f feeds.Feed, batch []feeds.Item, m feeds.Memory) error {
	keys := make([]string, len(batch))
	for i, item := range batch {
		keys[i] = item.Key
	}
	found, err := d.remembered(ctx, f, "key", keys, false)
	if err != nil {
		return err
	}
	for _, r := range found {
		m.Keys[r.name] = r.Remembered
	}
	var changed, words, links []string
	for _, item := range batch {
		switch known, ok := m.Keys[item.Key]; {
		case !ok:
			words = append(words, item.Wording())
			if item.Canonical != "" {
				links = append(links, item.Canonical)
			}
		case known.Wording != item.Wording():
			changed = append(changed, item.Key)
		}
	}
	if found, err = d.remembered(ctx, f, "key", changed, true); err != nil {
		return err
	}
	for _, r := range found {
		m.Keys[r.name] = r.Remembered
	}
	return d.recallElsewhere(ctx, f, words, links, m)
}

// recallElsewhere looks for the words and links of unknown items under other keys.
func (d *DB) recallElsewhere(ctx context.Context, f feeds.Feed, words, links []string,
	m feeds.Memory) error {
	found, err := d.remembered(ctx, f, "words", words, false)
	if err != nil {
		return err
	}
	for _, r := range found {
		m.Wordings[r.name] = true
	}
	if found, err = d.remembered(ctx, f, "canonical", links, true); err != nil {
		return err
	}
	for _, r := range found {
		m.Links[r.name] = r.Remembered
	}
	return nil
}

// named is a remembered item under the value that it was found by.
type named struct {
	name string
	feeds.Remembered
}

// remembered reads the items of a feed whose column has one of the values: of several with the same
// words the latest, of several with one link none.
func (d *DB) remembered(ctx context.Context, f feeds.Feed, column string, values []string,
	texts bool) ([]named, error) {
	if len(values) == 0 {
		return nil, nil
	}
	read := "'', ''"
	if texts {
		read = "title, text"
	}
	list, args := in([]any{ms(f.BodyAt), f.ID}, values)
	return all(ctx, d.reader, func(row scanner) (n named, err error) {
		err = row.Scan(&n.name, &n.Wording, &n.Title, &n.Text, &n.Last)
		return n, err
	}, `select `+column+`, words, `+read+`, case when seen = $1 then 1 else 0 end from items
		where `+oneOf(column, `feed_id = $2 and `+column+` in `+list), args...)
}

// oneOf narrows a condition to one item for each value of a column that is no key. A feed that
// renumbers at every poll has thousands under one: the index alone picks among them.
func oneOf(column, condition string) string {
	pick := `id in (select max(id) from items where ` + condition + ` group by ` + column
	switch column {
	case "words":
		return pick + `)`
	case "canonical":
		return pick + ` having count(*) = 1)`
	}
	return condition
}
