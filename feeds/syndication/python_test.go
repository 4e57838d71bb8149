package syndication

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The conformance cases state what they expect as Python expressions. Here are the forms that
// they use: literals, names, subscripts, attributes, calls, comparisons (chained ones too), + and
// the three words of logic. An expression is parsed into a node and evaluated over what was read.

// node is an expression: a literal, a name, or an operation on others.
type node struct {
	op   string // "literal", "name", "list", "dict", "index", "call", "not", "and", "or", "+", "cmp"
	text string // of a name; the operator of a cmp
	val  any    // of a literal
	of   []node
}

// outside is the value of whatever is not read into a [Document]: named by the field.
type outside string

var pythonToken = regexp.MustCompile(`^(?:([uUbBrR]{0,2})(` +
	`"""(?s:.*?)"""|'''(?s:.*?)'''|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|` +
	`(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|>=|<=|[-+<>()\[\]{},:.]))`)

type pythonLexeme struct {
	kind byte // 's'tring, 'n'umber, 'w'ord, 'o'perator, 0 at the end
	text string
}

// lexPython cuts an expression up; what follows it, such as the end of a comment, is an error.
func lexPython(s string) (list []pythonLexeme, err error) {
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		m := pythonToken.FindStringSubmatch(s)
		switch {
		case m == nil:
			return nil, fmt.Errorf("cannot read %.20q", s)
		case m[2] != "":
			quoted := m[2]
			if strings.HasPrefix(quoted, `"""`) || strings.HasPrefix(quoted, "'''") {
				quoted = quoted[2 : len(quoted)-2]
			}
			list = append(list, pythonLexeme{'s', unescapePython(quoted[1 : len(quoted)-1])})
		case m[3] != "":
			list = append(list, pythonLexeme{'n', m[3]})
		case m[4] != "":
			list = append(list, pythonLexeme{'w', m[4]})
		default:
			list = append(list, pythonLexeme{'o', m[5]})
		}
		s = s[len(m[0]):]
	}
	return append(list, pythonLexeme{}), nil
}

var pythonEscape = regexp.MustCompile(`\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(?s:.))`)

func unescapePython(s string) string {
	return pythonEscape.ReplaceAllStringFunc(s, func(e string) string {
		if len(e) > 2 {
			code, _ := strconv.ParseUint(e[2:], 16, 32)
			return string(rune(code))
		}
		if at := strings.IndexByte(`ntr0`, e[1]); at >= 0 {
			return "\n\t\r\x00"[at : at+1]
		}
		if strings.Contains(`\'"`, e[1:]) {
			return e[1:]
		}
		return e
	})
}

// pythonParser goes down through the levels of precedence; a panic with an error ends it.
type pythonParser struct {
	list []pythonLexeme
	at   int
}

func parsePython(s string) (n node, err error) {
	list, err := lexPython(s)
	if err != nil {
		return node{}, err
	}
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v in %q", e, s)
		}
	}()
	p := &pythonParser{list: list}
	n = p.either()
	if p.at != len(list)-1 {
		panic("more than one expression")
	}
	return n, nil
}

func (p *pythonParser) take(texts ...string) (string, bool) {
	l := p.list[p.at]
	for _, t := range texts {
		if (l.kind == 'w' || l.kind == 'o') && l.text == t {
			p.at++
			return t, true
		}
	}
	return "", false
}

func (p *pythonParser) must(text string) {
	if _, ok := p.take(text); !ok {
		panic(fmt.Sprintf("no %q at %q", text, p.list[p.at].text))
	}
}

func (p *pythonParser) either() node { return p.joined("or", p.both) }

func (p *pythonParser) both() node { return p.joined("and", p.negated) }

func (p *pythonParser) joined(word string, part func() node) node {
	n := part()
	for {
		if _, ok := p.take(word); !ok {
			return n
		}
		n = node{op: word, of: []node{n, part()}}
	}
}

func (p *pythonParser) negated() node {
	if _, ok := p.take("not"); ok {
		return node{op: "not", of: []node{p.negated()}}
	}
	return p.compared()
}

// compared reads a == b == c as a == b and b == c.
func (p *pythonParser) compared() node {
	left := p.sum()
	var all []node
	for {
		op, ok := p.take("==", "!=", ">=", "<=", ">", "<", "is", "in", "not")
		if !ok {
			break
		}
		if _, negated := p.take("not", "in"); negated {
			op = "not " + op // "is not" and "not in"
		}
		right := p.sum()
		all = append(all, node{op: "cmp", text: op, of: []node{left, right}})
		left = right
	}
	if len(all) == 0 {
		return left
	}
	n := all[0]
	for _, next := range all[1:] {
		n = node{op: "and", of: []node{n, next}}
	}
	return n
}

func (p *pythonParser) sum() node { return p.joined("+", p.postfixed) }

func (p *pythonParser) postfixed() node {
	n := p.atom()
	for {
		switch op, _ := p.take("[", ".", "("); op {
		case "[":
			n = node{op: "index", of: []node{n, p.either()}}
			p.must("]")
		case ".":
			n = node{op: "index", of: []node{n, {op: "literal", val: p.list[p.at].text}}}
			p.at++
		case "(":
			n = node{op: "call", of: append([]node{n}, p.items(")")...)}
		default:
			return n
		}
	}
}

