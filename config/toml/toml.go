// Package toml reads TOML by a schema and finds every mistake at once, each with its place.
//
// [Parse] makes a tree of a text and goes on behind whatever it cannot read. A schema is a list of
// [Key]: what a key is called, and a [Reader] that checks its value and puts it where it belongs.
// What is wrong is noted in the [Document], which tells it as [Mistakes]; the value keeps its
// default. Keys that stand in no schema are mistakes too.
//
// In strings, ${NAME} stands for an environment variable (empty when unset) and ${file:PATH} for
// what a file holds; $${ is a plain ${. Messages quote the text as written, never what a reference
// stands for.
package toml

import (
	"bytes"
	"path/filepath"
)

// Document is a text taken apart. It belongs to one goroutine.
type Document struct {
	*Report
	Root *Node
	fill filler
}

// Parse reads a text. The name of its file goes into the mistakes, and relative paths of
// ${file:PATH} begin in its folder.
func Parse(name string, text []byte, env func(string) string) *Document {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // some editors begin a file with it
	r := &Report{file: name, text: text}
	return &Document{r, plant(r), filler{env, filepath.Dir(name)}}
}

// Read takes the document apart by a schema, in the order of the schema.
func (d *Document) Read(keys []Key) { d.table(d.Root, "", top, keys) }

// Fill returns a string with its references replaced. Its errors quote nothing but paths.
func (d *Document) Fill(written string) (string, error) { return d.fill.all(written) }
