package slack

import (
	"cmp"
	"context"
	"time"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/seen"
	"github.com/tensionwatch/tensionwatch/bot/slack/blocks"
	"github.com/tensionwatch/tensionwatch/bot/slack/socket"
	"github.com/tensionwatch/tensionwatch/bot/slack/team"
	"github.com/tensionwatch/tensionwatch/bot/slack/visit"
)

const (
	// formTime is how long a form that was filled in waits for what is wrong with it.
	formTime = 2500 * time.Millisecond

	// openTime is when a window is opened for a form that is not there yet: Slack lets us for
	// three seconds.
	openTime = 2 * time.Second

	// doubleClick is the time within which a second press of the same button means the first.
	doubleClick = time.Second
)

// receive takes what Slack tells. It calls ack, with an answer for Slack or nil, as soon as it need
// not be told again; it never waits.
func (p *Platform) receive(v visit.Visit, h bot.Handler, ack func(answer any)) {
	switch {
	case v.Kind == visit.Nothing:
		ack(nil)
	case v.Kind == visit.Event:
		p.happened(v, h, ack)
	case p.seen.Again("visit "+v.Key, seen.Span):
		if v.Kind != visit.Submission { // that one is acknowledged with its answer
			ack(nil)
		}
	case v.Kind == visit.Submission:
		if !p.begin(p.work, func(ctx context.Context) { p.submitted(ctx, v, h, ack) }) {
			ack(action{Action: "errors", Errors: firstField(v, tooBusy)})
		}
	default:
		ack(nil)
		if v.Kind == visit.Press && p.seen.Again("click "+v.Click, doubleClick) {
			return
		}
		if !p.begin(p.work, func(ctx context.Context) { p.serve(ctx, v, h) }) {
			p.begin(p.busy, func(ctx context.Context) { p.tellBusy(ctx, v) })
		}
	}
}

const tooBusy = "I am busy with too many things at once. Please try again in a moment."

func (p *Platform) tellBusy(ctx context.Context, v visit.Visit) {
	if t := p.home(ctx, v); t != nil && v.Kind != visit.Draft && v.Kind != visit.Home {
		t.Say(ctx, v, bot.Reply{Message: bot.Message{
			Kind: bot.KindReply, Lines: bot.Plains(tooBusy),
		}})
	}
}

// home finds the workspace that a visit came from.
func (p *Platform) home(ctx context.Context, v visit.Visit) *team.Team {
	t, err := p.team(ctx, v.Team)
	if err != nil {
		p.log.Warn("somebody came from a workspace that is not ours", "team", v.Team, "err", err)
		return nil
	}
	return t
}

// serve does what somebody asked for and answers.
func (p *Platform) serve(ctx context.Context, v visit.Visit, h bot.Handler) {
	t := p.home(ctx, v)
	if t == nil {
		return
	}
	if v.Kind == visit.Home {
		t.Publish(ctx, v.User, h.Home(ctx, p.call(t, v).Caller))
		return
	}
	call := p.call(t, v)
	if v.Kind == visit.Draft {
		p.judge(ctx, t, v, h.Do(ctx, call))
		return
	}
	waiting := p.hold(ctx, t, v, call, h)
	reply := h.Do(ctx, call)
	atHome := v.View.Type == team.HomeView
	if id := waiting(); id != "" {
		v.View = visit.View{ID: id, Type: team.ModalView}
	}
	if reply.Form != nil {
		t.Open(ctx, v, *reply.Form)
	} else {
		t.Say(ctx, v, reply)
	}
	if atHome {
		t.Publish(ctx, v.User, h.Home(ctx, p.call(t, v).Caller)) // what was pressed there may have changed it
	}
}

// call puts a visit in the words that every platform shares.
func (p *Platform) call(t *team.Team, v visit.Visit) bot.Call {
	c := bot.Call{
		ID: name + ":" + v.Key,
		Caller: bot.Caller{
			Platform: name, Owner: name + ":" + cmp.Or(t.Name(), v.Team), User: v.User, Name: v.Name,
		},
		Text: v.Text, Post: bot.Receipt{ID: v.Post}, Channel: v.Asked,
	}
	if v.Channel != "" {
		c.Channel = p.channel(t, v.Channel)
	}
	switch v.Kind {
	case visit.Draft:
		c.Command, c.Args, c.Draft = v.Command, v.Args, true
	case visit.Submission:
		// Who presses twice submits twice, with two triggers but the same values.
		c.ID, c.Command, c.Args = name+":"+v.Filled(), v.Command, v.Args
	}
	return c
}

