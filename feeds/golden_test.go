package feeds

import (
	"cmp"
	"flag"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html/charset"
	"golang.org/x/tools/txtar"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// TestGoldens reads the documents of testdata/*.txtar. The comment of an archive is its
// configuration, a key and a value a line; the file "feed" is the document, kept in UTF-8 and
// encoded by the test if the key encoding says so; the file "items" is what comes of it.
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
			got := golden(t, settingsOf(string(archive.Comment)), archive.Files[0].Data)
			if *update {
				items := txtar.File{Name: "items", Data: []byte(got)}
				archive.Files = append(archive.Files[:1], items)
				writeFile(t, path, txtar.Format(archive))
				return
			}
			if want := string(archive.Files[1].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// settingsOf reads the comment of an archive; lines without a colon are prose.
func settingsOf(comment string) map[string]string {
	conf := map[string]string{}
	for line := range strings.Lines(comment) {
		if key, value, ok := strings.Cut(line, ": "); ok {
			conf[key] = strings.TrimSpace(value)
		}
	}
	return conf
}

func golden(t *testing.T, conf map[string]string, feed []byte) string {
	t.Helper()
	now := time.Date(2026, 2, 6, 12, 0, 0, 0, time.UTC)
	f := Feed{ID: 7, Source: Source{URL: "https://news.example/feed", Publisher: conf["publisher"]}}
	if conf["first"] == "" {
		f.Polled = now.Add(-time.Hour)
	}
	set := DefaultSettings()
	if conf["backfill"] != "" {
		set.Backfill, _ = time.ParseDuration(conf["backfill"])
	}
	doc, err := syndication.Read(encoded(t, conf["encoding"], feed), conf["content-type"], f.URL)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	b.WriteString(showDocument(doc))
	for _, it := range Items(doc, f, now, set) {
		checkItem(t, it, now)
		b.WriteString(show(it))
	}
	return b.String()
}

// showDocument writes what is said of a document as a whole and of its entries beyond their items.
func showDocument(doc syndication.Document) (text string) {
	if doc.Truncated {
		text += "truncated\n"
	}
	if r := doc.Rhythm; !reflect.DeepEqual(r, syndication.Rhythm{}) {
		text += fmt.Sprintf("rhythm: ttl %v, period %v, skip %v %v\n", r.TTL, r.Period, r.SkipHours, r.SkipDays)
	}
	for _, e := range doc.Entries {
		if e.Author != "" {
			text += fmt.Sprintf("%s by %s\n", cmp.Or(e.GUID, e.Link), e.Author)
		}
	}
	return text
}

// show writes an item for people, without what is empty.
func show(it Item) string {
	published := ""
	if !it.Published.IsZero() {
		published = it.Published.Format(time.RFC3339)
	}
	text := fmt.Sprintf("- %s\n", it.Key)
	for _, field := range [][2]string{
		{"title", it.Title}, {"text", it.Text}, {"link", it.Link}, {"canonical", it.Canonical},
		{"publisher", it.Publisher}, {"lang", it.Lang}, {"published", published},
		{"categories", strings.Join(it.Categories, ", ")}, {"arrival", string(it.Arrival)},
	} {
		if field[1] != "" {
			text += fmt.Sprintf("  %-11s%s\n", field[0], field[1])
		}
	}
	return text
}

// encoded turns UTF-8 into another encoding; a name that ends in -bom has its mark put in front.
func encoded(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	if name == "" {
		return text
	}
	label, bom := strings.CutSuffix(name, "-bom")
	if bom {
		text = append([]byte("\ufeff"), text...)
	}
	encoding, _ := charset.Lookup(label)
	body, err := encoding.NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
