package config

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/config/toml"
	"github.com/tensionwatch/tensionwatch/rules"
)

// check looks at what no value shows alone: names that stand twice or nowhere, and lists that are
// empty. What the reader of a table left unread is no reason for a second mistake.
func check(d *toml.Document, c *draft) {
	checkFeeds(d, c)
	checkWatches(d, c)
	checkAliases(d, c)
	checkSubscribes(d, c)
	followAll(c.Config)
}

// need reports a list that must not be empty.
func need(d *toml.Document, name, message string) {
	n := d.Root.Find(name)
	if n == nil && !d.Root.Torn || n != nil && n.Kind == toml.List && len(n.Items) == 0 {
		d.Add(0, "%s", message)
	}
}

func checkFeeds(d *toml.Document, c *draft) {
	need(d, "feed", "there is no feed: add a [[feed]] with its url")
	first := firsts{}
	for i, n := range d.Root.Tables("feed") {
		f := c.feeds[i]
		url := n.Find("url")
		if at, known := first.before(f.URL, url); known {
			d.Add(url.At, "this feed is there already, on line %d", d.Line(at))
		}
		c.Feeds = append(c.Feeds, f.Source)
		if len(f.headers) > 0 {
			c.Headers[f.URL] = f.headers
		}
	}
}

func checkWatches(d *toml.Document, c *draft) {
	need(d, "watch", "there is no watch: add a [[watch]] with a name and a rule")
	first := firsts{}
	for i, n := range d.Root.Tables("watch") {
		w := &c.Watches[i]
		w.ID = w.Name
		name := n.Find("name")
		if at, known := first.before(w.Name, name); known {
			d.Add(name.At, "a watch of this name is there already, on line %d", d.Line(at))
		}
	}
}

func checkAliases(d *toml.Document, c *draft) {
	for i, n := range d.Root.Tables("alias") {
		names := n.Find("names")
		if names != nil && names.Kind == toml.List {
			checkSpellings(d, c.Aliases[i].Names, names)
		}
	}
}

// checkSpellings refuses an alias that says nothing; n is the list of its names.
func checkSpellings(d *toml.Document, names []string, n *toml.Node) {
	first, different := firsts{}, map[string]bool{}
	for i, name := range names {
		if at, twice := first.before(name, n.Items[i]); twice {
			d.Add(n.Items[i].At, "this spelling is there already, on line %d", d.Line(at))
		}
		different[cmp.Or(foldedWords(name), fmt.Sprint(i))] = true // a wrong one may be any
	}
	switch {
	case len(names) < 2:
		d.Add(n.At, "names wants at least two spellings of one name")
	case len(different) < 2 && len(first) > 1:
		d.Add(n.At, "these spellings are one to every rule: case, accents and letters that look "+
			"alike make no other one")
	}
}

// foldedWords is a spelling as rules compare it.
func foldedWords(text string) string {
	var b strings.Builder
	for _, w := range rules.Words(text) {
		b.WriteString(w.Folded + " ")
	}
	return b.String()
}

// firsts says where a name stood first.
type firsts map[string]int

// before returns where the name of a node stood before. One that could not be read never did.
func (f firsts) before(name string, n *toml.Node) (at int, known bool) {
	if name == "" || n == nil {
		return 0, false
	}
	if at, known = f[name]; !known {
		f[name] = n.At
	}
	return at, known
}
