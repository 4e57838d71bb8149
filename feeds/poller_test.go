package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const oneItem = `<rss version="2.0"><channel><title>T</title>` +
	`<item><guid>1</guid><title>One</title></item></channel></rss>`

// paths says how a server answers.
type paths map[string]http.HandlerFunc

// serve starts a server and returns its address.
func serve(tb testing.TB, at paths) string {
	tb.Helper()
	mux := http.NewServeMux()
	for path, h := range at {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	tb.Cleanup(s.Close)
	return s.URL
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

// pass runs one pass that must not fail.
func runPass(t *testing.T, p *Poller, want int) {
	t.Helper()
	n, err := p.Poll(t.Context())
	if n != want || err != nil {
		t.Fatalf("polled %d feeds, %v; want %d", n, err, want)
	}
}

func TestPollSavesStateAndItems(t *testing.T) {
	url := serve(t, paths{"/": body(oneItem)})
	store := newMemory(url + "/a")
	p, polls := poller(t, store)
	saved := 0
	p.Saved = func() { saved++ }
	runPass(t, p, 1)
	o := (*polls)[0]
	if o.Result != PollOK || o.Fetched != 1 || o.Fresh != 1 || o.Err != nil {
		t.Errorf("%+v", o)
	}
	if saved != 1 || len(store.items) != 1 {
		t.Errorf("saved %d times, %d items", saved, len(store.items))
	}
	f := store.feed(1)
	since := f.Polled.Sub(noon)
	if since < 0 || since > time.Minute || !f.Due.After(noon) || f.BodyHash == "" {
		t.Errorf("times do not go by the store's clock: %+v", f.State)
	}
	runPass(t, p, 0) // not due again
}

func TestUnchanged(t *testing.T) {
	var conditional atomic.Int32
	url := serve(t, paths{
		"/tagged": func(w http.ResponseWriter, r *http.Request) {
			tag, date := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
			if tag == `W/"7"` && date == "whenever" {
				conditional.Add(1)
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `W/"7"`)
			w.Header().Set("Last-Modified", "whenever") // sent back as received
			fmt.Fprint(w, oneItem)
		},
		"/plain": body(oneItem),
	})
	store := newMemory(url+"/tagged", url+"/plain")
	p, polls := poller(t, store)
	runPass(t, p, 2)
	store.advance(time.Hour)
	runPass(t, p, 2)
	for _, o := range (*polls)[2:] {
		if o.Result != PollUnchanged || o.Fetched != 0 || o.Fresh != 0 {
			t.Errorf("%s: %+v", o.Feed.URL, o)
		}
		if !o.Feed.Polled.After(o.Feed.BodyAt) {
			t.Errorf("%s: polled %v, body of %v", o.Feed.URL, o.Feed.Polled, o.Feed.BodyAt)
		}
	}
	if conditional.Load() != 1 {
		t.Errorf("%d conditional requests were answered with 304", conditional.Load())
	}
}

// TestETagNeverOutrunsItems: a body that cannot be read leaves the last good one's marks in place.
func TestETagNeverOutrunsItems(t *testing.T) {
	var broken atomic.Bool
	url := serve(t, paths{"/": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprint(broken.Load())))
		if broken.Load() {
			fmt.Fprint(w, oneItem[:len(oneItem)-20])
			return
		}
		fmt.Fprint(w, oneItem)
	}})
	store := newMemory(url + "/a")
	p, _ := poller(t, store)
	runPass(t, p, 1)
	good := store.feed(1)
	broken.Store(true)
	store.advance(time.Hour)
	runPass(t, p, 1)
	bad := store.feed(1)
	if bad.Failures != 1 || bad.ETag != good.ETag || bad.BodyHash != good.BodyHash ||
		bad.BodyAt != good.BodyAt {
		t.Errorf("before %+v\nafter %+v", good.State, bad.State)
	}
}

// TestHangingFeedDelaysNoOther: the hung feed ends only after all others are saved, even those
// that become due meanwhile.
func TestHangingFeedDelaysNoOther(t *testing.T) {
	release := make(chan struct{})
	hang := serve(t, paths{"/": func(http.ResponseWriter, *http.Request) { <-release }})
	quick := serve(t, paths{"/": body(oneItem)})
	store := newMemory(hang + "/hang")
	for i := range 10 {
		store.add(fmt.Sprintf("%s/%d", quick, i))
	}
	p, polls := poller(t, store, func(s *Settings) { s.Workers = 2 })
	p.Polled = func(o Poll) {
		*polls = append(*polls, o)
		switch len(*polls) {
		case 10:
			store.add(quick + "/late")
		case 11:
			close(release)
		}
	}
	runPass(t, p, 12)
	if last := (*polls)[11].Feed.URL; last != hang+"/hang" {
		t.Errorf("the last poll was of %s", last)
	}
}

