package feeds

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

const (
	maxHops    = 5
	maxReason  = 200     // bytes of a LastError
	maxAddress = 2 << 10 // bytes of an address that is learnt
)

// statusError is an answer that is neither a body nor "unchanged".
type statusError struct {
	code       int
	retryAfter string // the header, as received
}

func (e *statusError) Error() string {
	said := fmt.Sprintf("the server answers %d %s", e.code, http.StatusText(e.code))
	switch e.code {
	case http.StatusUnauthorized, http.StatusForbidden:
		return said + ": it wants a login, or does not like the user_agent; see headers of the feed"
	case http.StatusNotFound:
		return said + ": check the address"
	case http.StatusGone:
		return said + ": the feed has ended, remove it"
	case http.StatusTooManyRequests:
		return said + ": give the feed a slower schedule"
	}
	return said
}

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
		dialer.Control = guard(set.AllowPrivateNetworks)
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

// fetch asks for a feed once, conditionally if its state allows. The body comes back as it was
// sent, at most Settings.MaxBody long.
func (p *Poller) fetch(ctx context.Context, f Feed) (answer, error) {
	req, err := p.request(ctx, f)
	if err != nil {
		return answer{}, err
	}
	trail := &trail{feed: req.URL}
	client := http.Client{Transport: p.transport, CheckRedirect: p.redirect(f.URL, trail)}
	resp, err := client.Do(req.WithContext(trail.watch(ctx)))
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	conditional := f.ETag != "" || f.LastModified != ""
	a := answer{status: resp.StatusCode, header: resp.Header, moved: trail.end()}
	switch {
	case resp.StatusCode == http.StatusNotModified && conditional:
		return a, nil
	case resp.StatusCode != http.StatusOK:
		return answer{}, &statusError{resp.StatusCode, resp.Header.Get("Retry-After")}
	}
	err = p.receive(&a, resp)
	return a, err
}

// request builds the request for a feed.
func (p *Poller) request(ctx context.Context, f Feed) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Address(), nil)
	if err != nil {
		return nil, errors.New("the address cannot be read: check how it is written")
	}
	if !syndication.IsWeb(req.URL) {
		return nil, errors.New("the address must begin with http:// or https:// and name a host")
	}
	req.Header.Set("User-Agent", p.set.UserAgent)
	req.Header.Set("Accept", "application/rss+xml, application/atom+xml, application/feed+json, "+
		"application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip")
	if f.ETag != "" {
		req.Header.Set("If-None-Match", f.ETag)
	}
	if f.LastModified != "" {
		req.Header.Set("If-Modified-Since", f.LastModified)
	}
	if f.Moved != "" {
		if feed, err := url.Parse(f.URL); err != nil || !sameSite(feed, req.URL) {
			return req, nil
		}
	}
	for name, value := range p.Headers[f.URL] {
		req.Header.Set(name, value)
	}
	return req, nil
}

// redirect returns what is done at each hop: only http(s), at most maxHops, the feed's own headers
// only to the feed's own host and never out of TLS. No hop learns the address before it, which
// may hold a secret. The trail keeps where the hops led.
func (p *Poller) redirect(feed string, t *trail) func(*http.Request, []*http.Request) error {
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
			for name := range p.Headers[feed] {
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
func (p *Poller) receive(a *answer, resp *http.Response) error {
	a.contentType = resp.Header.Get("Content-Type")
	a.base = resp.Request.URL.String()
	switch e := strings.ToLower(resp.Header.Get("Content-Encoding")); e {
	case "", "identity":
	case "gzip", "x-gzip":
		a.gzipped = true
	default:
		return fmt.Errorf("the body is packed as %q, which we did not ask for",
			syndication.Clean(e, 20))
	}
	if resp.ContentLength > p.set.MaxBody {
		return p.tooLarge()
	}
	var err error
	if a.packed, err = p.readAll(resp.Body); err != nil {
		return fmt.Errorf("receiving the body: %w", err)
	}
	sum := sha256.Sum256(a.packed)
	a.hash = hex.EncodeToString(sum[:16])
	return nil
}

// unpack returns the body of an answer, inflated no further than the limit.
func (p *Poller) unpack(a answer) ([]byte, error) {
	if !a.gzipped {
		return a.packed, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(a.packed))
	if err != nil {
		return nil, fmt.Errorf("unpacking the body: %w", err)
	}
	body, err := p.readAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpacking the body: %w", err)
	}
	return body, nil
}

// readAll reads up to the size limit and refuses what is longer.
func (p *Poller) readAll(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, p.set.MaxBody+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > p.set.MaxBody {
		return nil, p.tooLarge()
	}
	return body, nil
}

func (p *Poller) tooLarge() error {
	return fmt.Errorf("the body is larger than %d bytes: raise max_body under [poll] if it may be",
		p.set.MaxBody)
}

// reason words why a poll failed, for people: one line, no control characters, no secrets.
func (p *Poller) reason(f Feed, err error) string {
	var refused *refusedError
	var address *url.Error
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	var network net.Error
	said := ""
	switch {
	case errors.As(err, &refused):
		said = refused.Error()
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		said = fmt.Sprintf("no complete answer within %s", p.set.Timeout)
	case errors.As(err, &certificate):
		said = fmt.Sprintf("the server cannot prove that it is who the address names (%v): check "+
			"the address", certificate.Err)
	case errors.As(err, &name):
		said = fmt.Sprintf("the host name %s leads nowhere: check the address", name.Name)
	case errors.Is(err, io.ErrUnexpectedEOF):
		said = "the answer is cut off before its end: nothing of it is taken"
	case errors.Is(err, io.EOF):
		said = "the server closed the connection without an answer"
	case errors.As(err, &address):
		said = address.Err.Error() // without the address, which may hold secrets
	default:
		said = err.Error()
	}
	return syndication.Clean(p.hide(f, said), maxReason)
}

// hide takes out of a text whatever must not be repeated, should a server have echoed it.
func (p *Poller) hide(f Feed, said string) string {
	hidden := append(secrets(f.URL), secrets(p.set.Proxy)...)
	hidden = append(hidden, secrets(f.Moved)...)
	for _, value := range p.Headers[f.URL] {
		hidden = append(hidden, value, url.QueryEscape(value))
	}
	for _, secret := range hidden {
		if len(secret) > 2 { // shorter ones are no secrets, and would tear words apart
			said = strings.ReplaceAll(said, secret, "***")
		}
	}
	return said
}
