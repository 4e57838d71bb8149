package feeds

import "time"

// Settings is the [poll] section of the config: [DefaultSettings] with what the config changes.
type Settings struct {
	Schedule             string        // cron, for feeds that name none
	Zone                 string        // IANA name, for feeds that name none
	MaxInterval          time.Duration // a quiet feed is asked at least this often
	Workers              int           // requests at once
	PerHost              int           // requests at once to one host
	Timeout              time.Duration // for one request, its body included
	MaxBody              int64         // bytes, packed and unpacked alike
	UserAgent            string        // who we are and where to complain
	Backfill             time.Duration // how far back a first poll counts as news
	MaxAge               time.Duration // what is older when first seen is no news
	Proxy                string        // http, https or socks5 URL; never from the environment
	AllowPrivateNetworks bool          // loopback, RFC 1918 and RFC 4193
}

// DefaultSettings returns the settings of a config that says nothing.
func DefaultSettings() Settings {
	return Settings{
		Schedule:    "*/5 * * * *",
		Zone:        "UTC",
		MaxInterval: time.Hour,
		Workers:     16,
		PerHost:     2,
		Timeout:     20 * time.Second,
		MaxBody:     8 << 20,
		UserAgent:   "tensionwatch (+https://github.com/tensionwatch/tensionwatch)",
		MaxAge:      72 * time.Hour,
	}
}
