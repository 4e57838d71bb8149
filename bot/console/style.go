package console

// style is what stands in an escape sequence between ESC[ and m (ECMA-48, 8.3.117).
type style string

const (
	plain      style = ""
	bold       style = "1"
	dim        style = "2"
	underlined style = "4"
	red        style = "31"
	yellow     style = "33"
	boldRed    style = "1;31"
)

// marked is the style of a matched word in text of style s. It is underlined, since that is seen
// on every background; colour is left to severities.
func (s style) marked() style {
	if s == plain {
		return underlined
	}
	return s + ";" + underlined
}

// paint goes over from one style to another.
func (p *page) paint(from, to style) {
	if !p.look.Color {
		return
	}
	if from != plain {
		p.WriteString("\x1b[0m")
	}
	if to != plain {
		p.WriteString("\x1b[" + string(to) + "m")
	}
}
