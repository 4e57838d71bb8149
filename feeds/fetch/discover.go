package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// maxTries is how many of the feeds that a page names are asked.
const maxTries = 3

// Find asks, unconditionally, for what may be a feed or a site's page, whose feed is then looked
// for, all within the time of one request. It returns the address whose document it is. The error is
// worded as [Client.Reason] does.
func (c *Client) Find(ctx context.Context, r Request) (string, syndication.Document, error) {
	r.Moved, r.ETag, r.LastModified = "", "", ""
	ctx, cancel := context.WithTimeout(ctx, c.set.Timeout)
	defer cancel()
	var doc syndication.Document
	found := r.URL
	a, err := c.Get(ctx, r)
	if err == nil {
		doc, err = c.read(r, a)
	}
	if syndication.IsPage(err) {
		found, doc, _, err = c.discover(ctx, r, a)
	}
	if err != nil {
		return r.URL, syndication.Document{}, errors.New(c.Reason(r, err))
	}
	return found, doc, nil
}

// discover finds the feed of a page, which is what came of asking for r. It returns the address of
// the first feed, of those that the page names, that can be read, and what came of asking for it:
// an answer that says to ask there from now on, unless that leads out of TLS. They are asked under
// the same guards and limits as r, in the time that ctx leaves, and get none of the secrets of r:
// neither its user nor its headers. A page without a feed is the error that [syndication.Read] has
// for pages.
func (c *Client) discover(
	ctx context.Context, r Request, page Answer,
) (found string, doc syndication.Document, a Answer, err error) {
	candidates, err := c.candidates(r, page)
	if err != nil {
		return "", syndication.Document{}, Answer{}, err
	}
	var first error
	for _, named := range candidates[:min(len(candidates), maxTries)] {
		at := Request{URL: named.URL}
		if a, err = c.Get(ctx, at); err == nil {
			doc, err = c.read(at, a)
		}
		if err == nil {
			if strings.HasPrefix(page.Base, "http:") || strings.HasPrefix(at.URL, "https:") {
				a.Moved = at.URL
			}
			return at.URL, doc, a, nil
		}
		first = cmp.Or(first, fmt.Errorf("the address is a page: give its feed's own address "+
			"(it names %s: %s)", Redact(at.URL), c.Reason(at, err)))
		if ctx.Err() != nil {
			break
		}
	}
	return "", syndication.Document{}, Answer{}, first
}

// candidates lists the feeds that a page names; a page that names none is an error.
func (c *Client) candidates(r Request, page Answer) (found []syndication.Candidate, err error) {
	defer c.Rescue(r, &err)
	body, err := c.unpack(page)
	if err != nil {
		return nil, err
	}
	found = syndication.Discover(body, page.ContentType, page.Base)
	if len(found) == 0 {
		_, err = syndication.Read(body, page.ContentType, page.Base)
	}
	return found, err
}
