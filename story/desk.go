package story

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// batchSize bounds how much one transaction files, and so how much a crash makes us do again.
const batchSize = 500

// Desk sifts items into stories. It is not safe for concurrent use: clustering is single.
type Desk struct {
	// All clusters and summarises items that match no watch as well; their outcome stays.
	All bool

	store      Store
	rulebook   Rulebook
	summarizer Summarizer
	log        *slog.Logger

	set     *rules.Set
	version int64   // of the rulebook that set is made from
	window  *window // nil: to be read from the store
}

// NewDesk makes a desk. With a nil summarizer summaries are [Extractive].
func NewDesk(store Store, rulebook Rulebook, summarizer Summarizer, log *slog.Logger) *Desk {
	if summarizer == nil {
		summarizer = Extractive{}
	}
	return &Desk{store: store, rulebook: rulebook, summarizer: summarizer, log: log}
}

// Sift files every unsifted item and returns how many those were. The error is the store's; what
// was filed before it stays filed.
func (d *Desk) Sift(ctx context.Context) (n int, err error) {
	if err := d.refreshRules(ctx); err != nil {
		return 0, fmt.Errorf("sifting: %w", err)
	}
	for ctx.Err() == nil {
		filed, err := d.siftBatch(ctx)
		n += filed
		if err != nil {
			d.window = nil // it may hold stories that were not filed
			return n, fmt.Errorf("sifting: %w", err)
		}
		if filed < batchSize {
			return n, nil
		}
	}
	return n, nil
}

// refreshRules applies what changed in the rulebook since the last pass. A stored rule that does
// not compile any more must not stop the others: it is logged and left out.
func (d *Desk) refreshRules(ctx context.Context) error {
	changes, err := d.rulebook.Changes(ctx, d.version)
	if err != nil {
		return err
	}
	if d.set == nil || changes.Renamed { // reading the names is dear: not at every pass
		d.set = d.set.WithNames(rules.NewNames(changes.Aliases))
	}
	for _, id := range changes.Retired {
		d.set = d.set.Without(id)
	}
	for _, w := range changes.Watches {
		d.set = d.set.Without(w.ID) // an old rule must not outlive its change
		set, err := d.set.With(w)
		if err != nil {
			d.log.Error("a stored watch cannot be used: write its rule anew",
				"watch", w.ID, "err", err)
			continue
		}
		d.set = set
	}
	d.version = changes.Version
	return nil
}

func (d *Desk) siftBatch(ctx context.Context) (int, error) {
	arrivals, err := d.store.Unsifted(ctx, batchSize)
	if err != nil || len(arrivals) == 0 {
		return 0, err
	}
	if err := d.readWindow(ctx, arrivals[0].Now); err != nil {
		return 0, err
	}
	batch := make([]Filing, len(arrivals))
	for i, a := range arrivals {
		batch[i] = d.decide(ctx, a)
	}
	return len(batch), d.store.File(ctx, batch)
}

// readWindow reads the recent stories at the first pass, after a failure, and once a day, which
// is how old ones are forgotten.
func (d *Desk) readWindow(ctx context.Context, now time.Time) error {
	if d.window != nil && now.Sub(d.window.read) < 24*time.Hour {
		return nil
	}
	stories, err := d.store.Recent(ctx, now.Add(-memory))
	if err != nil {
		return err
	}
	d.window = newWindow(now)
	for _, s := range stories {
		d.window.remember(s)
	}
	return nil
}

// decide says what becomes of one item.
func (d *Desk) decide(ctx context.Context, a Arrival) Filing {
	f := Filing{Item: a.Item, Refiled: a.Outcome != "", Outcome: a.Outcome}
	if a.Arrival == feeds.Expired {
		f.Outcome = OutcomeExpired
		return f
	}
	f.Matches = d.set.Match(Document(a.Item))
	switch {
	case a.Arrival == feeds.Reissued && !f.Refiled:
		f.Outcome, f.Story = OutcomeDuplicate, d.window.reissue(a.Item)
	case a.Story != "":
		f.Story = d.retell(ctx, a, f.Matches)
	case len(f.Matches) > 0 || d.All:
		f.Story = d.place(ctx, &f)
	case f.Outcome == "":
		f.Outcome = unmatched(a.Item)
	}
	return f
}

// retell takes over the changed words of an item that belongs to a story.
func (d *Desk) retell(ctx context.Context, a Arrival, matches []rules.Match) *Story {
	s, reworded := d.window.retell(a.Story, a.Item, d.why(a.Item, matches))
	if reworded {
		d.summarize(ctx, s)
		d.window.keep(*s)
	}
	return s
}

// unmatched is the outcome of an item that no watch asks for.
func unmatched(it feeds.Item) Outcome {
	if it.Arrival == feeds.Baseline {
		return OutcomeBaseline
	}
	return OutcomeUnmatched
}

// place finds the item's story or begins one, and sets the filing's outcome.
func (d *Desk) place(ctx context.Context, f *Filing) *Story {
	// A known item that matches only now is news, baseline or not.
	quiet := f.Item.Arrival == feeds.Baseline && !f.Refiled
	s, outcome := d.window.place(f.Item, d.why(f.Item, f.Matches), quiet)
	if outcome == OutcomeAlerted {
		d.summarize(ctx, s)
		d.window.keep(*s)
	}
	switch {
	case quiet:
		f.Outcome = OutcomeBaseline
	case len(f.Matches) == 0:
		f.Outcome = OutcomeUnmatched
	default:
		f.Outcome = outcome
	}
	return s
}

// summarize fills in the summary. A summarizer that fails leaves the headline to stand alone.
func (d *Desk) summarize(ctx context.Context, s *Story) {
	summary, err := d.summarizer.Summarize(ctx, *s)
	if err != nil {
		d.log.Warn("no summary", "story", s.ID, "err", err)
		summary, _ = Extractive{}.Summarize(ctx, *s)
	}
	s.Summary = summary
}

// Document is what the rules see of an item.
func Document(it feeds.Item) rules.Document {
	source := it.Publisher
	if u, err := url.Parse(it.Link); err == nil && u.Host != "" {
		source += " " + u.Hostname()
	}
	return rules.Document{
		Title:      it.Title,
		Text:       it.Text,
		Source:     strings.TrimSpace(source),
		Lang:       words.Language(it.Lang, it.Title, it.Text),
		Categories: it.Categories,
	}
}

// why names the watches of the matches and quotes the words that did it.
func (d *Desk) why(it feeds.Item, matches []rules.Match) []Why {
	doc := Document(it)
	out := make([]Why, 0, len(matches))
	for _, m := range matches {
		w, _ := d.set.Watch(m.Watch)
		out = append(out, Why{Watch: m.Watch, Name: w.Name, Words: quote(doc, m.Hits)})
	}
	return out
}

// quote cuts the hits out of the document, each word once.
func quote(doc rules.Document, hits []rules.Hit) []string {
	words := make([]string, 0, len(hits))
	seen := make(map[string]bool, len(hits))
	for _, h := range hits {
		word := doc.Field(h.Field)[h.Start:h.End]
		if folded := rules.Fold(word); !seen[folded] {
			seen[folded] = true
			words = append(words, word)
		}
	}
	return words
}