// items reads a list up to its end; the pairs of a dict come out one after the other.
func (p *pythonParser) items(end string) (list []node) {
	for {
		if _, ok := p.take(end); ok {
			return list
		}
		list = append(list, p.either())
		p.take(",", ":")
	}
}

func (p *pythonParser) atom() node {
	l := p.list[p.at]
	p.at++
	switch {
	case l.kind == 's':
		for p.list[p.at].kind == 's' { // literals side by side are one
			l.text += p.list[p.at].text
			p.at++
		}
		return node{op: "literal", val: l.text}
	case l.kind == 'n':
		f, _ := strconv.ParseFloat(l.text, 64)
		return node{op: "literal", val: f}
	case l.kind == 'w':
		return word(l.text)
	case l.text == "[":
		return node{op: "list", of: p.items("]")}
	case l.text == "{":
		return node{op: "dict", of: p.items("}")}
	case l.text == "(":
		list := p.items(")")
		if len(list) == 1 {
			return list[0]
		}
		return node{op: "list", of: list}
	}
	panic(fmt.Sprintf("%q is out of place", l.text))
}

func word(text string) node {
	switch text {
	case "None":
		return node{op: "literal"}
	case "True", "False":
		return node{op: "literal", val: text == "True"}
	}
	return node{op: "name", text: text}
}

// eval computes an expression. An operand of "and" about something outside counts for nothing
// beside one that is ours.
func (n node) eval(names map[string]any) any {
	switch n.op {
	case "literal":
		return n.val
	case "name":
		if v, ok := names[n.text]; ok {
			return v
		}
		return outside(n.text)
	case "list":
		list := make([]any, 0, len(n.of))
		for _, e := range n.of {
			list = append(list, e.eval(names))
		}
		return list
	case "index":
		return index(n.of[0].eval(names), n.of[1].eval(names))
	case "call":
		return n.call(names)
	case "not":
		v := n.of[0].eval(names)
		if _, out := v.(outside); out {
			return v
		}
		return !truth(v)
	case "and", "or", "+", "cmp":
		return n.binary(n.of[0].eval(names), n.of[1].eval(names))
	}
	return outside(n.op)
}

func (n node) binary(a, b any) any {
	aOut, aIs := a.(outside)
	bOut, bIs := b.(outside)
	switch {
	case n.op == "and" && aIs:
		return b
	case n.op == "and" && bIs:
		return a
	case n.op == "or" && (!aIs && truth(a) || !bIs && truth(b)):
		return true
	case aIs:
		return aOut
	case bIs:
		return bOut
	case n.op == "and":
		return truth(a) && truth(b)
	case n.op == "or":
		return false
	case n.op == "+":
		return fmt.Sprint(a, b)
	}
	return compare(n.text, a, b)
}

// index is a[b]; of what is outside, the name of the field as it is written.
func index(a, b any) any {
	switch v := a.(type) {
	case outside:
		return outside(fmt.Sprintf("%s.%v", v, b))
	case map[string]any:
		if found, ok := v[fmt.Sprint(b)]; ok {
			return found
		}
		return outside(fmt.Sprint(b))
	case sequence:
		if i, ok := b.(float64); ok && int(i) < len(v.have) && int(i) >= 0 {
			return v.have[int(i)]
		}
		return v.missing
	}
	return outside(fmt.Sprint(b))
}

// sequence is a list of what was read, and what stands for an element that is not there: it has
// the same fields, and they equal nothing.
type sequence struct {
	have    []any
	missing any
}

// call knows len, ord and the methods of a dict.
func (n node) call(names map[string]any) any {
	if len(n.of) < 2 {
		return outside(n.of[0].text + "()")
	}
	v := n.of[1].eval(names)
	if _, out := v.(outside); out {
		return v
	}
	switch f := n.of[0]; {
	case f.op == "name" && f.text == "len":
		if list, ok := v.(sequence); ok {
			return float64(len(list.have))
		}
		return float64(utf8.RuneCountInString(written(v)))
	case f.op == "name" && f.text == "ord":
		r, _ := utf8.DecodeRuneInString(written(v))
		return float64(r)
	case f.op == "index" && f.of[1].val == "has_key":
		found := index(f.of[0].eval(names), v)
		if _, out := found.(outside); out {
			return found
		}
		return truth(found)
	case f.op == "index" && f.of[1].val == "get":
		return index(f.of[0].eval(names), v)
	}
	return outside("call")
}

// written is a value as text.
func written(v any) string {
	if f, ok := v.(field); ok {
		return f.value
	}
	return fmt.Sprint(v)
}

func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	case field:
		return v.value != ""
	}
	return true
}

// field is something that was read; it equals what becomes it under its own rules.
type field struct {
	value string
	form  func(any) string
}

// compare asks the field that stands on one side whether it is the other.
func compare(op string, a, b any) any {
	if f, ok := b.(field); ok {
		a, b = f, a
	}
	equal := fmt.Sprintf("%T%v", a, b) == fmt.Sprintf("%T%v", b, a)
	if f, ok := a.(field); ok {
		if g, ok := b.(field); ok {
			equal = f.value == g.value
		} else {
			equal = f.value == f.form(b)
		}
	}
	switch op {
	case "==", "is":
		return equal
	case "!=", "not is":
		return !equal
	}
	return outside(op)
}
