package embeds

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// asking begins the custom_id of a button that is to be asked about before it acts: Discord cannot
// ask by itself.
const asking = "ask:"

// menuID begins the custom_id of a menu. What it says is in its choices.
const menuID = "menu:"

// Says is the command of a button that was pressed or of a choice that was picked, and whether it
// is to be asked about first.
func Says(customID string, values []string) (says string, ask bool) {
	if strings.HasPrefix(customID, menuID) {
		if len(values) == 0 {
			return "", false
		}
		return values[0], false
	}
	return strings.CutPrefix(customID, asking)
}

// Ask is the question before a button acts.
func Ask(says string) bot.Message {
	return bot.Message{
		Kind:    bot.KindReply,
		Title:   "Are you sure?",
		Lines:   []bot.Text{{{Text: "The button does "}, {Text: "/tension " + says, Code: true}}},
		Buttons: []bot.Button{{Label: "Do it", Says: says, Style: bot.ButtonDanger}},
	}
}

// rows is the rows of components while they are put together.
type rows struct {
	rows  []discordgo.MessageComponent
	row   []discordgo.MessageComponent
	known map[string]bool // custom_ids
	most  int
}

// components are the buttons of the message, and those of its entries as far as there is room.
func components(m bot.Message) []discordgo.MessageComponent {
	below := &rows{most: maxRows, known: make(map[string]bool)}
	for _, b := range m.Buttons {
		below.add(b)
	}
	below.end()
	above := &rows{most: maxRows - len(below.rows), known: below.known}
	for _, e := range m.Entries {
		for _, b := range e.Buttons {
			// It does not stand beside its entry: it has to say which it is about.
			if title := called(e.Title); !strings.Contains(b.Label, title) {
				b.Label += " " + title
			}
			above.add(b)
		}
	}
	above.end()
	return append(slices.Clip(append([]discordgo.MessageComponent{}, above.rows...)), below.rows...)
}

// called is what a thing is called: what stands before its rule, if it has one.
func called(title bot.Text) string {
	for i, span := range title {
		if name := clean.String(title[:i].String()); span.Code && name != "" {
			return strings.TrimRight(name, ": –")
		}
	}
	return clean.String(title.String())
}

// add adds a button or a menu. What could not be read or would say something else when cut is left
// out.
func (r *rows) add(b bot.Button) {
	label := clean.Cut(clean.String(b.Label), maxLabel)
	if label == "" || len(r.rows) >= r.most {
		return
	}
	if len(b.Choices) > 0 {
		r.menu(label, b)
		return
	}
	id := b.Says
	if b.Confirm != "" {
		id = asking + id
	}
	if b.Says == "" || clean.Units(id) > maxID || strings.TrimSpace(id) != id || r.known[id] ||
		strings.HasPrefix(b.Says, asking) || strings.HasPrefix(b.Says, menuID) {
		return
	}
	r.known[id] = true
	r.row = append(r.row, discordgo.Button{Label: label, Style: styleOf(b.Style), CustomID: id})
	if len(r.row) == maxInRow {
		r.end()
	}
}

// end ends a row.
func (r *rows) end() {
	if len(r.row) > 0 && len(r.rows) < r.most {
		r.rows = append(r.rows, discordgo.ActionsRow{Components: r.row})
	}
	r.row = nil
}

// menu fills a row of its own, above the buttons that are not in a full row yet.
func (r *rows) menu(label string, b bot.Button) {
	var options []discordgo.SelectMenuOption
	known := make(map[string]bool)
	for _, c := range b.Choices {
		name := clean.Cut(clean.String(c.Label), maxOption)
		if name == "" || strings.TrimSpace(c.Value) == "" || clean.Units(c.Value) > maxID || known[c.Value] ||
			len(options) == maxOptions {
			continue
		}
		known[c.Value] = true
		options = append(options, discordgo.SelectMenuOption{Label: name, Value: c.Value})
	}
	if len(options) == 0 {
		return
	}
	if len(r.row) > 0 && len(r.rows)+1 >= r.most {
		return // the buttons before it need the last row
	}
	id := menuID + fmt.Sprint(len(r.known)+1)
	r.known[id] = true
	r.rows = append(r.rows, discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.SelectMenu{
			CustomID: id, Placeholder: cmp.Or(clean.Cut(label, maxPlaceholder), "…"), Options: options,
		},
	}})
}

func styleOf(s bot.ButtonStyle) discordgo.ButtonStyle {
	switch s {
	case bot.ButtonMain:
		return discordgo.PrimaryButton
	case bot.ButtonDanger:
		return discordgo.DangerButton
	}
	return discordgo.SecondaryButton
}
