package backtest

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
)

var now = time.Date(2026, 2, 6, 9, 0, 0, 0, time.UTC)

// pile is an archive of items.
type pile struct {
	items []feeds.Item
	pause time.Duration // before each item
	err   error         // after all of them
}

func (p pile) Count(context.Context, time.Time) (int, error) { return len(p.items), nil }

func (p pile) Items(ctx context.Context, _ time.Time, step int) iter.Seq2[feeds.Item, error] {
	return func(yield func(feeds.Item, error) bool) {
		for i := 0; i < len(p.items); i += step {
			if p.pause > 0 {
				time.Sleep(p.pause)
			}
			if !yield(p.items[i], nil) {
				return
			}
		}
		if p.err != nil {
			yield(feeds.Item{}, p.err)
		}
	}
}

func compiled(tb testing.TB, rule string) *rules.Set {
	tb.Helper()
	set, err := rules.Compile([]rules.Watch{{ID: "x", Rule: rule}}, rules.NewNames(nil))
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

// heap is n items, of which every tenth is about talks in Oman.
func heap(n int) (p pile) {
	for i := range n {
		it := feeds.Item{Title: fmt.Sprintf("Football, round %d", i), Fetched: now.Add(-6*day + time.Duration(i)*time.Second)}
		if i%10 == 0 {
			it.Title = fmt.Sprintf("Talks in Oman, day %d", i)
		}
		p.items = append(p.items, it)
	}
	return p
}

func TestRun(t *testing.T) {
	set := compiled(t, "Oman talks")
	r, err := Run(t.Context(), heap(100), set, now)
	if err != nil || !r.Whole() || r.Stored != 100 || r.Looked != 100 || r.Matched != 10 || r.Estimate() != 10 {
		t.Errorf("%+v, %v", r, err)
	}
	if r.Days != [Days]int{10} {
		t.Errorf("by day: %v", r.Days)
	}
	if len(r.Latest) != 10 || r.Latest[0].Item.Title != "Talks in Oman, day 90" || len(r.Latest[0].In(rules.FieldTitle)) != 2 {
		t.Errorf("examples: %+v", r.Latest)
	}
}

func TestSample(t *testing.T) {
	p := heap(3*mostItems - 1)
	r, err := Run(t.Context(), p, compiled(t, "Oman talks"), now)
	if err != nil || r.Whole() || r.Step != 3 || r.Looked > mostItems {
		t.Errorf("step %d, %d of %d, %v", r.Step, r.Looked, r.Stored, err)
	}
	if want := len(p.items) / 10; r.Estimate() < want*9/10 || r.Estimate() > want*11/10 {
		t.Errorf("estimates %d, want about %d", r.Estimate(), want)
	}
	if len(r.Latest) != mostKept {
		t.Errorf("keeps %d", len(r.Latest))
	}
}

func TestCopiesAreOneExample(t *testing.T) {
	p := pile{items: []feeds.Item{{Title: "Oman talks"}, {Title: "OMAN TALKS"}, {Title: "Talks on Oman"}}}
	if r, _ := Run(t.Context(), p, compiled(t, "Oman talks"), now); len(r.Latest) != 2 || r.Matched != 3 {
		t.Errorf("%+v", r)
	}
}

func TestTimeIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := heap(1000)
		p.pause = 10 * time.Millisecond
		began := time.Now()
		r, err := Run(t.Context(), p, compiled(t, "Oman talks"), now)
		if took := time.Since(began); err != nil || !r.Late || r.Whole() || took > Limit+p.pause {
			t.Errorf("after %v: late %v, %v", took, r.Late, err)
		}
		if r.Looked == 0 || r.Estimate() < 90 || r.Estimate() > 110 {
			t.Errorf("looked at %d, estimates %d", r.Looked, r.Estimate())
		}
	})
}

func TestArchiveFails(t *testing.T) {
	broken := errors.New("disk on fire")
	if _, err := Run(t.Context(), pile{err: broken}, compiled(t, "Oman"), now); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ended, heap(10), compiled(t, "Oman"), now); !errors.Is(err, context.Canceled) {
		t.Errorf("after the call ended: %v", err)
	}
}

// BenchmarkRun measures a backtest over 100,000 items, those of a year of news where they are.
func BenchmarkRun(b *testing.B) {
	p := news(b, 100_000)
	for _, rule := range []string{"Oman talks", "Iran AND (nuclear OR missil*)", "~Shamkhani"} {
		set := compiled(b, rule)
		b.Run(rule, func(b *testing.B) {
			var r Result
			for b.Loop() {
				r, _ = Run(b.Context(), p, set, now)
			}
			b.ReportMetric(float64(r.Looked), "looked")
			b.ReportMetric(float64(r.Matched), "matched")
		})
	}
}

func news(tb testing.TB, n int) (p pile) {
	files, _ := filepath.Glob("../../../../shared/data/news-2023/*.jsonl.gz")
	if len(files) == 0 {
		tb.Log("no news-2023 beside the checkout: made-up items")
		return heap(n)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			tb.Fatal(err)
		}
		unpacked, err := gzip.NewReader(file)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(unpacked)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() && len(p.items) < n {
			var line struct{ Title, Description, Link, Language string }
			if err := json.Unmarshal(lines.Bytes(), &line); err == nil {
				p.items = append(p.items, feeds.Item{Title: line.Title, Text: line.Description,
					Link: line.Link, Lang: line.Language, Fetched: now})
			}
		}
		file.Close()
	}
	return p
}
