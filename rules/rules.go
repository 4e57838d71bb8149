// Package rules decides which documents matter and says why: it compiles watches, each with a rule
// in the rule language, into a [Set], and matches documents against it.
//
// Parsing and matching are pure. A [Set] never changes, so any number of goroutines may match
// with one while another is being made from it.
//
// # The language
//
//	Shamkhani               the word, in any case, inflection or known spelling
//	Oman talks              both words within one passage (30 words), in any order
//	"Strait of Hormuz"      the phrase; “…” and «…» are quotes too
//	Oman NEAR/5 talks       within five words of each other: neighbours are within one
//	Iran AND enrichment     both, anywhere in the document
//	Oman OR Muscat          either
//	-football, NOT football the document does not hold it
//	title:Oman              the next word, phrase or (group) in one field: title, source, category
//	lang:fa                 the document's language
//	missil*                 words that begin so
//	=talks                  this form only
//	~Shamkhani              names that sound or are spelt alike, across scripts
//	US, IAEA, U.S.          two to six capitals match capitals only, never "us"
//	/mis+iles?/             a regular expression (RE2) over title and text as they are written
//
// NOT binds tightest, then NEAR, then words side by side, then AND, then OR; (…) groups. Operators
// are in capitals: "and" is a word. What names no field is looked for in title and text, which are
// read as one: a passage may begin in the title and end in the text, a phrase may not.
//
// In a run of words side by side, words, phrases and groups of these joined by OR share the
// passage. Whatever else stands there (-x, NEAR, a field, a regular expression, a group with AND or
// with a run of its own among alternatives) is a condition on the whole document.
//
// # Words
//
// Words are cut, folded and inflected as package words says, by the rules of the document's
// language: two words meet if they are forms of one word in it. A word or phrase that is a spelling
// of a name matches every other spelling of it that [Names] knows; of a run also words that follow
// one another. A spelling that means something else as well counts only in a run or NEAR, where
// another word of the rule stands beside it. After = neither holds. Of sources the very words are
// compared.
//
// testdata holds the language as a tutorial, every line of it tested.
package rules

import (
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules/index"
	"github.com/tensionwatch/tensionwatch/rules/page"
	"github.com/tensionwatch/tensionwatch/rules/query"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// Rule is a parsed rule. It never changes.
type Rule = query.Rule

// SyntaxError is a mistake in a rule: where it is, what is wrong and what to write instead.
type SyntaxError = query.SyntaxError

// Parse reads a rule. The error is a *[SyntaxError]. See [query.Parse].
func Parse(rule string) (*Rule, error) { return query.Parse(rule) }

// Watch is a named rule that somebody wants to hear about.
type Watch struct {
	ID    string // unique: "name" from the config, "slack:T…/name", "discord:GUILD/name"
	Name  string
	Owner string // "config", or the workspace or guild it was made in
	Rule  string
}

// WatchError says which watch cannot be used, and why.
type WatchError struct {
	Watch Watch
	Err   error // a *[SyntaxError], or the sentence that another watch has the same ID
}

func (e *WatchError) Error() string { return fmt.Sprintf("watch %q: %v", e.Watch.ID, e.Err) }

func (e *WatchError) Unwrap() error { return e.Err }

// Document is what a rule looks at. Title and Text are plain text; Source holds the words by
// which `source:` may name the publisher: its name, the feed's name and the site's host,
// separated by spaces.
type Document struct {
	Title      string
	Text       string
	Source     string
	Lang       string // BCP 47, or empty: the letters of the text decide
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
		return strings.Join(d.Categories, page.CategoryGap)
	}
	return ""
}

// The fields in which a hit can lie.
const (
	FieldTitle    = "title"
	FieldText     = "text"
	FieldSource   = "source"
	FieldCategory = "category"
)

// Hit is one place in a document that answers a word or phrase of the rule. Start and End are
// byte offsets into the UTF-8 of [Document.Field], half-open.
type Hit = index.Hit

// MaxHits bounds the hits of a match.
const MaxHits = index.MaxHits

// Match says that a watch matches, and where. Hits are ordered by field (title, text, source,
// category), then by place. There is at least one and at most [MaxHits], and they never overlap: of
// two that would, the one that begins first stays, then the longer. They are not to be changed:
// watches with the same rule share them.
//
// Every place that answers a positive part of the rule is a hit, those of a run only inside its
// passages and those of a NEAR only in its reach. What stands under NOT gives none, and so does
// lang.
type Match struct {
	Watch string // the watch's ID
	Hits  []Hit
}

// Word is one word of a text: its place, and the form in which it is compared.
type Word = words.Word

// Words cuts a text as the matcher does. See [words.Cut].
func Words(text string) []Word { return words.Cut(text) }

// Fold returns the form in which two spellings of one word are equal. See [words.Fold].
func Fold(word string) string { return words.Fold(word) }
