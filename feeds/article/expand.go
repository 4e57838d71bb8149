package article

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// atOnce is how many articles of one feed are fetched at a time.
const atOnce = 4

// Teaser is what a feed holds of an article.
type Teaser struct {
	Link, Title, Text string
	Err               error // why an article was asked for and not taken
}

// Expand replaces the text of teasers by that of their articles, where the feed holds little and the
// article more. Whatever goes wrong, and when ctx ends, a teaser stays as the feed wrote it.
func (r *Reader) Expand(ctx context.Context, teasers []Teaser) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range teasers {
		t := &teasers[i]
		if t.Link == "" || !Wanted(t.Text) || ctx.Err() != nil {
			continue
		}
		group.Go(func() error {
			r.expand(ctx, t)
			return nil
		})
	}
	_ = group.Wait() // no function returns an error
}

// expand puts the article's text into a teaser, if there is one and it is better.
func (r *Reader) expand(ctx context.Context, t *Teaser) {
	text, err := r.Text(ctx, t.Link)
	if err == nil {
		err = Fits(text, t.Title, t.Text)
	}
	if err != nil {
		t.Err = err
		return
	}
	t.Text = text
}
