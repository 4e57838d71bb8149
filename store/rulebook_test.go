package store_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

func (r *room) changes(since int64) story.Changes {
	r.tb.Helper()
	c, err := r.Changes(r.tb.Context(), since)
	r.must(err)
	return c
}

func TestRulebook(t *testing.T) {
	r := open(t)
	iran := rules.Watch{ID: "iran", Name: "iran", Owner: "config", Rule: "Iran"}
	if c := r.changes(0); c.Version != 0 || c.Watches != nil {
		t.Errorf("empty: %+v", c)
	}
	r.adopt(store.Roster{Watches: []rules.Watch{oman, iran}})
	first := r.changes(0)
	if !reflect.DeepEqual(first.Watches, []rules.Watch{iran, oman}) {
		t.Errorf("added: %+v", first)
	}
	r.adopt(store.Roster{Watches: []rules.Watch{oman, iran}})
	if c := r.changes(first.Version); c.Watches != nil || c.Version != first.Version {
		t.Errorf("nothing changed: %+v", c)
	}
	iran.Rule = "Iran OR Persia"
	r.adopt(store.Roster{Watches: []rules.Watch{iran}})
	second := r.changes(first.Version)
	if !reflect.DeepEqual(second.Watches, []rules.Watch{iran}) ||
		!slices.Equal(second.Retired, []string{oman.ID}) || second.Version <= first.Version {
		t.Errorf("one changed, one retired: %+v", second)
	}
	r.adopt(store.Roster{Watches: []rules.Watch{iran, oman}})
	if c := r.changes(second.Version); !reflect.DeepEqual(c.Watches, []rules.Watch{oman}) {
		t.Errorf("back again: %+v", c)
	}
}

// aliases are names of the config.
func aliases(names ...[]string) (out []rules.Alias) {
	for _, n := range names {
		out = append(out, rules.Alias{Owner: rules.Everyone, Names: n})
	}
	return out
}

// inForce asserts that the names have changed and which aliases there are now.
func (r *room) inForce(what string, c story.Changes, want ...[]string) {
	r.tb.Helper()
	slices.SortFunc(c.Aliases, func(a, b rules.Alias) int { return slices.Compare(a.Names, b.Names) })
	if !c.Renamed || !reflect.DeepEqual(c.Aliases, aliases(want...)) {
		r.tb.Errorf("%s: got %+v, want %q", what, c, want)
	}
}

func TestAliases(t *testing.T) {
	r := open(t)
	watches := []rules.Watch{oman}
	shamkhani, gulf := []string{"Shamkhani", "شمخانی"}, []string{"Gulf", "خلیج \"فارس\""}
	adopt := func(since int64, names ...[]string) story.Changes {
		t.Helper()
		r.adopt(store.Roster{Watches: watches, Aliases: aliases(names...)})
		return r.changes(since)
	}
	none := adopt(0)
	if none.Renamed || none.Aliases != nil {
		t.Errorf("without aliases: %+v", none)
	}
	first := adopt(none.Version, shamkhani, gulf, shamkhani)
	r.inForce("added", first, gulf, shamkhani)
	if first.Watches != nil || first.Version <= none.Version {
		t.Errorf("only names changed: %+v", first)
	}
	same := adopt(first.Version, gulf, shamkhani)
	if same.Renamed || same.Aliases != nil || same.Version != first.Version {
		t.Errorf("nothing changed: %+v", same)
	}
	r.inForce("from the beginning", r.changes(0), gulf, shamkhani)
	wider := append(slices.Clone(shamkhani), "Шамхани")
	r.inForce("one changed", adopt(first.Version, gulf, wider), gulf, wider)
	r.inForce("one ended", adopt(r.changes(first.Version).Version, wider), wider)
	ended := r.changes(0).Version
	gone := adopt(ended)
	r.inForce("all ended", gone)
	r.inForce("back again", adopt(gone.Version, shamkhani), shamkhani)
	if c := adopt(ended, shamkhani); c.Version <= gone.Version || c.Watches != nil {
		t.Errorf("since two changes ago: %+v", c)
	}
}

// TestAliasesOfOthers asserts that the config leaves alone what a chat calls things.
func TestAliasesOfOthers(t *testing.T) {
	r := open(t)
	r.adopt(store.Roster{Aliases: aliases([]string{"Oman", "عمان"})})
	r.meddle(`insert into aliases (id, owner, names, version)
		select 'chat', 'slack:T1', names, version from aliases`)
	before := r.changes(0)
	r.adopt(store.Roster{})
	want := []rules.Alias{{Owner: "slack:T1", Names: []string{"Oman", "عمان"}}}
	c := r.changes(before.Version)
	if len(before.Aliases) != 2 || !c.Renamed || !reflect.DeepEqual(c.Aliases, want) {
		t.Errorf("before %+v, after %+v", before, c)
	}
}

// TestOneChange asserts that watches and aliases of one config are seen together.
func TestOneChange(t *testing.T) {
	r := open(t)
	r.adopt(store.Roster{Watches: []rules.Watch{oman}, Aliases: aliases([]string{"Oman", "عمان"})})
	c := r.changes(0)
	if len(c.Watches) != 1 || len(c.Aliases) != 1 || r.count(`select count(*) from (
			select version from watches union select version from aliases)`) != 1 {
		t.Errorf("got %+v", c)
	}
}
