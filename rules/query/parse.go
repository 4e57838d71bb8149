package query

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	maxTerms    = 64  // words and phrases of a rule
	maxDistance = 100 // of NEAR: farther apart, AND says as much
)

// Parse reads a rule of up to 1,000 characters and 64 words and phrases. It refuses one that
// would match nearly everything, as one that only says what must not be there, and one that asks
// for and forbids the same. The error is a *[SyntaxError]: the first mistake from the left.
func Parse(rule string) (*Rule, error) {
	p := parser{rule: rule}
	p.checkText()
	p.advance()
	root := p.any()
	if p.token.kind == kindClose {
		p.failUnopened()
	}
	if p.mistake == nil {
		p.checkSense(root)
	}
	if p.mistake != nil {
		return nil, p.mistake
	}
	return &Rule{root}, nil
}

// parser holds one token ahead of what it has read. After a mistake it reads nothing but the end,
// and what it has made is worthless.
type parser struct {
	rule    string
	token   token
	last    token // the one before
	terms   int
	field   Field // inside which the parser is
	mistake *SyntaxError
}

func (p *parser) advance() {
	if p.mistake != nil {
		return
	}
	p.last, p.token = p.token, lex(p.rule, p.token.end)
	if p.token.torn && p.token.kind == kindPhrase {
		p.fail("this quote is never closed", `put a " where the phrase ends`)
	}
}

// fail reports a mistake at the token ahead.
func (p *parser) fail(problem, remedy string) {
	p.failAt(p.token.start, p.token.end, problem, remedy)
}

// failAt reports a mistake elsewhere. The first mistake stays: what follows it may come of it.
func (p *parser) failAt(start, end int, problem, remedy string) {
	if p.mistake == nil {
		p.mistake = &SyntaxError{p.rule, start, end, problem, remedy}
		p.token.kind = kindEnd
	}
}

func (p *parser) failUnopened() {
	p.fail("this parenthesis closes nothing", "remove it, or add the one that opens it")
}

// any reads alternatives: the whole of a rule or of a group.
func (p *parser) any() Node {
	kids := Or{p.all()}
	for p.token.kind == kindOr {
		p.advance()
		kids = append(kids, p.all())
	}
	return join(kids)
}

// all reads what AND joins.
func (p *parser) all() Node {
	kids := And{p.run()}
	for p.token.kind == kindAnd {
		p.advance()
		kids = append(kids, p.run())
	}
	return join(kids)
}

// run reads what stands side by side.
func (p *parser) run() Node {
	var kids Run
	for {
		kids = append(kids, p.near())
		switch p.token.kind {
		case kindAnd, kindOr, kindClose, kindEnd:
			return join(kids)
		}
	}
}

// near reads what NEAR joins: operands that name places in the text.
func (p *parser) near() Node {
	first := p.placed()
	if p.token.kind != kindNear {
		return first
	}
	n := Near{Kids: []Node{first}}
	for p.token.kind == kindNear {
		n.Within = append(n.Within, p.distance())
		p.advance()
		n.Kids = append(n.Kids, p.placed())
	}
	return n
}

// placed reads an operand and, if NEAR stands before or after it, demands that it is one of NEAR.
func (p *parser) placed() Node {
	start, follows := p.token.start, p.last.kind == kindNear
	kid := p.negation()
	if (follows || p.token.kind == kindNear) && p.mistake == nil && !Positional(kid) {
		p.failAt(start, p.last.end, "NEAR stands between words, phrases or (alternatives) of them",
			"write what else must hold after AND")
	}
	return kid
}

// distance returns the number of the NEAR ahead.
func (p *parser) distance() int {
	n, err := strconv.Atoi(strings.TrimPrefix(p.token.text, "NEAR/"))
	if err != nil || n < 1 || n > maxDistance || p.token.text != "NEAR/"+strconv.Itoa(n) {
		p.fail(fmt.Sprintf("NEAR needs a distance in words, from 1 to %d", maxDistance),
			"write it as in Oman NEAR/5 talks, or put NEAR in quotes if you look for that word")
	}
	return n
}

// list is one of the nodes that are several nodes.
type list interface {
	~[]Node
	Node
}

// join makes one node of several. One stays itself, and parts of the same sort are taken in:
// a (b c) asks what a b c does.
func join[L list](kids L) Node {
	var flat L
	for _, kid := range kids {
		if inner, ok := kid.(L); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, kid)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return flat
}

