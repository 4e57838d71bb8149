package article

import (
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestGoldens reads the pages of testdata/*.txtar. The comment of an archive is its configuration,
// a key and a value a line; the file "page.html" is the page, kept in UTF-8 and encoded by the test
// if the key encoding says so; the file "text" is what comes of it, a sentence or two a line.
func TestGoldens(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no goldens", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := golden(t, string(archive.Comment), archive.Files[0].Data)
			if *update {
				text := txtar.File{Name: "text", Data: []byte(got)}
				archive.Files = append(archive.Files[:1], text)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[1].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func golden(t *testing.T, comment string, html []byte) string {
	t.Helper()
	conf := map[string]string{}
	for line := range strings.Lines(comment) {
		if key, value, ok := strings.Cut(line, ":"); ok {
			conf[key] = strings.TrimSpace(value)
		}
	}
	from := &url.URL{Scheme: "https", Host: "news.example", Path: "/story"}
	text, err := page{encoded(t, conf["encoding"], html), conf["content-type"], from, false}.text()
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	checkText(t, text)
	return strings.ReplaceAll(text, ". ", ".\n") + "\n"
}

// checkText asserts what Text promises of every text.
func checkText(t *testing.T, text string) {
	t.Helper()
	if text != syndication.Clean(text, maxText) {
		t.Errorf("the text is not clean: %q", text)
	}
	if utf8.RuneCountInString(text) < minText {
		t.Errorf("the text is too short: %q", text)
	}
}

// encoded turns UTF-8 into another encoding.
func encoded(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	if name == "" {
		return text
	}
	encoding, _ := charset.Lookup(name)
	body, err := encoding.NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
