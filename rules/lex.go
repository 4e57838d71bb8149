package rules

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
	kindNot    // NOT or -
	kindAnd
	kindOr
	kindOpen
	kindClose
	kindNear   // NEAR/n
	kindAlike  // ~
	kindRegexp // /
)

// token is a piece of a rule. Start and end are byte offsets into the rule.
type token struct {
	kind       kind
	text       string
	start, end int
}

// closers holds, for each quote that opens a phrase, those that close it.
var closers = map[rune]string{'"': `"`, '“': `”"`, '„': "“”", '«': "»"}

// marks holds the signs that are a token by themselves.
var marks = map[rune]kind{
	'(': kindOpen, ')': kindClose, '=': kindExact, '~': kindAlike, '/': kindRegexp,
	'-': kindNot, '−': kindNot, '–': kindNot,
}

// lex cuts the first token off rule[at:]. It is not ok when it is a phrase without an end.
func lex(rule string, at int) (t token, ok bool) {
	at += len(rule[at:]) - len(strings.TrimLeftFunc(rule[at:], unicode.IsSpace))
	if at == len(rule) {
		return token{kindEnd, "", at, at}, true
	}
	first, width := utf8.DecodeRuneInString(rule[at:])
	if _, ok := closers[first]; ok {
		return lexPhrase(rule, at)
	}
	if k, ok := marks[first]; ok {
		return token{k, rule[at : at+width], at, at + width}, true
	}
	return lexWord(rule, at), true
}

// lexPhrase reads up to the quote that closes the one ahead.
func lexPhrase(rule string, at int) (t token, ok bool) {
	opener, width := utf8.DecodeRuneInString(rule[at:])
	start := at + width
	for i, r := range rule[start:] {
		if strings.ContainsRune(closers[opener], r) && !isGershayim(rule, start+i) {
			end := start + i
			return token{kindPhrase, rule[start:end], at, end + utf8.RuneLen(r)}, true
		}
	}
	return token{kindPhrase, rule[start:], at, len(rule)}, false
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
		return token{kindField, name, at, at + len(name) + 1}
	}
	return token{wordKind(text), text, at, end}
}

// endsWord reports whether a character ends a word that is not in quotes.
func endsWord(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(`()"“”„«»`, r)
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
	_, width := utf8.DecodeRuneInString(rule[i:])
	after, _ := utf8.DecodeRuneInString(rule[i+width:])
	return unicode.Is(unicode.Hebrew, before) && unicode.Is(unicode.Hebrew, after)
}

// standsBare reports whether a term's text needs no quotes to be read as one term.
func standsBare(text string) bool {
	t, ok := lex(text, 0)
	return ok && t.kind == kindWord && t.text == text
}
