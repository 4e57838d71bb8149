package feeds

import (
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// corpus unpacks an archive of real documents, or skips the test.
func corpus(tb testing.TB, name string) string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("the corpora take seconds")
	}
	archive := filepath.Join("..", "..", "shared", "data", name)
	if _, err := os.Stat(archive); err != nil {
		tb.Skipf("the corpus %s is not here", archive)
	}
	dir := tb.TempDir()
	if out, err := exec.Command("tar", "-xJf", archive, "-C", dir).CombinedOutput(); err != nil {
		tb.Skipf("unpacking %s: %v %s", archive, err, out)
	}
	return dir
}

// corpusFiles calls f with every document of an archive.
func corpusFiles(tb testing.TB, name string, f func(path string, body []byte)) {
	tb.Helper()
	err := filepath.WalkDir(corpus(tb, name), func(path string, d fs.DirEntry, err error) error {
		notes := strings.HasSuffix(path, ".md") || strings.HasSuffix(path, ".tsv")
		if err != nil || d.IsDir() || notes {
			return err
		}
		body, err := os.ReadFile(path)
		if err == nil {
			f(path, body)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// TestCorpus reads every real feed there is. It fails when fewer than 97 of 100 are read, or when
// a text breaks the promises of [Item].
func TestCorpus(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var files, read, items int
	failures := map[string]int{}
	corpusFiles(t, "feeds.tar.xz", func(path string, body []byte) {
		files++
		doc, err := Read(body, "", "https://feed.example/rss")
		if err != nil {
			failures[err.Error()]++
			t.Logf("%s: %v", filepath.Base(path), err)
			return
		}
		read++
		found := doc.Items(feedAt("https://feed.example/rss"), now, DefaultSettings())
		items += len(found)
		if len(found) < len(doc.Entries) {
			t.Logf("%s: %d entries, %d items", filepath.Base(path), len(doc.Entries), len(found))
		}
		for _, it := range found {
			checkItem(t, it, now)
		}
	})
	var kinds []string
	for kind := range failures {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		t.Logf("%3d × %s", failures[kind], kind)
	}
	t.Logf("%d of %d files read, %d items", read, files, items)
	if read*100 < files*97 {
		t.Errorf("only %d of %d files were read", read, files)
	}
}

func writeFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
}

// TestBadInput reads documents that were made to break readers, alone and as the text of an item.
func TestBadInput(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	corpusFiles(t, "bad-input.tar.xz", func(path string, body []byte) {
		inside := html.EscapeString(string(body))
		wrapped := "<rss><channel><item><title>" + inside + "</title><guid>" + inside +
			"</guid></item></channel></rss>"
		for _, text := range []string{string(body), wrapped} {
			doc, err := Read([]byte(text), "", "")
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
			}
			for _, it := range doc.Items(Feed{}, now, DefaultSettings()) {
				checkItem(t, it, now)
			}
		}
	})
}
