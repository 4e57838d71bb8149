package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"

	"github.com/tensionwatch/tensionwatch/rules"
)

const (
	// nearby is how many characters of a text are shown before a hit, and as many behind it.
	nearby = 45

	// hitLength is how many characters of a hit are shown.
	hitLength = 80

	// hitsShown is how many different hits are shown with the text around them.
	hitsShown = 5

	// leftOut stands where text is left out. No line begins with the one at the end.
	leftOut = "\u00a0… "
)

// Cut marks the hits of a text, which come in order of place and may overlap.
func Cut(text string, hits []rules.Hit) Text {
	return cutIn(text, stretch{0, len(text)}, hits)
}

// Excerpt quotes of a text what stands around its hits, and marks them. They come in order of place
// and may overlap. Without hits there is nothing to quote.
func Excerpt(text string, hits []rules.Hit) (t Text) {
	if len(hits) == 0 {
		return nil
	}
	at := 0
	for _, s := range stretches(text, hits) {
		if s.start > at {
			t = t.plain(leftOut)
		}
		t = append(t, cutIn(text, s, hits)...)
		at = s.end
	}
	if at < len(text) {
		t = t.plain(leftOut)
	}
	return t
}

// Quote is the text of a hit, cut short when it is very long.
func Quote(text string, h rules.Hit) string {
	if end := forward(text, h.Start, hitLength); end < h.End {
		return text[h.Start:end] + "…"
	}
	return text[h.Start:h.End]
}

// stretch is a part of a text: byte offsets, half-open.
type stretch struct{ start, end int }

// cutIn is a part of a text with the hits in it marked.
func cutIn(text string, s stretch, hits []rules.Hit) (t Text) {
	at := s.start
	for _, h := range hits {
		start, end := max(h.Start, at), min(h.End, s.end)
		if start < end {
			t = append(t.plain(text[at:start]), Span{Text: text[start:end], Hit: true})
			at = end
		}
	}
	return t.plain(text[at:s.end])
}

// stretches are the parts of a text around the first place of each different hit.
func stretches(text string, hits []rules.Hit) (out []stretch) {
	words := rules.Words(text)
	seen := make(map[string]bool)
	for _, h := range hits {
		folded := rules.Fold(text[h.Start:h.End])
		if seen[folded] || len(seen) == hitsShown {
			continue
		}
		seen[folded] = true
		s := around(text, words, h)
		if last := len(out) - 1; last >= 0 && meet(text, out[last], s) {
			out[last].end = max(out[last].end, s.end)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// meet reports whether nothing to read lies between a part of a text and a later one.
func meet(text string, s, later stretch) bool {
	return later.start <= s.end || strings.TrimSpace(text[s.end:later.start]) == ""
}

// around is the sentence of a hit, or what stands near the hit in a long one, from the beginning of
// a word to the end of one.
func around(text string, words []rules.Word, h rules.Hit) stretch {
	shown := min(h.End, forward(text, h.Start, hitLength))
	sentence := sentenceAt(text, h.Start)
	s := stretch{
		max(back(text, h.Start, nearby), sentence.start),
		min(forward(text, shown, nearby), max(shown, sentence.end)),
	}
	whole := stretch{h.Start, shown}
	for _, w := range words {
		if w.Start >= s.start {
			whole.start = min(whole.start, w.Start)
		}
		if w.End <= s.end {
			whole.end = max(whole.end, w.End)
		}
	}
	if s.start > sentence.start {
		s.start = whole.start
	}
	if s.end < sentence.end {
		s.end = whole.end
	}
	return s
}

// sentenceAt is the sentence that holds a place in a text, without the blanks at its end.
func sentenceAt(text string, at int) stretch {
	all := sentences.FromString(text)
	for all.Next() && all.End() <= at {
	}
	sentence := strings.TrimRightFunc(all.Value(), unicode.IsSpace)
	return stretch{all.Start(), all.Start() + len(sentence)}
}

// forward is the place n characters behind another one in a text.
func forward(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, width := utf8.DecodeRuneInString(text[at:])
		at += width
	}
	return at
}

// back is the place n characters before another one in a text.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, width := utf8.DecodeLastRuneInString(text[:at])
		at -= width
	}
	return at
}
