package seen

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/tensionwatch/tensionwatch/bot/discord/discordtest/limits"
)

var (
	anEscape  = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	timestamp = regexp.MustCompile(`<t:-?\d+(?::([tTdDfFRsS]))?>`)
)

// Plain returns a text as it is read: a link as its words and its address, a time as a word, and what was
// escaped without the backslash.
func Plain(s string) string {
	s = inlined.ReplaceAllString(s, "$1 ($2)")
	s = timestamp.ReplaceAllStringFunc(s, func(t string) string {
		if strings.HasSuffix(t, ":R>") {
			return "‹how long ago›"
		}
		return "‹time›"
	})
	return anEscape.ReplaceAllString(s, "$1")
}

// Message returns a message as lines of plain text.
func Message(content string, embeds, components json.RawMessage, files []string) string {
	var parts []string
	if content != "" {
		parts = append(parts, Plain(content))
	}
	for _, e := range Embeds(embeds) {
		parts = append(parts, e.render())
	}
	for _, name := range files {
		parts = append(parts, "{"+name+"}")
	}
	if rows := Rows(components); rows != "" {
		parts = append(parts, rows)
	}
	return strings.Join(parts, "\n")
}

// render writes a card: its lines stand behind a bar, of which the first names the colour.
func (e Embed) render() string {
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, strings.Split(fmt.Sprintf(format, args...), "\n")...)
	}
	if e.Author.Name != "" {
		add("(%s)", e.Author.Name)
	}
	switch {
	case e.Title != "" && e.URL != "":
		add("# %s → %s", Plain(e.Title), e.URL)
	case e.Title != "":
		add("# %s", Plain(e.Title))
	}
	if e.Description != "" {
		add("%s", Plain(e.Description))
	}
	for _, f := range e.Fields {
		add("%s: %s", Plain(f.Name), Plain(f.Value))
	}
	for _, picture := range []string{e.Image.URL, e.Thumbnail.URL} {
		if picture != "" {
			add("[picture: %s]", picture)
		}
	}
	if e.Footer.Text != "" {
		add("(%s)", e.Footer.Text)
	}
	for i := range lines {
		lines[i] = strings.TrimRight("│ "+lines[i], " ")
	}
	return strings.Join(append([]string{"┌ " + ColorName(e.Color)}, lines...), "\n")
}

// Rows writes buttons as [Label] and menus with what they offer.
func Rows(components json.RawMessage) string {
	var rows []json.RawMessage
	_ = json.Unmarshal(components, &rows) // validated when it came
	var lines []string
	for _, row := range rows {
		var words []string
		one, _ := json.Marshal([]json.RawMessage{row}) // came as JSON
		for _, k := range Controls(one) {
			words = append(words, Label(k))
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

// Label writes a button or a menu.
func Label(k Control) string {
	text := k.Label
	switch {
	case k.URL != "":
		text += " → " + k.URL
	case k.Type != limits.ButtonType && k.Type != limits.TextInputType:
		var choices []string
		for _, o := range k.Options {
			choices = append(choices, o.Label)
		}
		text += " ▾ " + strings.Join(choices, " | ")
	}
	if k.Disabled {
		text += " (off)"
	}
	return "[" + strings.TrimSpace(text) + "]"
}

// ColorName names the colour that a reader sees, for transcripts.
func ColorName(color int) string {
	r, g, b := float64(color>>16&0xff), float64(color>>8&0xff), float64(color&0xff)
	high, low := max(r, g, b), min(r, g, b)
	switch {
	case color == 0:
		return "no colour"
	case high-low < 32 && high > 200:
		return "white"
	case high-low < 32:
		return "grey"
	}
	hue := 0.0
	switch high {
	case r:
		hue = 60 * (g - b) / (high - low)
	case g:
		hue = 120 + 60*(b-r)/(high-low)
	default:
		hue = 240 + 60*(r-g)/(high-low)
	}
	if hue < 0 {
		hue += 360
	}
	for _, of := range []struct {
		below float64
		name  string
	}{
		{15, "red"}, {43, "orange"}, {70, "yellow"}, {165, "green"}, {200, "teal"}, {262, "blue"},
		{320, "purple"}, {345, "pink"},
	} {
		if hue < of.below {
			return of.name
		}
	}
	return "red"
}
