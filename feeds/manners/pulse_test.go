package manners

import (
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	const minute, hour, day = time.Minute, time.Hour, 24 * time.Hour
	for _, c := range []struct {
		name          string
		every, silent time.Duration
		want          time.Duration
	}{
		{"straight after news", hour, 0, 0},
		{"nothing known", 0, 5 * hour, 30 * minute},
		{"a lively feed at noon", 10 * minute, 20 * minute, 2 * minute},
		{"a lively feed after its night", 10 * minute, 8 * hour, 10 * minute},
		{"a lively feed that has died", 10 * minute, 30 * day, 15 * hour},
		{"a daily feed", day, 10 * hour, hour},
		{"a weekly feed", 7 * day, 3 * day, 7*hour + 12*minute},
	} {
		p := Pulse{News: noon.Add(-c.silent), Every: c.every}
		if got := p.Wait(noon); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := (Pulse{}).Wait(noon); got != 0 {
		t.Errorf("a feed without news: %v", got)
	}
}

// TestBeat: the average comes near the feed's rhythm whatever it was before, however many items
// come at once.
func TestBeat(t *testing.T) {
	p := Pulse{News: noon, Every: 24 * time.Hour}
	now := noon
	for range 30 {
		now = now.Add(30 * time.Minute)
		p = p.Beat(now, 3)
	}
	if p.Every < 9*time.Minute || p.Every > 12*time.Minute || !p.News.Equal(now) {
		t.Errorf("%+v", p)
	}
	if again := p.Beat(now.Add(time.Hour), 0); again != p {
		t.Errorf("no news is news: %+v", again)
	}
}

func TestRead(t *testing.T) {
	at := func(hours ...int) (dates []time.Time) {
		for _, h := range hours {
			dates = append(dates, noon.Add(-time.Duration(h)*time.Hour))
		}
		return append(dates, time.Time{}, noon.Add(time.Hour))
	}
	for _, c := range []struct {
		name  string
		dates []time.Time
		want  Pulse
	}{
		{"no dates", at(), Pulse{}},
		{"one", at(3), Pulse{News: noon.Add(-3 * time.Hour)}},
		{"two", at(3, 4), Pulse{News: noon.Add(-3 * time.Hour)}},
		{"more", at(9, 3, 4, 5), Pulse{noon.Add(-3 * time.Hour), time.Hour}},
	} {
		if got := Read(c.dates, noon); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestSilent(t *testing.T) {
	for _, c := range []struct {
		every, silent time.Duration
		want          bool
	}{
		{0, 10000 * time.Hour, false}, {time.Hour, 47 * time.Hour, false},
		{time.Hour, 49 * time.Hour, true}, {24 * time.Hour, 9 * 24 * time.Hour, false},
		{24 * time.Hour, 11 * 24 * time.Hour, true},
	} {
		if got := (Pulse{noon.Add(-c.silent), c.every}).Silent(noon); got != c.want {
			t.Errorf("every %v, silent for %v: %t", c.every, c.silent, got)
		}
	}
}
