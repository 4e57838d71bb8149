package seen

import (
	"encoding/json"
	"slices"
	"strings"
)

// Plain returns a text as it is read aloud: entities undone, a link as its text and its address, a date
// as its fallback.
func Plain(t string) string {
	return unescape(brackets.ReplaceAllStringFunc(t, func(b string) string {
		inside := b[1 : len(b)-1]
		target, label, ok := strings.Cut(inside, "|")
		switch {
		case strings.HasPrefix(inside, "!date^") && ok:
			return label
		case inside == "" || strings.ContainsAny(inside[:1], "!@#"):
			return b
		case ok:
			return label + " (" + target + ")"
		}
		return target
	}))
}

// Blocks renders blocks as lines of text. What is entered into fields is in values, by block_id; what
// is wrong with it in wrong.
func Blocks(blocks json.RawMessage, values, wrong map[string]string) string {
	var lines []string
	for _, n := range nodes(blocks) {
		if s := n.block(values); s != "" {
			lines = append(lines, s)
		}
		if why := wrong[n.BlockID]; why != "" && n.BlockID != "" {
			lines = append(lines, "! "+why)
		}
	}
	return strings.Join(lines, "\n")
}

func (n node) block(values map[string]string) string {
	switch n.Type {
	case "header":
		return "# " + n.Text.String()
	case "divider":
		return "---"
	case "image":
		return strings.TrimSpace(n.Title.String() + " [picture: " + n.Alt + "]")
	case "markdown":
		return n.Text.String()
	case "context":
		return "(" + join(n.Elements, node.inline, " · ") + ")"
	case "actions":
		return join(n.Elements, node.inline, " ")
	case "input":
		return n.field(values)
	case "rich_text":
		return join(n.Elements, node.rich, "\n")
	}
	return n.section()
}

func (n node) section() string {
	var parts []string
	if n.Text != nil {
		parts = append(parts, Plain(n.Text.String()))
	}
	for _, f := range n.Fields {
		parts = append(parts, "| "+strings.ReplaceAll(Plain(f.Text.String()), "\n", ": "))
	}
	if n.Beside != nil && len(parts) > 0 {
		parts[0] += " " + n.Beside.inline()
	} else if n.Beside != nil {
		parts = append(parts, n.Beside.inline())
	}
	return strings.Join(parts, "\n")
}

func (n node) field(values map[string]string) string {
	s := n.Label.String() + ": "
	value, ok := values[n.BlockID]
	switch {
	case n.Element == nil:
	case ok:
		s += "[" + value + "]"
	case n.Element.Type == "plain_text_input":
		s += "[" + n.Element.Initial + "]"
	default:
		s += n.Element.inline()
	}
	if n.Hint != nil {
		s += " (" + n.Hint.String() + ")"
	}
	return s
}

// inline renders an element, or a text among others.
func (n node) inline() string {
	switch n.Type {
	case "mrkdwn", "plain_text":
		return Plain(n.Text.String())
	case "image":
		return "[picture: " + n.Alt + "]"
	case "button":
		if n.URL != "" {
			return "[" + n.Text.String() + " → " + n.URL + "]"
		}
		return "[" + n.Text.String() + "]"
	}
	all := slices.Clone(n.Options)
	for _, g := range n.Groups {
		all = append(all, g.Options...)
	}
	choices := join(all, func(o node) string { return o.Text.String() }, " | ")
	name := n.Holder.String()
	switch {
	case n.Type == "overflow":
		name = "…"
	case n.First != nil:
		name = strings.TrimSpace(name + " = " + n.First.Text.String())
	case name == "":
		name = n.Type
	}
	return "[" + strings.TrimSpace(name+" ▾ "+choices) + "]"
}

func join(all []node, render func(node) string, between string) string {
	parts := make([]string, len(all))
	for i, n := range all {
		parts[i] = render(n)
	}
	return strings.Join(parts, between)
}
