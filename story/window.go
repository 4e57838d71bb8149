package story

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	headlines "github.com/tensionwatch/tensionwatch/feeds/wording"
)

const (
	// memory is how long the same address or key means the same story.
	memory = 30 * 24 * time.Hour

	// reach is how far apart two items about one event may lie.
	reach = 72 * time.Hour
)

// window is the stories that an item may belong to, indexed by address, key and wording. It holds
// no texts: a story in it has no items.
type window struct {
	read    time.Time
	stories map[ID]Story
	address map[string]ID // by canonical link
	key     map[string]ID // by key, where a key means the same everywhere
	copies  *copies
}

func newWindow(read time.Time) *window {
	return &window{
		read:    read,
		stories: make(map[ID]Story),
		address: make(map[string]ID),
		key:     make(map[string]ID),
		copies:  newCopies(),
	}
}

// remember indexes a story by its items and lets go of their texts.
func (w *window) remember(s Story) {
	for _, it := range s.Items {
		w.index(s.ID, it)
	}
	w.keep(s)
}

// keep holds a story as it is now, without texts.
func (w *window) keep(s Story) {
	s.Items = nil
	w.stories[s.ID] = s
}

func (w *window) index(id ID, it feeds.Item) {
	if it.Canonical != "" {
		w.address[it.Canonical] = id
	}
	if universal(it.Key) {
		w.key[it.Key] = id
	}
	w.copies.add(id, it)
}

// universal reports whether a key means the same article in every feed: an address or a URN does,
// a row number does not.
func universal(key string) bool {
	return strings.Contains(key, "://") || strings.HasPrefix(key, "tag:") ||
		strings.HasPrefix(key, "urn:")
}

// place finds the story that the item belongs to, or begins one ([OutcomeAlerted]). A quiet item
// takes its place without making news.
func (w *window) place(it feeds.Item, why []Why, quiet bool) (*Story, Outcome) {
	id, copied := w.find(it)
	if id == "" {
		s := begin(it, why, quiet)
		w.remember(s)
		return &s, OutcomeAlerted
	}
	s := w.stories[id]
	outcome := OutcomeJoined
	if copied || slices.Contains(s.Publishers, it.Publisher) {
		outcome = OutcomeDuplicate
	}
	s = join(s, it, why, outcome, quiet)
	w.remember(s)
	return &s, outcome
}

// find looks the item up by address, key and wording, in order of certainty. copied says that it
// is the very same article. A place on a page that says something else than the story is another
// article: the posts of a live blog share one page.
func (w *window) find(it feeds.Item) (id ID, copied bool) {
	if id, ok := w.address[it.Canonical]; ok && it.Canonical != "" {
		post := strings.Contains(it.Link, "#")
		if !post || !headlines.Substantive(w.stories[id].Headline, Headline(it)) {
			return id, true
		}
	}
	if id, ok := w.key[it.Key]; ok && universal(it.Key) {
		return id, false
	}
	return w.copies.find(it), false
}

// begin makes the story of an item that belongs to none.
func begin(it feeds.Item, why []Why, quiet bool) Story {
	s := Story{
		ID:         idOf(it),
		Revision:   1,
		Headline:   Headline(it),
		Publishers: []string{it.Publisher},
		Why:        why,
		Severity:   SeverityNone,
		Class:      ClassNeutral,
		Began:      it.Time(),
		Latest:     it.Time(),
		Quiet:      quiet,
		CatchUp:    it.Arrival == feeds.CatchUp,
		Items:      []feeds.Item{it},
	}
	if it.Link != "" {
		s.Links = []string{it.Link}
	}
	return s
}

// idOf derives a story's name from its first item.
func idOf(it feeds.Item) ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s", it.Feed, it.Key))
	return ID(strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10])))
}

// join adds an item to a story. There is something new to tell when a publisher joins who had not
// told it, or when it answers a watch that it did not answer before.
func join(s Story, it feeds.Item, why []Why, outcome Outcome, quiet bool) Story {
	joined := outcome == OutcomeJoined
	if joined {
		s.Publishers = append(slices.Clone(s.Publishers), it.Publisher)
		if it.Link != "" {
			s.Links = append(slices.Clone(s.Links), it.Link)
		}
	}
	var widened bool
	s.Why, widened = merge(s.Why, why)
	if !quiet && (joined || widened) {
		s.Quiet = false
		s.CatchUp = it.Arrival == feeds.CatchUp
		s.Revision++
	}
	if it.Time().Before(s.Began) {
		s.Began = it.Time()
	}
	if it.Time().After(s.Latest) {
		s.Latest = it.Time()
	}
	s.Items = []feeds.Item{it}
	return s
}

// merge adds the watches that a story did not answer before.
func merge(have, more []Why) (all []Why, widened bool) {
	all = slices.Clone(have)
	for _, m := range more {
		if !slices.ContainsFunc(have, func(h Why) bool { return h.Watch == m.Watch }) {
			all = append(all, m)
			widened = true
		}
	}
	return all, widened
}

// retell takes over changed words of an item that is told already. They are news when they answer a
// watch that the story did not answer, or when the item is the one that the story has its headline
// from and that now says something else; of a story that is owed to nobody a new headline is owed
// to nobody either. reworded says that the story is to be summarised anew. It returns nil when the
// story is no longer remembered.
func (w *window) retell(id ID, it feeds.Item, why []Why) (told *Story, reworded bool) {
	s, ok := w.stories[id]
	if !ok {
		return nil, false
	}
	var widened bool
	if s.Why, widened = merge(s.Why, why); widened {
		s.Quiet = false
	}
	if headline := Headline(it); headed(s, it) {
		reworded = headlines.Substantive(s.Headline, headline)
		if reworded || headlines.Damage(headline) < headlines.Damage(s.Headline) {
			s.Headline = headline
		}
	}
	if widened || reworded {
		s.Revision++
		s.CatchUp = false
	}
	s.Items = []feeds.Item{it}
	w.remember(s)
	return &s, reworded
}

// headed reports whether an item is the one that a story has its headline from, perhaps under
// another key.
func headed(s Story, it feeds.Item) bool {
	return idOf(it) == s.ID || it.Arrival == feeds.Reissued && len(s.Links) > 0 && s.Links[0] == it.Link
}

// reissue attaches an item that was there before under another key to its story, so that a later
// change of it is told. It returns nil where there is none.
func (w *window) reissue(it feeds.Item) *Story {
	id, _ := w.find(it)
	s, ok := w.stories[id]
	if !ok {
		return nil
	}
	s = join(s, it, nil, OutcomeDuplicate, true)
	w.remember(s)
	return &s
}
