package page

import "github.com/tensionwatch/tensionwatch/rules/names"

// Voice is how a word sounds.
type Voice struct {
	names.Sound
	Keys []uint64 // of words that it may sound like
}

// voice returns how a word sounds.
func (r *Reader) voice(raw string) Voice {
	return r.voices.of(raw, func(raw string) Voice {
		v := Voice{Sound: names.SoundOf(raw)}
		for _, key := range v.Sound.Keys() {
			v.Keys = append(v.Keys, r.SoundKey(key))
		}
		return v
	})
}

// Voice returns how the word at place i sounds.
func (p *Page) Voice(i int32) Voice { return p.reader.voice(p.Raw(i)) }

// None is the place of no word.
const None = -1

// Before returns the place of the last word before i in its field that is no particle of a name, or
// [None].
func (p *Page) Before(i int32) int32 {
	for !p.Opens(i) {
		if i--; !p.isParticle(i) {
			return i
		}
	}
	return None
}

// After returns the place of the first word after i in its field that is no particle of a name, or
// [None].
func (p *Page) After(i int32) int32 {
	for i++; int(i) < len(p.Spans) && !p.Opens(i); i++ {
		if !p.isParticle(i) {
			return i
		}
	}
	return None
}

func (p *Page) isParticle(i int32) bool { return names.IsParticle(p.Folded(i)) }
