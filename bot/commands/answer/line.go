// Package answer writes answers: what the memory tells becomes messages that a tired person
// understands and can act on.
//
// It decides nothing and changes nothing: all of it is functions of values. What comes from news or
// from people stands in an answer as plain text, never as markup.
package answer

import (
	"fmt"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
)

// Code is what is to be typed as it is: a rule, a command, a name.
type Code string

// Link is a text that leads somewhere. Without an address it is plain.
type Link struct{ Text, To string }

// Command is a whole command as it is typed.
func Command(text string) Code { return Code("/tension " + text) }

// Line puts a paragraph together: strings are plain, a [Code], a [Link], a [time.Time] and a
// [bot.Channel] look like what they are.
func Line(parts ...any) (t bot.Text) {
	for _, part := range parts {
		switch p := part.(type) {
		case bot.Text:
			t = append(t, p...)
		case Code:
			t = append(t, bot.Span{Text: string(p), Code: true})
		case Link:
			t = append(t, bot.Span{Text: p.Text, Link: p.To})
		case time.Time:
			t = append(t, bot.Span{Text: Moment(p), When: p})
		case bot.Channel:
			t = append(t, bot.Span{Text: string(p), Channel: p})
		default:
			if s := fmt.Sprint(p); s != "" {
				t = append(t, bot.Span{Text: s})
			}
		}
	}
	return t
}

// Moment is a time for those who cannot be shown it in their own zone.
func Moment(t time.Time) string { return t.UTC().Format("2 Jan 15:04 UTC") }

// Count counts things in English.
func Count(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "ry"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(thing, "y"))
	case strings.HasSuffix(thing, "ch"):
		return fmt.Sprintf("%d %ses", n, thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// And lists things as one says them.
func And(things []string) string {
	if len(things) < 2 {
		return strings.Join(things, "")
	}
	last := len(things) - 1
	return strings.Join(things[:last], ", ") + " and " + things[last]
}

// lines joins a list with something between its entries.
func join(texts []bot.Text, between string) (t bot.Text) {
	for i, text := range texts {
		if i > 0 {
			t = append(t, Line(between)...)
		}
		t = append(t, text...)
	}
	return t
}

// Lasts writes a duration in its largest whole unit.
func Lasts(d time.Duration) string {
	for _, unit := range []struct {
		name string
		of   time.Duration
	}{{"week", 7 * 24 * time.Hour}, {"day", 24 * time.Hour}, {"hour", time.Hour}} {
		if d >= unit.of && d%unit.of == 0 {
			return Count(int(d/unit.of), unit.name)
		}
	}
	if d >= time.Hour {
		return Count(int(d/time.Hour), "hour") + " " + Count(int(d%time.Hour/time.Minute), "minute")
	}
	return Count(int(d/time.Minute), "minute")
}

// Shorten keeps a text to so many characters.
func Shorten(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return strings.TrimSpace(string(runes[:most-1])) + "…"
	}
	return s
}
