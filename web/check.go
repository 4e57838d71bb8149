package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// checkTimeout is how long [Check] waits for the whole answer.
	checkTimeout = 5 * time.Second

	// maxReport bounds how much of the answer is read, in bytes.
	maxReport = 64 << 10
)

// Check asks a running program whether it is ready; nil means that it is. The address is where it
// listens, "http://127.0.0.1:8080" if empty, with or without a scheme and /readyz. The error holds
// the reasons, each on a line, or what to do if nobody answers.
func Check(ctx context.Context, address string) error {
	target, err := readyURL(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	status, body, err := get(ctx, target)
	if err != nil {
		return fmt.Errorf("asking %s: %w; is tensionwatch running, and is this its [web] listen?",
			target.Redacted(), err)
	}
	return verdict(target.Redacted(), status, body)
}

// readyURL completes the address of a running program.
func readyURL(address string) (*url.URL, error) {
	address = cmp.Or(address, "http://"+DefaultSettings().Listen)
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errors.New("this is no address to ask: write one like http://127.0.0.1:8080")
	}
	if !strings.HasSuffix(u.Path, "/readyz") {
		u = u.JoinPath("readyz")
	}
	return u, nil
}

// get asks directly, whatever proxy the environment names: a check is about this very address. It
// follows no redirect.
func get(ctx context.Context, target *url.URL) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return 0, nil, err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxReport))
	return resp.StatusCode, body, err
}

// verdict reads the answer of a program at some address.
func verdict(address string, status int, body []byte) error {
	var r Report
	err := json.Unmarshal(body, &r)
	if err != nil || r.Ready != (status == http.StatusOK) || r.Ready != (len(r.Reasons) == 0) {
		return fmt.Errorf("%s answers with status %d and not as tensionwatch does: "+
			"give the address of [web] listen", address, status)
	}
	if r.Ready {
		return nil
	}
	return fmt.Errorf("%s is not ready:\n  %s", address, strings.Join(r.Reasons, "\n  "))
}
