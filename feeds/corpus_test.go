package feeds

import (
	"errors"
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/mend"
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

// without are the real feeds that have no items, and why.
var without = map[string]string{
	"xml_testdata_iso88591.xml":                           "a <note>, no feed",
	"xml_testdata_iso88591_utf8_mismatch.xml":             "a <note>, no feed",
	"encoding_testdata_windows-1252.xml":                  "a channel that is only a title",
	"encoding_testdata_windows-1252-incorrect-prolog.xml": "a channel that is only a title",
	"encoding_testdata_iso-8859-1.xml":                    "a channel that is only a title",
}

// TestCorpus reads every real feed there is. Each that has items yields them, and they keep the
// promises of [Item].
func TestCorpus(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var files, items, dated atomic.Int64
	corpusFiles(t, "feeds.tar.xz", func(path string, body []byte) {
		files.Add(1)
		name := filepath.Base(path)
		doc, err := syndication.Read(body, "", "https://feed.example/rss")
		found := Items(doc, feedAt("https://feed.example/rss"), now, DefaultSettings())
		if why := without[name]; (why != "") != (len(found) == 0) {
			t.Errorf("%s gives %d items (%s): %v", name, len(found), why, err)
		}
		items.Add(int64(len(found)))
		for _, it := range found {
			checkItem(t, it, now)
			if !it.Published.IsZero() {
				dated.Add(1)
			}
		}
	})
	t.Logf("%d files, %d items, %d of them with a date", files.Load(), items.Load(), dated.Load())
}

func writeFile(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
}

// TestBadInput reads documents that were made to break readers: alone, as the text of an item, and
// with their DTD in front of a feed that uses it. Each takes little time and memory for its
// length, and none gives what it tried to smuggle in. None can ask for anything outside, for
// [syndication.Read] is given neither a network nor a file system.
func TestBadInput(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var one sync.Mutex // or what others allocate would count
	corpusFiles(t, "bad-input.tar.xz", func(path string, body []byte) {
		one.Lock()
		defer one.Unlock()
		inside := html.EscapeString(string(body))
		for _, text := range []string{
			string(body), bomb(body),
			"<rss><channel><item><title>" + inside + "</title><guid>" + inside +
				"</guid></item></channel></rss>",
			"<feed><entry><title>" + inside + "</title><content>" + string(body) +
				"</content></entry></feed>",
		} {
			doc, err := frugal(t, filepath.Base(path), text)
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
			}
			for _, it := range Items(doc, Feed{}, now, DefaultSettings()) {
				checkItem(t, it, now)
			}
		}
		_, err := syndication.Read([]byte(bomb(body)), "", "")
		if refused := errors.Is(err, mend.ErrEntities); refused != growing[filepath.Base(path)] {
			t.Errorf("%s before a feed: %v", filepath.Base(path), err)
		}
	})
}

// growing are the files whose entities grow or come from elsewhere.
var growing = map[string]bool{
	"cyclic.xml": true, "xmlbomb.xml": true, "quadratic.xml": true, "external.xml": true,
	"external_file.xml": true, "blns.json": true, // the last has one among its strings
}

var (
	doctype  = regexp.MustCompile(`(?s)<!DOCTYPE[^\[>]*\[.*?\]>`)
	entityOf = regexp.MustCompile(`<!ENTITY\s+(\w+)`)
)

// bomb puts the DTD of a document before a feed that uses its entities.
func bomb(body []byte) string {
	dtd, uses := doctype.FindString(string(body)), ""
	for _, m := range entityOf.FindAllStringSubmatch(dtd, -1) {
		uses += "&" + m[1] + ";"
	}
	return dtd + "<rss><channel><item><title>" + uses + "</title></item></channel></rss>"
}

// frugal reads a document and asserts that this took no more time and memory than its length
// allows: bounds that only a document which grows would reach.
func frugal(t *testing.T, name, text string) (syndication.Document, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	doc, err := syndication.Read([]byte(text), "", "")
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20+200*uint64(len(text)) {
		t.Errorf("%s: %d bytes took %d", name, len(text), used)
	}
	if took > 10*time.Second {
		t.Errorf("%s: %d bytes took %v", name, len(text), took)
	}
	return doc, err
}
