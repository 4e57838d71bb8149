// Package fetch is the way out: one request for a feed, bounded, guarded and conditional.
//
// [Client.Get] asks for an address and hands back the body as it was sent, [Client.Read] makes a
// document of it, of a page that of the feed which the page names. No connection leads into a private
// network unless the settings say so, no body is larger than they allow, no secret of a feed reaches
// another host, and [Client.Reason] words what went wrong for people, without secrets.
//
// Nothing is stored. What should be remembered of an answer is in [Answer].
package fetch

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

const (
	maxHops    = 5
	maxAddress = 2 << 10 // bytes of an address that is learnt
)

// Settings say how feeds are asked for.
type Settings struct {
	PerHost              int           // requests at once to one host
	Timeout              time.Duration // for one request, its body included
	MaxBody              int64         // bytes, packed and unpacked alike
	UserAgent            string        // who we are and where to complain
	Proxy                string        // http, https or socks5 URL; never from the environment
	AllowPrivateNetworks bool          // loopback, RFC 1918 and RFC 4193
}

// DefaultSettings returns the settings of a config that says nothing.
func DefaultSettings() Settings {
	return Settings{
		PerHost:   2,
		Timeout:   20 * time.Second,
		MaxBody:   8 << 20,
		UserAgent: "tensionwatch (+https://github.com/tensionwatch/tensionwatch)",
	}
}

// Request is what is asked for.
type Request struct {
	URL          string            // of the feed, as its owner gave it
	Moved        string            // where that address is known to lead: asked instead, if not empty
	Name         string            // for the log; if empty, the address without secrets
	ETag         string            // of the last good answer, as received
	LastModified string            // likewise
	Headers      map[string]string // more headers; they never go to another host
}

// address is where the feed is asked.
func (r Request) address() string { return cmp.Or(r.Moved, r.URL) }

// label is the feed's name for the log.
func (r Request) label() string { return cmp.Or(r.Name, Redact(r.URL)) }

// Host is who is asked: name and port. It is empty when the address cannot be read.
func (r Request) Host() string {
	u, err := url.Parse(r.address())
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// Answer is a good answer: a body, or word that nothing changed.
type Answer struct {
	Status      int // 200 or 304
	Header      http.Header
	ContentType string
	Hash        string // of Packed
	Packed      []byte // the body as it came
	Base        string // the address after redirects
	Moved       string // that address, if it may be asked from now on

	gzipped bool
}

// Unchanged reports whether an answer says, or shows, that nothing changed since the body with
// the hash.
func (a Answer) Unchanged(hash string) bool {
	return a.Status == http.StatusNotModified || a.Hash == hash
}

// Client asks for feeds. It is safe for concurrent use.
type Client struct {
	set       Settings
	transport *http.Transport
	log       *slog.Logger
}

// New returns a client. An error is a mistake in the settings.
func New(set Settings, log *slog.Logger) (*Client, error) {
	transport, err := newTransport(set)
	if err != nil {
		return nil, err
	}
	return &Client{set: set, transport: transport, log: log}, nil
}

// Transport is the guarded way out, for whatever else is asked on behalf of feeds. It leaves
// compression to its user.
func (c *Client) Transport() *http.Transport { return c.transport }

// Close closes the connections that are kept open.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// newTransport returns the only way out for feeds. Behind a proxy every connection leads to the
// proxy, so there the guard would see nothing and is left out.
func newTransport(set Settings) (*http.Transport, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	t := &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // we unpack ourselves, after looking at the packed bytes
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    set.PerHost,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
	if set.Proxy == "" {
		dialer.Control = Guard(set.AllowPrivateNetworks)
		return t, nil
	}
	proxy, err := url.Parse(set.Proxy)
	if err != nil || proxy.Host == "" {
		return nil, fmt.Errorf("reading the proxy address %q: it must look like "+
			"http://host:port", Redact(set.Proxy))
	}
	t.Proxy = http.ProxyURL(proxy)
	return t, nil
}

// Get asks for a feed once, conditionally if the request has something to go by. The body comes
// back as it was sent, at most Settings.MaxBody long. An answer that is neither a body nor
// "unchanged" is a [*StatusError].
func (c *Client) Get(ctx context.Context, r Request) (Answer, error) {
	req, err := c.request(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	trail := &trail{feed: req.URL}
	client := http.Client{Transport: c.transport, CheckRedirect: redirected(r.Headers, trail)}
	resp, err := client.Do(req.WithContext(trail.watch(ctx)))
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	conditional := r.ETag != "" || r.LastModified != ""
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Moved: trail.end()}
	switch {
	case resp.StatusCode == http.StatusNotModified && conditional:
		return a, nil
	case resp.StatusCode != http.StatusOK:
		return Answer{}, &StatusError{resp.StatusCode, resp.Header.Get("Retry-After")}
	}
	err = c.receive(&a, resp)
	return a, err
}

// request builds the request for a feed.
func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.address(), nil)
	if err != nil {
		return nil, errors.New("the address cannot be read: check how it is written")
	}
	if !syndication.IsWeb(req.URL) {
		return nil, errors.New("the address must begin with http:// or https:// and name a host")
	}
	req.Header.Set("User-Agent", c.set.UserAgent)
	req.Header.Set("Accept", "application/rss+xml, application/atom+xml, application/feed+json, "+
		"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip")
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	if r.Moved != "" {
		if feed, err := url.Parse(r.URL); err != nil || !sameSite(feed, req.URL) {
			return req, nil
		}
	}
	for name, value := range r.Headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

