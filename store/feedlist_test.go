package store_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/store"
)

func (r *room) importing(sources ...feeds.Source) []feeds.Source {
	r.tb.Helper()
	added, err := r.Import(r.tb.Context(), sources)
	r.must(err)
	return added
}

func (r *room) inUse() (urls []string) {
	r.tb.Helper()
	list, err := r.Feeds(r.tb.Context())
	r.must(err)
	for _, f := range list {
		urls = append(urls, f.URL)
	}
	return urls
}

// TestImport: what is new is added and due, what is there stays, and the config lets both be.
func TestImport(t *testing.T) {
	r := reading(t, "http://z/", "http://old/")
	r.adopt(store.Roster{Feeds: []feeds.Source{source("http://z/")}}) // retires the other
	r.meddle(`update feeds set due = 9e15, gone = url = 'http://old/'`)
	z, old, added := source("http://z/"), source("http://old/"), feeds.Source{URL: "http://a/"}
	z.Name = "renamed"
	if got := r.importing(z, old, added, added); !reflect.DeepEqual(got, []feeds.Source{old, added}) {
		t.Errorf("added %+v", got)
	}
	if got := r.inUse(); !slices.Equal(got, []string{"http://z/", "http://old/", "http://a/"}) {
		t.Errorf("in use: %v", got)
	}
	due := r.due(9)
	if len(due) != 2 || due[0].Source != old || due[1].Source != added {
		t.Errorf("due: %+v", due)
	}
	a := source("http://a/")
	r.adopt(store.Roster{Feeds: []feeds.Source{a}})
	if got := r.inUse(); !slices.Equal(got, []string{"http://old/", "http://a/"}) {
		t.Errorf("after the config let go of its own: %v", got)
	}
	if r.count(`select count(*) from feeds where origin = 'opml'
		and name in ('', $1)`, old.Name) != 2 {
		t.Error("the config touched imported feeds")
	}
	if got := r.importing(a, old); got != nil {
		t.Errorf("added again: %+v", got)
	}
}

func TestImportAllOrNone(t *testing.T) {
	r := open(t)
	r.meddle(`create trigger broken before insert on feeds when new.url = 'http://b/'
		begin select raise(abort, 'broken'); end`)
	added, err := r.Import(t.Context(), []feeds.Source{source("http://a/"), source("http://b/")})
	if err == nil || added != nil || r.inUse() != nil {
		t.Errorf("%+v, %v; in use: %v", added, err, r.inUse())
	}
}
