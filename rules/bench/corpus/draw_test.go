package corpus

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/rules"
)

// texts returns documents of numbered words, all of which occur in several.
func texts() []rules.Document {
	number := strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e",
		"5", "f", "6", "g", "7", "h", "8", "i", "9", "j")
	var documents []rules.Document
	for i := range 300 {
		var b strings.Builder
		for j := range 50 {
			b.WriteString(number.Replace(fmt.Sprintf("Word%d ", (i*7+j*j)%700)))
		}
		documents = append(documents, rules.Document{Title: "Title", Text: b.String()})
	}
	return documents
}

// TestDraw asserts that a draw is repeated, that it begins with a smaller one and has the shares
// that it should.
func TestDraw(t *testing.T) {
	const n = 20_000
	drawn := Read(texts()).Draw(n)
	if !reflect.DeepEqual(drawn[:500], Read(texts()).Draw(500)) {
		t.Error("a draw of 500 rules is not the beginning of a larger one")
	}
	shares := map[Kind]int{}
	for _, r := range drawn {
		shares[r.Kind]++
	}
	for kind, percent := range map[Kind]int{Word: 60, Run: 25, Phrase: 10, Or: 3, Not: 2} {
		if got := shares[kind] * 100; got < (percent-1)*n || got > (percent+1)*n {
			t.Errorf("kind %d has %d of %d rules, want %d %%", kind, shares[kind], n, percent)
		}
	}
}

// TestText asserts that the product reads every rule, and as one that has the words drawn.
func TestText(t *testing.T) {
	for _, r := range Read(texts()).Draw(500) {
		for _, exact := range []bool{true, false} {
			if _, err := rules.Parse(r.Text(exact)); err != nil {
				t.Errorf("%v: %v", r, err)
			}
		}
	}
	for want, r := range map[string]Rule{
		"=a":       {Kind: Word, A: []string{"a"}},
		"=a =b":    {Kind: Run, A: []string{"a"}, B: "b"},
		`="a b"`:   {Kind: Phrase, A: []string{"a", "b"}},
		"=a OR =b": {Kind: Or, A: []string{"a"}, B: "b"},
		"=a -=b":   {Kind: Not, A: []string{"a"}, B: "b"},
	} {
		if got := r.Text(true); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got, want := r.Text(false), strings.ReplaceAll(want, "=", ""); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestID asserts that a number comes back from its ID.
func TestID(t *testing.T) {
	for _, n := range []int{0, 7, 1_000_000} {
		if got := Number(ID(n)); got != n {
			t.Errorf("%d becomes %d", n, got)
		}
	}
}

// TestDocuments asserts that documents have the length they should, and that their absence is told.
func TestDocuments(t *testing.T) {
	if _, err := Documents(t.TempDir()); !errors.Is(err, ErrAbsent) {
		t.Errorf("an empty directory gives %v", err)
	}
	documents, err := Documents("../../../../shared/data")
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	if err != nil || len(documents) < 5_000 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	for _, d := range documents {
		n := len(strings.Fields(d.Title)) + len(strings.Fields(d.Text))
		if n != documentWords || d.Title == "" || d.Lang != "en" {
			t.Fatalf("%d words in %q", n, d)
		}
	}
}