// redirected returns what is done at each hop: only http(s), at most maxHops, the feed's own headers
// only to the feed's own host and never out of TLS. No hop learns the address before it, which
// may hold a secret. The trail keeps where the hops led.
func redirected(headers map[string]string, t *trail) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		if len(via) > maxHops {
			return fmt.Errorf("the address redirects more than %d times: give its end", maxHops)
		}
		if !syndication.IsWeb(req.URL) {
			return fmt.Errorf("the address redirects to %q, which is neither http nor https",
				syndication.Clean(req.URL.Scheme, 20))
		}
		t.hop(req)
		req.Header.Del("Referer")
		for _, hop := range append(via[1:len(via):len(via)], req) {
			if sameSite(via[0].URL, hop.URL) {
				continue
			}
			for name := range headers {
				req.Header.Del(name)
			}
		}
		return nil
	}
}

// sameSite reports whether a hop stays where the feed is, and under TLS if it is.
func sameSite(feed, hop *url.URL) bool {
	return hop.Host == feed.Host && (hop.Scheme == "https" || feed.Scheme == "http")
}

// receive reads the body of a good response into an answer.
func (c *Client) receive(a *Answer, resp *http.Response) error {
	a.ContentType = resp.Header.Get("Content-Type")
	a.Base = resp.Request.URL.String()
	switch e := strings.ToLower(resp.Header.Get("Content-Encoding")); e {
	case "", "identity":
	case "gzip", "x-gzip":
		a.gzipped = true
	default:
		return fmt.Errorf("the body is packed as %q, which we did not ask for",
			syndication.Clean(e, 20))
	}
	if resp.ContentLength > c.set.MaxBody {
		return c.tooLarge()
	}
	var err error
	if a.Packed, err = c.readAll(resp.Body); err != nil {
		return fmt.Errorf("receiving the body: %w", err)
	}
	sum := sha256.Sum256(a.Packed)
	a.Hash = hex.EncodeToString(sum[:16])
	return nil
}

// unpack returns the body of an answer, inflated no further than the limit.
func (c *Client) unpack(a Answer) ([]byte, error) {
	if !a.gzipped {
		return a.Packed, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(a.Packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking the body: %w", err)
	}
	body, err := c.readAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpacking the body: %w", err)
	}
	return body, nil
}

// readAll reads up to the size limit and refuses what is longer.
func (c *Client) readAll(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, c.set.MaxBody+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > c.set.MaxBody {
		return nil, c.tooLarge()
	}
	return body, nil
}

func (c *Client) tooLarge() error {
	return fmt.Errorf("the body is larger than %d bytes: raise max_body under [poll] if it may be",
		c.set.MaxBody)
}
