package seen

import (
	"encoding/json"
	"strings"
)

// span is an element of rich text as mrkdwn would have it: what it mentions and links to is found in
// the same way.
func (n node) span() (t Text, ok bool) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;").Replace
	switch n.Type {
	case "text":
		return Text{Text: n.Text.bare, Plain: true}, true
	case "link":
		return Text{Text: "<" + escape(n.URL) + "|" + escape(n.Text.String()) + ">", Verbatim: true}, true
	case "user":
		return Text{Text: "<@" + n.User + ">", Verbatim: true}, true
	case "usergroup":
		return Text{Text: "<!subteam^" + n.Group + ">", Verbatim: true}, true
	case "channel":
		return Text{Text: "<#" + n.Channel + ">", Verbatim: true}, true
	case "broadcast":
		return Text{Text: "<!" + n.Range + ">", Verbatim: true}, true
	case "date":
		return Text{Text: n.Fallback, Plain: true}, true
	}
	return Text{}, false
}

// rich renders the text of a rich_text block.
func (n node) rich() string {
	switch n.Type {
	case "rich_text_list":
		return join(n.Elements, func(item node) string { return "• " + item.rich() }, "\n")
	case "rich_text_preformatted":
		return "```\n" + join(n.Elements, node.rich, "") + "\n```"
	case "rich_text_quote":
		return "> " + strings.ReplaceAll(join(n.Elements, node.rich, ""), "\n", "\n> ")
	case "rich_text_section":
		return join(n.Elements, node.rich, "")
	case "emoji":
		return ":" + n.Emoji + ":"
	case "date":
		return n.Fallback
	case "link":
		return n.marked(strings.TrimSpace(n.Text.String()+" ("+n.URL+")"), n.Text.String())
	case "text":
		return n.marked(n.Text.bare, n.Text.bare)
	}
	t, _ := n.span()
	return t.Text
}

// marked sets the marks of mrkdwn about what is bold or code in a text.
func (n node) marked(whole, part string) string {
	var look struct{ Bold, Code bool }
	json.Unmarshal(n.Style, &look) // the style of something else is no object, and no look
	core := strings.TrimSpace(part)
	switch {
	case core == "":
		return whole
	case look.Code:
		return strings.Replace(whole, core, "`"+core+"`", 1)
	case look.Bold:
		return strings.Replace(whole, core, "*"+core+"*", 1)
	}
	return whole
}
