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
		for _, c := range t.moved(m) {
			t.exec(`update channels set away = $1 where channel = $2`, m.Away, string(c))
			if m.Away == "" {
				t.exec(`update subscriptions set paused = '' where channel = $1`, string(c))
			}
		}
		if m.Name != "" && !m.Every {
			t.exec(`update channels set name = $1 where channel = $2`, m.Name, string(m.Channel))
		}
	})
}

// moved lists the channels that a move is about. There are no wildcards in what they begin with.
func (t *tx) moved(m bot.Move) []bot.Channel {
	if !m.Every {
		return []bot.Channel{m.Channel}
	}
	return allTx(t, scanChannel, `select channel from channels where substr(channel, 1, $1) = $2`,
		utf8.RuneCountInString(string(m.Channel)), string(m.Channel))
}
