package console

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"unicode/utf16"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
	"github.com/tensionwatch/tensionwatch/story"
)

// post is a message as one line of JSON. Lines stays nil except in a notice.
type post struct {
	Delivery string      `json:"delivery"`
	Kind     bot.Kind    `json:"kind"`
	Channel  bot.Channel `json:"channel"`
	Stories  []told      `json:"stories"`
	Title    string      `json:"title,omitempty"`
	Lines    []string    `json:"lines,omitzero"`
	Repeat   bool        `json:"repeat,omitempty"`
}

// told is a story in a [post].
type told struct {
	Story      story.ID       `json:"story"`
	Revision   int            `json:"revision"`
	Watches    []string       `json:"watches"`
	Headline   string         `json:"headline"`
	Summary    string         `json:"summary"`
	Publishers []string       `json:"publishers"`
	Links      []string       `json:"links"`
	Severity   story.Severity `json:"severity"`
}

// renderJSON writes a message as a line for programs.
func renderJSON(ch bot.Channel, m bot.Message) ([]byte, error) {
	p := post{Delivery: m.Delivery, Kind: m.Kind, Channel: ch, Stories: []told{}, Repeat: m.Repeat}
	if m.Kind == bot.KindNotice {
		p.Title, p.Lines = m.Title, paragraphs(m.Lines)
	}
	for _, cards := range [][]bot.Card{m.Cards, m.Rest} {
		for _, c := range cards {
			p.Stories = append(p.Stories, tell(c))
		}
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return nil, err
	}
	return EscapeInvisible(line.Bytes()), nil
}

func tell(c bot.Card) told {
	t := told{
		Story:      c.Story,
		Revision:   c.Revision,
		Watches:    make([]string, len(c.Why)),
		Headline:   c.Headline.String(),
		Summary:    c.Summary.String(),
		Publishers: list(c.Publishers),
		Links:      list(c.Links),
		Severity:   cmp.Or(c.Severity, story.SeverityNone),
	}
	for i, w := range c.Why {
		t.Watches[i] = watchName(w)
	}
	return t
}

// list makes nothing an empty list, which JSON tells from null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func paragraphs(lines []bot.Text) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line.String()
	}
	return out
}

// EscapeInvisible writes as \uXXXX, in a line of JSON, what a terminal could act on and
// [encoding/json] leaves as it is: C1 controls and what turns text around. All of it stands inside
// strings, since JSON's own signs are ASCII.
func EscapeInvisible(line []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(bytes.TrimSuffix(line, []byte("\n"))) {
		if !clean.Dangerous(r) {
			out.WriteRune(r)
			continue
		}
		for _, half := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&out, `\u%04x`, half)
		}
	}
	out.WriteByte('\n')
	return out.Bytes()
}
