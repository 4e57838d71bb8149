package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/rules"
	"github.com/tensionwatch/tensionwatch/story"
)

func (r *room) unsifted() []story.Arrival {
	r.tb.Helper()
	arrivals, err := r.Unsifted(r.tb.Context(), 1000)
	r.must(err)
	return arrivals
}

func (r *room) file(batch ...story.Filing) {
	r.tb.Helper()
	r.must(r.File(r.tb.Context(), batch))
}

func (r *room) recent(since time.Time) []story.Story {
	r.tb.Helper()
	stories, err := r.Recent(r.tb.Context(), since)
	r.must(err)
	return stories
}

func (r *room) untold() []story.Story {
	r.tb.Helper()
	stories, err := r.Untold(r.tb.Context(), 1000)
	r.must(err)
	return stories
}

func filingsOf(arrivals []story.Arrival, o story.Outcome) (out []story.Filing) {
	for _, a := range arrivals {
		out = append(out, story.Filing{Item: a.Item, Outcome: o, Refiled: a.Outcome != ""})
	}
	return out
}

func tale(id story.ID, revision int) story.Story {
	return story.Story{
		ID: id, Revision: revision, Headline: "Oman <hosts> talks", Summary: "It does.",
		Links: []string{"https://example.org/"}, Publishers: []string{"A", "B"},
		Why:      []story.Why{{Watch: oman.ID, Name: "Oman", Words: []string{"Oman", "talks"}}},
		Severity: story.SeverityHigh, Tension: -2.5, Class: story.ClassNeutral,
		Began: noon.Add(-2 * time.Hour), Latest: noon.Add(-time.Hour),
	}
}

func TestFileRoundTrip(t *testing.T) {
	r := reading(t, "http://a/")
	bare := item("bare")
	bare.Categories, bare.Published = nil, time.Time{}
	r.poll(item("1"), bare)
	arrivals := r.unsifted()
	if len(arrivals) != 2 || !arrivals[0].Now.Equal(noon) {
		t.Fatalf("unsifted: %+v", arrivals)
	}
	first, want := arrivals[0].Item, item("1")
	want.ID, want.Feed = first.ID, first.Feed
	if !reflect.DeepEqual(first, want) {
		t.Errorf("item:\ngot  %+v\nwant %+v", first, want)
	}
	if got := arrivals[1].Item; got.Categories != nil || !got.Published.IsZero() {
		t.Errorf("bare item: %+v", got)
	}
	r.advance(time.Second)
	s := tale("s", 1)
	matches := []rules.Match{{Watch: "oman",
		Hits: []rules.Hit{{Field: "title", End: 4, Word: "Oman"}}}}
	r.file(story.Filing{Item: first, Outcome: story.OutcomeAlerted, Story: &s, Matches: matches},
		story.Filing{Item: arrivals[1].Item, Outcome: story.OutcomeUnmatched})
	s.Revised, s.Items = r.Now(), nil
	if got := r.untold(); len(got) != 1 || !reflect.DeepEqual(got[0], s) {
		t.Errorf("untold:\ngot  %+v\nwant %+v", got, s)
	}
	s.Items = append(s.Items, first)
	if got := r.recent(s.Latest); len(got) != 1 || !reflect.DeepEqual(got[0], s) {
		t.Errorf("recent:\ngot  %+v\nwant %+v", got, s)
	}
	if got := r.recent(s.Latest.Add(1e6)); got != nil {
		t.Errorf("since then: %+v", got)
	}
	if got := r.unsifted(); got != nil {
		t.Errorf("still unsifted: %+v", got)
	}
}

