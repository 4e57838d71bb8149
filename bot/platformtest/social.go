package platformtest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tensionwatch/tensionwatch/bot"
)

// handler answers calls, and keeps them.
type handler struct {
	mu    sync.Mutex
	calls []bot.Call
	hold  chan struct{} // "slow" is not answered before it is closed
}

func newHandler() *handler { return &handler{hold: make(chan struct{})} }

// Do answers with what the call says, with a form for "edit", and with a button for "press".
func (h *handler) Do(ctx context.Context, c bot.Call) bot.Reply {
	h.mu.Lock()
	h.calls = append(h.calls, c)
	h.mu.Unlock()
	switch {
	case c.Text == "slow":
		select {
		case <-h.hold:
		case <-ctx.Done():
		}
		return answer("That took a while.")
	case c.Text == "press":
		r := answer("There is something to press.")
		r.Message.Buttons = []bot.Button{{Label: "More", Says: "list 2"}}
		return r
	case c.Text == "edit":
		return ask(c, "")
	case c.Command == "edit" && (c.Draft || c.Args["rule"] != "Oman talks"):
		return ask(c, "Write Oman talks.")
	case c.Command == "edit":
		return answer("The rule is " + c.Args["rule"] + " now.")
	}
	return answer("You said: " + c.Text)
}

func answer(line string) bot.Reply {
	return bot.Reply{Message: bot.Message{Kind: bot.KindReply, Lines: bot.Plains(line)}}
}

func ask(c bot.Call, wrong string) bot.Reply {
	return bot.Reply{Form: &bot.Form{
		Title: "Edit a watch", Submit: "Save", Command: "edit", Args: map[string]string{"name": "oman"},
		Channel: c.Channel,
		Fields:  []bot.Field{{Name: "rule", Label: "Rule", Value: c.Args["rule"], Error: wrong}},
	}}
}

// Suggest knows nothing.
func (h *handler) Suggest(context.Context, bot.Call) []bot.Choice { return nil }

// Home greets.
func (h *handler) Home(_ context.Context, c bot.Caller) bot.Message {
	return bot.Message{Kind: bot.KindReply, Lines: bot.Plains("Welcome home.")}
}

func (h *handler) got() []bot.Call {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}

// told reports whether the person alone sees an answer that holds a text.
func told(s Social, text string) bool {
	return slices.ContainsFunc(s.Answers(), func(p Post) bool { return strings.Contains(p.Text, text) })
}

func commands(t *testing.T, s Social, h *handler) {
	if !s.Types("list all") {
		t.Error("the command was not acknowledged")
	}
	s.Until("an answer", func() bool { return told(s, "You said: list all") })
	calls := h.got()
	if len(calls) != 1 {
		t.Fatalf("%d calls, want one", len(calls))
	}
	c, p := calls[0], s.Platform().Name()
	if c.Text != "list all" || c.Channel != s.Channel() || c.ID == "" {
		t.Errorf("the call is %+v", c)
	}
	if c.Caller.Platform != p || !strings.HasPrefix(c.Caller.Owner, p+":") || c.Caller.User == "" {
		t.Errorf("the caller is %+v", c.Caller)
	}
	for _, post := range s.Posts() {
		if strings.Contains(post.Text, "You said") {
			t.Error("everybody sees the answer")
		}
	}
}

func twice(t *testing.T, s Social, h *handler) {
	s.Types("list")
	s.Until("an answer", func() bool { return told(s, "You said: list") })
	s.Again()
	s.Types("status")
	s.Until("another answer", func() bool { return told(s, "You said: status") })
	ids := map[string]bool{}
	for _, c := range h.got() {
		if c.Text == "list" {
			ids[c.ID] = true
		}
	}
	if len(ids) != 1 {
		t.Errorf("one call came with %d IDs", len(ids))
	}
}

func buttons(t *testing.T, s Social, h *handler) {
	s.Types("press")
	s.Until("a button", func() bool { return told(s, "something to press") })
	if !s.Presses("More") {
		t.Error("the press was not acknowledged")
	}
	s.Until("an answer", func() bool { return told(s, "You said: list 2") })
	calls := h.got()
	if c := calls[len(calls)-1]; c.Text != "list 2" || c.Channel != s.Channel() || c.Post.ID == "" {
		t.Errorf("the call is %+v", c)
	}
}

func forms(t *testing.T, s Social, h *handler) {
	s.Types("edit")
	s.Until("a form", func() bool { return strings.Contains(s.Form(), "Rule") })
	if !s.Fills("rule", "Oman") {
		t.Error("the form was not acknowledged")
	}
	s.Until("what is wrong", func() bool { return strings.Contains(s.Form(), "Write Oman talks.") })
	if !s.Fills("rule", "Oman talks") {
		t.Error("the form was not acknowledged")
	}
	s.Until("an answer", func() bool { return told(s, "The rule is Oman talks now.") })
	if s.Form() != "" {
		t.Error("the form stays open")
	}
	calls := h.got()
	c := calls[len(calls)-1]
	if c.Command != "edit" || c.Args["name"] != "oman" || c.Channel != s.Channel() || c.Draft {
		t.Errorf("the call is %+v", c)
	}
}

func home(t *testing.T, s Social, _ *handler) {
	if !s.Visits() {
		t.Log("this platform has no home for its bots")
		return
	}
	s.Until("a home", func() bool { return strings.Contains(s.Home(), "Welcome home.") })
}

// The platform acknowledges at once, and answers when there is an answer.
func slow(t *testing.T, s Social, h *handler) {
	if !s.Types("slow") {
		t.Error("the command was not acknowledged in time")
	}
	if told(s, "took a while") {
		t.Error("it was answered before it was done")
	}
	close(h.hold)
	s.Until("an answer", func() bool { return told(s, "That took a while.") })
}
