package store_test

import (
	"strings"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
)

// TestMoved: whoever puts us out of a place and lets us in again finds everything as it was.
func TestMoved(t *testing.T) {
	r := followed(t, "slack:T1/C1", "slack:T1/C2", "slack:T10/C1", "slack:T_/C1")
	move := func(m bot.Move, away ...bool) {
		t.Helper()
		r.must(r.Moved(t.Context(), m))
		for i, c := range []bot.Channel{"slack:T1/C1", "slack:T1/C2", "slack:T10/C1", "slack:T_/C1"} {
			f := r.followed(c)
			if len(f) != 1 || (f[0].Paused != "") != away[i] {
				t.Errorf("%+v: %s is %+v", m, c, f)
			}
		}
	}
	gone := bot.Move{Channel: "slack:T1/", Every: true, Away: "the app was uninstalled"}
	move(gone, true, true, false, false)
	move(bot.Move{Channel: "slack:T1/C2", Name: "news <!channel>"}, true, true, false, false)
	move(bot.Move{Channel: "slack:T1/", Every: true}, false, false, false, false)
	move(gone, true, true, false, false)
	move(bot.Move{Channel: "slack:T1/C2", Away: "archived"}, true, true, false, false)
	move(bot.Move{Channel: "slack:T1/", Every: true, Was: gone.Away}, false, true, false, false)
	move(bot.Move{Channel: "slack:T1/", Every: true}, false, false, false, false)
	gone.Channel = "slack:T_/"
	move(gone, false, false, false, true)
	move(bot.Move{Channel: "slack:T_/C1", Name: "x"}, false, false, false, true)
	move(bot.Move{Channel: "slack:nowhere", Away: "archived"}, false, false, false, true)
	if n := r.count(`select count(*) from channels
		where channel = 'slack:T1/C2' and name = 'news <!channel>'`); n != 1 {
		t.Error("the name was not kept")
	}
	if n := r.count(`select count(*) from channels`); n != 4 {
		t.Errorf("%d channels", n)
	}
}

// TestPausesOfOthers: that we are back ends our own pauses, not those that people asked for.
func TestPausesOfOthers(t *testing.T) {
	r := followed(t, "slack:C1", "slack:C2")
	r.meddle(`update subscriptions set paused = 'the channel is gone'`)
	r.done(commands.Prefer{Channel: "slack:C1", Watch: oman.ID,
		Set: commands.Preference{Paused: new("on holiday")}})
	for _, c := range []bot.Channel{"slack:C1", "slack:C2"} {
		r.must(r.Moved(t.Context(), bot.Move{Channel: c}))
	}
	if one, two := r.followed("slack:C1")[0], r.followed("slack:C2")[0]; one.Paused != "on holiday" ||
		two.Paused != "" {
		t.Errorf("got %+v and %+v", one, two)
	}
}

// TestBackIsTold: whoever lets us into a channel sees there, once, what it hears of.
func TestBackIsTold(t *testing.T) {
	r := followed(t, "slack:C1")
	r.must(r.Moved(t.Context(), bot.Move{Channel: "slack:C1", Away: "the bot is not in the channel"}))
	for range 2 {
		r.must(r.Moved(t.Context(), bot.Move{Channel: "slack:C1"}))
	}
	d := r.claimOne()
	if d.Notice == nil || d.Notice.Title != "tensionwatch is here" ||
		!strings.HasPrefix(d.Notice.Lines[0], "This channel follows "+oman.Name+".") {
		t.Errorf("told %+v", d.Notice)
	}
	r.settle(d, bot.StateSent)
	if got := r.claim(9); got != nil {
		t.Errorf("told again: %+v", got)
	}
}
