// Package signed hears from Slack over HTTP: commands, interactions and events come to one path, each
// signed with the secret of its app.
//
// A request that is signed wrongly, or too long ago, learns nothing. The very same request acts once.
package signed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

const (
	maxBody  = 1 << 20
	maxAge   = 5 * time.Minute // of a signature, either way
	ackTime  = 2700 * time.Millisecond
	complain = time.Minute // between two log lines about signatures
)

// Hook is where Slack calls.
type Hook struct {
	// Secrets are those of the teams. A team whose ID is not known yet has an empty one.
	Secrets func() []Secret

	// Again notes a key, and reports whether it was noted within that time.
	Again func(key string, within time.Duration) bool

	// Receive takes what Slack tells and calls ack, with an answer or nil, when it need not be told
	// again. It reports whether anything is taken now.
	Receive func(v visit.Visit, ack func(answer any)) bool

	Now func() time.Time // of signatures
	Log *slog.Logger

	complained atomic.Int64 // when, in Unix nanoseconds
}

// Secret is what the requests of a team are signed with.
type Secret struct{ Team, Key string }

// ServeHTTP answers with as little as possible: who may not call learns nothing.
func (k *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	signers, err := k.signers(r.Header, body)
	if err != nil {
		k.complain(err, r)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if k.Again("signature "+r.Header.Get(headerSignature), 2*maxAge) {
		return // the very same request once more: it acts once, and Slack is told that all is well
	}
	v, challenge, err := read(r.Header.Get("Content-Type"), body)
	switch {
	case err != nil:
		k.Log.Warn("slack told what cannot be read", "err", err)
	case challenge != "":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, challenge)
	case v.Kind == visit.Nothing:
	case !signedBy(signers, v.Team):
		k.complain(errors.New("signed with the secret of another workspace"), r)
		w.WriteHeader(http.StatusUnauthorized)
	default:
		k.hand(w, r, v)
	}
}

// hand passes a visit on and waits for its acknowledgement.
func (k *Hook) hand(w http.ResponseWriter, r *http.Request, v visit.Visit) {
	acked := make(chan any, 1)
	taken := k.Receive(v, func(answer any) {
		select {
		case acked <- answer:
		default:
		}
	})
	if !taken {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	timer := time.NewTimer(ackTime)
	defer timer.Stop()
	select {
	case answer := <-acked:
		if answer != nil {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_ = json.NewEncoder(w).Encode(answer)
		}
	case <-timer.C:
		w.WriteHeader(http.StatusServiceUnavailable) // Slack tells of it again
	case <-r.Context().Done():
	}
}

// complain logs a bad signature once in a while: anybody can send many.
func (k *Hook) complain(err error, r *http.Request) {
	now := time.Now().UnixNano()
	last := k.complained.Load()
	if now-last < int64(complain) || !k.complained.CompareAndSwap(last, now) {
		return
	}
	k.Log.Warn("a request to the Slack path was refused", "err", err, "from", r.RemoteAddr)
}

const (
	headerSignature = "X-Slack-Signature"
	headerTime      = "X-Slack-Request-Timestamp"
)

// signers returns the teams whose secret a request is signed with, now.
func (k *Hook) signers(h http.Header, body []byte) (of []string, err error) {
	stamp := h.Get(headerTime)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return nil, errors.New("no time in the request")
	}
	if age := k.Now().Sub(time.Unix(seconds, 0)); age > maxAge || age < -maxAge {
		return nil, fmt.Errorf("the request is %v old: compare the clock of this computer", age)
	}
	given, err := hex.DecodeString(strings.TrimPrefix(h.Get(headerSignature), "v0="))
	if err != nil || !strings.HasPrefix(h.Get(headerSignature), "v0=") {
		return nil, errors.New("no signature")
	}
	for _, s := range k.Secrets() {
		mac := hmac.New(sha256.New, []byte(s.Key))
		fmt.Fprintf(mac, "v0:%s:", stamp)
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), given) {
			of = append(of, s.Team)
		}
	}
	if len(of) == 0 {
		return nil, errors.New("a wrong signature: compare signing_secret with the app's")
	}
	return of, nil
}

// signedBy reports whether one of the teams is this one, or may be.
func signedBy(signers []string, team string) bool {
	return slices.Contains(signers, team) || slices.Contains(signers, "")
}

// read reads the body of a request.
func read(contentType string, body []byte) (v visit.Visit, challenge string, err error) {
	if !strings.HasPrefix(contentType, "application/json") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return visit.Visit{}, "", errors.New("not a form")
		}
		if form.Get("ssl_check") == "1" {
			return visit.Visit{Kind: visit.Nothing}, "", nil
		}
		v, err := visit.ReadForm(form)
		return v, "", err
	}
	var check struct{ Type, Challenge string }
	if json.Unmarshal(body, &check) == nil && check.Type == "url_verification" {
		return visit.Visit{Kind: visit.Nothing}, check.Challenge, nil
	}
	v, err = visit.Read(visit.EventsAPI, body)
	return v, "", err
}
