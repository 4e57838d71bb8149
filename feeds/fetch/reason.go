package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// MaxReason is how many bytes the wording of a failure has at most.
const MaxReason = 200

// StatusError is an answer that is neither a body nor "unchanged".
type StatusError struct {
	Code       int
	RetryAfter string // the header, as received
}

func (e *StatusError) Error() string {
	said := fmt.Sprintf("the server answers %d %s", e.Code, http.StatusText(e.Code))
	switch e.Code {
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

// Unreachable reports whether a host was not reached, as opposed to one that gave a bad answer or
// is never asked.
func Unreachable(err error) bool {
	var never *refusedError
	var name *net.DNSError
	var connection *net.OpError
	var network net.Error
	switch {
	case err == nil, errors.As(err, &never):
		return false
	case errors.As(err, &name), errors.Is(err, context.DeadlineExceeded):
		return true
	case errors.As(err, &connection):
		return connection.Op == "dial" || connection.Op == "read"
	}
	return errors.As(err, &network) && network.Timeout()
}

// Strained reports whether a server says that it has too much to do.
func Strained(err error) bool {
	var refused *StatusError
	return errors.As(err, &refused) && (refused.Code == http.StatusTooManyRequests ||
		refused.Code == http.StatusServiceUnavailable)
}

// Reason words why a request failed, for people: one line of at most [MaxReason] bytes, no control
// characters, no secrets.
func (c *Client) Reason(r Request, err error) string {
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
		said = fmt.Sprintf("no complete answer within %s", c.set.Timeout)
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
	return syndication.Clean(c.hide(r, said), MaxReason)
}

// hide takes out of a text whatever must not be repeated, should a server have echoed it.
func (c *Client) hide(r Request, said string) string {
	hidden := append(secrets(r.URL), secrets(c.set.Proxy)...)
	hidden = append(hidden, secrets(r.Moved)...)
	for _, value := range r.Headers {
		hidden = append(hidden, value, url.QueryEscape(value))
	}
	for _, secret := range hidden {
		if len(secret) > 2 { // shorter ones are no secrets, and would tear words apart
			said = strings.ReplaceAll(said, secret, "***")
		}
	}
	return said
}
