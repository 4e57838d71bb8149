package words

import "strings"

// class says what an ASCII character is to the rules of UAX #29.
type class uint8

const (
	gap    class = iota // ends a word, whatever follows
	letter              // letters and digits make words
	digit
	midword // goes on a word before a letter or digit: ' . , ;
	joiner  // always ends a word here, but UAX #29 looks at what follows: _ :
	beyond  // no ASCII
)

// classes holds the class of each byte.
var classes = func() (table [256]class) {
	for c := range table {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			table[c] = letter
		case '0' <= c && c <= '9':
			table[c] = digit
		case c == '\'', c == '.', c == ',', c == ';':
			table[c] = midword
		case c == '_', c == ':':
			table[c] = joiner
		case c >= 0x80:
			table[c] = beyond
		}
	}
	return table
}()

// plainWord reads what stands at a boundary of UAX #29, if ASCII and the commonest other marks alone
// decide it, as they do for most words of most European texts. The word is text[at:end], empty if
// there is none there, and next is the boundary to go on from. Not ok means that the full rules must
// be asked.
func plainWord(text string, at int) (end, next int, ok bool) {
	c, width := classAt(text, at)
	if c != letter && c != digit {
		// A mark or a joiner may follow and belong to this character.
		return at, at + width, c != beyond && !isBeyond(text, at+width)
	}
	end = at + 1
	for end < len(text) && (classes[text[end]] == letter || classes[text[end]] == digit) {
		end++
	}
	if endsPlain(text, end) {
		return end, end, true
	}
	if after := possessive(text, end); after > 0 && classes[text[end-1]] == letter &&
		endsPlain(text, after) {
		return end, after, true
	}
	return end, end, false
}

// possessive returns the end of the 's at i, or 0 if there is none.
func possessive(text string, i int) int {
	for _, s := range [...]string{"'s", "’s", "'S", "’S"} {
		if strings.HasPrefix(text[i:], s) {
			return i + len(s)
		}
	}
	return 0
}

// classAt returns the class of the character at i, and its length in bytes. Beside ASCII it knows the
// dashes, quotes and blanks that news is set with.
func classAt(text string, i int) (c class, width int) {
	c = classes[text[i]]
	if c != beyond {
		return c, 1
	}
	switch {
	case strings.HasPrefix(text[i:], "’"), strings.HasPrefix(text[i:], "‘"):
		return midword, 3
	case strings.HasPrefix(text[i:], "“"), strings.HasPrefix(text[i:], "”"),
		strings.HasPrefix(text[i:], "–"), strings.HasPrefix(text[i:], "—"),
		strings.HasPrefix(text[i:], "…"):
		return gap, 3
	case strings.HasPrefix(text[i:], "\u00a0"), strings.HasPrefix(text[i:], "«"),
		strings.HasPrefix(text[i:], "»"):
		return gap, 2
	}
	return beyond, 1
}

// endsPlain reports whether a plain word is sure to end before text[i].
func endsPlain(text string, i int) bool {
	if i == len(text) {
		return true
	}
	switch c, width := classAt(text, i); c {
	case gap:
		return true
	case joiner:
		return !isBeyond(text, i+1)
	case midword:
		if i+width == len(text) {
			return true
		}
		after, _ := classAt(text, i+width)
		return after != letter && after != digit && after != beyond
	}
	return false
}

// isBeyond reports whether there is a character at i and only the full rules know it.
func isBeyond(text string, i int) bool {
	if i >= len(text) || classes[text[i]] != beyond {
		return false
	}
	c, _ := classAt(text, i)
	return c == beyond
}
