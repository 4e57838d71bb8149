// Package seen says what a reader sees of a Slack message: its blocks as plain text, whom it mentions,
// what it links to, and what is set in another type. It looks for what Slack would make of a text, not
// for what its author meant; when in doubt something is a mention.
package seen

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Text is a text of a message, with how Slack reads it.
type Text struct {
	Text     string
	Plain    bool // plain_text: nothing in it is special
	Verbatim bool // only what is in angle brackets is special
	Markdown bool // it is of a markdown block
}

// Link is a link that a reader can follow.
type Link struct {
	URL  string
	Text string // what is shown for it
}

// node is any object of Block Kit.
type node struct {
	Type     string   `json:"type"`
	Text     *textish `json:"text"`
	Title    *textish `json:"title"`
	Label    *textish `json:"label"`
	Hint     *textish `json:"hint"`
	Holder   *textish `json:"placeholder"`
	Desc     *textish `json:"description"`
	Fields   []node   `json:"fields"`
	Elements []node   `json:"elements"`
	Element  *node    `json:"element"`
	Beside   *node    `json:"accessory"`
	Options  []node   `json:"options"`
	Groups   []node   `json:"option_groups"`
	First    *node    `json:"initial_option"`
	Initial  string   `json:"initial_value"`
	Alt      string   `json:"alt_text"`
	URL      string   `json:"url"`
	BlockID  string   `json:"block_id"`
	Verbatim bool     `json:"verbatim"`

	// Of rich text.
	Style    json.RawMessage `json:"style"` // a name for lists and buttons, else how it looks
	User     string          `json:"user_id"`
	Group    string          `json:"usergroup_id"`
	Channel  string          `json:"channel_id"`
	Range    string          `json:"range"`
	Emoji    string          `json:"name"`
	Fallback string          `json:"fallback"`
}

// textish is a text object, or the bare text that some objects have in its place.
type textish struct {
	node
	bare string
}

// UnmarshalJSON reads either of the two.
func (t *textish) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &t.bare)
	}
	return json.Unmarshal(raw, &t.node)
}

func (t *textish) String() string {
	switch {
	case t == nil:
		return ""
	case t.Text == nil:
		return t.bare
	}
	return t.Text.bare
}

// nodes reads blocks; what cannot be read is nothing.
func nodes(blocks json.RawMessage) (read []node) {
	if len(blocks) > 0 && json.Unmarshal(blocks, &read) != nil {
		return nil
	}
	return read
}

// Texts returns every text in blocks, in order.
func Texts(blocks json.RawMessage) (texts []Text) {
	for _, n := range nodes(blocks) {
		texts = append(texts, n.texts()...)
	}
	return texts
}

func (n node) texts() (texts []Text) {
	if n.Type == "plain_text" || n.Type == "mrkdwn" || n.Type == "markdown" {
		return []Text{{
			Text: n.Text.String(), Plain: n.Type == "plain_text", Verbatim: n.Verbatim,
			Markdown: n.Type == "markdown",
		}}
	}
	if t, ok := n.span(); ok {
		return []Text{t}
	}
	for _, t := range []*textish{n.Title, n.Text, n.Label, n.Hint, n.Holder, n.Desc} {
		if t != nil && t.Text != nil {
			texts = append(texts, t.node.texts()...)
		}
	}
	for _, more := range [][]node{n.Fields, n.Elements, n.Options, n.Groups} {
		for _, inner := range more {
			texts = append(texts, inner.texts()...)
		}
	}
	for _, inner := range []*node{n.Element, n.Beside} {
		if inner != nil {
			texts = append(texts, inner.texts()...)
		}
	}
	return texts
}

