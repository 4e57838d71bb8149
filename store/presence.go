package store

import (
	"context"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
)

// Moved implements [bot.Presence]. While we are away from a channel, what it follows is paused and
// what it is owed waits; nothing of how it wants to hear is lost.
func (d *DB) Moved(ctx context.Context, m bot.Move) error {
	return d.write(ctx, "noting where we are", func(t *tx) {
		if m.Name != "" && !m.Every {
			t.exec(`update channels set name = $1 where channel = $2`, m.Name, string(m.Channel))
			return
		}
		for _, c := range t.moved(m) {
			if m.Away == "" {
				t.comeBack(c)
			} else {
				t.exec(`update channels set away = $1 where channel = $2`, m.Away, string(c))
			}
		}
	})
}

// comeBack ends that we are away from a channel, and says there what it hears of again. A channel that
// we were not away from is told nothing.
func (t *tx) comeBack(c bot.Channel) {
	t.exec(`update subscriptions set paused = '' where channel = $1`, string(c))
	if t.exec(`update channels set away = '' where channel = $1 and away <> ''`, string(c)) == 0 {
		return
	}
	names := allTx(t, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, `select name from following join watches on id = watch_id
		where channel = $1 and paused = '' and not retired order by name`, string(c))
	if len(names) > 0 {
		t.oweNotice(c, bot.BackNotice(names))
	}
}

// moved lists the channels that a move is about. There are no wildcards in what they begin with.
func (t *tx) moved(m bot.Move) []bot.Channel {
	if !m.Every {
		return []bot.Channel{m.Channel}
	}
	return allTx(t, scanChannel, `select channel from channels where substr(channel, 1, $1) = $2
		and ($3 = '' or away = $3)`,
		utf8.RuneCountInString(string(m.Channel)), string(m.Channel), m.Was)
}
