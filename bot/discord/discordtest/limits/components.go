package limits

// The types of components.
const (
	RowType       = 1
	ButtonType    = 2
	SelectType    = 3
	TextInputType = 4
	LabelType     = 18
)

const linkStyle = 5

func kindOf(v any) int {
	n, _ := object(v)["type"].(float64)
	return int(n)
}

// row checks a row of buttons, or one with a menu.
func row(m *mistakes, at string, v any) {
	if kindOf(v) != RowType {
		m.add(at+"/type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
		return
	}
	fields{"!components": list(1, 5, control)}.check(m, at, v)
	inner := members(object(v), "components")
	for _, c := range inner {
		if kindOf(c) != ButtonType && len(inner) > 1 {
			m.add(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
	}
}

// control checks a button or a menu.
func control(m *mistakes, at string, v any) {
	switch kindOf(v) {
	case ButtonType:
		button(m, at, v)
	case SelectType, 5, 6, 7, 8:
		menu(m, at, v)
	default:
		m.add(at+"/type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (2, 3, 5, 6, 7, 8).")
	}
}

func button(m *mistakes, at string, v any) {
	o := object(v)
	shape := fields{
		"!style": number(1, 2, 3, 4, linkStyle), "label": text(0, 80), "disabled": boolean,
	}
	if o["style"] == float64(linkStyle) {
		shape["!url"] = func(m *mistakes, at string, v any) {
			address("discord")(m, at, v)
			text(1, 512)(m, at, v)
		}
	} else {
		shape["!custom_id"] = unique
	}
	shape.check(m, at, v)
	if o["url"] != nil && o["custom_id"] != nil {
		m.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
			"A custom id and url cannot both be specified")
	}
	if word(o, "label") == "" && o["emoji"] == nil {
		m.add(at+"/label", "BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or an emoji")
	}
}

func unique(m *mistakes, at string, v any) {
	text(1, 100)(m, at, v)
	id, _ := v.(string)
	if m.ids[id] {
		m.add(at, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	m.ids[id] = true
}

func menu(m *mistakes, at string, v any) {
	shape := fields{
		"!custom_id": unique, "placeholder": text(0, 150), "disabled": boolean,
		"min_values": integer(0, 25), "max_values": integer(1, 25),
	}
	if kindOf(v) == SelectType {
		shape["!options"] = list(1, 25, fields{
			"!label": text(1, 100), "!value": text(1, 100), "description": text(0, 100), "default": boolean,
		}.check)
	}
	shape.check(m, at, v)
	values := make(map[string]bool)
	for _, o := range members(object(v), "options") {
		value := word(object(o), "value")
		if values[value] {
			m.add(at+"/options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
				"The specified option value is already used")
		}
		values[value] = true
	}
}

// Modal says what is wrong with a window of inputs.
func Modal(data map[string]any) *Error {
	m := &mistakes{ids: make(map[string]bool)}
	fields{
		"!custom_id": text(1, 100), "!title": text(1, 45), "!components": list(1, 5, asked),
	}.check(m, "data", data)
	return m.refusal()
}

// asked checks a row with an input, or a label with one.
func asked(m *mistakes, at string, v any) {
	switch kindOf(v) {
	case RowType:
		fields{"!components": list(1, 1, func(m *mistakes, at string, v any) {
			input(m, at, v)
			fields{"!label": text(1, 45)}.check(m, at, v)
		})}.check(m, at, v)
	case LabelType:
		fields{"!label": text(1, 45), "description": text(0, 100), "!component": func(m *mistakes, at string, v any) {
			if kindOf(v) == TextInputType {
				input(m, at, v)
			} else {
				menu(m, at, v)
			}
		}}.check(m, at, v)
	default:
		m.add(at+"/type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1, 18).")
	}
}

func input(m *mistakes, at string, v any) {
	if kindOf(v) != TextInputType {
		m.add(at+"/type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (4,).")
		return
	}
	fields{
		"!custom_id": unique, "!style": number(1, 2), "required": boolean,
		"min_length": integer(0, 4000), "max_length": integer(1, 4000),
		"value": text(0, 4000), "placeholder": text(0, 100),
	}.check(m, at, v)
}
