// Package names knows the spellings of a name, in every script: sets of aliases that ship, and
// names that sound alike.
//
// Everything here is pure and may be called from any number of goroutines.
package names

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"
)

// The kinds of a [Set].
const (
	Person = "person"
	Place  = "place"
	Body   = "body" // a government, party, army, company, programme, treaty or weapon
)

// Set is all spellings of one name.
type Set struct {
	ID        string // unique and stable: "ali-shamkhani"
	Kind      string // [Person], [Place] or [Body]
	Spellings []Spelling
}

// Spelling is one way to write a name: one word or several.
type Spelling struct {
	Text string
	Lang string // BCP 47, of a language that writes it so; "en" for every Latin transliteration

	// Exonym marks a spelling in another script that does not sound like the Latin ones: a
	// translation, a name of the language's own (تهران is Тегеран), letters without [Keys].
	Exonym bool

	// Ambiguous marks a spelling that is also a common word or the name of somebody else. It
	// stands for the set only when it is looked for in exactly this spelling, or when a second
	// word of the rule is found beside it.
	Ambiguous bool
}

//go:embed aliases/*.toml
var files embed.FS

// Shipped returns the sets that come with the program, in the order of their files. They are not to
// be changed. It panics if they are wrong, which no build that is tested can be.
func Shipped() []Set { return shipped() }

// shipped parses the sets once: they are the same for as long as the program runs.
var shipped = sync.OnceValue(func() []Set {
	all, err := parseAll(files)
	if err != nil {
		panic(fmt.Errorf("reading the aliases that ship: %w", err))
	}
	return all
})

func parseAll(files fs.FS) ([]Set, error) {
	paths, err := fs.Glob(files, "aliases/*.toml")
	if err != nil {
		return nil, err
	}
	var all []Set
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		sets, err := Parse(path, text)
		if err != nil {
			return nil, err
		}
		all = append(all, sets...)
	}
	return all, nil
}
