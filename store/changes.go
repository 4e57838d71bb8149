package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// Change implements [commands.Ledger]. The line in the audit log is written first: it is what keeps
// a call that comes twice from acting twice.
func (d *DB) Change(ctx context.Context, c commands.Change) error {
	return d.write(ctx, "changing what is asked for", func(t *tx) {
		e := editor{tx: t, owner: c.Call.Caller.Owner, user: c.Call.Caller.User}
		e.note(c)
		e.own(c.Call.Channel)
		for _, edit := range c.Edits {
			e.edit(edit)
		}
	})
}

// editor carries out what somebody asks for. Of what belongs to other owners it knows nothing.
type editor struct {
	*tx
	owner string
	user  string
}

// fail ends the transaction, unless something else did.
func (t *tx) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// note writes the audit log.
func (e editor) note(c commands.Change) {
	if e.exec(`insert into audit (call_id, at, owner, channel, by_user, command, before, after)
		values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (call_id) do nothing`,
		c.Call.ID, ms(e.now), e.owner, string(c.Call.Channel), e.user, given(c.Call),
		c.Before, c.After) == 0 {
		e.fail(commands.ErrDone)
	}
}

// given is a call as people read it.
func given(c bot.Call) string {
	if c.Command == "" {
		return c.Text
	}
	words := []string{c.Command}
	for _, name := range slices.Sorted(maps.Keys(c.Args)) {
		words = append(words, name+":"+c.Args[name])
	}
	return strings.Join(words, " ")
}

// own notes whose a channel is, for one that only the config has named so far.
func (e editor) own(c bot.Channel) {
	e.exec(`update channels set owner = $1 where channel = $2 and owner = ''`, e.owner, string(c))
}

// openChannel makes a channel known.
func (t *tx) openChannel(c bot.Channel, owner string) {
	t.exec(`insert into channels (channel, owner) values ($1, $2) on conflict do nothing`,
		string(c), owner)
}

func (e editor) edit(edit commands.Edit) {
	switch v := edit.(type) {
	case commands.SetWatch:
		e.setWatch(v)
	case commands.EndWatch:
		e.endWatch(v)
	case commands.Follow:
		e.follow(v)
	case commands.Unfollow:
		e.unfollow(v)
	case commands.Prefer:
		e.prefer(v)
	case commands.MuteStory:
		e.mute(v.Channel, v.Story, false)
	case commands.Judge:
		e.mute(v.Channel, v.Story, true)
	case commands.AddFeed:
		e.addFeed(v.Source, e.owner)
	case commands.RemoveFeed:
		e.removeFeed(v.URL)
	case commands.AddAlias:
		e.addAlias(v.Alias)
	case commands.RemoveAlias:
		e.removeAlias(v)
	default:
		e.fail(fmt.Errorf("no such edit: %T", edit))
	}
}

// mine fails unless what has this owner may be changed by whoever asks.
func (e editor) mine(owner string) {
	switch owner {
	case fromConfig:
		e.fail(commands.ErrFromConfig)
	case e.owner:
	default:
		e.fail(fmt.Errorf("%w: it belongs to somebody else", commands.ErrUnknown))
	}
}

// held is the owner and the version of a watch that is not retired.
func (e editor) held(id string) (owner string, version int64, ok bool) {
	ok = e.get(`select owner, version from watches where id = $1 and not retired`, []any{id},
		&owner, &version)
	return owner, version, ok
}

// setWatch takes the next version first: of two who have seen the same watch one waits, and then
// finds it changed.
func (e editor) setWatch(v commands.SetWatch) {
	w := v.Watch
	e.mine(w.Owner)
	if w.ID != w.Owner+"/"+w.Name {
		e.fail(fmt.Errorf("watch %q of %q cannot have the ID %q", w.Name, w.Owner, w.ID))
	}
	version := e.nextVersion()
	if _, now, _ := e.held(w.ID); now != v.Expect {
		e.fail(commands.ErrChanged)
	}
	e.exec(`insert into watches (id, name, owner, rule, version) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set rule = excluded.rule, retired = false,
			version = excluded.version`, w.ID, w.Name, w.Owner, w.Rule, version)
}

// endWatch also forgets how channels wanted to hear of the watch: one that is made later by the
// same name is another one.
func (e editor) endWatch(v commands.EndWatch) {
	version := e.nextVersion()
	owner, now, ok := e.held(v.ID)
	if !ok {
		e.fail(commands.ErrUnknown)
	}
	e.mine(owner)
	if now != v.Expect {
		e.fail(commands.ErrChanged)
	}
	e.exec(`update watches set retired = true, version = $1 where id = $2`, version, v.ID)
	e.exec(`delete from preferences where watch_id = $1
		and channel in (select channel from subscriptions where watch_id = $1)`, v.ID)
	for _, c := range allTx(e.tx, scanChannel, `update subscriptions set retired = true
		where watch_id = $1 and not retired returning channel`, v.ID) {
		e.silence(c)
	}
}

