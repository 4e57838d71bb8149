package blocks

import (
	"cmp"
	"encoding/json"
	"maps"

	"github.com/slack-go/slack"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// FormID is the callback_id of every form.
const FormID = "tensionwatch_form"

// carried is what a form brings back as it is.
type carried struct {
	Command string            `json:"command"`
	Args    map[string]string `json:"args,omitempty"`
	Channel bot.Channel       `json:"channel,omitempty"`
}

// Form shows a form as a modal. The block_id and the action_id of a field are its name.
func Form(f bot.Form) slack.ModalViewRequest {
	p := newPage(maxViewBlocks, maxViewTotal)
	p.lines(f.Lines)
	for _, field := range f.Fields {
		p.field(field)
	}
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		CallbackID:      FormID,
		Title:           plain(cmp.Or(clean.Cut(clean.String(f.Title), maxFormTitle), "tensionwatch")),
		Submit:          plain(cmp.Or(clean.Cut(clean.String(f.Submit), maxFormTitle), "Save")),
		Close:           plain("Cancel"),
		PrivateMetadata: pack(carried{f.Command, f.Args, f.Channel}),
		Blocks:          slack.Blocks{BlockSet: p.blocks},
	}
}

// pack writes what a form carries. Args that do not fit are lost, and asked for again.
func pack(c carried) string {
	text, err := json.Marshal(c)
	if err != nil {
		return "{}" // strings always can be written
	}
	if clean.Units(string(text)) > maxMetadata && c.Args != nil {
		c.Args = nil
		return pack(c)
	}
	return string(text)
}

// field asks for a value and says below what is to be said of it.
func (p *page) field(f bot.Field) {
	if clean.Units(f.Value) > maxInput {
		// Half of it would be saved as if it were all.
		f.Value, f.Error = "", "What stands here is too long to be changed in Slack."
	}
	input := slack.NewPlainTextInputBlockElement(nil, f.Name)
	input.InitialValue = f.Value
	input.Multiline = f.Long
	input.MaxLength = maxInput
	label := plain(cmp.Or(clean.Cut(clean.String(f.Label), maxFormLabel), f.Name))
	block := slack.NewInputBlock(f.Name, label, nil, input).WithOptional(f.Empty)
	if hint := clean.Cut(clean.String(f.Hint), maxFormLabel); hint != "" {
		block.Hint = plain(hint)
	}
	if f.Live {
		input.DispatchActionConfig = &slack.DispatchActionConfig{
			TriggerActionsOn: []string{"on_character_entered"},
		}
		block.DispatchAction = true
	}
	blocks := []slack.Block{block}
	if said := verdict(f); len(said) > 0 {
		blocks = append(blocks, slack.NewRichTextBlock("", slack.NewRichTextSection(said...)))
	}
	p.add(blocks...)
}

// verdict is what is to be said of a value.
func verdict(f bot.Field) []element {
	if f.Error != "" {
		return append([]element{text("⚠️ ")}, rich(clean.Line(bot.Plain(f.Error), errorLength), quiet)...)
	}
	return rich(clean.Line(f.Note, summaryLength), quiet)
}

// ReadForm reads back what [Form] carried and what was written into the fields.
func ReadForm(view slack.View) (command string, args map[string]string, channel bot.Channel) {
	var c carried
	if err := json.Unmarshal([]byte(view.PrivateMetadata), &c); err != nil {
		return "", nil, "" // not a form of ours
	}
	args = make(map[string]string)
	maps.Copy(args, c.Args)
	if view.State != nil {
		for _, fields := range view.State.Values {
			for name, value := range fields {
				args[name] = value.Value
			}
		}
	}
	return c.Command, args, c.Channel
}

// FormErrors are what is wrong with the fields, by name, for an answer that leaves the form open.
func FormErrors(f bot.Form) map[string]string {
	wrong := make(map[string]string)
	for _, field := range f.Fields {
		if field.Error != "" {
			wrong[field.Name] = clean.Cut(clean.String(field.Error), errorLength)
		}
	}
	return wrong
}
