package rules

import (
	"fmt"
	"strings"
)

// maxTerms is the limit of a rule's words and phrases.
const maxTerms = 64

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
	field   field // inside which the parser is
	mistake *SyntaxError
}

func (p *parser) advance() {
	if p.mistake != nil {
		return
	}
	next, ok := lex(p.rule, p.token.end)
	p.last, p.token = p.token, next
	if !ok {
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
func (p *parser) any() node {
	kids := or{p.all()}
	for p.token.kind == kindOr {
		p.advance()
		kids = append(kids, p.all())
	}
	return join(kids)
}

// all reads what AND joins.
func (p *parser) all() node {
	kids := and{p.run()}
	for p.token.kind == kindAnd {
		p.advance()
		kids = append(kids, p.run())
	}
	return join(kids)
}

// run reads what stands side by side.
func (p *parser) run() node {
	var kids run
	for {
		kids = append(kids, p.negation())
		switch p.token.kind {
		case kindAnd, kindOr, kindClose, kindEnd:
			return join(kids)
		}
	}
}

// list is one of the nodes that are several nodes.
type list interface {
	~[]node
	node
}

// join makes one node of several. One stays itself, and parts of the same sort are taken in:
// a (b c) asks what a b c does.
func join[L list](kids L) node {
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
func (p *parser) negation() node {
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
	return not{p.operand()}
}

// operand reads a word, a phrase, a field or a group.
func (p *parser) operand() node {
	switch p.token.kind {
	case kindField:
		return p.inField()
	case kindOpen:
		return p.group()
	case kindExact, kindWord, kindPhrase:
		return p.term()
	case kindNear:
		p.fail("NEAR is not available yet",
			"write the words side by side, or put NEAR in quotes if you look for that word")
	case kindAlike:
		p.fail("~ is not available yet", "write the spellings with OR between them")
	case kindRegexp:
		p.fail("regular expressions are not available yet",
			"write words, or the beginning of one, as in missil*")
	}
	p.failMissing()
	return nil
}

// failMissing says that something else stands where a word should.
func (p *parser) failMissing() {
	here, before := p.token, p.last
	switch {
	case here.kind == kindAnd || here.kind == kindOr:
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
func (p *parser) group() node {
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
func (p *parser) inField() node {
	name, f := p.token, p.fieldNamed()
	p.advance()
	switch p.token.kind {
	case kindWord, kindPhrase, kindExact, kindOpen:
	default:
		p.failAt(name.start, name.end, "a field needs a word, a phrase or a (group)",
			"write it right after the colon, as in title:Oman")
	}
	p.field = f
	kid := p.operand()
	p.field = fieldNone
	if f == fieldLang && len(conditions(kid)) > 1 {
		p.failAt(name.start, p.last.end, "a document has one language",
			"write OR between the languages, as in lang:(fa OR ar)")
	}
	return in{f, kid}
}

// fieldNamed returns the field that the token ahead names.
func (p *parser) fieldNamed() field {
	if p.field != fieldNone {
		p.fail("a field cannot stand inside another", "write the two side by side")
	}
	name := strings.ToLower(p.token.text)
	remedy := "the fields are title, source, lang and category; a word with a colon goes in quotes"
	for _, f := range ruleFields {
		if name == f.String() {
			return f
		}
		if name[0] == f.String()[0] {
			// No two fields begin alike, and the first letter is seldom the wrong one.
			remedy = fmt.Sprintf("did you mean %s:, or a word in quotes?", f)
		}
	}
	p.fail(fmt.Sprintf("there is no field %s:", p.token.text), remedy)
	return fieldNone
}

// term reads a word or phrase, perhaps after =.
func (p *parser) term() node {
	exact := p.token.kind == kindExact
	if exact {
		p.advance()
		if k := p.token.kind; k != kindWord && k != kindPhrase || p.token.start > p.last.end {
			p.failAt(p.last.start, p.last.end, "= needs a word or phrase right after it",
				"write it as in =talks")
		}
	}
	if p.terms++; p.terms > maxTerms {
		p.fail(fmt.Sprintf("this is more than %d words and phrases", maxTerms),
			"make two watches of it")
	}
	t := &term{exact: exact, text: spelling(p.token.text)}
	for _, w := range Words(p.token.text) {
		t.words = append(t.words, newPattern(p.token.text, w))
	}
	p.checkTerm(t)
	p.advance()
	return t
}
