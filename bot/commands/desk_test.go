package commands_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/commands"
	"github.com/tensionwatch/tensionwatch/bot/commands/answer"
	"github.com/tensionwatch/tensionwatch/bot/commands/typed"
	"github.com/tensionwatch/tensionwatch/story"
)

var (
	_ bot.Handler  = (*commands.Desk)(nil)
	_ bot.Opener   = (*commands.Desk)(nil)
	_ bot.Presence = (*commands.Desk)(nil)
)

func call(s *situation, text string) bot.Call {
	s.calls++
	return bot.Call{ID: fmt.Sprint("call ", s.calls), Channel: here, Text: text,
		Caller: bot.Caller{Platform: "chat", Owner: owner, User: "U1", Name: "Ada"}}
}

// TestTable asserts that every command is explained, fits into what Discord takes, and that its
// examples are understood as that command.
func TestTable(t *testing.T) {
	table := commands.Table()
	options := 0
	for _, c := range table {
		if c.Short == "" || utf8.RuneCountInString(c.Short) > 100 || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: %q", c.Name, c.Short)
		}
		if c.Group == "" || len(c.Examples) == 0 {
			t.Errorf("%s has no group or no example", c.Name)
		}
		optional := false
		for _, a := range c.Args {
			options++
			if a.Help == "" || utf8.RuneCountInString(a.Help) > 100 || len(a.Name) > 32 || a.Name != strings.ToLower(a.Name) {
				t.Errorf("%s %s: %q", c.Name, a.Name, a.Help)
			}
			if optional && !a.Optional {
				t.Errorf("%s: %s is required behind an optional argument", c.Name, a.Name)
			}
			optional = optional || a.Optional
			if (a.Kind == typed.OneOf) != (len(a.Choices) > 0) {
				t.Errorf("%s %s: choices %q", c.Name, a.Name, a.Choices)
			}
		}
		for _, example := range c.Examples {
			in, mistake := table.Read(example)
			if mistake != nil || in.Command != c {
				t.Errorf("%s: the example %q is not understood: %v", c.Name, example, mistake)
			}
		}
		if !strings.HasPrefix(c.Usage(), c.Name) {
			t.Errorf("usage %q", c.Usage())
		}
	}
	if shown := len(table.Names()); shown > 25+2 || options == 0 {
		t.Errorf("%d commands: Discord takes 25 beside those of two words", shown)
	}
}

// TestEveryStateHasASentence asserts that each outcome and each state of the ledger is told in a
// sentence of its own.
func TestEveryStateHasASentence(t *testing.T) {
	said := make(map[string]string)
	note := func(what, sentence string) {
		if sentence == "" || !strings.HasSuffix(sentence, ".") || strings.Contains(sentence, "Its outcome is") {
			t.Errorf("%s: %q", what, sentence)
		}
		if said[sentence] != "" {
			t.Errorf("%s and %s are both %q", what, said[sentence], sentence)
		}
		said[sentence] = what
	}
	for _, o := range append(story.Outcomes[:], "") {
		note("outcome "+string(o), answer.Outcome(answer.Trace{Outcome: o}).String())
	}
	for _, s := range bot.States {
		note("state "+string(s), answer.Told(answer.Telling{State: s}).String())
	}
}

// TestConcurrentEdits lets many people change one watch at once: each change is either done, and in
// the log, or its author is shown what somebody else did.
func TestConcurrentEdits(t *testing.T) {
	s := newSituation("watch oman-talks Oman talks")
	const people = 40
	calls := make([]bot.Call, people)
	for i := range calls {
		calls[i] = call(s, fmt.Sprintf("watch word%d as oman-talks", i))
	}
	answers := make([]string, people)
	var group sync.WaitGroup
	for i := range people {
		group.Go(func() { answers[i] = shown(s.desk.Do(t.Context(), calls[i]).Message) })
	}
	group.Wait()
	saved := 0
	for i, a := range answers {
		switch {
		case strings.HasPrefix(a, "# Watching oman-talks"):
			saved++
		case strings.HasPrefix(a, "# Somebody else changed oman-talks meanwhile") && strings.Contains(a, fmt.Sprintf("Yours, not saved: `word%d`", i)):
		default:
			t.Errorf("answer %d:\n%s", i, a)
		}
	}
	if saved == 0 || saved != len(s.memory.done) {
		t.Errorf("%d were told that it is saved, %d were", saved, len(s.memory.done))
	}
}