func TestRefilingKeepsHistory(t *testing.T) {
	r := reading(t, "http://a/")
	r.poll(item("1"))
	s := tale("s", 1)
	filing := func(o story.Outcome, s *story.Story) story.Filing {
		a := r.unsifted()[0]
		return story.Filing{Item: a.Item, Refiled: a.Outcome != "", Outcome: o, Story: s}
	}
	change := func(title string) {
		r.advance(time.Hour)
		changed := item("1")
		changed.Title = title
		r.poll(changed)
	}
	r.file(filing(story.OutcomeUnmatched, nil))
	change("more")
	r.file(filing(story.OutcomeAlerted, &s))
	change("and more")
	if got := r.unsifted()[0]; got.Outcome != story.OutcomeAlerted || got.Story != "s" {
		t.Errorf("offered again as %q of %q", got.Outcome, got.Story)
	}
	r.file(filing(story.OutcomeAlerted, nil)) // its story is no longer remembered
	if n := r.count(`select count(*) from items where story_id = 's' and sifted = $1`,
		noon.UnixMilli()); n != 1 {
		t.Error("the story or the time of the first filing is lost")
	}
	if n := r.count(`select count(*) from item_history`); n != 2 {
		t.Errorf("%d rows of history", n)
	}
	l := r.ledger()
	if l.Fresh != 1 || l.Outcomes[story.OutcomeUnmatched] != 1 ||
		l.Outcomes[story.OutcomeAlerted] != 0 {
		t.Errorf("an item counts by its first outcome: %+v", l)
	}
}

// TestChangedWhileSifted asserts that words that change between Unsifted and File are read again.
func TestChangedWhileSifted(t *testing.T) {
	r := reading(t, "http://a/")
	r.poll(item("1"))
	read := r.unsifted()
	changed := item("1")
	changed.Text = "Oman has begun the talks"
	r.poll(changed)
	r.file(filingsOf(read, story.OutcomeUnmatched)...)
	got := r.unsifted()
	if len(got) != 1 || got[0].Text != changed.Text || got[0].Outcome != story.OutcomeUnmatched {
		t.Errorf("offered again: %+v", got)
	}
}

func TestQuietStoriesAreTold(t *testing.T) {
	r := open(t)
	quiet, loud := tale("s", 1), tale("s", 2)
	quiet.Quiet = true
	r.file(story.Filing{Outcome: story.OutcomeBaseline, Story: &quiet})
	if got := r.untold(); got != nil {
		t.Errorf("a quiet story is untold: %+v", got)
	}
	r.file(story.Filing{Outcome: story.OutcomeJoined, Story: &loud})
	if got := r.untold(); len(got) != 1 || got[0].Revision != 2 || got[0].Quiet {
		t.Errorf("untold: %+v", got)
	}
	if n := r.count(`select told from stories`); n != 1 {
		t.Errorf("told to revision %d", n)
	}
}

func TestQuietAndLoudInOneBatch(t *testing.T) {
	r := open(t)
	quiet, loud := tale("s", 1), tale("s", 2)
	quiet.Quiet = true
	r.file(story.Filing{Story: &quiet}, story.Filing{Story: &loud})
	if n := r.count(`select told from stories where revision = 2`); n != 1 {
		t.Errorf("told to revision %d: a batch must not owe what two batches would not", n)
	}
}

func TestRevisedMovesWithRevision(t *testing.T) {
	r := open(t)
	s := tale("s", 1)
	r.file(story.Filing{Story: &s})
	r.advance(time.Minute)
	s.Latest = s.Latest.Add(time.Minute)
	r.file(story.Filing{Story: &s})
	if got := r.untold()[0]; !got.Revised.Equal(noon) || !got.Latest.Equal(s.Latest) {
		t.Errorf("the same revision: %+v", got)
	}
	s.Revision++
	r.file(story.Filing{Story: &s})
	if got := r.untold()[0]; !got.Revised.Equal(r.Now()) {
		t.Errorf("a new revision: %+v", got)
	}
}

func TestBatchIsAtomic(t *testing.T) {
	r := reading(t, "http://a/")
	r.poll(item("1"), item("2"))
	arrivals := r.unsifted()
	r.meddle(`create trigger full before update of outcome on items when new.key = '2'
		begin select raise(abort, 'the disk is full'); end`)
	s := tale("s", 1)
	batch := filingsOf(arrivals, story.OutcomeAlerted)
	batch[0].Story = &s
	if err := r.File(t.Context(), batch); err == nil {
		t.Fatal("filed")
	}
	if len(r.unsifted()) != 2 || r.count(`select count(*) from stories`) != 0 {
		t.Error("half of the batch was filed")
	}
}
