package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
)

// FeedTrouble is a feed that has not worked for long.
type FeedTrouble struct {
	Feed string // its name for people
	Why  string // a sentence that says since when
}

// FeedVerdict says whether channels should hear of a feed.
type FeedVerdict int

const (
	FeedWorks    FeedVerdict = iota
	FeedWavers               // it fails, but may be back before anybody misses it
	FeedTroubled             // it has been broken or silent for long
)

// A feed that fails is in trouble after longTrouble and fewTries: a server that is being mended is
// nobody's news.
const (
	longTrouble = 6 * time.Hour
	fewTries    = 3
)

// JudgeFeed says whether a feed works, by its state. It is pure.
func JudgeFeed(f feeds.Feed, now time.Time) (FeedTrouble, FeedVerdict) {
	c := feeds.Health(f, now)
	trouble := FeedTrouble{Feed: f.Label(), Why: c.Why}
	switch c.Kind {
	case feeds.HealthGone, feeds.HealthSilent:
		return trouble, FeedTroubled
	case feeds.HealthFailing:
		if now.Sub(c.Since) >= longTrouble && f.Failures >= fewTries {
			return trouble, FeedTroubled
		}
		return trouble, FeedWavers
	}
	if f.LastError != "" || f.Pulse.Silent(now) {
		return trouble, FeedWavers // behind what else is said of it, it may be as it was
	}
	return trouble, FeedWorks
}

// feedsNamed is how many feeds a notice names before it counts the others.
const feedsNamed = 15

// FeedNews tells a channel, once and in one notice, which of the feeds that feed its watches have
// stopped working and which work again. It is pure.
func FeedNews(broken, back []FeedTrouble) Notice {
	var n Notice
	var parts []string
	if len(broken) > 0 {
		verb := "have"
		if len(broken) == 1 {
			verb = "has"
		}
		parts = append(parts, fmt.Sprintf("%s %s stopped working", plural(len(broken), "feed"), verb))
		for _, f := range broken[:min(len(broken), feedsNamed)] {
			n.Lines = append(n.Lines, f.Feed+": "+f.Why)
		}
		n.Lines = append(n.Lines, others(len(broken))...)
		n.Lines = append(n.Lines, missing(len(broken)))
	}
	if len(back) > 0 {
		parts = append(parts, plural(len(back), "feed")+" back")
		for _, f := range back[:min(len(back), feedsNamed)] {
			n.Lines = append(n.Lines, f.Feed+" works again.")
		}
		n.Lines = append(n.Lines, others(len(back))...)
	}
	n.Title = strings.Join(parts, ", ")
	return n
}

// missing says what it means that feeds do not work.
func missing(feeds int) string {
	if feeds == 1 {
		return "What only it carries does not reach you for now; you will hear when it is back."
	}
	return "What only they carry does not reach you for now; you will hear when they are back."
}

// others counts the feeds that are not named.
func others(feeds int) []string {
	if feeds <= feedsNamed {
		return nil
	}
	return []string{fmt.Sprintf("And %s more.", plural(feeds-feedsNamed, "feed"))}
}
