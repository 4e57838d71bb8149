package embeds

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/tensionwatch/tensionwatch/bot"
	"github.com/tensionwatch/tensionwatch/bot/clean"
)

// joiner cannot be seen and holds the characters beside it together.
const joiner = "\u2060"

// escapes put a backslash before each sign that Discord acts on; between an @ and the name behind
// it stands a joiner, since a backslash there does not keep @everyone from looking like a mention.
// A colon before two slashes would begin a link.
var escapes = strings.NewReplacer(
	`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`, "[", `\[`, "]", `\]`,
	"<", `\<`, ">", `\>`, "#", `\#`, "://", `\://`, "@", "@"+joiner,
)

// lineStart is what begins a list, small print or a numbered list where it begins a line.
var lineStart = regexp.MustCompile(`^(\s*)([-+]|\d+[.)])`)

// escape writes what others wrote so that Discord finds nothing in it.
func escape(s string) string {
	s = escapes.Replace(s)
	if at := lineStart.FindStringSubmatchIndex(s); at != nil {
		s = s[:at[5]-1] + `\` + s[at[5]-1:]
	}
	return s
}

// written is text of others, without marks, as markdown of at most so many units.
func written(s string, most int) string { return markdown(bot.Plain(s), most) }

// aside is the same for the middle of a line.
func aside(s string, most int) string {
	return fit(most, func(n int) string { return escape(clean.Aside(s, n)) })
}

// markdown is text for a line of its own, of at most so many units. What is too long is cut before
// it is escaped: no escape is torn.
func markdown(t bot.Text, most int) string {
	return fit(most, func(n int) string { return inline(clean.Line(t, n), false) })
}

// strong is the same in bold.
func strong(t bot.Text, most int) string {
	return fit(most, func(n int) string { return inline(clean.Line(t, n), true) })
}

// fit shortens what is written until there is room for it as it is sent.
func fit(most int, write func(n int) string) string {
	for n := most; n > 8; n = n * 3 / 4 {
		if s := write(n); clean.Units(s) <= most {
			return s
		}
	}
	return ""
}

// inline is clean text as markdown. Pieces that look the same are put together: between two pairs
// of asterisks Discord would find four.
func inline(t bot.Text, bold bool) string {
	var out, run strings.Builder
	inBold := false
	flush := func() {
		if s := run.String(); s != "" && inBold && strings.TrimSpace(s) != "" {
			out.WriteString("**" + escape(s) + "**")
		} else {
			out.WriteString(escape(s))
		}
		run.Reset()
	}
	for _, span := range t {
		if s := special(span); s != "" {
			flush()
			out.WriteString(s)
			continue
		}
		if hit := bold || span.Hit; hit != inBold {
			flush()
			inBold = hit
		}
		run.WriteString(span.Text)
	}
	flush()
	return out.String()
}

// special is a span that is more than letters, or empty.
func special(s bot.Span) string {
	address := safeLink(s.Link)
	switch {
	case !s.When.IsZero():
		return moment(s.When, "f")
	case channelID(s.Channel) != "":
		return "<#" + channelID(s.Channel) + ">"
	case s.Text == "":
		return ""
	case address != "" && len(address) <= linkLength:
		return "[" + escape(s.Text) + "](" + address + ")"
	case s.Code:
		return code(s.Text)
	}
	return ""
}

// code is text to be typed as it is. Discord knows no way to write a backtick in it; nobody is
// mentioned in it, but not everything that shows a message knows that.
func code(s string) string { return "`" + typeable.Replace(s) + "`" }

var typeable = strings.NewReplacer("`", "ˋ", "@", "@"+joiner)

// fence stands around a block of code.
const fence = "```"

// paragraph is text in which code of several lines is a block.
func paragraph(t bot.Text, most int) string {
	var parts []string
	var line bot.Text
	left := most
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
			left -= clean.Units(s) + 1
		}
	}
	for _, span := range t {
		if !span.Code || !strings.Contains(strings.TrimSpace(span.Text), "\n") {
			line = append(line, span)
			continue
		}
		add(markdown(line, left))
		line = nil
		add(block(span.Text, left))
	}
	add(markdown(line, left))
	return strings.Join(parts, "\n")
}

// block is code of several lines, as many as there is room for.
func block(s string, most int) string {
	out, left := "", most-2*len(fence)-4
	for row := range strings.Lines(strings.Trim(s, "\r\n")) {
		row = typeable.Replace(clean.String(row)) + "\n"
		if left -= clean.Units(row); left < 0 {
			out += "…\n"
			break
		}
		out += row
	}
	if strings.TrimSpace(out) == "" || left < -most {
		return ""
	}
	return fence + "\n" + out + fence
}

// furthest is the last time, in seconds, that Discord can write (that of JavaScript).
const furthest = 8_640_000_000_000

// moment is a time in the reader's zone; "f" with its date, "t" without, "R" as how long ago.
func moment(t time.Time, format string) string {
	if t.Unix() < -furthest || t.Unix() > furthest {
		return escape(t.UTC().Format(time.RFC3339))
	}
	return fmt.Sprintf("<t:%d:%s>", t.Unix(), format)
}

var discordChannel = regexp.MustCompile(`^discord:([0-9]{1,20})$`)

// channelID is Discord's own name of a channel, or empty.
func channelID(c bot.Channel) string {
	if m := discordChannel.FindStringSubmatch(string(c)); m != nil {
		return m[1]
	}
	return ""
}

// unsafeInLink are the signs by which Discord would end a link or begin something in it.
var unsafeInLink = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `"`, "%22",
	"`", "%60", "*", "%2A", "|", "%7C", `\`, "%5C", "[", "%5B", "]", "%5D")

// safeLink is an address that Discord opens as it is, or empty. Brackets stand around a host that is
// a number of IPv6; nobody reads news there.
func safeLink(address string) string {
	safe := unsafeInLink.Replace(clean.WebLink(address))
	if len(safe) > maxLink-len(mark)-2*nameLength || strings.Contains(safe, "://%5B") {
		return ""
	}
	return safe
}