// negation reads an operand, perhaps after NOT. A minus must touch what it forbids: with a space
// after it, it is more likely the dash of a pasted headline, and would turn its meaning around.
func (p *parser) negation() Node {
	if p.token.kind != kindNot {
		return p.operand()
	}
	p.advance()
	switch {
	case p.token.kind == kindNot:
		p.fail("this negates a negation", "write one NOT, or none")
	case p.last.text != "NOT" && p.token.start > p.last.end:
		p.failAt(p.last.start, p.last.end, "a minus needs a word right after it",
			"write it as in -football, or leave it out if it is a dash")
	}
	return Not{p.operand()}
}

// operand reads a word, a phrase, a field or a group.
func (p *parser) operand() Node {
	switch p.token.kind {
	case kindField:
		return p.inField()
	case kindOpen:
		return p.group()
	case kindExact, kindAlike, kindWord, kindPhrase:
		return p.term()
	case kindRegexp:
		return p.regexp()
	}
	p.failMissing()
	return nil
}

// failMissing says that something else stands where a word should.
func (p *parser) failMissing() {
	here, before := p.token, p.last
	switch {
	case here.kind == kindAnd || here.kind == kindOr || here.kind == kindNear:
		p.fail(fmt.Sprintf("a word is missing before this %s", here.text),
			fmt.Sprintf("write one, or put %q in quotes if you look for that word", here.text))
	case before.kind == kindEnd:
		p.failUnopened()
	case before.kind == kindOpen:
		p.failAt(before.start, here.end, "there is nothing in these parentheses",
			"write something in them, or remove them")
	default:
		p.failAt(before.start, before.end, fmt.Sprintf("nothing follows this %s", before.text),
			"write a word after it, or remove it")
	}
}

// group reads what stands in parentheses.
func (p *parser) group() Node {
	open := p.token
	p.advance()
	kid := p.any()
	if p.token.kind != kindClose {
		p.failAt(open.start, open.end, "this parenthesis is never closed",
			"put a ) where the group ends")
	}
	p.advance()
	return kid
}

// inField reads a field's name and what follows it.
func (p *parser) inField() Node {
	name, f := p.token, p.fieldNamed()
	p.advance()
	switch p.token.kind {
	case kindWord, kindPhrase, kindExact, kindAlike, kindRegexp, kindOpen:
	default:
		p.failAt(name.start, name.end, "a field needs a word, a phrase or a (group)",
			"write it right after the colon, as in title:Oman")
	}
	p.field = f
	kid := p.operand()
	p.field = Anywhere
	if f == Lang && !Positional(kid) {
		p.failAt(name.start, p.last.end, "a document has one language",
			"write OR between the languages, as in lang:(fa OR ar)")
	}
	return In{f, kid}
}

// fieldNamed returns the field that the token ahead names.
func (p *parser) fieldNamed() Field {
	if p.field != Anywhere {
		p.fail("a field cannot stand inside another", "write the two side by side")
	}
	name := strings.ToLower(p.token.text)
	for f := Title; f <= Lang; f++ {
		if name == f.String() && f != Text {
			return f
		}
	}
	remedy := "the fields are title, source, lang and category; a word with a colon goes in quotes"
	if name == Text.String() {
		remedy = "leave it out: without a field, title and text are looked at"
	} else if f := nearest(name); f != Anywhere {
		remedy = fmt.Sprintf("did you mean %s:, or a word in quotes?", f)
	}
	p.fail(fmt.Sprintf("there is no field %s:", p.token.text), remedy)
	return Anywhere
}

// nearest returns the field that a misspelt name most likely means, or [Anywhere]. No two fields
// begin alike, and people seldom get both the first letter and the end of a word wrong.
func nearest(name string) Field {
	for _, f := range [...]Field{Title, Source, Category, Lang} {
		known := f.String()
		if name[0] == known[0] || strings.HasSuffix(name, known[len(known)-3:]) {
			return f
		}
	}
	return Anywhere
}

// term reads a word or phrase, perhaps after = or ~.
func (p *parser) term() Node {
	sign := p.token
	if sign.kind == kindExact || sign.kind == kindAlike {
		p.advance()
		if k := p.token.kind; k != kindWord && k != kindPhrase || p.token.start > p.last.end {
			p.failAt(p.last.start, p.last.end,
				fmt.Sprintf("%s needs a word or phrase right after it", sign.text),
				fmt.Sprintf("write it as in %sShamkhani", sign.text))
		}
	}
	p.count()
	t := newTerm(p.token.text, sign.kind == kindExact, sign.kind == kindAlike)
	p.checkTerm(t)
	p.advance()
	return t
}

// count counts a word, phrase or regular expression.
func (p *parser) count() {
	if p.terms++; p.terms > maxTerms {
		p.fail(fmt.Sprintf("this is more than %d words and phrases", maxTerms),
			"make two watches of it")
	}
}
