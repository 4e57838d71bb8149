package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/tensionwatch/tensionwatch/rules/words"
)

const (
	maxKeys   = 12 // of a word; the readings of a spelling are noted likeliest first
	maxSounds = 16 // of a key; longer words are told apart by their beginnings
	minSounds = 2  // below, too many words share a key
)

// Key returns the likeliest of the [Keys] of a word, or "" if it has none.
func Key(word string) string {
	if keys := Keys(word); len(keys) > 0 {
		return keys[0]
	}
	return ""
}

// Keys returns the consonant skeletons of one word in Latin, Arabic, Persian, Hebrew or Cyrillic
// letters, likeliest first, at most 12 of at most 17 bytes. Two words sound alike if they share
// one. A folded word ([words.Fold]) has keys too; with its diacritics a word has better ones (ş is
// not s). A word of another script, with digits, or with one sound only has none.
//
// The method is Soundex (R. C. Russell, US patent 1,261,167, 1918) carried across scripts. From
// it comes the skeleton: classes of consonants that languages confuse, vowels left out, doubled
// consonants once. From Daitch and Mokotoff (1985) come spellings of several letters, and several
// keys for one that reads in several ways. As Arabic and Hebrew write few vowels, only these count
// of them: whether the word begins with one, with h or with y, and whether it ends with one.
//
//	A H Y  a word that begins with a vowel, h, y
//	P F    b p, f v     K  k g q kh     T  t d th
//	S      s z ts sh ch j               L M N R
//	a      a word that ends with a vowel
func Keys(word string) []string {
	return slices.DeleteFunc(sounds(word), isShort)
}

// isShort reports whether a key says too little to look for.
func isShort(key string) bool { return len(key) < minSounds }

// sounds returns the keys of a word, the short ones too.
func sounds(word string) []string {
	letters, ok := spell(word)
	if !ok {
		return nil
	}
	readings := append(make([]skeleton, 0, maxKeys), skeleton{unvowelled: isUnvowelled(letters)})
	for len(letters) > 0 {
		e := longest(letters)
		letters = letters[len(e.letters):]
		readings = branch(readings, e.readings)
	}
	var keys []string
	for i := range readings {
		if key := readings[i].key(); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Sound is how a word sounds: made once, compared often.
type Sound struct {
	folded string
	all    []string // its keys and those too short to be looked for
}

// SoundOf returns the sound of one word.
func SoundOf(word string) Sound { return Sound{words.Fold(word), sounds(word)} }

// Keys returns the [Keys] of the word. Two words sound alike if they share one.
func (s Sound) Keys() []string {
	return slices.DeleteFunc(slices.Clone(s.all), isShort)
}

// Alike reports whether two words sound alike: they share one of their [Keys] or fold to the same.
func (s Sound) Alike(other Sound) bool {
	return s.folded == other.folded || slices.ContainsFunc(s.all, func(key string) bool {
		return !isShort(key) && slices.Contains(other.all, key)
	})
}

// Echoes reports whether two words sound alike so far as they have sounds. It is enough for a word
// too short to have [Keys] (Yahya, يحيى) that stands beside one that is [Sound.Alike].
func (s Sound) Echoes(other Sound) bool {
	return s.folded == other.folded || slices.ContainsFunc(s.all, func(key string) bool {
		return slices.Contains(other.all, key)
	})
}

// Alike reports whether two words sound alike: they share one of their [Keys] or fold to the same.
func Alike(a, b string) bool { return SoundOf(a).Alike(SoundOf(b)) }

// AlikeNames reports whether two names sound alike word by word, in order, articles and particles
// (al, bin, van) aside. A word too short to have [Keys] (Yahya, يحيى) is heard beside one that has
// some. Of names with unequal numbers of words, as Hezbollah and حزب الله, the words are joined.
func AlikeNames(a, b string) bool {
	x, y := significant(a), significant(b)
	if len(x) != len(y) {
		return Alike(strings.Join(x, "'"), strings.Join(y, "'"))
	}
	alike := len(x) == 0
	for i := range x {
		one, other := SoundOf(x[i]), SoundOf(y[i])
		if !one.Echoes(other) {
			return false
		}
		alike = alike || one.Alike(other)
	}
	return alike
}

// significant returns the words of a name without its particles, unless it has nothing else.
func significant(name string) []string {
	var all, kept []string
	for _, w := range words.Cut(name) {
		word := name[w.Start:w.End]
		all = append(all, word)
		if !IsParticle(w.Folded) {
			kept = append(kept, word)
		}
	}
	if kept == nil {
		return all
	}
	return kept
}

// IsParticle reports whether a folded word is an article or a particle that names are written with
// and without: al, bin, van.
func IsParticle(folded string) bool { return particles[folded] }

var particles = func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(`
	al el ul il ad ar as ash at an az bin ibn ben bint van von de der den di da du la le
	ال ابن بن בן אל א аль эль ал эл уль ад ар ас аш ат ан аз эр эс эш эд эн
	бин ибн бен ван фон де`) {
		set[word] = true
	}
	return set
}()

// spell returns a word in the letters of the table, between the marks of its beginning and end. It
// fails if a letter or digit has no sound there.
func spell(word string) (string, bool) {
	var b strings.Builder
	b.Grow(len(word) + 2)
	b.WriteByte('^')
	for _, r := range norm.NFKC.String(strings.ToLower(word)) {
		if len(table[r]) == 0 && r > unicode.MaxASCII {
			r, _ = utf8.DecodeRuneInString(words.Fold(string(r)))
		}
		switch {
		case len(table[r]) > 0 && r != '^' && r != '$':
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return "", false
		}
	}
	b.WriteByte('$')
	return b.String(), true
}

// isUnvowelled reports whether a spelled word is of a script that leaves vowels out.
func isUnvowelled(letters string) bool {
	return strings.ContainsFunc(letters, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew)
	})
}

// skeleton is one reading of a word, as far as it is read.
type skeleton struct {
	sounds     [maxSounds]byte
	n          int
	vowel      bool // a vowel stands after the last sound
	unvowelled bool // and may stand after each, unwritten
}

// branch goes on from each reading with each of the sounds, the likelier sounds first.
func branch(from []skeleton, sounds []string) []skeleton {
	if len(sounds) == 1 {
		for i := range from {
			from[i].add(sounds[0])
		}
		return from
	}
	to := make([]skeleton, 0, maxKeys)
	for _, s := range sounds {
		for _, next := range from {
			next.add(s)
			if len(to) < maxKeys && !slices.Contains(to, next) {
				to = append(to, next)
			}
		}
	}
	return to
}

// add appends sounds. A consonant that follows itself is a doubled one.
func (s *skeleton) add(sounds string) {
	for _, c := range []byte(sounds) {
		isVowel := c == 'A' || c == 'H' || c == 'Y'
		isDouble := s.n > 0 && s.sounds[s.n-1] == c && !s.vowel && !s.unvowelled
		switch {
		case isVowel && s.n > 0:
			s.vowel = true
		case s.n < maxSounds && !isDouble:
			s.sounds[s.n] = c
			s.n++
			fallthrough
		default:
			s.vowel = false
		}
	}
}

func (s *skeleton) key() string {
	sounds := s.sounds[:s.n]
	if s.vowel && (s.n > 1 || !strings.Contains("AHY", string(sounds))) {
		return string(sounds) + "a"
	}
	return string(sounds)
}
