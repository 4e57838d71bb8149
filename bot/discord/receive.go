package discord

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/discord/api"
	"github.com/tensionwatch/tensionwatch/bot/discord/embeds"
	"github.com/tensionwatch/tensionwatch/bot/discord/slash"
	"github.com/tensionwatch/tensionwatch/bot/discord/talk"
	"github.com/tensionwatch/tensionwatch/bot/discord/visit"
	"github.com/tensionwatch/tensionwatch/bot/seen"
)

const (
	// quickTime is how long an answer is waited for before one is promised.
	quickTime = 300 * time.Millisecond

	// formTime is the same where a form is to come: one can be opened with the first answer only,
	// and Discord waits for that for three seconds.
	formTime = 2 * time.Second

	// firstTime is how long it may take to give the first answer.
	firstTime = 2500 * time.Millisecond

	// suggestTime is how long suggestions may take: what is typed meanwhile asks again.
	suggestTime = 2 * time.Second

	// doubleClick is the time within which a second press of the same button means the first.
	doubleClick = time.Second
)

// answerer gives the first answer.
type answerer func(talk.Answer) error

// receive takes what Discord tells, and reports whether it does: nothing is taken twice. It never
// waits.
func (p *Platform) receive(v visit.Visit, h bot.Handler, answer func(talk.Answer) error) bool {
	switch {
	case v.Kind == visit.Nothing, v.Kind == visit.Ping:
		return false
	case p.seen.Again("visit "+v.ID, seen.Span):
		return false
	}
	p.arrived(v)
	if !p.begin(p.work, func(ctx context.Context) { p.serve(ctx, v, h, answer) }) {
		p.begin(p.busy, func(context.Context) { p.tellBusy(v, answer) })
	}
	return true
}

const tooBusy = "I am busy with too many things at once. Please try again in a moment."

func (p *Platform) tellBusy(v visit.Visit, answer answerer) {
	if v.Kind == visit.Completion {
		p.first(v, answer, talk.Complete(nil))
		return
	}
	p.first(v, answer, talk.Now(v, note(tooBusy)))
}

// note is an answer of one sentence.
func note(line string) bot.Reply {
	return bot.Reply{Message: bot.Message{Kind: bot.KindReply, Lines: bot.Plains(line)}}
}

// first gives the first answer, and reports whether Discord took it.
func (p *Platform) first(v visit.Visit, answer answerer, a talk.Answer) bool {
	err := answer(a)
	if err != nil {
		p.log.Warn("discord was not answered", "what", v.Kind, "channel", v.Channel, "err", err)
	}
	return err == nil
}

// serve does what somebody asked for and answers.
func (p *Platform) serve(ctx context.Context, v visit.Visit, h bot.Handler, answer answerer) {
	call := p.call(v)
	switch {
	case v.Kind == visit.Completion:
		p.suggest(ctx, v, call, h, answer)
		return
	case v.Kind == visit.Press && p.seen.Again(click(v), doubleClick):
		p.first(v, answer, talk.Later(v)) // it does nothing more
		return
	case v.Kind == visit.Press && v.Ask:
		p.first(v, answer, talk.Now(v, bot.Reply{Message: embeds.Ask(v.Says)}))
		return
	case v.Kind == visit.Press && strings.HasPrefix(v.Says, againForm):
		p.reopen(v, answer)
		return
	case v.Kind == visit.Submission && call.Command == "":
		p.first(v, answer, talk.Now(v, note("This form is too old. Please begin again.")))
		return
	case call.Text == "" && call.Command == "":
		p.first(v, answer, talk.Now(v, note("I do not know what that button did. Please type the command.")))
		return
	}
	p.do(ctx, v, call, h, answer)
}

// click is the same for every press of a button by one person.
func click(v visit.Visit) string {
	return strings.Join([]string{"click", v.User, v.Post, v.Button, v.Says}, " ")
}

