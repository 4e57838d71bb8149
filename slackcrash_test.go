package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/slacktest"
)

var (
	slackKills   = flag.Int("slackkills", 10, "how often TestSlackCrash kills the program")
	slackStories = flag.Int("slackstories", 24, "how many stories TestSlackCrash tells each channel")
)

// TestSlackCrash kills the program again and again while alerts go to ten channels of a Slack that
// loses one answer in ten: see [chatWorld.crash].
func TestSlackCrash(t *testing.T) {
	for _, fold := range []int{0, 5} {
		t.Run(fmt.Sprintf("fold %d", fold), func(t *testing.T) {
			s := slacktest.NewWith(t, slacktest.Options{Rates: slacktest.Rates{Off: true}, Seed: 2026})
			s.Fail("chat.postMessage", slacktest.ResetAfter().Likely(0.1), -1)
			team := s.Workspace("T1")
			section := fmt.Sprintf("[slack]\nbot_token = %q\napp_token = %q\napi_url = %q\n",
				team.BotToken(), s.AppToken(), s.APIURL())
			var rooms []chatRoom
			for i := range chatRooms {
				room := team.Channel(fmt.Sprint("C", i), fmt.Sprint("room-", i))
				rooms = append(rooms, chatRoom{"slack:" + room.ID, func(t *testing.T) []shownPost { return shownOnSlack(t, room) }})
			}
			newChatWorld(t, fold, *slackKills, *slackStories, section, rooms).crash(t, fold)
			if n := s.Provoked429(); n != 0 {
				t.Errorf("Slack was asked too often %d times", n)
			}
		})
	}
}

func shownOnSlack(t *testing.T, room *slacktest.Channel) (posts []shownPost) {
	t.Helper()
	for _, m := range room.Messages() {
		if id := deliveryOf(t, m); id != "" {
			posts = append(posts, shownPost{id, m.TS, m.Text})
		}
	}
	return posts
}

// deliveryOf is the delivery that a message is, or nothing for what the bot says of itself.
func deliveryOf(t *testing.T, m *slacktest.Message) string {
	t.Helper()
	var metadata struct {
		Payload struct {
			ID   string   `json:"delivery_id"`
			Kind bot.Kind `json:"kind"`
		} `json:"event_payload"`
	}
	if len(m.Metadata) == 0 {
		return ""
	}
	if err := json.Unmarshal(m.Metadata, &metadata); err != nil {
		t.Fatalf("%s: %v", m.Metadata, err)
	}
	if metadata.Payload.Kind == bot.KindNotice {
		return ""
	}
	return metadata.Payload.ID
}
