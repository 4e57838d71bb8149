package team

import (
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

const (
	// postEvery is the least time between two posts to the channels of a workspace. Slack says
	// "several hundred a minute" (docs.slack.dev/apis/web-api/rate-limits); this is 240.
	postEvery = 250 * time.Millisecond

	// editEvery is the same for edits, of which Slack allows 50 a minute (its tier 3).
	editEvery = 1250 * time.Millisecond

	// ChannelEvery is the least time between two posts to one channel.
	ChannelEvery = time.Second
)

// Pace is how fast a workspace may be posted to, and posts in it changed.
func Pace(workspace string, edit bool) bot.Pace {
	if edit {
		return bot.Pace{Name: workspace + " edits", Every: editEvery, Burst: 5}
	}
	return bot.Pace{Name: workspace + " posts", Every: postEvery, Burst: 5}
}
