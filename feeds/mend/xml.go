package mend

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
)

// maxOpen is how deep a document may be that is mended. Broken ones are flat.
const maxOpen = 256

// mender writes a document anew. It reads tags as a browser would: what is left open is closed
// where its surroundings end, what was never opened is passed over.
type mender struct {
	in       string
	at       int // what is read so far
	out      bytes.Buffer
	open     []element
	counts   map[string]int    // how many elements of a name, in lower case, are open
	own      map[string]string // entities of the document
	expanded int               // bytes that those became
	foreign  string            // the namespace that stands for Atom's
	wrapped  bool              // the root is ours
	defined  bool              // a DTD has been read
	ending   bool              // the document stops in the end tag of its root
	told     bool              // a channel has ended
	dry      map[string]bool   // ends that do not occur any more
}

// element is an open element, by its name as written, and where it begins in what was written.
type element struct {
	name  string
	begin int
}

// Mended is a document that was written anew.
type Mended struct {
	Text []byte // nil when there is no feed in the document
	Cut  bool   // the document ends before its root does
	Lost bool   // and not everything that could hold entries had ended
}

// XML writes a broken document anew, well formed, from its root element on: bare ampersands and
// angle brackets escaped, entities decoded, attributes quoted, elements closed, junk around and
// between left out. What is well formed and only odd comes out in the usual form. The entry in
// which a document is cut is left out.
func XML(text []byte) (Mended, error) {
	in := nonCharacters.Replace(string(text))
	m := &mender{in: in, counts: make(map[string]int), dry: make(map[string]bool)}
	for m.at < len(m.in) && !m.done() {
		if err := m.step(); err != nil {
			return Mended{}, err
		}
	}
	if m.expanded > maxExpanded {
		return Mended{}, ErrEntities
	}
	if m.wrapped && len(m.open) == 1 {
		m.close(0)
	}
	cut := len(m.open) > 0
	lost := cut && !m.ending && !(m.told && len(m.open) == 1 && local(m.open[0].name) == "rss")
	if cut {
		m.dropEntry()
		m.close(0)
	}
	return Mended{Text: m.out.Bytes(), Cut: cut, Lost: lost}, nil
}

// done reports whether the root has been opened and closed.
func (m *mender) done() bool { return m.out.Len() > 0 && len(m.open) == 0 }

