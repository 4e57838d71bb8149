package schedule

import (
	"hash/fnv"
	"time"
)

// maxJitter bounds how late a spread may make things.
const maxJitter = 5 * time.Minute

// Jitter spreads firings of one schedule, so that a thousand feeds on `*/5 * * * *` are not all
// asked in the same second. It is the delay of whatever the key names: at least zero, below a
// fifth of the interval and below five minutes, the same in every process. An interval that is not
// positive has no jitter.
func Jitter(key string, interval time.Duration) time.Duration {
	spread := min(interval/5, maxJitter)
	if spread <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(key)) // a hash never fails
	// The remainder uses the low bits: in the high ones FNV hardly mixes a key's last letters.
	return time.Duration(h.Sum64() % uint64(spread))
}
