package fetch

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// secretName tells the names of query parameters whose values are nobody else's business.
var secretName = regexp.MustCompile(`(?i)token|secret|passw|signature|credential|api_?key|` +
	`(^|[^a-z])(key|sig|auth|pass|pwd|session|sid|jwt|code)([^a-z]|$)`)

// Redact returns an address fit for people and logs: without user and password, without
// fragment, and with *** in place of the values of parameters that look secret.
func Redact(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		// Whatever this is, its secrets stand before an @ or after a question mark.
		link, _, _ = strings.Cut(link, "?")
		return syndication.Clean(link[strings.LastIndexByte(link, '@')+1:], len(link))
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		if name, _, ok := strings.Cut(pair, "="); ok && secretName.MatchString(name) {
			pairs[i] = name + "=***"
		}
	}
	u.RawQuery = strings.Join(pairs, "&")
	link = u.String()
	return syndication.Clean(link, len(link))
}

// secrets returns what must never be repeated of a feed's address: its user, its password and the
// values that [Redact] hides.
func secrets(link string) (found []string) {
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	if u.User != nil {
		password, _ := u.User.Password()
		found = append(found, u.User.String(), u.User.Username(), password)
	}
	for name, values := range u.Query() {
		if secretName.MatchString(name) {
			for _, v := range values {
				found = append(found, v, url.QueryEscape(v))
			}
		}
	}
	return found
}
