package feeds

import (
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
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

// corpusFiles calls f with the documents of an archive, several at once; under the race detector
// with a fixed sample of them.
func corpusFiles(tb testing.TB, name string, f func(path string, body []byte)) {
	tb.Helper()
	var paths []string
	err := filepath.WalkDir(corpus(tb, name), func(path string, d fs.DirEntry, err error) error {
		notes := strings.HasSuffix(path, ".md") || strings.HasSuffix(path, ".tsv")
		if err == nil && !d.IsDir() && !notes {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		group.Go(func() {
			for i := first * every; i < len(paths); i += workers * every {
				body, err := os.ReadFile(paths[i])
				if err != nil {
					tb.Error(err)
				}
				f(paths[i], body)
			}
		})
	}
	group.Wait()
}

// TestCorpus reads every real feed there is. It fails when fewer than 97 of 100 are read, or when
// a text breaks the promises of [Item].
func TestCorpus(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var files, read, items atomic.Int64
	corpusFiles(t, "feeds.tar.xz", func(path string, body []byte) {
		files.Add(1)
		doc, err := syndication.Read(body, "", "https://feed.example/rss")
		if err != nil {
			t.Logf("%s: %v", filepath.Base(path), err)
			return
		}
		read.Add(1)
		found := Items(doc, feedAt("https://feed.example/rss"), now, DefaultSettings())
		items.Add(int64(len(found)))
		if len(found) < len(doc.Entries) {
			t.Logf("%s: %d entries, %d items", filepath.Base(path), len(doc.Entries), len(found))
		}
		for _, it := range found {
			checkItem(t, it, now)
		}
	})
	t.Logf("%d of %d files read, %d items", read.Load(), files.Load(), items.Load())
	if read.Load()*100 < files.Load()*97 {
		t.Errorf("only %d of %d files were read", read.Load(), files.Load())
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
			doc, err := syndication.Read([]byte(text), "", "")
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
			}
			for _, it := range Items(doc, Feed{}, now, DefaultSettings()) {
				checkItem(t, it, now)
			}
		}
	})
}
