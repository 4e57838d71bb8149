package feeds

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/article"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
	"github.com/tensionwatch/tensionwatch/feeds/manners"
	"github.com/tensionwatch/tensionwatch/feeds/syndication"
	"github.com/tensionwatch/tensionwatch/schedule"
)

// Poller polls the feeds of a [Store]. Its exported fields are set before the first pass and not
// changed after it. One pass runs at a time; [Poller.Fetch] may be called at any time.
type Poller struct {
	// Headers are extra request headers by feed address. They come from the config, are never
	// stored, and never go to another host.
	Headers map[string]map[string]string

	// Saved is called after each commit with fresh items; if nil, nobody is told.
	Saved func()

	// Polled is called after each poll that was saved; if nil, nobody is told. Both hooks are
	// called by the pass itself, one call at a time, and hold it up while they run.
	Polled func(Poll)

	// Once asks each feed at most once in a pass, even if its next time comes meanwhile. A feed
	// that is claimed a second time is left until its lease ends.
	Once bool

	store    Store
	set      Settings
	schedule *schedule.Schedule // of feeds whose own cannot be read
	client   *fetch.Client
	articles *article.Reader
	log      *slog.Logger
	weather  manners.Weather // these three belong to the pass
	pace     manners.Pace
	outage   bool
}

// PollResult says how a poll ended.
type PollResult string

const (
	PollOK        PollResult = "ok"        // a body was read
	PollUnchanged PollResult = "unchanged" // the server or the body itself says so
	PollFailed    PollResult = "failed"    // see Feed.LastError
)

// Poll is one poll of one feed, as it was saved.
type Poll struct {
	Feed    Feed // with its new state
	Result  PollResult
	Fetched int           // items in the body; none when unchanged
	Fresh   int           // of them, not known before
	Err     error         // why it failed: the text of Feed.LastError, without secrets
	Ours    bool          // it failed because we are cut off: it does not count against the feed
	Took    time.Duration // from the request to the commit
}

// NewPoller returns a poller. An error is a mistake in the settings. The store may be nil when only
// [Poller.Fetch] is used, and the log when nothing should be logged.
func NewPoller(store Store, set Settings, log *slog.Logger) (*Poller, error) {
	s, err := schedule.Parse(set.Schedule, set.Zone)
	if err != nil {
		return nil, fmt.Errorf("reading the schedule %q of [poll]: %w", set.Schedule, err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	client, err := fetch.New(set.Settings, log)
	if err != nil {
		return nil, err
	}
	articles := article.New(client.Transport(), article.Settings{
		UserAgent: set.UserAgent, Timeout: set.Timeout, MaxBody: min(set.MaxBody, article.MaxPage)})
	return &Poller{store: store, set: set, schedule: s, client: client, articles: articles, log: log}, nil
}

// Close closes the connections that are kept open for the next pass.
func (p *Poller) Close() { p.client.Close() }

// Fetch asks for a feed once, unconditionally, and reads it; nothing is stored. Of a page the feed
// is read, see [Poller.Find]. The error is worded for people and holds no secrets.
func (p *Poller) Fetch(ctx context.Context, f Feed) (syndication.Document, error) {
	_, doc, err := p.Find(ctx, f)
	return doc, err
}

// Find is [Poller.Fetch] for an address that may be a site's page: then the page's feed is looked
// for. What comes back is the feed whose document it is: f, or f at the address that was found.
func (p *Poller) Find(ctx context.Context, f Feed) (Feed, syndication.Document, error) {
	f.State = State{}
	var doc syndication.Document
	var err error
	f.URL, doc, err = p.client.Find(ctx, p.request(f))
	return f, doc, err
}

// request is how a feed is asked for.
func (p *Poller) request(f Feed) fetch.Request {
	return fetch.Request{URL: f.URL, Moved: f.Moved, Name: f.Name, ETag: f.ETag,
		LastModified: f.LastModified, Headers: p.Headers[f.URL]}
}

// take turns an answer into a reading. The answer that comes back is the one that was read: of a page
// that is given as a feed, the answer of the page's feed.
func (p *Poller) take(ctx context.Context, f Feed, a fetch.Answer, now time.Time) (
	_ fetch.Answer, r reading, err error) {
	req := p.request(f)
	defer p.client.Rescue(req, &err)
	doc, a, err := p.client.Read(ctx, req, a, f.unread(now))
	if err != nil {
		return a, reading{}, err
	}
	return a, readingOf(doc, f, now, p.set), nil
}

// unread reports whether a feed could never be read, or not for long. One that was read a moment ago
// and answers with a page has a bad moment: its address is not that of a page.
func (f Feed) unread(now time.Time) bool {
	return f.Polled.IsZero() || !f.FailingSince.IsZero() && now.Sub(f.FailingSince) >= movedPatience
}
