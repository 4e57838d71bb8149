package fetch

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// Read turns an answer into a document.
func (c *Client) Read(r Request, a Answer) (doc syndication.Document, err error) {
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
		c.log.Error("reading a feed panicked", "feed", cmp.Or(r.Name, Redact(r.URL)),
			"stack", string(debug.Stack()))
		*err = fmt.Errorf("the parser panicked over this document, please report it: %v", v)
	}
}
