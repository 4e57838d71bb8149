package words

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// corpora is where the texts are that only some checkouts have beside them.
const corpora = "../../../shared/data"

// newsTexts returns the title and description of each item of a year's news.
func newsTexts(t testing.TB) []string {
	files, err := filepath.Glob(corpora + "/news-2023/*.jsonl.gz")
	if err != nil || len(files) == 0 {
		t.Skip("no news-2023 beside the checkout")
	}
	if testing.Short() {
		files = files[:1]
	}
	var texts []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(plain)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var item struct{ Title, Description string }
			if err := json.Unmarshal(lines.Bytes(), &item); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, item.Title, item.Description)
		}
	}
	return texts
}

// TestSpansOnNews compares the fast cutter with UAX #29 on a year of news.
func TestSpansOnNews(t *testing.T) {
	n := 0
	for _, text := range newsTexts(t) {
		got, want := AppendSpans(nil, text), standardSpans(text)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: AppendSpans gives %v, UAX #29 %v", text, got, want)
		}
		n += len(got)
	}
	t.Logf("%d words", n)
}
