package story

import (
	"strings"
	"unicode"
	"unicode/utf8"

	uax29 "github.com/clipperhouse/uax29/v2/sentences"
)

// abbreviations end with a full stop that does not end a sentence. UAX #29 breaks after them when a
// capital follows.
var abbreviations = map[string]bool{
	"adm": true, "brig": true, "capt": true, "cmdr": true, "col": true, "dr": true, "gen": true,
	"gov": true, "hon": true, "jr": true, "lt": true, "maj": true, "mr": true, "mrs": true,
	"ms": true, "mt": true, "no": true, "prof": true, "rep": true, "rev": true, "sen": true,
	"sgt": true, "sr": true, "st": true, "vs": true, "jan": true, "feb": true, "mar": true,
	"apr": true, "aug": true, "sept": true, "oct": true, "nov": true, "dec": true,
	"ген": true, "г": true, "им": true, "адм": true, "проф": true, "гл": true,
	"m": true, "mm": true, "mme": true, "gén": true, "sn": true, "doç": true,
}

// sentences cuts a text by UAX #29 and puts together again what was cut after an abbreviation.
func sentences(text string) []string {
	var out []string
	open := ""
	tokens := uax29.FromString(text)
	for tokens.Next() {
		open += tokens.Value()
		if goesOn(open) {
			continue
		}
		out = appendSentence(out, open)
		open = ""
	}
	return appendSentence(out, open)
}

func appendSentence(out []string, text string) []string {
	if text = strings.TrimSpace(text); text != "" {
		return append(out, text)
	}
	return out
}

// goesOn reports whether a text ends with an abbreviation or an initial: "Gen.", "U.S.", "J."
func goesOn(text string) bool {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	body, stopped := strings.CutSuffix(text, ".")
	if !stopped {
		return false
	}
	word := body[lastBreak(body):]
	letter, size := utf8.DecodeLastRuneInString(word)
	if unicode.IsUpper(letter) && (size == len(word) || strings.HasSuffix(word[:len(word)-size], ".")) {
		return true
	}
	return abbreviations[strings.ToLower(word)]
}

// lastBreak is where the last word of a text begins.
func lastBreak(text string) int {
	i := strings.LastIndexFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`("'“‘«[`, r)
	})
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return i + size
}