// step reads up to the next piece of markup and that.
func (m *mender) step() error {
	next := strings.IndexByte(m.in[m.at:], '<')
	if next < 0 {
		next = len(m.in) - m.at
	}
	if len(m.open) > 0 {
		m.text(m.in[m.at : m.at+next])
	}
	m.at += next
	rest := m.in[m.at:]
	switch {
	case rest == "":
	case strings.HasPrefix(rest, "<!--"):
		m.pass("<!--", "-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		m.cdata()
	case strings.HasPrefix(rest, "<?"):
		m.pass("<?", "?>")
	case strings.HasPrefix(rest, "<!"):
		return m.directive()
	case strings.HasPrefix(rest, "</"):
		m.end()
	case len(rest) > 1 && nameByte(rest[1], true):
		return m.start()
	default:
		if len(m.open) > 0 {
			m.out.WriteString("&lt;")
		}
		m.at++
	}
	return nil
}

// find looks for an end from here on. What was once not found is not looked for again, so that
// all searches together read the text once.
func (m *mender) find(end string) int {
	if m.dry[end] {
		return -1
	}
	at := strings.Index(m.in[m.at:], end)
	m.dry[end] = at < 0
	return at
}

// pass leaves out what stands between a start and its end; a start without one is left out alone.
func (m *mender) pass(start, end string) {
	if at := m.find(end); at >= 0 {
		m.at += at + len(end)
		return
	}
	m.at += len(start)
}

// cdata copies a CDATA section. One that never ends ends with its element.
func (m *mender) cdata() {
	const start, end = "<![CDATA[", "]]>"
	m.at += len(start)
	length, skip := m.find(end), len(end)
	if length < 0 && len(m.open) > 0 {
		length, skip = strings.Index(m.in[m.at:], "</"+m.open[len(m.open)-1].name), 0
	}
	if length < 0 {
		m.at = len(m.in)
		return
	}
	if len(m.open) > 0 {
		m.out.WriteString(start + m.in[m.at:m.at+length] + end)
	}
	m.at += length + skip
}

// directive leaves out a DTD and keeps its entities. Only the first before the root is one.
func (m *mender) directive() error {
	if m.defined || len(m.open) > 0 {
		m.pass("<!", ">")
		return nil
	}
	m.defined = true
	dtd := m.in[m.at:]
	end := strings.IndexByte(dtd, '>')
	if inner := strings.IndexByte(dtd, '['); inner >= 0 && inner < end {
		if last := subsetEnd.FindStringIndex(dtd); last != nil {
			end = last[1] - 1
		}
	}
	if end < 0 {
		m.at += len("<!")
		return nil
	}
	m.at += end + 1
	own, err := entities([]byte(dtd[:end]))
	m.own = own
	return err
}

// subsetEnd is where the definitions in a DTD end.
var subsetEnd = regexp.MustCompile(`\]\s*>`)

// start reads a start tag.
func (m *mender) start() error {
	t := readTag(m.in[m.at:])
	if t.length == 0 { // the document ends inside it
		m.at = len(m.in)
		return nil
	}
	m.at += t.length
	if len(m.open) == 0 && !m.root(&t) {
		return nil
	}
	if isEntry(t.name) && m.counts[strings.ToLower(t.name)] > 0 { // the last one was never closed
		m.close(m.last(t.name))
	}
	if len(m.open) >= maxOpen {
		return ErrNested
	}
	m.push(t)
	switch {
	case t.empty:
		m.close(len(m.open) - 1)
	case slices.Contains(bodies, strings.ToLower(t.name)):
		m.body(t.name)
	case t.base64():
		m.decode()
	}
	return nil
}

// root prepares for the root element; a tag before it is passed over.
func (m *mender) root(t *tag) bool {
	switch local(t.name) {
	case "rss", "rdf":
	case "feed":
		m.foreign = foreign(t.element())
	case "channel":
		m.wrapped = true
		m.push(tag{name: "rss"})
	default:
		return false
	}
	return true
}

// push writes a start tag and remembers it.
func (m *mender) push(t tag) {
	m.open = append(m.open, element{t.name, m.out.Len()})
	m.counts[strings.ToLower(t.name)]++
	m.out.WriteString("<" + t.name)
	written := make(map[string]bool, len(t.attrs))
	for _, a := range t.attrs {
		name, value := a[0], a[1]
		if written[name] {
			continue
		}
		written[name] = true
		if m.foreign != "" && value == m.foreign && strings.HasPrefix(name, "xmlns") {
			value = atom
		}
		if name == "mode" && value == "base64" {
			value = "escaped"
		}
		m.out.WriteString(" " + name + `="`)
		m.text(value)
		m.out.WriteString(`"`)
	}
	m.out.WriteString(">")
}

// close closes the open elements from the i-th on.
func (m *mender) close(i int) {
	for len(m.open) > i {
		name := m.open[len(m.open)-1].name
		m.open = m.open[:len(m.open)-1]
		m.told = m.told || local(name) == "channel"
		m.counts[strings.ToLower(name)]--
		m.out.WriteString("</" + name + ">")
	}
}

// end reads an end tag. It closes the element of its name and all that were left open in it; one
// that does not hold an entry closes nothing outside the entry.
func (m *mender) end() {
	m.at += len("</")
	name := readName(m.in[m.at:])
	m.at += len(name)
	skip := strings.IndexAny(m.in[m.at:], "<>")
	if skip < 0 {
		m.at = len(m.in)
		m.unfinished(name)
		return
	}
	m.at += skip
	if m.in[m.at] == '>' {
		m.at++
	}
	if i := m.last(name); i >= 0 {
		m.close(i)
	}
}

// unfinished takes in an end tag in which the document stops. It closes what it can name, except
// the root, so that the document still counts as cut.
func (m *mender) unfinished(name string) {
	i := m.last(name)
	m.ending = i == 0
	if i >= 0 {
		m.close(max(i, 1))
	}
}

// last finds the innermost open element of a name, -1 if there is none that may be closed.
func (m *mender) last(name string) int {
	if m.counts[strings.ToLower(name)] == 0 {
		return -1
	}
	holds := isEntry(name) || slices.Contains(holders, local(name))
	for i := len(m.open) - 1; i >= 0; i-- {
		if strings.EqualFold(m.open[i].name, name) {
			return i
		}
		if !holds && isEntry(m.open[i].name) {
			break
		}
	}
	return -1
}

// dropEntry takes back the entry in which the document ends.
func (m *mender) dropEntry() {
	for i, e := range m.open {
		if isEntry(e.name) {
			m.out.Truncate(e.begin)
			m.open = m.open[:i]
			return
		}
	}
}

// body writes an HTML body as escaped text of an element without namespace: as markup its words
// would be torn from their order.
func (m *mender) body(name string) {
	e := m.open[len(m.open)-1]
	end := m.find("</" + name)
	if end < 0 || !slices.ContainsFunc(m.open, func(e element) bool { return isEntry(e.name) }) {
		return
	}
	inner := strings.NewReplacer("<![CDATA[", "", "]]>", "").Replace(m.in[m.at : m.at+end])
	m.out.Truncate(e.begin)
	m.out.WriteString("<body>" + escaper.Replace(inner) + "</body>")
	m.counts[strings.ToLower(name)]--
	m.open = m.open[:len(m.open)-1]
	m.at += end
	m.pass("</", ">")
}

// bodies are the names that an HTML body in an entry goes by.
var bodies = []string{"body", "xhtml:body", "html:body"}

// decode writes out a text that is in base64.
func (m *mender) decode() {
	end := strings.IndexByte(m.in[m.at:], '<')
	if end < 0 {
		return
	}
	packed := strings.Join(strings.Fields(m.in[m.at:m.at+end]), "")
	if text, err := base64.StdEncoding.DecodeString(packed); err == nil {
		m.out.WriteString(escaper.Replace(strings.ToValidUTF8(string(text), "\ufffd")))
		m.at += end
	}
}

// holders are the elements that entries stand in.
var holders = []string{"channel", "rss", "rdf", "feed"}

// isEntry reports whether an element is an entry of a feed.
func isEntry(name string) bool { return local(name) == "item" || local(name) == "entry" }

// local is a name without its prefix, in lower case.
func local(name string) string {
	return strings.ToLower(name[strings.IndexByte(name, ':')+1:])
}
