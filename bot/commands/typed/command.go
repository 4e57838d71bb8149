// Package typed reads commands as people type them, with whatever their phones make of quotes and
// dashes.
//
// [Table.Read] takes a text apart by a table of commands: it knows the command, puts each argument
// under its name, and says of what it cannot read what is wrong ([Mistake]) and what was probably
// meant. It keeps what was typed. All of it is pure; nothing is stored.
package typed

import "strings"

// Kind says what an argument is, and so how much of the text it takes.
type Kind string

const (
	Word      Kind = "word"      // one word, or several in quotes
	Rest      Kind = "rest"      // all that is left
	Rule      Kind = "rule"      // all that is left, in the rule language
	Watch     Kind = "watch"     // the name of a watch
	Duration  Kind = "duration"  // "8h", "1 day"
	Period    Kind = "period"    // "today", "7d": how far back
	URL       Kind = "url"       // an address
	Feed      Kind = "feed"      // all that is left: the address of a feed, or its name
	Cron      Kind = "cron"      // a schedule, or times of day
	Hours     Kind = "quiet"     // "22:00-07:00", or "off"
	Zone      Kind = "zone"      // an IANA name
	Number    Kind = "number"    // 1 to 1000
	OneOf     Kind = "choice"    // one of the choices
	Spellings Kind = "spellings" // all that is left, cut at commas
)

// Arg is an argument of a command.
type Arg struct {
	Name     string // "min-publishers"
	Kind     Kind
	Help     string // at most 100 characters
	Lead     string // the word that stands before it: "as"
	Optional bool
	Repeated bool     // several of them; in the arguments they are separated by blanks
	Choices  []string // of OneOf
}

// Command is a row of the table.
type Command struct {
	Name     string // of one word or two: "feed add"
	Group    string // under which it is listed in the help
	Args     []Arg
	Short    string   // at most 100 characters, without a full stop
	Long     []string // paragraphs that say the rest
	Examples []string // at least one, without "/tension"
	Changes  bool     // only those who may change things may use it
	Hidden   bool     // it is what buttons say, and not listed
	Paged    bool     // "page 2" may stand at its end
}

// Prefix is what stands before every command.
const Prefix = "/tension "

// Usage is how the command is written, without "/tension".
func (c *Command) Usage() string {
	var b strings.Builder
	b.WriteString(c.Name)
	for _, a := range c.Args {
		b.WriteByte(' ')
		b.WriteString(a.usage())
	}
	return b.String()
}

// Gist is the usage without what may be left out: "policy <name> …".
func (c *Command) Gist() string {
	gist := c.Name
	for _, a := range c.Args {
		if a.Optional {
			return gist + " …"
		}
		gist += " " + a.usage()
	}
	return gist
}

func (a Arg) usage() string {
	shown := "<" + a.Name + ">"
	switch {
	case a.Kind == OneOf:
		shown = strings.Join(a.Choices, "|")
	case a.Kind == Spellings:
		shown = "= <spelling>, …"
	case a.Kind == Number:
		shown = "<number>"
	}
	if a.Repeated {
		shown += "…"
	}
	if a.Lead != "" {
		shown = a.Lead + " " + shown
	}
	if a.Optional {
		return "[" + shown + "]"
	}
	return shown
}

// arg is the argument with a name, or nil.
func (c *Command) arg(name string) *Arg {
	for i := range c.Args {
		if c.Args[i].Name == name {
			return &c.Args[i]
		}
	}
	return nil
}

// Table is the commands there are.
type Table []*Command

// Find returns the command with a name, or nil. Case, dashes and blanks are as people write them.
func (t Table) Find(name string) *Command {
	key := key(name)
	for _, c := range t {
		if key == keyOf(c.Name) {
			return c
		}
	}
	return nil
}

// Names lists the commands that people are told of.
func (t Table) Names() (names []string) {
	for _, c := range t {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

// Input is a command that was understood.
type Input struct {
	Command *Command
	Args    map[string]string // by name; those that were not given are not there
	Page    int               // from 1
	Turned  bool              // the page was asked for
}

// Mistake is what is wrong with what was typed. It is an error for people.
type Mistake struct {
	Problem string   // a sentence
	Command *Command // if it is known
	Meant   []string // whole commands that may be meant instead, the likeliest first
}

func (m *Mistake) Error() string { return m.Problem }
