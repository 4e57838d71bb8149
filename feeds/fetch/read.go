package fetch

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// Read turns an answer into a document. When it is a page, and the caller says so, the page's feed is
// looked for: the answer that comes back is the one that was read.
func (c *Client) Read(ctx context.Context, r Request, a Answer, pages bool) (
	syndication.Document, Answer, error) {
	doc, err := c.read(r, a)
	if !pages || !syndication.IsPage(err) {
		return doc, a, err
	}
	found, doc, theirs, err := c.discover(ctx, r, a)
	if err != nil {
		return doc, a, err
	}
	c.log.Info("the address is a page: its feed is read", "feed", r.label(), "at", Redact(found))
	return doc, theirs, nil
}

// read turns an answer into a document.
func (c *Client) read(r Request, a Answer) (doc syndication.Document, err error) {
	defer c.Rescue(r, &err)
	body, err := c.unpack(a)
	if err != nil {
		return syndication.Document{}, err
	}
	return syndication.Read(body, a.ContentType, a.Base)
}

// Rescue is deferred around parsers: one that panics over hostile bytes fails this feed and no
// other.
func (c *Client) Rescue(r Request, err *error) {
	if v := recover(); v != nil {
		c.log.Error("reading a feed panicked", "feed", r.label(),
			"stack", string(debug.Stack()))
		*err = fmt.Errorf("the parser panicked over this document, please report it: %v", v)
	}
}
