package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/feeds/bench/news"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// crowd is how many feeds a pass asks.
const crowd = 100

// newsroom is the stages up to the desk over a store on disk, and the server of their feeds, all in
// one process: to see where the time goes rather than how much it is.
type newsroom struct {
	b          *testing.B
	store      *store.DB
	poller     *feeds.Poller
	desk       *story.Desk
	at         time.Time
	packed     [][]byte
	edition    int
	validators bool
}

func open(b *testing.B) *newsroom {
	n := &newsroom{b: b, at: time.Now(), validators: true}
	n.print(0)
	s := httptest.NewServer(n)
	b.Cleanup(s.Close)
	var err error
	n.store, err = store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), nil)
	n.must(err)
	b.Cleanup(func() { n.store.Close() })
	roster := store.Roster{Watches: []rules.Watch{{ID: "oman", Name: "oman", Rule: "Oman talks"}}}
	for i := range crowd {
		roster.Feeds = append(roster.Feeds, feeds.Source{URL: fmt.Sprintf("%s/%d", s.URL, i)})
	}
	n.must(n.store.Adopt(b.Context(), roster, nil))
	set := feeds.DefaultSettings()
	set.AllowPrivateNetworks, set.PerHost = true, set.Workers
	n.poller, err = feeds.NewPoller(n.store, set, nil)
	n.must(err)
	b.Cleanup(n.poller.Close)
	n.poller.Once = true
	n.desk = story.NewDesk(n.store, n.store, nil, slog.New(slog.DiscardHandler))
	return n
}

func (n *newsroom) must(err error) {
	n.b.Helper()
	if err != nil {
		n.b.Fatal(err)
	}
}

// print puts an edition on show.
func (n *newsroom) print(edition int) {
	n.edition, n.packed = edition, nil
	press := news.Press{Seed: 1, At: n.at}
	for i := range crowd {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(press.Document(i, "http://127.0.0.1/", edition))
		z.Close()
		n.packed = append(n.packed, b.Bytes())
	}
}

func (n *newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n.validators {
		tag := fmt.Sprintf(`"%d"`, n.edition)
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	feed, err := strconv.Atoi(r.URL.Path[1:])
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.Write(n.packed[feed])
}

// pass asks every feed, over new connections as if each had its own host, and sifts what came.
func (n *newsroom) pass() {
	_, err := n.store.PollAll(n.b.Context())
	n.must(err)
	polled, err := n.poller.Poll(n.b.Context())
	n.must(err)
	if polled != crowd {
		n.b.Fatalf("%d feeds were polled, not %d", polled, crowd)
	}
	n.poller.Close()
	_, err = n.desk.Sift(n.b.Context())
	n.must(err)
}

// BenchmarkPass makes whole passes of polling and sifting. It is made for profiles:
//
//	go test -run '^$' -bench 'Pass/304' -benchtime 20x -cpuprofile cpu.out
func BenchmarkPass(b *testing.B) {
	perFeed := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/crowd, "µs/feed")
	}
	b.Run("first load", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			n := open(b)
			b.StartTimer()
			n.pass()
		}
		perFeed(b)
	})
	for _, bb := range []struct {
		name       string
		validators bool
		fresh      int // editions from pass to pass
	}{{"304", true, 0}, {"same body", false, 0}, {"5 new of 25", true, 1}} {
		b.Run(bb.name, func(b *testing.B) {
			n := open(b)
			n.pass()
			n.validators = bb.validators
			for b.Loop() {
				b.StopTimer()
				n.print((n.edition + bb.fresh) % 20) // as many are dated
				b.StartTimer()
				n.pass()
			}
			perFeed(b)
		})
	}
}
