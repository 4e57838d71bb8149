package visit

import "strings"

// unescape undoes what Slack does to what is typed: three characters are entities, and what Slack
// recognised stands in angle brackets, "<https://example.org|example.org>". Quotes that a phone made
// round stay: whoever reads commands knows them.
func unescape(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, ">")
		if !closed {
			b.WriteString("<" + rest)
			break
		}
		b.WriteString(meant(inner))
		s = after
	}
	return entities.Replace(b.String())
}

// entities in one go: what was typed as "&lt;" comes as "&amp;lt;".
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// meant is what was typed to become a thing in angle brackets.
func meant(inner string) string {
	target, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "#"), strings.HasPrefix(target, "@"):
		if labelled && label != "" {
			return target[:1] + strings.TrimPrefix(label, target[:1])
		}
		return target
	case strings.HasPrefix(target, "!date^") && labelled:
		return label
	case strings.HasPrefix(target, "!"): // <!here>, <!subteam^S1|@desk>
		if labelled && label != "" {
			return label
		}
		word, _, _ := strings.Cut(target[1:], "^")
		return "@" + word
	case strings.HasPrefix(target, "mailto:"):
		return strings.TrimPrefix(target, "mailto:")
	}
	return target
}
