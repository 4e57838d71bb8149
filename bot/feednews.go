package bot

import (
	"fmt"
	"strings"
)

// FeedTrouble is a feed that has not worked for long.
type FeedTrouble struct {
	Feed string // its name for people
	Why  string // a sentence that says since when
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
		n.Lines = append(n.Lines, "What only they carry does not reach you until they work again; "+
			"they are asked again by themselves, and you will hear when they are back.")
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

// others counts the feeds that are not named.
func others(feeds int) []string {
	if feeds <= feedsNamed {
		return nil
	}
	return []string{fmt.Sprintf("And %s more.", plural(feeds-feedsNamed, "feed"))}
}
