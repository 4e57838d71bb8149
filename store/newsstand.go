package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/story"
)

// Stories implements [commands.Newsstand]. It reads no more stories than it must to find n.
func (d *DB) Stories(ctx context.Context, watchIDs []string, since time.Time, n int) (
	found []story.Story, err error) {
	rows, err := d.reader.QueryContext(ctx, `select `+storyColumns+` from stories
		where latest >= $1 order by latest desc, id`, ms(since))
	if err != nil {
		return nil, fmt.Errorf("reading stories: %w", err)
	}
	defer rows.Close()
	for len(found) < n && rows.Next() {
		s, err := scanStory(rows)
		if err != nil {
			return nil, fmt.Errorf("reading stories: %w", err)
		}
		if answers(s, watchIDs) {
			found = append(found, s)
		}
	}
	return found, rows.Err()
}

func answers(s story.Story, watchIDs []string) bool {
	return slices.ContainsFunc(s.Why, func(w story.Why) bool {
		return slices.Contains(watchIDs, w.Watch)
	})
}

// Told implements [commands.Newsstand]. Stories come in the order in which the post tells them. An
// update in place has the receipt of the post that it changed.
func (d *DB) Told(ctx context.Context, c bot.Channel, post bot.Receipt) ([]story.Story, error) {
	stories, err := all(ctx, d.reader, scanStory, `select `+storyColumns+` from stories join (
			select p.story_id, min(p.place) as place from deliveries d
			join tellings p on p.delivery_id = d.id
			where d.channel = $1 and d.receipt = $2 and d.receipt <> '' group by p.story_id
		) as pairs on story_id = id
		order by place, id`, string(c), post.ID)
	if err != nil {
		return nil, fmt.Errorf("reading what a post tells: %w", err)
	}
	return stories, nil
}

// ownChannels are the channels of the owner $1, at the platform $2. One that only the config has
// named is everybody's there: its name does not say whose it is.
const ownChannels = `(select channel from channels where owner = $1
	or owner = '' and substr(channel, 1, length($2)) = $2)`

// Standing implements [commands.Newsstand]. Revisions count by when they were owed, posts that wait
// whenever that was.
func (d *DB) Standing(ctx context.Context, owner string, since time.Time) (
	s commands.Standing, err error) {
	l := Ledger{Outcomes: make(map[story.Outcome]int), Deliveries: make(map[bot.State]int)}
	if s.Items, err = d.Count(ctx, since); err == nil {
		err = d.countOutcomes(ctx, &l, since)
	}
	s.Outcomes, s.States = l.Outcomes, l.Deliveries
	if err == nil {
		err = d.countOwn(ctx, owner, &s, since)
	}
	if err != nil {
		return s, fmt.Errorf("counting what is going on: %w", err)
	}
	return s, nil
}

// countOwn counts what belongs to an owner.
func (d *DB) countOwn(ctx context.Context, owner string, s *commands.Standing,
	since time.Time) error {
	args := []any{owner, bot.Channel(owner).Platform() + ":"}
	err := d.reader.QueryRowContext(ctx, `select
			(select count(*) from watches where owner in ($1, $3) and not retired),
			(select count(distinct channel) from following where channel in `+ownChannels+`),
			count(*), coalesce(min(d.created), 0)
		from deliveries d where d.channel in `+ownChannels+` and d.`+open,
		append(args, fromConfig)...).
		Scan(&s.Watches, &s.Channels, &s.Owed, when(&s.OldestOwed))
	if err != nil {
		return err
	}
	told, err := all(ctx, d.reader, scanTelling, `select 0, p.state, '', p.at,
			'', coalesce(d.state, ''), '', 0
		from tellings p left join deliveries d on d.id = p.delivery_id
		where p.channel in `+ownChannels+` and p.at >= $3`, append(args, ms(since))...)
	for _, t := range told {
		s.States[t.State]++
	}
	return err
}
