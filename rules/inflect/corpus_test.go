package inflect

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/rules/words"
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

// usage counts how often a word stands in capitals inside a sentence, and how often not.
type usage struct{ low, capital int }

func (u usage) isName() bool { return u.capital >= 5 && u.low*5 < u.capital }
func (u usage) isWord() bool { return u.low >= 5 && u.capital < u.low }

// vocabulary counts the words of sentences. Titles are no help: they capitalise everything.
func vocabulary(texts []string) map[string]usage {
	counts := map[string]usage{}
	for i := 1; i < len(texts); i += 2 {
		text, last, opens := texts[i], 0, true
		for _, s := range words.AppendSpans(nil, text) {
			start, end := int(s.Start), int(s.End)
			opens = opens || strings.ContainsAny(text[last:start], ".!?:”\"“|")
			first, _ := utf8.DecodeRuneInString(text[start:])
			word := words.Fold(text[start:end])
			u := counts[word]
			if !unicode.IsUpper(first) {
				u.low++
			} else if !opens {
				u.capital++
			}
			counts[word] = u
			last, opens = end, false
		}
	}
	return counts
}

// TestEnglishNames measures how many classes of words that meet hold a name together with a word
// that is none, as Banks and a bank would. It prints the largest classes and those to be read.
func TestEnglishNames(t *testing.T) {
	counts := vocabulary(newsTexts(t))
	classes := map[string][]string{}
	for word := range counts {
		key := Stem("en", word)
		classes[key] = append(classes[key], word)
	}
	size := func(key string) (n int) {
		for _, word := range classes[key] {
			n -= counts[word].low + counts[word].capital
		}
		return n
	}
	merged, mixed := 0, 0
	for i, key := range slices.SortedFunc(maps.Keys(classes), func(a, b string) int {
		return size(a) - size(b)
	}) {
		names, plain := 0, 0
		for _, word := range classes[key] {
			if counts[word].isName() {
				names++
			} else if counts[word].isWord() {
				plain++
			}
		}
		if names+plain < 2 {
			continue
		}
		merged++
		if names > 0 && plain > 0 {
			mixed++
		}
		if i < 10 || names > 0 && plain > 0 && mixed <= 40 {
			t.Log(key, describe(classes[key], counts))
		}
	}
	share := float64(mixed) / float64(merged)
	t.Logf("%d of %d classes, %.1f %%, mix names and words", mixed, merged, 100*share)
	if share > 0.03 {
		t.Errorf("more than 3 %%")
	}
}

func describe(list []string, counts map[string]usage) string {
	slices.Sort(list)
	var b strings.Builder
	for _, word := range list {
		fmt.Fprintf(&b, " %s %d+%d", word, counts[word].low, counts[word].capital)
	}
	return b.String()
}

// TestPlaceNames asserts that in each language hardly a place or a language meets another: Rusya is
// not Rus, nor Россия Русский. It prints those that do.
func TestPlaceNames(t *testing.T) {
	archive := corpora + "/names.tar.xz"
	if _, err := os.Stat(archive); err != nil {
		t.Skip("no names.tar.xz beside the checkout")
	}
	dir := t.TempDir()
	if out, err := exec.Command("tar", "-xJf", archive, "-C", dir).CombinedOutput(); err != nil {
		t.Skipf("tar: %v: %s", err, out)
	}
	for lang := range stemmers {
		places := displayNames(t, dir, lang, "territories")
		languages := displayNames(t, dir, lang, "languages")
		byKey := map[string]string{}
		wrong, all := 0, slices.Concat(places, languages)
		for _, name := range all {
			key := Stem(lang, name)
			if other, ok := byKey[key]; ok && other != name {
				t.Logf("%s: %s meets %s", lang, name, other)
				wrong++
			}
			byKey[key] = name
		}
		t.Logf("%s: %d of %d names meet another", lang, wrong, len(all))
		if len(all) < 500 || wrong*50 > len(all) {
			t.Errorf("%s: more than 2 %%", lang)
		}
	}
}

// displayNames returns the names of one word, folded, in order of their codes.
func displayNames(t *testing.T, dir, lang, kind string) []string {
	data, err := os.ReadFile(fmt.Sprintf("%s/names/cldr-territories/%s_%s.json", dir, lang, kind))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Main map[string]struct{ LocaleDisplayNames map[string]map[string]string }
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	all := file.Main[lang].LocaleDisplayNames[kind]
	var names []string
	for _, code := range slices.Sorted(maps.Keys(all)) {
		if cut := words.Cut(all[code]); len(cut) == 1 && !strings.Contains(code, "-alt-") {
			names = append(names, cut[0].Folded)
		}
	}
	return names
}
