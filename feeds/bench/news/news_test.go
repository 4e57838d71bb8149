package news

import (
	"bytes"
	"compress/gzip"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

const home = "http://127.0.0.1/1/"

var press = Press{
	Seed: 1,
	At:   time.Date(2026, 2, 6, 8, 0, 0, 0, time.UTC),
}

// TestSize asserts that documents are as large as those of real feeds, packed and unpacked: what
// the figures stand for depends on it.
func TestSize(t *testing.T) {
	plain, packed := 0, 0
	const n = 20
	for feed := range n {
		doc := press.Document(feed, home, 0)
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(doc)
		z.Close()
		plain += len(doc)
		packed += b.Len()
	}
	if plain /= n; plain < 32_000 || plain > 36_000 {
		t.Errorf("a document has %d bytes", plain)
	}
	if packed /= n; packed < 10_000 || packed > 12_000 {
		t.Errorf("a document has %d bytes packed", packed)
	}
}

// TestEditions asserts that a document is made of as many items as it says, known ones and fresh
// ones, none younger than the press and none shared between feeds.
func TestEditions(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct{ feed, edition, fresh int }{
		{1, 0, Items}, {1, 1, Fresh}, {1, editions, Items}, {2, 0, Items}, {1, 1, 0},
	} {
		doc, err := syndication.Read(press.Document(c.feed, home, c.edition), "", home)
		if err != nil {
			t.Fatal(err)
		}
		fresh := 0
		for _, e := range doc.Entries {
			if !seen[e.GUID] {
				fresh++
			}
			seen[e.GUID] = true
			if e.Published.After(press.At) || e.Title == "" || e.Link == "" || e.Text == "" {
				t.Errorf("%+v", e)
			}
		}
		if len(doc.Entries) != Items || fresh != c.fresh {
			t.Errorf("edition %d of feed %d: %d items, %d of them fresh",
				c.edition, c.feed, len(doc.Entries), fresh)
		}
	}
	if !bytes.Equal(press.Document(1, home, 3), press.Document(1, home, 3)) {
		t.Error("one edition is printed in two ways")
	}
}
