package names

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/tensionwatch/tensionwatch/rules/words"
)

// Parse reads sets of spellings from TOML, a table a set:
//
//	[[person]]                          # or place, or body
//	id = "ali-shamkhani"
//	en = ["Ali Shamkhani", "Shamkhany"] # a language, and how it writes the name
//	fa = ["علی شمخانی"]
//	ru = ["Шамхани", {text = "Али", ambiguous = true}]
//
// A spelling that needs a mark is a table with its text and exonym = true or ambiguous = true (see
// [Spelling]). The error holds a line for each mistake, with line and column; file only names the
// text in it. There are no sets beside an error.
func Parse(file string, text []byte) ([]Set, error) {
	r := reader{file: file}
	r.toml.Reset(text)
	for r.toml.NextExpression() {
		r.read(r.toml.Expression())
	}
	r.endSet()
	r.checkTOML()
	if r.mistakes != nil {
		return nil, errors.Join(r.mistakes...)
	}
	return r.sets, nil
}

// reader walks the expressions of a TOML text rather than have it decoded, because only they know
// their places.
type reader struct {
	toml     unstable.Parser
	file     string
	sets     []Set
	header   unstable.Range // of the last set
	mistakes []error
}

func (r *reader) read(e *unstable.Node) {
	keys := e.Key()
	keys.Next()
	key := keys.Node()
	name := string(key.Data)
	switch isKind := slices.Contains([]string{Person, Place, Body}, name); {
	case !keys.IsLast():
		r.fail(key.Raw, "a key here is one word, without dots")
	case e.Kind == unstable.ArrayTable && isKind:
		r.endSet()
		r.header = key.Raw
		r.sets = append(r.sets, Set{Kind: name})
	case e.Kind != unstable.KeyValue || len(r.sets) == 0:
		r.fail(key.Raw, "a set begins with [[person]], [[place]] or [[body]]")
	case name == "id":
		r.readID(e.Value())
	default:
		r.readSpellings(key, e.Value())
	}
}

func (r *reader) readID(value *unstable.Node) {
	id := string(value.Data)
	same := func(s Set) bool { return s.ID == id }
	switch {
	case value.Kind != unstable.String || id == "":
		r.fail(r.header, `the id must be text, like id = "ali-shamkhani"`)
	case slices.ContainsFunc(r.sets, same):
		r.fail(value.Raw, "another set has the id %q: choose a new one", id)
	default:
		r.last().ID = id
	}
}

// last returns the set that is being read.
func (r *reader) last() *Set { return &r.sets[len(r.sets)-1] }

// readSpellings reads what stands after the code of a language.
func (r *reader) readSpellings(lang, list *unstable.Node) {
	if n := len(lang.Data); n < 2 || n > 3 {
		r.fail(lang.Raw, "%q is not a language: write its code of two or three letters", lang.Data)
		return
	}
	if list.Kind != unstable.Array {
		r.fail(lang.Raw, `the spellings must be a list, like ["Muscat", "Masqat"]`)
		return
	}
	for elements := list.Children(); elements.Next(); {
		s := Spelling{Lang: string(lang.Data)}
		place := r.readSpelling(elements.Node(), &s)
		if len(words.Cut(s.Text)) == 0 {
			r.fail(place, `a spelling must have a letter, as in "Muscat" or {text = "Muscat"}`)
			continue
		}
		r.last().Spellings = append(r.last().Spellings, s)
	}
}

// readSpelling reads one element of a list and returns its place.
func (r *reader) readSpelling(value *unstable.Node, s *Spelling) unstable.Range {
	if value.Kind != unstable.InlineTable {
		if value.Kind == unstable.String {
			s.Text = string(value.Data)
		}
		return value.Raw
	}
	for fields := value.Children(); fields.Next(); {
		r.readMark(fields.Node(), s)
	}
	return value.Raw
}

// readMark reads a field of a spelling that is a table.
func (r *reader) readMark(field *unstable.Node, s *Spelling) {
	keys := field.Key()
	keys.Next()
	key, value := keys.Node(), field.Value()
	isBool := value.Kind == unstable.Bool
	switch name := string(key.Data); {
	case name == "text" && value.Kind == unstable.String:
		s.Text = string(value.Data)
	case name == "exonym" && isBool:
		s.Exonym = string(value.Data) == "true"
	case name == "ambiguous" && isBool:
		s.Ambiguous = string(value.Data) == "true"
	default:
		r.fail(key.Raw, "a spelling has text, exonym = true, ambiguous = true, not this %s", name)
	}
}

// endSet finds what the set read last lacks.
func (r *reader) endSet() {
	if len(r.sets) == 0 {
		return
	}
	if s := r.last(); s.ID == "" {
		r.fail(r.header, `this %s has no id: write one, like id = "ali-shamkhani"`, s.Kind)
	} else if len(s.Spellings) == 0 {
		r.fail(r.header, `%s %q has no spellings: write some, like en = ["Muscat"]`, s.Kind, s.ID)
	}
}

// checkTOML notes where the text stops being TOML.
func (r *reader) checkTOML() {
	err := r.toml.Error()
	var bad *unstable.ParserError
	if errors.As(err, &bad) {
		r.fail(r.toml.Range(bad.Highlight), "%s", bad.Message)
	} else if err != nil {
		r.mistakes = append(r.mistakes, fmt.Errorf("%s: %w", r.file, err))
	}
}

// fail notes a mistake and its place.
func (r *reader) fail(at unstable.Range, format string, args ...any) {
	start := r.toml.Shape(at).Start
	place := fmt.Sprintf("%s:%d:%d", r.file, start.Line, start.Column)
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}
