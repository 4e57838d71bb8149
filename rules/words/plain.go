package words

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

// plainWord reads what stands at a boundary of UAX #29, if ASCII alone decides it, as it does for
// most words of most European texts. The word is text[at:end], empty if there is none there, and
// next is the boundary to go on from. Not ok means that the full rules must be asked.
func plainWord(text string, at int) (end, next int, ok bool) {
	if c := classes[text[at]]; c != letter && c != digit {
		// A mark or a joiner may follow and belong to this character.
		return at, at + 1, c != beyond && !isBeyond(text, at+1)
	}
	end = at + 1
	for end < len(text) && (classes[text[end]] == letter || classes[text[end]] == digit) {
		end++
	}
	if endsPlain(text, end) {
		return end, end, true
	}
	next = end + len("'s")
	if next <= len(text) && text[end] == '\'' && text[end+1]|0x20 == 's' &&
		classes[text[end-1]] == letter && endsPlain(text, next) {
		return end, next, true
	}
	return end, end, false
}

// endsPlain reports whether a plain word is sure to end before text[i].
func endsPlain(text string, i int) bool {
	if i == len(text) {
		return true
	}
	switch classes[text[i]] {
	case gap:
		return true
	case joiner:
		return !isBeyond(text, i+1)
	case midword:
		if i+1 == len(text) {
			return true
		}
		after := classes[text[i+1]]
		return after != letter && after != digit && after != beyond
	}
	return false
}

// isBeyond reports whether there is a character at i and it is not ASCII.
func isBeyond(text string, i int) bool { return i < len(text) && classes[text[i]] == beyond }
