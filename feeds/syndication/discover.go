package syndication

import (
	"bytes"
	"cmp"
	"errors"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	pagecharset "golang.org/x/net/html/charset"

	"github.com/tensionwatch/tensionwatch/feeds/charset"
)

// Candidate is an address where a page's feed may be.
type Candidate struct {
	URL   string // absolute http(s), never that of the page itself
	Title string // what the page calls it, or empty
	Type  string // the media type that the page declares, or empty
}

const (
	maxLinks      = 500 // of a page that are looked at closely
	maxCandidates = 10
)

// feedTypes are the media types by which pages declare their feeds. Plain JSON is none of them:
// what pages declare so is mostly their API.
var feedTypes = []string{"application/rss+xml", "application/atom+xml", "application/feed+json",
	"application/rdf+xml", "application/xml", "text/xml"}

var (
	feedWord = regexp.MustCompile(`(?i)feed|rss|atom|\.(rdf|xml)`)
	feedPath = regexp.MustCompile(`(?i)(^|/)(feeds?|rss2?|atom)(/|$)|\.(rss2?|atom|rdf|xml)$|` +
		`/(rss|atom|feed)\.json$`)
	feedQuery = regexp.MustCompile(`(?i)(^|&)(feed|format|output|type)=(rss2?|atom)(&|$)`)
	sitemap   = regexp.MustCompile(`(?i)sitemap|opensearch`)
	comments  = regexp.MustCompile(`(?i)comment|replies`)
)

// Discover finds in a site's HTML page the addresses where its feed may be, the likeliest first, at
// most ten. What the page declares in a <link> comes before links of the same site that look like
// feeds, each kind in the page's order, and feeds of comments come after both. The content type is
// the HTTP header's, or empty; base is the address of the page.
func Discover(page []byte, contentType, base string) []Candidate {
	_, label, _ := pagecharset.DetermineEncoding(page, contentType)
	links, inside := pageLinks(Text(page, "text/html; charset="+label))
	found := make(map[string]bool)
	var ranked []rankedCandidate
	for _, l := range links {
		c := l.candidate(cmp.Or(absolute(base, inside), base))
		rank := l.rank(c, base)
		if rank < 0 || c.URL == "" || found[c.URL] || sameAddress(c.URL, base) {
			continue
		}
		found[c.URL] = true
		ranked = append(ranked, rankedCandidate{c, rank})
	}
	slices.SortStableFunc(ranked, func(a, b rankedCandidate) int { return a.rank - b.rank })
	var out []Candidate
	for _, r := range ranked[:min(len(ranked), maxCandidates)] {
		out = append(out, r.Candidate)
	}
	return out
}

type rankedCandidate struct {
	Candidate
	rank int
}

// pageLink is a <link> or <a> of a page, its attributes by name.
type pageLink struct {
	declared   bool // <link>
	attributes map[string]string
}

// pageLinks lists the links of a page, and what it says its relative addresses begin at.
func pageLinks(text []byte) (links []pageLink, base string) {
	z := html.NewTokenizer(bytes.NewReader(text))
	for len(links) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return links, base
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, more := z.TagName()
			name := string(raw)
			if !more || name != "link" && name != "a" && name != "base" {
				continue
			}
			at := attributes(z)
			switch {
			case name != "base":
				l := pageLink{name == "link", at}
				if l.promising() {
					links = append(links, l)
				}
			case base == "":
				base = at["href"]
			}
		}
	}
	return links, base
}

// attributes reads those of the tag that the tokenizer is in; of a name that stands twice the first
// counts.
func attributes(z *html.Tokenizer) map[string]string {
	at := make(map[string]string)
	for more := true; more; {
		var name, value []byte
		name, value, more = z.TagAttr()
		if _, known := at[string(name)]; !known {
			at[string(name)] = string(value)
		}
	}
	return at
}

// promising reports whether a link may lead to a feed, as far as can be told before its address is
// resolved.
func (l pageLink) promising() bool {
	if !l.declared {
		return feedWord.MatchString(l.attributes["href"])
	}
	rel := strings.Fields(strings.ToLower(l.attributes["rel"]))
	switch {
	case l.attributes["href"] == "", slices.Contains(rel, "stylesheet"):
		return false
	case slices.Contains(rel, "feed"):
		return true
	}
	return slices.Contains(rel, "alternate") && slices.Contains(feedTypes, l.mediaType())
}

func (l pageLink) mediaType() string {
	kind, _, err := mime.ParseMediaType(l.attributes["type"])
	if err != nil {
		return ""
	}
	return kind
}

func (l pageLink) candidate(base string) Candidate {
	address := absolute(base, l.attributes["href"])
	address, _, _ = strings.Cut(address, "#")
	return Candidate{URL: address, Title: Name(l.attributes["title"]), Type: l.mediaType()}
}

// rank says how late a candidate is tried; -1 is never.
func (l pageLink) rank(c Candidate, page string) (rank int) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return -1
	}
	if !l.declared {
		p, err := url.Parse(page)
		if err != nil || canonicalHost(u) != canonicalHost(p) || sitemap.MatchString(u.Path) ||
			!feedPath.MatchString(u.Path) && !feedQuery.MatchString(u.RawQuery) {
			return -1
		}
		rank++
	}
	if comments.MatchString(c.Title) || comments.MatchString(u.RequestURI()) {
		rank += 2
	}
	return rank
}

// sameAddress reports whether two addresses are one but for their fragments.
func sameAddress(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a == b
}

// IsPage reports whether an error of [Read] says that the body is an HTML page, in which
// [Discover] may find a feed.
func IsPage(err error) bool { return errors.Is(err, errHTML) }

// Text decodes a document as [Read] does a feed: to UTF-8, whatever it is declared to be, without
// an XML declaration and what stands before it.
func Text(body []byte, contentType string) []byte { return charset.Decode(body, contentType) }

// Name makes one clean line of what something is called, at most 256 bytes. Markup and entities in
// it, which many programs escape twice, are taken out; Name of a name is itself.
func Name(s string) string {
	s = Clean(s, maxTitle)
	for leftover.MatchString(s) {
		shorter := Clean(strip(s), maxTitle)
		if shorter == s {
			break
		}
		s = shorter
	}
	return Clean(s, maxName)
}
