package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

const arrivalColumns = `id, feed_id, key, link, canonical, title, text, publisher, lang,
	categories, published, fetched, arrival, outcome, story_id`

func arrivalFields(a *story.Arrival) []any {
	return []any{&a.ID, &a.Feed, &a.Key, &a.Link, &a.Canonical, &a.Title, &a.Text,
		&a.Publisher, &a.Lang, fromJSON(&a.Categories), when(&a.Published), when(&a.Fetched),
		&a.Arrival, &a.Outcome, &a.Story}
}

func scanArrival(row scanner) (a story.Arrival, err error) {
	err = row.Scan(arrivalFields(&a)...)
	return a, err
}

// Unsifted implements [story.Store].
func (d *DB) Unsifted(ctx context.Context, n int) ([]story.Arrival, error) {
	now := d.Now()
	arrivals, err := all(ctx, d.reader, scanArrival, `select `+arrivalColumns+` from items
		where unsifted order by happened, id limit $1`, n)
	if err != nil {
		return nil, fmt.Errorf("reading unsifted items: %w", err)
	}
	for i := range arrivals {
		arrivals[i].Now = now
	}
	return arrivals, nil
}

const storyColumns = `id, revision, quiet, catch_up, headline, summary, links, publishers, why, severity,
	tension, class, began, latest, revised`

func storyFields(s *story.Story) []any {
	return []any{&s.ID, &s.Revision, &s.Quiet, &s.CatchUp, &s.Headline, &s.Summary,
		fromJSON(&s.Links), fromJSON(&s.Publishers), fromJSON(&s.Why), &s.Severity, &s.Tension, &s.Class,
		when(&s.Began), when(&s.Latest), when(&s.Revised)}
}

func scanStory(row scanner) (s story.Story, err error) {
	err = row.Scan(storyFields(&s)...)
	return s, err
}

// Recent implements [story.Store].
func (d *DB) Recent(ctx context.Context, since time.Time) ([]story.Story, error) {
	stories, err := all(ctx, d.reader, scanStory, `select `+storyColumns+` from stories
		where latest >= $1 order by latest, id`, ms(since))
	if err == nil {
		err = d.attachItems(ctx, stories, since)
	}
	if err != nil {
		return nil, fmt.Errorf("reading recent stories: %w", err)
	}
	return stories, nil
}

// attachItems gives the stories since then their items, in order of time. That story_id is not
// empty follows from the rest, but only what says so may use the index.
func (d *DB) attachItems(ctx context.Context, stories []story.Story, since time.Time) error {
	place := make(map[story.ID]*story.Story, len(stories))
	for i := range stories {
		place[stories[i].ID] = &stories[i]
	}
	arrivals, err := all(ctx, d.reader, scanArrival, `select `+arrivalColumns+` from items
		where story_id <> '' and story_id in (select id from stories where latest >= $1)
		order by happened, id`, ms(since))
	for _, a := range arrivals {
		if s, ok := place[a.Story]; ok {
			s.Items = append(s.Items, a.Item)
		}
	}
	return err
}

// File implements [story.Store].
func (d *DB) File(ctx context.Context, batch []story.Filing) error {
	return d.write(ctx, "filing items", func(t *tx) {
		for _, f := range batch {
			if f.Story != nil {
				t.fileStory(*f.Story)
			}
			t.fileItem(f)
		}
	})
}

// fileItem writes an item's outcome. An item that was filed before keeps its story, its history and
// the time of its first filing, by which the ledger counts it. One whose words have changed again
// since the desk read it stays unsifted.
func (t *tx) fileItem(f story.Filing) {
	if f.Refiled {
		t.exec(`insert into item_history (item_id, at, outcome, story_id)
			select id, $1, outcome, story_id from items where id = $2`, ms(t.now), f.Item.ID)
	}
	var id story.ID
	if f.Story != nil {
		id = f.Story.ID
	}
	t.exec(`update items set outcome = $1, matches = $2, unsifted = words <> $3,
			story_id = case when $4 = '' then story_id else $4 end,
			sifted = case when sifted = 0 then $5 else sifted end
		where id = $6`,
		string(f.Outcome), t.json(matchesOf(f)), f.Item.Wording(), string(id), ms(t.now),
		f.Item.ID)
}

// matchesOf is never null in JSON.
func matchesOf(f story.Filing) []rules.Match {
	if f.Matches == nil {
		return []rules.Match{}
	}
	return f.Matches
}

// fileStory writes a story. A quiet one counts as told: it is owed to nobody.
func (t *tx) fileStory(s story.Story) {
	told := 0
	if s.Quiet {
		told = s.Revision
	}
	t.exec(`insert into stories (id, revision, told, quiet, catch_up, headline, summary, links,
			publishers, why, severity, tension, class, began, latest, revised)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		on conflict (id) do update set revision = excluded.revision,
			told = case when excluded.quiet then excluded.revision else stories.told end,
			quiet = excluded.quiet, catch_up = excluded.catch_up, headline = excluded.headline, summary = excluded.summary,
			links = excluded.links, publishers = excluded.publishers, why = excluded.why,
			severity = excluded.severity, tension = excluded.tension, class = excluded.class,
			began = excluded.began, latest = excluded.latest,
			revised = case when excluded.revision > stories.revision
				then excluded.revised else stories.revised end`,
		string(s.ID), s.Revision, told, s.Quiet, s.CatchUp, s.Headline, s.Summary, t.json(s.Links),
		t.json(s.Publishers), t.json(s.Why), string(s.Severity), s.Tension, string(s.Class),
		ms(s.Began), ms(s.Latest), ms(t.now))
}
