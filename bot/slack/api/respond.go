package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/slack-go/slack"
)

// Response is an answer to a command or to something pressed.
type Response struct {
	ResponseType    string        `json:"response_type"` // "ephemeral" or "in_channel"
	ReplaceOriginal bool          `json:"replace_original"`
	Text            string        `json:"text"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
}

// ErrHost says that an address for answers is not one of Slack's.
var ErrHost = errors.New("the address for the answer is not on a host of response_hosts")

// Respond posts an answer to the address that came with the call, if it is on one of the hosts.
// Such an address is good for five answers in half an hour: one that is used up is *[Status] 404.
func Respond(ctx context.Context, c *http.Client, address string, hosts []string,
	r Response) error {
	u, err := url.Parse(address)
	if err != nil || !allowed(u, hosts) {
		return ErrHost
	}
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing an answer: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return ErrHost
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := c.Do(req)
	if err != nil {
		return plain(err)
	}
	defer resp.Body.Close()
	var answer slack.SlackResponse
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil // "ok" and nothing more
	}
	return answer.Err()
}

// allowed reports whether an answer may be sent there. A host that is named with its port may be
// asked without TLS: that is a server for tests.
func allowed(u *url.URL, hosts []string) bool {
	if u.Scheme == "https" && slices.Contains(hosts, u.Host) {
		return true
	}
	return u.Scheme == "http" && u.Port() != "" && slices.Contains(hosts, u.Host)
}
