package store_test

import (
	"testing"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/story"
)

func TestLedgerNamesEveryOutcomeAndState(t *testing.T) {
	l := open(t).ledger()
	for _, o := range story.Outcomes {
		if n, ok := l.Outcomes[o]; !ok || n != 0 {
			t.Errorf("%s: %d, %v", o, n, ok)
		}
	}
	for _, s := range bot.States {
		if n, ok := l.Deliveries[s]; !ok || n != 0 {
			t.Errorf("%s: %d, %v", s, n, ok)
		}
	}
}

func TestLedgerSince(t *testing.T) {
	r := reading(t, "http://a/")
	r.poll(item("old"), item("carried"))
	r.file(filingsOf(r.unsifted()[:1], story.OutcomeBaseline)...)
	r.advance(time.Hour)
	since := r.Now()
	fresh := item("new")
	fresh.Fetched = since
	r.poll(item("old"), item("carried"), fresh)
	r.file(filingsOf(r.unsifted(), story.OutcomeUnmatched)...)
	l, err := r.Ledger(t.Context(), since)
	r.must(err)
	if l.Fresh != 2 || l.Carried != 1 || l.Outcomes[story.OutcomeUnmatched] != 2 ||
		l.Outcomes[story.OutcomeBaseline] != 0 {
		t.Errorf("since then: %+v", l)
	}
	if l := r.ledger(); l.Fresh != 3 || l.Outcomes[story.OutcomeBaseline] != 1 {
		t.Errorf("since ever: %+v", l)
	}
}

func TestLedgerCountsWhatIsStillOwed(t *testing.T) {
	r := followed(t, "console:")
	r.owe(tale("a", 1), tale("b", 1))
	r.settle(r.claimOne(), bot.StateSent)
	r.advance(time.Hour)
	since := r.Now()
	l, err := r.Ledger(t.Context(), since)
	r.must(err)
	if l.Deliveries[bot.StatePending] != 1 || l.Deliveries[bot.StateSent] != 0 {
		t.Errorf("owed from before: %+v", l.Deliveries)
	}
	r.settle(r.claimOne(), bot.StateSent)
	l, err = r.Ledger(t.Context(), since)
	r.must(err)
	if l.Deliveries[bot.StateSent] != 1 {
		t.Errorf("sent since: %+v", l.Deliveries)
	}
}
