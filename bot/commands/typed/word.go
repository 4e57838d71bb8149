package typed

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a piece of what was typed.
type word struct {
	text       string // without quotes, dashes as typed
	start, end int    // in the text, quotes included
	quoted     bool
}

// quotes are the pairs that people and their phones write. What opens may be closed by any of its
// closers: German and English quotes share signs.
var quotes = map[rune]string{
	'"': `"”“`, '“': `”"“`, '”': `”"`, '„': `“”"`, '«': `»`, '»': `«`,
	'\'': `'’`, '‘': `’'`, '‚': `‘’'`, '`': "`", '‹': `›`,
}

// words cuts a text at its blanks, of whatever width, outside of quotes.
func words(text string) (out []word) {
	for at := 0; at < len(text); {
		r, width := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			at += width
			continue
		}
		w, ok := quoted(text, at)
		if !ok {
			w = bare(text, at)
		}
		out = append(out, w)
		at = w.end
	}
	return out
}

// quoted is the quoted word at a place in a text, if one begins there and is closed before a blank
// or the end: the apostrophe of 'tis closes nothing.
func quoted(text string, at int) (word, bool) {
	open, width := utf8.DecodeRuneInString(text[at:])
	closers := quotes[open]
	if closers == "" {
		return word{}, false
	}
	from := at + width
	for i, r := range text[from:] {
		end := from + i + utf8.RuneLen(max(r, 0))
		if r == utf8.RuneError || !strings.ContainsRune(closers, r) || i == 0 {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[end:])
		if end == len(text) || unicode.IsSpace(next) || strings.ContainsRune(",،;、=", next) {
			return word{strings.TrimSpace(text[from : from+i]), at, end, true}, true
		}
	}
	return word{}, false
}

// bare is the word at a place in a text, up to the next blank.
func bare(text string, at int) word {
	end := len(text)
	if n := strings.IndexFunc(text[at:], unicode.IsSpace); n >= 0 {
		end = at + n
	}
	return word{text: text[at:end], start: at, end: end}
}

// plain is what a word says as a command, a name or a choice: without the marks that only direct
// the reader's eye, and with one kind of dash. Phones make — of --.
func plain(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Cf, r):
			continue
		case unicode.Is(unicode.Pd, r) || r == '−':
			if !dash {
				b.WriteByte('-')
			}
			dash = true
			continue
		}
		dash = false
		b.WriteRune(r)
	}
	return b.String()
}

// key is the form in which two spellings of a command or a choice are equal.
func key(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").
		Replace(strings.ToLower(strings.Join(strings.Fields(plain(s)), " ")))
}

// keyOf is the key of a command's name.
func keyOf(name string) string { return key(name) }
