package embeds

import (
	"cmp"
	"encoding/json"

	"github.com/bwmarrin/discordgo"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// Modal is a form as Discord opens it.
type Modal struct {
	CustomID   string                       `json:"custom_id"`
	Title      string                       `json:"title"`
	Components []discordgo.MessageComponent `json:"components"`
}

// label is a field with its name and what is to be said of it. The library does not know it.
type label struct {
	Kind        discordgo.ComponentType `json:"type"`
	Label       string                  `json:"label"`
	Description string                  `json:"description,omitempty"`
	Component   input                   `json:"component"`
}

func (l label) Type() discordgo.ComponentType { return l.Kind }

// MarshalJSON implements [discordgo.MessageComponent].
func (l label) MarshalJSON() ([]byte, error) {
	type plain label
	return json.Marshal(plain(l))
}

type input struct {
	Kind      discordgo.ComponentType  `json:"type"`
	CustomID  string                   `json:"custom_id"`
	Style     discordgo.TextInputStyle `json:"style"`
	Value     string                   `json:"value,omitempty"`
	Required  bool                     `json:"required"`
	MaxLength int                      `json:"max_length"`
}

// labelComponent is the type of a label.
const labelComponent discordgo.ComponentType = 18

// Form shows a form as a modal. The custom_id of a field is its name; id is that of the modal, by
// which what the form carries is found again. Fields beyond the fifth find no room.
func Form(f bot.Form, id string) Modal {
	m := Modal{
		CustomID: id, Title: cmp.Or(clean.Cut(clean.String(f.Title), maxFormTitle), "tensionwatch"),
	}
	for _, field := range f.Fields[:min(len(f.Fields), maxInputs)] {
		m.Components = append(m.Components, fieldOf(field))
	}
	return m
}

// fieldOf asks for a value. What is wrong with it, or else how to write it, stands above it.
func fieldOf(f bot.Field) label {
	if clean.Units(f.Value) > maxInput {
		// Half of it would be saved as if it were all.
		f.Value, f.Error = "", "What stands here is too long to be changed in Discord."
	}
	said := clean.String(f.Hint)
	if f.Error != "" {
		said = "⚠️ " + clean.String(f.Error)
	}
	style := discordgo.TextInputShort
	if f.Long {
		style = discordgo.TextInputParagraph
	}
	return label{
		Kind:        labelComponent,
		Label:       cmp.Or(clean.Cut(clean.String(f.Label), maxInputLabel), f.Name),
		Description: clean.Cut(said, maxInputHint),
		Component: input{
			Kind: discordgo.TextInputComponent, CustomID: f.Name, Style: style, Value: f.Value,
			Required: !f.Empty, MaxLength: maxInput,
		},
	}
}

// Again is the message about a form that has to be opened anew, by a button that says id: because
// something in it is wrong, or because it came too late to be opened at once.
func Again(f bot.Form, id string) bot.Message {
	m := bot.Message{
		Kind: bot.KindReply, Title: f.Title, Lines: f.Lines,
		Buttons: []bot.Button{{Label: "Open the form", Says: id, Style: bot.ButtonMain}},
	}
	for _, field := range f.Fields {
		if field.Error == "" {
			continue
		}
		m.Buttons[0].Label = "Correct it"
		e := bot.Entry{Mark: bot.MarkBad, Title: bot.Plain(field.Label), Lines: bot.Plains(field.Error)}
		if field.Value != "" {
			e.Lines = append(e.Lines, bot.Text{{Text: field.Value, Code: true}})
		}
		m.Entries = append(m.Entries, e)
	}
	return m
}