// hold opens a window that says to wait, if a form is to come and takes long. The function that it
// returns ends the waiting and returns the ID of the window, if one was opened.
func (p *Platform) hold(ctx context.Context, t *team.Team, v visit.Visit, call bot.Call,
	h bot.Handler) (ended func() (view string)) {
	opener, ok := h.(bot.Opener)
	if !ok || v.Trigger == "" || v.View.Type == team.ModalView || !opener.Opens(call) {
		return func() string { return "" }
	}
	done, opened := make(chan struct{}), make(chan string, 1)
	go func() {
		timer := time.NewTimer(openTime)
		defer timer.Stop()
		select {
		case <-done:
			opened <- ""
		case <-timer.C:
			opened <- t.Window(ctx, v, team.Patience())
		}
	}()
	return func() string {
		close(done)
		return <-opened
	}
}

// judge shows in a form what is to be said of what was typed so far. When more was typed meanwhile,
// the answer to that is on its way.
func (p *Platform) judge(ctx context.Context, t *team.Team, v visit.Visit, r bot.Reply) {
	if r.Form != nil {
		t.Change(ctx, v.View.ID, v.View.Hash, team.Form(v, *r.Form))
	}
}

// action is the answer to a form that was filled in.
type action struct {
	Action string                  `json:"response_action"`
	Errors map[string]string       `json:"errors,omitempty"`
	View   *slack.ModalViewRequest `json:"view,omitempty"`
}

// firstField says of a form as a whole what can only be said of one of its fields.
func firstField(v visit.Visit, what string) map[string]string {
	for _, field := range v.Fields {
		return map[string]string{field: what}
	}
	return nil
}

// submitted does what a form asks for. What is wrong with it must be in the acknowledgement; if that
// takes too long, the window says to wait and is changed afterwards.
func (p *Platform) submitted(ctx context.Context, v visit.Visit, h bot.Handler, ack func(any)) {
	t := p.home(ctx, v)
	if t == nil {
		ack(nil)
		return
	}
	replies := make(chan bot.Reply, 1)
	p.calls.Go(func() { replies <- h.Do(ctx, p.call(t, v)) })
	timer := time.NewTimer(formTime)
	defer timer.Stop()
	select {
	case r := <-replies:
		p.accept(ctx, t, v, r, ack)
	case <-timer.C:
		wait := team.Patience()
		ack(action{Action: "update", View: &wait})
		p.late(ctx, t, v, <-replies)
	}
}

// accept acknowledges a form with what came of it.
func (p *Platform) accept(ctx context.Context, t *team.Team, v visit.Visit, r bot.Reply,
	ack func(any)) {
	if r.Form == nil && v.Asked != "" {
		ack(action{Action: "clear"})
		v.View = visit.View{}
		t.Say(ctx, v, r)
		return
	}
	if r.Form != nil {
		if wrong := blocks.FormErrors(*r.Form); len(wrong) > 0 {
			ack(action{Action: "errors", Errors: wrong})
			return
		}
	}
	view := team.Result(v, r)
	if small(view) {
		ack(action{Action: "update", View: &view})
		return
	}
	wait := team.Patience()
	ack(action{Action: "update", View: &wait})
	p.late(ctx, t, v, r)
}

// late shows what came of a form in its window. Who has closed that is told in the channel.
func (p *Platform) late(ctx context.Context, t *team.Team, v visit.Visit, r bot.Reply) {
	if !t.Change(ctx, v.View.ID, "", team.Result(v, r)) && r.Form == nil {
		v.View = visit.View{}
		t.Say(ctx, v, r)
	}
}

// small reports whether Slack takes a view in an acknowledgement.
func small(view slack.ModalViewRequest) bool {
	text, err := view.Blocks.MarshalJSON()
	return err == nil && len(text) < socket.MaxAck-4096
}