// follow says what is so: a channel that follows the watch already is paused or not paused any more.
// To be told of what came before is nobody's wish, also after an end of following.
func (e editor) follow(v commands.Follow) {
	owner, _, ok := e.held(v.Watch)
	if !ok {
		e.fail(commands.ErrUnknown)
	}
	if owner != fromConfig {
		e.mine(owner)
	}
	c := string(v.Channel)
	e.openChannel(v.Channel, e.owner)
	back := e.exec(`delete from preferences where channel = $1 and watch_id = $2 and unfollowed`,
		c, v.Watch) > 0
	e.exec(`insert into subscriptions (channel, watch_id, origin, policy, digest, quiet, zone,
			min_publishers, min_severity, group_wait, since)
		values ($1, $2, $3, 'instant', '', '', '', 1, $4, 0, $5)
		on conflict (channel, watch_id) do update set origin = excluded.origin,
			policy = excluded.policy, digest = excluded.digest, quiet = excluded.quiet,
			zone = excluded.zone, min_publishers = excluded.min_publishers,
			min_severity = excluded.min_severity, group_wait = excluded.group_wait,
			since = excluded.since, retired = false
		where subscriptions.retired`,
		c, v.Watch, e.owner, string(story.SeverityNone), ms(e.now))
	e.exec(`update subscriptions set paused = $1, since = case when $2 then $3 else since end
		where channel = $4 and watch_id = $5`, v.Paused, back, ms(e.now), c, v.Watch)
	if v.Paused == "" { // it was proved
		e.exec(`update channels set away = '' where channel = $1`, c)
	}
}

// follows fails unless the channel follows the watch.
func (e editor) follows(c bot.Channel, watch string) {
	if !e.get(`select 1 from following where channel = $1 and watch_id = $2`,
		[]any{string(c), watch}, new(int)) {
		e.fail(commands.ErrUnknown)
	}
}

// unfollow leaves a row of the config as it is, which comes back with every start, and notes that
// it does not hold. It does so for every row: the config may name what was followed from chat too.
func (e editor) unfollow(v commands.Unfollow) {
	e.follows(v.Channel, v.Watch)
	c := string(v.Channel)
	e.exec(`update subscriptions set retired = true
		where channel = $1 and watch_id = $2 and origin <> $3`, c, v.Watch, fromConfig)
	e.exec(`delete from preferences where channel = $1 and watch_id = $2`, c, v.Watch)
	e.exec(`insert into preferences (channel, watch_id, unfollowed) values ($1, $2, true)`,
		c, v.Watch)
	e.silence(v.Channel)
}

// prefer takes back a pause wherever it came from: that of the subscription itself was ours.
func (e editor) prefer(v commands.Prefer) {
	if v.Watch != "" {
		e.follows(v.Channel, v.Watch)
	}
	p, c := v.Set, string(v.Channel)
	if v.Watch != "" {
		e.exempt(v)
	}
	e.exec(`insert into preferences (channel, watch_id) values ($1, $2) on conflict do nothing`,
		c, v.Watch)
	e.exec(`update preferences set policy = coalesce($1, policy), digest = coalesce($2, digest),
			quiet = coalesce($3, quiet), zone = coalesce($4, zone),
			min_publishers = coalesce($5, min_publishers),
			min_severity = coalesce($6, min_severity), paused = coalesce($7, paused)
		where channel = $8 and watch_id = $9`, p.Policy, p.Digest, p.Quiet, p.Zone,
		p.MinPublishers, p.MinSeverity, p.Paused, c, v.Watch)
	if p.MutedUntil != nil {
		e.exec(`update preferences set muted_until = $1 where channel = $2 and watch_id = $3`,
			ms(*p.MutedUntil), c, v.Watch)
	}
	if p.Paused != nil && *p.Paused == "" {
		e.exec(`update subscriptions set paused = '' where channel = $1
			and (watch_id = $2 or $2 = '')`, c, v.Watch)
	}
	e.silence(v.Channel)
}

// exempt takes a watch out of a silence that was asked for all: the others have it each for
// themselves from then on.
func (e editor) exempt(v commands.Prefer) {
	var paused string
	var muted time.Time
	c := string(v.Channel)
	e.get(`select paused, muted_until from preferences where channel = $1 and watch_id = ''`,
		[]any{c}, &paused, when(&muted))
	resumed := paused != "" && v.Set.Paused != nil && *v.Set.Paused == ""
	unmuted := v.Set.MutedUntil != nil && v.Set.MutedUntil.Before(muted)
	if !resumed && !unmuted {
		return
	}
	const others = ` where channel = $1 and watch_id <> $2
		and watch_id in (select watch_id from subscriptions where channel = $1 and not retired)`
	e.exec(`insert into preferences (channel, watch_id)
		select channel, watch_id from subscriptions
		where channel = $1 and watch_id <> $2 and not retired on conflict do nothing`, c, v.Watch)
	if resumed {
		e.exec(`update preferences set paused = $3`+others+` and paused = ''`, c, v.Watch, paused)
		e.exec(`update preferences set paused = '' where channel = $1 and watch_id = ''`, c)
	}
	if unmuted {
		e.exec(`update preferences set muted_until = $3`+others+` and muted_until < $3`,
			c, v.Watch, ms(muted))
		e.exec(`update preferences set muted_until = 0 where channel = $1 and watch_id = ''`, c)
	}
}

