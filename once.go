package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/feeds"
	"github.com/tensionwatch/tensionwatch/store"
	"github.com/tensionwatch/tensionwatch/story"
)

// onceLimit is how long a single run waits for channels that asked to be told later.
const onceLimit = time.Minute

// once makes one pass of every stage and prints the tally. It fails only with the store.
func (r *newsroom) once(ctx context.Context, stdout io.Writer, progress *progress) (err error) {
	defer progress.done()
	began := r.store.Now()
	t := new(tally)
	if t.Polls.Skipped, err = r.store.PollAll(ctx); err != nil {
		return err
	}
	r.poller.Once = true
	r.poller.Polled = func(p feeds.Poll) {
		t.add(p)
		progress.polled(p)
	}
	if _, err := r.poller.Poll(ctx); err != nil {
		return err
	}
	progress.done()
	if _, err := r.desk.Sift(ctx); err != nil {
		return err
	}
	if _, err := r.store.TellTroubles(ctx, bot.JudgeFeed); err != nil {
		return err
	}
	if err := r.deliverAll(ctx); err != nil {
		return err
	}
	ledger, err := r.store.Ledger(context.WithoutCancel(ctx), began)
	if err != nil {
		return err
	}
	return t.print(stdout, ledger)
}

// deliverAll delivers until nothing that may be sent is owed or the time is up.
func (r *newsroom) deliverAll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, onceLimit)
	defer cancel()
	for {
		if _, err := r.courier.Deliver(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := r.store.EndWaits(ctx); err != nil {
			return err
		}
		next, owed, err := r.store.Waiting(ctx)
		if err != nil || !owed {
			return err
		}
		newNudge().wait(ctx, next.Sub(r.store.Now()))
	}
}

// tally is what a single run did.
type tally struct {
	Polls struct {
		OK        int `json:"ok"`
		Unchanged int `json:"unchanged"`
		Failed    int `json:"failed"`
		Skipped   int `json:"skipped"`
	} `json:"polls"`
	Items struct {
		Fetched int `json:"fetched"`
		Known   int `json:"known"`
		Fresh   int `json:"fresh"`
		Carried int `json:"carried,omitempty"` // saved by a run that ended before it sifted them
	} `json:"items"`
	Outcomes   map[story.Outcome]int `json:"outcomes"`
	Deliveries map[bot.State]int     `json:"deliveries"`
}

func (t *tally) add(p feeds.Poll) {
	switch p.Result {
	case feeds.PollOK:
		t.Polls.OK++
	case feeds.PollUnchanged:
		t.Polls.Unchanged++
	case feeds.PollFailed:
		t.Polls.Failed++
	}
	t.Items.Fetched += p.Fetched
	t.Items.Fresh += p.Fresh
	t.Items.Known += p.Fetched - p.Fresh
}

// print writes the tally as one line, the last of the output.
func (t *tally) print(w io.Writer, l store.Ledger) error {
	t.Items.Carried = l.Carried
	t.Outcomes, t.Deliveries = l.Outcomes, l.Deliveries
	line, err := json.Marshal(map[string]*tally{"tally": t})
	if err != nil {
		return fmt.Errorf("writing the tally: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", line)
	return err
}
