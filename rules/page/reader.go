package page

import (
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tensionwatch/tensionwatch/rules/inflect"
	"github.com/tensionwatch/tensionwatch/rules/words"
)

// languages are those with rules of inflection, in the order of their groups.
var languages = [...]string{"en", "fr", "tr", "ru", "ar", "fa", "he"}

// Group is a language with rules of inflection, or all others together.
type Group uint8

// Groups is how many there are.
const Groups = len(languages) + 1

// groupOf returns the group of a language.
func groupOf(language string) Group {
	for i, l := range languages {
		if l == language {
			return Group(i)
		}
	}
	return Group(len(languages))
}

// stem returns the key under which a folded word meets its forms in a language of the group.
func (g Group) stem(folded string) string {
	if int(g) == len(languages) {
		return folded
	}
	return inflect.Stem(languages[g], folded)
}

// Key is what a word of a page is compared by: the hash of its form, above two bits that say more.
type Key uint64

const (
	isInflected Key = 1 << iota // the form is not the word itself
	isCapitals                  // the word is an abbreviation in capitals

	keyFlags = isInflected | isCapitals
)

// Form returns the hash of the word's form alone.
func (k Key) Form() uint64 { return uint64(k &^ keyFlags) }

// Inflected reports whether the form is not the word itself.
func (k Key) Inflected() bool { return k&isInflected != 0 }

// Capitals reports whether the word is an abbreviation in capitals.
func (k Key) Capitals() bool { return k&isCapitals != 0 }

// The size of a reader's table: of the words of the news it holds nearly all that come again. The
// rows in which a word may stand are one line of a processor's cache.
const (
	rowBits = 17
	rowWays = 4
)

// row holds a key and, to know it by, the word's hash over it. Two goroutines may write a row at
// once: then it is nobody's.
type row struct{ check, key atomic.Uint64 }

// Reader reads documents into pages and remembers what words as they are written are compared by.
// It is safe for concurrent use.
type Reader struct {
	hasher
	once     sync.Once
	table    []row
	foldings memo[string]
	voices   memo[Voice]
	ruleKeys memo[[Groups]uint64]
	pages    *sync.Pool // not a part of the reader, which a pool would keep
}

// NewReader returns a reader. Its tables are made when it is first used.
func NewReader() *Reader {
	return &Reader{
		hasher:   newHasher(),
		pages:    new(sync.Pool),
		ruleKeys: newMemo[[Groups]uint64](),
	}
}

// Read reads a document. The page must be freed.
func (r *Reader) Read(t Text) *Page {
	r.once.Do(func() {
		r.table = make([]row, 1<<rowBits)
		r.foldings, r.voices = newMemo[string](), newMemo[Voice]()
	})
	p, _ := r.pages.Get().(*Page)
	if p == nil {
		p = new(Page)
	}
	p.reader = r
	p.read(t)
	return p
}

// keyOf makes the key of a word as it is written, in a language of the group.
func (r *Reader) keyOf(raw string, g Group) Key {
	folded := words.Fold(raw)
	stem := g.stem(folded)
	k := Key(r.formKey(stem))
	if stem != folded {
		k |= isInflected
	}
	if _, ok := words.Acronym(raw); ok {
		k |= isCapitals
	}
	return k
}

// rows returns where what has a name may stand in the table.
func (r *Reader) rows(name uint64) []row {
	first := name >> (64 - rowBits) &^ (rowWays - 1)
	return r.table[first : first+rowWays : first+rowWays]
}

// recall returns the key that has a name. All rows are read and none is jumped to, as nobody could
// foretell which it will be.
func (r *Reader) recall(name uint64) (Key, bool) {
	rows := r.rows(name)
	var found, hit uint64
	for i := range rowWays {
		k := rows[i].key.Load()
		same := ifZero(rows[i].check.Load() ^ k ^ name)
		found |= k & same
		hit |= same
	}
	return Key(found), hit != 0
}

// ifZero returns all ones for zero, and zero for all else.
func ifZero(x uint64) uint64 { return (x|-x)>>63 - 1 }

// remember writes a key into a free row of its name, or over another.
func (r *Reader) remember(name uint64, k Key) Key {
	rows := r.rows(name)
	at := &rows[name%rowWays]
	for i := range rows {
		if rows[i].check.Load() == 0 {
			at = &rows[i]
			break
		}
	}
	at.check.Store(name ^ uint64(k))
	at.key.Store(uint64(k))
	return k
}

// Salts keep apart what is looked up in one table.
const (
	saltGroup    = 0x9e3779b97f4a7c15
	saltExact    = 0xbf58476d1ce4e5b9
	saltCapitals = 0x94d049bb133111eb
	saltLoud     = 0xa0761d6478bd642f
	saltSound    = 0xd6e8feb86659fd93
)

// formKey and the others return the keys of folded words.
func (r *Reader) formKey(stem string) uint64 {
	return maphash.String(r.seed, stem) &^ uint64(keyFlags)
}

// PlainKey returns the key of a word that is its own form.
func (r *Reader) PlainKey(folded string) uint64    { return r.formKey(folded) }
func (r *Reader) ExactKey(folded string) uint64    { return r.formKey(folded) ^ saltExact }
func (r *Reader) CapitalsKey(folded string) uint64 { return r.formKey(folded) ^ saltCapitals }
func (r *Reader) SoundKey(key string) uint64       { return r.formKey(key) ^ saltSound }

// LoudKey returns the key of a form where it stands for an abbreviation, in a title that is all in
// capitals.
func LoudKey(form uint64) uint64 { return form ^ saltLoud }

// FormKeys returns the keys of a word of a rule in each group of languages.
func (r *Reader) FormKeys(folded string) (all [Groups]uint64) {
	return r.ruleKeys.of(folded, func(folded string) (all [Groups]uint64) {
		for g := range all {
			all[g] = r.formKey(Group(g).stem(folded))
		}
		return all
	})
}

// memoBits is the size of a memo: it serves few words, and only where a rule asks for their letters.
const memoBits = 12

// longestRemembered is the length in bytes of words that are worth it; longer ones are none.
const longestRemembered = 64

// memo remembers what was made of words as they are written. It is safe for concurrent use.
type memo[T any] struct {
	seed  maphash.Seed
	slots []atomic.Pointer[remembered[T]]
}

type remembered[T any] struct {
	raw   string
	value T
}

func newMemo[T any]() memo[T] {
	return memo[T]{maphash.MakeSeed(), make([]atomic.Pointer[remembered[T]], 1<<memoBits)}
}

// of returns what was made of a word, or has it made.
func (m *memo[T]) of(raw string, make func(raw string) T) T {
	if len(raw) > longestRemembered {
		return make(raw)
	}
	slot := &m.slots[maphash.String(m.seed, raw)>>(64-memoBits)]
	if known := slot.Load(); known != nil && known.raw == raw {
		return known.value
	}
	raw = strings.Clone(raw) // not to keep its document
	value := make(raw)
	slot.Store(&remembered[T]{raw, value})
	return value
}

// folded returns a word folded.
func (r *Reader) folded(raw string) string { return r.foldings.of(raw, words.Fold) }
