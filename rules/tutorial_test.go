package rules

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/rules/page"
)

var update = flag.Bool("update", false, "rewrite the marks and messages in testdata")

// TestTutorial reads testdata as somebody would who learns the language. An archive is prose and
// then sections, of which each speaks about the last rule:
//
//	-- rule --          a rule
//	-- means --         its canonical spelling
//	-- matches --       documents that it matches, one a line, every hit in [brackets]
//	-- passes over --   documents that it does not match
//	-- refused --       what is said about a rule that cannot be used
//	-- names --         from here on the names that ship are known, and those on its lines,
//	                    with = between their spellings
//
// A section ends at the first empty line; the rest is prose.
//
// A document is its text, or fields as in "title: … | text: … | source: … | lang: …"; categories
// stand in one field each.
func TestTutorial(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			checkArchive(t, file)
		})
	}
}

func checkArchive(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rule, known := "", (*Names)(nil)
	for i := range archive.Files {
		section := &archive.Files[i]
		said, _, _ := strings.Cut(string(section.Data), "\n\n")
		said = strings.TrimSuffix(said, "\n")
		switch section.Name {
		case "rule":
			rule = said
			continue
		case "names":
			known = namesOf(said)
			continue
		}
		got := explain(section.Name, rule, said, known) + string(section.Data[len(said):])
		if want := string(section.Data); got != want && !*update {
			t.Errorf("%s: rule %s %s\n%s\nwant\n%s", file, rule, section.Name, got, want)
		}
		section.Data = []byte(got)
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// namesOf returns the names that ship and those of a section, which may be empty.
func namesOf(said string) *Names {
	var added []Alias
	for line := range strings.SplitSeq(said, "\n") {
		if line == "" {
			break
		}
		added = append(added, Alias{Everyone, strings.Split(line, " = ")})
	}
	return NewNames(added)
}

// explain returns a section as the package would have it.
func explain(section, rule, text string, known *Names) string {
	set, err := Compile([]Watch{{ID: "w", Rule: rule}}, known)
	if section == "refused" || err != nil {
		return refusal(rule)
	}
	if section == "means" {
		parsed, _ := Parse(rule)
		return parsed.String()
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		marked, ok := mark(set, line)
		if ok != (section == "matches") {
			marked = fmt.Sprintf("(match: %t) %s", ok, line)
		}
		lines[i] = marked
	}
	return strings.Join(lines, "\n")
}

func refusal(rule string) string {
	_, err := Parse(rule)
	if err == nil {
		return "(nothing)"
	}
	lines := strings.Split(err.(*SyntaxError).Caret()+"\n"+err.Error(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// mark matches the document on a line and returns the line with its hits marked.
func mark(set *Set, line string) (string, bool) {
	line = strings.NewReplacer("[", "", "]", "").Replace(line)
	d, order := document(line)
	matches := set.Match(d)
	if len(matches) == 0 {
		return line, false
	}
	var parts []string
	offset := 0 // into the field of the categories
	for _, f := range order {
		text := bracket(f.text, f.name, offset, matches[0].Hits)
		if f.name == FieldCategory {
			offset += len(f.text) + len(page.CategoryGap)
		}
		if len(order) > 1 || f.name != FieldText {
			text = f.name + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " | "), true
}

func bracket(text, field string, offset int, hits []Hit) string {
	for _, h := range slices.Backward(hits) {
		start, end := h.Start-offset, h.End-offset
		if h.Field == field && start >= 0 && end <= len(text) {
			text = text[:start] + "[" + text[start:end] + "]" + text[end:]
		}
	}
	return text
}

type lineField struct{ name, text string }

func document(line string) (d Document, order []lineField) {
	for part := range strings.SplitSeq(line, " | ") {
		name, text, ok := strings.Cut(part, ": ")
		if !ok || !slices.Contains([]string{"title", "text", "source", "category", "lang"}, name) {
			name, text = FieldText, part
		}
		order = append(order, lineField{name, text})
		switch name {
		case FieldTitle:
			d.Title = text
		case FieldText:
			d.Text = text
		case FieldSource:
			d.Source = text
		case "lang":
			d.Lang = text
		case FieldCategory:
			d.Categories = append(d.Categories, text)
		}
	}
	return d, order
}
