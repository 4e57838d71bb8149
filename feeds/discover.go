package feeds

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// maxTries is how many of the feeds that a page names are asked.
const maxTries = 3

// Find is [Poller.Fetch] for an address that may be a site's page: then the page's feed is looked
// for. What comes back is the feed whose document it is: f, or f at the address that was found.
func (p *Poller) Find(ctx context.Context, f Feed) (Feed, syndication.Document, error) {
	f.State = State{}
	ctx, cancel := context.WithTimeout(ctx, p.set.Timeout)
	defer cancel()
	var doc syndication.Document
	found := f
	a, err := p.fetch(ctx, f)
	if err == nil {
		doc, err = p.read(f, a)
	}
	if syndication.IsPage(err) {
		found.URL, doc, _, err = p.discover(ctx, f, a)
	}
	if err != nil {
		return f, syndication.Document{}, errors.New(p.reason(f, err))
	}
	return found, doc, nil
}

// discover finds the feed of a page, which is what came of asking for f. It returns the address of
// the first feed, of those that the page names, that can be read, and what came of asking for it.
// They are asked under the same guards and limits as f, in the time that ctx leaves, and get
// none of the secrets of f: neither its user nor its headers. A page without a feed is the error
// that [syndication.Read] has for pages.
func (p *Poller) discover(
	ctx context.Context, f Feed, page answer,
) (found string, doc syndication.Document, a answer, err error) {
	candidates, err := p.candidates(f, page)
	if err != nil {
		return "", syndication.Document{}, answer{}, err
	}
	var first error
	for _, c := range candidates[:min(len(candidates), maxTries)] {
		at := Feed{Source: Source{URL: c.URL}}
		if a, err = p.fetch(ctx, at); err == nil {
			doc, err = p.read(at, a)
		}
		if err == nil {
			return c.URL, doc, a, nil
		}
		first = cmp.Or(first, fmt.Errorf("the address is a page: give its feed's own address "+
			"(it names %s: %s)", Redact(c.URL), p.reason(at, err)))
		if ctx.Err() != nil {
			break
		}
	}
	return "", syndication.Document{}, answer{}, first
}

// candidates lists the feeds that a page names; a page that names none is an error.
func (p *Poller) candidates(f Feed, page answer) (found []syndication.Candidate, err error) {
	defer p.rescue(f, &err)
	body, err := p.unpack(page)
	if err != nil {
		return nil, err
	}
	found = syndication.Discover(body, page.contentType, page.base)
	if len(found) == 0 {
		_, err = syndication.Read(body, page.contentType, page.base)
	}
	return found, err
}
