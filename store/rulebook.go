package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

// adoptRulebook takes over watches and aliases. All that changes has one version: whoever reads the
// rulebook sees all of it or nothing.
func (t *tx) adoptRulebook(r Roster) {
	version := t.nextVersion()
	t.adoptWatches(r.Watches, version)
	t.adoptAliases(r.Aliases, version)
}

// nextVersion counts the changes of the rulebook. The row also makes writers take turns.
func (t *tx) nextVersion() (version int64) {
	t.get(`update rulebook set version = version + 1 returning version`, nil, &version)
	return version
}

func (t *tx) adoptWatches(watches []rules.Watch, version int64) {
	ids := make([]string, 0, len(watches))
	for _, w := range watches {
		ids = append(ids, w.ID)
		t.exec(`insert into watches (id, name, owner, rule, version)
			values ($1, $2, $3, $4, $5)
			on conflict (id) do update set name = excluded.name, rule = excluded.rule,
				retired = false, version = excluded.version
			where watches.owner = excluded.owner and (watches.retired
				or watches.name <> excluded.name or watches.rule <> excluded.rule)`,
			w.ID, w.Name, fromConfig, w.Rule, version)
	}
	list, args := in([]any{version, fromConfig}, ids)
	t.exec(`update watches set retired = true, version = $1
		where owner = $2 and not retired and id not in `+list, args...)
}

// adoptAliases takes over the aliases that hold for everyone. An alias is what it says: with a
// spelling more it is another one.
func (t *tx) adoptAliases(aliases []rules.Alias, version int64) {
	ids := make([]string, 0, len(aliases))
	for _, a := range aliases {
		a.Owner = rules.Everyone
		ids = append(ids, t.keepAlias(a, version))
	}
	list, args := in([]any{version, rules.Everyone}, ids)
	t.exec(`update aliases set retired = true, version = $1
		where owner = $2 and not retired and id not in `+list, args...)
}

// keepAlias makes an alias one that is in force, and returns its ID.
func (t *tx) keepAlias(a rules.Alias, version int64) (id string) {
	names := t.json(a.Names)
	id = aliasID(a.Owner, names)
	t.exec(`insert into aliases (id, owner, names, version) values ($1, $2, $3, $4)
		on conflict (id) do update set retired = false, version = excluded.version
		where aliases.retired`, id, a.Owner, names, version)
	return id
}

// aliasID keeps a key short whatever an alias holds.
func aliasID(owner, names string) string {
	sum := sha256.Sum256([]byte(owner + "\x00" + names))
	return hex.EncodeToString(sum[:12])
}

// rule is a row of the rulebook: an alias if it has names, else a watch.
type rule struct {
	rules.Watch
	names   []string
	retired bool
	version int64
}

func scanRule(row scanner) (r rule, err error) {
	err = row.Scan(&r.ID, &r.Name, &r.Owner, &r.Rule, fromJSON(&r.names), &r.retired, &r.version)
	return r, err
}

// Changes implements [story.Rulebook]. It is one statement because two might see a change between
// them, and the second would hide from the first what it has missed.
func (d *DB) Changes(ctx context.Context, since int64) (story.Changes, error) {
	rows, err := all(ctx, d.reader, scanRule, `
		select id, name, owner, rule, 'null' as names, retired, version from watches
			where version > $1
		union all
		select id, '', owner, '', names, retired, version from aliases
			where version > $1 and retired
		union all
		select id, '', owner, '', names, retired, version from aliases
			where not retired and exists (select 1 from aliases where version > $1)
		order by version, id`, since)
	if err != nil {
		return story.Changes{}, fmt.Errorf("reading the rulebook: %w", err)
	}
	changes := story.Changes{Version: since}
	for _, r := range rows {
		changes.Version = max(changes.Version, r.version)
		switch {
		case r.names != nil:
			changes.Renamed = true
			if !r.retired {
				changes.Aliases = append(changes.Aliases, rules.Alias{Owner: r.Owner, Names: r.names})
			}
		case r.retired:
			changes.Retired = append(changes.Retired, r.ID)
		default:
			changes.Watches = append(changes.Watches, r.Watch)
		}
	}
	return changes, nil
}
