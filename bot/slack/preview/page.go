package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

// now is when the pictures are looked at, and where.
func now() time.Time {
	return time.Date(2026, 11, 23, 14, 30, 0, 0, time.FixedZone("GST", 4*60*60))
}

// page is the picture as HTML. It reads the JSON that goes to Slack, not what it was made of.
func (p picture) page() ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"mrkdwn":  mrkdwn,
		"date":    richDate,
		"channel": channelName,
		"plain":   func(t any) string { return field(t, "text") },
		"styles":  styles,
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	wire, err := json.Marshal(p.posts)
	if err != nil {
		return nil, err
	}
	var posts []any
	if err := json.Unmarshal(wire, &posts); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{
		"Name": p.name, "Scene": string(p.scene), "Posts": posts,
	})
	return out.Bytes(), err
}

// field is a text of a JSON object, or empty.
func field(v any, name string) string {
	object, _ := v.(map[string]any)
	s, _ := object[name].(string)
	return s
}

// styles are the classes of an element of rich text.
func styles(v any) (classes string) {
	object, _ := v.(map[string]any)
	style, _ := object["style"].(map[string]any)
	for _, name := range []string{"bold", "italic", "strike", "code", "underline"} {
		if style[name] == true {
			classes += " " + name
		}
	}
	return strings.TrimSpace(classes)
}

// channelName is how the people of the pictures call a channel.
func channelName(id string) string {
	if names := map[string]string{"C0GULFDESK": "gulf-desk", "C0NIGHTDESK": "night-desk", "C0BUSYDESK": "busy-desk"}; names[id] != "" {
		return names[id]
	}
	return id
}

func richDate(v any) string {
	object, _ := v.(map[string]any)
	seconds, _ := object["timestamp"].(float64)
	return inZone(int64(seconds), field(v, "format"))
}

// inZone writes a time as Slack does for its reader.
func inZone(seconds int64, format string) string {
	t := time.Unix(seconds, 0).In(now().Location())
	day := t.Format("Jan 2, 2006")
	today := now().Format("Jan 2, 2006")
	switch day {
	case today:
		day = "today"
	case now().AddDate(0, 0, -1).Format("Jan 2, 2006"):
		day = "yesterday"
	case now().AddDate(0, 0, 1).Format("Jan 2, 2006"):
		day = "tomorrow"
	}
	return strings.NewReplacer("{date_short_pretty}", day, "{time}", t.Format("15:04")).Replace(format)
}

// node is a piece of mrkdwn.
type node struct {
	Kind string // "text", "link", "bold", "italic", "strike", "code", "mention" or "break"
	Text string
	Link string
}

// mrkdwn takes markup apart much as Slack does.
func mrkdwn(v any) (nodes []node) {
	s := field(v, "text")
	for s != "" {
		at := strings.IndexAny(s, "<\n*_~`")
		if at < 0 {
			break
		}
		n, rest := marked(s[at:])
		if n.Kind == "" { // a sign that means nothing here
			at++
			rest = s[at:]
		}
		nodes = append(nodes, node{Kind: "text", Text: unescape(s[:at])})
		if n.Kind != "" {
			nodes = append(nodes, n)
		}
		s = rest
	}
	return append(nodes, node{Kind: "text", Text: unescape(s)})
}

// marked takes the markup off with which a text begins, if it is any.
func marked(s string) (n node, rest string) {
	switch s[0] {
	case '\n':
		return node{Kind: "break"}, s[1:]
	case '<':
		inside, rest, found := strings.Cut(s[1:], ">")
		if !found {
			return node{}, s
		}
		return bracketed(inside), rest
	}
	kind := map[byte]string{'*': "bold", '_': "italic", '~': "strike", '`': "code"}[s[0]]
	end := strings.IndexByte(s[1:], s[0])
	if end <= 0 || strings.ContainsAny(s[1:2]+s[end:end+1], " \n") {
		return node{}, s
	}
	return node{Kind: kind, Text: unescape(s[1 : end+1])}, s[end+2:]
}

// bracketed is what stands between < and >.
func bracketed(inside string) node {
	target, label, labelled := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(target, "!date^"):
		parts := strings.Split(target, "^")
		if seconds, err := strconv.ParseInt(parts[1], 10, 64); err == nil && len(parts) > 2 {
			return node{Kind: "text", Text: inZone(seconds, parts[2])}
		}
		return node{Kind: "text", Text: unescape(label)}
	case strings.HasPrefix(target, "!"), strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
		return node{Kind: "mention", Text: fmt.Sprint(target)}
	case !labelled:
		label = target
	}
	return node{Kind: "link", Text: unescape(label), Link: unescape(target)}
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
