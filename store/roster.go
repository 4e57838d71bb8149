package store

import (
	"context"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
)

// fromConfig is the origin of the rows that the config made. Rows made in chat are not touched by
// it, unless they are retired: those are nobody's.
const fromConfig = "config"

// Roster is what the config asks for.
type Roster struct {
	Feeds         []feeds.Source // with their schedule and zone filled in
	Watches       []rules.Watch
	Aliases       []rules.Alias
	Subscriptions []bot.Subscription
}

// Addition is what a roster brought to a channel that it had not before.
type Addition struct {
	Channel bot.Channel
	Watches []rules.Watch  // newly followed
	Feeds   []feeds.Source // newly read
}

// Adopt makes the rows that came from the config be those of r: added, changed or retired. Each
// channel with additions is owed the notice that greet makes of them, in the same transaction.
func (d *DB) Adopt(ctx context.Context, r Roster, greet func(Addition) bot.Notice) error {
	return d.write(ctx, "taking over the config", func(t *tx) {
		added := t.adoptFeeds(r.Feeds)
		t.adoptRulebook(r)
		for _, a := range t.adoptSubscriptions(r, added) {
			t.oweNotice(a.Channel, greet(a))
		}
	})
}

// adoptFeeds returns the feeds that were not read before.
func (t *tx) adoptFeeds(sources []feeds.Source) (added []feeds.Source) {
	urls := make([]string, 0, len(sources))
	for _, s := range sources {
		urls = append(urls, s.URL)
		if t.adoptFeed(s) {
			added = append(added, s)
		}
	}
	list, args := in([]any{fromConfig}, urls)
	t.exec(`update feeds set retired = true where origin = $1 and not retired
		and url not in `+list, args...)
	return added
}

// adoptFeed takes over one feed and reports whether it is new. A changed schedule is due at once,
// so that nobody waits for the old one; one that was gone or had moved is asked again, at its own
// address, when it was taken out of the config and put back.
func (t *tx) adoptFeed(s feeds.Source) (added bool) {
	var retired bool
	known := t.get(`select retired from feeds where url = $1`, []any{s.URL}, &retired)
	t.exec(`insert into feeds (url, name, publisher, schedule, zone, full_text, origin)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (url) do update set name = excluded.name, publisher = excluded.publisher,
			due = case when feeds.schedule = excluded.schedule and feeds.zone = excluded.zone
				then feeds.due else 0 end,
			schedule = excluded.schedule, zone = excluded.zone, full_text = excluded.full_text,
			gone = feeds.gone and not feeds.retired,
			moved = case when feeds.retired then '' else feeds.moved end, origin = excluded.origin, retired = false
		where feeds.origin = excluded.origin or feeds.retired`,
		s.URL, s.Name, s.Publisher, s.Schedule, s.Zone, s.FullText, fromConfig)
	return !known || retired
}

// adoptSubscriptions returns what each channel gets that it had not before.
func (t *tx) adoptSubscriptions(r Roster, added []feeds.Source) []Addition {
	named := make(map[string]rules.Watch, len(r.Watches))
	for _, w := range r.Watches {
		named[w.ID] = w
	}
	var additions []Addition
	place := make(map[bot.Channel]int)
	for _, s := range r.Subscriptions {
		i, ok := place[s.Channel]
		if !ok {
			i = len(additions)
			place[s.Channel] = i
			additions = append(additions, Addition{Channel: s.Channel, Feeds: added})
			t.openChannel(s.Channel, ownerIn(s.Channel))
		}
		if t.adoptSubscription(s) {
			additions[i].Watches = append(additions[i].Watches, named[s.Watch])
		}
	}
	t.retireSubscriptions(r.Subscriptions)
	return withNews(additions)
}

// ownerIn is whose a channel is as far as its name says: "slack:T0123" of "slack:T0123/C1".
func ownerIn(c bot.Channel) string {
	owner, _, ok := strings.Cut(string(c), "/")
	if !ok {
		return ""
	}
	return owner
}

// withNews drops the channels for which nothing is new.
func withNews(additions []Addition) (out []Addition) {
	for _, a := range additions {
		if len(a.Watches) > 0 || len(a.Feeds) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// adoptSubscription takes over one subscription and reports whether it is new to the channel. Only
// a new one begins now, and begins unpaused; a changed policy keeps what is owed. One that somebody
// unsubscribed in chat stays so.
func (t *tx) adoptSubscription(s bot.Subscription) (added bool) {
	var retired bool
	known := t.get(`select retired from subscriptions where channel = $1 and watch_id = $2`,
		[]any{string(s.Channel), s.Watch}, &retired)
	t.exec(`insert into subscriptions (channel, watch_id, origin, policy, digest, quiet, zone,
			min_publishers, min_severity, group_wait, since)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (channel, watch_id) do update set policy = excluded.policy,
			digest = excluded.digest, quiet = excluded.quiet, zone = excluded.zone,
			min_publishers = excluded.min_publishers, min_severity = excluded.min_severity,
			group_wait = excluded.group_wait, origin = excluded.origin,
			paused = case when subscriptions.retired then '' else subscriptions.paused end,
			since = case when subscriptions.retired
				then excluded.since else subscriptions.since end,
			retired = false
		where subscriptions.origin = excluded.origin or subscriptions.retired`,
		string(s.Channel), s.Watch, fromConfig, s.Policy, s.Digest, s.Quiet, s.Zone,
		s.MinPublishers, string(s.MinSeverity), s.GroupWait.Milliseconds(), ms(t.now))
	return (!known || retired) && !t.unfollowed(s)
}

func (t *tx) unfollowed(s bot.Subscription) bool {
	return t.get(`select 1 from preferences where channel = $1 and watch_id = $2 and unfollowed`,
		[]any{string(s.Channel), s.Watch}, new(int))
}

// retireSubscriptions ends those of the config that it does not name any more, and forgets who
// unsubscribed from them: when it names one again, that is news.
func (t *tx) retireSubscriptions(kept []bot.Subscription) {
	type key struct {
		channel bot.Channel
		watch   string
	}
	keep := make(map[key]bool, len(kept))
	for _, s := range kept {
		keep[key{s.Channel, s.Watch}] = true
	}
	scan := func(row scanner) (k key, err error) {
		err = row.Scan(&k.channel, &k.watch)
		return k, err
	}
	for _, k := range allTx(t, scan, `select channel, watch_id from subscriptions
		where origin = $1 and not retired`, fromConfig) {
		if !keep[k] {
			t.exec(`update subscriptions set retired = true where channel = $1 and watch_id = $2`,
				string(k.channel), k.watch)
		}
	}
	for _, k := range allTx(t, scan, `select channel, watch_id from preferences where unfollowed`) {
		if !keep[k] {
			t.exec(`delete from preferences where channel = $1 and watch_id = $2`,
				string(k.channel), k.watch)
		}
	}
}
