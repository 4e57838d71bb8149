package feeds

import (
	"context"

	"github.com/tensionwatch/tensionwatch/feeds/article"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// newReader returns a reader of articles that asks as the poller does: through the guarded transport,
// under its settings. One serves all feeds: it knows what their sites allow and when they were last
// asked.
func newReader(c *fetch.Client, set Settings) *article.Reader {
	const maxPage = 2 << 20
	return article.New(c.Transport(), article.Settings{UserAgent: set.UserAgent,
		Timeout: set.Timeout, MaxBody: min(set.MaxBody, maxPage)})
}

// expand puts articles in place of the short descriptions of a feed with full_text. It is for new
// items: what a feed held at its first poll and what is too old to be told are not worth a request.
func (p *Poller) expand(ctx context.Context, f Feed, news []*Item) {
	if !f.FullText {
		return
	}
	teasers := make([]article.Teaser, len(news))
	for i, it := range news {
		teasers[i] = article.Teaser{Link: it.Link, Title: it.Title, Text: it.Text}
	}
	p.articles.Expand(ctx, teasers)
	for i, t := range teasers {
		news[i].Text = t.Text
		if t.Err != nil {
			p.log.Debug("article not taken", "feed", f.Label(), "link", fetch.Redact(t.Link),
				"reason", t.Err)
		}
	}
}
