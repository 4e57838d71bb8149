package syndication

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	htmlcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"github.com/tensionwatch/tensionwatch/feeds/charset"
)

// corpus unpacks an archive of real documents, or skips the test.
func corpus(tb testing.TB, name string) string {
	tb.Helper()
	archive := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(archive); err != nil {
		tb.Skipf("the corpus %s is not here", archive)
	}
	dir := tb.TempDir()
	if out, err := exec.Command("tar", "-xJf", archive, "-C", dir).CombinedOutput(); err != nil {
		tb.Skipf("unpacking %s: %v %s", archive, err, out)
	}
	return dir
}

// conformanceCase is a document with what is expected of it.
type conformanceCase struct {
	folder, name string
	body         []byte
	expect       string
	contentType  string
	base         string
}

var (
	expectLine = regexp.MustCompile(`(?m)Expect:\s*(.*?)\s*(?:-->.*)?$`)
	headerLine = regexp.MustCompile(`(?m)^\s*Header:\s*([\w-]+):\s*(.*?)\s*$`)
)

// conformanceCases reads the cases. Each document states its expectation in a comment, which is
// read in the encoding of the document where that is not a superset of ASCII.
func conformanceCases(t *testing.T) (list []conformanceCase) {
	t.Helper()
	root := filepath.Join(corpus(t, "feedparser-conformance.tar.xz"), "conformance", "feedparser")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "LICENSE" {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		c := conformanceCase{name: rel, body: body, base: "http://127.0.0.1:8097/tests/" + rel}
		c.folder, _, _ = strings.Cut(rel, "/")
		c.readComment()
		list = append(list, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// readComment finds what the comment of a case says.
func (c *conformanceCase) readComment() {
	text := c.body
	for _, w := range wideEncodings {
		wide, err := w.NewDecoder().Bytes(c.body)
		if err == nil && bytes.Contains(wide, []byte("Expect:")) {
			text = wide
		}
	}
	if m := expectLine.FindSubmatch(text); m != nil {
		c.expect = string(m[1])
	}
	for _, h := range headerLine.FindAllSubmatch(text, -1) {
		switch strings.ToLower(string(h[1])) {
		case "content-type":
			c.contentType = string(h[2])
		case "content-location":
			c.base = string(h[2])
		}
	}
}

// wideEncodings are UTF-16 and UTF-32, big end first and little end first, with and without marks.
var wideEncodings = []encoding.Encoding{
	unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	utf32.UTF32(utf32.BigEndian, utf32.UseBOM),
	utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
	utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
}

// ours maps the fields of feedparser's result that we keep to what we made of them. Whatever is
// not in it is not ours, whether we would have got it right or not.
func (c *conformanceCase) ours(doc Document) map[string]any {
	entries := sequence{missing: c.entry(Entry{}, true)}
	for _, e := range doc.Entries {
		entries.have = append(entries.have, c.entry(e, false))
	}
	return map[string]any{
		"entries":  entries,
		"encoding": field{string(charset.Decode(c.body, c.contentType)), c.decoded},
		"feed": map[string]any{
			"title": title(doc.Title), "title_detail": map[string]any{"value": title(doc.Title)},
			"link":     c.link(doc.Link),
			"language": field{doc.Lang, func(v any) string { return tag(pythonString(v)) }},
		},
	}
}

func title(v string) field { return field{v, plainForm(maxTitle)} }

// entry maps the fields of an entry, or of one that is missing.
func (c *conformanceCase) entry(e Entry, missing bool) map[string]any {
	text := field{e.Text, plainForm(maxText)}
	id := field{e.GUID, func(v any) string { return Clean(pythonString(v), 1<<20) }}
	author := field{e.Author, func(v any) string { return byline(pythonString(v)) }}
	one := field{e.Author, func(v any) string { // one name of several is in the byline
		if slices.Contains(strings.Split(e.Author, ", "), byline(pythonString(v))) {
			return e.Author
		}
		return byline(pythonString(v))
	}}
	published := field{timeForm(e.Published), timeForm}
	updated := field{timeForm(e.Updated), timeForm}
	fields := map[string]any{
		"title": title(e.Title), "link": c.link(e.Link), "id": id, "guid": id,
		"summary": text, "description": text, "author": author,
		"published": published, "published_parsed": published,
		"updated": updated, "updated_parsed": updated,
	}
	if missing {
		for name := range fields {
			fields[name] = field{"", func(any) string { return "missing" }}
		}
		text, author = fields["summary"].(field), fields["author"].(field)
		one = author
	}
	fields["title_detail"] = map[string]any{"value": fields["title"]}
	fields["summary_detail"] = map[string]any{"value": text}
	fields["content"] = sequence{missing: map[string]any{"value": text}}
	fields["author_detail"] = map[string]any{"name": author}
	fields["authors"] = sequence{missing: map[string]any{"name": one}}
	return fields
}

func pythonString(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func plainForm(limit int) func(any) string {
	return func(v any) string { return plain(pythonString(v), limit) }
}

func (c *conformanceCase) link(link string) field {
	return field{link, func(v any) string { return absolute(c.base, pythonString(v)) }}
}

// timeForm writes a time of ours, of a text, or of a Python tuple.
func timeForm(v any) string {
	var t time.Time
	switch v := v.(type) {
	case time.Time:
		t = v
	case string:
		for _, layout := range []string{time.RFC1123, time.RFC3339} {
			if read, err := time.Parse(layout, v); err == nil {
				t = read.UTC()
			}
		}
	case []any:
		n := make([]int, 6)
		for i := range n {
			f, _ := v[i].(float64)
			n[i] = int(f)
		}
		t = time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	}
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateTime)
}

// decoded is the document in the encoding that is expected: encodings are equal for us when the
// document comes out the same, whatever their names.
func (c *conformanceCase) decoded(v any) string {
	name := strings.ReplaceAll(strings.ToLower(pythonString(v)), "_", "-")
	wide := map[string]encoding.Encoding{
		"utf-16": wideEncodings[1], "utf-16be": wideEncodings[2], "utf-16le": wideEncodings[3],
		"utf-32": wideEncodings[5], "utf-32be": wideEncodings[6], "utf-32le": wideEncodings[7],
	}
	if as := wide[name]; as != nil {
		text, _ := as.NewDecoder().Bytes(c.body)
		return string(charset.Decode(text, ""))
	}
	as, _ := htmlcharset.Lookup(name)
	if as == nil {
		return "unknown encoding " + name
	}
	text, _ := as.NewDecoder().Bytes(c.body)
	return string(charset.Decode(text, ""))
}

// conformanceFloors are how many in a hundred cases must be read as expected.
var conformanceFloors = map[string]int{
	"wellformed": 95, "encoding": 90, "illformed": 80, "entities": 95, "json": 100,
}

// conformanceCauses say why cases are read otherwise than expected, by what their names match.
var conformanceCauses = []struct{ names, cause string }{
	{`/cdf/`, "CDF is read only as far as it looks like RSS"},
	{`_crazy\.xml|nested_cdata|unexpected_character|malicious_comment|not_a_doctype|_iframe\.xml`,
		"broken HTML is read as a browser would, not as feedparser's expressions do"},
	{`/(atom10/entry_content_and|rss/item_(description|summary)_and)`,
		"of summary and content we keep the longer, not both"},
	{`entry_id_|rdf_item_rdf_about|atom10_id\.xml`,
		"gofeed resolves, escapes or leaves out an id; as a key that serves as well"},
	{`no_href_link`, "a link of Atom that is text instead of an attribute is not read"},
	{`/http/headers_content_location|http_content_language`,
		"HTTP headers other than the content type are not ours to read"},
	{`entities/[lr]ang\.xml`, "HTML 5 has other characters under these names than HTML 4"},
	{`double-encoded|linenoise`, "text that was already broken when it was encoded stays broken"},
}

// TestConformance compares what is read of each case with what its comment expects, in the fields
// that we keep. It names each failure with its cause, and fails when a folder is below its floor.
func TestConformance(t *testing.T) {
	type score struct{ ours, passed, others int }
	scores := make(map[string]*score)
	causes := make(map[string]int)
	for _, c := range conformanceCases(t) {
		if scores[c.folder] == nil {
			scores[c.folder] = new(score)
		}
		s := scores[c.folder]
		verdict, why := c.judge()
		switch verdict {
		case "not ours":
			s.others++
			continue
		case "passed":
			s.passed++
		default:
			cause := c.cause()
			causes[cause]++
			t.Logf("%s (%s): %s", c.name, cause, why)
		}
		s.ours++
	}
	for cause, n := range causes {
		t.Logf("%d failures: %s", n, cause)
	}
	for folder, floor := range conformanceFloors {
		s := scores[folder]
		t.Logf("%-10s %4d of %4d (%.1f %%), %d about fields that are not ours", folder, s.passed,
			s.ours, 100*float64(s.passed)/float64(s.ours), s.others)
		if s.ours == 0 || s.passed*100 < floor*s.ours {
			t.Errorf("%s is below %d %%", folder, floor)
		}
	}
}

// cause says why a case fails.
func (c *conformanceCase) cause() string {
	for _, known := range conformanceCauses {
		if regexp.MustCompile(known.names).MatchString(c.name) {
			return known.cause
		}
	}
	return "unexplained"
}

// judge evaluates the expectation of a case.
func (c *conformanceCase) judge() (verdict, why string) {
	if c.expect == "" {
		return "not ours", "nothing is expected"
	}
	n, err := parsePython(c.expect)
	if err != nil {
		return "failed", err.Error()
	}
	doc, readErr := Read(c.body, c.contentType, c.base)
	got := n.eval(c.ours(doc))
	if out, ok := got.(outside); ok {
		return "not ours", string(out)
	}
	if !n.names("feed") && !n.names("entries") && !n.names("encoding") {
		return "not ours", c.expect
	}
	if truth(got) {
		return "passed", ""
	}
	read := fmt.Sprintf("%+v", doc)
	return "failed", fmt.Sprintf("%s; error %v; read %.300s", c.expect, readErr, read)
}

// names reports whether an expression uses a name.
func (n node) names(name string) bool {
	return n.op == "name" && n.text == name ||
		slices.ContainsFunc(n.of, func(m node) bool { return m.names(name) })
}

// TestPython evaluates the forms of expression that the cases use, over a small world.
func TestPython(t *testing.T) {
	names := map[string]any{
		"feed": map[string]any{"title": title("A & B")},
		"entries": sequence{
			have:    []any{map[string]any{"title": title("x")}, map[string]any{"title": title("")}},
			missing: map[string]any{"title": field{"", func(any) string { return "missing" }}},
		},
	}
	for expression, want := range map[string]any{
		`feed['title'] == 'A &amp; B'`:                          true,
		`not bozo and feed.title == u'\x41 \u0026 B'`:           true,
		`not bozo and feed['title'] == "B"`:                     false,
		`entries[0]['title'] == 'x' and len(entries) == 2`:      true,
		`entries[1]['title'] == entries[0]['title'] == ''`:      false,
		`not entries[1]['title']`:                               true,
		`entries[1]['title'] is None`:                           true,
		`entries[7]['title'] == ''`:                             false,
		`entries[7]['other'] == ''`:                             outside("other"),
		`feed['title'] == 'z' or feed['title'] == 'A ' + '& B'`: true,
		`feed['other'] == (1, 2.5, -3)`:                         outside("other"),
		`not feed.has_key('title')`:                             false,
		`ord(entries[0]['title']) == 120`:                       true,
		`(feed['title'] == """A & B""")`:                        true,
		`'title' in locals()`:                                   outside("locals()"),
	} {
		n, err := parsePython(expression)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.eval(names); got != want {
			t.Errorf("%s is %#v, want %#v", expression, got, want)
		}
	}
}