// TestBusyHost: two requests at once to one host, and feeds of other hosts go ahead of those that
// wait for it.
func TestBusyHost(t *testing.T) {
	var mu sync.Mutex
	var now, most int
	release, both := make(chan struct{}), make(chan struct{})
	busy := serve(t, paths{"/": func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		if now++; now == 2 && most < 2 {
			close(both)
		}
		most = max(most, now)
		mu.Unlock()
		<-release
		mu.Lock()
		now--
		mu.Unlock()
		fmt.Fprint(w, oneItem)
	}})
	other := serve(t, paths{"/": body(oneItem)})
	store := newMemory()
	for i := range 20 {
		store.add(fmt.Sprintf("%s/%d", busy, i))
	}
	for i := range 5 {
		store.add(fmt.Sprintf("%s/%d", other, i))
	}
	p, polls := poller(t, store, func(s *Settings) { s.Workers = 3 })
	p.Polled = func(o Poll) {
		if *polls = append(*polls, o); len(*polls) == 5 {
			<-both // a request is under way before its server knows of it
			close(release)
		}
	}
	began := time.Now()
	runPass(t, p, 25)
	if took := time.Since(began); took > 10*askAgain {
		t.Errorf("took %v: it waited before asking the store for more", took)
	}
	for _, o := range (*polls)[:5] {
		if !strings.HasPrefix(o.Feed.URL, other) {
			t.Errorf("%s went ahead", o.Feed.URL)
		}
	}
	if most != 2 {
		t.Errorf("%d requests at once to one host", most)
	}
}

// TestStrainedHostIsLeftAlone: for a second after it says that it has too much to do, while others
// are asked.
func TestStrainedHostIsLeftAlone(t *testing.T) {
	var at []time.Time
	strained := serve(t, paths{"/": func(w http.ResponseWriter, _ *http.Request) {
		at = append(at, time.Now())
		w.WriteHeader(http.StatusServiceUnavailable)
	}})
	store := newMemory(strained+"/1", strained+"/2")
	store.add(serve(t, paths{"/": body(oneItem)}) + "/other")
	p, polls := poller(t, store, func(s *Settings) { s.PerHost = 1 })
	runPass(t, p, 3)
	if pause := at[1].Sub(at[0]); pause < time.Second {
		t.Errorf("asked again after %v", pause)
	}
	if last := (*polls)[2].Feed.URL; last != strained+"/2" {
		t.Errorf("the last poll was of %s", last)
	}
}

// TestWaitingFeedIsLetGo: a feed that waits for its host for half its lease is left to others.
func TestWaitingFeedIsLetGo(t *testing.T) {
	busy := serve(t, paths{"/": func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}})
	store := newMemory(busy+"/1", busy+"/2")
	store.lease = 200 * time.Millisecond
	p, polls := poller(t, store, func(s *Settings) { s.PerHost = 1 })
	runPass(t, p, 1)
	o := (*polls)[0]
	if o.Result != PollFailed || !strings.Contains(o.Err.Error(), "no complete answer") {
		t.Errorf("%+v", o)
	}
	if f := store.feed(2); f.Failures != 0 || f.Epoch != 1 {
		t.Errorf("the waiting feed: %+v", f)
	}
}

func TestCancelledPassSavesNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := serve(t, paths{"/": func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}})
	store := newMemory(url + "/a")
	p, polls := poller(t, store)
	n, err := p.Poll(ctx)
	failures := store.feed(1).Failures
	if n != 0 || !errors.Is(err, context.Canceled) || len(*polls) != 0 || failures != 0 {
		t.Errorf("%d polls, %v, %+v", n, err, store.feed(1).State)
	}
}

func TestStoreErrorEndsThePass(t *testing.T) {
	url := serve(t, paths{"/": body(oneItem)})
	broken := errors.New("the disk is full")
	store := newMemory(url+"/a", url+"/b")
	store.broken = broken
	p, _ := poller(t, store)
	if n, err := p.Poll(t.Context()); n != 0 || !errors.Is(err, broken) {
		t.Errorf("%d polls, %v", n, err)
	}
}

// TestOnce: a feed whose next time comes during the pass is not asked again, and is without Once.
func TestOnce(t *testing.T) {
	for _, c := range []struct {
		once bool
		want int
	}{{true, 1}, {false, 2}} {
		url := serve(t, paths{"/": body(oneItem)})
		store := newMemory(url + "/a")
		p, _ := poller(t, store)
		p.Once = c.once
		first := true
		p.Polled = func(Poll) {
			if first {
				store.advance(time.Hour)
			}
			first = false
		}
		runPass(t, p, c.want)
	}
}

func TestBadScheduleOfOneFeed(t *testing.T) {
	url := serve(t, paths{"/": body(oneItem)})
	store := newMemory(url + "/a")
	store.feeds[1].Schedule = "every now and then"
	p, _ := poller(t, store)
	runPass(t, p, 1)
	if f := store.feed(1); !f.Due.After(noon) || f.LastError != "" {
		t.Errorf("%+v", f.State)
	}
}

func TestNewPollerRefuses(t *testing.T) {
	for name, change := range map[string]func(*Settings){
		"schedule": func(s *Settings) { s.Schedule = "sometimes" },
		"zone":     func(s *Settings) { s.Zone = "Nowhere/City" },
		"proxy":    func(s *Settings) { s.Proxy = "user:hunter2@host:port" },
	} {
		set := DefaultSettings()
		change(&set)
		_, err := NewPoller(nil, set, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
