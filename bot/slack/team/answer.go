package team

import (
	"context"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/slack/api"
	"github.com/tensionwatch/tensionwatch/bot/slack/blocks"
	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

// The types of views.
const (
	HomeView  = string(slack.VTHomeTab)
	ModalView = string(slack.VTModal)
)

// Say answers with a message: in the window where somebody asked, or else in the channel, where only
// they see it unless it is for everybody. What cannot be said in one way is said in the next.
func (t *Team) Say(ctx context.Context, v visit.Visit, r bot.Reply) {
	if v.View.ID != "" && t.showWindow(ctx, v, Result(v, r)) {
		return
	}
	post := blocks.Message(r.Message)
	err := errNowhere
	if v.ResponseURL != "" {
		err = t.respond(ctx, v, r, post)
	}
	if err != nil {
		err = t.whisper(ctx, v, r, post)
	}
	if err != nil {
		t.Log.Warn("an answer could not be given", "channel", v.Channel, "err", err)
	}
}

var errNowhere = errors.New("there is nowhere to answer")

// showWindow changes the window in which something was pressed, or opens one from the bot's tab.
func (t *Team) showWindow(ctx context.Context, v visit.Visit,
	view slack.ModalViewRequest) bool {
	if v.View.Type == ModalView {
		return t.Change(ctx, v.View.ID, "", view)
	}
	return t.Window(ctx, v, view) != ""
}

// respond answers at the address that came with the call.
func (t *Team) respond(ctx context.Context, v visit.Visit, r bot.Reply, post blocks.Post) error {
	answer := api.Response{
		ResponseType: "ephemeral", Text: post.Text, Blocks: post.Blocks,
		ReplaceOriginal: r.Replace && v.Kind == visit.Press,
	}
	if r.Open {
		answer.ResponseType = "in_channel"
	}
	return t.ask(ctx, func(ctx context.Context) error {
		return api.Respond(ctx, t.HTTP, v.ResponseURL, t.Hosts, answer)
	})
}

// whisper answers without an address: in the channel, seen by all if that is how it is meant, or where
// the bot is not in it, directly.
func (t *Team) whisper(ctx context.Context, v visit.Visit, r bot.Reply,
	post blocks.Post) error {
	channel := v.Channel
	if channel == "" && v.Asked != "" {
		channel = string(v.Asked)[strings.LastIndexAny(string(v.Asked), ":/")+1:]
	}
	plain := blocks.Plain(r.Message)
	if channel != "" {
		err := onceMorePlain(post, plain, func(options ...slack.MsgOption) error {
			return t.ask(ctx, func(ctx context.Context) (err error) {
				if r.Open {
					_, _, err = t.api.PostMessageContext(ctx, channel, options...)
				} else {
					_, err = t.api.PostEphemeralContext(ctx, channel, v.User, options...)
				}
				return err
			})
		})
		if err == nil {
			return nil
		}
	}
	return onceMorePlain(post, plain, func(options ...slack.MsgOption) error {
		return t.ask(ctx, func(ctx context.Context) error {
			_, _, err := t.api.PostMessageContext(ctx, v.User, options...)
			return err
		})
	})
}

// Open shows a form. When Slack does not let us open a window any more, a button opens it.
func (t *Team) Open(ctx context.Context, v visit.Visit, f bot.Form) {
	view := Form(v, f)
	shown := false
	if v.View.ID != "" && v.View.Type != HomeView { // a window is open already
		shown = t.Change(ctx, v.View.ID, "", view)
	} else {
		shown = t.Window(ctx, v, view) != ""
	}
	if shown {
		return
	}
	m := bot.Message{
		Kind:  bot.KindReply,
		Lines: bot.Plains("That took so long that Slack does not let me open the form any more."),
	}
	if len(v.Text) <= maxSays && v.Text != "" {
		m.Buttons = []bot.Button{{Label: "Open the form", Says: v.Text, Style: bot.ButtonMain}}
	}
	v.View = visit.View{}
	t.Say(ctx, v, bot.Reply{Message: m})
}

// maxSays is how much a button may say.
const maxSays = 100

// Window opens a window and returns its ID, or nothing when Slack does not let us.
func (t *Team) Window(ctx context.Context, v visit.Visit,
	view slack.ModalViewRequest) (id string) {
	err := t.ask(ctx, func(ctx context.Context) error {
		r, err := t.api.OpenViewContext(ctx, v.Trigger, view)
		if err == nil {
			id = r.ID
		}
		return err
	})
	if err != nil {
		t.Log.Info("a window could not be opened", "err", err)
	}
	return id
}

// Change shows something else in a window, unless it is not as it was when it had that hash.
func (t *Team) Change(ctx context.Context, id, hash string,
	view slack.ModalViewRequest) bool {
	err := t.ask(ctx, func(ctx context.Context) error {
		_, err := t.api.UpdateViewContext(ctx, view, "", hash, id)
		return err
	})
	if err != nil && !api.Is(err, "hash_conflict", "not_found") {
		t.Log.Info("a window could not be changed", "err", err)
	}
	return err == nil
}

// Publish shows the bot's own tab to somebody.
func (t *Team) Publish(ctx context.Context, user string, m bot.Message) {
	view := blocks.Home(m)
	err := t.ask(ctx, func(ctx context.Context) error {
		_, err := t.api.PublishViewContext(ctx, slack.PublishViewContextRequest{
			UserID: user, View: view,
		})
		return err
	})
	if err != nil {
		t.Log.Warn("the bot's tab could not be shown", "err", err)
	}
}

// Form is the window of a form. It remembers where it was asked for.
func Form(v visit.Visit, f bot.Form) slack.ModalViewRequest {
	if f.Channel == "" {
		f.Channel = v.Asked
	}
	return blocks.Form(f)
}

// Result is the window of a reply.
func Result(v visit.Visit, r bot.Reply) slack.ModalViewRequest {
	if r.Form != nil {
		return Form(v, *r.Form)
	}
	view := blocks.Form(bot.Form{Channel: v.Asked})
	view.Submit, view.CallbackID = nil, "tensionwatch_window"
	view.Close = slack.NewTextBlockObject(slack.PlainTextType, "Close", false, false)
	view.Blocks = slack.Blocks{BlockSet: blocks.Message(r.Message).Blocks}
	return view
}

// Patience is the window that says to wait.
func Patience() slack.ModalViewRequest {
	view := blocks.Form(bot.Form{Lines: bot.Plains("One moment, please: this takes longer than usual.")})
	view.Submit, view.CallbackID = nil, "tensionwatch_patience"
	return view
}
