// Package corpus makes what the engines are compared on: documents of real news, and rules drawn
// from their words.
//
// The same seed draws the same rules, and the first n of a longer draw are the draw of n, so that
// figures for growing numbers of rules differ in nothing else.
package corpus

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
)

// ErrAbsent says that the news is not beside this checkout.
var ErrAbsent = errors.New("no news-2023/*.jsonl.gz there")

// documentWords is the length of a document, title included: that of a short report. The items of
// the news are shorter, so a document joins as many as it takes.
const documentWords = 200

// Documents returns the English documents of the news in a directory of corpora, in order of day.
// The error is [ErrAbsent] if there is none.
func Documents(dir string) ([]rules.Document, error) {
	files, err := filepath.Glob(filepath.Join(dir, "news-2023", "*.jsonl.gz"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("reading news in %q: %w", dir, errors.Join(err, ErrAbsent))
	}
	j := joiner{tags: regexp.MustCompile(`<[^>]*>`)}
	for _, file := range files {
		if err := eachItem(file, j.add); err != nil {
			return nil, fmt.Errorf("reading news %q: %w", file, err)
		}
	}
	return j.documents, nil
}

// item is a line of the corpus.
type item struct{ Title, Description, Language string }

// eachItem calls visit with each item of a file.
func eachItem(file string, visit func(item)) error {
	packed, err := os.Open(file)
	if err != nil {
		return err
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var it item
		if err := json.Unmarshal(lines.Bytes(), &it); err != nil {
			return err
		}
		visit(it)
	}
	return lines.Err()
}

// joiner makes documents of items that follow one another.
type joiner struct {
	tags      *regexp.Regexp
	documents []rules.Document
	title     string
	words     []string // of the text so far, as they stand between spaces
	room      int      // words that the document still lacks
}

// add takes in an item.
func (j *joiner) add(it item) {
	if !strings.HasPrefix(it.Language, "en") {
		return
	}
	title := strings.Fields(j.plain(it.Title))
	if j.title == "" {
		j.title, j.room = strings.Join(title, " "), documentWords-len(title)
	} else {
		j.words = append(j.words, title...)
	}
	j.words = append(j.words, strings.Fields(j.plain(it.Description))...)
	if j.title == "" || len(j.words) < j.room {
		return
	}
	text := strings.Join(j.words[:j.room], " ")
	j.documents = append(j.documents, rules.Document{Title: j.title, Text: text, Lang: "en"})
	j.title, j.words = "", j.words[:0]
}

// plain takes the markup out of a field, as reading the feed would have.
func (j *joiner) plain(s string) string {
	return html.UnescapeString(j.tags.ReplaceAllString(s, " "))
}
