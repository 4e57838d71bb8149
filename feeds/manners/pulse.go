package manners

import (
	"slices"
	"time"
)

// Pulse is how often a feed has news, as its polls have shown.
type Pulse struct {
	News  time.Time     // when something new last came; zero when never
	Every time.Duration // the typical time between new items; zero when not known
}

// gain is how much one observation moves Every.
const gain = 4

// Beat takes in that a poll brought n new items. Every is a moving average with exponential
// weights, each observation the time since the last news divided among the items.
func (p Pulse) Beat(now time.Time, n int) Pulse {
	if n <= 0 {
		return p
	}
	if !p.News.IsZero() && now.After(p.News) {
		seen := now.Sub(p.News) / time.Duration(n)
		if p.Every == 0 {
			p.Every = seen
		} else {
			p.Every += (seen - p.Every) / gain
		}
	}
	p.News = now
	return p
}

// Wait is how long a feed may be left alone.
//
// It is a tenth of the time that it has been silent, the fraction that RFC 9111 (section 4.2.2)
// names for judging by the last change and that adaptive caches have used since the Alex file
// system (Cate 1992; Gwertzman and Seltzer, "World-Wide Web Cache Consistency", 1996). But one
// night must not make a lively feed seem dead, nor its first news of the morning late: the wait is
// at most half of the typical time between items, where that time is not taken for shorter than a
// twenty-fourth of the silence. So a feed that has news every ten minutes is asked every ten
// minutes after eight silent hours, and one that has been silent for weeks as seldom as the limit
// of [Clock] allows. Straight after news the wait is zero: every tick is used.
func (p Pulse) Wait(now time.Time) time.Duration {
	if p.News.IsZero() {
		return 0
	}
	silent := now.Sub(p.News)
	wait := silent / 10
	if p.Every > 0 {
		wait = min(wait, max(p.Every, silent/24)/2)
	}
	return max(wait, 0)
}

// Silent reports whether a feed has been without news for longer than its rhythm explains: ten
// times the typical time between items, and two days for the week's ends.
func (p Pulse) Silent(now time.Time) bool {
	const least, factor = 48 * time.Hour, 10
	return p.Every > 0 && now.Sub(p.News) > max(least, factor*p.Every)
}

// Read makes the first guess from the dates of a feed's first body: its latest one, and the median
// time between neighbours. Dates after now are not believed.
func Read(published []time.Time, now time.Time) Pulse {
	dates := slices.DeleteFunc(slices.Clone(published), func(t time.Time) bool {
		return t.IsZero() || t.After(now)
	})
	slices.SortFunc(dates, time.Time.Compare)
	if len(dates) == 0 {
		return Pulse{}
	}
	p := Pulse{News: dates[len(dates)-1]}
	gaps := make([]time.Duration, 0, len(dates))
	for i := 1; i < len(dates); i++ {
		gaps = append(gaps, dates[i].Sub(dates[i-1]))
	}
	slices.Sort(gaps)
	if len(gaps) >= 2 {
		p.Every = gaps[len(gaps)/2]
	}
	return p
}
