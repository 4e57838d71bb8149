package feeds

import (
	"context"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/article"
	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// articlesTime is how long the articles of one poll may take: meanwhile its worker asks no other feed.
const articlesTime = time.Minute

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
