package blocks

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// Says is the command of a button that was pressed or of a choice that was picked; it is empty for
// anything else, as the typing in a form.
func Says(action *slack.BlockAction) string {
	switch string(action.Type) {
	case string(slack.METButton):
		return action.Value
	case slack.OptTypeStatic:
		return action.SelectedOption.Value
	}
	return ""
}

// press is buttons and menus in a row, or several where there are many.
func (p *page) press(buttons []bot.Button) (blocks []slack.Block) {
	var elements []slack.BlockElement
	for _, b := range buttons {
		if e := p.pressable(b); e != nil {
			elements = append(elements, e)
		}
	}
	for row := range slices.Chunk(elements, maxElements) {
		blocks = append(blocks, slack.NewActionBlock("", row...))
	}
	return blocks
}

// pressable is a button or a menu. What could not be read or would say something else when cut is
// left out.
func (p *page) pressable(b bot.Button) slack.BlockElement {
	label := clean.Cut(clean.String(b.Label), maxLabel)
	if label == "" {
		return nil
	}
	if len(b.Choices) > 0 {
		return p.menu(label, b)
	}
	if b.Says == "" || clean.Units(b.Says) > maxValue {
		return nil
	}
	e := slack.NewButtonBlockElement(p.actionID(), b.Says, plain(label))
	e.Style = buttonStyle(b.Style)
	e.Confirm = confirm(label, b)
	return e
}

func (p *page) menu(label string, b bot.Button) slack.BlockElement {
	var options []*slack.OptionBlockObject
	for _, c := range b.Choices {
		name := clean.Cut(clean.String(c.Label), maxOption)
		if name == "" || c.Value == "" || clean.Units(c.Value) > maxOptionSays || len(options) == maxOptions {
			continue
		}
		options = append(options, slack.NewOptionBlockObject(c.Value, plain(name), nil))
	}
	if len(options) == 0 {
		return nil
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(label), p.actionID(), options...)
	e.Confirm = confirm(label, b)
	return e
}

// actionID is another one for each element of a message, as Slack demands.
func (p *page) actionID() string {
	p.actions++
	return fmt.Sprintf("do-%d", p.actions)
}

func buttonStyle(s bot.ButtonStyle) slack.Style {
	switch s {
	case bot.ButtonMain:
		return slack.StylePrimary
	case bot.ButtonDanger:
		return slack.StyleDanger
	}
	return slack.StyleDefault
}

// confirm asks before, if that is wanted.
func confirm(label string, b bot.Button) *slack.ConfirmationBlockObject {
	question := clean.Cut(clean.String(b.Confirm), maxConfirm)
	if question == "" {
		return nil
	}
	c := slack.NewConfirmationBlockObject(plain("Are you sure?"), plain(question),
		plain(clean.Cut(label, maxConfirmBut)), plain("Cancel"))
	c.Style = buttonStyle(b.Style)
	return c
}
