package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/schedule"
	"github.com/tensionwatch/tensionwatch/story"
)

// Route says what each following channel is owed of a story's revision: at most one delivery a
// channel, however many of its watches the story answers, under the louder of their policies.
func Route(s story.Story, followers []Subscription) []Delivery {
	var channels []Channel // in the order of the followers
	seeing := make(map[Channel][]Subscription)
	for _, f := range followers {
		if s.Revised.Before(f.Since) {
			continue
		}
		if seeing[f.Channel] == nil {
			channels = append(channels, f.Channel)
		}
		seeing[f.Channel] = append(seeing[f.Channel], f)
	}
	owed := make([]Delivery, len(channels))
	for i, c := range channels {
		owed[i] = owe(s, c, seeing[c])
	}
	return owed
}

// owe makes one channel's delivery.
func owe(s story.Story, channel Channel, seeing []Subscription) Delivery {
	d := Delivery{
		ID:      DeliveryID(channel, string(s.ID), s.Revision),
		Channel: channel,
		Kind:    KindAlert,
		Pairs:   []Pair{{Story: s, Revision: s.Revision}},
	}
	for _, f := range seeing {
		d.Pairs[0].Watches = append(d.Pairs[0].Watches, f.Watch)
		state, due, why := judge(s, f)
		louder, same := slices.Index(loudness[:], state), slices.Index(loudness[:], d.State)
		if louder > same || louder == same && due.Before(d.Due) {
			d.State, d.Due, d.Why = state, due, why
		}
	}
	return d
}

// loudness is the states in which a revision can be owed, the quietest first.
var loudness = [...]State{StateMuted, StateBelow, StateHeld, StatePending}

// judge says what one subscription makes of a revision, when it is to be told, and why not at once.
// A critical story waits for nothing but a mute.
func judge(s story.Story, f Subscription) (state State, due time.Time, why string) {
	if f.MutedUntil.After(s.Revised) {
		return StateMuted, time.Time{}, "muted until " + f.MutedUntil.UTC().Format("2006-01-02 15:04 UTC")
	}
	if why := tooQuiet(s, f); why != "" {
		return StateBelow, time.Time{}, why
	}
	due = s.Revised.Add(wait(s, f))
	if s.Severity == story.SeverityCritical {
		return StatePending, due, ""
	}
	state = StatePending
	if f.Policy == "digest" {
		if at, err := schedule.Parse(f.Digest, f.Zone); err == nil {
			state, due, why = StateHeld, at.Next(s.Revised), "for the digest"
		}
	}
	if quiet, err := schedule.ParseQuiet(f.Quiet, f.Zone); f.Quiet != "" && err == nil && quiet.Contains(due) {
		return StateHeld, quiet.End(due), "quiet hours"
	}
	return state, due, why
}

// tooQuiet says why a story is below what a subscription asks for, or nothing. A critical story is
// never too quiet.
func tooQuiet(s story.Story, f Subscription) string {
	switch {
	case s.Severity == story.SeverityCritical:
		return ""
	case len(s.Publishers) < f.MinPublishers:
		return fmt.Sprintf("%d of %d publishers", len(s.Publishers), f.MinPublishers)
	case s.Severity.Less(f.MinSeverity):
		return fmt.Sprintf("severity %s is below %s", s.Severity, f.MinSeverity)
	}
	return ""
}

// catchUpWait is how long a story that came with much else waits for the rest of it: after a long
// absence the feeds come in one after the other.
const catchUpWait = 2 * time.Minute

// wait is how long a first alert waits for more publishers. High and critical ones never do.
func wait(s story.Story, f Subscription) time.Duration {
	switch {
	case !s.Severity.Less(story.SeverityHigh):
		return 0
	case s.CatchUp:
		return max(f.GroupWait, catchUpWait)
	}
	return f.GroupWait
}

// DeliveryID names the delivery of a revision to a channel. It is derived, so that owing twice
// names the same post, and it has 24 characters: Discord takes at most 25.
func DeliveryID(c Channel, about string, revision int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", c, about, revision))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
}

// digestStrongest is how many stories of a digest are told in full.
const digestStrongest = 5

// fold makes one digest of an alert and those that wait behind it when there are more than limit; 0
// never folds those. However few they are, those that catch up go together, and so do those that
// were held back. What may have been posted already is left as it is: it must be sent again as it
// was.
func fold(d Delivery, limit int) (folded Delivery, ok bool) {
	if d.Kind != KindAlert || d.State != StatePosting {
		return d, false
	}
	behind := d.Waiting
	if limit <= 0 || len(behind) < limit {
		behind = kindred(d, limit)
	}
	if len(behind) == 0 {
		return d, false
	}
	folded = d
	folded.Kind, folded.Waiting = KindDigest, nil
	for _, w := range behind {
		folded.Absorbs = append(folded.Absorbs, w.ID)
		folded.Pairs = append(folded.Pairs, w.Pairs...)
	}
	folded.Pairs = strongestFirst(folded.Pairs)
	for i := digestStrongest; i < len(folded.Pairs); i++ {
		folded.Pairs[i].State = StateBurst
	}
	return folded, true
}

// kindred are those behind a delivery that go with it, however few.
func kindred(d Delivery, limit int) (out []Delivery) {
	catchesUp := limit > 0 && d.CatchesUp()
	for _, w := range d.Waiting {
		if d.Held && w.Held || catchesUp && w.CatchesUp() {
			out = append(out, w)
		}
	}
	return out
}

// CatchesUp reports whether all that a delivery tells came with much else at once.
func (d Delivery) CatchesUp() bool {
	return len(d.Pairs) > 0 && !slices.ContainsFunc(d.Pairs, func(p Pair) bool { return !p.Story.CatchUp })
}

// strongestFirst orders stories by severity, then by how many publishers carry them, then the
// latest first.
func strongestFirst(pairs []Pair) []Pair {
	sorted := slices.Clone(pairs)
	slices.SortStableFunc(sorted, func(a, b Pair) int {
		s, t := a.Story, b.Story
		switch {
		case s.Severity != t.Severity:
			if t.Severity.Less(s.Severity) {
				return -1
			}
			return 1
		case len(s.Publishers) != len(t.Publishers):
			return len(t.Publishers) - len(s.Publishers)
		}
		return t.Latest.Compare(s.Latest)
	})
	return sorted
}
