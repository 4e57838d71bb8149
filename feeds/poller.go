package feeds

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

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

	store     Store
	set       Settings
	schedule  *schedule.Schedule // of feeds whose own cannot be read
	transport *http.Transport
	articles  *fullText
	log       *slog.Logger
	weather   manners.Weather // these three belong to the pass
	pace      manners.Pace
	outage    bool
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
	transport, err := newTransport(set)
	if err != nil {
		return nil, err
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Poller{store: store, set: set, schedule: s, transport: transport,
		articles: newFullText(transport, set, log), log: log}, nil
}

// Close closes the connections that are kept open for the next pass.
func (p *Poller) Close() { p.transport.CloseIdleConnections() }

// Fetch asks for a feed once, unconditionally, and reads it; nothing is stored. Of a page the feed
// is read, see [Poller.Find]. The error is worded for people and holds no secrets.
func (p *Poller) Fetch(ctx context.Context, f Feed) (syndication.Document, error) {
	_, doc, err := p.Find(ctx, f)
	return doc, err
}

// read turns an answer into a document.
func (p *Poller) read(f Feed, a answer) (doc syndication.Document, err error) {
	defer p.rescue(f, &err)
	body, err := p.unpack(a)
	if err != nil {
		return syndication.Document{}, err
	}
	return syndication.Read(body, a.contentType, a.base)
}

// take turns an answer into a reading. The answer that comes back is the one that was read: of a page
// that is given as a feed, the answer of the page's feed.
func (p *Poller) take(ctx context.Context, f Feed, a answer, now time.Time) (
	_ answer, r reading, err error) {
	defer p.rescue(f, &err)
	doc, err := p.read(f, a)
	if syndication.IsPage(err) && f.unread(now) {
		doc, a, err = p.ofPage(ctx, f, a)
	}
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

// ofPage finds the feed of a page, to be asked from now on unless that leads out of TLS.
func (p *Poller) ofPage(ctx context.Context, f Feed, page answer) (
	syndication.Document, answer, error) {
	found, doc, a, err := p.discover(ctx, f, page)
	if err != nil {
		return doc, page, err
	}
	if strings.HasPrefix(page.base, "http:") || strings.HasPrefix(found, "https:") {
		a.moved = found
	}
	p.log.Info("the address is a page: its feed is read", "feed", f.Label(), "at", Redact(found))
	return doc, a, nil
}

// rescue is deferred around parsers: one that panics over hostile bytes fails this feed and no
// other.
func (p *Poller) rescue(f Feed, err *error) {
	if v := recover(); v != nil {
		p.log.Error("reading a feed panicked", "feed", f.Label(), "stack", string(debug.Stack()))
		*err = fmt.Errorf("the parser panicked over this document, please report it: %v", v)
	}
}
