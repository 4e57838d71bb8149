package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token of a rule is.
type kind int

const (
	kindEnd kind = iota
	kindWord
	kindPhrase // the text is what stands between the quotes
	kindField  // the text is the field's name
	kindExact  // =
	kindAlike  // ~
	kindNot    // NOT or -
	kindAnd
	kindOr
	kindNear // NEAR/n
	kindOpen
	kindClose
	kindRegexp // the text is what stands between the slashes
)

// token is a piece of a rule. Start and end are byte offsets into the rule.
type token struct {
	kind       kind
	text       string
	start, end int
	torn       bool // a phrase or regular expression that is never closed
}

// closers holds, for each quote that opens a phrase, those that close it.
var closers = map[rune]string{'"': `"`, '“': `”"`, '„': "“”", '«': "»"}

// lex cuts the first token off rule[at:].
func lex(rule string, at int) token {
	at += len(rule[at:]) - len(strings.TrimLeftFunc(rule[at:], unicode.IsSpace))
	if at == len(rule) {
		return token{kind: kindEnd, start: at, end: at}
	}
	first, width := utf8.DecodeRuneInString(rule[at:])
	switch first {
	case '"', '“', '„', '«':
		return lexPhrase(rule, at)
	case '/':
		return lexRegexp(rule, at)
	}
	if k := mark(first); k != kindEnd {
		return token{kind: k, text: rule[at : at+width], start: at, end: at + width}
	}
	return lexWord(rule, at)
}

// mark returns what a sign that is a token by itself means, or kindEnd.
func mark(r rune) kind {
	switch r {
	case '(':
		return kindOpen
	case ')':
		return kindClose
	case '=':
		return kindExact
	case '~':
		return kindAlike
	case '-', '−', '–':
		return kindNot
	}
	return kindEnd
}

// lexPhrase reads up to the quote that closes the one ahead.
func lexPhrase(rule string, at int) token {
	opener, width := utf8.DecodeRuneInString(rule[at:])
	start := at + width
	for i, r := range rule[start:] {
		if strings.ContainsRune(closers[opener], r) && !isGershayim(rule, start+i) {
			end := start + i
			return token{kind: kindPhrase, text: rule[start:end], start: at,
				end: end + utf8.RuneLen(r)}
		}
	}
	return token{kind: kindPhrase, text: rule[start:], start: at, end: len(rule), torn: true}
}

// lexRegexp reads up to the slash that closes the one ahead; a backslash protects what follows it.
func lexRegexp(rule string, at int) token {
	start := at + 1
	for i := start; i < len(rule); i++ {
		switch rule[i] {
		case '\\':
			i++
		case '/':
			return token{kind: kindRegexp, text: rule[start:i], start: at, end: i + 1}
		}
	}
	return token{kind: kindRegexp, text: rule[start:], start: at, end: len(rule), torn: true}
}

// lexWord reads up to the next space, parenthesis or quote.
func lexWord(rule string, at int) token {
	end := len(rule)
	for i, r := range rule[at:] {
		if endsWord(r) && !isGershayim(rule, at+i) {
			end = at + i
			break
		}
	}
	text := rule[at:end]
	if name, _, ok := strings.Cut(text, ":"); ok && isName(name) {
		return token{kind: kindField, text: name, start: at, end: at + len(name) + 1}
	}
	return token{kind: wordKind(text), text: text, start: at, end: end}
}

// endsWord reports whether a character ends a word that is not in quotes.
func endsWord(r rune) bool {
	switch r {
	case '(', ')', '"', '“', '”', '„', '«', '»':
		return true
	}
	return unicode.IsSpace(r)
}

// wordKind tells the operators from the words. They are in capitals, so that a rule may hold the
// words "and", "or", "not" and "near".
func wordKind(text string) kind {
	switch text {
	case "AND":
		return kindAnd
	case "OR":
		return kindOr
	case "NOT":
		return kindNot
	}
	if text == "NEAR" || strings.HasPrefix(text, "NEAR/") {
		return kindNear
	}
	return kindWord
}

// isName reports whether a text before a colon can only be meant as the name of a field.
func isName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || 'z' < r) && (r < 'A' || 'Z' < r)
	}) < 0
}

// isGershayim reports whether the quote at rule[i] is the sign inside a Hebrew abbreviation, as
// in צה"ל, and not a quote.
func isGershayim(rule string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(rule[:i])
	if before < 0x80 {
		return false
	}
	_, width := utf8.DecodeRuneInString(rule[i:])
	after, _ := utf8.DecodeRuneInString(rule[i+width:])
	return unicode.Is(unicode.Hebrew, before) && unicode.Is(unicode.Hebrew, after)
}

// standsBare reports whether a term's text needs no quotes to be read as one term.
func standsBare(text string) bool {
	t := lex(text, 0)
	return t.kind == kindWord && t.text == text
}
