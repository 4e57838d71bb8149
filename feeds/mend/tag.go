package mend

import (
	"encoding/xml"
	"strings"
)

// tag is a start tag as written.
type tag struct {
	name   string
	attrs  [][2]string
	empty  bool // <a/>
	length int  // of all of it; 0 when the document ends inside it
}

// readTag reads a start tag, leniently: values without quotes, names without values. A tag that
// is not closed before the next one begins ends there.
func readTag(s string) tag {
	t := tag{name: readName(s[1:])}
	i := 1 + len(t.name)
	for i < len(s) {
		switch c := s[i]; {
		case c == '>':
			t.length = i + 1
			return t
		case c == '<':
			t.length = i
			return t
		case c == '/':
			t.empty = strings.HasPrefix(s[i:], "/>")
			i++
		case nameByte(c, true):
			var a [2]string
			a, i = readAttr(s, i)
			t.attrs = append(t.attrs, a)
		default:
			i++
		}
	}
	return t
}

// readAttr reads an attribute that begins at i, and returns where it ends. A quoted value that
// runs into the next tag was never closed: it ends at the first bracket.
func readAttr(s string, i int) (a [2]string, end int) {
	a[0] = readName(s[i:])
	i += len(a[0])
	v := i + spaces(s[i:])
	if v >= len(s) || s[v] != '=' {
		a[1] = a[0]
		return a, i
	}
	v++
	v += spaces(s[v:])
	if v < len(s) && (s[v] == '"' || s[v] == '\'') {
		if n := strings.IndexAny(s[v+1:], string(s[v])+"<"); n >= 0 && s[v+1+n] == s[v] {
			a[1] = s[v+1 : v+1+n]
			return a, v + n + 2
		}
		v++
	}
	n := strings.IndexAny(s[v:], " \t\r\n<>")
	if n < 0 {
		n = len(s) - v
	}
	a[1] = s[v : v+n]
	return a, v + n
}

func spaces(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\r\n")) }

// readName reads the name that a text begins with. A colon stays only where it parts a prefix
// from a name.
func readName(s string) string {
	n := 0
	for n < len(s) && nameByte(s[n], n == 0) {
		n++
	}
	name := s[:n]
	if prefix, rest, ok := strings.Cut(name, ":"); ok {
		if cut := strings.IndexByte(rest, ':'); cut >= 0 {
			name = prefix + ":" + rest[:cut]
		}
		name = strings.TrimSuffix(name, ":")
	}
	return name
}

// nameByte reports whether a byte may stand in a name, or begin one. The names that feeds use are
// ASCII.
func nameByte(c byte, first bool) bool {
	switch {
	case c|0x20 >= 'a' && c|0x20 <= 'z', c == '_':
		return true
	case first:
		return false
	}
	return c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':'
}

// base64 reports whether the text of an element is packed.
func (t tag) base64() bool {
	for _, a := range t.attrs {
		if a == [2]string{"mode", "base64"} {
			return true
		}
	}
	return false
}

// element is the tag as encoding/xml has it.
func (t tag) element() (e xml.StartElement) {
	e.Name = split(t.name)
	for _, a := range t.attrs {
		e.Attr = append(e.Attr, xml.Attr{Name: split(a[0]), Value: a[1]})
	}
	return e
}

func split(name string) xml.Name {
	if space, rest, ok := strings.Cut(name, ":"); ok {
		return xml.Name{Space: space, Local: rest}
	}
	return xml.Name{Local: name}
}
