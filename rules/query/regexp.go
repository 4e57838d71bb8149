package query

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

const (
	// maxInstructions bounds the program of a regular expression, and with the length of the text
	// that it reads the time that it takes to find one place (RE2: instructions times characters).
	maxInstructions = 1000

	// minExpression is how many characters a match must have, so that it does not match nearly
	// everything.
	minExpression = 2
)

// regexp reads a regular expression.
func (p *parser) regexp() Node {
	re := p.token.text
	if p.token.torn {
		p.fail("this regular expression is never closed", "put a / where it ends")
	}
	if p.field != Anywhere && p.field != Title {
		p.fail("a regular expression looks at title and text only", "write a word or phrase here")
	}
	if after := p.rule[p.token.end:]; p.mistake == nil && startsWithLetter(after) {
		p.failAt(p.token.end, p.token.end+1, "a regular expression ends with its /",
			"leave a space after it; to pay no heed to case begin it with (?i)")
	}
	p.count()
	if problem, remedy := faultOf(re); problem != "" && p.mistake == nil {
		p.fail(problem, remedy)
	}
	p.advance()
	return Regexp{re}
}

func startsWithLetter(s string) bool {
	return s != "" && strings.IndexFunc(s[:1], unicode.IsLetter) == 0
}

// faultOf says what is wrong with a regular expression and what to do, or nothing.
func faultOf(re string) (problem, remedy string) {
	if strings.ContainsFunc(re, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return "there is an invisible character in this regular expression", `write \n or \t for it`
	}
	compiled, err := regexp.Compile(re)
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return "this is no regular expression: " + bad.Code.String() + " " + visible(bad.Expr),
			"write it in the syntax of RE2"
	}
	parsed, err := syntax.Parse(re, syntax.Perl)
	if err != nil {
		return "this is no regular expression", "write it in the syntax of RE2"
	}
	switch program, err := syntax.Compile(parsed.Simplify()); {
	case err != nil || len(program.Inst) > maxInstructions:
		return "this regular expression is too large", "repeat less in it, or make two watches of it"
	case strings.ContainsFunc(re, isBeyondASCII) && asksForEdges(parsed):
		return `\b knows the letters of English only, and would never be where it should`,
			`leave \b out, or write a word: the rules find whole words in every script`
	case shortest(parsed) < minExpression || matchesAll(compiled):
		return "this regular expression would match nearly everything",
			"write letters or digits that must be there"
	}
	return "", ""
}

// asksForEdges reports whether an expression has \b or \B.
func asksForEdges(re *syntax.Regexp) bool {
	return re.Op == syntax.OpWordBoundary || re.Op == syntax.OpNoWordBoundary ||
		slices.ContainsFunc(re.Sub, asksForEdges)
}

func isBeyondASCII(r rune) bool { return r > unicode.MaxASCII }

// matchesAll reports whether an expression finds something in each of a few texts that have nothing
// in common but being English.
func matchesAll(re *regexp.Regexp) bool {
	for _, text := range [...]string{"Oman", "the talks", "unity", "glimpse, crwth"} {
		if !re.MatchString(text) {
			return false
		}
	}
	return true
}

// shortest returns how many characters the shortest match of an expression has.
func shortest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortest(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * shortest(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range re.Sub {
			n += shortest(sub)
		}
		return n
	case syntax.OpAlternate:
		n := shortest(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			n = min(n, shortest(sub))
		}
		return n
	}
	return 0
}

// visible returns a text without the characters that a message should not carry.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, s)
}
