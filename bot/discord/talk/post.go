package talk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/discord/embeds"
)

const (
	// searchBack is how far before its first attempt a post is looked for: clocks differ.
	searchBack = 10 * time.Minute

	// searchUnknown is the same where nobody knows when the first attempt was.
	searchUnknown = 24 * time.Hour

	pageSize = 100
	maxPages = 50

	maxThreadName = 100
)

func isForm(err error) bool { return errors.Is(err, api.ErrForm) }

// Post posts a message. A layout that Discord does not take is left out, and so is a reply where
// there is no replying: what there is to tell arrives. A forum gets one post a story, and what is
// told of it later stands in that.
func (v *Voice) Post(ctx context.Context, channel string, m bot.Message) (r bot.Receipt, err error) {
	at := locate(channel, m.Thread)
	err = onceMorePlain(m, func(p embeds.Post) error {
		out := message{Post: p}
		if m.Delivery != "" {
			out.Nonce, out.Enforce = api.Nonce(m.Delivery), true
		}
		if at.ID != "" {
			out.Reply = &reference{Message: at.ID}
		}
		if at.ID != "" && !m.Loud {
			out.Flags |= silent
		}
		r, err = v.send(ctx, channel, at.Channel, out)
		return err
	})
	if errors.Is(err, api.ErrKind) {
		return v.postInForum(ctx, channel, m)
	}
	return r, err
}

// send sends a post, and once more without its reply if that cannot be.
func (v *Voice) send(ctx context.Context, channel, in string, out message) (bot.Receipt, error) {
	address := discordgo.EndpointChannelMessages(in)
	var at placed
	err := v.do(ctx, post, address, out, &at)
	if errors.Is(err, api.ErrReply) {
		out.Reply = nil
		err = v.do(ctx, post, address, out, &at)
	}
	if err == nil && at.ID == "" {
		err = fmt.Errorf("%w: Discord names no message", bot.ErrUncertain)
	}
	if err != nil {
		return bot.Receipt{}, err
	}
	if at.Channel == "" {
		at.Channel = in
	}
	return receipt(channel, at), nil
}

// postInForum opens a post of a forum. Discord takes no nonce there.
func (v *Voice) postInForum(ctx context.Context, channel string, m bot.Message) (bot.Receipt, error) {
	var thread placed
	err := onceMorePlain(m, func(p embeds.Post) error {
		return v.do(ctx, post, discordgo.EndpointChannelThreads(channel), struct {
			Name    string      `json:"name"`
			Message embeds.Post `json:"message"`
		}{threadName(m), p}, &thread)
	})
	if err != nil {
		return bot.Receipt{}, err
	}
	// The first message of a forum's post has its ID.
	return receipt(channel, placed{ID: thread.ID, Channel: thread.ID}), nil
}

// threadName is what a forum's post is called.
func threadName(m bot.Message) string {
	name := m.Title
	if len(m.Cards) > 0 && name == "" {
		name = m.Cards[0].Headline.String()
	}
	if name = clean.Cut(clean.String(name), maxThreadName); name == "" {
		return "News"
	}
	return name
}

// Edit changes a post in place. It may be asked again at any time, so nothing about it is uncertain.
// The post is not marked as the delivery that changes it: that may have a post of its own, which is
// looked for by the mark.
func (v *Voice) Edit(ctx context.Context, channel string, r bot.Receipt, m bot.Message) error {
	m.Delivery = ""
	at := locate(channel, r)
	err := onceMorePlain(m, func(p embeds.Post) error {
		return v.do(ctx, patch, discordgo.EndpointChannelMessage(at.Channel, at.ID), p, nil)
	})
	if errors.Is(err, bot.ErrUncertain) {
		return &bot.RetryError{Err: err}
	}
	return err
}

// said is a message as it is read.
type said struct {
	ID      string `json:"id"`
	Nonce   any    `json:"nonce"`
	Content string `json:"content"`
	Embeds  []struct {
		URL string `json:"url"`
	} `json:"embeds"`
}

// isOf reports whether a message is that of a delivery. A nonce is told for a while only; the mark in
// the address stays.
func (s said) isOf(delivery string) bool {
	if s.Nonce == api.Nonce(delivery) {
		return true
	}
	var addresses []string
	for _, e := range s.Embeds {
		addresses = append(addresses, e.URL)
	}
	return embeds.Holds(s.Content, addresses, delivery)
}

// Find looks through what was said in the channel since the delivery was first tried. Where the bot
// may not read that, or if too much was said since, the error is [errors.ErrUnsupported].
func (v *Voice) Find(ctx context.Context, channel string, d bot.Delivery) (bot.Receipt, bool, error) {
	since := d.Tried.Add(-searchBack)
	if d.Tried.IsZero() {
		since = d.Claimed.Add(-searchUnknown)
	}
	in := locate(channel, bot.Render(d).Thread).Channel
	after := snowflake(since)
	for range maxPages {
		page, err := v.page(ctx, in, after)
		if err != nil {
			return bot.Receipt{}, false, err
		}
		for _, s := range page {
			if s.isOf(d.ID) {
				return receipt(channel, placed{ID: s.ID, Channel: in}), true, nil
			}
			after = max(after, number(s.ID))
		}
		switch {
		case len(page) == 0:
			return bot.Receipt{}, false, v.blind(ctx, in, after)
		case len(page) < pageSize:
			return bot.Receipt{}, false, nil
		}
	}
	return bot.Receipt{}, false, errors.ErrUnsupported
}

// page reads the messages behind one. To have asked does no harm.
func (v *Voice) page(ctx context.Context, channel string, after uint64) (page []said, err error) {
	address := fmt.Sprintf("%s?limit=%d&after=%d", discordgo.EndpointChannelMessages(channel), pageSize, after)
	err = api.Patiently(ctx, func(ctx context.Context) error {
		return v.do(ctx, get, address, nil, &page)
	})
	switch {
	case errors.Is(err, api.ErrKind):
		return nil, errors.ErrUnsupported // a forum
	case errors.Is(err, bot.ErrUncertain):
		return nil, &bot.RetryError{Err: err}
	}
	return page, err
}

// blind tells a channel in which nothing was said from one that we may not read: Discord shows
// nothing of either. The error is [errors.ErrUnsupported].
func (v *Voice) blind(ctx context.Context, channel string, after uint64) error {
	var at struct {
		Type discordgo.ChannelType `json:"type"`
		Last string                `json:"last_message_id"`
	}
	err := api.Patiently(ctx, func(ctx context.Context) error {
		return v.do(ctx, get, discordgo.EndpointChannel(channel), nil, &at)
	})
	switch {
	case errors.Is(err, bot.ErrUncertain):
		return &bot.RetryError{Err: err}
	case err != nil:
		return err
	case at.Type == discordgo.ChannelTypeGuildForum, number(at.Last) > after:
		return errors.ErrUnsupported
	}
	return nil
}

// epoch is when Discord began to count, in milliseconds.
const epoch = 1_420_070_400_000

// snowflake is the first ID that Discord can have given at a time.
func snowflake(t time.Time) uint64 {
	return uint64(max(t.UnixMilli()-epoch, 0)) << 22
}

// number reads an ID; what is none is zero.
func number(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64)
	return n
}
