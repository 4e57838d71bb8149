package feeds

import (
	"time"

	"github.com/tensionwatch/tensionwatch/feeds/fetch"
)

// Settings is the [poll] section of the config: [DefaultSettings] with what the config changes.
type Settings struct {
	fetch.Settings
	Schedule    string        // cron, for feeds that name none
	Zone        string        // IANA name, for feeds that name none
	MaxInterval time.Duration // a quiet feed is asked at least this often
	Workers     int           // requests at once
	Backfill    time.Duration // how far back a first poll counts as news
	MaxAge      time.Duration // what is older when first seen is no news
}

// DefaultSettings returns the settings of a config that says nothing.
func DefaultSettings() Settings {
	return Settings{
		Settings:    fetch.DefaultSettings(),
		Schedule:    "*/5 * * * *",
		Zone:        "UTC",
		MaxInterval: time.Hour,
		Workers:     16,
		MaxAge:      72 * time.Hour,
	}
}
