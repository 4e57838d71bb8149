package article

import (
	"fmt"
	"strings"
	"testing"
)

const story = `<!DOCTYPE html><html><head><title>Talks</title></head><body><article>` +
	`<p>Oman will host a fifth round of talks between Iran and the United States on Friday, its ` +
	`foreign minister said, a day after both sides signalled that they were ready to return.</p>` +
	`<p>Officials said that three questions would be discussed first, among them inspections.</p>` +
	`<p>The price of oil fell.</p>` +
	`</article></body></html>`

// TestCutMarkup: when a page has too much markup its last block is left out, being half a one.
func TestCutMarkup(t *testing.T) {
	var b strings.Builder
	b.WriteString("<html><body><article>")
	for i := 0; b.Len() < maxMarkup+4096; i++ {
		fmt.Fprintf(&b, "<p>Sentence %d says what the <b>minister</b> said, %s, and ends.</p>", i,
			strings.Repeat("long ", 100))
	}
	text, err := page{[]byte(b.String()), "text/html", at(t, "/a"), false}.text()
	if err != nil || len(text) > maxText || !strings.HasSuffix(text, "and ends.") {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(story), "text/html; charset=utf-8")
	f.Add([]byte("<meta charset=windows-1251><p>\xcc\xe0\xf1\xea\xe0\xf2"), "text/html")
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"), "application/xhtml+xml")
	f.Add([]byte("<svg><style><!--</style><p>a</svg><table><tr><p>b"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, err := page{body, contentType, at(t, "/a"), false}.text()
		if err == nil {
			checkText(t, text)
		} else if text != "" {
			t.Errorf("%v, and %q", err, text)
		}
	})
}

// TestDeepNesting: what the parser gives up on is no article.
func TestDeepNesting(t *testing.T) {
	deep := "<html><body>" + strings.Repeat("<div>", 300_000) + story
	if text, err := (page{[]byte(deep), "text/html", at(t, "/a"), false}).text(); err != errNoText {
		t.Errorf("%q, %v", text, err)
	}
}
