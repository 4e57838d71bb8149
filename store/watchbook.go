package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Watches implements [commands.Rulebook].
func (d *DB) Watches(ctx context.Context, owner string) ([]commands.Watch, error) {
	watches, err := all(ctx, d.reader, func(row scanner) (w commands.Watch, err error) {
		err = row.Scan(&w.ID, &w.Name, &w.Owner, &w.Rule, &w.Version)
		return w, err
	}, `select id, name, owner, rule, version from watches
		where owner in ($1, $2) and not retired order by name, id`, owner, fromConfig)
	if err == nil {
		err = d.attachFollowers(ctx, owner, watches)
	}
	if err != nil {
		return nil, fmt.Errorf("reading watches: %w", err)
	}
	return watches, nil
}

// attachFollowers names the channels that follow the watches which an owner may follow.
func (d *DB) attachFollowers(ctx context.Context, owner string, watches []commands.Watch) error {
	type follower struct{ channel, watch string }
	followers, err := all(ctx, d.reader, func(row scanner) (f follower, err error) {
		err = row.Scan(&f.channel, &f.watch)
		return f, err
	}, `select channel, watch_id from following where watch_id in (
			select id from watches where owner in ($1, $2) and not retired)
		order by channel`, owner, fromConfig)
	place := make(map[string]int, len(watches))
	for i, w := range watches {
		place[w.ID] = i
	}
	for _, f := range followers {
		if i, ok := place[f.watch]; ok {
			watches[i].Channels = append(watches[i].Channels, bot.Channel(f.channel))
		}
	}
	return err
}

// followingColumns are those of the view following that make a [bot.Subscription].
const followingColumns = `channel, watch_id, policy, digest, quiet, zone, min_publishers,
	min_severity, group_wait, since, muted_until`

func followingFields(s *bot.Subscription) []any {
	return []any{&s.Channel, &s.Watch, &s.Policy, &s.Digest, &s.Quiet, &s.Zone, &s.MinPublishers,
		&s.MinSeverity, span(&s.GroupWait), when(&s.Since), when(&s.MutedUntil)}
}

// recently is how far back a channel's alerts are counted.
const recently = 7 * 24 * time.Hour

// Followed implements [commands.Rulebook].
func (d *DB) Followed(ctx context.Context, c bot.Channel) ([]commands.Following, error) {
	followed, err := all(ctx, d.reader, func(row scanner) (f commands.Following, err error) {
		w := &f.Watch
		err = row.Scan(append(followingFields(&f.Subscription), &f.Paused, &f.Chosen,
			&w.ID, &w.Name, &w.Owner, &w.Rule)...)
		f.MutedUntil = f.Subscription.MutedUntil
		return f, err
	}, `select `+followingColumns+`, paused, chosen, id, name, owner, rule
		from following join watches on id = watch_id
		where channel = $1 and not retired order by name, id`, string(c))
	if err == nil {
		err = d.countAlerts(ctx, c, followed)
	}
	if err != nil {
		return nil, fmt.Errorf("reading what a channel follows: %w", err)
	}
	return followed, nil
}

// alert is a story that a channel was told, for some of its watches.
type alert struct {
	story      story.ID
	watches    []string
	at         time.Time
	irrelevant bool
}

// countAlerts counts what a channel was told of late. A story counts once for each of its watches,
// however often it had news.
func (d *DB) countAlerts(ctx context.Context, c bot.Channel, followed []commands.Following) error {
	alerts, err := all(ctx, d.reader, func(row scanner) (a alert, err error) {
		err = row.Scan(&a.story, fromJSON(&a.watches), when(&a.at), &a.irrelevant)
		return a, err
	}, `select p.story_id, p.watches, d.settled, coalesce(m.irrelevant, false)
		from tellings p join deliveries d on d.id = p.delivery_id
		left join story_mutes m on m.channel = p.channel and m.story_id = p.story_id
		where p.channel = $1 and p.at >= $2 and d.state = 'sent' and p.state in ('', 'burst')
		order by p.at`, string(c), ms(d.Now().Add(-recently)))
	for i := range followed {
		f := &followed[i]
		counted := make(map[story.ID]bool)
		for _, a := range alerts {
			if !slices.Contains(a.watches, f.Watch.ID) {
				continue
			}
			if !counted[a.story] {
				counted[a.story] = true
				f.Alerts++
				if a.irrelevant {
					f.Irrelevant++
				}
			}
			if a.at.After(f.LastAlert) {
				f.LastAlert = a.at
			}
		}
	}
	return err
}

// namedAlias is an alias by its key.
type namedAlias struct {
	id string
	rules.Alias
}

func scanAlias(row scanner) (a namedAlias, err error) {
	err = row.Scan(&a.id, &a.Owner, fromJSON(&a.Names))
	return a, err
}

// Aliases implements [commands.Rulebook].
func (d *DB) Aliases(ctx context.Context, owner string) ([]rules.Alias, error) {
	found, err := all(ctx, d.reader, scanAlias, `select id, owner, names from aliases
		where owner in ($1, $2) and not retired order by names, id`, owner, rules.Everyone)
	if err != nil {
		return nil, fmt.Errorf("reading aliases: %w", err)
	}
	aliases := make([]rules.Alias, len(found))
	for i, a := range found {
		aliases[i] = a.Alias
	}
	return aliases, nil
}
