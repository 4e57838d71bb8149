package toml

import (
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Key is a line of a schema: what stands under a name, and where its value goes.
type Key struct {
	Name string
	must bool
	read Reader
}

// Reader puts a value where it belongs; the path is that of its key, "slack.mode". What is wrong
// with it is reported, and the default stays.
type Reader func(d *Document, path string, n *Node)

// Must is a key that every such table has.
func Must(name string, read Reader) Key { return Key{name, true, read} }

// May is a key with a default.
func May(name string, read Reader) Key { return Key{name, false, read} }

// table reads the keys of one table; where is how people know it.
func (d *Document) table(n *Node, path, where string, keys []Key) {
	for _, k := range keys {
		switch m := n.Find(k.Name); {
		case m != nil:
			k.read(d, strings.TrimPrefix(path+"."+k.Name, "."), m)
		case k.must && !n.Torn:
			d.Add(n.At, "%s has no %s", where, k.Name)
		}
	}
	for _, m := range n.Members {
		if !slices.ContainsFunc(keys, func(k Key) bool { return k.Name == m.Name }) {
			d.unknown(m, where, keys)
		}
	}
}

func (d *Document) unknown(m Member, where string, keys []Key) {
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	d.Add(m.KeyAt, "unknown %s %q in %s: %s", m.thing(), m.Name, where, Suggest(m.Name, names))
}

// thing is "table" for what has keys of its own, else "key".
func (n *Node) thing() string {
	list := n.Kind == List && len(n.Items) > 0 && n.Items[0].Kind == Table
	if list || n.Kind == Table {
		return "table"
	}
	return "key"
}

// Wrong reports a value of the wrong type.
func (d *Document) Wrong(path string, n *Node, wants string) {
	d.Add(n.At, "%s wants %s, got %s", leaf(path), wants, typeName(n.Kind))
}

// leaf is the last part of a path.
func leaf(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func typeName(k Kind) string {
	switch k {
	case String:
		return "a string"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a decimal number"
	case unstable.Bool:
		return "a boolean"
	case List:
		return "a list"
	case Table:
		return "a table"
	}
	return "a date or time"
}

// Section is a table with the given keys.
func Section(keys []Key) Reader {
	return func(d *Document, path string, n *Node) {
		if n.Kind != Table {
			d.Wrong(path, n, "one table, ["+path+"]")
			return
		}
		d.table(n, path, "["+path+"]", keys)
	}
}

// Sections is a list of tables. Each begins as blank; keys tells where its values go.
func Sections[T any](into *[]T, blank T, keys func(*T) []Key) Reader {
	return func(d *Document, path string, n *Node) {
		where := "[[" + path + "]]"
		if n.Kind != List {
			d.Wrong(path, n, "a list of tables, "+where)
			return
		}
		for _, item := range n.Items {
			t := blank
			if item.Kind == Table {
				d.table(item, path, where, keys(&t))
			} else {
				d.Wrong(path, item, "a list of tables, "+where)
			}
			*into = append(*into, t)
		}
	}
}
