package fetch

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync"
)

// trail is where the redirects of one request led, and whether that may be learnt.
type trail struct {
	feed *url.URL // asked first
	last *url.URL // asked last, when there was a redirect
	lost bool     // a hop was not permanent, or led out of TLS

	mu      sync.Mutex // connections are reported by the transport's own goroutines
	public  bool       // a connection led to the internet
	private bool       // the last one did not
}

// watch returns a context under which the trail sees where each connection leads.
func (t *trail) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			to, err := netip.ParseAddrPort(got.Conn.RemoteAddr().String())
			inside := err != nil || Guard(false)("tcp", to.String(), nil) != nil
			t.mu.Lock()
			defer t.mu.Unlock()
			t.public, t.private = t.public || !inside, inside
		},
	})
}

// hop takes in a redirect that is about to be followed.
func (t *trail) hop(req *http.Request) {
	code := req.Response.StatusCode
	permanent := code == http.StatusMovedPermanently || code == http.StatusPermanentRedirect
	before := req.Response.Request.URL
	if !permanent || before.Scheme == "https" && req.URL.Scheme != "https" {
		t.lost = true
	}
	t.last = req.URL
}

// end returns the address to ask from now on, or nothing. Only what is permanent on every hop is
// learnt, never out of TLS or out of the internet into a private network, and nothing of a feed
// that has a user in its address: where its secrets may go is for its owner to say.
func (t *trail) end() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil || t.lost || t.public && t.private || t.feed.User != nil {
		return ""
	}
	end := *t.last
	end.User, end.Fragment, end.RawFragment = nil, "", ""
	address := end.String()
	if len(address) > maxAddress || strings.EqualFold(address, t.feed.String()) {
		return ""
	}
	return address
}
