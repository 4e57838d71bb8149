package story

import "time"

// SummarySettings is the [summary] section of the config: an OpenAI-compatible endpoint that may
// write summaries. With an empty URL every summary is extractive.
type SummarySettings struct {
	URL         string
	Model       string
	APIKey      string
	Timeout     time.Duration
	DailyBudget int // requests a day; 0 is none
}

// DefaultSummarySettings are the settings of a config that says nothing.
func DefaultSummarySettings() SummarySettings {
	return SummarySettings{Timeout: 10 * time.Second}
}
