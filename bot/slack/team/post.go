package team

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
	"github.com/tensionwatch/tensionwatch/bot/slack/blocks"
)

const (
	// searchBack is how far before its first attempt a post is looked for: clocks differ.
	searchBack = 10 * time.Minute

	// searchUnknown is the same where nobody knows when the first attempt was.
	searchUnknown = 24 * time.Hour

	pageSize = 200 // messages; Slack advises no more
	maxPages = 50
)

// Post posts a message. A layout that Slack does not take is left out, and so is a thread that there
// is no replying to: what there is to tell arrives.
func (t *Team) Post(ctx context.Context, channel string, m bot.Message) (bot.Receipt, error) {
	post := blocks.Message(m)
	shared := []slack.MsgOption{
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if m.Delivery != "" {
		shared = append(shared, slack.MsgOptionMetadata(post.Metadata))
	}
	thread := []slack.MsgOption{slack.MsgOptionTS(m.Thread.ID)}
	if m.Loud {
		thread = append(thread, slack.MsgOptionBroadcast())
	}
	var r bot.Receipt
	send := func(options ...slack.MsgOption) error {
		_, ts, err := t.api.PostMessageContext(ctx, channel, append(options, shared...)...)
		r.ID = ts
		return t.meaning(err)
	}
	if m.Thread.ID == "" {
		return r, onceMorePlain(post, blocks.Plain(m), send)
	}
	err := onceMorePlain(post, blocks.Plain(m), func(options ...slack.MsgOption) error {
		return send(append(options, thread...)...)
	})
	if errors.Is(err, api.ErrThread) {
		err = onceMorePlain(post, blocks.Plain(m), send)
	}
	return r, err
}

// onceMorePlain sends a post and, if Slack does not take its blocks, once more without them.
func onceMorePlain(post blocks.Post, plain string, send func(...slack.MsgOption) error) error {
	err := send(slack.MsgOptionText(post.Text, false), slack.MsgOptionBlocks(post.Blocks...))
	if errors.Is(err, api.ErrBlocks) {
		err = send(slack.MsgOptionText(plain, false))
	}
	return err
}

// meaning is [api.Meaning]; what it says about the token is passed on.
func (t *Team) meaning(err error) error {
	err = api.Meaning(err)
	t.hear(err)
	return err
}

// Edit changes a post in place. It may be asked again at any time, so nothing about it is uncertain.
func (t *Team) Edit(ctx context.Context, channel string, r bot.Receipt, m bot.Message) error {
	post := blocks.Message(m)
	var shared []slack.MsgOption // what is not unfurled when it is posted is not when it is edited
	if m.Delivery != "" {
		shared = append(shared, slack.MsgOptionMetadata(post.Metadata))
	}
	err := onceMorePlain(post, blocks.Plain(m), func(options ...slack.MsgOption) error {
		_, _, _, err := t.api.UpdateMessageContext(ctx, channel, r.ID, append(options, shared...)...)
		return t.meaning(err)
	})
	if errors.Is(err, bot.ErrUncertain) {
		return &bot.RetryError{Err: err}
	}
	return err
}

// Find looks through the history of the channel, or of the thread, for the delivery. Without the
// permission to read it, if too much was said since, or where it is a person who was written to, the
// error is [errors.ErrUnsupported]: a person's ID is good for posting, but Slack has no history by it.
func (t *Team) Find(ctx context.Context, channel string, d bot.Delivery) (bot.Receipt, bool, error) {
	if strings.HasPrefix(channel, "U") || strings.HasPrefix(channel, "W") {
		return bot.Receipt{}, false, errors.ErrUnsupported
	}
	since := d.Tried.Add(-searchBack)
	if d.Tried.IsZero() {
		since = d.Claimed.Add(-searchUnknown)
	}
	search := search{api: t.api, channel: channel, oldest: timestamp(since), delivery: d.ID}
	if thread := bot.Render(d).Thread.ID; thread != "" {
		found, ok, err := t.look(ctx, search.inThread(thread))
		if ok || err != nil && !errors.Is(err, api.ErrThread) {
			return found, ok, err
		}
		// It may have been posted without the thread, see Post.
	}
	return t.look(ctx, search.inChannel)
}

// look turns the pages of a search.
func (t *Team) look(ctx context.Context,
	page func(ctx context.Context, cursor string) (ts, next string, err error)) (bot.Receipt, bool, error) {
	cursor := ""
	for range maxPages {
		var ts, next string
		err := t.ask(ctx, func(ctx context.Context) (err error) {
			ts, next, err = page(ctx, cursor)
			return err
		})
		switch {
		case errors.Is(err, api.ErrScope):
			return bot.Receipt{}, false, errors.ErrUnsupported
		case errors.Is(err, bot.ErrUncertain):
			return bot.Receipt{}, false, &bot.RetryError{Err: err} // to have asked does no harm
		case err != nil:
			return bot.Receipt{}, false, err
		case ts != "":
			return bot.Receipt{ID: ts}, true, nil
		case next == "":
			return bot.Receipt{}, false, nil
		}
		cursor = next
	}
	return bot.Receipt{}, false, errors.ErrUnsupported
}

// search is what is looked for, and where.
type search struct {
	api      *slack.Client
	channel  string
	oldest   string
	delivery string
}

func (s search) inChannel(ctx context.Context, cursor string) (ts, next string, err error) {
	h, err := s.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: s.channel, Oldest: s.oldest, Cursor: cursor, Limit: pageSize,
		Inclusive: true, IncludeAllMetadata: true,
	})
	if err != nil {
		return "", "", err
	}
	return s.among(h.Messages), h.ResponseMetaData.NextCursor, nil
}

func (s search) inThread(thread string) func(context.Context, string) (string, string, error) {
	return func(ctx context.Context, cursor string) (ts, next string, err error) {
		messages, _, next, err := s.api.GetConversationRepliesContext(ctx,
			&slack.GetConversationRepliesParameters{
				ChannelID: s.channel, Timestamp: thread, Oldest: s.oldest, Cursor: cursor,
				Limit: pageSize, Inclusive: true, IncludeAllMetadata: true,
			})
		return s.among(messages), next, err
	}
}

// among finds the delivery among messages.
func (s search) among(messages []slack.Message) (ts string) {
	for _, m := range messages {
		if m.Metadata.EventType == blocks.EventType &&
			m.Metadata.EventPayload["delivery_id"] == s.delivery {
			return m.Timestamp
		}
	}
	return ""
}

// timestamp is a time as Slack writes it.
func timestamp(t time.Time) string {
	return strconv.FormatInt(max(t.Unix(), 0), 10) + ".000000"
}
