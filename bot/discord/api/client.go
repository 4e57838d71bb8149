package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
)

// userAgent is what Discord wants to be told by whoever calls.
const userAgent = "DiscordBot (https://github.com/tensionwatch/tensionwatch, 1)"

// Client asks Discord with one token. It is safe for concurrent use.
type Client struct {
	session *discordgo.Session
	limits  *limits

	// hear is called with what came of asking; nil is a success.
	hear func(error)
}

// NewClient makes a client for the address that the settings give. It asks nothing yet.
func NewClient(address, token string, hear func(error)) (*Client, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		return nil, errors.New("api_url in [discord] is not an address")
	}
	s, err := discordgo.New("Bot " + token)
	if err != nil {
		return nil, errors.New("the library does not take the token")
	}
	l := newLimits(time.Now)
	s.Client = newHTTPClient(base, l)
	s.UserAgent = userAgent
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	return &Client{session: s, limits: l, hear: hear}, nil
}

// Do sends a request once. In is its body, if any, and out takes that of the answer, if wanted: no
// more of it is read than out has, for what Discord adds to its answers must not make a failure of
// a success. The error has its [Meaning].
func (c *Client) Do(ctx context.Context, method, address string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("writing a request: %w", err)
		}
	}
	// A bucket of the library's is a lock that takes no notice of the context. One that nobody
	// shares locks nobody out.
	alone := &discordgo.Bucket{}
	alone.Lock()
	answer, err := c.session.RequestWithLockedBucket(method, address, "application/json", body,
		alone, 0, discordgo.WithContext(ctx))
	if err != nil {
		err = wrap(err)
		c.hear(err)
		return err
	}
	c.hear(nil)
	if out == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%w: what Discord answered cannot be read", bot.ErrUncertain)
	}
	return nil
}

// answered is the meaning of an answer, with its code.
type answered struct {
	code int
	err  error
}

func (e *answered) Error() string { return e.err.Error() }
func (e *answered) Unwrap() error { return e.err }

// wrap gives an error its meaning and keeps the code that Discord gave it.
func wrap(err error) error {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) {
		return &answered{codeOf(rest), Meaning(err)}
	}
	return Meaning(err)
}

// Patiently calls f again for as long as Discord asks to wait and ctx has the time.
func Patiently(ctx context.Context, f func(context.Context) error) error {
	for {
		err := f(ctx)
		var retry *bot.RetryError
		limited := errors.Is(err, bot.ErrLimited) || errors.Is(err, ErrBucket)
		if !errors.As(err, &retry) || !limited {
			return err
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < retry.After {
			return err
		}
		wait := time.NewTimer(max(retry.After, time.Millisecond))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return err
		}
	}
}

// Close ends the connections that nobody uses.
func (c *Client) Close() { c.session.Client.CloseIdleConnections() }

// Post is the limit of posts in a channel, or of edits, as far as Discord has told of it: so many in
// such a time, and how long it is used up. It is zero as long as nothing is known.
func (c *Client) Post(channel string, edit bool) (limit int, window, wait time.Duration) {
	method, path := http.MethodPost, "/channels/"+channel+"/messages"
	if edit {
		method, path = http.MethodPatch, path+"/100000000000000000"
	}
	return c.limits.known(routeOf(method, path))
}

// maxNonce is how long a nonce may be.
const maxNonce = 25

// Nonce is what a delivery is called where Discord looks for a second copy of it. With the same one
// it answers, for some minutes, with the message that is there.
func Nonce(delivery string) string {
	if len(delivery) <= maxNonce {
		return delivery
	}
	sum := sha256.Sum256([]byte(delivery))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
