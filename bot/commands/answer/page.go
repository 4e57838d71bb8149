package answer

import (
	"fmt"
	"unicode/utf8"

	"github.com/tensionwatch/tensionwatch/bot"
)

// PageSize is how many entries of a list are shown at once.
const PageSize = 10

// Pages says which part of a list is shown.
type Pages struct{ Page, Of int }

// Cut is the part of a list that stands on a page. A page that is not there is the nearest one.
func Cut[T any](all []T, page, size int) ([]T, Pages) {
	p := Pages{Of: max(1, (len(all)+size-1)/size)}
	p.Page = min(max(page, 1), p.Of)
	from := (p.Page - 1) * size
	return all[from:min(from+size, len(all))], p
}

// On adds to a message how to turn its pages. Says is the command without its page.
func (p Pages) On(m *bot.Message, says string) {
	if p.Of == 1 {
		return
	}
	m.Foot = Line(fmt.Sprintf("Page %d of %d.", p.Page, p.Of))
	m.Buttons = Buttons(append(m.Buttons, p.turn("← Previous", says, p.Page-1), p.turn("Next →",
		says, p.Page+1))...)
	if len(m.Buttons) == 0 {
		m.Foot = Line(fmt.Sprintf("Page %d of %d. For another one, put ", p.Page, p.Of),
			Code("page 2"), " at the end of the command.")
	}
}

func (p Pages) turn(label, says string, page int) bot.Button {
	if page < 1 || page > p.Of {
		return bot.Button{}
	}
	return bot.Button{Label: label, Says: fmt.Sprintf("%s page %d", says, page)}
}

// mostSaid is how long what a button says may be.
const mostSaid = 100

// Buttons leaves out the buttons that cannot be: those that say nothing, or too much for a
// platform.
func Buttons(all ...bot.Button) (out []bot.Button) {
	for _, b := range all {
		if b.Says == "" && len(b.Choices) == 0 || utf8.RuneCountInString(b.Says) > mostSaid {
			continue
		}
		b.Label = Shorten(b.Label, 40)
		out = append(out, b)
	}
	return out
}