// suggest offers what an argument may be.
func (p *Platform) suggest(ctx context.Context, v visit.Visit, call bot.Call, h bot.Handler,
	answer answerer) {
	ctx, cancel := context.WithTimeout(ctx, suggestTime)
	defer cancel()
	p.first(v, answer, talk.Complete(h.Suggest(ctx, call)))
}

// reopen opens a form once more, with what was written into it and what is wrong with that.
func (p *Platform) reopen(v visit.Visit, answer answerer) {
	form, ok := p.forms.find(v.Says)
	if !ok {
		p.first(v, answer, talk.Now(v, note("This form is too old. Please begin again.")))
		return
	}
	p.first(v, answer, talk.Open(form, v.Says))
}

// do hands a call to the handler. If its answer takes long, one is promised.
func (p *Platform) do(ctx context.Context, v visit.Visit, call bot.Call, h bot.Handler,
	answer answerer) {
	replies := make(chan bot.Reply, 1)
	p.calls.Go(func() { replies <- h.Do(ctx, call) })
	patience := quickTime
	opener, ok := h.(bot.Opener)
	if ok && v.Kind != visit.Submission && opener.Opens(call) {
		patience = formTime
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case r := <-replies:
		p.now(ctx, v, call, r, answer)
	case <-timer.C:
		p.first(v, answer, talk.Later(v))
		p.late(ctx, v, p.formless(v, call, <-replies))
	}
}

// now answers at once.
func (p *Platform) now(ctx context.Context, v visit.Visit, call bot.Call, r bot.Reply, answer answerer) {
	if r.Form != nil && v.Kind != visit.Submission {
		if p.first(v, answer, talk.Open(*r.Form, p.forms.name(*r.Form, call.Channel))) {
			return
		}
	}
	r = p.formless(v, call, r)
	err := answer(talk.Now(v, r))
	if errors.Is(err, api.ErrForm) {
		err = answer(talk.NowPlain(v, r))
	}
	if err != nil {
		p.log.Warn("an answer was not taken; it is tried in another way", "channel", v.Channel, "err", err)
		p.late(ctx, v, r)
	}
}

// late keeps the promise of an answer.
func (p *Platform) late(ctx context.Context, v visit.Visit, r bot.Reply) {
	if err := p.voice.Say(ctx, v, r); err != nil {
		p.log.Warn("an answer could not be given", "channel", v.Channel, "err", err)
	}
}

// formless puts a message in the place of a form that cannot be opened now: after another form, or
// too late. A button of it opens the form. What comes of a form that such a message opened takes the
// place of the message.
func (p *Platform) formless(v visit.Visit, call bot.Call, r bot.Reply) bot.Reply {
	again := v.Kind == visit.Submission && strings.HasPrefix(v.Form, againForm)
	if r.Form != nil {
		form := *r.Form
		form.Channel = cmp.Or(form.Channel, call.Channel)
		r = bot.Reply{Message: embeds.Again(form, p.forms.keep(againForm, form))}
	}
	if again && !r.Open {
		r.Replace = true
	}
	return r
}

// call puts a visit in the words that every platform shares.
func (p *Platform) call(v visit.Visit) bot.Call {
	c := bot.Call{
		ID: name + ":" + v.ID,
		Caller: bot.Caller{
			Platform: name, Owner: name + ":" + cmp.Or(v.Guild, v.User), User: v.User, Name: v.Name,
			Rights: v.Rights,
		},
		Text: v.Says, Post: bot.Receipt{ID: v.Post},
	}
	if v.Channel != "" {
		c.Channel = bot.Channel(name + ":" + v.Channel)
	}
	switch v.Kind {
	case visit.Command:
		c.Command, c.Args = v.Command, v.Args
		c.Text = slash.Typed(p.table, v.Command, v.Args)
	case visit.Completion:
		c.Command, c.Args, c.Text = v.Command, v.Args, v.Typed
	case visit.Submission:
		form, _ := p.forms.find(v.Form)
		c.Command, c.Args = form.Command, filled(form, v.Made)
		c.Channel = cmp.Or(form.Channel, c.Channel)
	}
	return c
}
