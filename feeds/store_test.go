package feeds

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// memory is a Store in memory with a clock of its own, which begins at noon and moves only when
// it is told to, so that nothing can pass by using another.
type memory struct {
	mu      sync.Mutex
	now     time.Time
	lease   time.Duration
	feeds   map[int64]*Feed
	items   map[string]Item      // by feed and key
	seen    map[string]time.Time // likewise: BodyAt of the last body that held it
	changed []Item               // known items whose words were saved anew
	claims  int                  // calls of Due
	broken  error                // what Save answers, if set
}

func newMemory(urls ...string) *memory {
	m := &memory{now: noon, lease: time.Minute, feeds: map[int64]*Feed{}, items: map[string]Item{},
		seen: map[string]time.Time{}}
	for _, url := range urls {
		m.add(url)
	}
	return m
}

func (m *memory) add(url string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := int64(len(m.feeds) + 1)
	f := feedAt(url)
	f.ID, f.Due = id, noon.Add(time.Duration(id)-time.Hour)
	m.feeds[id] = &f
	return id
}

func (m *memory) advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(d)
}

func (m *memory) feed(id int64) Feed {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.feeds[id]
}

func (m *memory) Due(ctx context.Context, n int) ([]Feed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.claims++
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var due []Feed
	for _, f := range m.feeds {
		if !f.Gone && !f.Due.After(m.now) && !f.Lease.After(m.now) {
			due = append(due, *f)
		}
	}
	slices.SortFunc(due, func(a, b Feed) int { return a.Due.Compare(b.Due) })
	due = due[:min(n, len(due))]
	for i := range due {
		f := m.feeds[due[i].ID]
		f.Claimed, f.Lease, f.Epoch = m.now, m.now.Add(m.lease), f.Epoch+1
		due[i] = *f
	}
	return due, nil
}

func (m *memory) Save(_ context.Context, f Feed, items []Item) (fresh int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil { // ctx is ignored: a commit may win the race against its end
		return 0, m.broken
	}
	old := m.feeds[f.ID]
	if f.Epoch != old.Epoch || !old.Lease.After(m.now) {
		return 0, nil
	}
	for _, it := range items {
		key := f.URL + " " + it.Key
		old, known := m.items[key]
		if !known {
			fresh++
		} else if old.Wording() != it.Wording() {
			m.changed = append(m.changed, it)
		}
		m.items[key], m.seen[key] = it, f.BodyAt
	}
	f.Lease = time.Time{}
	m.feeds[f.ID] = &f
	return fresh, nil
}

func feedAt(url string) Feed { return Feed{Source: Source{URL: url}} }

// poller returns a poller that may reach test servers, and the list that its polls are added to.
func poller(tb testing.TB, store Store, change ...func(*Settings)) (*Poller, *[]Poll) {
	tb.Helper()
	set := DefaultSettings()
	set.AllowPrivateNetworks = true
	for _, f := range change {
		f(&set)
	}
	p, err := NewPoller(store, set, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(p.Close)
	polls := new([]Poll)
	p.Polled = func(o Poll) { *polls = append(*polls, o) }
	return p, polls
}

// Known remembers all items ever saved; those of the last body have its time.
func (m *memory) Known(_ context.Context, f Feed, items []Item) (Memory, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return Memory{}, m.broken
	}
	known := Memory{Keys: map[string]Remembered{}, Wordings: map[string]bool{},
		Links: map[string]Remembered{}}
	shared := map[string]int{}
	for _, it := range items {
		for name, old := range m.items {
			r := Remembered{Wording: old.Wording(), Title: old.Title, Text: old.Text,
				Last: m.seen[name].Equal(f.BodyAt)}
			switch {
			case old.Feed != f.ID:
			case old.Key == it.Key:
				known.Keys[it.Key] = r
			case old.Wording() == it.Wording():
				known.Wordings[it.Wording()] = true
			}
			if old.Feed == f.ID && old.Canonical != "" && old.Canonical == it.Canonical {
				known.Links[it.Canonical] = r
				shared[it.Key]++
			}
		}
		if shared[it.Key] > 1 {
			delete(known.Links, it.Canonical)
		}
	}
	return known, nil
}
