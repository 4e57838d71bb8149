package toml

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Kind is the type of a value.
type Kind = unstable.Kind

// The kinds that people write configs with; numbers, booleans and times keep their own.
const (
	String = unstable.String
	Table  = unstable.Table // inline ones too
	List   = unstable.Array // [[tables]] too
)

// Node is a value of a document and where it stands.
type Node struct {
	Kind    Kind
	At      int      // offset of its first byte; of a table, of the name in its header
	Raw     string   // of a string: as written, with its quotes
	Text    string   // of a string: without quotes, ${…} as written; of a number: as written
	Items   []*Node  // of a list
	Members []Member // of a table, in order
	Torn    bool     // a part of this table could not be read

	closed bool // no further header may add to it
}

// Member is a key of a table and its value.
type Member struct {
	Name  string
	KeyAt int
	*Node
}

// Find returns the member of that name, nil if there is none.
func (n *Node) Find(name string) *Node {
	for _, m := range n.Members {
		if m.Name == name {
			return m.Node
		}
	}
	return nil
}

// Tables returns the tables of a list of that name.
func (n *Node) Tables(name string) []*Node {
	if list := n.Find(name); list != nil {
		return list.Items
	}
	return nil
}

// top is what keys before the first header stand in, for people.
const top = "the document"

// planter builds the tree of a document, going on behind whatever cannot be read.
type planter struct {
	*Report
	parser unstable.Parser
	base   int    // offset of what the parser was given
	root   *Node  // the document
	table  *Node  // where keys go now
	where  string // what that table is called, for people
}

// plant reads the document. Syntax errors and keys that stand twice are reported; the tables that
// they are part of are marked torn.
func plant(r *Report) *Node {
	root := &Node{Kind: Table}
	p := &planter{Report: r, root: root, table: root, where: top}
	for at := skipBlank(r.text, 0); at < len(r.text); at = skipBlank(r.text, at) {
		p.base = at
		p.parser.Reset(r.text[at:])
		if p.parser.NextExpression() {
			at = nextLine(r.text, p.expression(p.parser.Expression()))
			continue
		}
		p.broken(at)
		at = resume(r.text, at)
	}
	return root
}

// expression adds a header or a key to the tree and returns the offset of its end.
func (p *planter) expression(e *unstable.Node) (end int) {
	if e.Kind == unstable.KeyValue {
		p.keyValue(p.table, p.where, e)
		return p.base + int(e.Raw.Offset+e.Raw.Length)
	}
	path := p.path(e.Key())
	p.enter(path, e.Kind == unstable.ArrayTable)
	return path[len(path)-1].end
}

// broken reports what the parser could not read in the expression that begins at an offset.
func (p *planter) broken(at int) {
	place := at
	message := "cannot be read as TOML"
	var e *unstable.ParserError
	if errors.As(p.parser.Error(), &e) {
		place = p.base + int(p.parser.Range(e.Highlight).Offset)
		message = plain(e.Message)
	}
	if first := p.Line(at); p.Line(place) != first {
		p.Add(place, "%s (in what begins on line %d)", message, first)
	} else {
		p.Add(place, "%s", message)
	}
	if p.text[at] != '[' {
		p.table.Torn = true
		return
	}
	p.root.Torn = true
	p.table = &Node{Kind: Table} // nobody knows whose keys follow
}

// plain puts the parser's commonest sentences into words for people.
func plain(message string) string {
	switch {
	case strings.Contains(message, "strings cannot have new lines"):
		return "this string is not closed: end it with the quote it began with"
	case strings.HasPrefix(message, "expected newline"):
		return "the line goes on where it must end: one key a line"
	}
	return message
}

// step is one part of a dotted key.
type step struct {
	name    string
	at, end int
}

func (p *planter) path(keys unstable.Iterator) []step {
	var path []step
	for keys.Next() {
		k := keys.Node()
		at := p.base + int(k.Raw.Offset)
		path = append(path, step{string(k.Data), at, at + int(k.Raw.Length)})
	}
	return path
}

