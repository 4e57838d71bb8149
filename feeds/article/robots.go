package article

import (
	"bytes"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// product is the name that robots.txt files know us by.
const product = "tensionwatch"

// maxRobots is how much of a robots.txt is read; RFC 9309 asks for 500 KiB at least.
const maxRobots = 512 << 10

// maxDelay is the longest pause between two pages that we understand.
const maxDelay = 24 * time.Hour

// robots is what a robots.txt says to us, by RFC 9309. The zero value allows everything.
type robots struct {
	rules []robotsRule
	delay time.Duration // Crawl-delay: not in the RFC, and kept all the same
}

// robotsRule allows or disallows the paths that its pattern begins.
type robotsRule struct {
	pattern string // escaped as [escaped] does; * stands for anything, $ at the end for the end
	allow   bool
}

// nothing is allowed.
var closed = robots{rules: []robotsRule{{pattern: "/"}}}

// parseRobots reads a robots.txt and keeps what is meant for us: the groups that name us, else the
// groups that name everybody. What cannot be read is passed over, as the RFC asks. It is pure.
func parseRobots(text []byte) robots {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if len(text) >= maxRobots { // the last line may be cut, and a cut pattern says too much
		text = text[:max(bytes.LastIndexAny(text[:maxRobots], "\r\n"), 0)]
	}
	var ours, everybodys robots
	var named, us, all, inRules bool
	for line := range lines(text) {
		key, value := directive(line)
		if key == "user-agent" {
			if inRules {
				us, all, inRules = false, false, false
			}
			us = us || isUs(value)
			all = all || isEverybody(value)
			named = named || us
			continue
		}
		if key != "allow" && key != "disallow" && key != "crawl-delay" {
			continue // a Sitemap between two lines of a group does not end it
		}
		inRules = true
		if us {
			ours.add(key, value)
		}
		if all {
			everybodys.add(key, value)
		}
	}
	if named {
		return ours
	}
	return everybodys
}

// lines are the lines of a text, whatever ends them.
func lines(text []byte) func(yield func([]byte) bool) {
	return bytes.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

// directive takes a line apart; the key is in lower case, "" when the line says nothing.
func directive(line []byte) (key, value string) {
	line, _, _ = bytes.Cut(line, []byte("#"))
	before, after, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return "", ""
	}
	return strings.ToLower(string(bytes.TrimSpace(before))), string(bytes.TrimSpace(after))
}

// isUs reports whether a User-agent line names us; a version after the name does not matter.
func isUs(agent string) bool {
	if len(agent) < len(product) || !strings.EqualFold(agent[:len(product)], product) {
		return false
	}
	rest := agent[len(product):]
	return rest == "" || strings.IndexByte(" \t/", rest[0]) >= 0
}

func isEverybody(agent string) bool {
	return agent == "*" || strings.HasPrefix(agent, "* ")
}

// add takes in a line of a group. A rule without a pattern means nothing.
func (r *robots) add(key, value string) {
	if key == "crawl-delay" {
		seconds, err := strconv.ParseFloat(value, 64)
		if err == nil && seconds > 0 && !math.IsInf(seconds, 0) {
			r.delay = time.Duration(min(seconds, maxDelay.Seconds()) * float64(time.Second))
		}
		return
	}
	if value != "" {
		r.rules = append(r.rules, robotsRule{pattern: escaped(value), allow: key == "allow"})
	}
}

// allows reports whether we may ask for an address. The longest rule that matches counts, and of
// two equally long ones the one that allows. It is pure.
func (r robots) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = escaped(path)
	allowed, longest := true, -1
	for _, rule := range r.rules {
		n := len(rule.pattern)
		if n < longest || n == longest && (allowed || !rule.allow) || !rule.matches(path) {
			continue
		}
		allowed, longest = rule.allow, n
	}
	return allowed
}

// matches reports whether a path begins as the pattern says. The parts between stars are looked for
// from left to right, each at its first place, so the time is that of reading path and pattern.
func (r robotsRule) matches(path string) bool {
	pattern, anchored := strings.CutSuffix(r.pattern, "$")
	parts := strings.Split(pattern, "*")
	path, ok := strings.CutPrefix(path, parts[0])
	if !ok || len(parts) == 1 {
		return ok && (!anchored || path == "")
	}
	last := len(parts) - 1
	for i, part := range parts[1:] {
		if anchored && i+1 == last {
			return strings.HasSuffix(path, part)
		}
		_, path, ok = strings.Cut(path, part)
		if !ok {
			return false
		}
	}
	return true
}

// weight is about how many bytes the rules take.
func (r robots) weight() (n int) {
	for _, rule := range r.rules {
		n += len(rule.pattern) + 32
	}
	return n
}

// escaped brings a path or pattern into the form in which the RFC compares them: bytes beyond ASCII
// and what no address holds raw are escaped, escaped letters, digits and -._~ are not, and the
// digits of an escape are capitals.
func escaped(path string) string {
	const hex = "0123456789ABCDEF"
	if !strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '%' }) {
		return strings.Clone(path)
	}
	out := make([]byte, 0, len(path)+16)
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			n, err := strconv.ParseUint(path[i+1:i+3], 16, 8)
			if err == nil {
				if i, c = i+2, byte(n); unreserved(c) {
					out = append(out, c)
				} else {
					out = append(out, '%', hex[c>>4], hex[c&15])
				}
				continue
			}
		}
		if c <= ' ' || c >= 0x7f {
			out = append(out, '%', hex[c>>4], hex[c&15])
			continue
		}
		out = append(out, c)
	}
	return string(slices.Clip(out))
}

// unreserved reports whether escaping a character changes nothing, by RFC 3986.
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-._~", c) >= 0
}
