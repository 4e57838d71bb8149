package rules

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/tensionwatch/tensionwatch/rules/names"
	"github.com/tensionwatch/tensionwatch/rules/query"
)

// Everyone is the owner of aliases that hold for all watches.
const Everyone = "config"

// Alias says that several spellings are of one name.
type Alias struct {
	Owner string   // whose watches it is for, as in [Watch]; [Everyone] for all
	Names []string // at least two
}

// Names are the spellings of names beyond those a rule writes out: the shipped sets, configured
// ones and those of single owners. A nil *Names knows none. It never changes.
type Names struct {
	shared directory
	own    map[string]directory // by owner, what is different for it
}

// NewNames returns the shipped sets with the aliases added. An alias that shares a spelling with
// another set is one with it.
func NewNames(added []Alias) *Names {
	n := &Names{shared: maps.Clone(shipped()), own: map[string]directory{}}
	for _, a := range added {
		if a.Owner == Everyone {
			n.shared.enter(n.shared.widened(a, nil))
		}
	}
	for _, a := range added {
		if a.Owner != Everyone {
			if n.own[a.Owner] == nil {
				n.own[a.Owner] = directory{}
			}
			n.own[a.Owner].enter(n.own[a.Owner].widened(a, n.shared))
		}
	}
	return n
}

// shipped is the directory of the sets that ship, made once as they never change.
var shipped = sync.OnceValue(func() directory {
	d := directory{}
	for _, set := range names.Shipped() {
		d.enter(nameOf(set))
	}
	return d
})

// name is the spellings of one name. It never changes once it is in a directory.
type name struct {
	spellings []spelling
	person    bool
}

// spelling is one way to write a name. Ambiguous ones mean something else as well.
type spelling struct {
	words     []query.Word
	ambiguous bool
}

// nameOf takes over a set.
func nameOf(set names.Set) *name {
	n := &name{person: set.Kind == names.Person}
	for _, s := range set.Spellings {
		n.add(s.Text, s.Ambiguous)
	}
	return n
}

// add adds a spelling that is not there yet.
func (n *name) add(text string, ambiguous bool) {
	words := query.Words(text)
	for i := range words {
		words[i].Prefix = false // a * in a name is a sign like any other
	}
	if len(words) == 0 || slices.ContainsFunc(n.spellings, func(s spelling) bool {
		return slices.Equal(s.words, words)
	}) {
		return
	}
	n.spellings = append(n.spellings, spelling{words, ambiguous})
}

// directory finds a name by the key of each of its spellings.
type directory map[string]*name

// keyOf returns the key of words. US is not us.
func keyOf(words []query.Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Folded)
		if w.Capitals {
			b.WriteByte('^')
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func (d directory) enter(n *name) {
	for _, s := range n.spellings {
		d[keyOf(s.words)] = n
	}
}

// widened returns the name of an alias together with those that share a spelling with it, here or,
// where there are none, beneath.
func (d directory) widened(a Alias, beneath directory) *name {
	n := new(name)
	for _, text := range a.Names {
		n.add(text, false)
	}
	for _, s := range slices.Clone(n.spellings) {
		known, ok := d[keyOf(s.words)]
		if !ok {
			known = beneath[keyOf(s.words)]
		}
		if known != nil {
			n.person = n.person || known.person
			for _, more := range known.spellings {
				if !slices.ContainsFunc(n.spellings, func(s spelling) bool {
					return slices.Equal(s.words, more.words)
				}) {
					n.spellings = append(n.spellings, more)
				}
			}
		}
	}
	return n
}
