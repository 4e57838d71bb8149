package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
)

// TellTroubles owes each channel at most one notice about the feeds that feed its watches: those in
// trouble, as judge sees them, of which it has not heard, and those of which it has heard and that
// work again.
// A feed feeds a channel's watches if an item of it is in a story that the channel follows; one that
// was never read may feed anybody's. Channels whose subscriptions are all paused hear nothing until
// they are resumed. It returns how many notices it owed.
func (d *DB) TellTroubles(ctx context.Context,
	judge func(feeds.Feed, time.Time) (bot.FeedTrouble, bot.FeedVerdict)) (int, error) {
	return result(ctx, d, "telling of feeds in trouble", func(t *tx) int {
		news := feedNews{tx: t, told: t.toldTroubles(), channels: t.listeners()}
		for _, f := range allTx(t, scanFeed, `select `+feedColumns+` from feeds where not retired`) {
			switch trouble, verdict := judge(f, t.now); verdict {
			case bot.FeedTroubled:
				news.broken(f, trouble)
			case bot.FeedWorks:
				news.works(f)
			}
		}
		t.forgetRetired()
		return news.owe()
	})
}

// feedNews gathers what channels have not heard of their feeds.
type feedNews struct {
	*tx
	channels   []bot.Channel
	told       map[int64][]bot.Channel // who has heard of a feed in trouble
	news, back map[bot.Channel][]bot.FeedTrouble
}

// broken notes a feed in trouble for those who have not heard of it.
func (n *feedNews) broken(f feeds.Feed, trouble bot.FeedTrouble) {
	for _, c := range n.fedBy(f) {
		if !slices.Contains(n.channels, c) || slices.Contains(n.told[f.ID], c) {
			continue
		}
		if n.news == nil {
			n.news = make(map[bot.Channel][]bot.FeedTrouble)
		}
		n.news[c] = append(n.news[c], trouble)
		n.exec(`insert into feed_troubles (channel, feed_id, told) values ($1, $2, $3)`,
			string(c), f.ID, ms(n.now))
	}
}

// works notes a feed that works for those who have heard that it did not.
func (n *feedNews) works(f feeds.Feed) {
	for _, c := range n.told[f.ID] {
		if !slices.Contains(n.channels, c) {
			continue
		}
		if n.back == nil {
			n.back = make(map[bot.Channel][]bot.FeedTrouble)
		}
		n.back[c] = append(n.back[c], bot.FeedTrouble{Feed: f.Label()})
		n.exec(`delete from feed_troubles where channel = $1 and feed_id = $2`, string(c), f.ID)
	}
}

// owe owes the notices and returns how many they are.
func (n *feedNews) owe() (owed int) {
	for _, c := range n.channels {
		broken, back := n.news[c], n.back[c]
		if len(broken)+len(back) == 0 {
			continue
		}
		byName := func(a, b bot.FeedTrouble) int { return cmp.Compare(a.Feed, b.Feed) }
		slices.SortFunc(broken, byName)
		slices.SortFunc(back, byName)
		n.oweNotice(c, bot.FeedNews(broken, back))
		owed++
	}
	return owed
}

// listeners lists the channels that follow anything, in order.
func (t *tx) listeners() []bot.Channel {
	return allTx(t, scanChannel, `select distinct channel from following
		where paused = '' order by channel`)
}

// fedBy lists the channels that the feed has brought stories to, or all if it was never read.
func (n *feedNews) fedBy(f feeds.Feed) []bot.Channel {
	if f.Polled.IsZero() {
		return n.channels
	}
	return allTx(n.tx, scanChannel, `select distinct t.channel from items i
		join tellings t on t.story_id = i.story_id where i.feed_id = $1 and i.story_id <> ''`, f.ID)
}

// toldTroubles lists which channels have heard of which feeds in trouble.
func (t *tx) toldTroubles() map[int64][]bot.Channel {
	type row struct {
		feed    int64
		channel bot.Channel
	}
	told := make(map[int64][]bot.Channel)
	for _, r := range allTx(t, func(s scanner) (r row, err error) {
		err = s.Scan(&r.feed, &r.channel)
		return r, err
	}, `select feed_id, channel from feed_troubles`) {
		told[r.feed] = append(told[r.feed], r.channel)
	}
	return told
}

// forgetRetired drops the troubles of feeds that nobody reads any more: they are nobody's news.
func (t *tx) forgetRetired() {
	t.exec(`delete from feed_troubles where feed_id in (select id from feeds where retired)`)
}

func scanChannel(row scanner) (c bot.Channel, err error) {
	err = row.Scan(&c)
	return c, err
}
