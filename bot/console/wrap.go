package console

import (
	"unicode"
	"unicode/utf8"
)

// wrap breaks cells into lines of at most so many columns: at blanks, and between characters of
// scripts that write without them. A word that is longer than a line is broken where it is full.
func wrap(cells []cell, columns int) (lines [][]cell) {
	for len(cells) > 0 {
		n := fit(cells, columns)
		line := cells[:n]
		cells = cells[n:]
		for len(line) > 0 && line[len(line)-1].text == " " {
			line = line[:len(line)-1]
		}
		lines = append(lines, line)
	}
	return lines
}

// fit counts the cells that go onto one line, at least one.
func fit(cells []cell, columns int) int {
	used, good := 0, 0
	for i, c := range cells {
		if i > 0 && mayBreak(cells[i-1], c) {
			good = i
		}
		used += c.width
		if used <= columns || c.text == " " {
			continue
		}
		if good > 0 {
			return good
		}
		return max(i, 1)
	}
	return len(cells)
}

// mayBreak says whether a line may end between two cells. Where nothing is written between words,
// a line neither begins with a closing sign nor ends with an opening one.
func mayBreak(before, after cell) bool {
	if before.text == " " || after.text == " " {
		return before.text == " " && after.text != " "
	}
	last, _ := utf8.DecodeLastRuneInString(before.text)
	first, _ := utf8.DecodeRuneInString(after.text)
	return (writesOn(last) || writesOn(first)) &&
		!unicode.In(first, unicode.Pe, unicode.Pf, unicode.Po) &&
		!unicode.In(last, unicode.Ps, unicode.Pi)
}

// writesOn says whether a character is of a script that puts no blanks between words.
func writesOn(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
