package mend

import (
	"html"
	"regexp"
	"strings"
)

// Bounds of the entities that a document may bring: enough for the abbreviations that feeds
// define, too little for anything to grow.
const (
	maxEntities = 256
	maxEntity   = 256      // bytes of one
	maxExpanded = 64 << 10 // bytes of all that they become
)

var (
	entityDecl = regexp.MustCompile(`<!ENTITY\s+([\w.:-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>`)
	htmlNames  = regexp.MustCompile(`<!ENTITY\s+%\s+[\w.-]+\s+PUBLIC\s+"-//W3C//[^"]*"\s+"[^"]*"\s*>`)
)

// entities reads the entities that a DTD defines. It refuses all but short plain texts: whatever
// refers to another entity, to a file or to an address. The names of HTML's own entity sets are
// passed over; nothing is fetched for them, and we know what they hold.
func entities(dtd []byte) (map[string]string, error) {
	text := string(dtd)
	if !strings.Contains(text, "<!ENTITY") {
		return nil, nil
	}
	text = htmlNames.ReplaceAllString(text, "")
	found := make(map[string]string)
	for _, m := range entityDecl.FindAllStringSubmatch(text, maxEntities+1) {
		value := html.UnescapeString(m[2] + m[3])
		if len(value) > maxEntity || strings.ContainsAny(value, "<&%") {
			return nil, ErrEntities
		}
		found[m[1]] = value
	}
	if strings.Count(text, "<!ENTITY") != len(entityDecl.FindAllStringIndex(text, maxEntities)) {
		return nil, ErrEntities
	}
	return found, nil
}

// longest is how long a reference may be.
const longest = 48

// reference finds the name or number of an entity.
var reference = regexp.MustCompile(`^&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9.:_-]{0,39});`)

// text writes character data so that it is right: entities are decoded by the document's own
// table or HTML's, other ampersands are ampersands.
func (m *mender) text(s string) {
	for {
		at := strings.IndexByte(s, '&')
		if at < 0 {
			m.out.WriteString(escaper.Replace(s))
			return
		}
		m.out.WriteString(escaper.Replace(s[:at]))
		name := reference.FindString(s[at:min(len(s), at+longest)])
		if name == "" {
			m.out.WriteString("&amp;")
			s = s[at+1:]
			continue
		}
		m.out.WriteString(escaper.Replace(m.meaning(name)))
		s = s[at+len(name):]
	}
}

// meaning is what a reference stands for, as often as that is allowed.
func (m *mender) meaning(reference string) string {
	value, own := m.own[strings.Trim(reference, "&;")]
	if !own {
		return html.UnescapeString(reference)
	}
	if m.expanded += len(value); m.expanded > maxExpanded {
		return ""
	}
	return value
}

// escaper writes what would be markup as text, in elements and in attributes.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;",
	"\ufffe", "", "\uffff", "")

// nonCharacters takes out what XML forbids anywhere.
var nonCharacters = strings.NewReplacer("\ufffe", "", "\uffff", "")