// naughty are texts that broke other programs; some are from a public list, where it is.
func naughty(tb testing.TB) []string {
	texts := []string{
		"<!channel> <@U1> <https://evil.example|ok> *b* _i_ `c` ```", "@everyone @here <@&1> ||x||", "\x00\x07\x1b[31m",
		"\u202etxt.exe\u202c", strings.Repeat("(", 2000), strings.Repeat("a ", 1500), strings.Repeat("\"", 500),
		"\xff\xfe", "ﷺ‏", "👩‍👩‍👧‍👦", "a\nb\r\nc", "'; drop table watches; --", "%s%n%d", "page page page 9999999999999999999",
		strings.Repeat("ü", 64), strings.Repeat("خ", 65), "as as as", "= = =", "-", "—", "/", "/tension", "`", "``", "“", "”“",
	}
	out, err := exec.Command("tar", "-xJOf", "../../../shared/data/bad-input.tar.xz", "bad-input/blns.json").Output()
	if err != nil {
		tb.Log("no bad-input.tar.xz beside the checkout: only our own texts")
		return texts
	}
	var more []string
	if err := json.Unmarshal(out, &more); err != nil {
		tb.Fatal(err)
	}
	return append(texts, more...)
}

// TestNaughty gives naughty texts to every command, in one of several ways each, and in its place.
// Each gets an answer that platforms can show.
func TestNaughty(t *testing.T) {
	for i, text := range naughty(t) {
		s := newSituation("watch oman-talks Oman talks\nnews Talks in Oman | The talks.\ntold x\nfeed https://example.org/good good")
		s.memory.items[0].Title, s.memory.items[0].Text = "Oman talks "+strings.ToValidUTF8(text, ""), text
		name := bot.Caller{Platform: "chat", Owner: owner, User: "U1", Name: text}
		for j, row := range commands.Table() {
			c := call(s, "")
			c.Caller = name
			switch lines := []string{" ", " oman-talks ", " Oman talks as "}; (i + j) % 5 {
			case 0, 1, 2:
				c.Text = row.Name + lines[(i+j)%5] + text
			case 3:
				c.Draft = true
				fallthrough
			case 4:
				c.Command, c.Args = row.Name, map[string]string{"version": "1"}
				for _, a := range row.Args {
					c.Args[a.Name] = text
				}
			}
			checkLimits(t, s.desk.Do(t.Context(), c))
			for _, a := range row.Args[:min(len(row.Args), (i+j)%3)] {
				c.Command, c.Args, c.Text = row.Name, map[string]string{a.Name: "?"}, text
				for _, choice := range s.desk.Suggest(t.Context(), c) {
					if utf8.RuneCountInString(choice.Label) > 75 || utf8.RuneCountInString(choice.Value) > 100 {
						t.Errorf("choice %+v", choice)
					}
				}
			}
		}
		checkLimits(t, s.desk.Do(t.Context(), call(s, text)))
		s.desk.Home(t.Context(), name)
		if t.Failed() {
			t.Fatalf("text %d: %.60q", i, text)
		}
	}
}

// FuzzDo asserts that any text gets an answer within the limits.
func FuzzDo(f *testing.F) {
	for _, c := range commands.Table() {
		for _, example := range c.Examples {
			f.Add(example)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := newSituation("watch oman-talks Oman talks\nelsewhere gaza Gaza\nnews Talks in Oman | The talks.")
		if len(text) < 4000 && utf8.ValidString(text) {
			checkLimits(t, s.desk.Do(t.Context(), call(s, text)))
		}
	})
}

func TestOpens(t *testing.T) {
	d := commands.NewDesk(nil, nil, nil, slog.New(slog.DiscardHandler))
	for text, want := range map[string]bool{"edit oman": true, "Edit oman": true, "edit": false, "list": false} {
		if got := d.Opens(bot.Call{Text: text}); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if d.Opens(bot.Call{Text: "edit oman", Draft: true}) || d.Opens(bot.Call{Command: "edit"}) {
		t.Error("a form that is filled in opens another")
	}
}
