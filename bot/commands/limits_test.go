package commands_test

import (
	"testing"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
)

// checkLimits asserts what the platforms rely on.
func checkLimits(t *testing.T, r bot.Reply) {
	t.Helper()
	atMost := func(what, s string, most int) {
		t.Helper()
		if n := utf8.RuneCountInString(s); n > most {
			t.Errorf("%s has %d characters, at most %d: %.60q", what, n, most, s)
		}
		if !utf8.ValidString(s) {
			t.Errorf("%s is no UTF-8: %.60q", what, s)
		}
	}
	buttons := func(all []bot.Button) {
		t.Helper()
		for _, b := range all {
			atMost("a label", b.Label, 40)
			atMost("what a button says", b.Says, 100)
			atMost("a question", b.Confirm, 200)
			if b.Label == "" || b.Says == "" {
				t.Errorf("an empty button: %+v", b)
			}
		}
	}
	m := r.Message
	if m.Kind != bot.KindReply {
		t.Errorf("kind %q", m.Kind)
	}
	if r.Form == nil && (m.Title == "" || len(m.Lines)+len(m.Entries)+len(m.Cards) == 0) {
		t.Errorf("says nothing: %+v", m)
	}
	atMost("a title", m.Title, 600)
	total := 0
	for _, line := range m.Lines {
		atMost("a line", line.String(), 3000)
		total += len(line.String())
	}
	if len(m.Entries) > 20 || len(m.Lines) > 30 || total > 20_000 {
		t.Errorf("%d entries, %d lines, %d bytes", len(m.Entries), len(m.Lines), total)
	}
	for _, e := range m.Entries {
		atMost("an entry", e.Title.String(), 2500)
		if buttons(e.Buttons); len(e.Buttons) > 2 {
			t.Errorf("%d buttons in an entry", len(e.Buttons))
		}
	}
	if buttons(m.Buttons); len(m.Buttons) > 5 {
		t.Errorf("%d buttons", len(m.Buttons))
	}
	if f := r.Form; f != nil {
		atMost("a form's title", f.Title, 24)
		atMost("a form's button", f.Submit, 24)
		size := 0
		for _, v := range f.Args {
			size += utf8.RuneCountInString(v)
		}
		if size > 2000 {
			t.Errorf("a form carries %d characters", size)
		}
		for _, field := range f.Fields {
			atMost("a field's label", field.Label, 45)
			atMost("a hint", field.Hint, 150)
		}
	}
}
