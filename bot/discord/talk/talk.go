// Package talk is what the bot says in Discord: it posts, edits, finds what it posted, and answers.
//
// Everything is asked through an [api.Client]; what comes of it is said in the words of
// [bot.Platform].
package talk

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/discord/embeds"
)

// Voice is the bot's. It is safe for concurrent use.
type Voice struct {
	API *api.Client
	Log *slog.Logger
}

// message is a post as it is sent.
type message struct {
	embeds.Post
	Nonce   string     `json:"nonce,omitempty"`
	Enforce bool       `json:"enforce_nonce,omitempty"`
	Reply   *reference `json:"message_reference,omitempty"`
}

// reference is what a post replies to. When that is gone, it is a post all the same.
type reference struct {
	Message string `json:"message_id"`
	Must    bool   `json:"fail_if_not_exists"`
}

// placed is where a post stands, as Discord says it.
type placed struct {
	ID      string `json:"id"`
	Channel string `json:"channel_id"`
}

// receipt names a post. One that does not stand in the channel itself, but in a thread or a forum's
// post, is named with that.
func receipt(channel string, at placed) bot.Receipt {
	if at.Channel != "" && at.Channel != channel {
		return bot.Receipt{ID: at.Channel + "/" + at.ID}
	}
	return bot.Receipt{ID: at.ID}
}

// locate is where a post stands.
func locate(channel string, r bot.Receipt) placed {
	if thread, id, found := strings.Cut(r.ID, "/"); found {
		return placed{ID: id, Channel: thread}
	}
	return placed{ID: r.ID, Channel: channel}
}

// do asks for something in a channel.
func (v *Voice) do(ctx context.Context, method, address string, in, out any) error {
	return v.API.Do(ctx, method, address, in, out)
}

// onceMorePlain sends a post and, if Discord does not take its embeds, once more without them.
func onceMorePlain(m bot.Message, send func(embeds.Post) error) error {
	err := send(embeds.Message(m))
	if isForm(err) {
		err = send(embeds.Plain(m))
	}
	return err
}

const (
	get    = http.MethodGet
	post   = http.MethodPost
	patch  = http.MethodPatch
	remove = http.MethodDelete
)

// ephemeral is a message that only who asked sees, silent one that notifies nobody.
const (
	ephemeral = discordgo.MessageFlagsEphemeral
	silent    = discordgo.MessageFlagsSuppressNotifications
)