var (
	brackets = regexp.MustCompile(`<([^<>]*)>`)
	everyone = regexp.MustCompile(`(?:^|[^\w@])(@(?:channel|here|everyone|group))\b`)
	// An address that a word joiner (U+2060) cuts is none.
	bareURL = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>|\x{2060}]+|\bmailto:[^\s\x{2060}]+@\S+`)
	domain  = regexp.MustCompile(`(?i)(?:^|[\s(\[{"'*_~,;:])((?:[a-z0-9-]+\.)+` +
		`(?:com|org|net|io|gov|edu|info|dev|co|ir)(?:/[^\s<>|]*)?)(?:$|[\s)\]}"'*_~,;:.!?])`)
	inlined = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)[^)]*\)`)
	marked  = []*regexp.Regexp{
		regexp.MustCompile("(?:^|[^\\w`])(`[^`\\n]+`)(?:$|[^\\w`])"),
		regexp.MustCompile(`(?:^|[^\w*])(\*[^\s*](?:[^*\n]*[^\s*])?\*)(?:$|[^\w*])`),
		regexp.MustCompile(`(?:^|[^\w_])(_[^\s_](?:[^_\n]*[^\s_])?_)(?:$|[^\w_])`),
		regexp.MustCompile(`(?:^|[^\w~])(~[^\s~](?:[^~\n]*[^\s~])?~)(?:$|[^\w~])`),
		regexp.MustCompile(`(?m)^((?:&gt;|>).+)$`),
		regexp.MustCompile("(?s)(```.+?```)"),
	}
)

// Mentions returns whom or what the texts mention, as it stands in them: <!here>, <@U1>, <#C1>.
func Mentions(texts []Text) (found []string) {
	for _, t := range texts {
		if t.Plain {
			continue
		}
		for _, m := range brackets.FindAllStringSubmatch(t.Text, -1) {
			special := strings.HasPrefix(m[1], "!") && !strings.HasPrefix(m[1], "!date^")
			if special || strings.HasPrefix(m[1], "@") || strings.HasPrefix(m[1], "#") {
				found = append(found, m[0])
			}
		}
		if !t.Verbatim {
			for _, m := range everyone.FindAllStringSubmatch(brackets.ReplaceAllString(t.Text, " "), -1) {
				found = append(found, m[1])
			}
		}
	}
	return found
}

// Links returns what the texts link to. Unless a text is verbatim, addresses and names of hosts become
// links although nobody marked them.
func Links(texts []Text) (found []Link) {
	for _, t := range texts {
		if t.Plain {
			continue
		}
		for _, m := range brackets.FindAllStringSubmatch(t.Text, -1) {
			if date, ok := strings.CutPrefix(m[1], "!date^"); ok {
				// A date may carry a link in its third part.
				if parts := strings.Split(strings.SplitN(date, "|", 2)[0], "^"); len(parts) > 2 {
					found = append(found, Link{unescape(parts[2]), shown(m[1])})
				}
			} else if m[1] != "" && !strings.ContainsAny(m[1][:1], "!@#") {
				url, _, _ := strings.Cut(m[1], "|")
				found = append(found, Link{unescape(url), shown(m[1])})
			}
		}
		if t.Markdown {
			for _, m := range inlined.FindAllStringSubmatch(t.Text, -1) {
				found = append(found, Link{m[2], m[1]})
			}
		}
		if !t.Verbatim {
			rest := brackets.ReplaceAllString(t.Text, " ")
			for _, url := range bareURL.FindAllString(rest, -1) {
				found = append(found, Link{unescape(url), unescape(url)})
			}
			for _, m := range domain.FindAllStringSubmatch(bareURL.ReplaceAllString(rest, " "), -1) {
				found = append(found, Link{"http://" + m[1], m[1]})
			}
		}
	}
	return found
}

// Buttons returns where the buttons lead that have an address.
func Buttons(blocks json.RawMessage) (found []Link) {
	for _, n := range nodes(blocks) {
		for _, e := range append(slices.Clone(n.Elements), deref(n.Beside)...) {
			if e.URL != "" {
				found = append(found, Link{e.URL, e.Text.String()})
			}
		}
	}
	return found
}

func deref(n *node) []node {
	if n == nil {
		return nil
	}
	return []node{*n}
}

// Marked returns what is set in another type: bold, italic, struck out, code, quotes; with its marks.
func Marked(texts []Text) (found []string) {
	for _, t := range texts {
		if t.Plain {
			continue
		}
		rest := brackets.ReplaceAllString(t.Text, "x")
		for _, kind := range marked {
			for _, m := range kind.FindAllStringSubmatch(rest, -1) {
				found = append(found, m[1])
			}
		}
	}
	return found
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// shown is what is shown for the inside of brackets.
func shown(inside string) string {
	target, label, ok := strings.Cut(inside, "|")
	if ok {
		return unescape(label)
	}
	return unescape(target)
}
