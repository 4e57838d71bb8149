package words

import "math/bits"

// window is how many bytes of a text are classified at once, a bit each.
const window = 64

// appendPlain appends the words from a boundary on, as long as ASCII alone decides where they end,
// and returns the boundary where it does not any more or where the text is nearly read. It reads
// eight bytes at a time and then goes by bits: reading one by one, a processor would have to guess
// at each whether its word ends there.
func appendPlain(spans []Span, text string, at int) ([]Span, int) {
	for at+window <= len(text) {
		letters, beyond := classify(text[at : at+window])
		clear := bits.TrailingZeros64(beyond) // bytes before anything else than ASCII
		next := 0
		for next < clear {
			start := next + bits.TrailingZeros64(letters>>next)
			end := start + bits.TrailingZeros64(^(letters >> (start & 63)))
			if start >= clear {
				next = max(clear-1, next) // a mark may follow that belongs to the last character
				break
			}
			if end+1 < clear && endsWord(text[at+end], text[at+end+1]) {
				spans = append(spans, Span{uint32(at + start), uint32(at + end)})
				next = end
				continue
			}
			if end == window && start > 0 {
				next = start // it goes on in the next window
				break
			}
			stop, after, ok := plainWord(text, at+start)
			if !ok {
				return spans, at + start
			}
			spans = append(spans, Span{uint32(at + start), uint32(stop)})
			next = after - at
		}
		if clear < window && next < window {
			return spans, at + next
		}
		at += next
	}
	return spans, at
}

// endsWord reports whether a word of letters and digits is sure to end before two characters of ASCII.
func endsWord(first, second byte) bool {
	c := classes[first]
	return c == gap || c == midword && classes[second] == gap
}

// classify returns which bytes of a window are ASCII letters and digits, and which no ASCII.
func classify(text string) (letters, beyond uint64) {
	for i := 0; i < window; i += 8 {
		w := text[i : i+8]
		eight := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
			uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
		l, b := classifyEight(eight)
		letters |= l << i
		beyond |= b << i
	}
	return letters, beyond
}

// classifyEight is classify for eight bytes: a sum that reaches the highest bit of its byte says
// that the byte is not below the one that it is compared with.
func classifyEight(eight uint64) (letters, beyond uint64) {
	const each, high = 0x0101010101010101, 0x8080808080808080
	ascii := eight &^ high
	small := ascii | 0x20*each
	letter := (small + (0x80-'a')*each) &^ (small + (0x80-'z'-1)*each)
	digit := (ascii + (0x80-'0')*each) &^ (ascii + (0x80-'9'-1)*each)
	return gather((letter | digit) & high &^ eight), gather(eight & high)
}

// gather returns the highest bit of each byte as the lowest eight bits.
func gather(high uint64) uint64 { return high >> 7 * 0x0102040810204080 >> 56 }
