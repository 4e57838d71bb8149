package main

import (
	"flag"
	"fmt"
	"regexp"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest"
)

var (
	discordKills   = flag.Int("discordkills", 10, "how often TestDiscordCrash kills the program")
	discordStories = flag.Int("discordstories", 24, "how many stories TestDiscordCrash tells each channel")
)

// TestDiscordCrash kills the program again and again while alerts go to ten channels of a Discord that
// loses one answer in ten: see [chatWorld.crash].
func TestDiscordCrash(t *testing.T) {
	for _, fold := range []int{0, 5} {
		t.Run(fmt.Sprintf("fold %d", fold), func(t *testing.T) {
			s := discordtest.NewWith(t, discordtest.Options{Rates: discordtest.Rates{Off: true}, Seed: 2026})
			s.Fail(discordtest.PostMessage, discordtest.ResetAfter().Likely(0.1), -1)
			guild := s.Guild("G1", "Desk")
			section := fmt.Sprintf("[discord]\ntoken = %q\napi_url = %q\n", s.Token(), s.APIURL())
			var rooms []chatRoom
			for i := range chatRooms {
				room := guild.Channel(fmt.Sprint("room-", i))
				rooms = append(rooms, chatRoom{"discord:" + room.ID, func(*testing.T) []shownPost { return shownOnDiscord(room) }})
			}
			newChatWorld(t, fold, *discordKills, *discordStories, section, rooms).crash(t, fold)
			if n := s.Provoked429(); n != 0 {
				t.Errorf("Discord was asked too often %d times", n)
			}
		})
	}
}

func shownOnDiscord(room *discordtest.Channel) (posts []shownPost) {
	for _, m := range room.Messages() {
		if id := deliveryIn(m); id != "" {
			posts = append(posts, shownPost{id, m.ID, m.Rendered()})
		}
	}
	return posts
}

// deliveryIn is the delivery that a message is, or nothing for what the bot says of itself.
func deliveryIn(m *discordtest.Message) string {
	found := regexp.MustCompile(`:~:tw=(\w+)"`).FindSubmatch(m.Embeds)
	if found == nil || reportIn(m.Rendered()) == "" {
		return ""
	}
	return string(found[1])
}
