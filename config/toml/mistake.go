package toml

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Mistake is one thing wrong in a text. It never holds what a ${…} stands for.
type Mistake struct {
	File    string
	Line    int // from 1
	Col     int // from 1, in characters
	Message string
	Excerpt string // the line and a caret below, where that helps; else empty
}

// String is "FILE:LINE:COL: message", the excerpt on the lines below.
func (m Mistake) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Col, m.Message)
	if m.Excerpt != "" {
		s += "\n" + m.Excerpt
	}
	return s
}

// Mistakes is every mistake of a text in order of place; as an error it is never empty.
type Mistakes []Mistake

// Error lists the mistakes, each as [Mistake.String] writes it.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.String()
	}
	return strings.Join(lines, "\n")
}

// Report collects the mistakes of one text. They are noted by byte offset, in any order.
type Report struct {
	file  string
	text  []byte
	notes []note
}

type note struct {
	at      int
	message string
	excerpt string
}

// Add notes a mistake at a byte of the document.
func (r *Report) Add(at int, format string, args ...any) {
	r.AddWith("", at, format, args...)
}

// AddWith notes a mistake with an excerpt to show below it.
func (r *Report) AddWith(excerpt string, at int, format string, args ...any) {
	r.notes = append(r.notes, note{at, fmt.Sprintf(format, args...), excerpt})
}

// Mistakes are those noted so far, sorted by place.
func (r *Report) Mistakes() Mistakes {
	slices.SortStableFunc(r.notes, func(a, b note) int { return a.at - b.at })
	starts := r.lineStarts()
	ms := make(Mistakes, len(r.notes))
	for i, n := range r.notes {
		line := sort.SearchInts(starts, n.at+1)
		col := utf8.RuneCount(r.text[starts[line-1]:n.at]) + 1
		ms[i] = Mistake{r.file, line, col, n.message, n.excerpt}
	}
	return ms
}

// Line is the number of the line that holds the byte.
func (r *Report) Line(at int) int {
	return bytes.Count(r.text[:at], []byte("\n")) + 1
}

// lineStarts returns the offset at which each line begins.
func (r *Report) lineStarts() []int {
	starts := []int{0}
	for i, b := range r.text {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// LineAround returns the text of the line that holds the byte, and where it begins.
func (r *Report) LineAround(at int) (line string, start int) {
	start = bytes.LastIndexByte(r.text[:at], '\n') + 1
	rest, _, _ := bytes.Cut(r.text[start:], []byte("\n"))
	return strings.TrimSuffix(string(rest), "\r"), start
}
