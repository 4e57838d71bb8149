package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

// channelLease is how long a post may take before its channel is handed to somebody else.
const channelLease = 2 * time.Minute

// open is the condition of a delivery that is not settled. It stands in these very words in the
// index deliveries_open, which would not be used otherwise.
const open = `state in ('pending', 'held', 'posting', 'uncertain')`

// Untold implements [bot.Newsroom].
func (d *DB) Untold(ctx context.Context, n int) ([]story.Story, error) {
	stories, err := all(ctx, d.reader, scanStory, `select `+storyColumns+` from stories
		where told < revision order by revised, id limit $1`, n)
	if err != nil {
		return nil, fmt.Errorf("reading untold stories: %w", err)
	}
	return stories, nil
}

// Followers implements [bot.Newsroom].
func (d *DB) Followers(ctx context.Context, watchIDs []string) ([]bot.Subscription, error) {
	list, args := in(nil, watchIDs)
	subscriptions, err := all(ctx, d.reader, scanSubscription, `select `+followingColumns+`
		from following where paused = '' and watch_id in `+list+`
		order by channel, watch_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("reading followers: %w", err)
	}
	return subscriptions, nil
}

func scanSubscription(row scanner) (s bot.Subscription, err error) {
	err = row.Scan(followingFields(&s)...)
	return s, err
}

// Owe implements [bot.Newsroom]. Revisions that were passed over since the last one told are owed
// with this one; one that is told already is owed no more.
func (d *DB) Owe(ctx context.Context, s story.Story, owed []bot.Delivery) error {
	return d.write(ctx, "owing a story", func(t *tx) {
		var told int
		t.get(`select told from stories where id = $1`, []any{string(s.ID)}, &told)
		if told >= s.Revision {
			return
		}
		for _, o := range owed {
			t.owe(s, told, o)
		}
		t.exec(`update stories set told = $1 where id = $2`, s.Revision, string(s.ID))
	})
}

// owe records one channel's share of a revision: in a post that waits already, in a new one, or in
// none when its state needs no post.
func (t *tx) owe(s story.Story, told int, o bot.Delivery) {
	if t.get(`select 1 from story_mutes where channel = $1 and story_id = $2`,
		[]any{string(o.Channel), string(s.ID)}, new(int)) {
		o.State, o.Why = bot.StateMuted, "this story was muted here"
	}
	at := seat{state: o.State}
	if o.State == bot.StatePending || o.State == bot.StateHeld {
		at = t.seat(s, o)
	}
	for revision := told + 1; revision <= s.Revision; revision++ {
		t.exec(`insert into tellings (channel, story_id, revision, delivery_id, state, place,
				watches, why, at, severity, words)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
			string(o.Channel), string(s.ID), revision, at.delivery, string(at.state), at.place,
			t.json(o.Pairs[0].Watches), o.Why, ms(t.now), string(s.Severity), wordsOf(s))
	}
}

// wordsOf is a hash of what a channel is told in words.
func wordsOf(s story.Story) string {
	sum := sha256.Sum256([]byte(s.Headline + "\x00" + s.Summary))
	return hex.EncodeToString(sum[:12])
}

// seat is where a channel is told a revision.
type seat struct {
	delivery string    // empty: nowhere, state says why
	state    bot.State // empty: the delivery's
	place    int       // among the delivery's stories
}

// seat finds the delivery that tells the story's news to the channel. In one that waits already the
// news stands where the story does, and waits no longer than it would by itself.
func (t *tx) seat(s story.Story, o bot.Delivery) (at seat) {
	kind := t.kindOf(s, o)
	if t.get(`select d.id, p.state, p.place from tellings p join deliveries d on d.id = p.delivery_id
		where p.channel = $1 and p.story_id = $2 and d.state in ('pending', 'held')
		order by d.seq limit 1`, []any{string(o.Channel), string(s.ID)},
		&at.delivery, &at.state, &at.place) {
		t.exec(`update deliveries set due = case when due > $1 then $1 else due end,
				state = case when $2 = 'pending' then $2 else state end,
				kind = case when kind = 'update' then $3 else kind end
			where id = $4`, ms(o.Due), string(o.State), string(kind), at.delivery)
		return at
	}
	t.insertDelivery(o.ID, o.Channel, kind, o.State, o.Due, "null")
	return seat{delivery: o.ID}
}

