// Package rules decides which documents matter and says why: it parses the rule language,
// compiles watches into a [Set], and matches documents against it.
//
// Parsing and matching are pure. A [Set] never changes, so any number of goroutines may match
// with one while another is being made from it.
//
// # The language
//
//	Shamkhani               the word, in any case
//	Oman talks              both words within one passage (30 words), in any order
//	"Strait of Hormuz"      the phrase; “…” and «…» are quotes too
//	Iran AND enrichment     both, anywhere in the document
//	Oman OR Muscat          either
//	-football, NOT football the document does not hold it
//	title:Oman              the next word, phrase or (group) in one field: title, source, category
//	lang:fa                 the document's language
//	missil*                 words that begin so
//	=talks                  this form only
//	US, IAEA, U.S.          two to six capitals match capitals only, never "us"
//
// NOT binds tightest, then words side by side, then AND, then OR; (…) groups. Operators are in
// capitals: "and" is a word. What names no field is looked for in title and text, which are read
// as one: a passage may begin in the title and end in the text, a phrase may not.
//
// In a run of words side by side, words, phrases and groups of these joined by OR share the
// passage. Whatever else stands there (-x, a field, a group with AND or with a run of its own
// among alternatives) is a condition on the whole document.
//
// testdata holds the language as a tutorial, every line of it tested.
package rules

import "strings"

// Watch is a named rule that somebody wants to hear about.
type Watch struct {
	ID    string // unique: "name" from the config, "slack:T…/name", "discord:GUILD/name"
	Name  string
	Owner string // "config", or the workspace or guild it was made in
	Rule  string
}

// Document is what a rule looks at. Title and Text are plain text; Source holds the words by
// which `source:` may name the publisher: its name, the feed's name and the site's host,
// separated by spaces.
type Document struct {
	Title      string
	Text       string
	Source     string
	Lang       string // BCP 47, or empty
	Categories []string
}

// Field returns the text into which the hits of a field point, empty for an unknown field.
// The categories are joined by ", ".
func (d Document) Field(name string) string {
	switch name {
	case FieldTitle:
		return d.Title
	case FieldText:
		return d.Text
	case FieldSource:
		return d.Source
	case FieldCategory:
		return strings.Join(d.Categories, categoryGap)
	}
	return ""
}

// categoryGap stands between two categories in the text of their field.
const categoryGap = ", "

// The fields in which a hit can lie.
const (
	FieldTitle    = "title"
	FieldText     = "text"
	FieldSource   = "source"
	FieldCategory = "category"
)

// Hit is one place in a document that answers a word or phrase of the rule. Start and End are
// byte offsets into the UTF-8 of [Document.Field], half-open.
type Hit struct {
	Field      string
	Start, End int
	Word       string // the word or phrase that it answers, as written in the rule
}

// Match says that a watch matches, and where. Hits are ordered by field (title, text, source,
// category), then by place. There is at least one and at most 64, and they never overlap: of two
// that would, the one that begins first stays, then the longer.
//
// Every place that answers a positive part of the rule is a hit, those of a run only inside its
// passages. What stands under NOT gives none, and so does lang.
type Match struct {
	Watch string // the watch's ID
	Hits  []Hit
}
