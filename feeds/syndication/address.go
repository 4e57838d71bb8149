package syndication

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
	if err != nil || !IsWeb(u) {
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

// IsWeb reports whether an address can be opened over http(s): it has that scheme and a host.
func IsWeb(u *url.URL) bool {
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
	if !IsWeb(u) {
		return ""
	}
	u.User = nil
	u.RawQuery = asciiOnly(u.RawQuery)
	return u.String()
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