// kindOf says what kind of news a revision is to a channel.
func (t *tx) kindOf(s story.Story, o bot.Delivery) bot.Kind {
	told := allTx(t, func(row scanner) (severity story.Severity, err error) {
		err = row.Scan(&severity)
		return severity, err
	}, `select distinct p.severity from tellings p join deliveries d on d.id = p.delivery_id
		where p.channel = $1 and p.story_id = $2 and d.state <> 'dead'`,
		string(o.Channel), string(s.ID))
	if len(told) == 0 {
		return o.Kind
	}
	for _, severity := range told {
		if !severity.Less(s.Severity) {
			return bot.KindUpdate
		}
	}
	return bot.KindEscalation
}

func (t *tx) insertDelivery(id string, c bot.Channel, kind bot.Kind, state bot.State, due time.Time,
	notice string) {
	t.exec(`insert into deliveries (id, channel, kind, state, due, notice, created)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
		id, string(c), string(kind), string(state), ms(due), notice, ms(t.now))
}

// oweNotice queues what the bot says of itself.
func (t *tx) oweNotice(c bot.Channel, n bot.Notice) {
	text := t.json(n)
	t.openChannel(c, ownerIn(c))
	id := bot.DeliveryID(c, text, int(ms(t.now)))
	t.insertDelivery(id, c, bot.KindNotice, bot.StatePending, t.now, text)
}

// Claim implements [bot.Outbox]. On SQLite a lease can only be left behind by a process that died,
// and Open ends those; a lease that ends otherwise is handed on.
func (d *DB) Claim(ctx context.Context, n int) ([]bot.Delivery, error) {
	return result(ctx, d, "claiming deliveries", func(t *tx) (claimed []bot.Delivery) {
		for _, l := range t.claimChannels(n) {
			for _, next := range t.nextOf(l.channel) {
				claimed = append(claimed, t.takeInHand(next, l))
			}
		}
		return claimed
	})
}

// lease is a channel taken for one post.
type lease struct {
	channel bot.Channel
	epoch   int64
}

// claimChannels leases channels that have something due, the one whose post waits longest first: a
// busy channel cannot starve the others.
func (t *tx) claimChannels(n int) []lease {
	return allTx(t, func(row scanner) (l lease, err error) {
		err = row.Scan(&l.channel, &l.epoch)
		return l, err
	}, `update channels set lease = $1, epoch = epoch + 1
		where channel in (select c.channel from channels c
			where c.due <= $2 and c.lease <= $2 and c.away = '' and c.channel in (
				select d.channel from deliveries d where d.due <= $2 and d.`+open+`)
			order by (select min(d.seq) from deliveries d
				where d.channel = c.channel and d.due <= $2 and d.`+open+`)
			limit $3)
		returning channel, epoch`, ms(t.now.Add(channelLease)), ms(t.now), n)
}

const deliveryColumns = `id, channel, kind, state, due, attempts, repeated, tried, receipt, why, notice`

func scanDelivery(row scanner) (d bot.Delivery, err error) {
	err = row.Scan(&d.ID, &d.Channel, &d.Kind, &d.State, when(&d.Due), &d.Attempts, &d.Repeat,
		when(&d.Tried), &d.Receipt.ID, &d.Why, fromJSON(&d.Notice))
	return d, err
}

// nextOf reads the channel's first due delivery, as a list of one. What was in hand when a lease
// ended may have been posted: it goes before anything else. An update can wait for alerts: what it
// changes is told, and while an alert waits the story's news becomes part of it.
func (t *tx) nextOf(c bot.Channel) []bot.Delivery {
	return allTx(t, scanDelivery, `select `+deliveryColumns+` from deliveries
		where channel = $1 and due <= $2 and `+open+`
		order by case when state not in ('pending', 'held') then 0 when kind <> 'update' then 1
			else 2 end, seq limit 1`,
		string(c), ms(t.now))
}

// takeInHand marks a delivery as being posted under the lease, and reads what it tells and what
// waits behind it.
func (t *tx) takeInHand(d bot.Delivery, l lease) bot.Delivery {
	if d.Tried.IsZero() {
		d.Tried = t.now
	}
	t.exec(`update deliveries set state = 'posting', attempts = attempts + 1, tried = $1
		where id = $2`, ms(d.Tried), d.ID)
	d.Attempts++
	d.Claimed, d.Lease, d.Epoch = t.now, t.now.Add(channelLease), l.epoch
	d.Pairs = t.pairs(d.ID)
	if (d.Kind == bot.KindUpdate || d.Kind == bot.KindEscalation) && len(d.Pairs) > 0 {
		t.history(&d)
	}
	d.Held = d.State == bot.StateHeld
	if d.State != bot.StatePending && !d.Held {
		d.State = bot.StateUncertain
		return d
	}
	d.State = bot.StatePosting
	if d.Kind == bot.KindAlert {
		d.Waiting = t.waiting(d)
	}
	return d
}

// history says what the channel was told of the delivery's story before: the post to change, which
// is no digest, as that tells other stories too, the post to reply to, and whether the words are
// others. Where nothing was sent after all, the delivery is the channel's first alert.
func (t *tx) history(d *bot.Delivery) {
	const sent = ` from tellings p join deliveries d on d.id = p.delivery_id
		where p.channel = $1 and p.story_id = $2 and d.state = 'sent' and `
	args := []any{string(d.Channel), string(d.Pairs[0].Story.ID)}
	var kind bot.Kind
	if !t.get(`select d.kind, d.receipt`+sent+`d.kind in ('alert', 'digest') order by d.seq limit 1`,
		args, &kind, &d.Root.ID) {
		d.Kind = bot.KindAlert
		return
	}
	if kind == bot.KindAlert {
		d.Prior = d.Root
	}
	var told string
	t.get(`select p.words`+sent+`true order by p.revision desc limit 1`, args, &told)
	d.News = told != "" && told != wordsOf(d.Pairs[0].Story)
}

// waiting reads the other alerts that are due for the delivery's channel. One that catches up takes
// along what else does, due or not.
func (t *tx) waiting(d bot.Delivery) []bot.Delivery {
	behind := allTx(t, scanDelivery, `select `+deliveryColumns+` from deliveries
		where channel = $1 and `+open+` and state in ('pending', 'held') and kind = 'alert'
			and (due <= $2 or $3 and state = 'pending' and exists (select 1
				from tellings p join stories s on s.id = p.story_id
				where p.delivery_id = deliveries.id and s.catch_up))
		order by seq`, string(d.Channel), ms(t.now), d.CatchesUp())
	for i := range behind {
		behind[i].Pairs = t.pairs(behind[i].ID)
		behind[i].Held = behind[i].State == bot.StateHeld
	}
	return behind
}

// pairs reads what a delivery tells, each story once, at its newest revision.
func (t *tx) pairs(id string) []bot.Pair {
	return allTx(t, func(row scanner) (p bot.Pair, err error) {
		err = row.Scan(append(storyFields(&p.Story), &p.Revision, fromJSON(&p.Watches), &p.State)...)
		return p, err
	}, `select `+storyColumns+`, telling, watches, state from stories join (
			select p.story_id, p.revision as telling, p.watches, p.state, p.place from tellings p
			where p.delivery_id = $1 and p.revision = (select max(q.revision) from tellings q
				where q.delivery_id = p.delivery_id and q.story_id = p.story_id)
		) as pairs on story_id = id
		order by place, revised, id`, id)
}

// Settle implements [bot.Outbox]. A delivery whose lease has passed to somebody else is left to
// them.
func (d *DB) Settle(ctx context.Context, v bot.Delivery) error {
	return d.write(ctx, "settling a delivery", func(t *tx) {
		if !t.holds(v) {
			return
		}
		t.absorb(v)
		var settled int64
		if v.State != bot.StatePosting && v.State != bot.StatePending {
			settled = ms(t.now)
		}
		t.exec(`update deliveries set kind = $1, state = $2, repeated = $3, receipt = $4,
				why = $5, settled = $6, attempts = $7,
				due = case when $8 > due then $8 else due end where id = $9`,
			string(v.Kind), string(v.State), v.Repeat, v.Receipt.ID, v.Why, settled, v.Attempts,
			waitOf(v), v.ID)
		if v.Gone {
			t.closeChannel(v)
		}
	})
}

// waitOf is until when an update that must wait is left alone, else zero.
func waitOf(v bot.Delivery) int64 {
	if v.Kind == bot.KindUpdate && v.State == bot.StatePending {
		return ms(v.Due)
	}
	return 0
}

// holds checks the lease and ends it, unless the delivery is still in hand. A post that must wait
// holds its whole channel back, so that the order stays, and one that was made gives it a rest.
func (t *tx) holds(v bot.Delivery) bool {
	if v.State == bot.StatePosting {
		return t.exec(`update channels set lease = lease where channel = $1 and epoch = $2`,
			string(v.Channel), v.Epoch) > 0
	}
	var due int64
	switch v.State {
	case bot.StatePending, bot.StateUncertain, bot.StateSent:
		if waitOf(v) == 0 {
			due = ms(v.Due)
		}
	}
	return t.exec(`update channels set lease = 0, due = $1 where channel = $2 and epoch = $3`,
		due, string(v.Channel), v.Epoch) > 0
}

// absorb lets one delivery tell what others would have told, each pair in the place and with the
// state that it has there, so that after a crash it tells the same again.
func (t *tx) absorb(v bot.Delivery) {
	if len(v.Absorbs) == 0 {
		return
	}
	for _, id := range v.Absorbs {
		t.exec(`update tellings set delivery_id = $1 where delivery_id = $2`, v.ID, id)
		t.exec(`delete from deliveries where id = $1`, id)
	}
	for i, p := range v.Pairs {
		t.exec(`update tellings set place = $1, state = $2 where delivery_id = $3 and story_id = $4`,
			i, string(p.State), v.ID, string(p.Story.ID))
	}
}

// closeChannel leaves a channel alone until we are let in again; what it is still owed cannot be told.
// What it follows stays as it is. Whoever last changed something there hears of it, once.
func (t *tx) closeChannel(v bot.Delivery) {
	t.exec(`update deliveries set state = 'dead', why = $1, settled = $2
		where channel = $3 and `+open, v.Why, ms(t.now), string(v.Channel))
	left := t.exec(`update channels set away = $1 where channel = $2 and away = ''`,
		v.Why, string(v.Channel))
	var owner, name string
	if left > 0 && t.get(`select by_user from audit where channel = $1 and by_user <> ''
		order by id desc limit 1`, []any{string(v.Channel)}, &owner) {
		t.get(`select name from channels where channel = $1`, []any{string(v.Channel)}, &name)
		t.oweNotice(personal(v.Channel, owner), bot.LeftNotice(v.Channel, name, v.Why))
	}
}

// personal is the channel in which a person is written to, in the platform and workspace of another.
func personal(c bot.Channel, user string) bot.Channel {
	return c[:strings.LastIndexAny(string(c), ":/")+1] + bot.Channel(user)
}