// enter makes the table that a header names the one where keys go.
func (p *planter) enter(path []step, list bool) {
	last := path[len(path)-1]
	parent := p.descend(p.root, path[:len(path)-1])
	name := header(path, list)
	p.table, p.where = &Node{Kind: Table, At: last.at, closed: true}, name
	switch known := parent.Find(last.name); {
	case known == nil && list:
		array := &Node{Kind: List, At: last.at, Items: []*Node{p.table}}
		parent.Members = append(parent.Members, Member{last.name, last.at, array})
	case known == nil:
		parent.Members = append(parent.Members, Member{last.name, last.at, p.table})
	case list && known.Kind == List && !known.closed:
		known.Items = append(known.Items, p.table)
	case !list && known.Kind == Table && !known.closed:
		known.closed, p.table = true, known
	default:
		p.Add(last.at, "%s is there already, on line %d", name, p.Line(known.At))
		if known.Kind == Table {
			p.table = known
		}
	}
}

// descend follows a path from a table, making tables on the way; through a list of tables it goes
// by the last one. Where the path is barred, it reports so and leads to a table that nobody reads.
func (p *planter) descend(n *Node, path []step) *Node {
	for _, s := range path {
		next := n.Find(s.name)
		if next == nil {
			next = &Node{Kind: Table, At: s.at}
			n.Members = append(n.Members, Member{s.name, s.at, next})
		}
		if next.Kind == List && len(next.Items) > 0 {
			next = next.Items[len(next.Items)-1]
		}
		if next.Kind != Table {
			p.Add(s.at, "%q is no table: it has a value, on line %d", s.name, p.Line(next.At))
			return &Node{Kind: Table}
		}
		n = next
	}
	return n
}

// keyValue adds a key to a table; where says which table, for people.
func (p *planter) keyValue(table *Node, where string, e *unstable.Node) {
	path := p.path(e.Key())
	last := path[len(path)-1]
	table = p.descend(table, path[:len(path)-1])
	value := p.value(e.Value(), p.valueStart(last.end))
	if known := table.Find(last.name); known != nil {
		p.Add(last.at, "%q is in %s already, on line %d", last.name, where, p.Line(known.At))
		return
	}
	table.Members = append(table.Members, Member{last.name, last.at, value})
}

// valueStart returns the offset of the value whose key ends at an offset: the parser does not say
// where arrays begin.
func (p *planter) valueStart(keyEnd int) int {
	at := keyEnd + bytes.IndexByte(p.text[keyEnd:], '=') + 1
	return at + len(p.text[at:]) - len(bytes.TrimLeft(p.text[at:], " \t"))
}

func (p *planter) value(v *unstable.Node, at int) *Node {
	n := &Node{Kind: v.Kind, At: at, Text: string(v.Data), closed: true}
	if v.Raw.Length > 0 {
		n.At = p.base + int(v.Raw.Offset)
		n.Raw = string(p.parser.Raw(v.Raw))
	}
	switch children := v.Children(); v.Kind {
	case List:
		for children.Next() {
			n.Items = append(n.Items, p.value(children.Node(), at))
		}
	case unstable.InlineTable:
		n.Kind = Table
		for children.Next() {
			p.keyValue(n, "this table", children.Node())
		}
	}
	return n
}

// header writes a path as the header that it came from, on one line whatever its names hold.
func header(path []step, list bool) string {
	names := make([]string, len(path))
	for i, s := range path {
		names[i] = strings.Trim(strconv.Quote(s.name), `"`)
	}
	if list {
		return "[[" + strings.Join(names, ".") + "]]"
	}
	return "[" + strings.Join(names, ".") + "]"
}

func nextLine(text []byte, at int) int {
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(text)
}

// skipBlank returns the offset of the next thing that is neither white space nor a comment.
func skipBlank(text []byte, at int) int {
	for at < len(text) {
		switch text[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = nextLine(text, at)
		default:
			return at
		}
	}
	return at
}

// keyOrHeader is how a line looks at which reading can begin again: lines of a torn list or string
// seldom look so.
var keyOrHeader = regexp.MustCompile(
	`(?m)^[ \t]*(\[\[?[ \t]*[\w.-]+[ \t]*\]|[\w-]+([ \t]*\.[ \t]*[\w-]+)*[ \t]*=)`)

// resume returns where to read on behind a broken expression that begins at an offset.
func resume(text []byte, at int) int {
	at = nextLine(text, at)
	if next := keyOrHeader.FindIndex(text[at:]); next != nil {
		return at + next[0]
	}
	return len(text)
}
