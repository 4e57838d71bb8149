// Package seen tells what a reader sees of a message in Discord: whom it mentions, what it links to,
// what is bold, and the whole as plain text.
package seen

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Link is a link that a reader can follow.
type Link struct{ URL, Text string }

// Embed is the card below a message.
type Embed struct {
	Title, Description, URL string
	Color                   int
	Timestamp               string
	Footer, Author          struct{ Text, Name, URL string }
	Image, Thumbnail        struct{ URL string }
	Fields                  []struct {
		Name, Value string
		Inline      bool
	}
}

// Embeds reads embeds.
func Embeds(raw json.RawMessage) (all []Embed) {
	_ = json.Unmarshal(raw, &all) // validated when it came
	return all
}

// Texts returns the texts of a message in which Discord formats: its content, and of its embeds the title,
// the description and the fields. Footer and author are plain.
func Texts(content string, embeds json.RawMessage) []string {
	texts := []string{content}
	for _, e := range Embeds(embeds) {
		texts = append(texts, e.Title, e.Description)
		for _, f := range e.Fields {
			texts = append(texts, f.Name, f.Value)
		}
	}
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

var (
	escaped = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]`)
	code    = regexp.MustCompile("(?s)```.+?```|``[^\n]+?``|`[^`\n]+`")
	mention = regexp.MustCompile(`<(?:@[!&]?\d+|#\d+|id:\w+|/[^:>]+:\d+)>|@everyone|@here`)
	bareURL = regexp.MustCompile(`(?i)<?\b(?:https?|discord)://[^\s<>]+>?`)
	inlined = regexp.MustCompile(`\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\(<?((?:https?|discord|mailto):[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\)`)
	marked  = []*regexp.Regexp{
		regexp.MustCompile(`\*\*\*[^\s*](?:[^*]*[^\s*])?\*\*\*`),
		regexp.MustCompile(`\*\*[^*]+?\*\*`),
		regexp.MustCompile(`__[^_]+?__`),
		regexp.MustCompile(`(?:^|[^*\w])(\*[^\s*](?:[^*\n]*[^\s*])?\*)(?:$|[^*])`),
		regexp.MustCompile(`(?:^|[^_\w])(_[^_\n]+_)(?:$|[^\w])`),
		regexp.MustCompile(`~~[^~]+~~`),
		regexp.MustCompile(`\|\|[^|]+\|\|`),
		regexp.MustCompile(`(?m)^(?:#{1,3}|-#) \S.*$`),
		regexp.MustCompile(`(?m)^>(?:>>)? .+$`),
		regexp.MustCompile(`(?m)^ *(?:[-*]|\d+\.) \S.*$`),
	}
)

// withoutCode replaces code, which does not begin at an escaped backtick.
func withoutCode(s, by string) string {
	return escapedOrCode.ReplaceAllStringFunc(s, func(found string) string {
		if found[0] == '\\' {
			return found
		}
		return by
	})
}

var escapedOrCode = regexp.MustCompile(escaped.String() + "|" + code.String())

// hide replaces what is escaped by a letter, so that it marks nothing.
func hide(s string) string { return escaped.ReplaceAllString(s, "x") }

// Mentions returns what the texts mention: <@1>, <#2>, @everyone. Whether somebody is notified depends on
// allowed_mentions too; see [Pings].
func Mentions(texts []string) (found []string) {
	for _, s := range texts {
		found = append(found, mention.FindAllString(withoutCode(s, " "), -1)...)
	}
	return found
}

// Pings returns whom the content of a message notifies, with the allowed_mentions that it was posted with.
// Embeds notify nobody.
func Pings(content string, allowed json.RawMessage) (found []string) {
	var rule *struct{ Parse, Users, Roles []string }
	_ = json.Unmarshal(allowed, &rule) // without it everybody may be mentioned
	for _, m := range Mentions([]string{content}) {
		id := strings.Trim(m, "<@&!>")
		kind, listed := "users", []string(nil)
		if rule != nil {
			listed = rule.Users
		}
		switch {
		case strings.HasPrefix(m, "<#"), strings.HasPrefix(m, "</"), strings.HasPrefix(m, "<id:"):
			continue
		case m[0] == '@':
			kind = "everyone"
		case strings.HasPrefix(m, "<@&"):
			kind = "roles"
			if rule != nil {
				listed = rule.Roles
			}
		}
		if rule == nil || slices.Contains(rule.Parse, kind) || slices.Contains(listed, id) {
			found = append(found, m)
		}
	}
	return found
}

// Links returns what the texts link to: what is marked, and addresses that nobody marked.
func Links(texts []string) (found []Link) {
	for _, s := range texts {
		s = hide(withoutCode(s, " "))
		for _, m := range inlined.FindAllStringSubmatch(s, -1) {
			found = append(found, Link{m[2], m[1]})
		}
		for _, url := range bareURL.FindAllString(inlined.ReplaceAllString(s, " "), -1) {
			url = strings.Trim(url, "<>")
			found = append(found, Link{url, url})
		}
	}
	return found
}

// Marked returns what is set in another type: bold, italic, struck out, hidden, headings, lists, quotes and
// code; with its marks.
func Marked(texts []string) (found []string) {
	for _, s := range texts {
		for _, one := range escapedOrCode.FindAllString(s, -1) {
			if one[0] != '\\' {
				found = append(found, one)
			}
		}
		s = hide(withoutCode(s, "x"))
		s = bareURL.ReplaceAllString(inlined.ReplaceAllString(s, "x"), "x")
		s = mention.ReplaceAllString(s, "x")
		for _, kind := range marked {
			for _, m := range kind.FindAllStringSubmatch(s, -1) {
				found = append(found, m[len(m)-1])
			}
			s = kind.ReplaceAllString(s, "x")
		}
	}
	return found
}
