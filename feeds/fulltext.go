package feeds

import (
	"context"
	"log/slog"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/tensionwatch/tensionwatch/feeds/article"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// articlesAtOnce is how many articles of one feed are fetched at a time.
const articlesAtOnce = 4

// fullText puts articles in place of the short descriptions of feeds. It is safe for concurrent
// use, and one serves all feeds: it knows what their sites allow and when they were last asked.
type fullText struct {
	reader *article.Reader
	log    *slog.Logger
}

// newFullText returns a fullText that fetches as the poller does: through the guarded transport,
// under its settings.
func newFullText(transport http.RoundTripper, set Settings, log *slog.Logger) *fullText {
	const maxPage = 2 << 20
	return &fullText{log: log, reader: article.New(transport, article.Settings{
		UserAgent: set.UserAgent,
		Timeout:   set.Timeout,
		MaxBody:   min(set.MaxBody, maxPage),
	})}
}

// enrich replaces the text of the items of a feed with full_text by that of their articles, where
// the feed holds little and the article more. It is for new items: what a feed held at its first
// poll and what is too old to be told are not worth a request. Whatever goes wrong, and when ctx
// ends, an item stays as the feed wrote it.
func (t *fullText) enrich(ctx context.Context, f Feed, items []Item) {
	if !f.FullText {
		return
	}
	var group errgroup.Group
	group.SetLimit(articlesAtOnce)
	for i := range items {
		it := &items[i]
		old := it.Arrival == Baseline || it.Arrival == Expired
		if old || it.Link == "" || !article.Wanted(it.Text) || ctx.Err() != nil {
			continue
		}
		group.Go(func() error {
			t.replace(ctx, f, it)
			return nil
		})
	}
	_ = group.Wait() // no function returns an error
}

// replace puts the article's text into an item, if there is one and it is better.
func (t *fullText) replace(ctx context.Context, f Feed, it *Item) {
	text, err := t.reader.Text(ctx, it.Link)
	if err == nil {
		err = article.Fits(text, it.Title, it.Text)
	}
	if err != nil {
		t.log.Debug("article not taken", "feed", f.Label(), "link", fetch.Redact(it.Link), "reason", err)
		return
	}
	it.Text = text
}
