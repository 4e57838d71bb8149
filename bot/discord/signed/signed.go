// Package signed hears from Discord over HTTP: interactions come to one path, each signed with the
// key of the application.
//
// A request that is signed wrongly, or too long ago, learns nothing. The same interaction acts once.
package signed

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/tensionwatch/tensionwatch/bot/discord/talk"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
)

const (
	maxBody  = 1 << 20
	maxAge   = 5 * time.Minute // what is signed earlier or later is refused
	ackTime  = 2700 * time.Millisecond
	complain = time.Minute // between two log lines about signatures
)

// Hook is where Discord calls.
type Hook struct {
	Key ed25519.PublicKey

	// Receive takes what Discord tells and calls answer with the first answer. It reports whether
	// it takes that: it does not when it is told of something again.
	Receive func(v visit.Visit, answer func(talk.Answer) error) bool

	Now func() time.Time // of signatures
	Log *slog.Logger

	complained atomic.Int64 // when, in Unix nanoseconds
}

// ReadKey reads the public key of an application.
func ReadKey(s string) (ed25519.PublicKey, error) {
	key, err := hex.DecodeString(s)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New(`public_key in [discord] is not a key: copy it from the ` +
			`application's page (General Information, Public Key)`)
	}
	return key, nil
}

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
	if err := k.verify(r.Header, body); err != nil {
		k.complain(err, r)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	v, err := visit.Read(body)
	if err != nil {
		k.Log.Warn("discord told what cannot be read", "err", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if v.Kind == visit.Ping {
		write(w, talk.Pong())
		return
	}
	k.hand(w, r, v)
}

// verify checks that Discord signed a request, a moment ago.
func (k *Hook) verify(h http.Header, body []byte) error {
	stamp := h.Get("X-Signature-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errors.New("no time in the request")
	}
	signature, err := hex.DecodeString(h.Get("X-Signature-Ed25519"))
	if err != nil || len(signature) != ed25519.SignatureSize {
		return errors.New("no signature")
	}
	if !ed25519.Verify(k.Key, append([]byte(stamp), body...), signature) {
		return errors.New("a wrong signature: compare public_key with the application's")
	}
	if age := k.Now().Sub(time.Unix(seconds, 0)); age > maxAge || age < -maxAge {
		return fmt.Errorf("the request is %v old: compare the clock of this computer", age)
	}
	return nil
}

var errLate = errors.New("the request is over")

// hand passes a visit on and waits for the first answer.
func (k *Hook) hand(w http.ResponseWriter, r *http.Request, v visit.Visit) {
	answers := make(chan talk.Answer, 1)
	over := make(chan struct{})
	defer close(over)
	taken := k.Receive(v, func(a talk.Answer) error {
		select {
		case <-over:
			return errLate
		default:
		}
		select {
		case answers <- a:
			return nil
		default:
			return errLate
		}
	})
	if !taken {
		w.WriteHeader(http.StatusConflict)
		return
	}
	timer := time.NewTimer(ackTime)
	defer timer.Stop()
	select {
	case a := <-answers:
		write(w, a)
	case <-timer.C:
		w.WriteHeader(http.StatusServiceUnavailable)
	case <-r.Context().Done():
	}
}

func write(w http.ResponseWriter, a talk.Answer) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a) // who does not wait for it is not told
}

// complain logs a bad signature once in a while: anybody can send many, and Discord itself does to
// see whether we look.
func (k *Hook) complain(err error, r *http.Request) {
	now := time.Now().UnixNano()
	last := k.complained.Load()
	if now-last < int64(complain) || !k.complained.CompareAndSwap(last, now) {
		return
	}
	k.Log.Warn("a request to the Discord path was refused", "err", err, "from", r.RemoteAddr)
}
