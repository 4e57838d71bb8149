package mend

import "bytes"

// JSON writes a broken JSON Feed anew: line breaks inside strings escaped, commas before an end
// left out. A document that ends too early is cut: it is closed after the last member of its
// object, or of an array of that, which is whole.
func JSON(text []byte) (mended []byte, cut bool) {
	j := jsonMender{}
	for i, c := range text {
		if j.inside {
			j.char(c)
			continue
		}
		j.token(c)
		if len(j.open) == 0 && i > 0 {
			return j.out.Bytes(), false
		}
	}
	if j.whole == 0 {
		return nil, true
	}
	j.out.Truncate(j.whole)
	return append(j.out.Bytes(), j.ends...), true
}

type jsonMender struct {
	out     bytes.Buffer
	open    []byte // the ends that are owed
	inside  bool   // a string
	escaped bool   // after a backslash
	comma   bool   // one is held back until we know that something follows
	whole   int    // what is written up to the last member that is whole
	ends    string // and what that owes
}

// char copies a character of a string.
func (j *jsonMender) char(c byte) {
	switch {
	case j.escaped:
		j.escaped = false
	case c == '\\':
		j.escaped = true
	case c == '"':
		j.inside = false
	case c == '\n', c == '\r', c == '\t':
		j.out.WriteByte('\\')
		c = map[byte]byte{'\n': 'n', '\r': 'r', '\t': 't'}[c]
	}
	j.out.WriteByte(c)
}

// token copies a character outside of strings.
func (j *jsonMender) token(c byte) {
	switch c {
	case ' ', '\t', '\r', '\n':
		j.out.WriteByte(c)
		return
	case ',':
		j.member()
		j.comma = true
		return
	case '}', ']':
		j.comma = false
		j.leave(c)
		return
	}
	if j.comma {
		j.out.WriteByte(',')
		j.comma = false
	}
	switch c {
	case '"':
		j.inside = true
	case '{':
		j.open = append(j.open, '}')
	case '[':
		j.open = append(j.open, ']')
	}
	j.out.WriteByte(c)
}

// leave closes an object or array.
func (j *jsonMender) leave(c byte) {
	if n := len(j.open); n > 0 && j.open[n-1] == c {
		j.open = j.open[:n-1]
		j.out.WriteByte(c)
		j.member()
	}
}

// member remembers this place when a member of the document, or of one of its arrays, ends here.
func (j *jsonMender) member() {
	switch string(j.open) {
	case "}":
		j.whole, j.ends = j.out.Len(), "}"
	case "}]":
		j.whole, j.ends = j.out.Len(), "]}"
	}
}
