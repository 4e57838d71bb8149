package article

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

var errHops = fmt.Errorf("the page redirects more than %d times", maxHops)

// follow asks for an address and goes where it redirects to, http(s) only. Each hop is admitted
// before it is asked. The caller closes the body.
func (r *Reader) follow(ctx context.Context, u *url.URL,
	admit func(context.Context, *url.URL) error) (*http.Response, error) {
	for range 1 + maxHops {
		if err := admit(ctx, u); err != nil {
			return nil, err
		}
		resp, err := r.get(ctx, u)
		if err != nil {
			return nil, err
		}
		next, err := location(resp)
		if next == nil && err == nil {
			return resp, nil
		}
		resp.Body.Close()
		if err != nil {
			return nil, err
		}
		u = next
	}
	return nil, errHops
}

// get asks for one address. Nobody learns the user or fragment of a link, nor where we come from.
func (r *Reader) get(ctx context.Context, u *url.URL) (*http.Response, error) {
	to := *u
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return nil, errors.New("the page's address cannot be read")
	}
	req.Header.Set("User-Agent", r.set.UserAgent)
	req.Header.Set("Accept", "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1")
	req.Header.Set("Accept-Encoding", "gzip")
	return r.transport.RoundTrip(req)
}

// location returns where a response redirects to, nil when it does not.
func location(resp *http.Response) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	to, err := resp.Location()
	if err != nil {
		return nil, errors.New("the page redirects to nowhere")
	}
	if !syndication.IsWeb(to) {
		return nil, fmt.Errorf("the page redirects to %q, which is neither http nor https",
			syndication.Clean(to.Scheme, 20))
	}
	return to, nil
}

// receive reads and unpacks a body. What stands beyond the limit is not read: an article begins
// long before, or there is none.
func receive(resp *http.Response, limit int64) ([]byte, error) {
	body := io.LimitReader(resp.Body, limit)
	switch e := strings.ToLower(resp.Header.Get("Content-Encoding")); e {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, fmt.Errorf("receiving the body: %w", err)
		}
		body = io.LimitReader(z, limit)
	default:
		return nil, fmt.Errorf("the body is packed as %q, which we did not ask for",
			syndication.Clean(e, 20))
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("receiving the body: %w", err)
	}
	return text, nil
}
