package feeds

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// tracking names the query parameters that say how a reader came to a page, not which page it is.
var tracking = regexp.MustCompile(`(?i)^(utm_.+|at_.+|ns_.+|mc_[ce]id|_hs(enc|mi)|wt[._]mc.*|` +
	`(fb|g|d|y|tw|tt)clid|gclsrc|msclkid|[wg]braid|igshid|igsh|ocid|cmpid|cmp|icid|ito|smid|` +
	`smtyp|spm|xtor|guccounter|ftag|taid|traffic_source|ref_src|ref_url|rss)$`)

// Canonical returns the form of an address by which two links to one page compare equal: https,
// lower-case host without "www." or a default port, no user, no fragment, no parameters that only
// track the reader, the rest of the query in order of name, no slash at the end. It is for
// comparing, not for fetching: some servers answer at one of the folded forms only. It returns ""
// when the link is not an absolute http(s) address. Canonical of a canonical form is itself.
func Canonical(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || !isWeb(u) {
		return ""
	}
	host := canonicalHost(u)
	if host == "" {
		return ""
	}
	query := u.RawQuery
	if values, err := url.ParseQuery(query); err == nil {
		for name, value := range values {
			if tracking.MatchString(name) || len(value) == 1 && strings.EqualFold(value[0], "rss") {
				delete(values, name)
			}
		}
		query = values.Encode()
	}
	origin := url.URL{Scheme: "https", Host: host}
	form := origin.String() + strings.TrimRight(u.EscapedPath(), "/")
	if query != "" {
		form += "?" + asciiOnly(query)
	}
	return form
}

// canonicalHost folds the host: lower case, no trailing dot, no "www.", no default port.
func canonicalHost(u *url.URL) string {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	for strings.HasPrefix(host, "www.") {
		host = host[len("www."):]
	}
	switch port := u.Port(); {
	case host == "":
		return ""
	case port != "" && port != "80" && port != "443":
		return net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		return "[" + host + "]"
	}
	return host
}

// isWeb reports whether an address can be opened over http(s).
func isWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// absolute resolves a link of a document against where the document stands. It returns "" for
// what is not http(s), longer than a browser would take, or unreadable; a user and password in
// it are dropped.
func absolute(base, link string) string {
	const longest = 4 << 10
	link = strings.TrimSpace(link)
	if link == "" || len(link) > longest {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	if b, err := url.Parse(base); err == nil {
		u = b.ResolveReference(u)
	}
	if !isWeb(u) {
		return ""
	}
	u.User = nil
	u.RawQuery = asciiOnly(u.RawQuery)
	return u.String()
}

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
		return clean(link[strings.LastIndexByte(link, '@')+1:], maxTitle)
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		if name, _, ok := strings.Cut(pair, "="); ok && secretName.MatchString(name) {
			pairs[i] = name + "=***"
		}
	}
	u.RawQuery = asciiOnly(strings.Join(pairs, "&"))
	return u.String()
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

// asciiOnly escapes the bytes that a query must not hold raw.
func asciiOnly(query string) string {
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(query[i])
	}
	return b.String()
}
