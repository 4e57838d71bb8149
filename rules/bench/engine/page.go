package engine

import (
	"strings"

	"github.com/tensionwatch/tensionwatch/rules"
)

// passageWords is how many words a passage has, as the rule language says.
const passageWords = 30

// page is a document made ready for search: its words folded, each between two spaces, so that
// " talks " finds the word and nothing inside another. A phrase cannot be found by its text alone,
// as nothing parts the title from the text: see [page.holds].
type page struct {
	text   []byte
	starts []int32    // where each word begins in text
	title  int        // how many words the title has
	places []place    // of each word in the document's field, if somebody wants to know
	placed bool       // somebody does
	folds  [256]byte  // what an ASCII letter or digit becomes, else 0
	marks  [256]marks // what other ASCII characters do
}

// place is a byte span of a field.
type place struct{ start, end int32 }

// marks says what a character does where nothing but ASCII is around it.
type marks struct {
	opens  bool // it may stand before a word
	closes bool // it may stand between a word and a gap
	gap    bool // it ends a word, whatever follows
}

// newPage returns an empty page.
func newPage() page {
	p := page{}
	for c := '0'; c <= '9'; c++ {
		p.folds[c] = byte(c)
	}
	for c := 'a'; c <= 'z'; c++ {
		p.folds[c], p.folds[c-'a'+'A'] = byte(c), byte(c)
	}
	for _, c := range `'"([$` {
		p.marks[c].opens = true
	}
	for _, c := range `'")],.;:!?%` {
		p.marks[c].closes = true
	}
	for _, c := range ` -/` {
		p.marks[c].gap = true
	}
	return p
}

// read makes the page that of another document.
func (p *page) read(d rules.Document) {
	p.text, p.starts, p.places = append(p.text[:0], ' '), p.starts[:0], p.places[:0]
	p.add(d.Title)
	p.title = p.len()
	p.add(d.Text)
}

// add appends the words of a text. Where ASCII alone decides where a word ends, as it mostly does,
// folding byte by byte is all it takes. The rest is cut as the product cuts it, so that all engines
// agree.
func (p *page) add(text string) {
	for at := 0; at < len(text); {
		next := p.addPlain(text, at)
		if next == at {
			next = p.addAny(text, at)
		}
		at = next
	}
}

// addPlain appends the word at text[at:], where one may begin with what is around it. It returns
// the offset behind the gap that follows, or at if ASCII alone does not decide.
func (p *page) addPlain(text string, at int) (next int) {
	start := at
	for start < len(text) && p.marks[text[start]].opens {
		start++
	}
	to, end := p.text, start
	for ; end < len(text); end++ {
		c := p.folds[text[end]]
		if c == 0 {
			break
		}
		to = append(to, c)
	}
	next = end
	if p.goesOn(text, next) {
		if next = p.tail(text, start, end); p.goesOn(text, next) {
			return at
		}
	}
	if end > start {
		p.open(start, end)
		p.text = append(to, ' ')
	}
	return next + 1
}

// goesOn reports whether a word may go on at an offset.
func (p *page) goesOn(text string, at int) bool { return at < len(text) && !p.marks[text[at]].gap }

// tail returns where what may follow the word text[start:end] ends.
func (p *page) tail(text string, start, end int) int {
	if end > start && text[end-1] > '9' {
		for _, possessive := range [...]string{"'s", "’s"} {
			if strings.HasPrefix(text[end:], possessive) {
				end += len(possessive)
				break
			}
		}
	}
	for end < len(text) && p.marks[text[end]].closes {
		end++
	}
	return end
}

// addAny appends the words up to the next space.
func (p *page) addAny(text string, at int) (next int) {
	chunk := text[at:]
	if gap := strings.IndexByte(chunk, ' '); gap >= 0 {
		chunk = chunk[:gap+1]
	}
	for _, w := range rules.Words(chunk) {
		p.open(at+w.Start, at+w.End)
		p.text = append(append(p.text, w.Folded...), ' ')
	}
	return at + len(chunk)
}

// open takes note that a word begins, which has a place in its field.
func (p *page) open(start, end int) {
	p.starts = append(p.starts, int32(len(p.text)))
	if p.placed {
		p.places = append(p.places, place{int32(start), int32(end)})
	}
}

// len returns how many words the page has.
func (p *page) len() int { return len(p.starts) }

// span returns where a word stands in the text.
func (p *page) span(i int) (start, end int32) {
	end = int32(len(p.text))
	if i+1 < p.len() {
		end = p.starts[i+1]
	}
	return p.starts[i], end - 1
}

// holds reports whether n words from one on stand in one field, as those of a phrase must.
func (p *page) holds(first, n int) bool {
	return first >= 0 && first+n <= p.len() && (first >= p.title || first+n <= p.title)
}
