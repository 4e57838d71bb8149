package rules

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// newsItem is an item of the corpus.
type newsItem struct{ Title, Description, Source, Language, Link string }

// id names an item without its words, which belong to its publisher.
func (it newsItem) id() string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(it.Link)))[:8]
}

// eachNews calls visit for each item of the corpus, and skips the test where it is absent.
func eachNews(t *testing.T, visit func(newsItem)) {
	t.Helper()
	files, err := filepath.Glob("../../shared/data/news-2023/*.jsonl.gz")
	if err != nil || len(files) == 0 {
		t.Skip("no news-2023 beside the checkout")
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		plain, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(plain)
		for lines.Buffer(nil, 1<<22); lines.Scan(); {
			var it newsItem
			if err := json.Unmarshal(lines.Bytes(), &it); err != nil {
				t.Fatal(err)
			}
			visit(it)
		}
	}
}

// judged is whom people found an item to be news for, and why.
type judged struct{ watch, reason string }

func readJudged(t *testing.T) map[string]judged {
	t.Helper()
	text, err := os.ReadFile("testdata/judged.tsv")
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]judged{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) == 3 {
			verdicts[fields[0]] = judged{fields[1], fields[2]}
		}
	}
	return verdicts
}

// named is who an item must name to be in the sample, in any script.
var named = regexp.MustCompile(`(?i)\b(omani?s?|muscat|hormuz|shamkhani|ormuz|mascate|umman|maskat)\b|` +
	`عمان|عُمان|مسقط|هرمز|شمخان|Оман|Маскат|Ормуз|Шамхани|שמח'אני|הורמוז|עומאן`)

// TestJudgedNews matches three watches with every item that names what they are about, prints id,
// verdict and reason of each that is listed or should be, and their precision and recall. The sample
// is all there is: nothing is left to chance.
func TestJudgedNews(t *testing.T) {
	set, err := Compile([]Watch{
		{ID: "talks", Rule: "Oman talks"}, {ID: "shamkhani", Rule: "Shamkhani"},
		{ID: "hormuz", Rule: `"Strait of Hormuz"`},
	}, NewNames(nil))
	if err != nil {
		t.Fatal(err)
	}
	verdicts, seen := readJudged(t), map[string]bool{}
	right, listed, wanted := map[string]int{}, map[string]int{}, map[string]int{}
	eachNews(t, func(it newsItem) {
		d := Document{Title: it.Title, Text: it.Description, Lang: it.Language}
		matches := set.Match(d)
		if !named.MatchString(it.Title+"\n"+it.Description) || seen[it.id()] {
			if len(matches) > 0 && !seen[it.id()] {
				t.Errorf("%s is listed for %s and was not judged", it.id(), matches[0].Watch)
			}
			return
		}
		seen[it.id()] = true
		v, ok := verdicts[it.id()]
		if !ok {
			t.Errorf("%s was not judged", it.id())
		}
		wanted[v.watch]++
		for _, m := range matches {
			listed[m.Watch]++
			if m.Watch == v.watch {
				right[m.Watch]++
			}
		}
		t.Logf("%s listed for %v, news for %s: %s", it.id(), matches, v.watch, v.reason)
	})
	for _, watch := range []string{"talks", "shamkhani", "hormuz"} {
		t.Logf("%s: precision %d of %d, recall %d of %d", watch, right[watch], listed[watch],
			right[watch], wanted[watch])
	}
	if len(seen) != len(verdicts) {
		t.Errorf("%d items, %d verdicts", len(seen), len(verdicts))
	}
}
