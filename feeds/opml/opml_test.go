package opml

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestGoldens reads the lists of testdata/*.txtar. The comment of an archive is prose, but for a
// line "encoding: NAME"; the file "list" is the document, kept in UTF-8; the file "read" is what
// comes of it, and "written" is what is written of that.
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
			want := txtar.Format(archive)
			archive.Files = append(archive.Files[:1], read(t, archive)...)
			got := txtar.Format(archive)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			} else if !bytes.Equal(got, want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// read shows what comes of the first file of an archive.
func read(t *testing.T, archive *txtar.Archive) []txtar.File {
	t.Helper()
	body := archive.Files[0].Data
	if _, name, ok := strings.Cut(string(archive.Comment), "encoding: "); ok {
		encoding, _ := charset.Lookup(strings.TrimSpace(name))
		var err error
		if body, err = encoding.NewEncoder().Bytes(body); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Read(body)
	var b strings.Builder
	for _, f := range list.Feeds {
		fmt.Fprintf(&b, "%s %q", f.URL, f.Title)
		for _, folder := range f.Folder {
			fmt.Fprintf(&b, " in %q", folder)
		}
		if f.Site != "" {
			b.WriteString(" of " + f.Site)
		}
		b.WriteByte('\n')
	}
	for _, s := range list.Skipped {
		fmt.Fprintf(&b, "skipped %q at %q, line %d: %s\n", s.Title, s.URL, s.Line, s.Reason)
	}
	if err != nil {
		fmt.Fprintln(&b, "error:", err)
	}
	files := []txtar.File{{Name: "read", Data: []byte(b.String())}}
	if len(list.Feeds) > 0 {
		files = append(files, txtar.File{Name: "written", Data: written(t, list.Feeds)})
	}
	return files
}

func written(t *testing.T, feeds []Feed) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, feeds); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reread is what is read of what is written of feeds.
func reread(t *testing.T, feeds []Feed) []Feed {
	t.Helper()
	list, err := Read(written(t, feeds))
	if err != nil || len(list.Skipped) > 0 {
		t.Errorf("%v, skipped %+v", err, list.Skipped)
	}
	return list.Feeds
}

// TestRoundTrip: whatever feeds are called and wherever they are, what was written is what is read.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var feeds []Feed
		known := map[string]bool{}
		for range rapid.IntRange(0, 20).Draw(rt, "feeds") {
			f := Feed{
				URL: "http" + rapid.StringMatching(`s?://(u:p@)?[a-z]{1,9}\.example(:81)?`+
					`/[a-z/]{0,9}(\?[a-z=&%20;"<>'+]{0,20})?`).Draw(rt, "url"),
				Title: syndication.Name(rapid.String().Draw(rt, "title")),
				Site:  rapid.SampledFrom([]string{"", "https://news.example/?a=1&b=2"}).Draw(rt, "site"),
			}
			f.Title = strings.Map(legal, f.Title)
			if !known[Key(f.URL)] && f.Title != syndication.Name(f.URL) && unfit(f.URL) == "" {
				known[Key(f.URL)] = true
				feeds = append(feeds, f)
			}
		}
		if got := reread(t, feeds); !reflect.DeepEqual(got, feeds) {
			rt.Errorf("got  %q\nwant %q", got, feeds)
		}
	})
}

// TestWriteAnything: no text makes a document that is none.
func TestWriteAnything(t *testing.T) {
	hostile := "a\x00\x1b\ufffe\xff\"/><outline xmlUrl='http://evil.example/'/>\n&lt;"
	got := reread(t, []Feed{{URL: "http://news.example/", Title: hostile, Site: hostile}})
	if len(got) != 1 || got[0].URL != "http://news.example/" || got[0].Site != "" {
		t.Errorf("%+v", got)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteFails(t *testing.T) {
	if err := Write(brokenWriter{}, make([]Feed, 1000)); err != errBroken {
		t.Error(err)
	}
}

func TestKey(t *testing.T) {
	const feed = "https://news.example/feed?a=1"
	for address, same := range map[string]bool{
		"http://NEWS.example:80/feed/?a=1#top": true,
		"https://news.example:443/feed?a=1":    true,
		"https://news.example:8443/feed?a=1":   false,
		"https://news.example/Feed?a=1":        false,
		"https://news.example/feed?a=2":        false,
		"https://user:pass@news.example/feed":  false,
		"https://u:p@news.example/feed?a=1":    false,
		"://":                                  false,
	} {
		if (Key(address) == Key(feed)) != same {
			t.Errorf("%s: %s", address, Key(address))
		}
	}
}

// TestDeep: folders nest as people nest them, and no deeper.
func TestDeep(t *testing.T) {
	for depth, want := range map[int]error{maxDepth: nil, maxDepth + 1: errDeep, 500_000: errDeep} {
		list, err := Read([]byte("<opml><body>" + strings.Repeat("<outline text='a'>", depth) +
			"<outline xmlUrl='http://news.example/'/>" + strings.Repeat("</outline>", depth) +
			"</body></opml>"))
		if !errors.Is(err, want) || err == nil && len(list.Feeds[0].Folder) != depth {
			t.Errorf("%d: %v", depth, err)
		}
	}
}

// FuzzRead asserts what [Feed] promises, and that what is read can be written and read again.
func FuzzRead(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Add([]byte("\xff\xfe<\x00o\x00p\x00m\x00l\x00/\x00>\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := Read(body)
		if err != nil && (list.Feeds != nil || list.Skipped != nil) {
			t.Errorf("an error, and yet %+v", list)
		}
		known := map[string]bool{}
		for i, f := range list.Feeds {
			if known[Key(f.URL)] || unfit(f.URL) != "" || syndication.Name(f.Title) != f.Title ||
				f.Site != "" && unfit(f.Site) != "" || len(f.Folder) > maxDepth {
				t.Errorf("%+v", f)
			}
			known[Key(f.URL)] = true
			list.Feeds[i].Folder = nil
		}
		if got := reread(t, list.Feeds); !reflect.DeepEqual(got, list.Feeds) {
			t.Errorf("read %q, then %q", list.Feeds, got)
		}
	})
}
