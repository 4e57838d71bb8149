package article

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"github.com/tensionwatch/tensionwatch/feeds/syndication"
)

// Bounds of what is parsed. The worst page that they allow, a dozen stacks of five hundred elements,
// takes a second or two, a flat one a tenth of that, a news page less than a millisecond.
const (
	maxMarkup   = 512 << 10 // bytes, scripts and styles not counted
	maxElements = 12_000
	maxText     = 64 << 10
	minText     = 200 // characters; less is a caption or an apology
)

var (
	errNoText = errors.New("the page holds no article text")
	errWall   = errors.New("the page shows a notice (consent, login, captcha) and no article")
)

// page is what a server sent.
type page struct {
	body        []byte // unpacked
	contentType string // the header, as received
	from        *url.URL
	cut         bool // there is more that was not read
}

// text returns the text of the article. It is pure, and whatever the page holds, it does not panic.
func (pg page) text() (text string, err error) {
	defer func() {
		if recover() != nil { // the parser's mistake, over a page built or broken to bring it about
			text, err = "", errNoText
		}
	}()
	if !isHTML(pg.contentType, pg.body) {
		return "", errors.New("the page is not HTML")
	}
	markup, cut := visible(decode(pg.body, pg.contentType))
	doc, err := html.Parse(bytes.NewReader(markup))
	if err != nil {
		return "", errNoText // nested deeper than any article
	}
	parser := readability.NewParser()
	parser.MaxElemsToParse = maxElements
	parser.DisableJSONLD = true // it tells author and date, which we do not ask for
	found, err := parser.ParseAndMutate(doc, pg.from)
	if err != nil || found.Node == nil {
		return "", errNoText
	}
	p := prose{title: syndication.Clean(found.Title(), maxText)}
	p.walk(found.Node)
	p.end()
	if (cut || pg.cut) && len(p.blocks) > 0 {
		p.blocks = p.blocks[:len(p.blocks)-1] // it may end in the middle
	}
	return p.text()
}

// hidden are the elements whose text no reader sees. Their bytes are most of many pages.
var hidden = strings.Fields("script style template noscript iframe object svg math canvas")

// visible returns the markup of a page without what no reader sees, and whether it was cut.
func visible(page []byte) (markup []byte, cut bool) {
	out := make([]byte, 0, min(len(page), maxMarkup))
	inside := "" // the hidden element that we are in
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out, false
		}
		raw := z.Raw()
		tag := ""
		if kind == html.StartTagToken || kind == html.EndTagToken {
			tag = hiddenTag(raw)
		}
		switch {
		case inside != "":
			if kind == html.EndTagToken && tag == inside {
				inside = ""
			}
		case kind == html.StartTagToken && tag != "":
			inside = tag
		case kind == html.CommentToken:
		case kind == html.TextToken && len(bytes.TrimSpace(raw)) == 0:
			out = append(out, ' ')
		case len(out)+len(raw) > maxMarkup:
			return out, true
		default:
			out = append(out, raw...)
		}
	}
}

// hiddenTag returns the name in a raw tag when it is that of a hidden element.
func hiddenTag(raw []byte) string {
	raw = bytes.TrimLeft(raw, "</")
	for _, name := range hidden {
		if len(raw) > len(name) && strings.EqualFold(string(raw[:len(name)]), name) &&
			strings.IndexByte(" \t\r\n\f/>", raw[len(name)]) >= 0 {
			return name
		}
	}
	return ""
}

// Elements that stand inside a sentence; any other parts two texts.
var inline = setOf("a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q ruby " +
	"s samp small span strike strong sub sup tt u var wbr")

// Elements that say something about the article and are not of it.
var beside = setOf("figure figcaption picture video audio button form input nav footer rt rp")

func setOf(names string) map[string]bool {
	m := make(map[string]bool)
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

// prose gathers the blocks of an article: paragraphs, headings, list items.
type prose struct {
	title   string // which the item has already
	blocks  []string
	length  int // bytes of the blocks
	notices int // bytes of the notices that were left out
	open    strings.Builder
}

func (p *prose) walk(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		p.open.WriteString(n.Data)
		return
	case beside[n.Data]:
		return
	}
	parts := !inline[n.Data]
	if parts {
		p.end()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(c)
	}
	if parts {
		p.end()
	}
}

// end closes the block in hand. What would make the text too long is left out as a whole.
func (p *prose) end() {
	block := syndication.Clean(p.open.String(), maxText)
	p.open.Reset()
	switch {
	case block == p.title, !strings.ContainsFunc(block, unicode.IsLetter):
	case isNotice(block):
		p.notices += len(block)
	case len(p.blocks) == 0, p.length+len(block)+len(" .") <= maxText:
		block = stopped(block)
		p.blocks = append(p.blocks, block)
		p.length += len(block) + len(" ")
	}
}

// stopped ends a block that ends with a word, such as a heading, with a full stop: on one line it
// would become the beginning of the next sentence.
func stopped(block string) string {
	last, _ := utf8.DecodeLastRuneInString(block)
	if unicode.IsLetter(last) || unicode.IsMark(last) || unicode.IsDigit(last) {
		return block + "."
	}
	return block
}

// text joins the blocks, or says why there is no article.
func (p *prose) text() (string, error) {
	text := syndication.Clean(strings.Join(p.blocks, " "), maxText)
	switch n := utf8.RuneCountInString(text); {
	case p.notices > len(text), p.notices > 0 && n < minText:
		return "", errWall
	case n < minText:
		return "", errNoText
	}
	return text, nil
}