// mute ends what a channel hears of a story. What still waits and tells nothing else is not posted.
func (e editor) mute(c bot.Channel, id story.ID, irrelevant bool) {
	if !e.get(`select 1 from stories where id = $1`, []any{string(id)}, new(int)) {
		e.fail(commands.ErrUnknown)
	}
	e.exec(`insert into story_mutes (channel, story_id, irrelevant, by_user, at)
		values ($1, $2, $3, $4, $5)
		on conflict (channel, story_id) do update
			set irrelevant = story_mutes.irrelevant or excluded.irrelevant`,
		string(c), string(id), irrelevant, e.user, ms(e.now))
	posts := allTx(e.tx, scanText, `select distinct d.id from tellings p
		join deliveries d on d.id = p.delivery_id
		where p.channel = $1 and p.story_id = $2 and d.state in ('pending', 'held')
			and not exists (select 1 from tellings q
				where q.delivery_id = d.id and q.story_id <> $2)`, string(c), string(id))
	why := "this story was muted here"
	if irrelevant {
		why = "this story was marked as not relevant here"
	}
	for _, post := range posts {
		e.drop(post, why)
	}
}

// drop lets a post that waits be none. What it would have told is muted.
func (e editor) drop(post, why string) {
	e.exec(`update tellings set delivery_id = '', state = $1, why = $2 where delivery_id = $3`,
		string(bot.StateMuted), why, post)
	e.exec(`delete from deliveries where id = $1`, post)
}

// silence drops what waits for a channel and answers only watches that it will not hear of when the
// time has come: who asks for silence does not expect tomorrow's digest. That we are away is no
// such wish.
func (e editor) silence(c bot.Channel) {
	type post struct {
		id      string
		due     time.Time
		watches []string
	}
	heard := make(map[string]time.Time) // from when on, by watch
	for _, s := range allTx(e.tx, scanSubscription, `select `+followingColumns+` from following
		where channel = $1 and paused in ('', (select away from channels where channel = $1))`,
		string(c)) {
		heard[s.Watch] = s.MutedUntil
	}
	wanted := make(map[string]bool)
	posts := allTx(e.tx, func(row scanner) (p post, err error) {
		err = row.Scan(&p.id, when(&p.due), fromJSON(&p.watches))
		return p, err
	}, `select d.id, d.due, p.watches from deliveries d join tellings p on p.delivery_id = d.id
		where d.channel = $1 and d.`+open+` and d.state in ('pending', 'held')`, string(c))
	for _, p := range posts {
		wanted[p.id] = wanted[p.id] || slices.ContainsFunc(p.watches, func(watch string) bool {
			from, ok := heard[watch]
			return ok && !from.After(later(p.due, e.now))
		})
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if !wanted[id] {
			e.drop(id, "silence was asked for meanwhile")
		}
	}
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// removeFeed ends a feed that came from chat or from a list that somebody imported.
func (e editor) removeFeed(url string) {
	var origin string
	if !e.get(`select origin from feeds where url = $1 and not retired`, []any{url}, &origin) {
		e.fail(commands.ErrUnknown)
	}
	if origin != fromOPML {
		e.mine(origin)
	}
	e.exec(`update feeds set retired = true where url = $1`, url)
}

func (e editor) addAlias(a rules.Alias) {
	e.mine(a.Owner)
	e.keepAlias(a, e.nextVersion())
}

// removeAlias takes back every alias of the owner that holds the spelling.
func (e editor) removeAlias(v commands.RemoveAlias) {
	e.mine(v.Owner)
	version := e.nextVersion()
	missing := commands.ErrUnknown
	found := false
	for _, a := range allTx(e.tx, scanAlias, `select id, owner, names from aliases
		where owner in ($1, $2) and not retired`, v.Owner, rules.Everyone) {
		switch {
		case !slices.ContainsFunc(a.Names, func(n string) bool { return sameName(n, v.Name) }):
		case a.Owner == rules.Everyone:
			missing = commands.ErrFromConfig
		default:
			found = true
			e.exec(`update aliases set retired = true, version = $1 where id = $2`, version, a.id)
		}
	}
	if !found {
		e.fail(missing)
	}
}

// sameName compares two spellings word by word, as rules do.
func sameName(a, b string) bool {
	return slices.EqualFunc(rules.Words(a), rules.Words(b), func(a, b rules.Word) bool {
		return a.Folded == b.Folded
	})
}

// Audit implements [commands.Ledger].
func (d *DB) Audit(ctx context.Context, owner string, n int) ([]commands.Done, error) {
	done, err := all(ctx, d.reader, func(row scanner) (c commands.Done, err error) {
		err = row.Scan(when(&c.At), &c.Owner, &c.Channel, &c.User, &c.Command, &c.Before, &c.After)
		return c, err
	}, `select at, owner, channel, by_user, command, before, after from audit
		where owner = $1 order by id desc limit $2`, owner, n)
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	return done, nil
}
